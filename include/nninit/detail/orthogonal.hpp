// SPDX-License-Identifier: MIT
// Stewart's method with a fixed order of operations: tests/golden/specification.md lists every
// rounding. Column k of standard normals, from row k on, gives the reflection that takes it to the
// first axis, with the raw Householder vector v_k; because an orthogonal matrix leaves normals as
// they are, no column needs updating by the ones before. All reflections are applied at once: with
// V the vectors (v_ik = 0 for i < k) and V1 its first rows, as many as columns,
//
//     1. V                                   reflect()
//     2. G = V^T V, S = strict upper(G) + diag(G) / 2
//     3. S M = V1^T                           2 and 3 are solve()
//     4. Q = (I - V M) diag(sign)             product()
//
// V, S, M and Q are rounded to T; everything else is double. Each element has a sequential sum of
// its own, so that neither vectors nor blocks nor threads can show; and a sum that starts at 0 is
// unchanged by products that are 0, so that padding and the zero halves of V, S and M may be summed
// or skipped.

#ifndef NNINIT_DETAIL_ORTHOGONAL_HPP
#define NNINIT_DETAIL_ORTHOGONAL_HPP

#include <nninit/detail/arithmetic.hpp>
#include <nninit/detail/reflection_memory.hpp>

#include <algorithm>
#include <cstddef>
#include <utility>

namespace nninit::inline NNINIT_ABI::detail::inline NNINIT_COMPILER {

/// gain Q for rows >= cols >= 1, from standard normals of type T (float or double), in groups of
/// `group` columns (the last may have fewer):
///
///     Reflections<T> r(rows, cols, threads);      // allocates all that is needed
///     for (first = 0; first < cols; first += r.group) {
///         ... fill r.columns(), rows x min(group, cols - first), column-major, with normals
///         r.reflect(first);
///     }
///     r.solve();
///     for (first = 0; first < cols; first += r.group)
///         r.product(gain, first, r.columns(), 1, rows);   // or to where the target has them
///
/// Takes rows cols elements of T, with cols rounded up to a multiple of 16, min(cols, 128) rows
/// more for columns(), and for each thread 128 cols doubles, or 272 KiB if that is more. A column
/// that is 0 from its diagonal on, which the quantiles of (w + 1/2) / 2^32 cannot give, would
/// become one of the negative identity.
template <class T> class Reflections : ReflectionMemory<T> {
    using Memory = ReflectionMemory<T>;
    using Memory::routines_, Memory::columns_, Memory::sign_, Memory::reciprocal_;
    using Memory::rows_, Memory::cols_, Memory::row_blocks_, Memory::col_blocks_, Memory::threads_;
    using Memory::tiles, Memory::chunk, Memory::run;
    using Memory::v, Memory::s, Memory::keep_columns, Memory::widen, Memory::narrow,
        Memory::doubles;
    using Memory::work;

public:
    using Index = std::ptrdiff_t;
    static constexpr Index group = Memory::group; ///< 128

    /// \throws std::bad_alloc if memory is lacking
    Reflections(Index rows, Index cols, int threads = 1) : Memory(rows, cols, threads) {}

    T* columns() { return columns_; }

    /// Step 1, for the group of columns that begins at `first`.
    void reflect(Index first) {
        each_block(first, [=, this](Index c) {
            keep_columns(c, first);
            reflect_block(c);
        });
    }

    /// Instead of step 1, for columns that are vectors v_k already; every sign_k is 1.
    void keep_vectors(Index first) {
        each_block(first, [=, this](Index c) {
            keep_columns(c, first);
            std::fill_n(sign_ + c * side, side, 1.0);
        });
    }

    /// Steps 2 and 3.
    void solve() {
        each(threads_, [this](int t) {
            for (Index c = t * tiles; c < col_blocks_; c += threads_ * tiles)
                inner_products(c, work(t));
        });
        each(threads_, [this](int t) {
            for (Index c = t; c < col_blocks_; c += threads_)
                for (Index i = c; i < row_blocks_; ++i) transpose(v(c, i));
        });
        // M takes the place of S: a group of columns does not read those of S that come after it.
        const Index groups = (col_blocks_ + tiles - 1) / tiles;
        for (Index last = groups - 1; last >= 0; last -= threads_) {
            const int count = static_cast<int>((std::min)(Index{threads_}, last + 1));
            each(count, [=, this](int t) { substitute((last - t) * tiles, work(t)); });
            each(count, [=, this](int t) { keep((last - t) * tiles, work(t)); });
        }
    }

    /// Step 4, for the group of columns that begins at `first`: element (i, first + j) goes to
    /// out[i down + j right].
    void product(double gain, Index first, T* out, Index down, Index right) {
        each(threads_, [=, this](int t) {
            for (Index top = t * chunk; top < row_blocks_; top += threads_ * chunk)
                product_chunk(gain, first / side, top, work(t), out, down, right);
        });
    }

private:
    /// function(0) to function(count - 1), each in a thread of its own.
    template <class Function> static void each(int count, Function function) {
#if defined(_OPENMP)
#pragma omp parallel for num_threads(count) if (count > 1) schedule(static, 1)
#endif
        for (int t = 0; t < count; ++t) function(t);
    }

    static void transpose(T* block) {
        for (int i = 1; i < side; ++i)
            for (int k = 0; k < i; ++k) std::swap(block[i * side + k], block[k * side + i]);
    }

    /// function(c) for the blocks of columns of the group that begins at `first`.
    template <class Function> void each_block(Index first, Function function) {
        const Index end = (std::min)(first / side + tiles, col_blocks_);
        each(threads_, [=, this](int t) {
            for (Index c = first / side + t; c < end; c += threads_) function(c);
        });
    }

    /// v_k for 16 columns of normals that are in V.
    void reflect_block(Index c) {
        double total[side] = {};
        for (Index b = c; b < row_blocks_; ++b)
            for (Index i = 0; i < side; ++i)
                for (Index k = 0; k < side; ++k) {
                    const auto element = static_cast<double>(v(c, b)[i * side + k]);
                    total[k] = opaque(total[k] + opaque(element * element));
                }
        for (Index k = 0; k < side; ++k) {
            T& pivot = v(c, c)[k * side + k];
            const Rounded first = static_cast<double>(pivot), length = square_root(total[k]);
            sign_[c * side + k] = pivot < 0 ? 1 : -1;
            pivot = static_cast<T>((pivot < 0 ? first - length : first + length).value);
        }
    }

    /// S and 2 / G_bb for a group of columns.
    void inner_products(Index from, double* totals) {
        double* const y = totals + tiles * chunk * block_size;
        double* const x = y + tiles * run * block_size;
        const Index to = (std::min)(from + tiles, col_blocks_);
        for (Index top = 0; top < to; top += chunk) {
            const Index bottom = (std::min)(top + chunk, to);
            const auto total = [=](Index a, Index b) {
                return totals + ((a - top) * tiles + b - from) * block_size;
            };
            for (Index r = from; r < row_blocks_; r += run) {
                const Index end = (std::min)(r + run, row_blocks_);
                const double* ys[tiles] = {};
                for (Index b = from; b < (std::min)(to, end); ++b) {
                    const Index first = (std::max)(r, b);
                    ys[b - from] =
                        doubles(v(b, first), y + (b - from) * run * block_size, end - first);
                }
                for (Index a = top; a < (std::min)(bottom, end); ++a) {
                    const Index above = (std::max)(r, a);
                    const double* const xs = doubles(v(a, above), x, end - above);
                    for (Index b = (std::max)(from, a); b < (std::min)(to, end); ++b) {
                        const Index first = (std::max)(r, b);
                        routines_.tile(xs + (first - above) * block_size, ys[b - from], side,
                                       (end - first) * side, total(a, b),
                                       r == from ? Start::zero : Start::added);
                    }
                }
            }
            for (Index a = top; a < bottom; ++a)
                for (Index b = (std::max)(from, a); b < to; ++b) narrow(total(a, b), s(a, b), 1);
            for (Index b = (std::max)(from, top); b < bottom; ++b)
                for (Index k = 0; k < side; ++k) {
                    const double square = total(b, b)[k * side + k];
                    reciprocal_[b * side + k] = square > 0 ? divide(2, square) : 0;
                }
        }
    }

    /// M for a group of columns, from its last row upwards, as doubles.
    void substitute(Index from, double* m) {
        double* const y = m + tiles * col_blocks_ * block_size;
        double* const x = y + run * block_size;
        constexpr Index last_row = block_size - side;
        const Index to = (std::min)(from + tiles, col_blocks_);
        for (Index r = (to - 1) / run * run; r >= 0; r -= run)
            for (Index k = (std::min)(r + run, to) - 1; k >= 0; --k) {
                const Index base = (std::max)(r, k), end = (std::min)(r + run, to);
                for (Index l = base; l < end; ++l) widen(s(k, l), y + (l - base) * block_size, 1);
                for (Index j = (std::max)(from, base); j < to; ++j) {
                    double* const column = m + (j - from) * col_blocks_ * block_size;
                    double* const total = column + k * block_size;
                    const Index lowest = (std::max)(r, k + 1), highest = (std::min)(end - 1, j);
                    if (lowest <= highest)
                        routines_.tile(column + highest * block_size + last_row,
                                       y + (highest - base) * block_size + last_row, -side,
                                       (highest - lowest + 1) * side, total,
                                       j < end ? Start::zero : Start::resumed);
                    else if (j < end)
                        std::fill_n(total, block_size, 0.0);
                    if (k >= r)
                        routines_.solve(doubles(v(k, j), x, 1), y, reciprocal_ + k * side, total);
                }
            }
    }
    void keep(Index from, const double* m) {
        for (Index j = from; j < (std::min)(from + tiles, col_blocks_); ++j)
            narrow(m + (j - from) * col_blocks_ * block_size, s(0, j), j + 1);
    }

    void product_chunk(double gain, Index from, Index top, double* totals, T* out, Index down,
                       Index right) {
        double* const y = totals + tiles * chunk * block_size;
        double* const x = y + tiles * run * block_size;
        const Index to = (std::min)(from + tiles, col_blocks_);
        const Index bottom = (std::min)(top + chunk, row_blocks_);
        const auto total = [=](Index i, Index j) {
            return totals + ((i - top) * tiles + j - from) * block_size;
        };
        for (Index r = 0; r < (std::min)(to, bottom); r += run) {
            const double* ys[tiles] = {};
            for (Index j = (std::max)(from, r); j < to; ++j)
                ys[j - from] = doubles(s(r, j), y + (j - from) * run * block_size,
                                       (std::min)(r + run, j + 1) - r);
            for (Index i = (std::max)(top, r); i < bottom; ++i) {
                const Index end = (std::min)({r + run, i + 1, to});
                for (Index k = r; k < end; ++k) widen(v(k, i), x + (k - r) * block_size, 1);
                for (Index j = (std::max)(from, r); j < to; ++j)
                    routines_.tile(x, ys[j - from], side, ((std::min)(end, j + 1) - r) * side,
                                   total(i, j), r == 0 ? Start::zero : Start::resumed);
            }
        }
        for (Index i = top; i < bottom; ++i)
            for (Index j = from; j < to; ++j)
                write(gain, i, j, total(i, j), out + i * side * down + (j - from) * side * right,
                      down, right);
    }
    void write(double gain, Index i, Index j, const double* total, T* out, Index down,
               Index right) const {
        const Index height = (std::min)(Index{side}, rows_ - i * side);
        for (Index k = 0; k < (std::min)(Index{side}, cols_ - j * side); ++k)
            for (Index n = 0; n < height; ++n) {
                const double element = total[k * side + n] - (i == j && n == k ? 1 : 0);
                out[n * down + k * right] =
                    static_cast<T>(opaque(opaque(element) * (sign_[j * side + k] * -gain)));
            }
    }
};

} // namespace nninit::inline NNINIT_ABI::detail::inline NNINIT_COMPILER

#endif
