// SPDX-License-Identifier: MIT

#ifndef NNINIT_DETAIL_INTEGER_HPP
#define NNINIT_DETAIL_INTEGER_HPP

#include <nninit/version.hpp>

#include <concepts>
#include <type_traits>

namespace nninit::inline NNINIT_ABI::detail::inline NNINIT_COMPILER {

/// An integer of any type of up to 64 bits, or a number that an enumeration names, as
/// Matrix::RowsAtCompileTime.
template <class T>
concept Integer = (std::integral<std::remove_cvref_t<T>> && sizeof(T) <= 8) ||
                  (std::is_enum_v<std::remove_cvref_t<T>> && std::is_convertible_v<T, int>);

} // namespace nninit::inline NNINIT_ABI::detail::inline NNINIT_COMPILER

#endif
