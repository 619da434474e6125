// SPDX-License-Identifier: MIT
// Quadrature, for the gains of activations.

#ifndef NNINIT_DETAIL_INTEGRATE_HPP
#define NNINIT_DETAIL_INTEGRATE_HPP

#include <nninit/detail/arithmetic.hpp>

#include <algorithm>
#include <cmath>

namespace nninit::inline NNINIT_ABI::detail::inline NNINIT_COMPILER {

/// The integral of g over [from, to]: Gauss-Legendre of 5 points in each half, halved until it
/// agrees to 1e-9 of itself or to `tolerance` with that of the whole, and with Gauss-Lobatto of 5
/// points, which has the ends: a jump beyond the last of the others' points shows there alone.
template <class Function>
double integrate(const Function& g, double from, double to, double tolerance, int depth = 60) {
    const double middle = (from + to) / 2, half = (to - from) / 2;
    const auto pair = [&](double x) { return g(middle - half * x) + g(middle + half * x); };
    const auto gauss = [&](double a, double b) {
        const double centre = (a + b) / 2, reach = (b - a) / 2;
        const double root = std::sqrt(10.0 / 7);
        const double inner = std::sqrt(5 - 2 * root) / 3, outer = std::sqrt(5 + 2 * root) / 3;
        const double near_weight = (322 + 13 * std::sqrt(70.0)) / 900;
        const double far_weight = (322 - 13 * std::sqrt(70.0)) / 900;
        const auto two = [&](double x) { return g(centre - reach * x) + g(centre + reach * x); };
        return reach *
               (128.0 / 225 * g(centre) + near_weight * two(inner) + far_weight * two(outer));
    };
    const double whole = gauss(from, to), halves = gauss(from, middle) + gauss(middle, to);
    // Just inside the ends, where g may be infinite.
    const double lobatto = half * (32.0 / 45 * g(middle) + 49.0 / 90 * pair(std::sqrt(3.0 / 7)) +
                                   0.1 * pair(1 - 0x1p-40));
    const double most = (std::max)(tolerance, 1e-9 * (std::abs)(halves));
    if (!finite(halves) || depth == 0 ||
        ((std::abs)(halves - whole) <= most && (std::abs)(halves - lobatto) <= most))
        return halves;
    return integrate(g, from, middle, tolerance, depth - 1) +
           integrate(g, middle, to, tolerance, depth - 1);
}

} // namespace nninit::inline NNINIT_ABI::detail::inline NNINIT_COMPILER

#endif
