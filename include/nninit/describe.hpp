// SPDX-License-Identifier: MIT

#ifndef NNINIT_DESCRIBE_HPP
#define NNINIT_DESCRIBE_HPP

#include <nninit/detail/arithmetic.hpp>
#include <nninit/detail/decimal.hpp>
#include <nninit/detail/memory.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <ostream>
#include <string>
#include <type_traits>

namespace nninit::inline NNINIT_ABI {

/// What describe() saw. mean, stddev, min and max are those of the finite values, NaN if there are
/// none; stddev = sqrt(mean of (x - mean)^2).
struct Description {
    Eigen::Index rows = 0, cols = 0;
    double mean = std::numeric_limits<double>::quiet_NaN();
    double stddev = mean, min = mean, max = mean;
    double zeros = 0;            // the share of all values that are 0 or -0
    Eigen::Index non_finite = 0; // infinities and NaNs

    /// In every locale the same, as all that the library writes.
    friend std::ostream& operator<<(std::ostream& out, const Description& d) {
        const auto real = [](const double& x) { return detail::write_decimal(x, 6, 6); };
        std::string text;
        text.append(std::to_string(d.rows)).append(" x ").append(std::to_string(d.cols));
        text.append(", mean ").append(real(d.mean)).append(", stddev ").append(real(d.stddev));
        text.append(", min ").append(real(d.min)).append(", max ").append(real(d.max));
        text.append(", zeros ").append(real(100 * d.zeros));
        text.append(" %, non-finite ").append(std::to_string(d.non_finite));
        return out << text;
    }
};

namespace detail::inline NNINIT_COMPILER {

/// A power of two that brings numbers up to `most` near 1, where their squares would leave double.
inline double near_one(double most) {
    if (!(most > 0) || (most > 0x1p-400 && most < 0x1p400)) return 1;
    return std::ldexp(1.0, -std::clamp(std::ilogb(most), -1000, 1000));
}

template <class Coefficient> Description describe(const Memory<Coefficient>& w) {
    using Scalar = std::remove_const_t<Coefficient>;
    const auto each_value = [&w](const auto& visit) {
        for (std::int64_t c = 0; c < w.cols; ++c) {
            for (std::int64_t r = 0; r < w.rows; ++r) {
                const Scalar& x = w(r, c);
                if constexpr (Eigen::NumTraits<Scalar>::IsComplex != 0) {
                    visit(static_cast<double>(x.real()));
                    visit(static_cast<double>(x.imag()));
                } else {
                    visit(static_cast<double>(x));
                }
            }
        }
    };
    Description d{.rows = static_cast<Eigen::Index>(w.rows),
                  .cols = static_cast<Eigen::Index>(w.cols)};
    double values = 0, finite = 0, zeros = 0, sum = 0, squares = 0;
    each_value([&](const double& x) {
        ++values;
        if (!detail::finite(x)) return; // first: under -ffast-math a NaN may equal 0
        d.min = finite == 0 ? x : (std::min)(d.min, x);
        d.max = finite == 0 ? x : (std::max)(d.max, x);
        ++finite;
        zeros += x == 0;
    });
    d.non_finite = static_cast<Eigen::Index>(values - finite);
    if (values != 0) d.zeros = zeros / values;
    if (finite == 0) return d;
    const double scale = near_one((std::max)((std::abs)(d.min), (std::abs)(d.max)));
    each_value([&](const double& x) {
        if (detail::finite(x)) sum += x * scale;
    });
    const double mean = sum / finite;
    each_value([&](const double& x) {
        if (detail::finite(x)) squares += (x * scale - mean) * (x * scale - mean);
    });
    d.mean = mean / scale;
    d.stddev = std::sqrt(squares / finite) / scale;
    return d;
}

} // namespace detail::inline NNINIT_COMPILER

/// Looks at the values of any dense expression, in double: a complex number counts as two, a long
/// double beyond double as non-finite, and -ffast-math hides no infinity or NaN. Reads memory three
/// times and allocates nothing; an expression that is not in memory, such as a product, is computed
/// once into a matrix.
template <class Derived>
[[nodiscard]] Description describe(const Eigen::DenseBase<Derived>& expression) {
    if constexpr (detail::InMemory<const Derived>)
        return detail::describe(detail::memory_of(expression.derived()));
    else
        return nninit::describe(expression.eval());
}

} // namespace nninit::inline NNINIT_ABI

#endif
