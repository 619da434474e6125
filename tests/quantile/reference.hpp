// SPDX-License-Identifier: MIT
// The reference is the C library's erf and erfc in long double (of 64 bits or more; good to an ulp
// or two of those), of a mass that long double holds exactly. Instead of a second quantile, the
// mass above z is compared: where Q(z) - p is not 0, z is wrong by (Q(z) - p) / phi(z), to a
// relative error of |z| times that. Near 0, (1/2 - Q(z)) is erf(z / sqrt 2) / 2, so that z keeps
// its relative precision.

#ifndef NNINIT_TESTS_QUANTILE_REFERENCE_HPP
#define NNINIT_TESTS_QUANTILE_REFERENCE_HPP

#include <cmath>
#include <cstdint>
#include <limits>

inline constexpr bool has_reference = std::numeric_limits<long double>::digits >= 64;
inline const long double root_two = std::sqrt(2.0L);

inline long double density(long double z) {
    static const long double root = std::sqrt(2 * std::acos(-1.0L));
    return std::exp(-z * z / 2) / root;
}

/// The error of z, for the share (word + 1/2) / 2^bits, in units in the last place of T.
template <class T> double quantile_error(std::uint64_t word, T z) {
    constexpr int bits = sizeof(T) * 8;
    const std::uint64_t all = ~std::uint64_t{0} >> (64 - bits);
    const bool upper = word > all / 2;
    const std::uint64_t m = upper ? all - word : word;
    const long double unit = std::ldexp(1.0L, -bits);
    const long double positive = upper ? static_cast<long double>(z) : -static_cast<long double>(z);
    long double error;
    if (m < all / 4) {
        const long double mass = (static_cast<long double>(m) + 0.5L) * unit;
        error = (std::erfc(positive / root_two) / 2 - mass) / density(positive);
    } else {
        const long double rest = (static_cast<long double>(all / 2 - m) + 0.5L) * unit;
        error = (rest - std::erf(positive / root_two) / 2) / density(positive);
    }
    const int last = std::ilogb(positive + error) - std::numeric_limits<T>::digits + 1;
    return static_cast<double>(std::abs(error) / std::ldexp(1.0L, last));
}

#endif
