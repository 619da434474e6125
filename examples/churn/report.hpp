// SPDX-License-Identifier: MIT
#ifndef CHURN_REPORT_HPP
#define CHURN_REPORT_HPP

#include "study.hpp"

#include <ostream>
#include <string>
#include <vector>

namespace churn {

/// An initializer whose median loss is not this far below the entropy has learned nothing.
inline constexpr double learned_least = 0.005;

/// Prints the table of a plan, the best initializers per activation and what they gain. All that
/// is said here is computed from the results.
void print_report(std::ostream& out, const Plan& plan, const Results& results, const Split& split,
                  double target_loss);

/// The contents of the files that --help describes.
std::string runs_csv(const std::vector<Plan>& plans, const std::vector<Results>& results,
                     double target_loss);
std::string curves_csv(const std::vector<Plan>& plans, const std::vector<Results>& results);
std::string bands_csv(const std::vector<Plan>& plans, const std::vector<Results>& results);
std::string gnuplot_script(const std::vector<Plan>& plans, const std::vector<Results>& results,
                           const Split& split);

} // namespace churn

#endif
