// SPDX-License-Identifier: MIT
// The algorithms, written once over `Lanes`, the vector operations of one instruction set. A
// lanes_*.hpp includes this file inside that set's namespace and target region, so that no function
// here can be merged with the same one built for another set.
//
//   position -> words          philox()
//   word -> value              value() for each distribution, in word_to_value.inl
//   what that leaves out       Later, in left_out.inl
//   both, to memory            generate(), transform()
//
// A vector has Lanes::width 32-bit words, and a Philox state Lanes::blocks blocks. So that none
// waits for its own results, Lanes::chains states are worked out side by side, and then the values
// of Lanes::side_by_side vectors of words; the table's segments of these are found side by side,
// and looked into for Lanes::together vectors at a time, as many as the registers hold.
//
// Every floating-point operation is rounded once, in the order written. `opaque` keeps the
// optimiser from contracting or reordering them; it costs no instruction.

#include <nninit/detail/several.inl>

// -- words -----------------------------------------------------------------------------------

/// A Philox state of Lanes::blocks blocks, each 32-bit word in the low half of a 64-bit lane. The
/// widening multiply reads nothing else, so the high halves may hold anything.
struct State {
    typename Lanes::U64 c0, c1, c2, c3;
};

/// Ten rounds over blocks that differ in the counter's low word only. What the first three rounds
/// make of the other three words and of the key is the same for all of them, and worked out here.
struct PhiloxRun {
    static constexpr int rounds = 10;
    typename Lanes::Constant m0, m1, k0[rounds], k1[rounds], a2, b0, b2, c2;

    [[gnu::always_inline]] PhiloxRun(std::uint64_t seed, std::uint64_t stream,
                                     std::uint64_t counter_high) {
        const typename Lanes::Constant zero{};
        m0 = std::uint64_t{philox_m0} - zero;
        m1 = std::uint64_t{philox_m1} - zero;
        for (std::uint32_t r = 0; r < rounds; ++r) {
            k0[r] = std::uint64_t{static_cast<std::uint32_t>(seed) + r * philox_w0} - zero;
            k1[r] = std::uint64_t{static_cast<std::uint32_t>(seed >> 32) + r * philox_w1} - zero;
        }
        const std::uint64_t p1 = (stream & 0xffffffff) * philox_m1;
        const std::uint64_t p0 = (p1 >> 32 ^ counter_high ^ (seed & 0xffffffff)) * philox_m0;
        a2 = k1[0] ^ stream >> 32;
        b0 = k0[1] ^ (p1 & 0xffffffff);
        b2 = k1[1] ^ p0 >> 32;
        c2 = k1[2] ^ (p0 & 0xffffffff);
    }
};

/// From a3, the blocks' numbers times m0.
[[gnu::always_inline]] inline State first_rounds(const PhiloxRun& run, typename Lanes::U64 a3) {
    const auto a2 = (a3 >> 32) ^ run.a2;
    const auto b1 = Lanes::multiply(a2, run.m1);
    const auto b0 = (b1 >> 32) ^ run.b0;
    const auto b2 = a3 ^ run.b2;
    const auto p0 = Lanes::multiply(b0, run.m0);
    const auto p1 = Lanes::multiply(b2, run.m1);
    return {(p1 >> 32) ^ b1 ^ run.k0[2], p1, (p0 >> 32) ^ run.c2, p0};
}

[[gnu::always_inline]] inline void round(const PhiloxRun& run, int r, State& s) {
    const auto p0 = Lanes::multiply(s.c0, run.m0);
    const auto p1 = Lanes::multiply(s.c2, run.m1);
    s.c0 = (p1 >> 32) ^ s.c1 ^ run.k0[r];
    s.c2 = (p0 >> 32) ^ s.c3 ^ run.k1[r];
    s.c1 = p1;
    s.c3 = p0;
}

/// The last round, and the words of the blocks in order.
[[gnu::always_inline]] inline void last_round(const PhiloxRun& run, const State& s,
                                              typename Lanes::U32* words) {
    const auto p0 = Lanes::multiply(s.c0, run.m0);
    const auto p1 = Lanes::multiply(s.c2, run.m1);
    Lanes::pack(Lanes::word_pairs(p1, s.c1, run.k0[9]), Lanes::word_pairs(p0, s.c3, run.k1[9]),
                words);
}

/// All but the last round, from the blocks' numbers times m0; round by round, because one chain
/// alone would wait for the multiplier.
template <int chains, class U64, std::size_t... i>
[[gnu::always_inline]] inline void philox(const PhiloxRun& run, const U64 (&a3)[chains],
                                          State (&s)[chains], std::index_sequence<i...>) {
    ((s[i] = first_rounds(run, a3[i])), ...);
    (round(run, 3, s[i]), ...);
    (round(run, 4, s[i]), ...);
    (round(run, 5, s[i]), ...);
    (round(run, 6, s[i]), ...);
    (round(run, 7, s[i]), ...);
    (round(run, 8, s[i]), ...);
}

/// The words of `chains` times Lanes::blocks blocks, in order.
template <int chains, std::size_t... i>
[[gnu::always_inline]] inline void philox(const PhiloxRun& run, std::uint32_t block,
                                          typename Lanes::U32* words,
                                          std::index_sequence<i...> sequence) {
    constexpr int vectors = 4 * Lanes::blocks / Lanes::width;
    const auto first = Lanes::multiply(Lanes::block_offsets() + std::uint64_t{block}, run.m0);
    const typename Lanes::U64 a3[] = {first + std::uint64_t{philox_m0} * (i * Lanes::blocks)...};
    State s[chains];
    philox(run, a3, s, sequence);
    (last_round(run, s[i], words + i * vectors), ...);
}

#include <nninit/detail/word_to_value.inl>

#include <nninit/detail/left_out.inl>

// -- values to memory ------------------------------------------------------------------------

/// The values of vectors of words from the one at `first` on; vector i goes to at(i).
template <std::size_t first, class Map, class At, std::size_t... i>
[[gnu::always_inline]] inline void store(const Map& map, const typename Lanes::U32* words,
                                         const At& at, Later<Map>& later,
                                         std::index_sequence<i...>) {
    const auto w = several<typename Map::Value>(words, std::index_sequence<first + i...>{});
    LeftOut<decltype(as_signed(w)), sizeof...(i)> left;
    const auto x = value<false>(map, w, left);
    (std::memcpy(at(first + i), &x.v[i], sizeof x.v[i]), ...);
    later.add(
        left, w, [&](std::size_t k) { return at(first + k); }, std::index_sequence<i...>{});
}
/// The same for many vectors, `step` side by side.
template <std::size_t step, class Map, class At, std::size_t... i>
[[gnu::always_inline]] inline void store_steps(const Map& map, const typename Lanes::U32* words,
                                               const At& at, Later<Map>& later,
                                               std::index_sequence<i...>) {
    (store<i * step>(map, words, at, later, std::make_index_sequence<step>{}), ...);
}

/// Where consecutive vectors go.
template <class T> struct Run {
    T* out;
    [[gnu::always_inline]] T* operator()(std::size_t i) const {
        return out + i * Lanes::template lanes<T>;
    }
};

/// The values of n words (float) or pairs of words (double) in memory.
template <class Map>
void transform(const Map& map, const std::uint32_t* words, typename Map::Value* out,
               std::size_t n) {
    using T = typename Map::Value;
    constexpr std::size_t per_value = sizeof(T) / 4;
    constexpr std::size_t step = Lanes::width == 1 ? most_tails : 2; // tails come in numbers
    constexpr std::size_t most = step * Lanes::template lanes<T>;
    constexpr std::size_t vectors = most * per_value / Lanes::width;
    Later<Map> later;
    while (n != 0) {
        const std::size_t m = n < most ? n : most;
        std::uint32_t padded[most * per_value];
        std::fill(std::begin(padded), std::end(padded), 0x55555555U); // far from the slow tails
        std::memcpy(padded, words, m * per_value * 4);
        typename Lanes::U32 w[vectors];
        std::memcpy(w, padded, sizeof w);
        T values[most];
        store<0>(map, w, Run<T>{m == most ? out : values}, later, std::make_index_sequence<step>{});
        later.settle(map, m < most);
        if (m < most) std::memcpy(out, values, m * sizeof(T));
        words += m * per_value;
        out += m;
        n -= m;
    }
    later.settle(map, true);
}

/// The values of `chains` vectors of blocks.
template <int chains, class Map>
[[gnu::always_inline]] inline void batch(const Map& map, const PhiloxRun& run, std::uint32_t block,
                                         typename Map::Value* out, Later<Map>& later) {
    using T = typename Map::Value;
    constexpr int words = chains * 4 * Lanes::blocks;
    constexpr int vectors = words / Lanes::width;
    constexpr int values = words * 4 / int{sizeof(T)} / Lanes::template lanes<T>;
    constexpr int step = (std::min)(Lanes::template side_by_side<T>, values);
    static_assert(values % step == 0);
    typename Lanes::U32 w[vectors];
    philox<chains>(run, block, w, std::make_index_sequence<chains>{});
    store_steps<step>(map, w, Run<T>{out}, later, std::make_index_sequence<values / step>{});
}

/// Up to n of the values from `position` on that one batch of `chains` holds; tells how many.
template <int chains, class Map>
[[gnu::always_inline]] inline std::size_t
some_values(const Map& map, const PhiloxRun& run, std::uint64_t position, typename Map::Value* out,
            std::size_t n, Later<Map>& later) {
    using T = typename Map::Value;
    constexpr std::size_t size = std::size_t{16} * chains * Lanes::blocks / sizeof(T);
    T values[size];
    const std::size_t skip = position % 4 * 4 / sizeof(T);
    const bool whole = skip == 0 && n >= size;
    batch<chains>(map, run, std::uint32_t(position >> 2), whole ? out : values, later);
    later.settle(map, !whole);
    if (whole) return size;
    const std::size_t m = (std::min)(n, size - skip);
    std::memcpy(out, values + skip, m * sizeof(T));
    return m;
}

/// n values from `position` on, a value's words in one block and the blocks in one run.
template <class Map>
[[gnu::always_inline]] inline void batches(const Map& map, const PhiloxRun& run,
                                           std::uint64_t position, typename Map::Value* out,
                                           std::size_t n) {
    using T = typename Map::Value;
    constexpr int few = (std::max)(Lanes::chains / 3, 1);
    constexpr std::size_t some = std::size_t{16} * few * Lanes::blocks / sizeof(T);
    Later<Map> later;
    while (n != 0) { // a full batch takes hardly longer than two small ones
        const std::size_t done = n > 2 * some
                                     ? some_values<Lanes::chains>(map, run, position, out, n, later)
                                     : some_values<few>(map, run, position, out, n, later);
        position += done * sizeof(T) / 4;
        out += done;
        n -= done;
    }
    later.settle(map, true);
}

/// The values of Philox words from `position` on.
template <class Map>
void generate(const Map& map, std::uint64_t seed, std::uint64_t stream, std::uint64_t position,
              typename Map::Value* out, std::size_t n) {
    constexpr std::uint64_t per_value = sizeof(typename Map::Value) / 4;
    while (n != 0) {
        std::size_t done = 0;
        if (position % per_value == 0) {
            const PhiloxRun run(seed, stream, position >> 34);
            const auto most =
                std::size_t(std::min<std::uint64_t>(n, (run_end(position) - position) / per_value));
            batches(map, run, position, out, most);
            done = most;
        } else { // the words of a double stand in two blocks
            constexpr std::size_t most = 64;
            std::uint32_t words[most * per_value];
            done = (std::min)(n, most);
            generate(WordMap{}, seed, stream, position, words, done * per_value);
            transform(map, words, out, done);
        }
        position += done * per_value;
        out += done;
        n -= done;
    }
}
