// SPDX-License-Identifier: MIT
// What vectors leave out, and how it is made up for. kernel.inl includes this file.
//
//   most words                       a look into the upper bank of the table, word_to_value.inl
//   vectors with a lane below that   look_again(), several vectors at a time
//   lanes in the slow tails          the portable path, several lanes at a time
//
// Nothing waits for what is left out: one vector or lane alone, behind a branch that is hard to
// guess, takes several times as long as beside others.

template <class Map>
void transform(const Map& map, const std::uint32_t* words, typename Map::Value* out, std::size_t n);

template <class Map> class Later {
    using T = typename Map::Value;
    static constexpr std::size_t per_value = sizeof(T) / 4, width = Lanes::template lanes<T>;
    static constexpr bool possible = Map::by_quantile && Lanes::width > 1;
    static constexpr bool banked = possible && Lanes::template bank<T> != 32;

    // The most words that come between two calls of settle().
    static constexpr std::size_t batch = 4 * (std::max)(Lanes::chains, 4) * Lanes::blocks;
    static constexpr std::size_t group = (Lanes::template side_by_side<T> + 1) / 2;
    static constexpr std::size_t many_vectors = 6 * group;
    static constexpr std::size_t most_vectors = banked ? many_vectors + batch / Lanes::width : 1;
    static constexpr std::size_t many_lanes = 8;
    static constexpr std::size_t most_lanes = possible ? many_lanes + batch / per_value : 1;

    typename Lanes::U32 words_[most_vectors + group];
    T* at_[most_vectors + group];
    std::size_t vectors_ = 0;
    std::uint32_t lane_words_[most_lanes * per_value];
    T* lane_at_[most_lanes];
    std::size_t lanes_ = 0;

    /// The lanes with a negative index. Lane k of vector i belongs at at[i] + k.
    template <class Index, class Words>
    [[gnu::noinline]] void note_lanes(const Index& index, const Words& words, T* const* at) {
        constexpr std::size_t n = sizeof(Words) / sizeof(T);
        typename Format<T>::Signed indices[n];
        std::uint32_t w[n * per_value];
        std::memcpy(indices, &index, sizeof index);
        std::memcpy(w, &words, sizeof words);
        for (std::size_t k = 0; k < n; ++k)
            if (indices[k] < 0) {
                std::memcpy(lane_words_ + lanes_ * per_value, w + k * per_value, sizeof(T));
                lane_at_[lanes_++] = at[k / width] + k % width;
            }
    }
    template <class Left, class Words, class At, std::size_t... i>
    [[gnu::always_inline]] void add_lanes(const Left& left, const Words& w, const At& at,
                                          std::index_sequence<i...>) {
        if (left.any[0]) [[unlikely]] {
            const auto index = left.index; // copies have addresses, the others stay in registers
            const auto words = w;
            T* const places[] = {at(i)...};
            note_lanes(index, words, places);
        }
    }
    [[gnu::always_inline]] void add_vector(const auto& words, T* at) {
        std::memcpy(&words_[vectors_], &words, sizeof words);
        at_[vectors_++] = at;
    }

    [[gnu::noinline]] void finish_lanes(const Map& map) {
        T values[most_lanes];
        portable::transform(map, lane_words_, values, lanes_);
        for (std::size_t i = 0; i < lanes_; ++i) *lane_at_[i] = values[i];
        lanes_ = 0;
    }
    template <std::size_t... i>
    [[gnu::always_inline]] void look_again(const Map& map, std::size_t first,
                                           std::index_sequence<i...> sequence) {
        const auto w = several<T>(words_ + first, sequence);
        LeftOut<decltype(as_signed(w)), sizeof...(i)> left;
        const auto x = value<true>(map, w, left); // of the upper bank's lanes it makes anything
        auto z = x;
        (std::memcpy(&z.v[i], at_[first + i], sizeof z.v[i]), ...);
        z = select(left.index < typename Format<T>::Signed{bank_begin<Format<T>, false>}, x, z);
        (std::memcpy(at_[first + i], &z.v[i], sizeof z.v[i]), ...);
        add_lanes(
            left, w, [&](std::size_t k) { return at_[first + k]; }, sequence);
        if (lanes_ >= many_lanes) finish_lanes(map);
    }
    [[gnu::noinline]] void finish(const Map& map, bool all) {
        if constexpr (banked) {
            for (std::size_t k = vectors_; k % group != 0; ++k) { // the last group is filled up
                words_[k] = words_[0];
                at_[k] = at_[0];
            }
            for (std::size_t k = 0; k < vectors_; k += group)
                look_again(map, k, std::make_index_sequence<group>{});
            vectors_ = 0;
        }
        if (lanes_ >= many_lanes || (all && lanes_ != 0)) finish_lanes(map);
    }

public:
    /// What value<false>() left out of the words; vector i belongs at at(i).
    template <class Left, class Words, class At, std::size_t... i>
    [[gnu::always_inline]] void add(const Left& left, const Words& w, const At& at,
                                    std::index_sequence<i...> sequence) {
        if constexpr (banked)
            ((left.any[i] ? add_vector(w.v[i], at(i)) : void()), ...);
        else if constexpr (possible)
            add_lanes(left, w, at, sequence);
    }
    /// Makes up for what was left out: for all of it, or if there is enough to do side by side.
    [[gnu::always_inline]] void settle(const Map& map, bool all) {
        if constexpr (possible) {
            const bool enough = banked ? vectors_ >= many_vectors : lanes_ >= many_lanes;
            if (enough || (all && vectors_ + lanes_ != 0)) finish(map, all);
        }
    }
};
