// SPDX-License-Identifier: MIT
// NEON as every little-endian 64-bit ARM has it.

#ifndef NNINIT_DETAIL_LANES_NEON_HPP
#define NNINIT_DETAIL_LANES_NEON_HPP
#if defined(__GNUC__) && defined(__AARCH64EL__)

#include <nninit/detail/lanes_portable.hpp>

#include <algorithm>
#include <arm_neon.h>
#include <cstring>
#include <iterator>

namespace nninit::detail::neon {

struct Lanes {
    typedef std::uint32_t U32 __attribute__((vector_size(16)));
    typedef std::int32_t I32 __attribute__((vector_size(16)));
    typedef float F32 __attribute__((vector_size(16)));
    typedef std::uint64_t U64 __attribute__((vector_size(16)));
    typedef std::int64_t I64 __attribute__((vector_size(16)));
    typedef double F64 __attribute__((vector_size(16)));

    using Constant = std::uint64_t;

    static constexpr int width = 4, blocks = 2, chains = 4;
    template <class T> static constexpr int side_by_side = 4;
    template <class T> static constexpr int together = 4;
    template <class T> static constexpr int lanes = 16 / sizeof(T);
    template <class Word> static constexpr int bank = sizeof(Word) == 4 ? 16 : 32;
    static constexpr bool fused = true;

    template <class V> [[gnu::always_inline]] static V opaque(V v) {
        asm("" : "+w"(v));
        return v;
    }
    template <class V, class T> [[gnu::always_inline]] static V splat(V, T value) {
        return value - V{};
    }
    template <class To, class From> [[gnu::always_inline]] static To cast(From v) {
        return __builtin_bit_cast(To, v);
    }
    [[gnu::always_inline]] static I32 as_signed(U32 v) { return cast<I32>(v); }
    [[gnu::always_inline]] static I64 as_signed(U64 v) { return cast<I64>(v); }
    [[gnu::always_inline]] static U32 as_unsigned(I32 v) { return cast<U32>(v); }
    [[gnu::always_inline]] static U32 as_unsigned(F32 v) { return cast<U32>(v); }
    [[gnu::always_inline]] static U64 as_unsigned(I64 v) { return cast<U64>(v); }
    [[gnu::always_inline]] static U64 as_unsigned(F64 v) { return cast<U64>(v); }
    [[gnu::always_inline]] static F32 as_float(U32 v) { return cast<F32>(v); }
    [[gnu::always_inline]] static F64 as_float(U64 v) { return cast<F64>(v); }
    [[gnu::always_inline]] static F32 to_float(I32 v) { return __builtin_convertvector(v, F32); }
    [[gnu::always_inline]] static F64 to_float(I64 v) { return __builtin_convertvector(v, F64); }
    template <class Mask, class V> [[gnu::always_inline]] static V select(Mask m, V a, V b) {
        return m ? a : b;
    }

    [[gnu::always_inline]] static F64 divide(F64 a, F64 b) {
        asm("fdiv %0.2d, %1.2d, %2.2d" : "=w"(a) : "w"(a), "w"(b));
        return a;
    }
    [[gnu::always_inline]] static F32 fma(F32 a, F32 b, F32 c) {
        asm("fmla %0.4s, %1.4s, %2.4s" : "+w"(c) : "w"(a), "w"(b));
        return c;
    }
    [[gnu::always_inline]] static F64 fma(F64 a, F64 b, F64 c) {
        asm("fmla %0.2d, %1.2d, %2.2d" : "+w"(c) : "w"(a), "w"(b));
        return c;
    }
    template <class V> [[gnu::always_inline]] static V smaller(V a, V b) { return b < a ? b : a; }
    template <class V> [[gnu::always_inline]] static V larger(V a, V b) { return a < b ? b : a; }

    /// The product of the low halves.
    [[gnu::always_inline]] static U64 multiply(U64 a, U64 b) {
        return cast<U64>(vmull_u32(vmovn_u64(cast<uint64x2_t>(a)), vmovn_u64(cast<uint64x2_t>(b))));
    }
    [[gnu::always_inline]] static U64 multiply(U64 a, Constant b) {
        return multiply(a, splat(a, b));
    }

    template <class T> [[gnu::always_inline]] static const T* row(const T* table, int) {
        return table;
    }
    /// table[index % 16], by its bytes.
    [[gnu::always_inline]] static U32 lookup(I32 index, const std::uint32_t* table) {
        const U32 bytes = (cast<U32>(index) & 15U) * 0x04040404U + 0x03020100U;
        return cast<U32>(vqtbl4q_u8(vld1q_u8_x4(reinterpret_cast<const std::uint8_t*>(table)),
                                    cast<uint8x16_t>(bytes)));
    }
    [[gnu::always_inline]] static F32 lookup(I32 index, const float* table) {
        const U32 bytes = (cast<U32>(index) & 15U) * 0x04040404U + 0x03020100U;
        return cast<F32>(vqtbl4q_u8(vld1q_u8_x4(reinterpret_cast<const std::uint8_t*>(table)),
                                    cast<uint8x16_t>(bytes)));
    }
    /// table[index % 32]
    template <class T> [[gnu::always_inline]] static auto lookup(I64 index, const T* table) {
        typedef T V __attribute__((vector_size(16)));
        return V{table[index[0] & 31], table[index[1] & 31]};
    }

    template <class V, int n> [[gnu::always_inline]] static bool any_negative(const V (&v)[n]) {
        V signs = v[0];
        for (int i = 1; i < n; ++i) signs |= v[i];
        const U64 s = cast<U64>(signs);
        return ((s[0] | s[1]) &
                (sizeof(v[0][0]) == 4 ? 0x8000000080000000U : 0x8000000000000000U)) != 0;
    }

    /// The low halves, alternating.
    [[gnu::always_inline]] static U32 interleave(U64 even, U64 odd) {
        return cast<U32>(vtrn1q_u32(cast<uint32x4_t>(even), cast<uint32x4_t>(odd)));
    }
    /// Which of the blocks a lane computes: the order that pack() turns into consecutive words.
    [[gnu::always_inline]] static U64 block_offsets() { return U64{0, 1}; }
    /// The low halves of (p >> 32) ^ a ^ b and of p, alternating: two words of each block.
    [[gnu::always_inline]] static U64 word_pairs(U64 p, U64 a, Constant b) {
        return cast<U64>(interleave((p >> 32) ^ a ^ b, p));
    }
    /// Words 0 and 1 and words 2 and 3 of the blocks, in order.
    [[gnu::always_inline]] static void pack(U64 first, U64 second, U32* words) {
        words[0] = cast<U32>(vzip1q_u64(cast<uint64x2_t>(first), cast<uint64x2_t>(second)));
        words[1] = cast<U32>(vzip2q_u64(cast<uint64x2_t>(first), cast<uint64x2_t>(second)));
    }
    template <class T> [[gnu::always_inline]] static auto word(const U32* words, std::size_t i) {
        if constexpr (sizeof(T) == 4)
            return words[i];
        else
            return cast<U64>(words[i]);
    }

    /// The high and low half of start + word * factor + factor / 2.
    [[gnu::always_inline]] static void share(U32 word, std::uint64_t start, std::uint32_t factor,
                                             U32& high, U32& low) {
        const U64 f = std::uint64_t{factor} - U64{}, first = start + factor / 2 - U64{};
        const U64 w = cast<U64>(word);
        const U64 even = multiply(w, f) + first, odd = multiply(w >> 32, f) + first;
        high = cast<U32>((even >> 32) | (odd & 0xffffffff00000000U));
        low = cast<U32>((even & 0xffffffffU) | odd << 32);
    }
};

#include <nninit/detail/kernel.inl>
#include <nninit/detail/rows.inl>

} // namespace nninit::detail::neon

#endif
#endif
