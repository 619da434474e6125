// SPDX-License-Identifier: MIT
// Compiled with -fopenmp: an engine whose position() throws leaves a fill by its exception, not by
// the end of the program.
#include <nninit/philox.hpp>
#include <nninit/rules.hpp>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <sys/wait.h>
#include <unistd.h>

namespace {

std::atomic<int> left{0};

struct Counter {
    nninit::Philox engine{1};
    using result_type = std::uint32_t;
    static constexpr result_type(min)() { return 0; }
    static constexpr result_type(max)() { return 0xffffffff; }
    result_type operator()() noexcept { return engine(); }
    void seek(std::uint64_t position) noexcept { engine.seek(position); }
    std::uint64_t position() const {
        if (--left < 0) throw 42;
        return engine.position();
    }
};

} // namespace

int main() {
    Eigen::setNbThreads(2);
    Eigen::MatrixXf w(700, 700);
    Eigen::Matrix<float, -1, -1, Eigen::RowMajor> r(701, 701);
    int wrong = 0;
    for (int calls = 0; calls < 12; ++calls) {
        for (const bool row_major : {false, true}) {
            std::fflush(stdout);
            const pid_t child = fork();
            if (child == 0) {
                left = calls;
                try {
                    Counter engine;
                    if (row_major)
                        nninit::Normal{}(r, engine);
                    else
                        nninit::Normal{}(w, engine);
                } catch (int) {
                }
                _exit(0);
            }
            int status = 0;
            waitpid(child, &status, 0);
            if (WIFEXITED(status) && WEXITSTATUS(status) == 0) continue;
            std::printf("WRONG: %d calls of position(), %s: the program ended\n", calls,
                        row_major ? "row-major" : "column-major");
            ++wrong;
        }
    }
    std::printf("%d wrong\n", wrong);
    return wrong != 0;
}
