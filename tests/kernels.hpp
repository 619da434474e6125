// SPDX-License-Identifier: MIT
// The kernels of every distribution: compiled once, in include_all.cpp, and not again in each test
// that includes this file.
#ifndef NNINIT_TESTS_KERNELS_HPP
#define NNINIT_TESTS_KERNELS_HPP

#include <nninit/detail/kernels.hpp>

#define NNINIT_TESTS_KERNELS_OF(prefix, Map, T)                                                    \
    prefix template void philox_values(const Map<T>&, std::uint64_t, std::uint64_t, std::uint64_t, \
                                       T*, std::size_t);                                           \
    prefix template void philox_rows(const Map<T>&, std::uint64_t, std::uint64_t, std::uint64_t,   \
                                     std::uint64_t, T*, std::ptrdiff_t, std::size_t);              \
    prefix template void word_values(const Map<T>&, const std::uint32_t*, T*, std::size_t);
#define NNINIT_TESTS_KERNELS(prefix)                                                               \
    namespace nninit::detail {                                                                     \
    NNINIT_TESTS_KERNELS_OF(prefix, UniformMap, float)                                             \
    NNINIT_TESTS_KERNELS_OF(prefix, UniformMap, double)                                            \
    NNINIT_TESTS_KERNELS_OF(prefix, NormalMap, float)                                              \
    NNINIT_TESTS_KERNELS_OF(prefix, NormalMap, double)                                             \
    NNINIT_TESTS_KERNELS_OF(prefix, TruncatedMap, float)                                           \
    NNINIT_TESTS_KERNELS_OF(prefix, TruncatedMap, double)                                          \
    }

NNINIT_TESTS_KERNELS(extern)

#endif
