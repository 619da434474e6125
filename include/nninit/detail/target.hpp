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

/// body(i) for i in [0, n), shared among Eigen's threads when OpenMP is on and `parallel`.
template <class Body>
void for_each([[maybe_unused]] bool parallel, Eigen::Index n, const Body& body) {
#if defined(_OPENMP)
    const int threads = parallel ? Eigen::nbThreads() : 1;
    if (threads > 1) {
#pragma omp parallel for num_threads(threads) schedule(static)
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

/// A tile of consecutive columns, to a row-major target.
template <class Scalar>
void transpose(const Scalar* from, Eigen::Index rows, Eigen::Index cols, Scalar* to,
               Eigen::Index row) {
    const Eigen::Index even_rows = rows / 4 * 4, even_cols = cols / 4 * 4;
    for (Eigen::Index r = 0; r < even_rows; r += 4)
        for (Eigen::Index c = 0; c < even_cols; c += 4)
            transpose_4x4(from + c * rows + r, rows, to + r * row + c, row);
    for (Eigen::Index r = 0; r < rows; ++r)
        for (Eigen::Index c = r < even_rows ? even_cols : 0; c < cols; ++c)
            to[r * row + c] = from[c * rows + r];
}

/// Puts a tile's values one by one where at(row, column) says.
template <class At> auto each_coefficient(const At& at) {
    return [at](const auto* tile, Eigen::Index r0, Eigen::Index rows, Eigen::Index c0,
                Eigen::Index cols) {
        for (Eigen::Index r = 0; r < rows; ++r)
            for (Eigen::Index c = 0; c < cols; ++c) at(r0 + r, c0 + c) = tile[c * rows + r];
    };
}

/// Writes the target tile by tile; put(tile, first row, rows, first column, columns) is told where.
template <class Scalar, class Produce, class Put>
void write_tiles(const Produce& produce, const Place& place, Eigen::Index rows, Eigen::Index cols,
                 const Put& put) {
    // A sequential engine gives its words column by column; otherwise tiles are wide enough to
    // fill cache lines of row-major storage.
    constexpr Eigen::Index high = 1024 / int{sizeof(Scalar)},
                           wide = Produce::random_access ? 16 : 1;
    const Eigen::Index down = (rows + high - 1) / high, across = (cols + wide - 1) / wide;
    for_each(Produce::parallel && rows * cols >= parallel_size, down * across, [&](Eigen::Index i) {
        constexpr bool along = Produce::random_access; // so that a tile goes on where one ended
        const Eigen::Index r0 = (along ? i / across : i % down) * high;
        const Eigen::Index c0 = (along ? i % across : i / down) * wide;
        const Eigen::Index r = (std::min)(high, rows - r0), c = (std::min)(wide, cols - c0);
        Scalar tile[high * wide];
        if (place.whole_rows == static_cast<std::uint64_t>(r)) // columns follow one another
            produce(place.element(0, c0), tile, static_cast<std::size_t>(r * c));
        else
            for (Eigen::Index k = 0; k < c; ++k)
                produce(place.element(r0, c0 + k), tile + k * r, static_cast<std::size_t>(r));
        put(tile, r0, r, c0, c);
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
        if (rows > 1 && down != 1 && right == 1)
            return write_tiles<Scalar>(
                produce, place, rows, cols,
                [=](const Scalar* tile, Eigen::Index r0, Eigen::Index r, Eigen::Index c0,
                    Eigen::Index c) { transpose(tile, r, c, data + r0 * down + c0, down); });
        if (rows > 1 && down != 1)
            return write_tiles<Scalar>(
                produce, place, rows, cols,
                each_coefficient([=](Eigen::Index r, Eigen::Index c) -> Scalar& {
                    return data[r * down + c * right];
                }));
        // Columns are runs of memory; where they also follow one another, so is the whole.
        const bool parallel = Produce::parallel && rows * cols >= parallel_size;
        const bool one_run =
            place.whole_rows == static_cast<std::uint64_t>(rows) && (right == rows || cols == 1);
        if (!one_run)
            return for_each(parallel, cols, [&](Eigen::Index c) {
                produce(place.element(0, c), data + c * right, static_cast<std::size_t>(rows));
            });
        const Eigen::Index size = rows * cols, piece = parallel ? parallel_size / 8 : size;
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
