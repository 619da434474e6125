// SPDX-License-Identifier: MIT
// Columns of numbers to rows, four by four.

#ifndef NNINIT_DETAIL_TRANSPOSE_HPP
#define NNINIT_DETAIL_TRANSPOSE_HPP

#include <nninit/version.hpp>

#include <cstdint>
#include <cstring>

namespace nninit::inline NNINIT_ABI::detail::inline NNINIT_COMPILER {

/// Four rows of four numbers, from where their columns stand to where the rows do.
template <class T> void transpose_4x4(const T* const (&columns)[4], T* to, std::int64_t down) {
#if defined(NNINIT_VECTORS) && (defined(__clang__) || __GNUC__ >= 12) // for the builtin
    if constexpr (sizeof(T) == 4) {
        typedef T V __attribute__((vector_size(16)));
        V a, b, c, d;
        std::memcpy(&a, columns[0], sizeof a);
        std::memcpy(&b, columns[1], sizeof b);
        std::memcpy(&c, columns[2], sizeof c);
        std::memcpy(&d, columns[3], sizeof d);
        const V ab_low = __builtin_shufflevector(a, b, 0, 4, 1, 5);
        const V ab_high = __builtin_shufflevector(a, b, 2, 6, 3, 7);
        const V cd_low = __builtin_shufflevector(c, d, 0, 4, 1, 5);
        const V cd_high = __builtin_shufflevector(c, d, 2, 6, 3, 7);
        a = __builtin_shufflevector(ab_low, cd_low, 0, 1, 4, 5);
        b = __builtin_shufflevector(ab_low, cd_low, 2, 3, 6, 7);
        c = __builtin_shufflevector(ab_high, cd_high, 0, 1, 4, 5);
        d = __builtin_shufflevector(ab_high, cd_high, 2, 3, 6, 7);
        std::memcpy(to, &a, sizeof a);
        std::memcpy(to + down, &b, sizeof b);
        std::memcpy(to + 2 * down, &c, sizeof c);
        std::memcpy(to + 3 * down, &d, sizeof d);
        return;
    }
    if constexpr (sizeof(T) == 8) {
        typedef T V __attribute__((vector_size(16)));
        for (int r = 0; r < 4; ++r, to += down) {
            const V ab = {columns[0][r], columns[1][r]}, cd = {columns[2][r], columns[3][r]};
            std::memcpy(to, &ab, sizeof ab);
            std::memcpy(to + 2, &cd, sizeof cd);
        }
        return;
    }
#endif
    for (int r = 0; r < 4; ++r, to += down)
        for (int c = 0; c < 4; ++c) to[c] = columns[c][r];
}

} // namespace nninit::inline NNINIT_ABI::detail::inline NNINIT_COMPILER

#endif
