// SPDX-License-Identifier: MIT
// How the words of a truncated normal share the mass between its bounds.

#ifndef NNINIT_DETAIL_TRUNCATION_HPP
#define NNINIT_DETAIL_TRUNCATION_HPP

#include <nninit/detail/kernels.hpp>

#include <algorithm>
#include <cmath>
#include <utility>

namespace nninit::inline NNINIT_ABI::detail::inline NNINIT_COMPILER {

/// The standard normal's mass between a truncated normal's bounds a and b, in standard deviations:
/// mirrored where it lies more to the right, so that a is never above the mean.
struct Cut {
    bool mirrored, symmetric;
    double below, between; // the masses below and between the bounds, times 2^exponent
    int exponent;

    /// An infinite or far bound is as good as one at 64 standard deviations.
    static double deviations(double x, double mean, double stddev) {
        const Rounded distance = infinite(x) ? Rounded(x) : Rounded(x) - Rounded(mean);
        const double d = (distance / Rounded(stddev)).value;
        return finite(d) ? std::clamp(d, -64.0, 64.0) : std::copysign(64.0, distance.value);
    }
    Cut(double mean, double stddev, double low, double high) {
        double a = deviations(low, mean, stddev), b = deviations(high, mean, stddev);
        mirrored = (Rounded(a) + Rounded(b)).value > 0;
        if (mirrored) a = -std::exchange(b, -a);
        symmetric = a == -b;
        const double below_a = tail_mass((std::abs)(a));
        const Rounded beyond_b = symmetric ? below_a : tail_mass((std::abs)(b));
        const Rounded up_to = b <= 0 ? beyond_b : Rounded(1.0) - beyond_b;
        // Less mass leaves the table too few digits: the tails' Newton works out every value, from
        // masses times 2^exponent.
        exponent = 0;
        if (up_to.value < 0x1p-12) {
            std::frexp(up_to.value, &exponent);
            exponent = -exponent;
        }
        below = std::ldexp(below_a, exponent); // products with powers of two are exact
        between = std::ldexp((up_to - Rounded(below_a)).value, exponent);
    }

    /// How words share the mass.
    template <class T> Law<T> law() const {
        using Word = typename Format<T>::Word;
        constexpr int bits = Format<T>::bits;
        constexpr double most_width = bits == 32 ? 0x1p32 - 1 : 0x1p64 - 0x1p11;
        Law<T> law{};
        law.values = truncated_values<T>;
        law.exponent = exponent;
        law.flip = mirrored ? static_cast<Word>(-1) : Word{0};
        law.width = static_cast<Word>(
            integer_part((std::min)(std::floor(std::ldexp(between, bits)), most_width)));
        // Odd, so that in a symmetric cut the shares of a word and of its complement add up to
        // 2^(2N) - 1, as those of z and -z do.
        law.width = static_cast<Word>((law.width - 1) | 1);
        const double start = std::ldexp(below, 64); // in units of 2^-64
        const U128 half{std::uint64_t{1} << 63, 0};
        if constexpr (bits == 32) {
            law.start =
                symmetric ? half.high - (std::uint64_t{law.width} << 31) : integer_part(start);
        } else {
            const double low_part = std::ldexp(start - std::floor(start), 64);
            law.start = symmetric ? half - (U128{0, law.width} << 63)
                                  : U128{integer_part(start), integer_part(low_part)};
        }
        return law;
    }
};

} // namespace nninit::inline NNINIT_ABI::detail::inline NNINIT_COMPILER

#endif
