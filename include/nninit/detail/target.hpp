// SPDX-License-Identifier: MIT
// How values reach a target, whatever its storage: the elements count in column-major order of the
// whole matrix, and a column of the target is a run of them.

#ifndef NNINIT_DETAIL_TARGET_HPP
#define NNINIT_DETAIL_TARGET_HPP

#include <Eigen/Core>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

namespace nninit::detail {

/// Where the target stands in the whole.
struct Place {
    std::uint64_t whole_rows, whole_cols, row, col;

    std::uint64_t element(Eigen::Index r, Eigen::Index c) const {
        return (col + static_cast<std::uint64_t>(c)) * whole_rows + row +
               static_cast<std::uint64_t>(r);
    }
};

inline constexpr Eigen::Index parallel_size = 1 << 17; // values from which threads gain
inline constexpr Eigen::Index tile_rows = 188; // full batches, wherever in a block they begin

/// How many threads share a fill.
inline Eigen::Index threads([[maybe_unused]] bool parallel) {
#if defined(_OPENMP)
    if (parallel) return Eigen::nbThreads();
#endif
    return 1;
}

/// body(i) for i in [0, n), shared among Eigen's threads when OpenMP is on and `parallel`.
template <class Body>
void for_each([[maybe_unused]] bool parallel, Eigen::Index n, const Body& body) {
#if defined(_OPENMP)
    if (const Eigen::Index count = threads(parallel); count > 1) {
#pragma omp parallel for num_threads(int(count)) schedule(static)
        for (Eigen::Index i = 0; i < n; ++i) body(i);
        return;
    }
#endif
    for (Eigen::Index i = 0; i < n; ++i) body(i);
}

/// Four columns of four consecutive coefficients, from where they stand to where their rows do.
template <class Scalar>
void transpose_4x4(const Scalar* from, Eigen::Index column, Scalar* to, Eigen::Index row) {
#if __has_builtin(__builtin_shufflevector)
    if constexpr (std::is_same_v<Scalar, float>) {
        typedef Scalar V __attribute__((vector_size(4 * sizeof(Scalar))));
        V a, b, c, d;
        std::memcpy(&a, from, sizeof a);
        std::memcpy(&b, from + column, sizeof b);
        std::memcpy(&c, from + 2 * column, sizeof c);
        std::memcpy(&d, from + 3 * column, sizeof d);
        const V ac_low = __builtin_shufflevector(a, c, 0, 4, 1, 5);
        const V ac_high = __builtin_shufflevector(a, c, 2, 6, 3, 7);
        const V bd_low = __builtin_shufflevector(b, d, 0, 4, 1, 5);
        const V bd_high = __builtin_shufflevector(b, d, 2, 6, 3, 7);
        const V row0 = __builtin_shufflevector(ac_low, bd_low, 0, 4, 1, 5);
        const V row1 = __builtin_shufflevector(ac_low, bd_low, 2, 6, 3, 7);
        const V row2 = __builtin_shufflevector(ac_high, bd_high, 0, 4, 1, 5);
        const V row3 = __builtin_shufflevector(ac_high, bd_high, 2, 6, 3, 7);
        std::memcpy(to, &row0, sizeof a);
        std::memcpy(to + row, &row1, sizeof a);
        std::memcpy(to + 2 * row, &row2, sizeof a);
        std::memcpy(to + 3 * row, &row3, sizeof a);
        return;
    }
#endif
    for (int i = 0; i < 4; ++i)
        for (int j = 0; j < 4; ++j) to[i * row + j] = from[j * column + i];
}

/// A part of the target, its values column by column.
template <class Scalar> struct Tile {
    const Scalar* values;
    Eigen::Index first_row, rows, first_col, cols;
};

/// To a row-major target.
template <class Scalar> void transpose(const Tile<Scalar>& tile, Scalar* to, Eigen::Index row) {
    const Scalar* const from = tile.values;
    const Eigen::Index even_rows = tile.rows / 4 * 4, even_cols = tile.cols / 4 * 4;
    to += tile.first_row * row + tile.first_col;
    for (Eigen::Index r = 0; r < even_rows; r += 4)
        for (Eigen::Index c = 0; c < even_cols; c += 4)
            transpose_4x4(from + c * tile.rows + r, tile.rows, to + r * row + c, row);
    for (Eigen::Index r = 0; r < tile.rows; ++r)
        for (Eigen::Index c = r < even_rows ? even_cols : 0; c < tile.cols; ++c)
            to[r * row + c] = from[c * tile.rows + r];
}

/// Puts a tile's values one by one where at(row, column) says.
template <class At> auto each_coefficient(const At& at) {
    return [at](const auto& tile) {
        for (Eigen::Index r = 0; r < tile.rows; ++r)
            for (Eigen::Index c = 0; c < tile.cols; ++c)
                at(tile.first_row + r, tile.first_col + c) = tile.values[c * tile.rows + r];
    };
}

/// Writes the target tile by tile with put(tile).
template <class Scalar, class Produce, class Put>
void write_tiles(const Produce& produce, const Place& place, Eigen::Index rows, Eigen::Index cols,
                 const Put& put) {
    // Rows of a tile are three cache lines of row-major storage, because lines written one by one,
    // each in another page, take the memory three times as long. A sequential engine gives its
    // words column by column.
    constexpr bool random_access = Produce::random_access;
    constexpr Eigen::Index high = tile_rows, wide = random_access ? 192 / int{sizeof(Scalar)} : 1;
    const Eigen::Index down = (rows + high - 1) / high, across = (cols + wide - 1) / wide;
    for_each(Produce::parallel && rows * cols >= parallel_size, down * across, [&](Eigen::Index i) {
        // Along the rows, so that a tile goes on where one ended.
        const Eigen::Index r0 = (random_access ? i / across : i % down) * high;
        const Eigen::Index c0 = (random_access ? i % across : i / down) * wide;
        const Eigen::Index r = (std::min)(high, rows - r0), c = (std::min)(wide, cols - c0);
        Scalar values[high * wide];
        if (place.whole_rows == static_cast<std::uint64_t>(r)) // columns follow one another
            produce(place.element(0, c0), values, static_cast<std::size_t>(r * c));
        else
            for (Eigen::Index k = 0; k < c; ++k)
                produce(place.element(r0, c0 + k), values + k * r, static_cast<std::size_t>(r));
        put(Tile<Scalar>{values, r0, r, c0, c});
    });
}

/// Writes every coefficient of a dense expression.
template <class Target, class Produce>
void write(Target& target, const Place& place, const Produce& produce) {
    using Scalar = typename Target::Scalar;
    const Eigen::Index rows = target.rows(), cols = target.cols();
    if constexpr ((Target::Flags & Eigen::DirectAccessBit) != 0) {
        Scalar* const data = target.data();
        const Eigen::Index inner = target.innerStride(), outer = target.outerStride();
        const Eigen::Index down = Target::IsRowMajor ? outer : inner;
        const Eigen::Index right = Target::IsRowMajor ? inner : outer;
        const bool parallel = Produce::parallel && rows * cols >= parallel_size;
        if (rows > 1 && down != 1 && right == 1) {
            // Tiles do better where rows are short.
            const auto at_once = cols < 32
                                     ? 0
                                     : static_cast<Eigen::Index>(produce.rows_at_once(
                                           place.element(0, 0), place.element(rows - 1, cols - 1),
                                           place.whole_rows));
            if (at_once != 0 && rows % at_once == 0)
                return for_each(parallel, rows / at_once, [&](Eigen::Index i) {
                    produce.rows(place.element(i * at_once, 0), place.whole_rows,
                                 data + i * at_once * down, down, static_cast<std::size_t>(cols));
                });
            return write_tiles<Scalar>(produce, place, rows, cols, [=](const Tile<Scalar>& tile) {
                transpose(tile, data, down);
            });
        }
        if (rows > 1 && down != 1)
            return write_tiles<Scalar>(
                produce, place, rows, cols,
                each_coefficient([=](Eigen::Index r, Eigen::Index c) -> Scalar& {
                    return data[r * down + c * right];
                }));
        // Columns are runs of memory; where they also follow one another, so is the whole.
        const bool one_run =
            place.whole_rows == static_cast<std::uint64_t>(rows) && (right == rows || cols == 1);
        if (!one_run)
            return for_each(parallel, cols, [&](Eigen::Index c) {
                produce(place.element(0, c), data + c * right, static_cast<std::size_t>(rows));
            });
        const Eigen::Index size = rows * cols;
        const Eigen::Index piece = size / threads(parallel) / 64 * 64 + 64; // whole cache lines
        for_each(parallel, (size + piece - 1) / piece, [&](Eigen::Index i) {
            const Eigen::Index first = i * piece;
            produce(place.element(0, 0) + static_cast<std::uint64_t>(first), data + first,
                    static_cast<std::size_t>((std::min)(piece, size - first)));
        });
    } else {
        write_tiles<Scalar>(produce, place, rows, cols,
                            each_coefficient([&](Eigen::Index r, Eigen::Index c) -> Scalar& {
                                return target.coeffRef(r, c);
                            }));
    }
}

} // namespace nninit::detail

#endif
