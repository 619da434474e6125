// SPDX-License-Identifier: MIT
// A target as a plain description of memory: what comes after knows no Eigen expression.

#ifndef NNINIT_DETAIL_MEMORY_HPP
#define NNINIT_DETAIL_MEMORY_HPP

#include <nninit/version.hpp>

#include <Eigen/Core>

#include <complex>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>
#include <vector>

namespace nninit::inline NNINIT_ABI::detail::inline NNINIT_COMPILER {

/// What a scalar is made of: `reals` numbers of type Real, each computed as Compute.
template <class Scalar> struct Element { static constexpr bool supported = false; };
template <class T, class C> struct RealElement {
    using Real = T;
    using Compute = C;
    static constexpr bool supported = true;
    static constexpr std::size_t reals = 1;
    static constexpr std::size_t words = sizeof(C) / 4;
};
template <> struct Element<float> : RealElement<float, float> {};
template <> struct Element<double> : RealElement<double, double> {};
template <> struct Element<long double> : RealElement<long double, double> {};
template <> struct Element<Eigen::half> : RealElement<Eigen::half, float> {};
template <> struct Element<Eigen::bfloat16> : RealElement<Eigen::bfloat16, float> {};
template <class T>
requires std::is_floating_point_v<T>
struct Element<std::complex<T>> : Element<T> {
    static constexpr std::size_t reals = 2;
    static constexpr std::size_t words = 2 * Element<T>::words;
};

/// A matrix in memory: `down` scalars from a row to the next, `right` from a column to the next.
template <class Scalar> struct Memory {
    Scalar* data;
    std::int64_t rows, cols, down, right;

    Scalar& operator()(std::int64_t row, std::int64_t col) const {
        return data[row * down + col * right];
    }
    bool empty() const { return rows == 0 || cols == 0; }
    std::uint64_t size() const {
        return static_cast<std::uint64_t>(rows) * static_cast<std::uint64_t>(cols);
    }
    Memory transposed() const { return {data, cols, rows, right, down}; }
};

template <class Expression>
concept HasStrides = (int{std::remove_const_t<Expression>::Flags} & int{Eigen::DirectAccessBit}) !=
                         0 &&
                     requires(Expression& target) {
    target.data();
    target.coeffRef(0, 0);
    target.innerStride();
    target.outerStride();
};

/// Whether an expression's coefficients stand in memory. Some of Eigen's slices have the flag but
/// no strides, and views of them ask for theirs.
template <class Expression> struct StandsInMemory : std::bool_constant<HasStrides<Expression>> {};
template <class Expression>
requires requires(Expression& target) { target.nestedExpression(); }
struct StandsInMemory<Expression>
    : std::bool_constant<HasStrides<Expression> &&
                         StandsInMemory<std::remove_reference_t<
                             decltype(std::declval<Expression&>().nestedExpression())>>::value> {};
template <class Expression>
concept InMemory = StandsInMemory<Expression>::value;

/// std::addressof, whose header <memory> is large.
template <class Scalar> Scalar* address(Scalar& coefficient) {
    return reinterpret_cast<Scalar*>(
        &const_cast<char&>(reinterpret_cast<const volatile char&>(coefficient)));
}

template <InMemory Expression> auto memory_of(Expression& target) {
    using Scalar = std::remove_reference_t<decltype(target.coeffRef(0, 0))>;
    const std::int64_t inner = target.innerStride(), outer = target.outerStride();
    Scalar* const data = target.size() == 0 ? nullptr : detail::address(target.coeffRef(0, 0));
    return Memory<Scalar>{data, target.rows(), target.cols(),
                          Expression::IsRowMajor ? outer : inner,
                          Expression::IsRowMajor ? inner : outer};
}

/// Column-major memory of a rule's own.
template <class Scalar> struct Buffer {
    std::vector<Scalar> values;
    Memory<Scalar> memory;

    /// \throws std::bad_alloc or std::length_error if it does not fit.
    Buffer(std::int64_t rows, std::int64_t cols)
        : values(static_cast<std::size_t>(rows) * static_cast<std::size_t>(cols)),
          memory{values.data(), rows, cols, 1, rows} {}
};

/// What an Eigen base class is a base of.
template <class Derived> Derived& derived(Eigen::DenseBase<Derived>& target) {
    return target.derived();
}
template <class Derived> const Derived& derived(const Eigen::DenseBase<Derived>& target) {
    return target.derived();
}

/// Calls write(memory) with the target's memory, or with a buffer that is then copied to the
/// target.
template <class Target, class Write> void with_memory(Target& given, const Write& write) {
    auto& target = detail::derived(given);
    using Expression = std::remove_reference_t<decltype(target)>;
    if constexpr (InMemory<Expression>) {
        write(detail::memory_of(target));
    } else {
        Buffer<typename Expression::Scalar> buffer(target.rows(), target.cols());
        write(buffer.memory);
        for (Eigen::Index c = 0; c < target.cols(); ++c)
            for (Eigen::Index r = 0; r < target.rows(); ++r)
                target.coeffRef(r, c) = buffer.memory(r, c);
    }
}

/// Where a target stands in the whole: its elements count in column-major order of that.
struct Place {
    std::uint64_t whole_rows, whole_cols, row, col;

    std::uint64_t element(std::int64_t r, std::int64_t c) const {
        return (col + static_cast<std::uint64_t>(c)) * whole_rows + row +
               static_cast<std::uint64_t>(r);
    }
};

} // namespace nninit::inline NNINIT_ABI::detail::inline NNINIT_COMPILER

#endif
