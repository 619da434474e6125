// SPDX-License-Identifier: MIT

#ifndef NNINIT_FANS_HPP
#define NNINIT_FANS_HPP

#include <nninit/detail/arithmetic.hpp>
#include <nninit/detail/integer.hpp>
#include <nninit/error.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <ostream>
#include <string>
#include <type_traits>

namespace nninit::inline NNINIT_ABI {
namespace detail::inline NNINIT_COMPILER {

/// A count written at a call: an integer of any type, so that no call needs a cast.
struct Size {
    std::uint64_t magnitude = 0;
    bool negative = false;

    constexpr Size() = default;
    template <Integer T> constexpr Size(T n) : magnitude(static_cast<std::uint64_t>(n)) {
        const auto promoted = +n;
        if constexpr (std::is_signed_v<decltype(+n)>) negative = promoted < 0;
    }
};

inline double number(Size n) {
    return n.negative ? -static_cast<double>(~n.magnitude + 1) : static_cast<double>(n.magnitude);
}

inline double positive(Size n, const char* name) {
    if (n.negative) fail({name, " must be at least 1, but is ", number(n)});
    if (n.magnitude == 0) fail({name, " must be at least 1, but is 0 or was left out"});
    return static_cast<double>(n.magnitude);
}

/// The sizes of a kernel's axes, or the strides along them; those left out are 1.
struct Axes {
    std::array<Size, 3> sizes{{1, 1, 1}};
    std::size_t given = 0;

    Axes() = default;
    constexpr Axes(std::initializer_list<Size> list) : given(list.size()) {
        if (given > sizes.size())
            fail({"a kernel has one to three axes, not ", static_cast<double>(given)});
        std::copy(list.begin(), list.end(), sizes.begin());
    }
    template <Integer T> Axes(T) {
        static_assert(std::is_void_v<T>, // never
                      "nninit: kernel and stride have a number for each axis, in braces: {3, 3}");
    }
};

inline double product(const Axes& axes, const char* name) {
    double product = 1;
    for (const Size& size : axes.sizes) product *= positive(size, name);
    return product;
}

/// The product of the strides, of which there is one for each axis of the kernel, or none.
inline double strides(const Axes& stride, const Axes& kernel, const char* name) {
    const double whole = product(stride, name);
    if (stride.given != 0 && stride.given != kernel.given)
        fail({name, " has ", static_cast<double>(stride.given), " of the kernel's ",
              static_cast<double>(kernel.given), " axes; give each its number, such as {2, 2}"});
    return whole;
}

inline double quotient(double whole, double part, const char* what, const char* by) {
    if (std::fmod(whole, part) != 0)
        fail({what, " = ", whole, " is not a multiple of ", by, " = ", part});
    return divide(whole, part); // -mlow-precision-div must not make a right layer wrong
}

template <class Matrix>
concept HasShape = requires {
    Matrix::IsVectorAtCompileTime;
};

} // namespace detail::inline NNINIT_COMPILER

/// The number of inputs that a neuron sums (fan_in) and of outputs that an input feeds (fan_out).
struct Fans {
    double in = 0;
    double out = 0;

    /// The fans of a dense layer y = W x: fan_in = W.cols(), fan_out = W.rows(), each at least 1,
    /// so that the bias of a layer without inputs is filled as that of one input.
    template <class Matrix> static Fans of(const Matrix& w) {
        static_assert(detail::HasShape<Matrix>,
                      "nninit: Fans::of takes a matrix; those of a layer are Fans(layer), of a "
                      "tensor Fans(Layout{\"HWIO\", {3, 3, 64, 128}})");
        static_assert(!Matrix::IsVectorAtCompileTime,
                      "nninit: a vector has no fan_in and fan_out of its own; pass the layer, such "
                      "as nninit::Fans{.in = 784, .out = 128}, or fill a bias with nninit::Zeros");
        return {(std::max)(static_cast<double>(w.cols()), 1.0),
                (std::max)(static_cast<double>(w.rows()), 1.0)};
    }

    friend std::ostream& operator<<(std::ostream& stream, const Fans& fans) {
        std::string text("fan_in ");
        text.append(detail::brief_decimal(fans.in)).append(", fan_out ");
        return stream << text.append(detail::brief_decimal(fans.out));
    }
};

/// What the n in a rule's variance, scale / n, is: a fan, or the mean of both.
enum class Mode { fan_in, fan_out, mean, geometric_mean };

} // namespace nninit::inline NNINIT_ABI

#endif
