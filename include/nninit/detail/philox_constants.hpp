// SPDX-License-Identifier: MIT

#ifndef NNINIT_DETAIL_PHILOX_CONSTANTS_HPP
#define NNINIT_DETAIL_PHILOX_CONSTANTS_HPP

#include <nninit/version.hpp>

#include <cstdint>

namespace nninit::inline NNINIT_ABI::detail::inline NNINIT_COMPILER {

inline constexpr std::uint32_t philox_m0 = 0xd2511f53, philox_m1 = 0xcd9e8d57;
inline constexpr std::uint32_t philox_w0 = 0x9e3779b9, philox_w1 = 0xbb67ae85;

} // namespace nninit::inline NNINIT_ABI::detail::inline NNINIT_COMPILER

#endif
