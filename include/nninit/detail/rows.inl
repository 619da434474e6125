// SPDX-License-Identifier: MIT
// Row-major memory without a detour: where columns begin with a block, word k of their blocks is a
// row. Included beside kernel.inl by the sets of instructions that have several lanes.

/// Where vectors go, a vector of each row before the next vectors of the rows.
template <class T> struct Rows {
    T* out;
    std::ptrdiff_t row;
    [[gnu::always_inline]] T* operator()(std::size_t i) const {
        constexpr std::size_t rows = 16 / sizeof(T);
        return out + row * std::ptrdiff_t(i % rows) + i / rows * Lanes::template lanes<T>;
    }
};

/// A block for each column: its words are that column's next 4 (float) or 2 (double) values, and so
/// the same word of all blocks is a row. Consecutive columns are `apart` blocks from each other.
template <int chains, class Map, std::size_t... i>
[[gnu::always_inline]] inline void
row_batch(const Map& map, const PhiloxRun& run, std::uint32_t block, std::uint32_t apart,
          typename Map::Value* out, std::ptrdiff_t row, Later<Map>& later,
          std::index_sequence<i...> sequence) {
    using T = typename Map::Value;
    typename Lanes::U64 lane{};
    for (int k = 0; k < Lanes::blocks; ++k) lane[k] = std::uint64_t(k);
    // A vector of floats holds the columns of two chains in turn, one of doubles those of one.
    constexpr bool pairs = sizeof(T) == 4;
    const auto lanes = Lanes::multiply(lane, Lanes::splat(lane, std::uint64_t{apart} << pairs));
    const auto first = [](std::size_t k) {
        return pairs ? k / 2 * 2 * Lanes::blocks + k % 2 : k * Lanes::blocks;
    };
    const typename Lanes::U64 a3[] = {
        Lanes::multiply(lanes + (block + std::uint64_t{apart} * first(i)), run.m0)...};
    State s[chains];
    philox(run, a3, s, sequence);
    (round(run, 9, s[i]), ...);
    typename Lanes::U32 words[4 * chains / (1 + pairs)];
    if constexpr (pairs) {
        for (int k = 0; k < chains; k += 2) {
            words[2 * k] = Lanes::interleave(s[k].c0, s[k + 1].c0);
            words[2 * k + 1] = Lanes::interleave(s[k].c1, s[k + 1].c1);
            words[2 * k + 2] = Lanes::interleave(s[k].c2, s[k + 1].c2);
            words[2 * k + 3] = Lanes::interleave(s[k].c3, s[k + 1].c3);
        }
    } else {
        for (int k = 0; k < chains; ++k) {
            words[2 * k] = Lanes::interleave(s[k].c0, s[k].c1);
            words[2 * k + 1] = Lanes::interleave(s[k].c2, s[k].c3);
        }
    }
    constexpr int values = 2 * chains, step = (std::min)(4, values);
    static_assert(step % (16 / int{sizeof(T)}) == 0);
    store_steps<step>(map, words, Rows<T>{out, row}, later,
                      std::make_index_sequence<values / step>{});
    later.settle(map, false);
}

/// The values of the blocks at `position` and each `apart` words later: `cols` columns of 4 (float)
/// or 2 (double) values, to rows `row` apart. All blocks stand in one run.
template <class Map>
void generate_rows(const Map& map, std::uint64_t seed, std::uint64_t stream, std::uint64_t position,
                   std::uint64_t apart, typename Map::Value* out, std::ptrdiff_t row,
                   std::size_t cols) {
    using T = typename Map::Value;
    constexpr int chains = 4; // an even number: floats take them by pairs
    constexpr std::size_t step = std::size_t{chains} * Lanes::blocks, rows = 16 / sizeof(T);
    const PhiloxRun run(seed, stream, position >> 34);
    Later<Map> later;
    const auto blocks_apart = std::uint32_t(apart >> 2);
    auto block = std::uint32_t(position >> 2);
    for (; cols >= step; cols -= step, out += step, block += std::uint32_t(step) * blocks_apart)
        row_batch<chains>(map, run, block, blocks_apart, out, row, later,
                          std::make_index_sequence<chains>{});
    for (std::size_t done = 0; cols != 0; cols -= done, out += done) {
        constexpr std::size_t some = Lanes::template lanes<T>;
        T values[rows * some];
        row_batch<some / Lanes::blocks>(map, run, block, blocks_apart, values, some, later,
                                        std::make_index_sequence<some / Lanes::blocks>{});
        later.settle(map, true);
        done = (std::min)(cols, some);
        for (std::size_t r = 0; r < rows; ++r)
            std::memcpy(out + row * std::ptrdiff_t(r), values + r * some, done * sizeof(T));
        block += std::uint32_t(some) * blocks_apart;
    }
    later.settle(map, true);
}
