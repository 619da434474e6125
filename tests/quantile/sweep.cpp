// SPDX-License-Identifier: MIT
// All 2^32 words of the float normal: the largest error of z, its odd symmetry, its order, its
// ends, and its law: how many values lie below each multiple of 1/8, and the moments. Not a unit
// test: it takes minutes. An argument n takes every n-th block of 4096 words, which leaves out the
// law.
//
//   c++ -std=c++20 -O2 -fopenmp -Iinclude -I/usr/include/eigen3 tests/quantile/sweep.cpp -o sweep
//   ./sweep

#include <nninit/nninit.hpp>

#include "reference.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

namespace {

constexpr std::uint64_t block = 4096, half = std::uint64_t{1} << 31;

/// The law of all values, times `factor`: how many lie in each eighth from -8 to 8, and the sums of
/// their powers.
struct Law {
    float factor = 1;
    std::array<std::uint64_t, 128> counts{};
    long double sum = 0, squares = 0, fourths = 0;

    void add(const std::vector<float>& z, std::size_t n) {
        double s = 0, s2 = 0, s4 = 0;
        for (std::size_t i = 0; i < n; ++i) {
            const float x = z[i] * factor;
            const auto y = static_cast<double>(x);
            ++counts[static_cast<std::size_t>(static_cast<int>(std::floor(x * 8)) + 64)];
            const double square = y * y;
            s += y;
            s2 += square;
            s4 += square * square;
        }
        sum += static_cast<long double>(s);
        squares += static_cast<long double>(s2);
        fourths += static_cast<long double>(s4);
    }
    void merge(const Law& other) {
        for (std::size_t i = 0; i < counts.size(); ++i) counts[i] += other.counts[i];
        sum += other.sum;
        squares += other.squares;
        fourths += other.fourths;
    }
    bool holds() const;
};

/// Word w has the share (w + 1/2) / 2^32, so that 2^32 Phi(t), to the nearest integer, of the exact
/// quantiles lie below t. A value is within 2 ulp of its quantile, and 2^32 phi(t) quantiles lie in
/// a unit around t: the count is within 1/2 + 2 ulp(t) phi(t) 2^32 of 2^32 Phi(t). That is 1/2 at
/// 0, 249 at 1 and less than 1 from 4.25 on. The mean is 0, by symmetry. The squares of the exact
/// quantiles add up to 2^32 but for less than 2, and the fourth powers to 3 2^32 but for less than
/// 120, the midpoint rule's error at the ends; 2 ulp of z are 2^-22 z at most, which moves the
/// variance by 2^-21 and the fourth moment by 3 2^-20.
bool Law::holds() const {
    const long double all = 0x1p32L;
    std::uint64_t below = 0;
    long double largest = 0, share_of_limit = 0;
    for (std::size_t i = 0; i + 1 < counts.size(); ++i) {
        below += counts[i];
        const long double t = (static_cast<long double>(i) - 63) / 8;
        const long double ulp = t == 0 ? 0 : std::ldexp(1.0L, std::ilogb(t) - 23);
        const long double off =
            std::abs(static_cast<long double>(below) - all * std::erfc(-t / root_two) / 2);
        largest = std::max(largest, off);
        share_of_limit = std::max(share_of_limit, off / (0.5L + 2 * ulp * density(t) * all));
    }
    const long double mean = sum / all, variance = squares / all - 1, fourth = fourths / all - 3;
    std::printf("law, values times %.4g: counts below multiples of 1/8 are off by %.4Lg at most, "
                "%.3Lg of the limit; mean %.2Lg, variance 1 %+.2Lg, fourth moment 3 %+.2Lg\n",
                static_cast<double>(factor), largest, share_of_limit, mean, variance, fourth);
    return share_of_limit <= 1 && std::abs(mean) < 1e-12L &&
           std::abs(variance) < 0x1p-21L + 0x1p-31L && std::abs(fourth) < 3 * 0x1p-20L + 0x1p-25L;
}

struct Findings {
    double worst = 0, worst_fall = 0;
    std::uint32_t worst_word = 0;
    std::uint64_t words = 0, not_odd = 0, falls = 0, not_finite = 0;
    Law law{}, control{.factor = 1.01F};

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
        law.merge(other.law);
        control.merge(other.control);
    }
};

std::vector<float> quantiles(std::uint64_t first, std::size_t n) {
    using Kernel = nninit::detail::Law<float>;
    static const Kernel kernel = nninit::Normal{0, 1}.law<float>();
    constexpr std::size_t step = nninit::detail::step_words, at_once = 512;
    std::vector<std::uint32_t> words(n + step, 0x55555555U);
    for (std::size_t i = 0; i < n; ++i) words[i] = static_cast<std::uint32_t>(first + i);
    std::vector<float> z(n + step);
    for (std::size_t i = 0; i < n; i += at_once)
        kernel.values(kernel, &words[i], &z[i], std::min(at_once, n - i));
    z.resize(n);
    return z;
}

/// A block of the lower half, with the first word of the next, and its mirror image.
void look_at(std::uint64_t first, Findings& found) {
    const std::vector<float> z = quantiles(first, block + 1);
    const std::vector<float> mirrored = quantiles(2 * half - first - block, block);
    found.words += 2 * block;
    for (Law* law : {&found.law, &found.control}) {
        law->add(z, block);
        law->add(mirrored, block);
    }
    for (std::size_t i = 0; i < block; ++i) {
        const auto word = static_cast<std::uint32_t>(first + i);
        if (!std::isfinite(z[i])) ++found.not_finite;
        if (mirrored[block - 1 - i] != -z[i]) ++found.not_odd;
        if (z[i + 1] < z[i]) {
            ++found.falls;
            const double ulp = std::ldexp(1.0, std::ilogb(z[i]) - 23);
            found.worst_fall =
                std::max(found.worst_fall,
                         (static_cast<double>(z[i]) - static_cast<double>(z[i + 1])) / ulp);
        }
        const double error = quantile_error(word, z[i]);
        if (!(error <= found.worst)) {
            found.worst = error;
            found.worst_word = word;
        }
    }
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
            look_at(static_cast<std::uint64_t>(i) * block, mine);
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
    bool right = all.worst <= 2 && all.worst_fall <= 1 && all.not_odd == 0 && all.not_finite == 0;
    if (step == 1) {
        const bool holds = all.law.holds(), control = all.control.holds(); // 1 % of scale
        right = right && holds && !control;
    } else {
        std::puts("the law is left out: it takes all words");
    }
    return right ? 0 : 1;
}
