// SPDX-License-Identifier: MIT
// Philox4x32-10 over vectors of blocks. Included by each instruction set, in its namespace.

/// The blocks `first`, first + 1, ... of a vector, in the order that store_words() wants.
template <class V> NNINIT_INLINE V block_numbers(const std::uint64_t* first) {
    if constexpr (std::is_same_v<V, U64>)
        return block_offsets() + first[0];
    else
        return {block_numbers<decltype(V::a)>(first),
                block_numbers<decltype(V::b)>(first + sizeof(V) / (2 * sizeof(U64)))};
}

/// The words of the blocks, each in the low half of a lane, to memory in order.
template <class V>
NNINIT_INLINE void store_words(Two<V> c0, Two<V> c1, Two<V> c2, Two<V> c3, std::uint32_t* out) {
    store_words(c0.a, c1.a, c2.a, c3.a, out);
    store_words(c0.b, c1.b, c2.b, c3.b, out + sizeof(V) / sizeof(U64) * words_of_vector);
}

/// The words of whole vectors of consecutive blocks, vector i beginning with block first[i]. Their
/// number is a multiple of `chains`: that many states are worked out side by side, because one alone
/// would wait for the multiplier. A lane has 64 bits and holds one 32-bit word of its block in the
/// low half, which is all that multiply() reads; the high half may hold anything.
inline void words(std::uint64_t seed, std::uint64_t stream, const std::uint64_t* first,
                  std::size_t vectors, std::uint32_t* out) {
    constexpr std::size_t chains = sizeof(Chains) / sizeof(U64);
    constexpr int rounds = 10;
    std::uint64_t k0[rounds], k1[rounds];
    for (std::uint32_t r = 0; r < rounds; ++r) {
        k0[r] = static_cast<std::uint32_t>(seed) + r * philox_w0;
        k1[r] = static_cast<std::uint32_t>(seed >> 32) + r * philox_w1;
    }
    // All blocks have the stream in c2 and c3, so that half of the first round is the same for all.
    const std::uint64_t p1 = (stream & 0xffffffff) * philox_m1;
    for (; vectors != 0; vectors -= chains, first += chains, out += chains * words_of_vector) {
        const Chains number = block_numbers<Chains>(first);
        Chains c3 = multiply(number, splat(std::uint64_t{philox_m0}));
        Chains c0 = (number >> 32) ^ (p1 >> 32 ^ k0[0]);
        Chains c2 = (c3 >> 32) ^ (stream >> 32 ^ k1[0]);
        Chains c1 = (number ^ number) | p1;
        NNINIT_UNROLL
        for (int r = 1; r < rounds; ++r) {
            const Chains from0 = multiply(c0, splat(std::uint64_t{philox_m0}));
            const Chains from2 = multiply(c2, splat(std::uint64_t{philox_m1}));
            c0 = (from2 >> 32) ^ (c1 ^ k0[r]);
            c2 = (from0 >> 32) ^ (c3 ^ k1[r]);
            c1 = from2;
            c3 = from0;
        }
        store_words(c0, c1, c2, c3, out);
    }
}
