// SPDX-License-Identifier: MIT

#ifndef NNINIT_LSUV_HPP
#define NNINIT_LSUV_HPP

#include <nninit/orthogonal.hpp>

namespace nninit::inline NNINIT_ABI {
namespace detail::inline NNINIT_COMPILER {

template <class Output> double variance_of(const Output& output) {
    using Scalar = typename Output::Scalar;
    using Wide =
        std::conditional_t<Eigen::NumTraits<Scalar>::IsComplex != 0, std::complex<double>, double>;
    const Eigen::Array<Wide, -1, -1> values = output.derived().array().template cast<Wide>();
    if (values.size() == 0) fail("Lsuv: the forward function returned no values");
    return (values - values.mean()).abs2().mean();
}

} // namespace detail::inline NNINIT_COMPILER

/// Starts a layer as an Orthogonal matrix, then divides it by the standard deviation of the layer's
/// output until that output's variance is within `tolerance` of 1. The layers of a network are
/// started so from the first to the last. The variance is over all coefficients of what `forward`
/// returns, a dense Eigen expression computed with the weights as they then are:
///
///     const auto result = nninit::Lsuv{}(w, rng, [&] { return (w * x).cwiseMax(0).eval(); });
///
/// Words as Orthogonal. `iterations` is the most times that weights are divided. If the output's
/// variance is zero or not finite, the weights stay as they were when it was seen.
/// \throws std::invalid_argument if tolerance is not positive and finite or iterations is negative,
/// before anything is written; what forward throws passes through.
/// Source: D. Mishkin, J. Matas, "All you need is a good init", ICLR 2016, algorithm 1.
struct Lsuv {
    double tolerance = 0.1;
    int iterations = 10;

    /// What became of it.
    struct Result {
        double variance; // of the output, with the weights as they are left
        int iterations;  // divisions made
        bool converged;  // |variance - 1| <= tolerance
    };

    template <class Target, class Engine, class Forward>
    Result operator()(Target&& target, Engine&& engine, const Forward& forward) const {
        using Real =
            typename Eigen::NumTraits<typename std::remove_reference_t<Target>::Scalar>::Real;
        if (!detail::finite(tolerance) || !(tolerance > 0))
            detail::fail("Lsuv.tolerance must be positive and finite, but is ", tolerance);
        if (iterations < 0)
            detail::fail("Lsuv.iterations must not be negative, but is ", iterations);
        Orthogonal{}(target, engine);
        for (int done = 0;; ++done) {
            const double variance = detail::variance_of(forward());
            const bool usable = detail::finite(variance) && variance > 0;
            const bool converged = usable && std::abs(variance - 1) <= tolerance;
            if (converged || !usable || done == iterations) return {variance, done, converged};
            target.matrix() *= static_cast<Real>(1 / std::sqrt(variance));
        }
    }
};

} // namespace nninit::inline NNINIT_ABI

#endif
