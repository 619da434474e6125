// SPDX-License-Identifier: MIT
// From words to values in memory: an element's words are asked for by its number in column-major
// order of the whole, and its value put where the memory says.

#ifndef NNINIT_DETAIL_WRITE_HPP
#define NNINIT_DETAIL_WRITE_HPP

#include <nninit/detail/memory.hpp>
#include <nninit/detail/source.hpp>
#include <nninit/detail/transpose.hpp>

#include <algorithm>

namespace nninit::inline NNINIT_ABI::detail::inline NNINIT_COMPILER {

inline constexpr std::uint64_t parallel_size = 1 << 17; // elements from which threads gain
inline constexpr std::size_t tile_words = 1024;         // whose values wait until they are put

/// body(i) for i in [0, n), shared among Eigen's threads when OpenMP is on and `parallel`.
template <class Body>
void for_each([[maybe_unused]] bool parallel, std::int64_t n, const Body& body) {
#if defined(_OPENMP)
    if (parallel && Eigen::nbThreads() > 1) {
#pragma omp parallel for num_threads(Eigen::nbThreads()) schedule(static)
        for (std::int64_t i = 0; i < n; ++i) body(i);
        return;
    }
#endif
    for (std::int64_t i = 0; i < n; ++i) body(i);
}

/// A distribution's values of one fill. A complex element has two of them, its real and its
/// imaginary part; the law of the imaginary ones may differ.
template <class Scalar> class Writer {
    using E = Element<Scalar>;
    using T = typename E::Compute;
    static constexpr bool direct = std::is_same_v<typename E::Real, T>; // no rounding at the end
    static constexpr std::size_t per_value = sizeof(T) / 4;
    static constexpr std::int64_t words_of_element = E::words;
    static constexpr std::int64_t most_cols = 256; // of a tile
    static constexpr std::size_t most_runs = 32;   // whose words are made at a time

    Memory<Scalar> to_;
    Place place_;
    const Source& source_;
    const Law<T>&real_, &imaginary_;
    bool same_ = E::reals == 1 || real_ == imaginary_;

    std::uint64_t word_of(std::uint64_t element) const {
        return source_.position + element * E::words;
    }

    /// Words that the kernels may read behind the last value's, far from the slow tails. Set before
    /// the others are made, which may go over some of them: a vector that is read right after parts
    /// of it were written waits.
    static void pad(std::uint32_t* words) {
        for (std::size_t i = 0; i < step_words; ++i) words[i] = 0x55555555U;
    }
    /// The values of n elements from number `first` of the whole on, one after another; `words` is
    /// room for most_words.
    void run(std::uint64_t first, std::uint32_t* words, T* out, std::uint64_t n) const {
        std::uint64_t from = word_of(first), left = n * E::reals;
        while (left != 0) {
            const std::size_t lead = source_.lead(from);
            const std::size_t room = (chunk_words - lead) / E::words * E::reals;
            const auto m = static_cast<std::size_t>((std::min<std::uint64_t>)(left, room));
            pad(words + lead + m * per_value);
            source_.words(from, words, m * per_value);
            values(words + lead, out, m);
            from += m * per_value;
            out += m;
            left -= m;
        }
    }
    /// The values of n words or pairs.
    void values(const std::uint32_t* words, T* out, std::size_t n) const {
        real_.values(real_, words, out, n);
        if (same_) return;
        T other[step_words];
        for (std::size_t i = 0; i < n; i += step_words) {
            const std::size_t m = (std::min)(n - i, step_words);
            imaginary_.values(imaginary_, words + i * per_value, other, m);
            for (std::size_t k = 1; k < m; k += 2) out[i + k] = other[k];
        }
    }

    /// Whether the elements of a row all begin at the same word of their blocks.
    bool alike() const { return place_.whole_rows * E::words % 4 == 0; }
    /// How many words of their blocks may come before the elements of a row.
    std::size_t most_lead(std::int64_t row) const {
        return source_.lead(alike() ? word_of(place_.element(row, 0)) : 3);
    }
    /// The words of a column of h rows, in vectors of blocks of its own.
    std::size_t pitch(std::int64_t row, std::uint64_t h) const {
        const std::size_t vector = words_of_vector();
        return (h * E::words + most_lead(row) + vector - 1) / vector * vector;
    }

    /// The values of h rows from `row` on in w columns from `col` on: column i begins at
    /// buffer[begin[i]].
    void tile(std::int64_t row, std::int64_t col, std::int64_t h, std::int64_t w,
              std::uint32_t* words, T* buffer, std::uint16_t* begin) const {
        const auto height = static_cast<std::uint64_t>(h);
        const auto width = static_cast<std::size_t>(w);
        const bool one_run = w == 1 || place_.whole_rows == height;
        for (std::size_t i = 0; i < width; ++i)
            begin[i] = static_cast<std::uint16_t>(i * height * E::reals);
        if (one_run) return run(place_.element(row, col), words, buffer, height * width);
        if (!source_.has_blocks() || !same_) {
            for (std::size_t i = 0; i < width; ++i)
                run(place_.element(row, col + static_cast<std::int64_t>(i)), words,
                    buffer + begin[i], height);
            return;
        }
        const std::size_t apart = pitch(row, height),
                          at_once = (std::min)(chunk_words / apart, most_runs);
        // The engine may stand at an odd word; then every double begins at one.
        const std::size_t odd = source_.lead(word_of(place_.element(row, col))) % per_value;
        for (std::size_t i = 0; i < width; i += at_once) {
            const std::size_t runs = (std::min)(at_once, width - i);
            std::uint64_t from[most_runs];
            for (std::size_t k = 0; k < runs; ++k) {
                from[k] = word_of(place_.element(row, col + static_cast<std::int64_t>(i + k)));
                begin[i + k] = static_cast<std::uint16_t>(
                    ((i + k) * apart + source_.lead(from[k]) - odd) / per_value);
            }
            pad(words + runs * apart);
            source_.words(from, runs, apart / words_of_vector(), words);
            real_.values(real_, words + odd, buffer + i * apart / per_value,
                         runs * apart / per_value);
        }
    }

    void put(std::int64_t row, std::int64_t col, std::int64_t h, std::int64_t w, const T* buffer,
             const std::uint16_t* begin) const {
        std::int64_t whole_rows = 0, whole_cols = 0; // of blocks of 4 x 4
        if constexpr (direct && E::reals == 1)
            if (to_.right == 1 && to_.down != 1) {
                whole_rows = h / 4 * 4;
                whole_cols = w / 4 * 4;
                for (std::int64_t r = 0; r < whole_rows; r += 4)
                    for (std::int64_t c = 0; c < whole_cols; c += 4)
                        transpose_4x4<T>({buffer + begin[c] + r, buffer + begin[c + 1] + r,
                                          buffer + begin[c + 2] + r, buffer + begin[c + 3] + r},
                                         &to_(row + r, col + c), to_.down);
            }
        for (std::int64_t c = 0; c < w; ++c) {
            const T* from = buffer + begin[c];
            for (std::int64_t r = c < whole_cols ? whole_rows : 0; r < h; ++r) {
                if constexpr (E::reals == 1)
                    to_(row + r, col + c) = static_cast<Scalar>(from[r]);
                else
                    to_(row + r, col + c) = Scalar(static_cast<typename E::Real>(from[2 * r]),
                                                   static_cast<typename E::Real>(from[2 * r + 1]));
            }
        }
    }

    /// Tiles of h x w at most, those at the top of `less` rows fewer: across the rows, so that in
    /// row-major memory one goes on where one ended, or down the columns for an engine that gives
    /// its words in order.
    void write_tiles(std::int64_t h, std::int64_t w, std::int64_t less, bool parallel) const {
        const std::int64_t down = (to_.rows + less + h - 1) / h, across = (to_.cols + w - 1) / w;
        for_each(parallel, down * across, [&](std::int64_t i) {
            const std::int64_t end = ((source_.any_order() ? i / across : i % down) + 1) * h - less;
            const std::int64_t row = (std::max)(end - h, std::int64_t{0});
            const std::int64_t col = (source_.any_order() ? i % across : i / down) * w;
            const std::int64_t rows = (std::min)(end, to_.rows) - row;
            const std::int64_t cols = (std::min)(w, to_.cols - col);
            alignas(64) std::uint32_t words[most_words];
            alignas(64) T buffer[tile_words / per_value];
            std::uint16_t begin[most_cols];
            tile(row, col, rows, cols, words, buffer, begin);
            put(row, col, rows, cols, buffer, begin);
        });
    }

    /// Columns that are runs of memory, or one column in pieces of multiples of 64 values.
    void write_columns(bool parallel) const {
        const std::int64_t piece =
            to_.cols > 1 || !parallel ? to_.rows : to_.rows / Eigen::nbThreads() / 64 * 64 + 64;
        const std::int64_t pieces = (to_.rows + piece - 1) / piece;
        for_each(parallel, pieces * to_.cols, [&](std::int64_t i) {
            const std::int64_t row = i % pieces * piece, col = i / pieces;
            const std::int64_t n = (std::min)(piece, to_.rows - row);
            alignas(64) std::uint32_t words[most_words];
            run(place_.element(row, col), words, reinterpret_cast<T*>(&to_(row, col)),
                static_cast<std::uint64_t>(n));
        });
    }

public:
    Writer(const Memory<Scalar>& to, const Place& place, const Source& source, const Law<T>& real,
           const Law<T>& imaginary)
        : to_(to), place_(place), source_(source), real_(real), imaginary_(imaginary) {}

    void write() {
        const bool parallel = source_.parallel() && to_.size() >= parallel_size;
        const bool whole = place_.whole_rows == static_cast<std::uint64_t>(to_.rows);
        if (whole && to_.rows == 1) to_ = {to_.data, to_.cols, 1, to_.right, 0};
        if (whole && (to_.cols == 1 || to_.right == to_.rows * to_.down)) {
            // All of it is one column, whose element(r, 0) is first + r.
            const std::uint64_t first = place_.element(0, 0);
            to_ = {to_.data, to_.rows * to_.cols, 1, to_.down, 0};
            place_ = {first + to_.size(), 1, first, 0};
        }
        if (direct && to_.down == 1 && (to_.rows >= 128 || to_.cols == 1))
            return write_columns(parallel);
        if (to_.right == 1 && source_.has_blocks() && to_.rows * words_of_element > 32) {
            // Rows of a tile are 32 columns, the length of two cache lines of floats: with narrower
            // ones, each row in another page, the memory took up to three times as long. Columns
            // are 32 words. If all begin at the same word of a block, the tiles at the top are
            // lower, so that the others begin with whole blocks; else columns are 28 words, with
            // room for the three that may come before them.
            const auto lead = static_cast<std::int64_t>(most_lead(0));
            const bool whole_blocks = alike() && lead % words_of_element == 0;
            return write_tiles((whole_blocks ? 32 : 28) / words_of_element, tile_words / 32,
                               whole_blocks ? lead / words_of_element : 0, parallel);
        }
        const std::int64_t h =
            (std::min)(to_.rows, (std::int64_t{chunk_words} - 3) / words_of_element);
        std::int64_t w = 1;
        if (h == to_.rows) {
            const auto height = static_cast<std::uint64_t>(h);
            const std::size_t column = whole ? height * E::words : pitch(0, height);
            w = static_cast<std::int64_t>((std::min)(tile_words / column, std::size_t{most_cols}));
        }
        write_tiles(h, w, 0, parallel);
    }
};

} // namespace nninit::inline NNINIT_ABI::detail::inline NNINIT_COMPILER

#endif
