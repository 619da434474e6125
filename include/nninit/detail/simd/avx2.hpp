// SPDX-License-Identifier: MIT
// AVX2 with FMA. Instructions that the vector extensions cannot spell are written as
// assembly: <immintrin.h> alone would take half as long to compile as Eigen.

#ifndef NNINIT_DETAIL_SIMD_AVX2_HPP
#define NNINIT_DETAIL_SIMD_AVX2_HPP
#include <nninit/version.hpp>

#if defined(NNINIT_VECTORS) && defined(__x86_64__)

#include <nninit/detail/simd/set.hpp>

#include <array>

#define NNINIT_INLINE [[gnu::__always_inline__]] inline

#if defined(__clang__)
#define NNINIT_UNROLL _Pragma("unroll")
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#else
#define NNINIT_UNROLL _Pragma("GCC unroll 16")
#pragma GCC push_options
#pragma GCC target("avx2,fma")
NNINIT_OPTIMIZE
#endif

namespace nninit::inline NNINIT_ABI::detail::inline NNINIT_COMPILER::avx2 {

/// The rows of quantile_double and quantile_base_double, 2k and 2k + 1 side by side for each
/// segment, to be loaded at once.
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

inline constexpr std::size_t vector_bytes = 32;
#include <nninit/detail/simd/vectors.inl>
#include <nninit/detail/simd/x86.inl>

template <class T> inline constexpr int bank = sizeof(T) == 4 ? 16 : 32;

/// high 2^32 + low, the product and the low half exact, the sum rounded once.
NNINIT_INLINE F64 to_float(I64 v) {
    const U32 odd = {1, 3, 5, 7, 1, 3, 5, 7};
    U32 halves;
    asm("vpermd %2, %1, %0" : "=x"(halves) : "x"(odd), "x"(v));
    F64 high;
    asm("vcvtdq2pd %x1, %0" : "=x"(high) : "x"(halves));
    const U64 magic = splat(std::uint64_t{0x4330000000000000U}); // 2^52
    const F64 low = opaque(cast<F64>((cast<U64>(v) & 0xffffffffU) | magic)) - 0x1p52;
    return opaque(opaque(high * 0x1p32) + opaque(low));
}
NNINIT_INLINE bool any_negative(I32 v) {
    int mask;
    asm("vmovmskps %1, %0" : "=r"(mask) : "x"(v));
    return mask != 0;
}
NNINIT_INLINE bool any_negative(I64 v) {
    int mask;
    asm("vmovmskpd %1, %0" : "=r"(mask) : "x"(v));
    return mask != 0;
}

NNINIT_INLINE const float* table_row(const float* table, int) { return table; }
NNINIT_INLINE const std::uint32_t* table_row(const std::uint32_t* table, int) { return table; }
/// Of 16 numbers, the upper eight where bit 3 of the index, moved to the sign, says so.
NNINIT_INLINE F32 lookup(I32 index, const float* row) {
    F32 lower, upper;
    asm("vpermps %2, %1, %0"
        : "=x"(lower)
        : "x"(index), "m"(*reinterpret_cast<const float(*)[8]>(row)));
    asm("vpermps %2, %1, %0"
        : "=x"(upper)
        : "x"(index), "m"(*reinterpret_cast<const float(*)[8]>(row + 8)));
    asm("vblendvps %2, %1, %0, %0" : "+x"(lower) : "x"(upper), "x"(index << 28));
    return lower;
}
NNINIT_INLINE U32 lookup(I32 index, const std::uint32_t* row) {
    return cast<U32>(lookup(index, reinterpret_cast<const float*>(row))); // moves bits
}

/// Where the pairs of all segments are that hold a number of V, and which of the two it is.
template <class V> struct Pairs {
    const double* pairs;
    bool second;
};
NNINIT_INLINE Pairs<F64> table_row(const double*, int k) {
    return {&row_pairs[std::size_t(k / 2) * 64], k % 2 != 0};
}
NNINIT_INLINE Pairs<U64> table_row(const std::uint64_t*, int k) {
    return {&row_pairs[std::size_t(k / 2) * 64], k % 2 != 0};
}
NNINIT_INLINE F64 two_pairs(const double* low, const double* high) {
    F64 v;
    asm("vmovupd %1, %x0\n\tvinsertf128 $1, %2, %0, %0"
        : "=&x"(v)
        : "m"(*reinterpret_cast<const double(*)[2]>(low)),
          "m"(*reinterpret_cast<const double(*)[2]>(high)));
    return v;
}
/// The number of segment index % 32; a compiler loads a pair once for both of its numbers.
template <class V> NNINIT_INLINE V lookup(I64 index, Pairs<V> row) {
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

NNINIT_INLINE U64 block_offsets() { return U64{0, 2, 1, 3}; }
/// The low halves of both, or the high ones, alternating.
NNINIT_INLINE U64 low_halves(U64 even, U64 odd) {
    odd = odd << 32;
    asm("vpblendd $0xaa, %1, %0, %0" : "+x"(even) : "x"(odd));
    return even;
}
NNINIT_INLINE U64 high_halves(U64 even, U64 odd) {
    even = even >> 32;
    asm("vpblendd $0xaa, %1, %0, %0" : "+x"(even) : "x"(odd));
    return even;
}

#include <nninit/detail/simd/several.inl>

inline constexpr std::size_t chains = 6;
// Three of doubles, whose division waits longest.
template <class V> using Group = Several<V, sizeof(V{}[0]) == 8 ? 3 : 2>;
#include <nninit/detail/simd/derived.inl>

#include <nninit/detail/simd/words.inl>

#include <nninit/detail/simd/values.inl>

} // namespace nninit::inline NNINIT_ABI::detail::inline NNINIT_COMPILER::avx2

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

#undef NNINIT_INLINE
#undef NNINIT_UNROLL

#endif
#endif
