// SPDX-License-Identifier: MIT
// Philox4x32-10: its constants, and what the rounds of many blocks share.

#ifndef NNINIT_DETAIL_PHILOX_ROUNDS_HPP
#define NNINIT_DETAIL_PHILOX_ROUNDS_HPP

#include <nninit/version.hpp>

#include <cstdint>

namespace nninit::inline NNINIT_ABI::detail::inline NNINIT_COMPILER {

inline constexpr std::uint32_t philox_m0 = 0xd2511f53, philox_m1 = 0xcd9e8d57;
inline constexpr std::uint32_t philox_w0 = 0x9e3779b9, philox_w1 = 0xbb67ae85;

/// What blocks have in common whose numbers have the same high half. Only the low half of its
/// number is a block's own at first, so that half of the products of the first two rounds are
/// worked out here, for all of them: `number` is what the block's own word is combined with in
/// round 1; c0, c2 and c3 what the other words bring to round 2.
struct Rounds {
    static constexpr int count = 10;
    std::uint64_t k0[count], k1[count], c0, c2, c3, number, high;

    Rounds(std::uint64_t seed, std::uint64_t stream, std::uint64_t high_half) : high(high_half) {
        for (std::uint32_t r = 0; r < count; ++r) {
            k0[r] = static_cast<std::uint32_t>(seed) + r * philox_w0;
            k1[r] = static_cast<std::uint32_t>(seed >> 32) + r * philox_w1;
        }
        const std::uint64_t p1 = (stream & 0xffffffff) * philox_m1;
        c3 = (p1 >> 32 ^ high ^ k0[0]) * philox_m0;
        c0 = (p1 & 0xffffffff) ^ k0[1];
        c2 = c3 >> 32 ^ k1[1];
        number = stream >> 32 ^ k1[0];
    }
};

} // namespace nninit::inline NNINIT_ABI::detail::inline NNINIT_COMPILER

#endif
