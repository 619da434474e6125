// SPDX-License-Identifier: MIT
// AVX2 with FMA. Instructions that the vector extensions cannot spell are written as
// assembly: <immintrin.h> alone would take half as long to compile as Eigen.

#ifndef NNINIT_DETAIL_LANES_AVX2_HPP
#define NNINIT_DETAIL_LANES_AVX2_HPP
#if defined(__GNUC__) && defined(__x86_64__)

#include <nninit/detail/lanes_portable.hpp>

#include <algorithm>
#include <array>
#include <cstring>
#include <iterator>

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,fma")
#endif

namespace nninit::detail::avx2 {

/// The rows of quantile_double and quantile_base_double, 2k and 2k + 1 side by side for each
/// segment, to be loaded at once.
template <std::size_t> // a template, to be worked out only where a double is drawn
inline constexpr auto row_pairs = [] {
    constexpr std::size_t coefficients = std::size(quantile_double), rows = coefficients + 1;
    static_assert(rows % 2 == 0);
    std::array<double, rows * 32> pairs{};
    for (std::size_t k = 0; k < rows; ++k)
        for (std::size_t segment = 0; segment < 32; ++segment)
            pairs[(k / 2 * 32 + segment) * 2 + k % 2] =
                k < coefficients ? quantile_double[k][segment]
                                 : std::bit_cast<double>(quantile_base_double[segment]);
    return pairs;
}();

struct Lanes {
    typedef std::uint32_t U32 __attribute__((vector_size(32)));
    typedef std::int32_t I32 __attribute__((vector_size(32)));
    typedef float F32 __attribute__((vector_size(32)));
    typedef std::uint64_t U64 __attribute__((vector_size(32)));
    typedef std::int64_t I64 __attribute__((vector_size(32)));
    typedef double F64 __attribute__((vector_size(32)));

    /// Philox's constants, spread in memory, where reading them needs no register.
    using Constant = U64;

#if defined(__clang__)
    static constexpr int chains = 3; // as many as it holds in 16 registers
#else
    static constexpr int chains = 4;
#endif
    static constexpr int width = 8, blocks = 4;
    template <class T> static constexpr int side_by_side = sizeof(T) == 4 ? chains : 2 * chains;
    template <class T> static constexpr int together = sizeof(T) == 4 ? chains : 2;
    template <class T> static constexpr int lanes = 32 / sizeof(T);
    template <class Word> static constexpr int bank = sizeof(Word) == 4 ? 16 : 32;
    static constexpr bool fused = true;

    template <class V> [[gnu::always_inline]] static V opaque(V v) {
        asm("" : "+x"(v));
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
    /// high 2^32 + low, the products and the low half exact, the sum rounded once.
    [[gnu::always_inline]] static F64 to_float(I64 v) {
        const U32 odd = {1, 3, 5, 7, 1, 3, 5, 7};
        U32 halves;
        asm("vpermd %2, %1, %0" : "=x"(halves) : "x"(odd), "x"(v));
        F64 high;
        asm("vcvtdq2pd %x1, %0" : "=x"(high) : "x"(halves));
        const U64 magic = std::uint64_t{0x4330000000000000U} - U64{}; // 2^52
        const F64 low = opaque(cast<F64>((cast<U64>(v) & 0xffffffffU) | magic)) - 0x1p52;
        return opaque(opaque(high * 0x1p32) + opaque(low));
    }
    template <class Mask, class V> [[gnu::always_inline]] static V select(Mask m, V a, V b) {
        return m ? a : b;
    }

    /// Of doubles; of floats, -ffast-math would make a product with an estimate.
    [[gnu::always_inline]] static F64 divide(F64 a, F64 b) { return a / b; }
    [[gnu::always_inline]] static F32 fma(F32 a, F32 b, F32 c) {
        asm("vfmadd213ps %2, %1, %0" : "+x"(b) : "x"(a), "x"(c));
        return b;
    }
    [[gnu::always_inline]] static F64 fma(F64 a, F64 b, F64 c) {
        asm("vfmadd213pd %2, %1, %0" : "+x"(b) : "x"(a), "x"(c));
        return b;
    }
    [[gnu::always_inline]] static F32 smaller(F32 a, F32 b) {
        asm("vminps %1, %2, %0" : "=x"(a) : "x"(a), "x"(b));
        return a;
    }
    [[gnu::always_inline]] static F64 smaller(F64 a, F64 b) {
        asm("vminpd %1, %2, %0" : "=x"(a) : "x"(a), "x"(b));
        return a;
    }
    [[gnu::always_inline]] static F32 larger(F32 a, F32 b) {
        asm("vmaxps %1, %2, %0" : "=x"(a) : "x"(a), "x"(b));
        return a;
    }
    [[gnu::always_inline]] static F64 larger(F64 a, F64 b) {
        asm("vmaxpd %1, %2, %0" : "=x"(a) : "x"(a), "x"(b));
        return a;
    }

    /// The product of the low halves; b, which stays the same, is read from memory.
    [[gnu::always_inline]] static U64 multiply(U64 a, const U64& b) {
        U64 product;
        asm("vpmuludq %2, %1, %0" : "=x"(product) : "x"(a), "m"(b));
        return product;
    }

    /// Where the pairs of all segments are that hold a number of V, and which of the two it is.
    template <class V> struct Pairs {
        const double* pairs;
        bool second;
    };
    /// Row k of the quantile's table; doubles have their own copy, row_pairs.
    template <class T> [[gnu::always_inline]] static auto row(const T* table, int k) {
        if constexpr (sizeof(T) == 4)
            return table;
        else
            return Pairs<std::conditional_t<std::is_same_v<T, double>, F64, U64>>{
                &row_pairs<sizeof(T)>[std::size_t(k / 2) * 64], k % 2 != 0};
    }
    /// table[index % 16]: the upper eight where bit 3 of the index, moved to the sign, says so.
    [[gnu::always_inline]] static F32 lookup(I32 index, const float* table) {
        F32 lower, upper;
        asm("vpermps %2, %1, %0"
            : "=x"(lower)
            : "x"(index), "m"(*reinterpret_cast<const float(*)[8]>(table)));
        asm("vpermps %2, %1, %0"
            : "=x"(upper)
            : "x"(index), "m"(*reinterpret_cast<const float(*)[8]>(table + 8)));
        asm("vblendvps %2, %1, %0, %0" : "+x"(lower) : "x"(upper), "x"(index << 28));
        return lower;
    }
    [[gnu::always_inline]] static U32 lookup(I32 index, const std::uint32_t* table) {
        return cast<U32>(lookup(index, reinterpret_cast<const float*>(table))); // moves bits
    }
    [[gnu::always_inline]] static F64 two_pairs(const double* low, const double* high) {
        F64 v;
        asm("vmovupd %1, %x0\n\tvinsertf128 $1, %2, %0, %0"
            : "=&x"(v)
            : "m"(*reinterpret_cast<const double(*)[2]>(low)),
              "m"(*reinterpret_cast<const double(*)[2]>(high)));
        return v;
    }
    /// The number of segment index % 32; a compiler loads a pair once for both of its numbers.
    template <class V> [[gnu::always_inline]] static V lookup(I64 index, Pairs<V> row) {
        const I64 i = (index & 31) << 1;
        const F64 even = two_pairs(row.pairs + i[0], row.pairs + i[2]);
        const F64 odd = two_pairs(row.pairs + i[1], row.pairs + i[3]);
        F64 v;
        if (row.second)
            asm("vunpckhpd %2, %1, %0" : "=x"(v) : "x"(even), "x"(odd));
        else
            asm("vunpcklpd %2, %1, %0" : "=x"(v) : "x"(even), "x"(odd));
        return cast<V>(v);
    }

    template <class V, int n> [[gnu::always_inline]] static bool any_negative(const V (&v)[n]) {
        V signs = v[0];
        for (int i = 1; i < n; ++i) signs |= v[i];
        int mask;
        if constexpr (std::is_same_v<V, I32>)
            asm("vmovmskps %1, %0" : "=r"(mask) : "x"(signs));
        else
            asm("vmovmskpd %1, %0" : "=r"(mask) : "x"(signs));
        return mask != 0;
    }

    /// The low halves, alternating.
    [[gnu::always_inline]] static U32 interleave(U64 even, U64 odd) {
        odd = odd << 32;
        asm("vpblendd $0xaa, %1, %0, %0" : "+x"(even) : "x"(odd));
        return cast<U32>(even);
    }
    /// Which of the blocks a lane computes: the order that pack() turns into consecutive words.
    [[gnu::always_inline]] static U64 block_offsets() { return U64{0, 2, 1, 3}; }
    /// The low halves of (p >> 32) ^ a ^ b and of p, alternating: two words of each block.
    [[gnu::always_inline]] static U64 word_pairs(U64 p, U64 a, const U64& b) {
        asm("vpshufd $0xb1, %1, %0" : "=x"(p) : "x"(p));
        a = p ^ a ^ b;
        asm("vpblendd $0xaa, %1, %0, %0" : "+x"(a) : "x"(p));
        return a;
    }
    /// Words 0 and 1 and words 2 and 3 of the blocks, in order.
    [[gnu::always_inline]] static void pack(U64 first, U64 second, U32* words) {
        asm("vpunpcklqdq %2, %1, %0" : "=x"(words[0]) : "x"(first), "x"(second));
        asm("vpunpckhqdq %2, %1, %0" : "=x"(words[1]) : "x"(first), "x"(second));
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
        const U64 lower = odd << 32;
        high = cast<U32>(even >> 32);
        low = cast<U32>(even);
        asm("vpblendd $0xaa, %1, %0, %0" : "+x"(high) : "x"(odd));
        asm("vpblendd $0xaa, %1, %0, %0" : "+x"(low) : "x"(lower));
    }
};

#include <nninit/detail/kernel.inl>
#include <nninit/detail/rows.inl>

} // namespace nninit::detail::avx2

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

#endif
#endif
