// SPDX-License-Identifier: MIT
// What the kernels need to know: the distributions rounded to the type that they compute in, and
// the facts of the two formats and of Philox.

#ifndef NNINIT_DETAIL_MAPS_HPP
#define NNINIT_DETAIL_MAPS_HPP

#include <nninit/detail/normal.hpp>
#include <nninit/detail/quantile_table.hpp>

#include <cstddef>

namespace nninit::detail {

// by_quantile: whether the table of the normal's quantile is looked into.

/// value = the word
struct WordMap {
    using Value = std::uint32_t;
    static constexpr bool by_quantile = false;
};

/// value = fma(half, u, mid)
template <class T> struct UniformMap {
    using Value = T;
    static constexpr bool by_quantile = false;
    T half, mid;
};

/// value = fma(stddev, z, mean)
template <class T> struct NormalMap {
    using Value = T;
    static constexpr bool by_quantile = true;
    T stddev, mean;
};

/// share = start + word width + width / 2, in units of 2^-(2N + exponent), N bits a word;
/// value = fma(stddev, z(share), mean), kept in [low, high]. `mirror` where the cut lies more to
/// the right: then the word is complemented, and stddev negative.
template <class T> struct TruncatedMap;
template <> struct TruncatedMap<float> {
    using Value = float;
    static constexpr bool by_quantile = true;
    float stddev, mean, low, high;
    std::uint64_t start;
    std::uint32_t width;
    bool mirror;
    int exponent;
};
template <> struct TruncatedMap<double> {
    using Value = double;
    static constexpr bool by_quantile = true;
    double stddev, mean, low, high;
    U128 start;
    std::uint64_t width;
    bool mirror;
    int exponent;
};

/// The quantile's table and the constants of its formula, among them the degrees of N and D (0 for
/// D = 1); its rows are c0, those of N, those of D and the base. `first` puts the segment's index
/// into the bits of a number: index = (bits - first) >> (digits - 2).
template <class T> struct Format;
template <> struct Format<float> {
    using Word = std::uint32_t;
    using Signed = std::int32_t;
    static constexpr int bits = 32, digits = 24, n_degree = 5, d_degree = 0;
    static constexpr float ulp = 0x1p-24F, unit = 0x1p-32F, low_unit = 0x1p-31F;
    static constexpr Word first = (285U << 22) - 2456966U;
    static constexpr auto& base = quantile_base_float;
    static constexpr auto& coefficients = quantile_float;
    static U128 share(Word high, Word low) { return {std::uint64_t{high} << 32 | low, 0}; }
};
template <> struct Format<double> {
    using Word = std::uint64_t;
    using Signed = std::int64_t;
    static constexpr int bits = 64, digits = 53, n_degree = 4, d_degree = 5;
    static constexpr double ulp = 0x1p-53, unit = 0x1p-64, low_unit = 0x1p-63;
    static constexpr Word first = (Word{2141} << 51) - 1319073791107610U;
    static constexpr auto& base = quantile_base_double;
    static constexpr auto& coefficients = quantile_double;
    static U128 share(Word high, Word low) { return {high, low}; }
};

inline constexpr std::uint32_t philox_m0 = 0xd2511f53, philox_m1 = 0xcd9e8d57;
inline constexpr std::uint32_t philox_w0 = 0x9e3779b9, philox_w1 = 0xbb67ae85;

/// The first position after `position` at which the low word of the block's number begins anew.
inline std::uint64_t run_end(std::uint64_t position) { return ((position >> 34) + 1) << 34; }

} // namespace nninit::detail

#endif
