// SPDX-License-Identifier: MIT
#include "catch.hpp"

#include <nninit/detail/fma.hpp>
#include <nninit/philox.hpp>

#include <Eigen/Core>

#include <cmath>
#include <limits>
#include <vector>

namespace {

using nninit::Philox;
using namespace nninit::detail;
using Eigen::bfloat16;
using Eigen::half;

std::uint64_t next_word(Philox& rng) { return rng() | std::uint64_t{rng()} << 32; }

/// A number of random sign and exponent in [least, most], with `digits` random binary digits.
template <class T> T number(Philox& rng, int least, int most, int digits) {
    const std::uint64_t mantissa = (next_word(rng) | std::uint64_t{1} << 63) >> (64 - digits);
    const auto span = static_cast<std::uint32_t>(most - least + 1);
    const int exponent = least + static_cast<int>(rng() % span);
    const double x = std::ldexp(static_cast<double>(mantissa), exponent - digits + 1);
    return static_cast<T>(rng() % 2 == 0 ? x : -x);
}

/// Equal bits: of zeros, the sign too.
template <class T> bool same(T a, T b) { return a == b && std::signbit(a) == std::signbit(b); }

/// Where a, b and c meet a rounding of every kind: digits few enough for ties; c near -ab, so that
/// the leading digits cancel; products and sums among the subnormals.
template <class T, class Check> int failures(int count, const Check& check) {
    constexpr int d = std::numeric_limits<T>::digits, low = std::numeric_limits<T>::min_exponent;
    int failed = 0;
    T first[3] = {};
    const auto look = [&](T a, T b, T c) {
        if (!check(a, b, c) && failed++ == 0) {
            first[0] = a;
            first[1] = b;
            first[2] = c;
        }
    };
    Philox rng(31);
    for (int i = 0; i < count; ++i) {
        const int digits = 1 + static_cast<int>(rng() % d);
        const T a = number<T>(rng, -30, 30, digits), b = number<T>(rng, -30, 30, d);
        look(a, b, number<T>(rng, -60, 60, d));
        look(a, b, number<T>(rng, -120, 20, 1)); // a single bit: half-way cases and beside them
        const T product = a * b;
        look(a, b, -product);
        look(a, b, -std::nextafter(product, T(0)));
        look(a, b, -std::nextafter(product, 2 * product));
        look(a, b, -product / 2);
        look(a, b, product * T(1 << 20));
        // Few digits each: the sum's exact value often ends half-way.
        const T e = number<T>(rng, -3, 3, (d + 1) / 2), f = number<T>(rng, -3, 3, (d + 2) / 2);
        look(e, f, number<T>(rng, 0, 8, d));
        look(e, f, std::ldexp(T(1), static_cast<int>(rng() % 60) - d));
        // Subnormal products, sums and addends.
        const T small = number<T>(rng, low / 2 - 30, low / 2, digits);
        const T other = number<T>(rng, low / 2 - 20, low / 2 + 10, d);
        look(small, other, number<T>(rng, low - 2 * d, low + 8, d));
        look(small, other, std::numeric_limits<T>::denorm_min());
        look(small, b, number<T>(rng, low - d - 2, low, 3));
        look(std::numeric_limits<T>::denorm_min(), b, number<T>(rng, low - d, low, d));
        // Far apart: only the sign of the smaller one counts.
        look(a, b, number<T>(rng, -120, -100, d));
        look(small, other, number<T>(rng, 0, 90, d));
    }
    const T zeros[] = {T(0),
                       -T(0),
                       T(1),
                       T(-1),
                       T(0.3),
                       std::numeric_limits<T>::denorm_min(),
                       -std::numeric_limits<T>::denorm_min(),
                       std::numeric_limits<T>::min()};
    for (const T a : zeros)
        for (const T b : zeros)
            for (const T c : zeros) look(a, b, c);
    CAPTURE(first[0], first[1], first[2]);
    CHECK(failed == 0);
    return failed;
}

} // namespace

// std::fma is the reference: the C library's is correctly rounded, in hardware or by software of
// its own.
TEST_CASE("fma rounds a b + c once") {
    failures<double>(20000, [](double a, double b, double c) {
        return same(nninit::detail::fma(a, b, c), std::fma(a, b, c));
    });
    failures<float>(20000, [](float a, float b, float c) {
        return same(nninit::detail::fma(a, b, c), std::fma(a, b, c));
    });
}

// fma() asks it only where c is not 0, so that the sign of 0 + 0 does not matter here.
TEST_CASE("fma from integers alone rounds a b + c once") {
    failures<double>(20000, [](double a, double b, double c) {
        const double exact = std::fma(a, b, c), x = fma_from_integers(a, b, c);
        return c == 0 ? x == exact : same(x, exact);
    });
}

TEST_CASE("the cases of fma tell it from two roundings, and from a float sum in double") {
    int twice = 0;
    Philox rng(31);
    for (int i = 0; i < 20000; ++i) {
        const auto a = number<float>(rng, -3, 3, 12), b = number<float>(rng, -3, 3, 13);
        const float c = std::ldexp(1.0F, static_cast<int>(rng() % 60) - 40);
        twice += opaque(opaque(a * b) + c) != std::fma(a, b, c);
    }
    CHECK(twice > 100);
    // Half-way between two floats but for a bit that double cannot hold beside them.
    const float a = 1 + 0x1p-12F, c = 0x1p-60F;
    CHECK(nninit::detail::fma(a, a, c) == 1 + 0x1p-11F + 0x1p-23F);
    CHECK(static_cast<float>(static_cast<double>(a) * static_cast<double>(a) +
                             static_cast<double>(c)) == 1 + 0x1p-11F);
    // The same between two subnormal floats: the product is 2^-150 (1 + 2^-33).
    const float more = (1 + 0x1p-11F) * 0x1p-75F, less = (1 - 0x1p-11F + 0x1p-22F) * 0x1p-75F;
    CHECK(nninit::detail::fma(more, less, 0x1p-127F) == 0x1p-127F + 0x1p-149F);
    CHECK(static_cast<float>(static_cast<double>(more) * static_cast<double>(less) + 0x1p-127) ==
          0x1p-127F);
    // Just above half-way, where the sum's last bit is odd already: a step down would be half-way.
    CHECK(nninit::detail::fma(0x1.f6770ep-75F, 0x1.04dba2p-76F, 0x1p-127F) ==
          0x1p-127F + 0x1p-149F);
    CHECK(nninit::detail::fma(-0x1.f6770ep-75F, 0x1.04dba2p-76F, -0x1p-127F) ==
          -0x1p-127F - 0x1p-149F);
    CHECK(nninit::detail::fma(-more, less, -0x1p-127F) == -0x1p-127F - 0x1p-149F);
}

TEST_CASE("the integer part is the conversion's, where that is defined") {
    Philox rng(32);
    std::vector<double> xs = {0, 0.5, 1, 1.5, 2, 0x1p52, 0x1p53 + 2, 0x1p63};
    for (int exponent = 0; exponent <= 64; ++exponent) {
        xs.push_back(neighbour(std::ldexp(1.0, exponent), -1));
        for (int i = 0; i < 10; ++i)
            xs.push_back(number<double>(rng, exponent - 1, exponent - 1, 53));
    }
    for (double x : xs) {
        x = std::abs(x);
        CAPTURE(x);
        CHECK(integer_part(x) == static_cast<std::uint64_t>(x));
    }
}

// -- neighbours --------------------------------------------------------------------------------

namespace {

template <class T, class Bits> bool neighbours_follow(Bits infinity) {
    // The positive numbers in order of their bits, and the negative ones as their mirror image.
    for (Bits bits = 1; bits + 1U < infinity; ++bits) {
        const auto x = std::bit_cast<T>(bits), above = std::bit_cast<T>(Bits(bits + 1));
        const auto below = std::bit_cast<T>(Bits(bits - 1));
        if (std::bit_cast<Bits>(neighbour(x, 1)) != std::bit_cast<Bits>(above)) return false;
        if (std::bit_cast<Bits>(neighbour(x, -1)) != std::bit_cast<Bits>(below)) return false;
        if (neighbour(-x, -1) != -above || neighbour(-x, 1) != -below) return false;
    }
    const auto least = std::bit_cast<T>(Bits(1)), zero = std::bit_cast<T>(Bits(0));
    return neighbour(zero, 1) == least && neighbour(zero, -1) == -least &&
           neighbour(-zero, 1) == least && neighbour(-zero, -1) == -least;
}

} // namespace

TEST_CASE("neighbour is the next number") {
    CHECK(neighbours_follow<half, std::uint16_t>(0x7c00));
    CHECK(neighbours_follow<bfloat16, std::uint16_t>(0x7f80));
    Philox rng(2);
    for (int i = 0; i < 10000; ++i) {
        const auto f = number<float>(rng, -149, 126, 24);
        REQUIRE(neighbour(f, 1) == std::nextafter(f, std::numeric_limits<float>::infinity()));
        REQUIRE(neighbour(f, -1) == std::nextafter(f, -std::numeric_limits<float>::infinity()));
        const auto d = number<double>(rng, -1074, 1022, 53);
        REQUIRE(neighbour(d, 1) == std::nextafter(d, std::numeric_limits<double>::infinity()));
        REQUIRE(neighbour(d, -1) == std::nextafter(d, -std::numeric_limits<double>::infinity()));
    }
}

namespace {

template <class T> bool rounds_inward(double x) {
    const T up = round_up<T>(x), down = round_down<T>(x);
    const auto wide = [](T t) { return static_cast<double>(t); };
    return wide(up) >= x && wide(neighbour(up, -1)) < x && wide(down) <= x &&
           wide(neighbour(down, 1)) > x;
}

template <class T> bool keeps(T x) {
    const auto wide = static_cast<double>(x);
    return static_cast<double>(round_up<T>(wide)) == wide &&
           static_cast<double>(round_down<T>(wide)) == wide;
}

} // namespace

TEST_CASE("round_up and round_down give the nearest number on their side") {
    Philox rng(4);
    for (int i = 0; i < 20000; ++i) {
        const double x = number<double>(rng, -30, 14, 1 + static_cast<int>(rng() % 53));
        REQUIRE(rounds_inward<float>(x));
        REQUIRE(rounds_inward<half>(x));
        REQUIRE(rounds_inward<bfloat16>(x));
        REQUIRE(rounds_inward<double>(x));
        REQUIRE(keeps(static_cast<float>(x)));
        REQUIRE(keeps(static_cast<half>(static_cast<float>(x))));
        REQUIRE(keeps(static_cast<bfloat16>(static_cast<float>(x))));
    }
    for (const double x : {0.0, 1e-300, -1e-300, 5e-324, 1e-46, -1e-46}) {
        CAPTURE(x);
        CHECK(rounds_inward<float>(x));
        CHECK(rounds_inward<half>(x));
        CHECK(rounds_inward<bfloat16>(x));
    }
    CHECK(keeps(half(65504.0F)));
    CHECK(keeps(std::numeric_limits<float>::max()));
    CHECK(round_up<float>(0.1) == std::nextafter(0.1F, 1.0F) - 0x1p-27F); // 0.1F lies above 0.1
    CHECK(round_down<float>(0.1) == std::nextafter(0.1F, 0.0F));
}

TEST_CASE("subtract_down never exceeds the exact difference, and is the next number to it") {
    if (std::numeric_limits<long double>::digits < 64) return;
    // Numbers of 53 digits whose exponents differ by 10 at most, so that long double holds the
    // difference exactly.
    Philox rng(6);
    const auto next_below = [](auto t, long double exact) {
        const auto above = std::nextafter(t, std::numeric_limits<decltype(t)>::infinity());
        return static_cast<long double>(t) <= exact && static_cast<long double>(above) > exact;
    };
    int inexact = 0;
    for (int i = 0; i < 50000; ++i) {
        const auto a = number<double>(rng, -5, 4, 53), b = number<double>(rng, -5, 4, 53);
        const long double exact = static_cast<long double>(a) - static_cast<long double>(b);
        inexact += static_cast<long double>(a - b) > exact;
        REQUIRE(next_below(subtract_down<double>(a, b), exact));
        REQUIRE(next_below(subtract_down<float>(a, b), exact));
    }
    CHECK(inexact > 1000); // the plain difference would have been too large
    CHECK(subtract_down<double>(1, 0x1p-60) == 1 - 0x1p-53);
    CHECK(subtract_down<double>(1, -0x1p-60) == 1);
    CHECK(subtract_down<float>(1, 0x1p-60) == 1 - 0x1p-24F);
    CHECK(subtract_down<float>(0.75, 0.25) == 0.5F);
}

// -- 128-bit integers --------------------------------------------------------------------------

namespace {

bool equal(U128 a, U128 b) { return a.high == b.high && a.low == b.low; }

} // namespace

TEST_CASE("128-bit integers add, subtract and compare with their carry") {
    const std::uint64_t all = ~std::uint64_t{0};
    CHECK(equal(U128{1, all} + U128{2, 1}, U128{4, 0}));
    CHECK(equal(U128{4, 0} - U128{2, 1}, U128{1, all}));
    CHECK(equal(U128{all, all} + U128{0, 1}, U128{0, 0}));
    CHECK(U128{0, all} < U128{1, 0});
    CHECK(U128{1, 0} < U128{1, 1});
    CHECK(!(U128{1, 1} < U128{1, 1}));
    CHECK(!(U128{2, 0} < U128{1, all}));
}

TEST_CASE("128-bit integers shift by any number of places") {
    Philox rng(8);
    for (int i = 0; i < 200; ++i) {
        const U128 x{next_word(rng), next_word(rng)};
        U128 left = x, right = x;
        bool lost = false;
        for (int n = 0; n <= 130; ++n) {
            REQUIRE(equal(x << n, left));
            REQUIRE(equal(shift_sticky(x, n), U128{right.high, right.low | std::uint64_t{lost}}));
            left = left + left;
            lost = lost || (right.low & 1) != 0;
            right = {right.high >> 1, right.low >> 1 | right.high << 63};
        }
    }
    CHECK(equal(shift_sticky(U128{0, 0}, 200), U128{0, 0}));
    CHECK(equal(shift_sticky(U128{0, 6}, 1), U128{0, 3}));
    CHECK(equal(shift_sticky(U128{0, 4}, 3), U128{0, 1}));
}

TEST_CASE("multiply gives all 128 bits") {
    Philox rng(9);
    const std::uint64_t all = ~std::uint64_t{0};
    CHECK(equal(multiply(all, all), U128{all - 1, 1}));
    CHECK(equal(multiply(all, 0), U128{0, 0}));
    // (2^32 + 1) (2^64 - 2^32 + 1) = 2^96 + 1: a carry that the lowest bit of a part decides.
    const U128 product{std::uint64_t{1} << 32, 1};
    CHECK(equal(multiply(0x100000001, 0xffffffff00000001), product));
    CHECK(equal(multiply_by_halves(0x100000001, 0xffffffff00000001), product));
    for (int i = 0; i < 2000; ++i) {
        const std::uint64_t a = next_word(rng) >> rng() % 64, b = next_word(rng) >> rng() % 64;
        U128 sum{0, 0};
        for (int bit = 0; bit < 64; ++bit)
            if ((b >> bit & 1) != 0) sum = sum + (U128{0, a} << bit);
        REQUIRE(equal(multiply(a, b), sum));
        REQUIRE(equal(multiply_by_halves(a, b), sum)); // where there is no 128-bit type
    }
}

// -- the rest ----------------------------------------------------------------------------------

TEST_CASE("finite and infinite look at the bits") {
    const double inf = std::numeric_limits<double>::infinity();
    const double nan = std::numeric_limits<double>::quiet_NaN();
    const double most = std::numeric_limits<double>::max();
    for (const double x : {0.0, -0.0, most, -most, 5e-324}) {
        CHECK(nninit::detail::finite(x));
        CHECK(!nninit::detail::infinite(x));
    }
    for (const double x : {inf, -inf, nan, -nan}) {
        CHECK(!nninit::detail::finite(x));
        CHECK(nninit::detail::infinite(x) == (std::abs(x) == inf));
    }
}

TEST_CASE("the error of a sum is exact") {
    CHECK(sum_error(1, 0x1p-60, 1) == 0x1p-60);
    CHECK(sum_error(0x1p-60, 1, 1) == 0x1p-60);
    CHECK(sum_error(1, -0x1p-60, 1) == -0x1p-60);
    CHECK(sum_error(0.5, 0.25, 0.75) == 0);
}
