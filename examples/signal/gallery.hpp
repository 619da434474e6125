// SPDX-License-Identifier: MIT
#ifndef SIGNAL_GALLERY_HPP
#define SIGNAL_GALLERY_HPP

#include <nninit/nninit.hpp>

#include <functional>
#include <numbers>
#include <string>
#include <vector>

namespace signal_study {

using Density = std::function<double(double)>;

inline Density uniform(double low, double high) {
    return [=](double) { return 1 / (high - low); };
}

/// Normal of mean 0, cut at low and high.
inline Density normal(double stddev, double low, double high) {
    const auto below = [=](double x) { return std::erfc(-x / stddev * std::sqrt(0.5)) / 2; };
    const double scale = stddev * std::sqrt(2 * std::numbers::pi) * (below(high) - below(low));
    return [=](double x) { return std::exp(-x * x / (2 * stddev * stddev)) / scale; };
}

/// A coordinate of a uniform point on the unit sphere in n dimensions.
inline Density sphere(double n) {
    const double scale =
        std::exp(std::lgamma(n / 2) - std::lgamma((n - 1) / 2)) / std::sqrt(std::numbers::pi);
    return [=](double x) { return scale * std::pow(1 - x * x, (n - 3) / 2); };
}

struct Panel {
    std::string title;
    nninit::Initializer rule;
    double low, high; ///< of the histogram
    Density density;
};

/// What each rule makes of a matrix of 512 x 256 should have these densities.
inline std::vector<Panel> panels() {
    using namespace nninit;
    const double infinity = std::numeric_limits<double>::infinity();
    const double glorot = std::sqrt(6.0 / (256 + 512)), he = std::sqrt(2.0 / 256);
    const double cut = std::sqrt(2.0 / 256) / 0.87962566103423978;
    const double row = std::sqrt(1.0 / 512);
    return {
        {"Uniform -1 to 1", {Uniform{-1, 1}}, -1, 1, uniform(-1, 1)},
        {"Normal", {Normal{}}, -4, 4, normal(1, -infinity, infinity)},
        {"GlorotUniform", {GlorotUniform{}}, -glorot, glorot, uniform(-glorot, glorot)},
        {"TruncatedNormal -2 to 2", {TruncatedNormal{}}, -2, 2, normal(1, -2, 2)},
        {"TruncatedNormal 0.5 to 3", {TruncatedNormal{0, 1, 0.5, 3}}, 0.5, 3, normal(1, 0.5, 3)},
        {"HeNormal", {HeNormal{}}, -4 * he, 4 * he, normal(he, -infinity, infinity)},
        {"VarianceScaling truncated",
         {VarianceScaling{.scale = 2, .distribution = Shape::truncated}},
         -2 * cut,
         2 * cut,
         normal(cut, -2 * cut, 2 * cut)},
        {"Orthogonal", {Orthogonal{}}, -4 * row, 4 * row, sphere(512)},
        {"Sparse without zeros", {Sparse{}}, -0.04, 0.04, normal(0.01, -infinity, infinity)}};
}

struct Bin {
    double centre = 0;
    int count = 0;
    double density = 0;
};

inline std::vector<Bin> histogram(const Panel& panel, const nninit::Philox& rng) {
    constexpr int bins = 40;
    const auto w = nninit::make<Eigen::MatrixXf>(panel.rule, rng.stream(panel.title), 512, 256);
    const double bin = (panel.high - panel.low) / bins;
    std::vector<Bin> result(bins);
    for (int i = 0; i < bins; ++i)
        result[static_cast<std::size_t>(i)].centre = panel.low + (i + 0.5) * bin;
    for (const float value : w.reshaped()) {
        const double place = (static_cast<double>(value) - panel.low) / bin;
        // A weight on the upper end belongs to the last bin.
        if (value != 0 && place >= 0 && place <= bins)
            ++result[static_cast<std::size_t>(std::min(place, bins - 1.0))].count;
    }
    // Sparse's zeros are left out, a normal's tails beyond the histogram are not.
    const auto drawn = static_cast<double>((w.array() != 0).count());
    for (Bin& b : result) b.density = b.count / (drawn * bin);
    return result;
}

} // namespace signal_study

#endif
