// SPDX-License-Identifier: MIT
// One lane of plain C++, for any compiler and machine.

#ifndef NNINIT_DETAIL_LANES_PORTABLE_HPP
#define NNINIT_DETAIL_LANES_PORTABLE_HPP

#include <nninit/detail/maps.hpp>

#include <algorithm>
#include <cstring>
#include <iterator>

namespace nninit::detail::portable {

struct Lanes {
    using U32 = std::uint32_t;
    using I32 = std::int32_t;
    using F32 = float;
    using U64 = std::uint64_t;
    using I64 = std::int64_t;
    using F64 = double;
    using Constant = std::uint64_t;

    static constexpr int width = 1, blocks = 1, chains = 2;
    template <class T> static constexpr int side_by_side = 4;
    template <class T> static constexpr int together = 4;
    template <class T> static constexpr int lanes = 1;
    template <class Word> static constexpr int bank = 32;
    static constexpr bool fused = false;

    template <class V> static V opaque(V v) { return detail::opaque(v); }
    template <class V, class T> static V splat(V, T value) { return value; }
    static I32 as_signed(U32 v) { return static_cast<I32>(v); }
    static I64 as_signed(U64 v) { return static_cast<I64>(v); }
    static U32 as_unsigned(I32 v) { return static_cast<U32>(v); }
    static U32 as_unsigned(F32 v) { return std::bit_cast<U32>(v); }
    static U64 as_unsigned(I64 v) { return static_cast<U64>(v); }
    static U64 as_unsigned(F64 v) { return std::bit_cast<U64>(v); }
    static F32 as_float(U32 v) { return std::bit_cast<F32>(v); }
    static F64 as_float(U64 v) { return std::bit_cast<F64>(v); }
    static F32 to_float(I32 v) { return static_cast<F32>(v); }
    static F64 to_float(I64 v) { return static_cast<F64>(v); }
    template <class V> static V select(bool mask, V a, V b) { return mask ? a : b; }

    static F64 divide(F64 a, F64 b) { return detail::divide(a, b); }
    template <class V> static V fma(V a, V b, V c) { return detail::fma(a, b, c); }
    template <class V> static V smaller(V a, V b) { return b < a ? b : a; }
    template <class V> static V larger(V a, V b) { return a < b ? b : a; }

    /// The product of the low halves.
    static U64 multiply(U64 a, U64 b) { return (a & 0xffffffff) * (b & 0xffffffff); }

    template <class T> static const T* row(const T* table, int) { return table; }
    /// table[index % 32]
    template <class T, class Index> static T lookup(Index index, const T* table) {
        return table[index & 31];
    }
    template <class V, int n> static bool any_negative(const V (&v)[n]) {
        return std::any_of(v, v + n, [](V x) { return x < 0; });
    }

    static U64 block_offsets() { return 0; }
    /// The low halves of (p >> 32) ^ a ^ b and of p, alternating: two words of each block.
    static U64 word_pairs(U64 p, U64 a, Constant b) {
        return ((p >> 32 ^ a ^ b) & 0xffffffff) | p << 32;
    }
    /// Words 0 and 1 and words 2 and 3 of the blocks, in order.
    static void pack(U64 first, U64 second, U32* words) {
        words[0] = static_cast<U32>(first);
        words[1] = static_cast<U32>(first >> 32);
        words[2] = static_cast<U32>(second);
        words[3] = static_cast<U32>(second >> 32);
    }
    template <class T> static auto word(const U32* words, std::size_t i) {
        if constexpr (sizeof(T) == 4)
            return words[i];
        else
            return words[2 * i] | U64{words[2 * i + 1]} << 32;
    }

    /// The high and low half of start + word * factor + factor / 2.
    static void share(U32 word, std::uint64_t start, std::uint32_t factor, U32& high, U32& low) {
        const U64 s = start + U64{word} * factor + factor / 2;
        high = static_cast<U32>(s >> 32);
        low = static_cast<U32>(s);
    }
};

#include <nninit/detail/kernel.inl>

} // namespace nninit::detail::portable

#endif
