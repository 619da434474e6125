// SPDX-License-Identifier: MIT
#include "progress.hpp"

#include <cmath>
#include <iostream>

#if __has_include(<unistd.h>)
#include <unistd.h>
#endif

namespace churn {

namespace {

bool stderr_is_terminal() {
#if __has_include(<unistd.h>)
    return isatty(STDERR_FILENO) == 1;
#else
    return false;
#endif
}

} // namespace

Progress::Progress() : terminal_(stderr_is_terminal()) {}

Progress::~Progress() {
    if (terminal_) std::cerr << "\r                                        \r" << std::flush;
}

void Progress::show(double share) {
    const Clock::time_point now = Clock::now();
    if (!terminal_ || now - last_ < std::chrono::milliseconds(200)) return;
    last_ = now;
    const double elapsed = std::chrono::duration<double>(now - start_).count();
    std::cerr << "\rtraining: " << std::lround(100.0 * share) << " %, about "
              << std::lround(elapsed * (1.0 - share) / share) << " s left    " << std::flush;
}

} // namespace churn
