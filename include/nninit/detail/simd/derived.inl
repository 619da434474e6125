// SPDX-License-Identifier: MIT
// What follows from a set's own functions in the same way for each set of vectors; included by
// each, in its namespace, behind them and `Several`.

NNINIT_INLINE void store_words(U64 c0, U64 c1, U64 c2, U64 c3, std::uint32_t* out) {
    const U64 first = low_halves(c0, c1), second = low_halves(c2, c3);
    const U64 lower = lower_lanes(first, second), upper = upper_lanes(first, second);
    std::memcpy(out, &lower, sizeof lower);
    std::memcpy(out + sizeof lower / 4, &upper, sizeof upper);
}
NNINIT_INLINE void share(U32 word, const Law<float>& law, U32& high, U32& low) {
    const U64 width = splat(std::uint64_t{law.width});
    const U64 first = splat(law.start + law.width / 2), w = cast<U64>(word);
    const U64 even = multiply(w, width) + first, odd = multiply(w >> 32, width) + first;
    high = cast<U32>(high_halves(even, odd));
    low = cast<U32>(low_halves(even, odd));
}
/// The products of the halves, each with what the one before left above its 32 bits. No sum exceeds
/// 64 bits.
NNINIT_INLINE void share(U64 word, const Law<double>& law, U64& high, U64& low) {
    const U64 f0 = splat(law.width), f1 = f0 >> 32, upper = word >> 32;
    const U128 first = law.start + U128{0, law.width / 2};
    const U64 a = multiply(word, f0) + (first.low & 0xffffffffU);
    const U64 b = multiply(word, f1) + (a >> 32);
    const U64 c = multiply(upper, f0) + (b & 0xffffffffU) + (first.low >> 32);
    high = multiply(upper, f1) + (b >> 32) + (c >> 32) + first.high;
    low = c << 32 | (a & 0xffffffffU);
}
template <class V, std::size_t n>
NNINIT_INLINE Several<V, n> exact_multiply_add(const Several<V, n>& a, V b,
                                               const Several<V, n>& c) {
    return fma(a, b, c);
}
