// SPDX-License-Identifier: MIT
// x^y and the length of a vector, by the operations that tests/golden/specification.md lists.

#ifndef NNINIT_DETAIL_POWER_HPP
#define NNINIT_DETAIL_POWER_HPP

#include <nninit/detail/fma.hpp>
#include <nninit/detail/normal.hpp>

#include <bit>
#include <cmath>
#include <complex>
#include <cstddef>
#include <cstdint>

namespace nninit::inline NNINIT_ABI::detail::inline NNINIT_COMPILER {

/// high + low, low at most half an ulp of high: about 105 bits.
struct Pair {
    Rounded high, low = 0.0;

    /// |a| is not below |b|, or a = 0.
    static Pair of(Rounded a, Rounded b) {
        const Rounded sum = a + b;
        return {sum, b - (sum - a)};
    }
    friend Pair operator+(Pair a, Pair b) {
        const Rounded sum = a.high + b.high;
        const Rounded error = sum_error(a.high, b.high, sum);
        return of(sum, error + (a.low + b.low));
    }
    friend Pair operator*(Pair a, Pair b) {
        const Rounded product = a.high * b.high;
        const Rounded error = fma(a.high.value, b.high.value, -product.value);
        return of(product, error + (a.high * b.low + a.low * b.high));
    }
    friend Pair operator/(Pair a, Pair b) {
        const Rounded quotient = a.high / b.high;
        const Pair rest = a + Pair{-quotient.value} * b;
        return of(quotient, rest.high / b.high);
    }
};

inline constexpr double ln_2_low = 0x1.abc9e3b39803fp-56; // ln 2 - fl(ln 2)

/// ln x for a positive normal x: with x = u 2^k, k ln 2 + 2 artanh((u - 1) / (u + 1)).
NNINIT_COLD inline Pair log_pair(double x) {
    const Scaled scaled(x);
    const Pair s = Pair{Rounded(scaled.u) - 1.0} / Pair::of(1.0, scaled.u);
    const Pair square = s * s;
    Pair series{0.0};
    for (int n = 20; n >= 0; --n) series = series * square + Pair{1.0} / Pair{2.0 * n + 1};
    return Pair{static_cast<double>(scaled.k)} * Pair{ln_2, ln_2_low} + Pair{2.0} * s * series;
}

/// x^y for positive x and finite y, rounded to nearest but for about one in 2^40 (a result below
/// 2^-1022 is rounded twice); infinity and 0 beyond the range of double.
NNINIT_COLD inline double power(double x, double y) {
    int lift = 0;
    if (x < 0x1p-1022) { // subnormal
        x *= 0x1p54;
        lift = -54;
    }
    const Pair log = log_pair(x) + Pair{static_cast<double>(lift)} * Pair{ln_2, ln_2_low};
    const Pair exponent = Pair{y < -0x1p1000 ? -0x1p1000 : y > 0x1p1000 ? 0x1p1000 : y} * log;
    if (exponent.high.value > 710) return std::bit_cast<double>(std::uint64_t{0x7ff} << 52);
    if (exponent.high.value < -746) return 0;
    const double k = std::floor((exponent.high / ln_2 + 0.5).value);
    const Pair r = exponent + Pair{-k} * Pair{ln_2, ln_2_low};
    Pair series{1.0};
    for (int n = 24; n >= 1; --n) series = series * r / Pair{static_cast<double>(n)} + Pair{1.0};
    return std::ldexp(series.high.value, static_cast<int>(k));
}

/// |x|^2, added to a total.
template <class T> Rounded add_square(Rounded total, const T& x) {
    const Rounded real = static_cast<double>(x);
    return total + real * real;
}
template <class T> Rounded add_square(Rounded total, const std::complex<T>& x) {
    return add_square(add_square(total, x.real()), x.imag());
}

/// sqrt(|x_0|^2 + |x_1|^2 + ...) of n numbers `apart` from each other, summed in order.
template <class T> double length(const T* x, std::ptrdiff_t n, std::ptrdiff_t apart) {
    Rounded total = 0.0;
    for (std::ptrdiff_t i = 0; i < n; ++i) total = add_square(total, x[i * apart]);
    return sqrt(total).value;
}

} // namespace nninit::inline NNINIT_ABI::detail::inline NNINIT_COMPILER

#endif
