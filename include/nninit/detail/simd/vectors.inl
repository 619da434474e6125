// SPDX-License-Identifier: MIT
// What the vector extensions spell alike for registers of any size. Included by each set of
// vectors, in its namespace, behind `vector_bytes`.

typedef std::uint32_t U32 __attribute__((vector_size(vector_bytes)));
typedef std::int32_t I32 __attribute__((vector_size(vector_bytes)));
typedef float F32 __attribute__((vector_size(vector_bytes)));
typedef std::uint64_t U64 __attribute__((vector_size(vector_bytes)));
typedef std::int64_t I64 __attribute__((vector_size(vector_bytes)));
typedef double F64 __attribute__((vector_size(vector_bytes)));

template <class T> struct Vector;
template <> struct Vector<float> {
    using F = F32;
    using U = U32;
    using Signed = I32;
};
template <> struct Vector<double> {
    using F = F64;
    using U = U64;
    using Signed = I64;
};
inline constexpr std::size_t words_of_vector = vector_bytes / 2; // a block's word takes 64 bits

NNINIT_INLINE F32 splat(float value) { return value - F32{}; }
NNINIT_INLINE F64 splat(double value) { return value - F64{}; }
NNINIT_INLINE U64 splat(std::uint64_t value) { return value - U64{}; }
template <class To, class From> NNINIT_INLINE To cast(From v) { return __builtin_bit_cast(To, v); }
NNINIT_INLINE I32 as_signed(U32 v) { return cast<I32>(v); }
NNINIT_INLINE I64 as_signed(U64 v) { return cast<I64>(v); }
NNINIT_INLINE U32 as_unsigned(I32 v) { return cast<U32>(v); }
NNINIT_INLINE U64 as_unsigned(I64 v) { return cast<U64>(v); }
NNINIT_INLINE U32 as_unsigned(F32 v) { return cast<U32>(v); }
NNINIT_INLINE U64 as_unsigned(F64 v) { return cast<U64>(v); }
NNINIT_INLINE F32 as_float(U32 v) { return cast<F32>(v); }
NNINIT_INLINE F64 as_float(U64 v) { return cast<F64>(v); }
NNINIT_INLINE F32 to_float(I32 v) { return __builtin_convertvector(v, F32); }
template <class Mask, class V> NNINIT_INLINE V select(Mask m, V a, V b) { return m ? a : b; }
template <class U> NNINIT_INLINE void load(const std::uint32_t* words, U& w) {
    std::memcpy(&w, words, sizeof w);
}
