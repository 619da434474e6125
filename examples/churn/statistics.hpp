// SPDX-License-Identifier: MIT
#ifndef CHURN_STATISTICS_HPP
#define CHURN_STATISTICS_HPP

#include <vector>

namespace churn {

/// The quartiles of a sample, linear between the two values next to the place.
struct Quartiles {
    double lower, median, upper;
};
Quartiles quartiles(std::vector<double> values);

double mean(const std::vector<double>& values);

/// The mean of a[i] - b[i] and its 95 % interval by Student's t. The pairs belong to one seed each,
/// so what the seed does to both drops out.
struct PairedDifference {
    double mean, low, high;
    /// Whether the interval leaves 0 out. Never so with fewer than two seeds.
    bool separate() const { return low > 0.0 || high < 0.0; }
};
PairedDifference paired_difference(const std::vector<double>& a, const std::vector<double>& b);

} // namespace churn

#endif
