// SPDX-License-Identifier: MIT
#include "statistics.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numbers>
#include <numeric>

namespace churn {

namespace {

// The probability that Student's t stays within (-t, t): Abramowitz and Stegun, Handbook of
// Mathematical Functions, 26.7.3 and 26.7.4.
double inside(double t, int degrees) {
    const double angle = std::atan(t / std::sqrt(static_cast<double>(degrees)));
    const double cosine = std::cos(angle);
    const bool odd = degrees % 2 == 1;
    double term = odd ? cosine : 1.0;
    double sum = degrees == 1 ? 0.0 : term;
    for (int k = odd ? 3 : 2; k < degrees; k += 2) {
        term *= cosine * cosine * (k - 1) / k;
        sum += term;
    }
    sum *= std::sin(angle);
    return odd ? 2.0 / std::numbers::pi * (angle + sum) : sum;
}

// The t with inside(t) = 0.95, by bisection; it is 12.7 for one degree of freedom, less for more.
double student_95(int degrees) {
    double low = 1.0;
    double high = 13.0;
    for (int i = 0; i < 50; ++i) {
        const double middle = (low + high) / 2.0;
        (inside(middle, degrees) < 0.95 ? low : high) = middle;
    }
    return high;
}

} // namespace

Quartiles quartiles(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    const auto at = [&values](double share) {
        const double place = share * static_cast<double>(values.size() - 1);
        const auto index = static_cast<std::size_t>(place);
        const double rest = place - std::floor(place);
        // Infinite values are allowed, but infinity times 0 is not a number.
        if (rest == 0.0 || values[index] == values[index + 1]) return values[index];
        return values[index] + rest * (values[index + 1] - values[index]);
    };
    return {.lower = at(0.25), .median = at(0.5), .upper = at(0.75)};
}

double mean(const std::vector<double>& values) {
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

PairedDifference paired_difference(const std::vector<double>& a, const std::vector<double>& b) {
    std::vector<double> difference(a.size());
    std::transform(a.begin(), a.end(), b.begin(), difference.begin(),
                   [](double x, double y) { return x == y ? 0.0 : x - y; });
    const double center = mean(difference);
    constexpr double infinity = std::numeric_limits<double>::infinity();
    if (std::isinf(center)) return {.mean = center, .low = center, .high = center};
    if (difference.size() < 2) return {.mean = center, .low = -infinity, .high = infinity};
    double squares = 0.0;
    for (const double d : difference) squares += (d - center) * (d - center);
    const auto n = static_cast<double>(difference.size());
    const double half_width =
        student_95(static_cast<int>(difference.size()) - 1) * std::sqrt(squares / (n - 1.0) / n);
    return {.mean = center, .low = center - half_width, .high = center + half_width};
}

} // namespace churn
