// SPDX-License-Identifier: MIT
// How values reach a target, whatever its storage: the elements count in column-major order of the
// whole matrix, and a column of the target is a run of them.

#ifndef NNINIT_DETAIL_TARGET_HPP
#define NNINIT_DETAIL_TARGET_HPP

#include <Eigen/Core>

#include <algorithm>
#include <cstddef>
#include <cstdint>

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

/// A rectangle of the target, written where `at(r, c)` says.
template <class Scalar, class Produce, class At>
void write_tile(const Produce& produce, const Place& place, Eigen::Index r0, Eigen::Index rows,
                Eigen::Index c0, Eigen::Index cols, Scalar* buffer, const At& at) {
    for (Eigen::Index c = 0; c < cols; ++c)
        produce(place.element(r0, c0 + c), buffer + c * rows, static_cast<std::size_t>(rows));
    for (Eigen::Index r = 0; r < rows; ++r)
        for (Eigen::Index c = 0; c < cols; ++c) at(r0 + r, c0 + c) = buffer[c * rows + r];
}

template <class Produce, class Scalar, class At>
void write_tiles(const Produce& produce, const Place& place, Eigen::Index rows, Eigen::Index cols,
                 const At& at, Scalar) {
    // A sequential engine gives its words column by column; otherwise tiles are wide enough to
    // fill cache lines of row-major storage.
    constexpr Eigen::Index high = 128, wide = Produce::random_access ? 16 : 1;
    const Eigen::Index down = (rows + high - 1) / high, across = (cols + wide - 1) / wide;
    for_each(Produce::parallel && rows * cols >= parallel_size, down * across, [&](Eigen::Index i) {
        const Eigen::Index r = i % down * high, c = i / down * wide;
        Scalar buffer[high * wide];
        write_tile(produce, place, r, std::min(high, rows - r), c, std::min(wide, cols - c), buffer,
                   at);
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
        if (rows > 1 && down != 1)
            return write_tiles(
                produce, place, rows, cols,
                [=](Eigen::Index r, Eigen::Index c) -> Scalar& {
                    return data[r * down + c * right];
                },
                Scalar());
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
                    static_cast<std::size_t>(std::min(piece, size - first)));
        });
    } else {
        write_tiles(
            produce, place, rows, cols,
            [&](Eigen::Index r, Eigen::Index c) -> Scalar& { return target.coeffRef(r, c); },
            Scalar());
    }
}

} // namespace nninit::detail

#endif
