// SPDX-License-Identifier: MIT
// The C library's strtod and printf, exactly rounded in glibc and independent of this code, are
// what it is compared with, in the C locale in which every test starts.
#include <nninit/detail/decimal.hpp>
#include <nninit/philox.hpp>

#include "catch.hpp"

#include <bit>
#include <cfloat>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <string>
#include <utility>

namespace {

using namespace nninit;

std::uint64_t bits(double x) { return std::bit_cast<std::uint64_t>(x); }

/// What read_decimal() says of a text: a number as %a writes it, or what is wrong.
std::string read(const std::string& text) {
    double x = 42;
    if (const char* const wrong = detail::read_decimal(text, x)) {
        CHECK(x == 42); // unchanged
        return wrong;
    }
    char buffer[64];
    std::snprintf(buffer, sizeof buffer, "%a", x);
    return buffer;
}

std::string expected(const std::string& text) {
    char buffer[64];
    std::snprintf(buffer, sizeof buffer, "%a", std::strtod(text.c_str(), nullptr));
    return buffer;
}

std::string printed(const char* format, int digits, double x) {
    char buffer[1600];
    std::snprintf(buffer, sizeof buffer, format, digits, x);
    return buffer;
}

/// Bits of finite doubles: of any exponent, near powers of two and of ten, subnormal, short.
double any_double(Philox& rng, int i) {
    const std::uint64_t random = std::uint64_t{rng()} << 32 | rng();
    const double small = static_cast<double>(random >> 40) / 1000;
    double x = std::bit_cast<double>(random);
    if (i % 8 == 1) x = std::bit_cast<double>(random & ~(~std::uint64_t{0} >> 12)); // 2^k
    if (i % 8 == 2) x = std::bit_cast<double>(random >> 12 >> random % 52);         // subnormal
    if (i % 8 == 3) x = small;
    if (i % 8 == 4) x = std::strtod(("1e" + std::to_string(random % 632 - 323)).c_str(), nullptr);
    if (i % 8 == 5) x = std::bit_cast<double>(bits(small) + random % 3 - 1);
    return (bits(x) >> 52 & 0x7ff) != 0x7ff ? x : 0.1; // by bits, for -ffast-math
}

} // namespace

TEST_CASE("a number is read as the double nearest to it, as strtod reads it") {
    Philox rng(1);
    int wrong = 0, refused = 0;
    const int n = 1000000;
    for (int i = 0; i < n; ++i) {
        const double x = any_double(rng, i);
        const std::string text = printed("%.*g", 1 + i % 19, x);
        double back = 0;
        const double right = std::strtod(text.c_str(), nullptr);
        if (detail::read_decimal(text, back) != nullptr) {
            ++refused;
            wrong += bits(right) << 1 == 0 || bits(right) << 1 >> 53 == 0x7ff ? 0 : 1;
        } else if (bits(back) != bits(right)) {
            ++wrong;
        }
    }
    CHECK(wrong == 0);
    CHECK(refused < n / 100); // such as 2e+308, the first digit of the largest number
}

// A double's own expansion is exact, and so is that of the point half-way to the next: 767 digits
// at most. Half-way goes to the even double; a digit more, however far out, goes up.
TEST_CASE("points half-way between two doubles are read to the even one, by their last digit") {
    Philox rng(2);
    for (int i = 0; i < 3000; ++i) {
        double x = std::abs(any_double(rng, i));
        if (bits(x) >= bits(DBL_MAX) || bits(x) == 0) x = 1;
        const double next = std::bit_cast<double>(bits(x) + 1);
        // One bit more than a double has: long double holds it where it has 64 bits.
        if (std::numeric_limits<long double>::digits < 64) break;
        const long double middle =
            (static_cast<long double>(x) + static_cast<long double>(next)) / 2;
        char buffer[1600];
        std::snprintf(buffer, sizeof buffer, "%.1100Lg", middle);
        const std::string half = buffer;
        const std::size_t e = std::min(half.find('e'), half.size());
        const std::string point = half.find('.') == half.npos ? "." : "";
        const double even = bits(x) % 2 == 0 ? x : next;
        CAPTURE(half);
        double back = 0;
        REQUIRE(detail::read_decimal(half, back) == nullptr);
        CHECK(bits(back) == bits(even));
        const std::string same = half.substr(0, e) + point + std::string(900, '0') + half.substr(e);
        REQUIRE(detail::read_decimal(same, back) == nullptr);
        CHECK(bits(back) == bits(even));
        for (const std::size_t zeros : {std::size_t{0}, std::size_t{30}, std::size_t{900}}) {
            const std::string more =
                half.substr(0, e) + point + std::string(zeros, '0') + '1' + half.substr(e);
            REQUIRE(detail::read_decimal(more, back) == nullptr);
            CHECK(bits(back) == bits(next));
        }
    }
}

TEST_CASE("the hard numbers of others' bug reports are read right") {
    for (const char* text : {
             "2.2250738585072011e-308", // PHP and Java: an endless loop
             "2.2250738585072012e-308",
             "2.2250738585072014e-308",
             "5e-308", // the second of the exponents above the subnormal ones
             "1.7976931348623157e308",
             "1.7976931348623158e308",
             "179769313486231580793728971405301e276", // just below the half-way point to 2^1024
             "4.9406564584124654e-324",
             "2.4703282292062328e-324", // just above half of the least
             "9007199254740993",        // 2^53 + 1
             "9007199254740993.0000000000000000000000000000000000000000000001",
             "0.500000000000000166533453693773481063544750213623046875",
             "3.518437208883201171875e13",
             "62.5364939768271845828",
             "8.10109172351e-10",
             "1.50000000000000011102230246251565",
             "6929495644600919.5",
             "5e-324",
             "1e23",
             "8.5e22",
             "1448997445238699",
             "1e-310",
             "123456789012345678901234567890e-20",
             ".5",
             "5.",
             "00012.500",
             "+7",
             "-0",
             "0e999999999999",
             "-0.000e-5",
             "1E3",
             "0.0000000000000000000000000000000000000000000001e46",
         })
        CHECK(read(text) == expected(text));
    CHECK(read(std::string(1, '1').append(400, '0').append("e-400")) == expected("1"));
    CHECK(read(std::string("0.").append(100000, '0').append("1e100001")) == expected("1"));
    CHECK(read(std::string(5000, '9').append("e-5000")) == expected("1"));
    CHECK(read("inf") == expected("inf"));
    CHECK(read("-inf") == expected("-inf"));
    CHECK(expected("1e23") != expected("1.0000000000000001e23")); // control
}

TEST_CASE("what is no number, or no double's, is refused, and says which") {
    for (const char* text :
         {"",      " ",     "-",   "+",    ".",    "-.",   "e5",    "1e",    "1e+",     "1e-",
          "1 2",   " 1",    "1 ",  "1,5",  "1.5.", "1..5", "--1",   "+-1",   "0x10",    "0x1p3",
          "nan",   "-nan",  "NaN", "nan0", "infi", "inf ", "1f",    "1.5x",  "1'000",   "1_000",
          "1e1.5", "1e5e5", "- 1", "1e 5", "\xb2", "1\n",  "\t1",   "1e--5", "infinit", "0b1",
          "i",     "true",  "1/2", "1%",   "=1",   "(1)",  "\"1\"", "1e5f"})
        CHECK(read(text) == std::string("is not a number"));
    CHECK(read(std::string("1\0", 2)) == "is not a number");
    for (const char* text : {"1e400", "-1e400", "1e309", "1.7976931348623159e308", "2e308",
                             "1e99999999999999999999", "17976931348623159e292"})
        CHECK(read(text) == "is beyond the largest double, about 1.8e308");
    for (const char* text : {"1e-400", "-1e-400", "2.4703282292062327e-324", "2e-324", "1e-324",
                             "0.1e-99999999999999999999", "24703282292062327e-340"})
        CHECK(read(text) == "is nearer to 0 than any double is, about 4.9e-324");
    CHECK(read("1e308") == expected("1e308")); // controls
    CHECK(read("3e-324") == expected("5e-324"));
}

std::string written(double x, int digits, int widest) {
    return std::string(detail::write_decimal(x, digits, widest));
}
std::string brief(double x) { return std::string(detail::brief_decimal(x)); }
std::string whole(double x) { return std::string(detail::whole_decimal(x)); }

TEST_CASE("every double is written so that it is read back, in the digits of its nearest text") {
    Philox rng(3);
    int lost = 0, longer = 0, other = 0;
    const int n = 150000;
    for (int i = 0; i < n; ++i) {
        const double x = any_double(rng, i);
        const std::string text = whole(x);
        lost += bits(std::strtod(text.c_str(), nullptr)) == bits(x) ? 0 : 1;
        int digits = 1;
        while (std::strtod(printed("%.*g", digits, x).c_str(), nullptr) != x) ++digits;
        // As %g with 17 digits, but for the digits that do not matter.
        std::string right = printed("%.*e", digits - 1, x);
        longer += printed("%.*e", digits - 1, std::strtod(text.c_str(), nullptr)) == right ? 0 : 1;
        std::string significant;
        for (const char c : text.substr(0, text.find('e')))
            if (c >= '0' && c <= '9' && (c != '0' || !significant.empty())) significant += c;
        while (significant.ends_with('0') && significant.size() > 1) significant.pop_back();
        other += x == 0 || static_cast<int>(significant.size()) <= digits ? 0 : 1;
    }
    CHECK(lost == 0);
    CHECK(longer == 0);
    CHECK(other == 0);
}

TEST_CASE("a number in a sentence has the ten digits that printf gives in the C locale") {
    Philox rng(4);
    int wrong = 0;
    for (int i = 0; i < 200000; ++i) {
        const double x = any_double(rng, i);
        wrong += brief(x) == printed("%.*g", 10, x) ? 0 : 1;
        const int digits = 1 + i % 17;
        wrong += written(x, digits, digits) == printed("%.*g", digits, x) ? 0 : 1;
    }
    CHECK(wrong == 0);
    const double nan = std::numeric_limits<double>::quiet_NaN();
    CHECK(brief(nan) == "nan");
    CHECK(brief(-nan) == "nan");
    CHECK(brief(-std::numeric_limits<double>::infinity()) == "-inf");
    CHECK(brief(2.5) == "2.5");
    // Ties go to the even digit, and nines carry.
    CHECK(written(0.5, 1, 1) == "0.5");
    CHECK(written(2.5, 1, 1) == "2");
    CHECK(written(3.5, 1, 1) == "4");
    CHECK(written(9.96, 2, 2) == "10");
    CHECK(written(99999, 2, 2) == "1e+05");
}

TEST_CASE("numbers are written plainly where that is short") {
    for (const auto& [x, text] : {std::pair{0.1, "0.1"},
                                  {100.0, "100"},
                                  {1e16, "10000000000000000"},
                                  {1e17, "1e+17"},
                                  {1e-4, "0.0001"},
                                  {1e-5, "1e-05"},
                                  {-0.0, "-0"},
                                  {5e-324, "5e-324"},
                                  {1e-310, "1e-310"},
                                  {DBL_MAX, "1.7976931348623157e+308"},
                                  {1.0 / 3, "0.3333333333333333"}})
        CHECK(whole(x) == text);
    CHECK(whole(std::numeric_limits<double>::infinity()) == "inf");
    CHECK(whole(std::numeric_limits<double>::quiet_NaN()) == "nan");
}
