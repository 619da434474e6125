// SPDX-License-Identifier: MIT
#include "catch.hpp"
#include "engines.hpp"
#include "paths.hpp"
#include "quantile/reference.hpp"
#include "statistics.hpp"

#include <nninit/distributions.hpp>

#include <limits>
#include <string>

namespace {

using Eigen::bfloat16;
using Eigen::half;
using nninit::Normal;
using nninit::Philox;
using nninit::TruncatedNormal;
using nninit::Uniform;
using namespace tests;

template <class Scalar> using Vector = Eigen::Matrix<Scalar, Eigen::Dynamic, 1>;

constexpr double infinity = std::numeric_limits<double>::infinity();

// The sample of every law below. What a sample cannot tell apart at `limit` = 6 deviations: a
// relative error of the variance of 6 sqrt((fourth - 1) / n), 0.83 % for a normal, 0.53 % for a
// uniform distribution. So an error of 1.87 % is found in each part of a complex matrix: it is 13
// deviations of a normal's, and a sample falls short of 6 of those once in 1e12 seeds.
constexpr Eigen::Index n = 1 << 20;

template <class Scalar, class Distribution>
Vector<Scalar> drawn(const Distribution& distribution, Eigen::Index size = n) {
    Vector<Scalar> v(size);
    distribution(v, Philox(20261124).stream(sizeof(Scalar)));
    return v;
}

std::vector<double> scaled(std::vector<double> sample, double factor) {
    for (double& x : sample) x *= factor;
    return sample;
}

bool inside(const std::vector<double>& sample, double low, double high) {
    return std::all_of(sample.begin(), sample.end(),
                       [=](double x) { return low <= x && x <= high; });
}

template <class Scalar> bool real_law_holds(const std::vector<double>& sample, const Law& law) {
    // half and bfloat16 crowd the values on few points; for them only the moments are looked at.
    return deviations(sample, law).largest() < limit &&
           (sizeof(Scalar) < 4 || distance(sample, law) < distance_limit(sample.size()));
}

/// A fill of each real type against one law.
template <class Distribution> void check_reals(const Distribution& distribution, const Law& law) {
    CHECK(real_law_holds<float>(parts(drawn<float>(distribution)), law));
    CHECK(real_law_holds<double>(parts(drawn<double>(distribution)), law));
    CHECK(real_law_holds<long double>(parts(drawn<long double>(distribution)), law));
    CHECK(real_law_holds<half>(parts(drawn<half>(distribution)), law));
    CHECK(real_law_holds<bfloat16>(parts(drawn<bfloat16>(distribution)), law));
}

/// Both parts against laws of their own, and their independence: the mean of the product of the
/// standardised parts has the standard deviation 1 / sqrt(n).
template <class Real, class Distribution>
void check_complex(const Distribution& distribution, const Law& real, const Law& imaginary) {
    const auto v = drawn<std::complex<Real>>(distribution);
    const auto re = parts(v), im = parts(v, true);
    CHECK(real_law_holds<Real>(re, real));
    CHECK(real_law_holds<Real>(im, imaginary));
    double product = 0;
    for (std::size_t i = 0; i < re.size(); ++i)
        product += (re[i] - real.mean) / real.stddev() * (im[i] / imaginary.stddev());
    CHECK(std::abs(product) / std::sqrt(double(n)) < limit);
    // Controls: the factor of a cut modulus, 1.87 % too much variance, and the whole variance.
    CHECK(std::abs(deviations(scaled(im, 0.9619618280082135 / 0.9531109), imaginary).variance) >
          limit);
    CHECK(std::abs(deviations(scaled(im, std::sqrt(2.0)), imaginary).variance) > limit);
}

template <class Distribution>
void check_complex(const Distribution& distribution, const Law& real, const Law& imaginary) {
    check_complex<float>(distribution, real, imaginary);
    check_complex<double>(distribution, real, imaginary);
}

} // namespace

// -- the law -----------------------------------------------------------------------------------

TEST_CASE("a uniform fill has the uniform law, in every real type") {
    // Bounds that half and bfloat16 hold: others are rounded inward, which changes their law.
    check_reals(Uniform{.low = -0.25, .high = 0.75}, uniform_law(-0.25, 0.75));
    check_reals(Uniform{.low = -3, .high = 3}, uniform_law(-3, 3));
    check_reals(Uniform{}, uniform_law(0, 1));
}

TEST_CASE("a normal fill has the normal law, in every real type") {
    check_reals(Normal{}, normal_law(0, 1));
    check_reals(Normal{.mean = 1.5, .stddev = 0.25}, normal_law(1.5, 0.25));
    check_reals(Normal{.stddev = 0.02}, normal_law(0, 0.02));
}

TEST_CASE("a truncated normal fill has the truncated law, in every real type") {
    check_reals(TruncatedNormal{}, truncated_law(0, 1, -2, 2));
    check_reals(TruncatedNormal{.mean = 0.5, .stddev = 0.5, .low = 0.25, .high = 1.75},
                truncated_law(0.5, 0.5, 0.25, 1.75));
    check_reals(TruncatedNormal{.low = -0.5, .high = infinity}, truncated_law(0, 1, -0.5, 12));
    check_reals(TruncatedNormal{.low = -infinity, .high = -1}, truncated_law(0, 1, -12, -1));
    check_reals(TruncatedNormal{.mean = -4, .stddev = 2, .low = 1, .high = 3},
                truncated_law(-4, 2, 1, 3));
}

TEST_CASE("a cut far in a tail has the law of that tail") {
    constexpr Eigen::Index few = 1 << 16; // each value takes a microsecond
    for (const double side : {1.0, -1.0}) {
        const TruncatedNormal far{.low = std::min(8 * side, 9 * side),
                                  .high = std::max(8 * side, 9 * side)};
        const Law law = truncated_law(0, 1, far.low, far.high);
        const auto f = parts(drawn<float>(far, few)), d = parts(drawn<double>(far, few));
        CHECK(real_law_holds<float>(f, law));
        CHECK(real_law_holds<double>(d, law));
        CHECK(inside(f, far.low, far.high));
        CHECK(inside(d, far.low, far.high));
        // An exponential tail of the same start is not it: its mean lies 1/8 above, not 0.1212,
        // 8 deviations away; nor is another cut's.
        CHECK(std::abs(deviations(scaled(d, 8.125 / 8.1212), law).mean) > limit);
        CHECK(!real_law_holds<double>(d, truncated_law(0, 1, far.low * 1.01, far.high * 1.01)));
    }
}

TEST_CASE("a complex fill has half the variance in each part, and the mean in the real one") {
    const double r = std::sqrt(0.5);
    check_complex(Normal{.mean = 2, .stddev = 0.5}, normal_law(2, 0.5 * r), normal_law(0, 0.5 * r));
    check_complex(Uniform{.low = -1, .high = 3}, uniform_law(1 - 2 * r, 1 + 2 * r),
                  uniform_law(-2 * r, 2 * r));
    check_complex(TruncatedNormal{}, truncated_law(0, r, -2 * r, 2 * r),
                  truncated_law(0, r, -2 * r, 2 * r));
    check_complex(TruncatedNormal{.mean = 1, .stddev = 2, .low = 0, .high = 4},
                  truncated_law(1, 2 * r, 1 - r, 1 + 3 * r), truncated_law(0, 2 * r, -r, 3 * r));
}

TEST_CASE("the checks of the law refuse a wrong one") {
    const auto normal = parts(drawn<double>(Normal{.stddev = 0.5}));
    const auto uniform = parts(drawn<double>(Uniform{.low = -1, .high = 1}));
    const auto cut = parts(drawn<double>(TruncatedNormal{}));
    REQUIRE(deviations(normal, normal_law(0, 0.5)).largest() < limit);
    SECTION("the variance taken for the standard deviation") {
        CHECK(std::abs(deviations(normal, normal_law(0, 0.25)).variance) > limit);
    }
    SECTION("a scale wrong by 1 %: 2 % of the variance, 14 deviations or more") {
        for (const double factor : {0.99, 1.01}) {
            CHECK(std::abs(deviations(scaled(normal, factor), normal_law(0, 0.5)).variance) >
                  limit);
            CHECK(std::abs(deviations(scaled(uniform, factor), uniform_law(-1, 1)).variance) >
                  limit);
            CHECK(std::abs(deviations(scaled(cut, factor), truncated_law(0, 1, -2, 2)).variance) >
                  limit);
        }
    }
    SECTION("a mean wrong by 1 % of the standard deviation, 10 deviations") {
        CHECK(std::abs(deviations(normal, normal_law(0.005, 0.5)).mean) > limit);
    }
    SECTION("another law of the same mean and variance") {
        const auto same = scaled(uniform, std::sqrt(3.0));
        CHECK(deviations(same, normal_law(0, 1)).mean < limit);
        CHECK(std::abs(deviations(same, normal_law(0, 1)).fourth) > limit);
        CHECK(distance(same, normal_law(0, 1)) > distance_limit(same.size()));
    }
    SECTION("values clamped to the bounds instead of drawn between them") {
        auto clamped = parts(drawn<double>(Normal{}));
        for (double& x : clamped) x = std::clamp(x, -2.0, 2.0);
        CHECK(distance(clamped, truncated_law(0, 1, -2, 2)) > distance_limit(clamped.size()));
    }
    SECTION("a mean off by 2 %: 0.008 between the distribution functions, the limit is 0.0032") {
        CHECK(distance(normal, normal_law(0.01, 0.5)) > distance_limit(normal.size()));
    }
}

// -- bounds ------------------------------------------------------------------------------------

namespace {

/// Words whose values reach the ends, and many others.
template <class Scalar, class Distribution>
bool stays_inside(const Distribution& distribution, double low, double high) {
    Vector<Scalar> ends(4);
    distribution(ends, Scripted({0, 0, ~0U, ~0U, 0, 0, ~0U, ~0U}));
    return inside(parts(ends), low, high) &&
           inside(parts(drawn<Scalar>(distribution, 1 << 16)), low, high);
}

template <class Distribution>
void check_inside(const Distribution& distribution, double low, double high) {
    on_each_path([&] {
        CHECK(stays_inside<float>(distribution, low, high));
        CHECK(stays_inside<double>(distribution, low, high));
        CHECK(stays_inside<long double>(distribution, low, high));
        CHECK(stays_inside<half>(distribution, low, high));
        CHECK(stays_inside<bfloat16>(distribution, low, high));
    });
}

} // namespace

TEST_CASE("no value lies outside the bounds, also where the type does not hold them") {
    for (const auto& [low, high] : {std::pair{0.1, 0.3}, std::pair{-0.7, 0.1}, std::pair{1.0, 1.1},
                                    std::pair{-1e-3, 1e-3}, std::pair{-3.3, -1.7}}) {
        CAPTURE(low, high);
        check_inside(Uniform{.low = low, .high = high}, low, high);
        check_inside(TruncatedNormal{.low = low, .high = high}, low, high);
    }
    check_inside(TruncatedNormal{.low = 0.1, .high = infinity}, 0.1, infinity);
    check_inside(TruncatedNormal{.low = 2.1, .high = 2.9}, 2.1, 2.9);
    check_inside(TruncatedNormal{.mean = 0.3, .stddev = 1e-3, .low = 0.299, .high = 0.301}, 0.299,
                 0.301);
    // The check does see a value outside: the float 0.1 lies above the number 0.1.
    CHECK(!inside({static_cast<double>(0.1F)}, 0, 0.1));
}

TEST_CASE("where a type holds few numbers, a uniform fill meets both ends") {
    const std::vector<std::uint32_t> ends{0, ~0U};
    Vector<half> h(2);
    Uniform{.low = -1, .high = 1}(h, Scripted(ends));
    CHECK(static_cast<float>(h(0)) == -1);
    CHECK(static_cast<float>(h(1)) == 1);
    Vector<bfloat16> b(2);
    Uniform{.low = -1, .high = 1}(b, Scripted(ends));
    CHECK(static_cast<float>(b(0)) == -1);
    CHECK(static_cast<float>(b(1)) == 1);
    Vector<float> f(2);
    Uniform{.low = 1, .high = 2}(f, Scripted(ends));
    CHECK(f(0) == 1);
    CHECK(f(1) == 2);
    // But not where there is room: u itself is never -1 or 1.
    Uniform{.low = -1, .high = 1}(f, Scripted(ends));
    CHECK(f(0) == -1 + 0x1p-24F);
    CHECK(f(1) == 1 - 0x1p-24F);
    Vector<double> d(2);
    Uniform{.low = -1, .high = 1}(d, Scripted({0, 0, ~0U, ~0U}));
    CHECK(d(0) == -1 + 0x1p-53);
    CHECK(d(1) == 1 - 0x1p-53);
}

TEST_CASE("a uniform fill of a single number gives that number") {
    Vector<float> v(100);
    Uniform{.low = 0.5, .high = 0.5}(v, Philox(1));
    CHECK((v.array() == 0.5F).all());
    for (const float x :
         {std::numeric_limits<float>::lowest(), (std::numeric_limits<float>::max)()}) {
        const auto bound = static_cast<double>(x);
        Uniform{.low = bound, .high = bound}(v, Philox(1));
        CHECK((v.array() == x).all());
    }
}

TEST_CASE("a truncated normal whose mean or stddev the type cannot hold is refused") {
    // Between bounds that fit: else all values would lie on one of them.
    Eigen::MatrixXf w(10, 10);
    CHECK_THROWS_AS((TruncatedNormal{1e39, 1e38, 0, 3e38}(w, Philox(1))), std::invalid_argument);
    CHECK_THROWS_AS((TruncatedNormal{0, 1e39, -3e38, 3e38}(w, Philox(1))), std::invalid_argument);
    TruncatedNormal{0, 1e38, -3e38, 3e38}(w, Philox(1)); // control
    CHECK((w.array().abs() < 2.9e38f).any());
}

TEST_CASE("a truncated normal that the type would cut where it has no bound is refused") {
    Eigen::Matrix<Eigen::half, -1, -1> w(10, 10);
    CHECK_THROWS_AS((TruncatedNormal{0, 3e4, -infinity, 0}(w, Philox(1))), std::invalid_argument);
    CHECK_THROWS_AS((TruncatedNormal{0, 3e4, 0, infinity}(w, Philox(1))), std::invalid_argument);
    CHECK_NOTHROW(TruncatedNormal{0, 1e4, -infinity, infinity}(w, Philox(1))); // control
    Eigen::MatrixXd d(10, 10);
    const double most = std::numeric_limits<double>::max();
    CHECK_THROWS_AS((TruncatedNormal{0, most, -infinity, 0}(d, Philox(1))), std::invalid_argument);
}

TEST_CASE("a uniform fill between subnormals stays between them") {
    for (const double low : {1.0, 2.0, 3.0, 7.0})
        for (const double steps : {0.0, 2.0, 64.0, 101.0}) {
            const double from = low * 0x1p-1074, to = (low + steps) * 0x1p-1074;
            Vector<double> w(100);
            Uniform{from, to}(w, Philox(1));
            CHECK((w.minCoeff() >= from && w.maxCoeff() <= to));
            Uniform{-to, -from}(w, Philox(1));
            CHECK((w.minCoeff() >= -to && w.maxCoeff() <= -from));
        }
}

TEST_CASE("infinite bounds cut nothing") {
    Vector<double> cut(1000), whole(1000);
    TruncatedNormal{.low = -infinity, .high = infinity}(cut, Philox(3));
    Normal{}(whole, Philox(3));
    CHECK((cut - whole).cwiseAbs().maxCoeff() < 1e-13);
}

// -- symmetry ----------------------------------------------------------------------------------

namespace {

std::vector<std::uint32_t> some_words() {
    std::vector<std::uint32_t> words{0,          0,          0,      1, 1, 0,
                                     0x7fffffff, 0x7fffffff, 0xffff, 0, 0, 0xffff};
    Philox rng(7);
    while (words.size() < 20000) words.push_back(rng());
    for (std::uint32_t k = 0; k < 16; ++k) // rare words, for the tails
        for (std::uint32_t i = 0; i < 64; ++i) words.push_back(rng() >> (k + 4));
    return words;
}

/// Whether the complement of each word gives the negated value.
template <class Scalar, class Distribution> bool is_odd(const Distribution& distribution) {
    const auto words = some_words();
    auto complements = words;
    for (std::uint32_t& w : complements) w = ~w;
    const auto size =
        static_cast<Eigen::Index>(words.size() * 4 / std::max<std::size_t>(sizeof(Scalar), 4));
    const Eigen::Index elements =
        std::is_same_v<Scalar, long double> ? Eigen::Index(words.size() / 2) : size;
    Vector<Scalar> v(elements), opposite(elements);
    distribution(v, Scripted(words));
    distribution(opposite, Scripted(complements));
    const auto a = parts(v), b = parts(opposite);
    const auto c = parts(v, true), d = parts(opposite, true);
    for (std::size_t i = 0; i < a.size(); ++i)
        if (a[i] != -b[i] || c[i] != -d[i]) return false;
    return true;
}

template <class Distribution> void check_odd(const Distribution& distribution) {
    CHECK(is_odd<float>(distribution));
    CHECK(is_odd<double>(distribution));
    CHECK(is_odd<long double>(distribution));
    CHECK(is_odd<half>(distribution));
    CHECK(is_odd<bfloat16>(distribution));
    CHECK(is_odd<std::complex<float>>(distribution));
    CHECK(is_odd<std::complex<double>>(distribution));
}

} // namespace

TEST_CASE("the complement of a word gives the negated value") {
    check_odd(Uniform{.low = -1, .high = 1});
    check_odd(Uniform{.low = -0.1, .high = 0.1});
    check_odd(Normal{});
    check_odd(Normal{.stddev = 0.3});
    check_odd(TruncatedNormal{});
    check_odd(TruncatedNormal{.stddev = 0.1, .low = -0.123, .high = 0.123});
    check_odd(TruncatedNormal{.low = -9, .high = 9});
    CHECK(!is_odd<float>(Uniform{}));
    CHECK(!is_odd<float>(TruncatedNormal{.low = -2, .high = 2.001}));
}

TEST_CASE("mirrored bounds negate the value of the complement of each word") {
    const auto words = some_words();
    const auto mirrored = [&](auto scalar, double low, double high) {
        using Scalar = decltype(scalar);
        const auto size = static_cast<Eigen::Index>(words.size() * 4 / sizeof(Scalar));
        Vector<Scalar> v(size), w(size);
        TruncatedNormal{.low = low, .high = high}(v, Scripted(words));
        auto complements = words;
        for (auto& word : complements) word = ~word;
        TruncatedNormal{.low = -high, .high = -low}(w, Scripted(complements));
        return (v.array() == -w.array()).all();
    };
    for (const auto& [low, high] : {std::pair{0.5, 2.0}, std::pair{-1.0, 3.0}, std::pair{8.0, 9.0},
                                    std::pair{0.0, infinity}}) {
        CAPTURE(low, high);
        CHECK(mirrored(0.0F, low, high));
        CHECK(mirrored(0.0, low, high));
    }
}

// -- the quantile ------------------------------------------------------------------------------

namespace {

/// Words all over the range, at every power of two, around the middle, at both ends, and around
/// the words at which the table's segment changes.
template <class T> std::vector<std::uint64_t> quantile_words() {
    using Format = nninit::detail::Format<T>;
    constexpr int bits = sizeof(T) * 8;
    const std::uint64_t all = ~std::uint64_t{0} >> (64 - bits), half_way = all / 2;
    std::vector<std::uint64_t> words;
    for (std::uint64_t i = 0; i <= 65535; ++i) words.push_back(i * (all / 65537) + i);
    const auto around = [&](std::uint64_t m) {
        for (std::uint64_t k = 0; k < 7; ++k)
            if (m + k >= 3 && m + k - 3 <= half_way) words.push_back(m + k - 3);
    };
    for (int k = 0; k < bits - 1; ++k) around(std::uint64_t{1} << k);
    for (std::uint64_t k = 0; k < 300; ++k) {
        words.push_back(k);
        words.push_back(half_way - k);
    }
    const auto segment = [](std::uint64_t m) {
        const auto field = std::bit_cast<typename Format::Word>(static_cast<T>(m)) -
                           nninit::detail::Quantile<T>::first;
        return static_cast<typename Format::Signed>(field) >> (Format::digits - 2);
    };
    for (int j = 0; j < 32; ++j) {
        std::uint64_t low = 0, high = half_way; // the first mass whose segment is j or more
        while (low < high) {
            const std::uint64_t middle = low + (high - low) / 2;
            if (segment(middle) < j)
                low = middle + 1;
            else
                high = middle;
        }
        around(low);
    }
    const std::size_t count = words.size();
    for (std::size_t i = 0; i < count; ++i) words.push_back(all - words[i]);
    return words;
}

template <class T> std::vector<std::uint32_t> as_words(const std::vector<std::uint64_t>& numbers) {
    if constexpr (sizeof(T) == 8)
        return halves(numbers);
    else
        return {numbers.begin(), numbers.end()};
}

template <class T, class Distribution>
Vector<T> values_of(const Distribution& distribution, const std::vector<std::uint64_t>& words) {
    Vector<T> v(static_cast<Eigen::Index>(words.size()));
    distribution(v, Scripted(as_words<T>(words)));
    return v;
}

template <class T> void check_quantile(double promised) {
    const auto words = quantile_words<T>();
    const auto z = values_of<T>(Normal{}, words);
    double largest = 0;
    std::uint64_t worst = 0;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const double error = quantile_error(words[i], z(Eigen::Index(i)));
        if (!(error <= largest)) {
            largest = error;
            worst = words[i];
        }
    }
    CAPTURE(worst);
    CHECK(largest <= promised);
    // The reference sees a quantile that is two such bounds too large.
    const T off = z(77) * (1 + T(2 * promised + 1) * std::numeric_limits<T>::epsilon());
    CHECK(quantile_error(words[77], off) > promised);
}

template <class T> bool never_decreases(std::uint64_t first, std::uint64_t count) {
    std::vector<std::uint64_t> words;
    for (std::uint64_t k = 0; k < count; ++k) words.push_back(first + k);
    const auto z = values_of<T>(Normal{}, words);
    for (Eigen::Index i = 1; i < z.size(); ++i)
        if (z(i) < z(i - 1)) return false;
    return true;
}

} // namespace

TEST_CASE("z is within 2 ulp for float and 4 ulp for double") {
    if (!has_reference) return;
    check_quantile<float>(2);
    check_quantile<double>(4);
}

TEST_CASE("the largest |z| is 6.34 and 9.16") {
    CHECK(values_of<float>(Normal{}, {0, 0xffffffff})(1) == Approx(6.3379).epsilon(1e-4));
    CHECK(values_of<double>(Normal{}, {0, ~std::uint64_t{0}})(1) == Approx(9.1560).epsilon(1e-4));
}

TEST_CASE("z grows with the word") {
    CHECK(never_decreases<float>(0, 100000));
    CHECK(never_decreases<float>(0x7fff0000, 0x20000));
    CHECK(never_decreases<double>(0, 2000));
}

namespace {

/// The mass below x (above it, if the cut lies more to the right), against the share of it that
/// the word asks for, in units of what may go wrong:
/// - z is off by 2 ulp (4 for double), as for Normal: phi(z) times that;
/// - the share counts in units of 2^-(N+e) of mass for the width, which is odd, and so up to two
///   units short; it stands at word / 2^N of it. e is such that the larger mass is half or more;
/// - the masses of the bounds are good to 1e-15, relatively.
template <class T> double largest_share_error(double a, double b) {
    constexpr int bits = sizeof(T) * 8;
    std::vector<std::uint64_t> words;
    const auto candidates = quantile_words<T>();
    for (std::size_t i = 0; i < candidates.size(); i += 7) words.push_back(candidates[i]);
    words.insert(words.end(), {0, 1, ~std::uint64_t{0} >> (64 - bits)});
    const auto x = values_of<T>(TruncatedNormal{.low = a, .high = b}, words);
    const bool mirrored = a + b > 0;
    const auto mass = [=](double z) {
        return std::erfc(static_cast<long double>(mirrored ? z : -z) / root_two) / 2;
    };
    const long double from = mass(mirrored ? b : a), to = mass(mirrored ? a : b);
    const int e = to < 0x1p-12L ? -std::ilogb(to) - 1 : 0;
    double largest = 0;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const T z = x(Eigen::Index(i));
        const std::uint64_t rank =
            mirrored ? (~std::uint64_t{0} >> (64 - bits)) - words[i] : words[i];
        const long double wanted =
            from + (to - from) * std::ldexp(static_cast<long double>(rank) + 0.5L, -bits);
        const long double ulp =
            z == 0 ? 0 : std::ldexp(1.0L, std::ilogb(z) - std::numeric_limits<T>::digits + 1);
        const long double allowed =
            (bits == 32 ? 2 : 4) * ulp * density(static_cast<long double>(z)) +
            std::ldexp(2.0L, -bits - e) + 1e-15L * (from + to);
        const auto error = std::abs(mass(static_cast<double>(z)) - wanted) / allowed;
        largest = std::max(largest, static_cast<double>(error));
    }
    return largest;
}

} // namespace

TEST_CASE("a truncated float never falls as the word rises") {
    for (const auto& [low, high] :
         {std::pair{-2.0, 2.0}, std::pair{0.5, 1.0}, std::pair{-5.0, -3.0}, std::pair{1.0, 40.0}}) {
        std::vector<std::uint64_t> words;
        for (std::uint64_t w = 0; w < 0x100000000; w += 65521) words.push_back(w);
        const auto x = values_of<float>(TruncatedNormal{.low = low, .high = high}, words);
        CAPTURE(low, high);
        CHECK(std::is_sorted(x.begin(), x.end()));
        CHECK(x(0) < x(x.size() - 1)); // an equal value for each word would be sorted as well
    }
}

TEST_CASE("a truncated value has the share of the mass that its word asks for") {
    if (!has_reference) return;
    for (const auto& [low, high] :
         {std::pair{-2.0, 2.0}, std::pair{-1.0, 3.0}, std::pair{0.5, 1.0}, std::pair{-0.25, 0.125},
          std::pair{1.0, 40.0}, std::pair{-5.0, -3.0}, std::pair{8.0, 9.0}, std::pair{-30.0, -20.0},
          std::pair{4.0, 4.0625}, std::pair{35.0, 36.0}}) {
        CAPTURE(low, high);
        CHECK(largest_share_error<float>(low, high) <= 1);
        CHECK(largest_share_error<double>(low, high) <= 1);
    }
}

TEST_CASE("a cut begins at the mass below its bound, also between two multiples of 2^-64") {
    // Phi(-9) = 2.08 2^-64; the smallest word asks for 2^-65 (Phi(0) - Phi(-9)) more.
    const auto z = values_of<double>(TruncatedNormal{.low = -9, .high = 0}, {0});
    CHECK(z(0) == Approx(-8.987541307559912).epsilon(1e-12));
}

TEST_CASE("a share is at most a word short of all") {
    // Where the bounds cut off less than a word, the smallest one asks for 2^-32.
    const auto z = values_of<float>(TruncatedNormal{.low = -9, .high = 9}, {0, 0xffffffff});
    CHECK(z(0) == Approx(-6.230260137989042).epsilon(1e-6));
    CHECK(z(1) == -z(0));
}

// -- the rest ----------------------------------------------------------------------------------

TEST_CASE("a standard deviation of 0 gives the mean") {
    Vector<float> f(1000);
    Normal{.mean = 0.1, .stddev = 0}(f, Philox(5));
    CHECK((f.array() == 0.1F).all());
    Vector<double> d(1000);
    Normal{.mean = -3, .stddev = 0}(d, Philox(5));
    CHECK((d.array() == -3).all());
    Vector<std::complex<double>> c(1000);
    Normal{.mean = 2, .stddev = 0}(c, Philox(5));
    CHECK((c.array() == std::complex<double>(2, 0)).all());
}

TEST_CASE("within() cuts at so many standard deviations from the mean") {
    const auto cut = TruncatedNormal::within(3, {.mean = 1, .stddev = 0.5});
    CHECK(cut == TruncatedNormal{.mean = 1, .stddev = 0.5, .low = -0.5, .high = 2.5});
    CHECK(TruncatedNormal::within(2) == TruncatedNormal{});
}

TEST_CASE("every parameter has its say") {
    const auto first = [](const auto& distribution) {
        Vector<double> v(1);
        distribution(v, Philox(9));
        return v(0);
    };
    CHECK(first(Uniform{}) != first(Uniform{.low = 0.5}));
    CHECK(first(Uniform{}) != first(Uniform{.high = 0.5}));
    CHECK(first(Normal{}) != first(Normal{.mean = 0.5}));
    CHECK(first(Normal{}) != first(Normal{.stddev = 0.5}));
    CHECK(first(TruncatedNormal{}) != first(TruncatedNormal{.mean = 0.5}));
    CHECK(first(TruncatedNormal{}) != first(TruncatedNormal{.stddev = 0.5}));
    CHECK(first(TruncatedNormal{}) != first(TruncatedNormal{.low = -1}));
    CHECK(first(TruncatedNormal{}) != first(TruncatedNormal{.high = 1}));
}
