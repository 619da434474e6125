// SPDX-License-Identifier: MIT
// The standard normal beyond quantile_table.hpp: logarithm, exponential, the mass of
// tails and their quantile, in double, by the operations that tests/golden/specification.md lists.

#ifndef NNINIT_DETAIL_NORMAL_HPP
#define NNINIT_DETAIL_NORMAL_HPP

#include <nninit/detail/fma.hpp>

#include <algorithm>
#include <cstddef>

namespace nninit::inline NNINIT_ABI::detail::inline NNINIT_COMPILER {

inline constexpr double ln_2 = 0x1.62e42fefa39efp-1;
inline constexpr double sqrt_2_pi = 0x1.40d931ff62706p+1;
inline constexpr double ln_sqrt_2_pi = 0x1.d67f1c864beb5p-1;

/// A positive normal y as u 2^k with u in (0.707, 1.415).
struct Scaled {
    double u;
    int k;

    explicit Scaled(double y) {
        const auto bits = std::bit_cast<std::uint64_t>(y);
        k = static_cast<int>(bits >> 52) - 1023;
        u = std::bit_cast<double>((bits & 0xfffffffffffffU) | std::uint64_t{1023} << 52);
        if (u > 1.4140625) {
            u /= 2;
            ++k;
        }
    }
    /// ln u = 2 artanh((u - 1) / (u + 1))
    Rounded log() const {
        const Rounded s = (Rounded(u) - 1.0) / (Rounded(u) + 1.0);
        const Rounded square = s * s;
        Rounded series = 0.0;
        for (int n = 10; n >= 0; --n) series = series * square + Rounded(1.0) / (2.0 * n + 1);
        return Rounded(2.0) * s * series;
    }
};

/// ln y for a positive normal y.
inline Rounded log(double y) {
    const Scaled scaled(y);
    return Rounded(scaled.k) * ln_2 + scaled.log();
}

/// exp(-y) for 0 <= y < 708: y = k ln 2 - r, and the Taylor series of exp(r).
inline Rounded exp_minus(Rounded y) {
    const double k = std::floor((y / ln_2 + 0.5).value);
    const Rounded r = Rounded(k) * 0x1.62e42fef00000p-1 - y + Rounded(k) * 0x1.473de6af278edp-34;
    Rounded series = 1.0;
    for (int n = 20; n >= 1; --n) series = series * r / double(n) + 1.0;
    const auto power = static_cast<std::uint64_t>(1023 - static_cast<int>(k)) << 52;
    return series * std::bit_cast<double>(power);
}

/// Mills' ratio Q(x) / phi(x), x > 0, by Laplace's continued fraction 1/(x + 1/(x + 2/(x + ...))),
/// from the inside out: m[i] holds the denominator under term number `terms`, then the ratio. Of n
/// numbers side by side, because each division of one waits for the one before.
inline void mills(const double* x, std::size_t n, int terms, double* m) {
    for (int k = terms; k >= 1; --k)
        for (std::size_t i = 0; i < n; ++i) m[i] = (Rounded(x[i]) + Rounded(k) / m[i]).value;
    for (std::size_t i = 0; i < n; ++i) m[i] = (Rounded(1.0) / m[i]).value;
}

/// Mills' ratio by 200 terms. The last 120 begin with what the others leave, which lies between x
/// and x + 121 / x. Every step is monotone, rounding included: if both ends lead to one number, so
/// does what lies between, and the others need not be worked out. They do from x = 2 on or so.
inline double mills(double x) {
    constexpr int last = 120, all = 200;
    const double at[] = {x, x};
    double m[] = {x, (Rounded(x) + Rounded(last + 1) / x).value};
    mills(at, 2, last, m);
    if (m[0] == m[1]) return m[0];
    m[0] = x;
    mills(at, 1, all, m);
    return m[0];
}

/// Q(at), the mass of the standard normal above at >= 0. The error stays below 5e-16, and from 1.5
/// on below 1e-15 of the mass: x^2 is taken in two parts, the first exact.
inline double tail_mass(double at) {
    if (at >= 37.5) return 0;
    const Rounded x = at;
    const Rounded h = std::floor(at * 0x1p20) / 0x1p20;
    const Rounded density = exp_minus(h * h / 2.0) * exp_minus((x - h) * (x + h) / 2.0) / sqrt_2_pi;
    if (at >= 1.5) return (density * mills(at)).value;
    Rounded term = x, sum = x;
    for (int k = 1; k <= 60; ++k) {
        term = term * x * x / (2.0 * k + 1);
        sum = sum + term;
    }
    return (Rounded(0.5) - density * sum).value;
}

inline constexpr std::size_t most_tails = 4; // side by side

/// z with Q(z) = share 2^-(128+exponent), in the tail (z > 3.4), for n <= most_tails shares:
/// Newton's iteration on -ln Q(z) = z^2/2 + ln sqrt(2 pi) - ln mills(z), of slope 1 / mills(z), by
/// 40 terms of mills(z), which are enough there.
inline void tail_quantiles(const U128* share, int exponent, double* z, std::size_t n) {
    double x[most_tails], m[most_tails];
    for (std::size_t i = 0; i < n; ++i) {
        Rounded mass = Rounded(static_cast<double>(share[i].high)) +
                       static_cast<double>(share[i].low) * 0x1p-64;
        if (mass.value == 0) mass = 0x1p-64;
        const Scaled scaled(mass.value);
        x[i] = (Rounded(64 + exponent - scaled.k) * ln_2 - scaled.log()).value;
        const Rounded first = sqrt(Rounded(2.0) * x[i]);
        z[i] = (first - log((first * sqrt_2_pi).value) / first).value;
    }
    for (int k = 0; k < 4; ++k) {
        std::copy(z, z + n, m);
        mills(z, n, 40, m);
        for (std::size_t i = 0; i < n; ++i) {
            const Rounded at = z[i];
            z[i] = (at - ((at * at / 2.0 + ln_sqrt_2_pi) - log(m[i]) - x[i]) * m[i]).value;
        }
    }
}

} // namespace nninit::inline NNINIT_ABI::detail::inline NNINIT_COMPILER

#endif
