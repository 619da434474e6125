// SPDX-License-Identifier: MIT
// The quantile's table, and the slow tails below it.

#ifndef NNINIT_DETAIL_QUANTILE_HPP
#define NNINIT_DETAIL_QUANTILE_HPP

#include <nninit/detail/law.hpp>
#include <nninit/detail/normal.hpp>
#include <nninit/detail/quantile_table.hpp>

namespace nninit::inline NNINIT_ABI::detail::inline NNINIT_COMPILER {

/// The table has a column for each of 32 segments. Its rows are c0, the coefficients of N and, for
/// doubles, those of D. `first` is the least mass of the table, as the bits of a T; a mass lies in
/// segment (bits - first) >> (digits - 2).
template <class T> struct Quantile;
template <> struct Quantile<float> {
    static constexpr auto& base = quantile_base_float;
    static constexpr auto& coefficients = quantile_float;
    static constexpr std::uint32_t first = (285U << 22) - 2456966U;
};
template <> struct Quantile<double> {
    static constexpr auto& base = quantile_base_double;
    static constexpr auto& coefficients = quantile_double;
    static constexpr std::uint64_t first = (std::uint64_t{2141} << 51) - 1319073791107610U;
};

/// The share of a word that has been flipped as the law says: 128 bits, of which a float uses the
/// upper 64.
inline U128 share_of(const Law<float>& law, std::uint32_t word) {
    const std::uint64_t width = law.width;
    return {law.start + word * width + width / 2, 0};
}
inline U128 share_of(const Law<double>& law, std::uint64_t word) {
    return law.start + multiply(word, law.width) + U128{0, law.width / 2};
}
inline U128 share_of_normal(std::uint32_t word) {
    return {std::uint64_t{word} << 32 | std::uint64_t{1} << 31, 0};
}
inline U128 share_of_normal(std::uint64_t word) { return {word, std::uint64_t{1} << 63}; }

/// Replaces, among n values, those of words in the slow tails, which lie below the table; where the
/// law has an exponent, all of them are. `cut`: the law is a truncated normal's.
template <class T, bool cut>
void tail_values(const Law<T>& law, const std::uint32_t* words, T* out, std::size_t n) {
    using Word = typename Format<T>::Word;
    constexpr int bits = Format<T>::bits;
    const bool all = cut && law.exponent != 0;
    U128 shares[most_tails];
    double z[most_tails];
    std::size_t at[most_tails], found = 0;
    bool above[most_tails];
    for (std::size_t i = 0; i < n; ++i) {
        Word word;
        if constexpr (bits == 32)
            word = words[i];
        else
            word = words[2 * i] | std::uint64_t{words[2 * i + 1]} << 32;
        U128 share;
        if constexpr (cut)
            share = share_of(law, word ^ law.flip);
        else
            share = share_of_normal(word);
        const bool mirrored = !all && share.high >> 63 != 0;
        if (mirrored) share = U128{~share.high, bits == 64 ? ~share.low : 0};
        const auto mass = static_cast<typename Format<T>::Signed>(share.high >> (64 - bits));
        if (all || std::bit_cast<Word>(static_cast<T>(mass)) < Quantile<T>::first) {
            shares[found] = share;
            above[found] = mirrored;
            at[found++] = i;
        }
        if (found != most_tails && (i + 1 != n || found == 0)) continue;
        tail_quantiles(shares, law.exponent, z, found);
        for (std::size_t k = 0; k < found; ++k) {
            const T quantile = static_cast<T>(above[k] ? z[k] : -z[k]);
            const T x = fma(law.scale, quantile, law.shift);
            out[at[k]] = cut ? clamped(x, law.low, law.high) : x;
        }
        found = 0;
    }
}

} // namespace nninit::inline NNINIT_ABI::detail::inline NNINIT_COMPILER

#endif
