// SPDX-License-Identifier: MIT
// What the kernels know of a distribution: its parameters, rounded to the type that values are
// computed in, and the facts of the two types.

#ifndef NNINIT_DETAIL_LAW_HPP
#define NNINIT_DETAIL_LAW_HPP

#include <nninit/detail/fma.hpp>

#include <cstddef>

namespace nninit::inline NNINIT_ABI::detail::inline NNINIT_COMPILER {

/// T is float or double. ulp is that of [1/2, 1); unit is the weight of a word's lowest bit, and
/// low_unit what one in the lower half of a share adds to twice a word.
template <class T> struct Format;
template <> struct Format<float> {
    using Word = std::uint32_t; // a value's words
    using Signed = std::int32_t;
    static constexpr int bits = 32, digits = 24;
    static constexpr float ulp = 0x1p-24F, unit = 0x1p-32F, low_unit = 0x1p-31F;
};
template <> struct Format<double> {
    using Word = std::uint64_t;
    using Signed = std::int64_t;
    static constexpr int bits = 64, digits = 53;
    static constexpr double ulp = 0x1p-53, unit = 0x1p-64, low_unit = 0x1p-63;
};

/// Where a truncated normal's shares begin: 2N bits, N being 32 for floats and 64 for doubles.
template <class T> struct ShareStart { using Type = std::uint64_t; };
template <> struct ShareStart<double> { using Type = U128; };

/// A distribution: value = fma(scale, x, shift), x being uniform in (-1, 1) or a normal's quantile.
template <class T> struct Law {
    /// Writes n values, of n words (float) or pairs of words (double). Up to step_words words
    /// beyond them are read.
    void (*values)(const Law& law, const std::uint32_t* words, T* out, std::size_t n);

    T scale, shift;

    // A truncated normal's: value kept in [low, high]; the share of the normal's mass of a word (of
    // N bits: a double's two together) is start + (word ^ flip) width + width / 2, in units of
    // 2^-(2N + exponent). flip is all ones, and scale negative, where the cut lies more to the
    // right.
    T low, high;
    typename ShareStart<T>::Type start;
    typename Format<T>::Word width, flip;
    int exponent;

    friend bool operator==(const Law&, const Law&) = default;
};

} // namespace nninit::inline NNINIT_ABI::detail::inline NNINIT_COMPILER

#endif
