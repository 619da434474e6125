// SPDX-License-Identifier: MIT
// against [limit [n...]]: two sides' fills in one program, turn and turn about: ns per value, the
// minimum and the median of 9, and the ratio of the minima, for fills of so many values. Fails if a
// ratio exceeds the limit, where one is given that is not 0.
#include "side.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <vector>

namespace {

constexpr int rounds = 9;
double limit = 0, worst = 0;

template <class Fill> double ns_per_value(const Fill& fill, long n) {
    const long times = std::max(1L, 200'000 / n);
    const auto begin = std::chrono::steady_clock::now();
    for (long i = 0; i < times; ++i) fill();
    const std::chrono::duration<double, std::nano> taken = std::chrono::steady_clock::now() - begin;
    return taken.count() / static_cast<double>(times * n);
}

struct Times {
    std::vector<double> all;
    double least() const { return *std::min_element(all.begin(), all.end()); }
    double median() const {
        std::vector<double> sorted = all;
        std::sort(sorted.begin(), sorted.end());
        return sorted[sorted.size() / 2];
    }
};

template <class Fill> void compare(const char* what, bool avx512, long n, const Fill& fill) {
    if (!ours.path(avx512) || !theirs.path(avx512)) return;
    Times a, b;
    fill(ours), fill(theirs);
    for (int i = 0; i < rounds; ++i) {
        a.all.push_back(ns_per_value([&] { fill(ours); }, n));
        b.all.push_back(ns_per_value([&] { fill(theirs); }, n));
    }
    const double ratio = a.least() / b.least();
    worst = std::max(worst, ratio);
    std::printf("%-22s %-7s %9ld %8.3f %8.3f %8.3f %8.3f %7.2f\n", what, avx512 ? "avx512" : "avx2",
                n, a.least(), b.least(), a.median(), b.median(), ratio);
    std::fflush(stdout);
}

} // namespace

int main(int argc, char** argv) {
    if (argc > 1) limit = std::atof(argv[1]);
    constexpr long most = 10'000'000;
    std::vector<long> sizes{100, 256, 10'000, 1'000'000, most};
    if (argc > 2) sizes.clear();
    for (int i = 2; i < argc; ++i) sizes.push_back(std::clamp(std::atol(argv[i]), 1L, most));
    std::printf("ns per value: %s, %s, minimum and median of %d\n", ours.name, theirs.name, rounds);
    std::printf("%-22s %-7s %9s %8s %8s %8s %8s %7s\n", "", "path", "n", ours.name, theirs.name,
                "median", "median", "ratio");
    std::vector<float> floats(most);
    std::vector<double> doubles(most);
    static const char* const laws[] = {"uniform", "normal", "truncated"};
    for (const bool avx512 : {true, false})
        for (const Law law : {uniform, normal, truncated})
            for (const long n : sizes) {
                char what[32];
                std::snprintf(what, sizeof what, "%s float", laws[law]);
                compare(what, avx512, n,
                        [&](const Side& side) { side.floats(law, floats.data(), n); });
                std::snprintf(what, sizeof what, "%s double", laws[law]);
                compare(what, avx512, n,
                        [&](const Side& side) { side.doubles(law, doubles.data(), n); });
            }
    for (const bool avx512 : {true, false})
        for (const long side : {16L, 1000L, 999L})
            compare("normal float, row-major", avx512, side * side,
                    [&](const Side& s) { s.row_major(normal, floats.data(), side, side); });
    std::printf("largest ratio %.2f\n", worst);
    return limit != 0 && worst > limit;
}
