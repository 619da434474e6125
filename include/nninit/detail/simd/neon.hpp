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
template <class V> NNINIT_INLINE V smaller(V a, V b) { return b < a ? opaque(b) : a; }
template <class V> NNINIT_INLINE V larger(V a, V b) { return a < b ? opaque(b) : a; }
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
/// The low halves, alternating.
NNINIT_INLINE uint64x2_t interleave(U64 even, U64 odd) {
    return cast<uint64x2_t>(vtrn1q_u32(cast<uint32x4_t>(even), cast<uint32x4_t>(odd)));
}
NNINIT_INLINE void store_words(U64 c0, U64 c1, U64 c2, U64 c3, std::uint32_t* out) {
    const uint64x2_t first = interleave(c0, c1), second = interleave(c2, c3);
    const uint64x2_t lower = vzip1q_u64(first, second), upper = vzip2q_u64(first, second);
    std::memcpy(out, &lower, sizeof lower);
    std::memcpy(out + 4, &upper, sizeof upper);
}

#include <nninit/detail/simd/several.inl>

inline constexpr std::size_t chains = 4;
template <class V> using Group = Several<V, 2>;
NNINIT_INLINE void share(U32 word, const Law<float>& law, U32& high, U32& low) {
    const U64 width = splat(std::uint64_t{law.width});
    const U64 first = splat(law.start + law.width / 2), w = cast<U64>(word);
    const U64 even = multiply(w, width) + first, odd = multiply(w >> 32, width) + first;
    high = cast<U32>((even >> 32) | (odd & 0xffffffff00000000U));
    low = cast<U32>((even & 0xffffffffU) | odd << 32);
}
#include <nninit/detail/simd/shares.inl>

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
