// SPDX-License-Identifier: MIT
// Where detail/orthogonal.hpp keeps its matrices: in blocks of 16 x 16, block by block in memory,
// so that no numbers used together lie a large power of two apart, and nothing that is 0 as a whole
// takes room.

#ifndef NNINIT_DETAIL_REFLECTION_MEMORY_HPP
#define NNINIT_DETAIL_REFLECTION_MEMORY_HPP

#include <nninit/detail/simd/tile.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace nninit::inline NNINIT_ABI::detail::inline NNINIT_COMPILER {

/// How many elements a matrix has: a double, which does not overflow.
inline double count(std::ptrdiff_t rows, std::ptrdiff_t cols) {
    return static_cast<double>(rows) * static_cast<double>(cols);
}

/// Memory that is not written before it is used. Not std::unique_ptr: <memory> takes as long to
/// compile as a tenth of this library.
template <class T> class Elements {
public:
    Elements() = default;
    Elements(const Elements&) = delete;
    Elements& operator=(const Elements&) = delete;
    ~Elements() { delete[] first_; }

    /// Once. \throws std::bad_alloc if memory is lacking
    void allocate(double n) {
        const volatile std::size_t never = SIZE_MAX; // unknown to GCC, which would warn of it
        first_ =
            new T[n < 0.5 * static_cast<double>(SIZE_MAX) ? static_cast<std::size_t>(n) : never];
    }
    T* get() const { return first_; }

private:
    T* first_ = nullptr;
};

template <class T> struct ReflectionMemory {
    using Index = std::ptrdiff_t;

    static constexpr Index group = 128;
    static constexpr int cache_line = 64;
    static constexpr Index tiles = group / side; ///< blocks of columns worked on together
    static constexpr Index chunk = 8;            ///< blocks of rows worked on together
    static constexpr Index run = 8; ///< blocks that are summed at once, and in step 2 from 0

    /// \throws std::bad_alloc if memory is lacking
    ReflectionMemory(Index rows, Index cols, int threads)
        : rows_(rows), cols_(cols), row_blocks_(blocks(rows)), col_blocks_(blocks(cols)),
          threads_(static_cast<int>( // 64 rows are worth a thread
              (std::max)(Index{1}, (std::min)(Index{threads}, row_blocks_ / 4)))) {
        const auto height = static_cast<double>(row_blocks_);
        const auto width = static_cast<double>(col_blocks_);
        const double work_blocks =
            (std::max)(1.0 * tiles * (chunk + run) + run, tiles * width + run + 1);
        const double matrices = lines(width * (height + 1) * block_size, sizeof(T)),
                     columns = lines(count(rows, (std::min)(cols, group)), sizeof(T)),
                     work = lines(threads_ * work_blocks * block_size, sizeof(double)),
                     factors = lines(2 * width * side, sizeof(double));
        // One block, which malloc keeps for the next call; of several it would return some.
        memory_.allocate(matrices + columns + work + factors + cache_line);
        unsigned char* at = memory_.get();
        at += (0 - reinterpret_cast<std::uintptr_t>(at)) % cache_line;
        const auto take = [&at](double size) {
            return std::exchange(at, at + static_cast<Index>(size));
        };
        v_ = reinterpret_cast<T*>(take(matrices));
        s_ = v_ + (col_blocks_ * row_blocks_ - col_blocks_ * (col_blocks_ - 1) / 2) * block_size;
        columns_ = reinterpret_cast<T*>(take(columns));
        work_ = reinterpret_cast<double*>(take(work));
        work_size_ = static_cast<Index>(work_blocks) * block_size;
        sign_ = reinterpret_cast<double*>(take(factors));
        reciprocal_ = sign_ + col_blocks_ * side;
    }

    static Index blocks(Index n) { return n / side + (n % side != 0); }
    /// The bytes of n elements in whole cache lines.
    static double lines(double n, int element) {
        return std::ceil(n * element / cache_line) * cache_line;
    }
    double* work(int thread) const { return work_ + thread * work_size_; }

    /// Rows 16 i ... of columns 16 c ..., i >= c: [row][column], and from step 3 on [column][row].
    T* v(Index c, Index i) const {
        return v_ + (c * row_blocks_ - c * (c - 1) / 2 + i - c) * block_size;
    }
    /// Rows 16 k ... of columns 16 l ..., k <= l, of S [column][row], and then of M [row][column].
    T* s(Index k, Index l) const { return s_ + (l * (l + 1) / 2 + k) * block_size; }

    /// 16 of columns(), which begin with column `first`, from the diagonal on, to V.
    void keep_columns(Index c, Index first) {
        const T* const x = columns_ + (c * side - first) * rows_;
        const Index width = (std::min)(Index{side}, cols_ - c * side);
        for (Index b = c; b < row_blocks_; ++b) {
            T* const block = v(c, b);
            const Index height = (std::min)(Index{side}, rows_ - b * side);
            if (b == c || width < side || height < side) std::fill_n(block, block_size, T(0));
            for (Index k = 0; k < width; ++k)
                for (Index i = b == c ? k : 0; i < height; ++i)
                    block[i * side + k] = x[k * rows_ + b * side + i];
        }
    }

    void widen(const T* from, double* to, Index n) const {
        routines_.widen(from, to, n * block_size);
    }
    void narrow(const double* from, T* to, Index n) const {
        routines_.narrow(from, to, n * block_size);
    }
    /// n blocks as doubles; copied only if they are not.
    const double* doubles(const T* from, double* to, Index n) const {
        if constexpr (sizeof(T) == 8) {
            return from;
        } else {
            widen(from, to, n);
            return to;
        }
    }

    Index rows_, cols_, row_blocks_, col_blocks_;
    int threads_;
    Index work_size_;
    TileRoutines<T> routines_ = tile_routines<T>();
    Elements<unsigned char> memory_;
    T *v_, *s_, *columns_;
    double *work_, *sign_, *reciprocal_;
};

} // namespace nninit::inline NNINIT_ABI::detail::inline NNINIT_COMPILER

#endif
