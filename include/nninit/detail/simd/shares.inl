// SPDX-License-Identifier: MIT
// What follows from a set's own functions in the same way for each set of vectors; included by
// each, in its namespace, behind `multiply` and `fma`.

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
