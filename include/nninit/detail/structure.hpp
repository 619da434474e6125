// SPDX-License-Identifier: MIT
// What the rules that compute a matrix of their own share.

#ifndef NNINIT_DETAIL_STRUCTURE_HPP
#define NNINIT_DETAIL_STRUCTURE_HPP

#include <nninit/distributions.hpp>

namespace nninit::inline NNINIT_ABI::detail::inline NNINIT_COMPILER {

/// The scalar in which a structured rule computes for a target.
template <class Scalar> struct Computing { using Type = typename Element<Scalar>::Compute; };
template <class T> struct Computing<std::complex<T>> {
    using Type = std::complex<typename Element<T>::Compute>;
};

/// Copies a matrix, rounding to the target's type.
template <class From, class To> void copy(const Memory<From>& from, const Memory<To>& to) {
    for (std::int64_t c = 0; c < to.cols; ++c)
        for (std::int64_t r = 0; r < to.rows; ++r) to(r, c) = static_cast<To>(from(r, c));
}

} // namespace nninit::inline NNINIT_ABI::detail::inline NNINIT_COMPILER

#endif
