// SPDX-License-Identifier: MIT
// Compiled with -fno-exceptions: after set_error_handler(nullptr) the default prints the sentence,
// and the program aborts; it does not jump to 0.
#include <nninit/philox.hpp>
#include <nninit/rules.hpp>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <sys/wait.h>
#include <unistd.h>

int main() {
    int ends[2];
    if (pipe(ends) != 0) return 1;
    const pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], 2);
        nninit::set_error_handler(nullptr);
        Eigen::MatrixXf w(3, 4);
        nninit::Normal{.stddev = -1}(w, nninit::Philox(1));
        _exit(0);
    }
    close(ends[1]);
    int status = 0;
    waitpid(child, &status, 0);
    char said[200] = {}; // all of it, which the pipe holds
    if (read(ends[0], said, sizeof said - 1) < 0) return 1;
    const bool aborted = WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
    const bool right =
        std::strcmp(said, "nninit: Normal.stddev must not be negative, but is -1\n") == 0;
    std::printf("%s, and the sentence %s\n", aborted ? "aborted" : "NOT aborted",
                right ? "was printed" : "was NOT printed");
    return aborted && right ? 0 : 1;
}
