// SPDX-License-Identifier: MIT
// Chooses the kernels: once, at run time, by what the machine can do.

#ifndef NNINIT_DETAIL_KERNELS_HPP
#define NNINIT_DETAIL_KERNELS_HPP

#include <nninit/detail/lanes_avx2.hpp>
#include <nninit/detail/lanes_avx512.hpp>
#include <nninit/detail/lanes_neon.hpp>
#include <nninit/detail/lanes_portable.hpp>

namespace nninit::detail {

enum class Path { portable, neon, avx2, avx512 };

inline bool has(Path path) {
#if defined(__GNUC__) && defined(__x86_64__)
    __builtin_cpu_init();
    const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    if (path == Path::avx2) return avx2;
    if (path == Path::avx512)
        return avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
               __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw");
#elif defined(__GNUC__) && defined(__AARCH64EL__)
    if (path == Path::neon) return true;
#endif
    return path == Path::portable;
}

inline Path widest_path() {
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

/// The path for a map's values: where all of them lie in the slow tails, vectors would leave out
/// every lane.
template <class Map> Path path_for([[maybe_unused]] const Map& map) {
    if constexpr (requires { map.exponent; })
        if (map.exponent != 0) return Path::portable;
    return path();
}

/// The values of the words of a Philox stream from `position` on.
template <class Map>
void philox_values(const Map& map, std::uint64_t seed, std::uint64_t stream, std::uint64_t position,
                   typename Map::Value* out, std::size_t n) {
#if defined(__GNUC__) && defined(__x86_64__)
    if (path_for(map) == Path::avx512) return avx512::generate(map, seed, stream, position, out, n);
    if (path_for(map) == Path::avx2) return avx2::generate(map, seed, stream, position, out, n);
#elif defined(__GNUC__) && defined(__AARCH64EL__)
    if (path_for(map) == Path::neon) return neon::generate(map, seed, stream, position, out, n);
#endif
    portable::generate(map, seed, stream, position, out, n);
}

/// Whether philox_rows() can be had for a map.
template <class Map> bool has_rows(const Map& map) { return path_for(map) != Path::portable; }

/// The values of the blocks of 4 words at `position` and each `apart` words later, all of one run
/// (run_end()): `cols` columns of 4 (float) or 2 (double) values, to rows `row` apart.
template <class Map>
void philox_rows([[maybe_unused]] const Map& map, [[maybe_unused]] std::uint64_t seed,
                 [[maybe_unused]] std::uint64_t stream, [[maybe_unused]] std::uint64_t position,
                 [[maybe_unused]] std::uint64_t apart, [[maybe_unused]] typename Map::Value* out,
                 [[maybe_unused]] std::ptrdiff_t row, [[maybe_unused]] std::size_t cols) {
#if defined(__GNUC__) && defined(__x86_64__)
    if (path() == Path::avx512)
        avx512::generate_rows(map, seed, stream, position, apart, out, row, cols);
    if (path() == Path::avx2)
        avx2::generate_rows(map, seed, stream, position, apart, out, row, cols);
#elif defined(__GNUC__) && defined(__AARCH64EL__)
    neon::generate_rows(map, seed, stream, position, apart, out, row, cols);
#endif
}

/// The values of n words (float) or pairs of words (double) in memory.
template <class Map>
void word_values(const Map& map, const std::uint32_t* words, typename Map::Value* out,
                 std::size_t n) {
#if defined(__GNUC__) && defined(__x86_64__)
    if (path_for(map) == Path::avx512) return avx512::transform(map, words, out, n);
    if (path_for(map) == Path::avx2) return avx2::transform(map, words, out, n);
#elif defined(__GNUC__) && defined(__AARCH64EL__)
    if (path_for(map) == Path::neon) return neon::transform(map, words, out, n);
#endif
    portable::transform(map, words, out, n);
}

} // namespace nninit::detail

#endif
