// SPDX-License-Identifier: MIT
// AVX-512 (F, DQ, VL, BW). Instructions that the vector extensions cannot spell are written as
// assembly: <immintrin.h> alone would take half as long to compile as Eigen.

#ifndef NNINIT_DETAIL_SIMD_AVX512_HPP
#define NNINIT_DETAIL_SIMD_AVX512_HPP
#include <nninit/version.hpp>

#if defined(NNINIT_VECTORS) && defined(__x86_64__)

#include <nninit/detail/simd/set.hpp>

#define NNINIT_INLINE [[gnu::__always_inline__]] inline

#if defined(__clang__)
#define NNINIT_UNROLL _Pragma("unroll")
#pragma clang attribute push(                                                                      \
    __attribute__((target("avx2,fma,avx512f,avx512dq,avx512vl,avx512bw"))), apply_to = function)
#else
#define NNINIT_UNROLL _Pragma("GCC unroll 16")
#pragma GCC push_options
#pragma GCC target("avx2,fma,avx512f,avx512dq,avx512vl,avx512bw")
NNINIT_OPTIMIZE
#endif

namespace nninit::inline NNINIT_ABI::detail::inline NNINIT_COMPILER::avx512 {

inline constexpr std::size_t vector_bytes = 64;
#include <nninit/detail/simd/vectors.inl>

template <class T> inline constexpr int bank = 128 / sizeof(T);
inline constexpr std::uint16_t even_words = 0x5555, odd_words = 0xaaaa; // as masks

template <class V> NNINIT_INLINE V opaque(V v) {
    asm("" : "+v"(v));
    return v;
}
NNINIT_INLINE F64 to_float(I64 v) { return __builtin_convertvector(v, F64); }
NNINIT_INLINE F32 smaller(F32 a, F32 b) {
    asm("vminps %1, %2, %0" : "=v"(a) : "v"(a), "v"(b));
    return a;
}
NNINIT_INLINE F64 smaller(F64 a, F64 b) {
    asm("vminpd %1, %2, %0" : "=v"(a) : "v"(a), "v"(b));
    return a;
}
NNINIT_INLINE F32 larger(F32 a, F32 b) {
    asm("vmaxps %1, %2, %0" : "=v"(a) : "v"(a), "v"(b));
    return a;
}
NNINIT_INLINE F64 larger(F64 a, F64 b) {
    asm("vmaxpd %1, %2, %0" : "=v"(a) : "v"(a), "v"(b));
    return a;
}
NNINIT_INLINE F64 divide(F64 a, F64 b) { return a / b; }
NNINIT_INLINE F32 fma(F32 a, F32 b, F32 c) {
    asm("vfmadd213ps %2, %1, %0" : "+v"(b) : "v"(a), "v"(c));
    return b;
}
NNINIT_INLINE F64 fma(F64 a, F64 b, F64 c) {
    asm("vfmadd213pd %2, %1, %0" : "+v"(b) : "v"(a), "v"(c));
    return b;
}
NNINIT_INLINE U64 multiply(U64 a, U64 b) {
    U64 product;
    asm("vpmuludq %2, %1, %0" : "=v"(product) : "v"(a), "v"(b));
    return product;
}
NNINIT_INLINE bool any_negative(I32 v) {
    unsigned mask;
    asm("vpmovd2m %1, %%k1\n\tkmovw %%k1, %0" : "=r"(mask) : "v"(v) : "k1");
    return mask != 0;
}
NNINIT_INLINE bool any_negative(I64 v) {
    unsigned mask;
    asm("vpmovq2m %1, %%k1\n\tkmovb %%k1, %0" : "=r"(mask) : "v"(v) : "k1");
    return mask != 0;
}

/// A row's numbers, in two registers.
template <class V> struct Row { V low, high; };
template <class V, class T> NNINIT_INLINE Row<V> load_row(const T* table) {
    Row<V> row;
    std::memcpy(&row.low, table, sizeof row.low);
    std::memcpy(&row.high, table + sizeof(V) / sizeof(T), sizeof row.high);
    return row;
}
NNINIT_INLINE auto table_row(const float* table, int) { return load_row<F32>(table); }
NNINIT_INLINE auto table_row(const std::uint32_t* table, int) { return load_row<U32>(table); }
NNINIT_INLINE auto table_row(const double* table, int) { return load_row<F64>(table); }
NNINIT_INLINE auto table_row(const std::uint64_t* table, int) { return load_row<U64>(table); }
NNINIT_INLINE F32 lookup(I32 index, Row<F32> row) {
    asm("vpermi2ps %2, %1, %0" : "+v"(index) : "v"(row.low), "v"(row.high));
    return cast<F32>(index);
}
NNINIT_INLINE U32 lookup(I32 index, Row<U32> row) {
    asm("vpermi2d %2, %1, %0" : "+v"(index) : "v"(row.low), "v"(row.high));
    return cast<U32>(index);
}
NNINIT_INLINE F64 lookup(I64 index, Row<F64> row) {
    asm("vpermi2pd %2, %1, %0" : "+v"(index) : "v"(row.low), "v"(row.high));
    return cast<F64>(index);
}
NNINIT_INLINE U64 lookup(I64 index, Row<U64> row) {
    asm("vpermi2q %2, %1, %0" : "+v"(index) : "v"(row.low), "v"(row.high));
    return cast<U64>(index);
}

NNINIT_INLINE U64 block_offsets() { return U64{0, 4, 1, 5, 2, 6, 3, 7}; }
/// The low halves, alternating.
NNINIT_INLINE U64 interleave(U64 even, U64 odd) {
    asm("vmovsldup %1, %0 %{%2%}" : "+v"(even) : "v"(odd), "Yk"(odd_words));
    return even;
}
NNINIT_INLINE void store_words(U64 c0, U64 c1, U64 c2, U64 c3, std::uint32_t* out) {
    const U64 first = interleave(c0, c1), second = interleave(c2, c3);
    U64 lower, upper;
    asm("vpunpcklqdq %2, %1, %0" : "=v"(lower) : "v"(first), "v"(second));
    asm("vpunpckhqdq %2, %1, %0" : "=v"(upper) : "v"(first), "v"(second));
    std::memcpy(out, &lower, sizeof lower);
    std::memcpy(out + 16, &upper, sizeof upper);
}

#include <nninit/detail/simd/several.inl>

inline constexpr std::size_t chains = 6;
template <class V> using Group = Several<V, 4>;
NNINIT_INLINE void share(U32 word, const Law<float>& law, U32& high, U32& low) {
    const U64 width = splat(std::uint64_t{law.width});
    const U64 first = splat(law.start + law.width / 2), w = cast<U64>(word);
    const U64 even = multiply(w, width) + first, odd = multiply(w >> 32, width) + first;
    high = cast<U32>(odd);
    asm("vmovshdup %1, %0 %{%2%}" : "+v"(high) : "v"(even), "Yk"(even_words));
    low = cast<U32>(interleave(even, odd));
}
#include <nninit/detail/simd/shares.inl>

#include <nninit/detail/simd/words.inl>

#include <nninit/detail/simd/values.inl>

} // namespace nninit::inline NNINIT_ABI::detail::inline NNINIT_COMPILER::avx512

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

#undef NNINIT_INLINE
#undef NNINIT_UNROLL

#endif
#endif
