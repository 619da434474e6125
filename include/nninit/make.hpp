// SPDX-License-Identifier: MIT

#ifndef NNINIT_MAKE_HPP
#define NNINIT_MAKE_HPP

#include <nninit/detail/fill.hpp>

#include <limits>

namespace nninit::inline NNINIT_ABI {
namespace detail::inline NNINIT_COMPILER {

/// A matrix of that size, if its type and the memory allow it.
template <class Matrix> Matrix sized(Size rows, Size cols) {
    constexpr auto most_index =
        static_cast<std::uint64_t>((std::numeric_limits<Eigen::Index>::max)());
    constexpr std::uint64_t most_bytes = PTRDIFF_MAX;
    if (rows.negative) fail({"make: rows must not be negative, but is ", number(rows)});
    if (cols.negative) fail({"make: cols must not be negative, but is ", number(cols)});
    const U128 size = multiply(rows.magnitude, cols.magnitude);
    if (rows.magnitude > most_index || cols.magnitude > most_index || size.high != 0 ||
        size.low > most_index || size.low > most_bytes / sizeof(typename Matrix::Scalar))
        fail({"make: a matrix of ", static_cast<double>(rows.magnitude), " x ",
              static_cast<double>(cols.magnitude), " does not fit in memory"});
    const auto refuse_other = [](int fixed, int limit, Size n, const char* what) {
        if (fixed != Eigen::Dynamic && static_cast<std::uint64_t>(fixed) != n.magnitude)
            fail({"make: the matrix type has ", static_cast<double>(fixed), " ", what, ", not ",
                  number(n)});
        if (limit != Eigen::Dynamic && static_cast<std::uint64_t>(limit) < n.magnitude)
            fail({"make: the matrix type has at most ", static_cast<double>(limit), " ", what,
                  ", not ", number(n)});
    };
    refuse_other(Matrix::RowsAtCompileTime, Matrix::MaxRowsAtCompileTime, rows, "rows");
    refuse_other(Matrix::ColsAtCompileTime, Matrix::MaxColsAtCompileTime, cols, "columns");
    return Matrix(static_cast<Eigen::Index>(rows.magnitude),
                  static_cast<Eigen::Index>(cols.magnitude));
}

template <class Matrix> Matrix sized(Size n) {
    static_assert(Matrix::IsVectorAtCompileTime,
                  "nninit: one size makes a vector; a matrix takes rows and columns");
    if constexpr (int{Matrix::ColsAtCompileTime} == 1)
        return detail::sized<Matrix>(n, 1);
    else
        return detail::sized<Matrix>(1, n);
}

template <class Matrix> Matrix sized() {
    static_assert(int{Matrix::SizeAtCompileTime} != Eigen::Dynamic,
                  "nninit: only a matrix of fixed size is made without rows and columns");
    return Matrix();
}

} // namespace detail::inline NNINIT_COMPILER

/// A new matrix of rows x cols, filled by the rule: make<Eigen::MatrixXf>(HeNormal{}, rng, 10,
/// 128). Facts are those of the rule's call. A vector takes one size, make<Eigen::VectorXf>(rule,
/// rng, 10), a matrix of fixed size none. A rule that draws nothing takes no engine if there
/// are no facts either: make<Eigen::VectorXf>(Zeros{}, 10). \throws std::invalid_argument for a
/// negative size, one that the type does not have, a matrix that no address space holds, and as the
/// rule; std::bad_alloc where memory is lacking.
template <class Matrix, class Rule, class Engine, class... Fact>
requires(!detail::Integer<Engine>) [[nodiscard]] Matrix
    make(const Rule& rule, Engine&& engine, detail::Size rows, detail::Size cols,
         const Fact&... facts) {
    Matrix matrix = detail::sized<Matrix>(rows, cols);
    rule(matrix, engine, facts...);
    return matrix;
}
/// A vector of n.
template <class Matrix, class Rule, class Engine, detail::Integer N, class... Fact>
requires(!detail::Integer<Engine> && !(... || detail::Integer<Fact>)) [[nodiscard]] Matrix
    make(const Rule& rule, Engine&& engine, N n, const Fact&... facts) {
    Matrix vector = detail::sized<Matrix>(n);
    rule(vector, engine, facts...);
    return vector;
}
/// A matrix of fixed size.
template <class Matrix, class Rule, class Engine, class... Fact>
requires(!detail::Integer<Engine> && !(... || detail::Integer<Fact>)) [[nodiscard]] Matrix
    make(const Rule& rule, Engine&& engine, const Fact&... facts) {
    Matrix matrix = detail::sized<Matrix>();
    rule(matrix, engine, facts...);
    return matrix;
}
/// By a rule that draws nothing.
template <class Matrix, class Rule, detail::Integer... N>
[[nodiscard]] Matrix make(const Rule& rule, N... sizes) {
    Matrix matrix = detail::sized<Matrix>(sizes...);
    rule(matrix);
    return matrix;
}

} // namespace nninit::inline NNINIT_ABI

#endif
