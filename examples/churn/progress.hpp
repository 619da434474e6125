// SPDX-License-Identifier: MIT
#ifndef CHURN_PROGRESS_HPP
#define CHURN_PROGRESS_HPP

#include <chrono>

namespace churn {

/// One line on stderr that tells how far the work is and how long it will still take. Silent if
/// stderr is no terminal.
class Progress {
public:
    Progress();
    ~Progress();
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    /// \param share the part of the work that is done, above 0 and at most 1
    void show(double share);

private:
    using Clock = std::chrono::steady_clock;
    bool terminal_;
    Clock::time_point start_ = Clock::now();
    Clock::time_point last_ = start_;
};

} // namespace churn

#endif
