// SPDX-License-Identifier: MIT
#ifndef NNINIT_TESTS_CATCH_HPP
#define NNINIT_TESTS_CATCH_HPP

// Catch2 3 by its names; Catch2 2.13 gets the two that it calls otherwise.
#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
using Catch::Approx;
#else
// Debian's library is built as C++14, and does not print one by this.
#define CATCH_CONFIG_NO_CPP17_STRING_VIEW
#include <catch2/catch.hpp>
namespace Catch::Matchers {
inline auto ContainsSubstring(const std::string& text) { return Contains(text); }
} // namespace Catch::Matchers
#endif

#endif
