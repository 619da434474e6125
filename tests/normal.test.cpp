// SPDX-License-Identifier: MIT
// The reference is the C library in long double, of 64 bits or more: 2^-11 of a double's rounding.
#include "catch.hpp"

#include <nninit/detail/normal.hpp>
#include <nninit/philox.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace {

using nninit::Philox;
using namespace nninit::detail;

constexpr bool has_reference = std::numeric_limits<long double>::digits >= 64;
constexpr double rounding = 0x1p-53;

/// Between 0 and 1.
double share(Philox& rng) { return (rng() + 0.5) * 0x1p-32; }

double relative_error(double value, long double exact) {
    return static_cast<double>(std::abs(static_cast<long double>(value) / exact - 1));
}

const long double root_two = std::sqrt(2.0L);

long double mass_above(long double z) { return std::erfc(z / root_two) / 2; }
long double density(long double z) {
    return std::exp(-z * z / 2) / std::sqrt(2 * std::acos(-1.0L));
}

double mills_ratio(double x, int terms) {
    double ratio = x;
    mills(&x, 1, terms, &ratio);
    return ratio;
}

double tail_quantile(std::uint64_t high, std::uint64_t low, int exponent) {
    const U128 share{high, low};
    double z = 0;
    tail_quantiles(&share, exponent, &z, 1);
    return z;
}

template <class Value, class Exact, class Draw>
double largest_error(int count, const Draw& draw, const Value& value, const Exact& exact) {
    Philox rng(17);
    double largest = 0;
    for (int i = 0; i < count; ++i) {
        const double x = draw(rng);
        const double error = relative_error(value(x), exact(static_cast<long double>(x)));
        if (!(error <= largest)) largest = error;
    }
    return largest;
}

} // namespace

TEST_CASE("the constants are the numbers that they are named after, rounded") {
    if (!has_reference) return;
    const long double pi = std::acos(-1.0L);
    CHECK(ln_2 == static_cast<double>(std::log(2.0L)));
    CHECK(sqrt_2_pi == static_cast<double>(std::sqrt(2 * pi)));
    CHECK(ln_sqrt_2_pi == static_cast<double>(std::log(2 * pi) / 2));
}

// ln u = 2 s (1 + s^2/3 + ...): the quotient s carries two roundings and counts in every term, the
// products and the series two or three more, the series' remainder 2^-60. Where k = -1 and u is
// near 1.41, the sum cancels to half of k ln 2, which doubles its error and that of the constant.
// So 10 roundings, and 8 for numbers above 2.
TEST_CASE("log is within 10 roundings of the logarithm") {
    if (!has_reference) return;
    const auto value = [](double y) { return nninit::detail::log(y).value; };
    const auto exact = [](long double y) { return std::log(y); };
    const auto wide = [](Philox& rng) { return std::exp2(2000 * share(rng) - 1000); };
    const auto near = [](Philox& rng) { return 0.5 + 1.5 * share(rng); };
    const auto tails = [](Philox& rng) { return std::exp2(64 * share(rng)); };
    CHECK(largest_error(20000, wide, value, exact) < 10 * rounding);
    CHECK(largest_error(20000, near, value, exact) < 10 * rounding);
    CHECK(largest_error(20000, tails, value, exact) < 10 * rounding);
    CHECK(nninit::detail::log(1).value == 0);
    // A control: the float logarithm is told apart.
    const auto coarse = [](double y) {
        return static_cast<double>(std::log(static_cast<float>(y)));
    };
    CHECK(largest_error(2000, wide, coarse, exact) > 10 * rounding);
}

// The reduced argument r is in absolute terms good to |r| 2^-53 for the sum and k 2^-34 2^-53 for
// the low part's product; Horner's last two steps round 1 + r (1 + ...) with |r| < 0.35 four
// times, the earlier ones count for a third of that. So 6 roundings.
TEST_CASE("exp_minus is within 6 roundings of the exponential") {
    if (!has_reference) return;
    const auto value = [](double y) { return exp_minus(y).value; };
    const auto exact = [](long double y) { return std::exp(-y); };
    CHECK(largest_error(
              20000, [](Philox& rng) { return 707 * share(rng); }, value, exact) < 6 * rounding);
    CHECK(largest_error(
              20000, [](Philox& rng) { return share(rng); }, value, exact) < 6 * rounding);
    CHECK(exp_minus(0.0).value == 1);
    const auto shifted = [](double y) { return exp_minus(y).value * (1 + 8 * rounding); };
    CHECK(largest_error(
              2000, [](Philox& rng) { return share(rng); }, shifted, exact) > 6 * rounding);
}

// The continued fraction contracts errors: each of its steps rounds twice and keeps less than half
// of the former error from x = 1 on. The truncation after 40 terms stays below 1e-16 from x = 4 on,
// after 200 terms from x = 2 on.
TEST_CASE("Mills' ratio is within 6 roundings where it is used") {
    if (!has_reference) return;
    const auto exact = [](long double x) { return mass_above(x) / density(x); };
    CHECK(largest_error(
              5000, [](Philox& rng) { return 2 + 35 * share(rng); },
              [](double x) { return mills(x); }, exact) < 6 * rounding);
    CHECK(largest_error(
              5000, [](Philox& rng) { return 4 + 33 * share(rng); },
              [](double x) { return mills_ratio(x, 40); }, exact) < 6 * rounding);
}

TEST_CASE("Mills' ratio by 200 terms is just that, where fewer are worked out, too") {
    Philox rng(18);
    int different = 0, control = 0;
    for (int i = 0; i < 20000; ++i) {
        const double x = i == 0 ? 1.5 : 1.5 + (i % 2 == 0 ? 1 : 36) * share(rng);
        different += mills(x) != mills_ratio(x, 200);
        control += mills_ratio(x, 120) != mills_ratio(x, 200);
    }
    CHECK(different == 0);
    CHECK(control > 100);
}

// From 1.5 on the roundings of the density, of its two exponentials and of Mills' ratio add up
// relatively, to less than nine. Below, the mass is 1/2 less the mass from 0, which is at most 0.44
// and carries some ten roundings: an absolute error of 5e-16.
TEST_CASE("the tail's mass is within 1e-15 of itself from 1.5 on, and within 5e-16 below") {
    if (!has_reference) return;
    const auto value = [](double x) { return tail_mass(x); };
    const auto exact = [](long double x) { return mass_above(x); };
    const auto between = [](double low, double high) {
        return [=](Philox& rng) { return low + (high - low) * share(rng); };
    };
    for (const auto& [low, high] :
         {std::pair{1.5, 2.0}, std::pair{2.0, 8.0}, std::pair{8.0, 20.0}, std::pair{20.0, 37.49}}) {
        CAPTURE(low, high);
        CHECK(largest_error(4000, between(low, high), value, exact) < 1e-15);
    }
    // A control: with x^2 / 2 rounded once, the mass at 37 is off by up to 3e-14 of itself.
    const auto plain = [](double x) {
        return (exp_minus(Rounded(x) * x / 2.0) / sqrt_2_pi * mills_ratio(x, 200)).value;
    };
    CHECK(largest_error(4000, between(20, 37.49), plain, exact) > 1e-15);

    Philox rng(29);
    double largest = 0;
    for (int i = 0; i < 8000; ++i) {
        const double x = (i % 2 == 0 ? 1.5 : 1e-3) * share(rng);
        const long double error =
            static_cast<long double>(tail_mass(x)) - mass_above(static_cast<long double>(x));
        largest = std::max(largest, static_cast<double>(std::abs(error)));
    }
    CHECK(largest < 5e-16);
    CHECK(tail_mass(0) == 0.5);
    CHECK(tail_mass(1.5) == 0x1.11a46d89647efp-4); // the transcription's: the edge is the tail's
    CHECK(tail_mass(38) == 0);
}

namespace {

/// The error of z in its own ulp, from the mass above z: z is off by (Q(z) - p) / phi(z).
double quantile_error(double z, long double mass) {
    const auto wide = static_cast<long double>(z);
    const long double error = (mass_above(wide) - mass) / density(wide);
    return static_cast<double>(std::abs(error) / std::ldexp(1.0L, std::ilogb(z) - 52));
}

long double mass_of(std::uint64_t high, std::uint64_t low, int exponent) {
    const long double mass =
        static_cast<long double>(high) + std::ldexp(static_cast<long double>(low), -64);
    return std::ldexp(mass, -64 - exponent);
}

} // namespace

// Double quantiles are promised within 4 ulp, those of the tail included.
TEST_CASE("the tail's quantile is within 4 ulp") {
    if (!has_reference) return;
    Philox rng(23);
    double largest = 0;
    const auto look = [&](std::uint64_t high, std::uint64_t low, int exponent) {
        const double error =
            quantile_error(tail_quantile(high, low, exponent), mass_of(high, low, exponent));
        if (!(error <= largest)) largest = error;
    };
    for (int i = 0; i < 4000; ++i) {
        const std::uint64_t word = rng() | std::uint64_t{rng()} << 32;
        look(word >> (17 + rng() % 46), rng() * std::uint64_t{0x9e3779b97f4a7c15}, 0);
        look(word, 0, 17 + static_cast<int>(rng() % 1000)); // masses down to 2^-1080
        look(word >> 20, 12345, 12 + static_cast<int>(rng() % 1000));
    }
    for (std::uint64_t m = 0; m < 100; ++m) look(m, std::uint64_t{1} << 63, 0);
    CHECK(largest <= 4);
    CHECK(quantile_error(tail_quantile(1000, 0, 0) * (1 + 0x1p-49), mass_of(1000, 0, 0)) > 4);
}

TEST_CASE("the tail's quantile falls as the mass grows, and takes a mass of 0") {
    double before = tail_quantile(0, 0, 0);
    CHECK(std::isfinite(before));
    CHECK(before > tail_quantile(0, std::uint64_t{1} << 63, 0));
    for (std::uint64_t m = 1; m < std::uint64_t{1} << 46; m += 1 + m / 50) {
        const double z = tail_quantile(m, 0, 0);
        REQUIRE(z < before);
        before = z;
    }
}

TEST_CASE("tails side by side have the quantiles that each has alone") {
    const U128 shares[most_tails] = {
        {0, 0}, {1, 5}, {123456789, std::uint64_t{1} << 63}, {std::uint64_t{1} << 46, 1}};
    for (const int exponent : {0, 40, 1000})
        for (std::size_t n = 0; n <= most_tails; ++n) {
            double z[most_tails] = {-1, -1, -1, -1};
            tail_quantiles(shares, exponent, z, n);
            for (std::size_t i = 0; i < n; ++i)
                CHECK(z[i] == tail_quantile(shares[i].high, shares[i].low, exponent));
            CHECK(std::all_of(z + n, z + most_tails, [](double x) { return x == -1; }));
        }
}
