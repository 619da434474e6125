// SPDX-License-Identifier: MIT
// The kernels of the widest instruction set that the machine has, chosen once, at run time.
// simd/set.hpp says what they are.

#ifndef NNINIT_DETAIL_KERNELS_HPP
#define NNINIT_DETAIL_KERNELS_HPP

#include <nninit/detail/simd/avx2.hpp>
#include <nninit/detail/simd/avx512.hpp>
#include <nninit/detail/simd/neon.hpp>
#include <nninit/detail/simd/portable.hpp>

namespace nninit::inline NNINIT_ABI::detail::inline NNINIT_COMPILER {

enum class Path { portable, neon, avx2, avx512 };

inline bool has(Path path) {
#if defined(NNINIT_VECTORS) && defined(__x86_64__)
    __builtin_cpu_init();
    const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    if (path == Path::avx2) return avx2;
    if (path == Path::avx512)
        return avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
               __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw");
#elif defined(NNINIT_VECTORS) && defined(__AARCH64EL__)
    if (path == Path::neon) return true;
#endif
    return path == Path::portable;
}

NNINIT_COLD inline Path widest_path() {
    for (const Path path : {Path::avx512, Path::avx2, Path::neon})
        if (has(path)) return path;
    return Path::portable;
}

/// The path in use. Tests and benchmarks may set it to another that the machine has; no value
/// depends on it.
inline Path& path() {
    static Path chosen = widest_path();
    return chosen;
}

#if defined(NNINIT_VECTORS) && defined(__x86_64__)
#define NNINIT_ON_PATH(...)                                                                        \
    const Path chosen = path();                                                                    \
    if (chosen == Path::avx512) return avx512::__VA_ARGS__;                                        \
    if (chosen == Path::avx2) return avx2::__VA_ARGS__;                                            \
    return portable::__VA_ARGS__
#elif defined(NNINIT_VECTORS) && defined(__AARCH64EL__)
#define NNINIT_ON_PATH(...)                                                                        \
    if (path() == Path::neon) return neon::__VA_ARGS__;                                            \
    return portable::__VA_ARGS__
#else
#define NNINIT_ON_PATH(...) return portable::__VA_ARGS__
#endif

/// Philox's words: vector i holds those of the blocks from first[i] on. `vectors` is even, and the
/// numbers of all blocks have the high half that `rounds` has.
inline void philox_words(const Rounds& rounds, const std::uint64_t* first, std::size_t vectors,
                         std::uint32_t* out) {
    NNINIT_ON_PATH(words(rounds, first, vectors, out));
}

// What a Law points to.

template <class T>
void uniform_values(const Law<T>& law, const std::uint32_t* words, T* out, std::size_t n) {
    NNINIT_ON_PATH(uniform_values(law, words, out, n));
}
template <class T>
void normal_values(const Law<T>& law, const std::uint32_t* words, T* out, std::size_t n) {
    NNINIT_ON_PATH(quantile_values<T, false>(law, words, out, n));
}
template <class T>
void truncated_values(const Law<T>& law, const std::uint32_t* words, T* out, std::size_t n) {
    NNINIT_ON_PATH(quantile_values<T, true>(law, words, out, n));
}

/// How many words a vector of philox_words() has.
inline std::size_t words_of_vector() { NNINIT_ON_PATH(words_of_vector); }

#undef NNINIT_ON_PATH

} // namespace nninit::inline NNINIT_ABI::detail::inline NNINIT_COMPILER

#endif
