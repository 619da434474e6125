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
#include <nninit/detail/simd/x86.inl>

template <class T> inline constexpr int bank = 128 / sizeof(T);
inline constexpr std::uint16_t even_words = 0x5555, odd_words = 0xaaaa; // as masks

NNINIT_INLINE F64 to_float(I64 v) { return __builtin_convertvector(v, F64); }
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
/// The low halves of both, or the high ones, alternating.
NNINIT_INLINE U64 low_halves(U64 even, U64 odd) {
    asm("vmovsldup %1, %0 %{%2%}" : "+v"(even) : "v"(odd), "Yk"(odd_words));
    return even;
}
NNINIT_INLINE U64 high_halves(U64 even, U64 odd) {
    asm("vmovshdup %1, %0 %{%2%}" : "+v"(odd) : "v"(even), "Yk"(even_words));
    return odd;
}

#include <nninit/detail/simd/several.inl>

inline constexpr std::size_t chains = 6;
template <class V> using Group = Several<V, 4>;
#include <nninit/detail/simd/derived.inl>

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
