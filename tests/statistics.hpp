// SPDX-License-Identifier: MIT
// What a sample is compared with, and how far it may stray.

#ifndef NNINIT_TESTS_STATISTICS_HPP
#define NNINIT_TESTS_STATISTICS_HPP

#include <Eigen/Core>

#include <algorithm>
#include <cmath>
#include <complex>
#include <cstddef>
#include <functional>
#include <vector>

namespace tests {

/// The real or the imaginary parts of a dense expression, as doubles.
template <class Matrix> std::vector<double> parts(const Matrix& matrix, bool imaginary = false) {
    std::vector<double> sample;
    sample.reserve(static_cast<std::size_t>(matrix.size()));
    for (Eigen::Index c = 0; c < matrix.cols(); ++c)
        for (Eigen::Index r = 0; r < matrix.rows(); ++r) {
            const auto x = matrix(r, c);
            sample.push_back(
                static_cast<double>(imaginary ? Eigen::numext::imag(x) : Eigen::numext::real(x)));
        }
    return sample;
}

/// A law by its mean, its variance, and the fourth and eighth moment of (x - mean) / stddev.
struct Law {
    double mean, variance, fourth, eighth;
    std::function<double(double)> share{}; // P(X <= x)

    double stddev() const { return std::sqrt(variance); }
};

inline double normal_share(double x) { return std::erfc(-x / std::sqrt(2.0)) / 2; }

inline Law normal_law(double mean, double stddev) {
    return {mean, stddev * stddev, 3, 105,
            [=](double x) { return normal_share((x - mean) / stddev); }};
}

inline Law uniform_law(double low, double high) {
    const double width = high - low; // of variance width^2 / 12; sqrt(3)^k / (k + 1) for even k
    return {low + width / 2, width * width / 12, 9.0 / 5, 9,
            [=](double x) { return std::clamp((x - low) / width, 0.0, 1.0); }};
}

/// The normal between low and high, its moments by Simpson's rule over 2000 intervals of the
/// density, taken relative to that of the bound nearest to the mean (error below 1e-9).
inline Law truncated_law(double mean, double stddev, double low, double high) {
    const double a = std::clamp((low - mean) / stddev, -12.0, 12.0);
    const double b = std::clamp((high - mean) / stddev, -12.0, 12.0);
    const double peak = std::clamp(0.0, a, b);
    const auto integral = [=](auto f) {
        constexpr int intervals = 2000;
        double sum = 0;
        for (int i = 0; i <= intervals; ++i) {
            const double x = a + (b - a) * i / intervals;
            const double weight = i == 0 || i == intervals ? 1 : i % 2 != 0 ? 4 : 2;
            sum += weight * f(x) * std::exp((peak - x) * (peak + x) / 2);
        }
        return sum * (b - a) / (3 * intervals);
    };
    const double mass = integral([](double) { return 1.0; });
    const double first = integral([](double x) { return x; }) / mass;
    const auto central = [=](int k) {
        return integral([=](double x) { return std::pow(x - first, k); }) / mass;
    };
    const double variance = central(2);
    // Mirrored if the interval lies more to the right, so that small masses keep their precision.
    const double side = a + b > 0 ? -1 : 1;
    const double from = normal_share(side * a), to = normal_share(side * b);
    const auto share = [=](double x) {
        const double z = (x - mean) / stddev;
        return std::clamp((normal_share(side * z) - from) / (to - from), 0.0, 1.0);
    };
    return {mean + stddev * first, stddev * stddev * variance, central(4) / std::pow(variance, 2),
            central(8) / std::pow(variance, 4), share};
}

/// How far a sample's mean, variance and fourth moment (about the law's mean, in its stddev) are
/// from the law's, in their own standard deviations: stddev / sqrt(n) for the mean, and
/// sqrt((fourth - 1) / n) and sqrt((eighth - fourth^2) / n) for the other two, relatively.
struct Deviations {
    double mean = 0, variance = 0, fourth = 0;

    double largest() const {
        return std::max({std::abs(mean), std::abs(variance), std::abs(fourth)});
    }
};

inline Deviations deviations(const std::vector<double>& sample, const Law& law) {
    double m1 = 0, m2 = 0, m4 = 0;
    for (const double x : sample) {
        const double d = (x - law.mean) / law.stddev(), square = d * d;
        m1 += d;
        m2 += square;
        m4 += square * square;
    }
    const auto n = static_cast<double>(sample.size());
    return {m1 / std::sqrt(n), (m2 - n) / std::sqrt(n * (law.fourth - 1)),
            (m4 - n * law.fourth) / std::sqrt(n * (law.eighth - law.fourth * law.fourth))};
}

/// The limit for Deviations. By the central limit theorem each is near N(0, 1), which exceeds 6 in
/// absolute value with probability 2e-9: one false alarm in a million seeds for 200 samples.
inline constexpr double limit = 6;

/// The largest difference between the sample's distribution function and the law's, at the 4095
/// points that divide the law into equal shares; at most Kolmogorov's statistic.
inline double distance(const std::vector<double>& sample, const Law& law) {
    constexpr std::size_t cells = 4096;
    std::vector<double> counts(cells, 0.0);
    for (const double x : sample)
        ++counts[std::min(static_cast<std::size_t>(law.share(x) * cells), cells - 1)];
    const auto n = static_cast<double>(sample.size());
    double below = 0, largest = 0;
    for (std::size_t i = 0; i + 1 < cells; ++i) {
        below += counts[i] / n;
        largest = std::max(largest, std::abs(below - static_cast<double>(i + 1) / cells));
    }
    return largest;
}

/// What distance() exceeds with probability 1e-9 at most: by the Dvoretzky-Kiefer-Wolfowitz
/// inequality with Massart's constant, P(distance > d) <= 2 exp(-2 n d^2).
inline double distance_limit(std::size_t n) {
    return std::sqrt(std::log(2 / 1e-9) / (2 * static_cast<double>(n)));
}

} // namespace tests

#endif
