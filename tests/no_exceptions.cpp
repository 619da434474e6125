// SPDX-License-Identifier: MIT
// Compiled with -fno-exceptions: an error's sentence goes to the handler. Succeeds only if the
// handler is called, with the right sentence and before the first value and the first word.
#include <nninit/nninit.hpp>

#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

Eigen::MatrixXf w = Eigen::MatrixXf::Constant(3, 4, 7);
nninit::Philox rng(1);

[[noreturn]] void handle(const char* message) {
    std::puts(message);
    const bool right =
        std::strcmp(message, "nninit: Normal.stddev must not be negative, but is -1") == 0;
    const bool untouched = w == Eigen::MatrixXf::Constant(3, 4, 7) && rng == nninit::Philox(1);
    std::exit(right && untouched ? 0 : 1);
}

} // namespace

int main() {
    const nninit::ErrorHandler original = nninit::set_error_handler(handle);
    if (original == nullptr || nninit::set_error_handler(handle) != handle) return 1;
    Eigen::MatrixXf valid(3, 4);
    nninit::HeNormal{}(valid, rng); // control: no error, no call
    rng.seek(0);
    nninit::Normal{.stddev = -1}(w, rng);
    return 1;
}
