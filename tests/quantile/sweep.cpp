// SPDX-License-Identifier: MIT
// All 2^32 words of the float normal: the largest error of z, its odd symmetry, its order and its
// ends. Not a unit test: it takes minutes. An argument n takes every n-th block of 4096 words.
//
//   c++ -std=c++20 -O2 -fopenmp -Iinclude -I/usr/include/eigen3 tests/quantile/sweep.cpp -o sweep
//   ./sweep

#include <nninit/nninit.hpp>

#include "reference.hpp"

#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

namespace {

constexpr std::uint64_t block = 4096, half = std::uint64_t{1} << 31;

struct Findings {
    double worst = 0, worst_fall = 0;
    std::uint32_t worst_word = 0;
    std::uint64_t words = 0, not_odd = 0, falls = 0, not_finite = 0;

    void merge(const Findings& other) {
        if (other.worst > worst) {
            worst = other.worst;
            worst_word = other.worst_word;
        }
        worst_fall = std::max(worst_fall, other.worst_fall);
        words += other.words;
        not_odd += other.not_odd;
        falls += other.falls;
        not_finite += other.not_finite;
    }
};

std::vector<float> quantiles(std::uint64_t first, std::size_t n) {
    std::vector<std::uint32_t> words(n);
    for (std::size_t i = 0; i < n; ++i) words[i] = static_cast<std::uint32_t>(first + i);
    std::vector<float> z(n);
    nninit::detail::word_values(nninit::detail::NormalMap<float>{1, 0}, words.data(), z.data(), n);
    return z;
}

/// A block of the lower half, with the first word of the next, and its mirror image.
Findings look_at(std::uint64_t first) {
    const std::vector<float> z = quantiles(first, block + 1);
    const std::vector<float> mirrored = quantiles(2 * half - first - block, block);
    Findings found;
    found.words = 2 * block;
    for (std::size_t i = 0; i < block; ++i) {
        const auto word = static_cast<std::uint32_t>(first + i);
        if (!std::isfinite(z[i])) ++found.not_finite;
        if (mirrored[block - 1 - i] != -z[i]) ++found.not_odd;
        if (z[i + 1] < z[i]) {
            ++found.falls;
            const double ulp = std::ldexp(1.0, std::ilogb(z[i]) - 23);
            found.worst_fall = std::max(found.worst_fall, (double{z[i]} - double{z[i + 1]}) / ulp);
        }
        const double error = quantile_error(word, z[i]);
        if (!(error <= found.worst)) {
            found.worst = error;
            found.worst_word = word;
        }
    }
    return found;
}

} // namespace

int main(int argc, char** argv) {
    if (!has_reference) {
        std::puts("long double is no wider than double here: there is no reference");
        return 2;
    }
    const auto step = static_cast<std::int64_t>(argc > 1 ? std::stoul(argv[1]) : 1);
    Findings all;
    constexpr auto blocks = static_cast<std::int64_t>(half / block);
#pragma omp parallel
    {
        Findings mine;
#pragma omp for schedule(dynamic, 256)
        for (std::int64_t i = 0; i < blocks; i += step)
            mine.merge(look_at(static_cast<std::uint64_t>(i) * block));
#pragma omp critical
        all.merge(mine);
    }
    std::printf("%llu words: largest error %.4f ulp (word %u), not finite %llu, not odd %llu, "
                "falls %llu (largest %.1f ulp)\nends %.9g and %.9g\n",
                static_cast<unsigned long long>(all.words), all.worst, all.worst_word,
                static_cast<unsigned long long>(all.not_finite),
                static_cast<unsigned long long>(all.not_odd),
                static_cast<unsigned long long>(all.falls), all.worst_fall,
                static_cast<double>(quantiles(0, 1)[0]),
                static_cast<double>(quantiles(2 * half - 1, 1)[0]));
    return all.worst <= 2 && all.worst_fall <= 1 && all.not_odd == 0 && all.not_finite == 0 ? 0 : 1;
}
