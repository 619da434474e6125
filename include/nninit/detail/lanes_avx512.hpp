// SPDX-License-Identifier: MIT
// AVX-512 (F, DQ, VL, BW). Instructions that the vector extensions cannot spell are written as
// assembly: <immintrin.h> alone would take half as long to compile as Eigen.

#ifndef NNINIT_DETAIL_LANES_AVX512_HPP
#define NNINIT_DETAIL_LANES_AVX512_HPP
#if defined(__GNUC__) && defined(__x86_64__)

#include <nninit/detail/lanes_portable.hpp>

#include <algorithm>
#include <cstring>
#include <iterator>

#if defined(__clang__)
#pragma clang attribute push(                                                                      \
    __attribute__((target("avx2,fma,avx512f,avx512dq,avx512vl,avx512bw"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,fma,avx512f,avx512dq,avx512vl,avx512bw")
#endif

namespace nninit::detail::avx512 {

struct Lanes {
    typedef std::uint32_t U32 __attribute__((vector_size(64)));
    typedef std::int32_t I32 __attribute__((vector_size(64)));
    typedef float F32 __attribute__((vector_size(64)));
    typedef std::uint64_t U64 __attribute__((vector_size(64)));
    typedef std::int64_t I64 __attribute__((vector_size(64)));
    typedef double F64 __attribute__((vector_size(64)));

    using Constant = std::uint64_t; // the instructions spread it

    static constexpr int width = 16, blocks = 8, chains = 6;
    template <class T> static constexpr int side_by_side = 6;
    template <class T> static constexpr int together = 6;
    template <class T> static constexpr int lanes = 64 / sizeof(T);
    template <class Word> static constexpr int bank = 128 / sizeof(Word);
    static constexpr bool fused = true;
    static constexpr std::uint16_t even_words = 0x5555, odd_words = 0xaaaa; // as masks

    template <class V> [[gnu::always_inline]] static V opaque(V v) {
        asm("" : "+v"(v));
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

    /// Of doubles; of floats, -ffast-math would make a product with an estimate.
    [[gnu::always_inline]] static F64 divide(F64 a, F64 b) { return a / b; }
    [[gnu::always_inline]] static F32 fma(F32 a, F32 b, F32 c) {
        asm("vfmadd213ps %2, %1, %0" : "+v"(b) : "v"(a), "v"(c));
        return b;
    }
    [[gnu::always_inline]] static F64 fma(F64 a, F64 b, F64 c) {
        asm("vfmadd213pd %2, %1, %0" : "+v"(b) : "v"(a), "v"(c));
        return b;
    }
    template <class V> [[gnu::always_inline]] static V smaller(V a, V b) { return b < a ? b : a; }
    template <class V> [[gnu::always_inline]] static V larger(V a, V b) { return a < b ? b : a; }

    /// The product of the low halves.
    [[gnu::always_inline]] static U64 multiply(U64 a, U64 b) {
        U64 product;
        asm("vpmuludq %2, %1, %0" : "=v"(product) : "v"(a), "v"(b));
        return product;
    }
    [[gnu::always_inline]] static U64 multiply(U64 a, Constant b) {
        return multiply(a, splat(a, b));
    }

    /// table[index % bank]; a row of the table is held in two registers while several vectors of
    /// indices go through it.
    template <class V> struct Row { V low, high; };
    template <class V, class T> [[gnu::always_inline]] static Row<V> load_row(const T* table) {
        Row<V> r;
        std::memcpy(&r, table, sizeof r);
        r.low = opaque(r.low); // to be copied from registers, not loaded again for each lookup
        r.high = opaque(r.high);
        return r;
    }
    [[gnu::always_inline]] static auto row(const float* t, int) { return load_row<F32>(t); }
    [[gnu::always_inline]] static auto row(const std::uint32_t* t, int) { return load_row<U32>(t); }
    [[gnu::always_inline]] static auto row(const double* t, int) { return load_row<F64>(t); }
    [[gnu::always_inline]] static auto row(const std::uint64_t* t, int) { return load_row<U64>(t); }
    [[gnu::always_inline]] static F32 lookup(I32 index, Row<F32> row) {
        asm("vpermt2ps %2, %1, %0" : "+v"(row.low) : "v"(index), "v"(row.high));
        return row.low;
    }
    [[gnu::always_inline]] static U32 lookup(I32 index, Row<U32> row) {
        asm("vpermt2d %2, %1, %0" : "+v"(row.low) : "v"(index), "v"(row.high));
        return row.low;
    }
    [[gnu::always_inline]] static F64 lookup(I64 index, Row<F64> row) {
        asm("vpermt2pd %2, %1, %0" : "+v"(row.low) : "v"(index), "v"(row.high));
        return row.low;
    }
    [[gnu::always_inline]] static U64 lookup(I64 index, Row<U64> row) {
        asm("vpermt2q %2, %1, %0" : "+v"(row.low) : "v"(index), "v"(row.high));
        return row.low;
    }

    template <class V, int n> [[gnu::always_inline]] static bool any_negative(const V (&v)[n]) {
        V signs = v[0];
        for (int i = 1; i < n; ++i) signs |= v[i];
        unsigned mask;
        if constexpr (std::is_same_v<V, I32>)
            asm("vpmovd2m %1, %%k1\n\tkmovw %%k1, %0" : "=r"(mask) : "v"(signs) : "k1");
        else
            asm("vpmovq2m %1, %%k1\n\tkmovb %%k1, %0" : "=r"(mask) : "v"(signs) : "k1");
        return mask != 0;
    }

    /// The low halves, alternating.
    [[gnu::always_inline]] static U32 interleave(U64 even, U64 odd) {
        asm("vmovsldup %1, %0 %{%2%}" : "+v"(even) : "v"(odd), "Yk"(odd_words));
        return cast<U32>(even);
    }
    /// Which of the blocks a lane computes: the order that pack() turns into consecutive words.
    [[gnu::always_inline]] static U64 block_offsets() { return U64{0, 4, 1, 5, 2, 6, 3, 7}; }
    /// The low halves of (p >> 32) ^ a ^ b and of p, alternating: two words of each block.
    [[gnu::always_inline]] static U64 word_pairs(U64 p, U64 a, Constant b) {
        asm("vpshufd $0xb1, %1, %0" : "=v"(p) : "v"(p));
        asm("vpternlogd $0x96, %2, %1, %0 %{%3%}"
            : "+v"(p)
            : "v"(a), "v"(splat(a, b)), "Yk"(even_words));
        return p;
    }
    /// Words 0 and 1 and words 2 and 3 of the blocks, in order.
    [[gnu::always_inline]] static void pack(U64 first, U64 second, U32* words) {
        asm("vpunpcklqdq %2, %1, %0" : "=v"(words[0]) : "v"(first), "v"(second));
        asm("vpunpckhqdq %2, %1, %0" : "=v"(words[1]) : "v"(first), "v"(second));
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
        high = cast<U32>(odd);
        low = cast<U32>(even);
        asm("vmovshdup %1, %0 %{%2%}" : "+v"(high) : "v"(even), "Yk"(even_words));
        asm("vmovsldup %1, %0 %{%2%}" : "+v"(low) : "v"(odd), "Yk"(odd_words));
    }
};

#include <nninit/detail/kernel.inl>
#include <nninit/detail/rows.inl>

} // namespace nninit::detail::avx512

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

#endif
#endif
