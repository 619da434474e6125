// SPDX-License-Identifier: MIT

#ifndef NNINIT_VERSION_HPP
#define NNINIT_VERSION_HPP

#if defined(_MSVC_LANG) ? _MSVC_LANG < 202002L : __cplusplus < 202002L
#error "nninit needs C++20: compile with -std=c++20"
#else

#define NNINIT_VERSION_MAJOR 0
#define NNINIT_VERSION_MINOR 3
#define NNINIT_VERSION_PATCH 0

// Objects of another version of the library, or with another way to report errors, have names of
// their own, and so may be linked into one program. What depends on the compiler is named after it.
#if defined(__cpp_exceptions) || defined(_CPPUNWIND)
#define NNINIT_ABI v0_3_0
#else
#define NNINIT_ABI v0_3_0_no_exceptions
#endif

#if defined(__EDG__) || defined(__CUDACC__)
#define NNINIT_COMPILER other
#elif defined(__clang__)
#define NNINIT_COMPILER clang
#if !defined(_MSC_VER) // there __builtin_cpu_supports needs a library that is not linked
#define NNINIT_VECTORS // the vector extensions of GCC and Clang can be used
#endif
#elif defined(__GNUC__)
#define NNINIT_COMPILER gcc
#define NNINIT_VECTORS
#else
#define NNINIT_COMPILER other
#endif

// Before what runs once, refuses or reads text: not worth the optimiser's time.
#if defined(NNINIT_VECTORS)
#define NNINIT_COLD [[gnu::__cold__, gnu::__noinline__]]
#else
#define NNINIT_COLD
#endif

// Before the kernels: GCC then optimises them at -O0 too, for programs that are being debugged, and
// takes no longer to compile them. Clang has no such pragma.
#if defined(NNINIT_VECTORS) && !defined(__clang__) && !defined(__OPTIMIZE__)
#define NNINIT_OPTIMIZE _Pragma("GCC optimize(\"O1\")")
#else
#define NNINIT_OPTIMIZE
#endif

namespace nninit::inline NNINIT_ABI {

/// The version of the rules by which words become values. It changes when any value does.
inline constexpr int stream_version = 3;

namespace detail::inline NNINIT_COMPILER {} // namespace detail::inline NNINIT_COMPILER

} // namespace nninit::inline NNINIT_ABI

#endif
#endif
