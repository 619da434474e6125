// SPDX-License-Identifier: MIT
// One lane of plain C++, for any compiler and machine.

#ifndef NNINIT_DETAIL_SIMD_PORTABLE_HPP
#define NNINIT_DETAIL_SIMD_PORTABLE_HPP

#include <nninit/detail/simd/set.hpp>

#define NNINIT_INLINE inline
#if defined(__clang__)
#define NNINIT_UNROLL _Pragma("unroll")
#elif defined(__GNUC__) && !defined(__CUDACC__) // whose front end warns of the pragma
#define NNINIT_UNROLL _Pragma("GCC unroll 16")
#else
#define NNINIT_UNROLL
#endif

namespace nninit::inline NNINIT_ABI::detail::inline NNINIT_COMPILER::portable {

using U64 = std::uint64_t;
template <class T> struct Vector {
    using F = T;
    using U = typename Format<T>::Word;
    using Signed = typename Format<T>::Signed;
};
template <class T> inline constexpr int bank = 32;
inline constexpr std::size_t words_of_vector = 4;

template <class V> V opaque(V v) { return detail::opaque(v); }
template <class T> T splat(T value) { return value; }
inline std::int32_t as_signed(std::uint32_t v) { return static_cast<std::int32_t>(v); }
inline std::int64_t as_signed(std::uint64_t v) { return static_cast<std::int64_t>(v); }
inline std::uint32_t as_unsigned(std::int32_t v) { return static_cast<std::uint32_t>(v); }
inline std::uint64_t as_unsigned(std::int64_t v) { return static_cast<std::uint64_t>(v); }
inline std::uint32_t as_unsigned(float v) { return std::bit_cast<std::uint32_t>(v); }
inline std::uint64_t as_unsigned(double v) { return std::bit_cast<std::uint64_t>(v); }
inline float as_float(std::uint32_t v) { return std::bit_cast<float>(v); }
inline double as_float(std::uint64_t v) { return std::bit_cast<double>(v); }
inline float to_float(std::int32_t v) { return static_cast<float>(v); }
inline double to_float(std::int64_t v) { return static_cast<double>(v); }
template <class V> V select(bool mask, V a, V b) { return mask ? a : b; }
template <class V> V clamped(V x, V low, V high) { return detail::clamped(x, low, high); }
inline double divide(double a, double b) { return detail::divide(a, b); }
template <class V> V fma(V a, V b, V c) { return detail::fma(a, b, c); }
inline U64 multiply(U64 a, U64 b) { return (a & 0xffffffff) * (b & 0xffffffff); }
template <class Signed> bool any_negative(Signed x) { return x < 0; }

template <class T> const T* table_row(const T* table, int) { return table; }
template <class T> T lookup(std::int32_t index, const T* table) { return table[index & 31]; }
template <class T> T lookup(std::int64_t index, const T* table) { return table[index & 31]; }

inline void load(const std::uint32_t* words, std::uint32_t& w) { w = words[0]; }
inline void load(const std::uint32_t* words, std::uint64_t& w) {
    w = words[0] | std::uint64_t{words[1]} << 32;
}
inline U64 block_offsets() { return 0; }
inline void store_words(U64 c0, U64 c1, U64 c2, U64 c3, std::uint32_t* out) {
    out[0] = static_cast<std::uint32_t>(c0);
    out[1] = static_cast<std::uint32_t>(c1);
    out[2] = static_cast<std::uint32_t>(c2);
    out[3] = static_cast<std::uint32_t>(c3);
}

#include <nninit/detail/simd/several.inl>

inline constexpr std::size_t chains = 2;
template <class V> using Group = Several<V, 2>;
template <class V, std::size_t n>
NNINIT_INLINE Several<V, n> exact_multiply_add(const Several<V, n>& a, V b,
                                               const Several<V, n>& c) {
    return opaque(opaque(a * b) + c);
}
inline void share(std::uint32_t word, const Law<float>& law, std::uint32_t& high,
                  std::uint32_t& low) {
    const std::uint64_t s = share_of(law, word).high;
    high = static_cast<std::uint32_t>(s >> 32);
    low = static_cast<std::uint32_t>(s);
}
inline void share(std::uint64_t word, const Law<double>& law, std::uint64_t& high,
                  std::uint64_t& low) {
    const U128 s = share_of(law, word);
    high = s.high;
    low = s.low;
}

#include <nninit/detail/simd/words.inl>

#include <nninit/detail/simd/values.inl>

} // namespace nninit::inline NNINIT_ABI::detail::inline NNINIT_COMPILER::portable

#undef NNINIT_INLINE
#undef NNINIT_UNROLL

#endif
