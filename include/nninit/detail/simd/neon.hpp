// SPDX-License-Identifier: MIT
// NEON as every little-endian 64-bit ARM has it.

#ifndef NNINIT_DETAIL_SIMD_NEON_HPP
#define NNINIT_DETAIL_SIMD_NEON_HPP
#include <nninit/version.hpp>

#if defined(NNINIT_VECTORS) && defined(__AARCH64EL__)

#include <nninit/detail/simd/set.hpp>

#include <arm_neon.h>

#define NNINIT_INLINE [[gnu::__always_inline__]] inline
#if defined(__clang__)
#define NNINIT_UNROLL _Pragma("unroll")
#else
#define NNINIT_UNROLL _Pragma("GCC unroll 16")
#pragma GCC push_options
NNINIT_OPTIMIZE
#endif

namespace nninit::inline NNINIT_ABI::detail::inline NNINIT_COMPILER::neon {

inline constexpr std::size_t vector_bytes = 16;
#include <nninit/detail/simd/vectors.inl>

template <class T> inline constexpr int bank = sizeof(T) == 4 ? 16 : 32;

template <class V> NNINIT_INLINE V opaque(V v) {
    asm("" : "+w"(v));
    return v;
}
NNINIT_INLINE F64 to_float(I64 v) { return __builtin_convertvector(v, F64); }
template <class V> NNINIT_INLINE V clamped(V x, V low, V high) {
    x = x < low ? opaque(low) : x;
    return high < x ? opaque(high) : x;
}
NNINIT_INLINE F64 divide(F64 a, F64 b) {
    asm("fdiv %0.2d, %1.2d, %2.2d" : "=w"(a) : "w"(a), "w"(b));
    return a;
}
NNINIT_INLINE F32 fma(F32 a, F32 b, F32 c) {
    asm("fmla %0.4s, %1.4s, %2.4s" : "+w"(c) : "w"(a), "w"(b));
    return c;
}
NNINIT_INLINE F64 fma(F64 a, F64 b, F64 c) {
    asm("fmla %0.2d, %1.2d, %2.2d" : "+w"(c) : "w"(a), "w"(b));
    return c;
}
NNINIT_INLINE U64 multiply(U64 a, U64 b) {
    return cast<U64>(vmull_u32(vmovn_u64(cast<uint64x2_t>(a)), vmovn_u64(cast<uint64x2_t>(b))));
}
NNINIT_INLINE bool any_negative(I32 v) {
    const U64 s = cast<U64>(v);
    return ((s[0] | s[1]) & 0x8000000080000000U) != 0;
}
NNINIT_INLINE bool any_negative(I64 v) { return ((v[0] | v[1]) >> 63) != 0; }

template <class T> NNINIT_INLINE const T* table_row(const T* table, int) { return table; }
/// Of 16 numbers, by their bytes.
NNINIT_INLINE U32 lookup(I32 index, const std::uint32_t* row) {
    const U32 bytes = (cast<U32>(index) & 15U) * 0x04040404U + 0x03020100U;
    return cast<U32>(vqtbl4q_u8(vld1q_u8_x4(reinterpret_cast<const std::uint8_t*>(row)),
                                cast<uint8x16_t>(bytes)));
}
NNINIT_INLINE F32 lookup(I32 index, const float* row) {
    return cast<F32>(lookup(index, reinterpret_cast<const std::uint32_t*>(row))); // moves bits
}
NNINIT_INLINE F64 lookup(I64 index, const double* row) {
    return F64{row[index[0] & 31], row[index[1] & 31]};
}
NNINIT_INLINE U64 lookup(I64 index, const std::uint64_t* row) {
    return U64{row[index[0] & 31], row[index[1] & 31]};
}

NNINIT_INLINE U64 block_offsets() { return U64{0, 1}; }
/// The low halves of both, or the high ones, alternating.
NNINIT_INLINE U64 low_halves(U64 even, U64 odd) {
    return cast<U64>(vtrn1q_u32(cast<uint32x4_t>(even), cast<uint32x4_t>(odd)));
}
NNINIT_INLINE U64 high_halves(U64 even, U64 odd) {
    return cast<U64>(vtrn2q_u32(cast<uint32x4_t>(even), cast<uint32x4_t>(odd)));
}
NNINIT_INLINE U64 lower_lanes(U64 first, U64 second) {
    return cast<U64>(vzip1q_u64(cast<uint64x2_t>(first), cast<uint64x2_t>(second)));
}
NNINIT_INLINE U64 upper_lanes(U64 first, U64 second) {
    return cast<U64>(vzip2q_u64(cast<uint64x2_t>(first), cast<uint64x2_t>(second)));
}

#include <nninit/detail/simd/several.inl>

inline constexpr std::size_t chains = 4;
template <class V> using Group = Several<V, 2>;
#include <nninit/detail/simd/derived.inl>

#include <nninit/detail/simd/words.inl>

#include <nninit/detail/simd/values.inl>

} // namespace nninit::inline NNINIT_ABI::detail::inline NNINIT_COMPILER::neon

#if !defined(__clang__)
#pragma GCC pop_options
#endif

#undef NNINIT_INLINE
#undef NNINIT_UNROLL

#endif
#endif
