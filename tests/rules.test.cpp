// SPDX-License-Identifier: MIT
#include "catch.hpp"
#include "statistics.hpp"

#include <nninit/rules.hpp>

#include <string>

namespace {

using namespace nninit;
using tests::deviations;
using tests::limit;
using tests::parts;

/// What the test itself says a rule's variance and form are.
struct Expected {
    double variance;
    Shape shape;
};

// E[z^2] of a standard normal within 2 deviations, 1 - 4 phi(2) / (2 Phi(2) - 1), to 17 digits.
constexpr double cut_variance = 0.77374130354992325;

tests::Law law_of(const Expected& expected) {
    const double variance = expected.variance;
    if (expected.shape == Shape::normal) return tests::normal_law(0, std::sqrt(variance));
    if (expected.shape == Shape::uniform)
        return tests::uniform_law(-std::sqrt(3 * variance), std::sqrt(3 * variance));
    const double s = std::sqrt(variance / cut_variance);
    return tests::truncated_law(0, s, -2 * s, 2 * s);
}

/// Where a part of a value may lie at most; the normal's quantile of half a word is 6.34 (9.16).
double reach(const Expected& expected) {
    if (expected.shape == Shape::uniform) return std::sqrt(3 * expected.variance);
    return std::sqrt(expected.variance) *
           (expected.shape == Shape::normal ? 9.2 : 2 / std::sqrt(cut_variance));
}

/// Mean, variance and fourth moment of each part of a fill, as `limit` tells; nothing beyond the
/// reach; and the reach made use of: a uniform law leaves the last 0.4 % before an end empty with
/// probability 0.998^19200 = 2e-17, the truncated one, of density 0.0566 there where the range is
/// 4 wide, with (1 - 0.0566 * 0.008)^48000 = 4e-10, for as many values as are drawn below.
template <class Matrix> bool follows(const Matrix& w, Expected expected) {
    using Scalar = typename Matrix::Scalar;
    constexpr bool is_complex = Eigen::NumTraits<Scalar>::IsComplex != 0;
    if (is_complex) expected.variance /= 2;
    const double most = reach(expected);
    for (const bool imaginary : {false, is_complex}) {
        const auto sample = parts(w, imaginary);
        const auto [low, high] = std::minmax_element(sample.begin(), sample.end());
        // half and bfloat16 hold 8 bits: a bound rounded inward may be short by 2^-7 of itself.
        const double slack = sizeof(Scalar) < 4 ? 0.01 : 0.004;
        if (deviations(sample, law_of(expected)).largest() > limit) return false;
        // 1e-7: the float bound may lie half an ulp beyond the double one computed here.
        if (*high > most * (1 + 1e-7) || *low < -most * (1 + 1e-7)) return false;
        if (expected.shape != Shape::normal &&
            (*high < most * (1 - slack) || *low > -most * (1 - slack)))
            return false;
    }
    return true;
}

constexpr std::pair<Eigen::Index, Eigen::Index> shapes[] = {{256, 256}, {40, 1200}, {1500, 32}};

template <class Scalar, class Rule>
Eigen::Matrix<Scalar, -1, -1> filled(const Rule& rule, Eigen::Index rows, Eigen::Index cols) {
    return make<Eigen::Matrix<Scalar, -1, -1>>(rule, Philox(11).stream(rows), rows, cols);
}

// bfloat16 rounds to 8 bits, so that bounds such as 0.0541 move by up to 0.4 % inward, and with
// them the variance by 0.8 %: seven times its deviation. So it is tried with bounds that it holds.
template <class Scalar, class Rule, class Formula>
bool rule_holds(const Rule& rule, Shape shape, const Formula& variance) {
    for (const auto& [rows, cols] : shapes)
        if (!follows(filled<Scalar>(rule, rows, cols),
                     {variance(static_cast<double>(cols), static_cast<double>(rows)), shape}))
            return false;
    return true;
}

template <class Rule, class Formula>
void check_rule(const Rule& rule, Shape shape, const Formula& variance) {
    CHECK(rule_holds<float>(rule, shape, variance));
    CHECK(rule_holds<double>(rule, shape, variance));
    CHECK(rule_holds<long double>(rule, shape, variance));
    CHECK(rule_holds<Eigen::half>(rule, shape, variance));
    if (shape == Shape::normal) CHECK(rule_holds<Eigen::bfloat16>(rule, shape, variance));
    CHECK(rule_holds<std::complex<float>>(rule, shape, variance));
    CHECK(rule_holds<std::complex<double>>(rule, shape, variance));
}

constexpr auto he = [](double in, double) { return 2 / in; };
constexpr auto glorot = [](double in, double out) { return 2 / (in + out); };
constexpr auto lecun = [](double in, double) { return 1 / in; };

} // namespace

// -- the law -----------------------------------------------------------------------------------

TEST_CASE("random uniform: variance 1 / (3 fan_in)") {
    check_rule(RandomUniform{}, Shape::uniform, [](double in, double) { return 1 / (3 * in); });
}

TEST_CASE("He: variance 2 / fan_in") {
    check_rule(HeNormal{}, Shape::normal, he);
    check_rule(HeUniform{}, Shape::uniform, he);
}

TEST_CASE("Glorot: variance 2 / (fan_in + fan_out)") {
    check_rule(GlorotNormal{}, Shape::normal, glorot);
    check_rule(GlorotUniform{}, Shape::uniform, glorot);
}

TEST_CASE("LeCun: variance 1 / fan_in") {
    check_rule(LeCunNormal{}, Shape::normal, lecun);
    check_rule(LeCunUniform{}, Shape::uniform, lecun);
}

TEST_CASE("variance scaling, truncated: the variance after the cut is the one asked for") {
    check_rule(VarianceScaling{.scale = 2, .distribution = Shape::truncated}, Shape::truncated, he);
}

TEST_CASE("a uniform rule in bfloat16, at a fan whose bound bfloat16 holds") {
    // sqrt(3 / 192) = 1/8, sqrt(6 / 384) = 1/8, 1 / sqrt(256) = 1/16
    using Weights = Eigen::Matrix<Eigen::bfloat16, -1, -1>;
    CHECK(follows(make<Weights>(LeCunUniform{}, Philox(2), 100, 192), {1.0 / 192, Shape::uniform}));
    CHECK(follows(make<Weights>(HeUniform{}, Philox(3), 100, 384), {2.0 / 384, Shape::uniform}));
    CHECK(
        follows(make<Weights>(GlorotUniform{}, Philox(4), 192, 192), {1.0 / 192, Shape::uniform}));
    CHECK(follows(make<Weights>(RandomUniform{}, Philox(5), 100, 256),
                  {1.0 / (3 * 256), Shape::uniform}));
}

TEST_CASE("every mode and shape of variance scaling has its variance") {
    const auto geometric = [](double in, double out) { return 0.7 / std::sqrt(in * out); };
    for (const Shape shape : {Shape::uniform, Shape::normal, Shape::truncated}) {
        const auto rule = [=](Mode mode) {
            return VarianceScaling{.scale = 0.7, .mode = mode, .distribution = shape};
        };
        const auto in = [](double i, double) { return 0.7 / i; };
        const auto out = [](double, double o) { return 0.7 / o; };
        const auto mean = [](double i, double o) { return 1.4 / (i + o); };
        CHECK(rule_holds<float>(rule(Mode::fan_in), shape, in));
        CHECK(rule_holds<double>(rule(Mode::fan_in), shape, in));
        CHECK(rule_holds<float>(rule(Mode::fan_out), shape, out));
        CHECK(rule_holds<double>(rule(Mode::fan_out), shape, out));
        CHECK(rule_holds<float>(rule(Mode::mean), shape, mean));
        CHECK(rule_holds<double>(rule(Mode::mean), shape, mean));
        CHECK(rule_holds<float>(rule(Mode::geometric_mean), shape, geometric));
        CHECK(rule_holds<double>(rule(Mode::geometric_mean), shape, geometric));
    }
}

TEST_CASE("parameters change the variance as their formulas say") {
    CHECK(rule_holds<float>(HeNormal{.negative_slope = 0.5}, Shape::normal,
                            [](double in, double) { return 2 / (1.25 * in); }));
    CHECK(rule_holds<float>(HeUniform{.negative_slope = -2}, Shape::uniform,
                            [](double in, double) { return 2 / (5 * in); }));
    CHECK(rule_holds<float>(HeNormal{.mode = Mode::fan_out}, Shape::normal,
                            [](double, double out) { return 2 / out; }));
    CHECK(rule_holds<float>(HeUniform{.mode = Mode::fan_out}, Shape::uniform,
                            [](double, double out) { return 2 / out; }));
    CHECK(rule_holds<float>(GlorotNormal{.gain = 3}, Shape::normal,
                            [](double in, double out) { return 18 / (in + out); }));
    CHECK(rule_holds<float>(GlorotUniform{.gain = 5.0 / 3}, Shape::uniform,
                            [](double in, double out) { return 50.0 / 9 / (in + out); }));
}

TEST_CASE("the checks of a rule's law refuse a wrong formula") {
    const auto w = filled<float>(HeNormal{}, 40, 1200); // fan_in 1200, fan_out 40
    REQUIRE(follows(w, {2.0 / 1200, Shape::normal}));
    CHECK(!follows(w, {1.0 / 1200, Shape::normal}));            // LeCun
    CHECK(!follows(w, {2.0 / 1240, Shape::normal}));            // Glorot, 3.2 % less
    CHECK(!follows(w, {2.0 / 40, Shape::normal}));              // the fans swapped
    CHECK(!follows(w, {std::sqrt(2.0 / 1200), Shape::normal})); // stddev, variance
    CHECK(!follows(w, {2.0 / 1200, Shape::uniform}));           // another shape
    const auto u = filled<float>(HeUniform{}, 40, 1200);
    REQUIRE(follows(u, {2.0 / 1200, Shape::uniform}));
    CHECK(!follows(u, {2.0 / (3 * 1200), Shape::uniform}));             // stddev for the bound
    CHECK(!follows((u * 1.005F).eval(), {2.0 / 1200, Shape::uniform})); // beyond the bound
    CHECK(!follows((u * 0.99F).eval(), {2.0 / 1200, Shape::uniform}));  // short of it
    const VarianceScaling truncated{.scale = 2, .distribution = Shape::truncated};
    const auto t = filled<float>(truncated, 40, 1200);
    REQUIRE(follows(t, {2.0 / 1200, Shape::truncated}));
    const auto uncorrected = TruncatedNormal::within(2, {.stddev = std::sqrt(2.0 / 1200)});
    CHECK(!follows(filled<float>(uncorrected, 40, 1200), {2.0 / 1200, Shape::truncated}));
}

// -- given() -----------------------------------------------------------------------------------

// Each right-hand side takes the roundings of the documented formula, none of which a compiler can
// fuse; slopes and gains are such that their squares are exact.
TEST_CASE("given() is the formula, to the last bit") {
    for (const Fans fans :
         {Fans{784, 128}, Fans{1, 1}, Fans{3, 1e6}, Fans{27.5, 0.25}, Fans{1e-3, 7}}) {
        CAPTURE(fans.in, fans.out);
        const double in = fans.in, out = fans.out, mean = (in + out) / 2;
        CHECK(RandomUniform{}.given(fans) == Uniform{-1 / std::sqrt(in), 1 / std::sqrt(in)});
        CHECK(GlorotUniform{}.given(fans) == Uniform{-std::sqrt(3 / mean), std::sqrt(3 / mean)});
        CHECK(GlorotNormal{}.given(fans) == Normal{0, std::sqrt(1 / mean)});
        CHECK(HeUniform{}.given(fans) == Uniform{-std::sqrt(6 / in), std::sqrt(6 / in)});
        CHECK(HeNormal{}.given(fans) == Normal{0, std::sqrt(2 / in)});
        CHECK(LeCunUniform{}.given(fans) == Uniform{-std::sqrt(3 / in), std::sqrt(3 / in)});
        CHECK(LeCunNormal{}.given(fans) == Normal{0, std::sqrt(1 / in)});

        CHECK(HeNormal{.negative_slope = 0.5}.given(fans) == Normal{0, std::sqrt(2 / 1.25 / in)});
        CHECK(HeNormal{.negative_slope = -0.5}.given(fans) ==
              HeNormal{.negative_slope = 0.5}.given(fans));
        CHECK(HeNormal{.mode = Mode::fan_out}.given(fans) == Normal{0, std::sqrt(2 / out)});
        CHECK(HeNormal{.mode = Mode::mean}.given(fans) == Normal{0, std::sqrt(2 / mean)});
        CHECK(HeUniform{.negative_slope = 0.5}.given(fans).high == std::sqrt(3 * (2 / 1.25) / in));
        CHECK(HeUniform{.mode = Mode::fan_out}.given(fans).high == std::sqrt(6 / out));
        CHECK(GlorotNormal{.gain = 1.5}.given(fans) == Normal{0, std::sqrt(2.25 / mean)});
        CHECK(GlorotNormal{.gain = -1.5}.given(fans) == Normal{0, std::sqrt(2.25 / mean)});
        CHECK(GlorotUniform{.gain = 1.5}.given(fans).high == std::sqrt(3 * 2.25 / mean));
    }
}

TEST_CASE("given() has the values that a table of the formulas has") {
    // Worked out with 50 digits, and rounded.
    CHECK(HeNormal{}.given({784, 128}).stddev == Approx(0.050507627227610537).epsilon(1e-15));
    CHECK(HeNormal{.negative_slope = 0.2}.given({784, 128}).stddev ==
          Approx(0.049526803234395457).epsilon(1e-15));
    CHECK(GlorotUniform{}.given({784, 128}).high == Approx(0.081110710565381269).epsilon(1e-15));
    CHECK(GlorotNormal{.gain = 5.0 / 3}.given({784, 128}).stddev ==
          Approx(0.078048817631807830).epsilon(1e-15));
    // He with slope sqrt(5) is the random uniform rule, as PyTorch's layers use it.
    CHECK(HeUniform{.negative_slope = std::sqrt(5.0)}.given({784, 128}).high ==
          Approx(RandomUniform{}.given({784, 128}).high).epsilon(1e-15));
}

TEST_CASE("gains and slopes whose squares are no doubles have their formula's values") {
    for (const double x : {1e200, 1e-200}) {
        CAPTURE(x);
        CHECK(GlorotNormal{.gain = x}.given({4, 4}).stddev == Approx(x / 2).epsilon(1e-15));
        CHECK(GlorotUniform{.gain = x}.given({3, 3}).high == Approx(x).epsilon(1e-15));
    }
    CHECK(HeNormal{.negative_slope = 1e200}.given({2, 1}).stddev == Approx(1e-200).epsilon(1e-15));
    CHECK(HeUniform{.negative_slope = -1e200}.given({6, 1}).high == Approx(1e-200).epsilon(1e-15));
    CHECK(HeNormal{.negative_slope = 1e-200}.given({2, 1}).stddev == 1);
}

TEST_CASE("variance scaling gives the distribution of its shape") {
    const Fans fans{18, 50}; // mean 34, geometric mean 30
    const auto scaling = [&](Mode mode, Shape shape) {
        return VarianceScaling{.scale = 2, .mode = mode, .distribution = shape}.given(fans);
    };
    const std::pair<Mode, double> modes[] = {
        {Mode::fan_in, 18}, {Mode::fan_out, 50}, {Mode::mean, 34}, {Mode::geometric_mean, 30}};
    for (const auto& [mode, n] : modes) {
        CAPTURE(n);
        CHECK(std::get<Uniform>(scaling(mode, Shape::uniform)) ==
              Uniform{-std::sqrt(6 / n), std::sqrt(6 / n)});
        CHECK(std::get<Normal>(scaling(mode, Shape::normal)) == Normal{0, std::sqrt(2 / n)});
        const double s = std::sqrt(2 / n) / 0.87962566103423978;
        CHECK(std::get<TruncatedNormal>(scaling(mode, Shape::truncated)) ==
              TruncatedNormal{0, s, -2 * s, 2 * s});
    }
    CHECK(std::get<Normal>(VarianceScaling{}.given(fans)) == LeCunNormal{}.given(fans));
}

TEST_CASE("rules and distributions are equal if all their parameters are") {
    CHECK(VarianceScaling{} != VarianceScaling{.distribution = Shape::uniform});
    CHECK(GlorotUniform{} != GlorotUniform{.gain = 2});
    CHECK(HeUniform{} != HeUniform{.mode = Mode::fan_out});
    CHECK(HeNormal{} != HeNormal{.mode = Mode::fan_out});
    CHECK(Siren{} != Siren{.first = !Siren{}.first});
    CHECK(Uniform{-1, 1} != Uniform{-1, 2});
    CHECK(Normal{} != Normal{.stddev = 2});
    CHECK(TruncatedNormal{} != TruncatedNormal{.high = 1});
    CHECK(HeNormal{.negative_slope = 0.2} == HeNormal{.negative_slope = 0.2}); // control
}

TEST_CASE("a fill by a rule is a fill by what the rule gives") {
    const auto same = [](const auto& rule) {
        Eigen::MatrixXf a(7, 11), b(7, 11);
        rule(a, Philox(3));
        rule.given({.in = 11, .out = 7})(b, Philox(3));
        return a == b && (a.array() != 0).any();
    };
    CHECK(same(RandomUniform{}));
    CHECK(same(GlorotUniform{.gain = 2}));
    CHECK(same(GlorotNormal{.gain = 2}));
    CHECK(same(HeUniform{.negative_slope = 0.1}));
    CHECK(same(HeNormal{.negative_slope = 0.1, .mode = Mode::fan_out}));
    CHECK(same(LeCunUniform{}));
    CHECK(same(LeCunNormal{}));
    Eigen::MatrixXd a(7, 11), b(7, 11);
    const VarianceScaling scaling{.distribution = Shape::truncated};
    scaling(a, Philox(3));
    std::get<TruncatedNormal>(scaling.given({.in = 11, .out = 7}))(b, Philox(3));
    CHECK(a == b);
}

TEST_CASE("Siren has the bounds of its paper") {
    Eigen::MatrixXf w(300, 200);
    const auto variance = [](double bound) { return bound * bound / 3; };
    Siren{}(w, Philox(8));
    CHECK(follows(w, {variance(std::sqrt(6.0 / 200) / 30), Shape::uniform}));
    CHECK_FALSE(follows(w, {variance(std::sqrt(6.0 / 200) / 29), Shape::uniform})); // control
    Siren{.omega = 1}(w, Philox(8));
    CHECK(follows(w, {variance(std::sqrt(6.0 / 200)), Shape::uniform}));
    Siren{.first = true}(w, Philox(8));
    CHECK(follows(w, {variance(1.0 / 200), Shape::uniform}));
    for (const double omega : {0.0, -1.0, std::numeric_limits<double>::infinity(),
                               std::numeric_limits<double>::quiet_NaN()})
        CHECK_THROWS_AS((Siren{.omega = omega}(w, Philox(8))), std::invalid_argument);
}
