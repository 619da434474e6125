// SPDX-License-Identifier: MIT
// Sums of products of 16 x 16 blocks of doubles, for each instruction set: what Orthogonal spends
// its time in. Each sum is sequential, and no two sums meet, so that the width of the vectors does
// not show in a result.

#ifndef NNINIT_DETAIL_SIMD_TILE_HPP
#define NNINIT_DETAIL_SIMD_TILE_HPP

#include <nninit/detail/arithmetic.hpp>
#include <nninit/detail/kernels.hpp>

#include <cstddef>
#include <cstring>

#if defined(NNINIT_VECTORS)
#if defined(__x86_64__)
#define NNINIT_TILE_X86
#elif defined(__AARCH64EL__)
#define NNINIT_TILE_NEON
#endif
#endif

namespace nninit::inline NNINIT_ABI::detail::inline NNINIT_COMPILER {

inline constexpr int side = 16, block_size = side * side;

/// The sums of a tile begin at 0, at what is there, or at 0 and are then added to what is there.
enum class Start { zero, resumed, added };

/// The routines for one instruction set and one computing type T.
template <class T> struct TileRoutines {
    /// sums[r][c] (16 x 16): total = 0; for each of `length` rows k, in order:
    /// total += x[k][c] y[k][r]. A step of 16 goes upwards from the first row, one of -16 downwards
    /// from the last one.
    void (*tile)(const double* x, const double* y, std::ptrdiff_t step, std::ptrdiff_t length,
                 double* sums, Start start);
    /// For l = 15 down to 0, in each column c: m[l][c] = rnd((v[l][c] - m[l][c]) reciprocal[l]),
    /// and then, for k < l, m[k][c] += s[l][k] m[l][c].
    void (*solve)(const double* v, const double* s, const double* reciprocal, double* m);
    /// n numbers to doubles, and back, rounded; n is a multiple of 16.
    void (*widen)(const T* from, double* to, std::ptrdiff_t n);
    void (*narrow)(const double* from, T* to, std::ptrdiff_t n);
};

namespace tile_portable {
#if defined(NNINIT_TILE_X86)
typedef double F64 __attribute__((vector_size(16))); // SSE2, which every x86-64 has
inline constexpr int width = 2, tall = 1, wide = 1;
[[gnu::__always_inline__]] inline F64 opaque(F64 v) {
    asm("" : "+x"(v));
    return v;
}
#include <nninit/detail/simd/tile_pairs.inl>
#else
using F64 = double;
inline constexpr int width = 1, tall = 1, wide = 1;
using detail::opaque;
inline F64 load_floats(const float* p) { return static_cast<double>(*p); }
inline void store_floats(float* p, F64 v) { *p = static_cast<float>(v); }
inline F64 rounded_to_float(F64 v) { return static_cast<double>(opaque(static_cast<float>(v))); }
#endif
inline F64 multiply_add(F64 x, F64 y, F64 sum) { return opaque(sum + opaque(x * y)); }
#include <nninit/detail/simd/tile.inl>
} // namespace tile_portable

} // namespace nninit::inline NNINIT_ABI::detail::inline NNINIT_COMPILER

#if defined(NNINIT_TILE_X86)

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,fma")
NNINIT_OPTIMIZE
#endif
namespace nninit::inline NNINIT_ABI::detail::inline NNINIT_COMPILER {
namespace tile_avx2 {
typedef double F64 __attribute__((vector_size(32)));
inline constexpr int width = 4, tall = 1, wide = 1;
template <class V> [[gnu::__always_inline__]] inline V opaque(V v) {
    asm("" : "+x"(v));
    return v;
}
#include <nninit/detail/simd/tile_floats.inl>
[[gnu::__always_inline__]] inline F64 multiply_add(F64 x, F64 y, F64 sum) {
    asm("vfmadd231pd %2, %1, %0" : "+x"(sum) : "x"(x), "x"(y));
    return sum;
}
#include <nninit/detail/simd/tile.inl>
} // namespace tile_avx2
} // namespace nninit::inline NNINIT_ABI::detail::inline NNINIT_COMPILER
#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

#if defined(__clang__)
#pragma clang attribute push(                                                                      \
    __attribute__((target("avx2,fma,avx512f,avx512dq,avx512vl,avx512bw"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,fma,avx512f,avx512dq,avx512vl,avx512bw")
NNINIT_OPTIMIZE
#endif
namespace nninit::inline NNINIT_ABI::detail::inline NNINIT_COMPILER {
namespace tile_avx512 {
typedef double F64 __attribute__((vector_size(64)));
inline constexpr int width = 8, tall = 2, wide = 1;
template <class V> [[gnu::__always_inline__]] inline V opaque(V v) {
    asm("" : "+v"(v));
    return v;
}
#include <nninit/detail/simd/tile_floats.inl>
[[gnu::__always_inline__]] inline F64 multiply_add(F64 x, F64 y, F64 sum) {
    asm("vfmadd231pd %2, %1, %0" : "+v"(sum) : "v"(x), "v"(y));
    return sum;
}
#include <nninit/detail/simd/tile.inl>
} // namespace tile_avx512
} // namespace nninit::inline NNINIT_ABI::detail::inline NNINIT_COMPILER
#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

#elif defined(NNINIT_TILE_NEON)

namespace nninit::inline NNINIT_ABI::detail::inline NNINIT_COMPILER {
namespace tile_neon {
typedef double F64 __attribute__((vector_size(16)));
inline constexpr int width = 2, tall = 1, wide = 2;
[[gnu::__always_inline__]] inline F64 opaque(F64 v) {
    asm("" : "+w"(v));
    return v;
}
#include <nninit/detail/simd/tile_pairs.inl>
[[gnu::__always_inline__]] inline F64 multiply_add(F64 x, F64 y, F64 sum) {
    asm("fmla %0.2d, %1.2d, %2.2d" : "+w"(sum) : "w"(x), "w"(y));
    return sum;
}
#include <nninit/detail/simd/tile.inl>
} // namespace tile_neon
} // namespace nninit::inline NNINIT_ABI::detail::inline NNINIT_COMPILER

#endif

namespace nninit::inline NNINIT_ABI::detail::inline NNINIT_COMPILER {

/// The routines for the path in use.
template <class T> TileRoutines<T> tile_routines() {
#if defined(NNINIT_TILE_X86)
    const Path chosen = path();
    if (chosen == Path::avx512)
        return {tile_avx512::tile<T>, tile_avx512::solve<T>, tile_avx512::widen<T>,
                tile_avx512::narrow<T>};
    if (chosen == Path::avx2)
        return {tile_avx2::tile<T>, tile_avx2::solve<T>, tile_avx2::widen<T>, tile_avx2::narrow<T>};
#elif defined(NNINIT_TILE_NEON)
    if (path() == Path::neon)
        return {tile_neon::tile<T>, tile_neon::solve<T>, tile_neon::widen<T>, tile_neon::narrow<T>};
#endif
    return {tile_portable::tile<T>, tile_portable::solve<T>, tile_portable::widen<T>,
            tile_portable::narrow<T>};
}

} // namespace nninit::inline NNINIT_ABI::detail::inline NNINIT_COMPILER

#undef NNINIT_TILE_X86
#undef NNINIT_TILE_NEON

#endif
