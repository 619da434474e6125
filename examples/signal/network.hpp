// SPDX-License-Identifier: MIT
#ifndef SIGNAL_NETWORK_HPP
#define SIGNAL_NETWORK_HPP

#include <nninit/nninit.hpp>

#include <vector>

namespace signal_study {

inline constexpr Eigen::Index depth = 50, width = 256, batch = 32;

/// The signal at one depth: 0 is the input, l what layer l returns.
struct Signal {
    double activations; ///< their mean square
    double over_inputs; ///< their variance over the inputs, mean of the units
    double over_units;  ///< their variance over the units, mean of the inputs
    double gradients;   ///< the mean square of the gradient with respect to them
    double dead;        ///< the share of units that are 0 for every input
};

/// The activation's derivative, by a difference from the left, so that relu's is 0 at 0. The step
/// shrinks with x, so that it never crosses a kink at 0.
inline double slope(nninit::Activation activation, double x) {
    const double step = 1e-7 * std::abs(x) + 1e-300;
    return (activate(activation, x) - activate(activation, x - step)) / step;
}

/// Standard normal inputs go forward through the layers, standard normal gradients that do not
/// depend on the weights come back. Results for depth 0 to `depth`.
inline std::vector<Signal> propagate(const nninit::Initializer& rule, nninit::Activation activation,
                                     const nninit::Philox& rng) {
    using Eigen::MatrixXd;
    std::vector<MatrixXd> weights, slopes;
    std::vector<Signal> signals;
    auto x = nninit::make<MatrixXd>(nninit::Normal{}, rng.stream("inputs"), width, batch);
    for (Eigen::Index layer = 0;; ++layer) {
        const auto size = static_cast<double>(x.size());
        const Eigen::VectorXd unit = x.rowwise().mean();
        const Eigen::RowVectorXd input = x.colwise().mean();
        const auto dead = (x.array() == 0).rowwise().all().count();
        signals.push_back({.activations = x.squaredNorm() / size,
                           .over_inputs = (x.colwise() - unit).squaredNorm() / size,
                           .over_units = (x.rowwise() - input).squaredNorm() / size,
                           .gradients = 0,
                           .dead = static_cast<double>(dead) / static_cast<double>(width)});
        if (layer == depth) break;
        weights.push_back(
            nninit::make<MatrixXd>(rule, rng.stream("weights").stream(layer), width, width));
        x = weights.back() * x;
        slopes.emplace_back(x.unaryExpr([&](double z) { return slope(activation, z); }));
        x = x.unaryExpr([&](double z) { return activate(activation, z); }).eval();
    }
    auto gradient = nninit::make<MatrixXd>(nninit::Normal{}, rng.stream("gradients"), width, batch);
    for (std::size_t layer = signals.size() - 1;; --layer) {
        signals[layer].gradients = gradient.squaredNorm() / static_cast<double>(gradient.size());
        if (layer == 0) return signals;
        gradient = weights[layer - 1].transpose() * gradient.cwiseProduct(slopes[layer - 1]);
    }
}

} // namespace signal_study

#endif
