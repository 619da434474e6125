// SPDX-License-Identifier: MIT
#ifndef CHURN_OPTIONS_HPP
#define CHURN_OPTIONS_HPP

#include <stdexcept>
#include <string>
#include <vector>

namespace churn {

struct Options {
    std::string table; ///< path of the CSV; empty: the synthetic table
    std::string output = "churn-results";
    int seeds = 20;
    int epochs = 40;
    int deep_seeds = 20;
    int deep_epochs = 12;
    int threads = 1;
    double target_loss = 0.36;
    bool help = false;
};

/// The command line asks for something that is not there.
struct UsageError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

extern const char* const help_text;

/// \throws UsageError
Options parse_options(const std::vector<std::string>& arguments);

} // namespace churn

#endif
