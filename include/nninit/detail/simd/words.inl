// SPDX-License-Identifier: MIT
// Philox4x32-10 over vectors of blocks. Included by each instruction set, in its namespace.

/// The words of `chains` vectors of consecutive blocks, vector i beginning with block first[i].
/// Their states are worked out side by side, because one alone would wait for the multiplier. A
/// lane has 64 bits and holds one 32-bit word of its block in the low half, which is all that
/// multiply() reads; the high half may hold anything.
template <std::size_t chains>
NNINIT_INLINE void words_of(const Rounds& rounds, const std::uint64_t* first, std::uint32_t* out) {
    const U64 m0 = splat(std::uint64_t{philox_m0}), m1 = splat(std::uint64_t{philox_m1});
    U64 c0[chains], c1[chains], c2[chains], c3[chains];
    NNINIT_UNROLL
    for (std::size_t i = 0; i < chains; ++i) {
        const U64 from0 = multiply(block_offsets() + first[i], m0);
        c1[i] = multiply((from0 >> 32) ^ rounds.number, m1);
        c0[i] = (c1[i] >> 32) ^ rounds.c0;
        c2[i] = from0 ^ rounds.c2;
        c3[i] = splat(rounds.c3);
    }
    NNINIT_UNROLL
    for (int r = 2; r < Rounds::count; ++r) {
        NNINIT_UNROLL
        for (std::size_t i = 0; i < chains; ++i) {
            const U64 from0 = multiply(c0[i], m0), from2 = multiply(c2[i], m1);
            c0[i] = (from2 >> 32) ^ (c1[i] ^ rounds.k0[r]);
            c2[i] = (from0 >> 32) ^ (c3[i] ^ rounds.k1[r]);
            c1[i] = from2;
            c3[i] = from0;
        }
    }
    NNINIT_UNROLL
    for (std::size_t i = 0; i < chains; ++i)
        store_words(c0[i], c1[i], c2[i], c3[i], out + i * words_of_vector);
}

/// The words of an even number of vectors.
inline void words(const Rounds& rounds, const std::uint64_t* first, std::size_t vectors,
                  std::uint32_t* out) {
    for (; vectors >= chains; vectors -= chains, first += chains, out += chains * words_of_vector)
        words_of<chains>(rounds, first, out);
    for (; vectors != 0; vectors -= 2, first += 2, out += 2 * words_of_vector)
        words_of<2>(rounds, first, out);
}
