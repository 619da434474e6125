// SPDX-License-Identifier: MIT

#ifndef NNINIT_LSUV_HPP
#define NNINIT_LSUV_HPP

#include <nninit/describe.hpp>
#include <nninit/orthogonal.hpp>

#include <algorithm>
#include <cmath>
#include <complex>
#include <limits>
#include <type_traits>
#include <utility>

namespace nninit::inline NNINIT_ABI {
namespace detail::inline NNINIT_COMPILER {

/// The standard deviation of all coefficients; of complex ones, sqrt(mean |x - mean|^2).
template <class Output> double stddev_of(const Output& output) {
    using Scalar = typename Output::Scalar;
    using Wide =
        std::conditional_t<Eigen::NumTraits<Scalar>::IsComplex != 0, std::complex<double>, double>;
    Eigen::Array<Wide, -1, -1> values = output.derived().array().template cast<Wide>();
    if (values.size() == 0) fail({"Lsuv: the forward function returned no values"});
    const double scale = near_one(values.cwiseAbs().maxCoeff());
    values *= scale;
    return std::sqrt((values - values.mean()).abs2().mean()) / scale;
}

/// Refuses, at compile time, a forward function whose result may refer to what the function has
/// destroyed.
template <class Output> struct CheckOutput {
    using Plain = std::remove_cvref_t<Output>;
    static constexpr bool owns = decltype(detail::is_plain(static_cast<Plain*>(nullptr)))::value;
    static constexpr bool refers = std::is_lvalue_reference_v<Output> &&
                                   decltype(detail::is_dense(static_cast<Plain*>(nullptr)))::value;
    static constexpr bool ok = owns || refers;
    static_assert(ok, "nninit: Lsuv's forward function must return an Eigen matrix or array, or a "
                      "reference to one; end an expression, which may refer to variables of the "
                      "function, with .eval()");
};
template <class Forward> struct CheckForward {
    static constexpr bool ok = false;
    static_assert(std::is_invocable_v<Forward&>,
                  "nninit: after the engine comes a function without parameters that returns the "
                  "layer's output, such as [&] { return (w * x).eval(); }");
};
template <class Forward>
requires std::is_invocable_v<Forward&>
struct CheckForward<Forward> : CheckOutput<std::invoke_result_t<Forward&>> {
};

} // namespace detail::inline NNINIT_COMPILER

/// Starts a layer as an Orthogonal matrix, then divides it by the standard deviation of the layer's
/// output until that output's variance is within `tolerance` of 1. The layers of a network are
/// started so from the first to the last. The variance is over all coefficients of what `forward`
/// returns, a matrix or array computed with the weights as they then are:
///
///     const auto result = nninit::Lsuv{}(w, rng, [&] { return (w * x).cwiseMax(0).eval(); });
///
/// An expression is refused, as it may refer to what the function has destroyed: hence .eval().
/// Outputs within bounds, such as tanh's, may never have variance 1: return what goes into them.
///
/// Words as Orthogonal. `iterations` is the most times that weights are divided. It stops, and
/// leaves the weights as they are, if the output's variance is zero or not finite, or if the next
/// division would take the weights out of their type. Allocates as Orthogonal, then the weights and
/// each output in double. \throws std::invalid_argument if tolerance is not positive and finite,
/// iterations is negative or the target has no coefficients, before anything is written; what
/// forward throws passes through, and after the start an output is refused that has no
/// coefficients, or whose variance, 1/16 or more away from 1, a division of the weights does not
/// change: the weights are those of the start then.
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
    Result operator()(Target&& target, Engine&& engine, Forward&& forward) const {
        if constexpr (detail::CheckTarget<Target>::ok && detail::CheckArguments<Lsuv, Engine>::ok &&
                      detail::CheckForward<Forward>::ok)
            return start(target, engine, forward);
        else
            return {};
    }
    /// Without an engine or a function: refused, at compile time.
    template <class Target, class Other> Result operator()(Target&&, const Other&) const {
        constexpr bool complete = std::is_void_v<Other>; // never
        static_assert(complete,
                      "nninit: Lsuv takes an engine and a function that returns the "
                      "layer's output: Lsuv{}(w, engine, [&] { return (w * x).eval(); })");
        return {};
    }

private:
    template <class Target, class Engine, class Forward>
    Result start(Target& target, Engine& engine, Forward& forward) const {
        if (!detail::finite(tolerance) || !(tolerance > 0))
            detail::fail({"Lsuv.tolerance must be positive and finite, but is ", tolerance});
        if (iterations < 0)
            detail::fail(
                {"Lsuv.iterations must not be negative, but is ", static_cast<double>(iterations)});
        if (target.size() == 0) detail::fail({"Lsuv: the matrix has no weights; was it resized?"});
        using Scalar = typename std::remove_reference_t<Target>::Scalar;
        using Real = detail::Narrow<typename detail::Element<Scalar>::Real>;
        using Wide =
            std::conditional_t<detail::Element<Scalar>::reals == 2, std::complex<double>, double>;
        Orthogonal{}(target, engine, Fans{1, 1}); // which it does not count: for vectors
        const Eigen::Array<Wide, -1, -1> start = target.array().template cast<Wide>();
        const double largest = start.cwiseAbs().maxCoeff();
        double factor = 1, before = 0;
        for (int done = 0;; ++done) {
            const double stddev = detail::stddev_of(forward()), variance = stddev * stddev;
            const bool converged =
                (std::abs)(variance - 1) <= tolerance && detail::finite(variance);
            const bool spread = detail::finite(stddev) && stddev > 0;
            // Never by 0: a compiler may divide before it asks, which raises a flag.
            const double next = factor / (spread ? stddev : 1), most = largest * next;
            const bool usable = spread && detail::finite(next) &&
                                most >= static_cast<double>((std::numeric_limits<Real>::min)()) &&
                                most <= static_cast<double>((std::numeric_limits<Real>::max)());
            if (converged || !usable || done == iterations) return {variance, done, converged};
            // So far from 1 that in no type the division can have left the weights as they were.
            if (stddev == before && (std::abs)(variance - 1) > 0.0625) {
                target.array() = start.template cast<Scalar>();
                detail::fail({"Lsuv: dividing the weights does not change the output's variance; "
                              "does the function hold a copy of them, as by [=], or end in a "
                              "bounded activation or a normalisation?"});
            }
            before = stddev;
            factor = next;
            target.array() = (start * factor).template cast<Scalar>();
        }
    }
};

} // namespace nninit::inline NNINIT_ABI

#endif
