// SPDX-License-Identifier: MIT
// Every refusal at run time. Compiled a second time at -Ofast, where the compiler may assume that
// no NaN or infinity exists: so they are made from bits, and nothing here is compared with them.
#include "catch.hpp"

#include <nninit/nninit.hpp>

#include <bit>
#include <complex>
#include <cstdint>
#include <cstring>
#include <functional>
#include <limits>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

using nninit::Dense;
using nninit::Fans;
using nninit::Mode;
using nninit::Normal;
using nninit::Philox;
using nninit::Shape;
using nninit::TruncatedNormal;
using nninit::Uniform;
using nninit::VarianceScaling;
using nninit::Window;

namespace {

double from_bits(std::uint64_t bits) {
    const volatile std::uint64_t unknown = bits;
    return std::bit_cast<double>(std::uint64_t{unknown});
}

const double not_a_number = from_bits(0x7ff8000000000000), infinity = from_bits(0x7ff0000000000000);
const double minus_infinity = from_bits(0xfff0000000000000);

using Half = Eigen::Matrix<Eigen::half, Eigen::Dynamic, Eigen::Dynamic>;
using LongDouble = Eigen::Matrix<long double, Eigen::Dynamic, Eigen::Dynamic>;
using Parts = std::vector<std::string>;

/// The sentence of std::invalid_argument, or nothing if the call returns.
template <class Call> std::string sentence(const Call& call) {
    try {
        call();
    } catch (const std::invalid_argument& error) {
        return error.what();
    }
    return "";
}

/// What is wrong with a sentence that should name all of the parts.
std::string fault(const std::string& text, const Parts& parts) {
    if (text.empty()) return "accepted";
    if (text.rfind("nninit: ", 0) != 0) return "does not begin with nninit: " + text;
    for (const std::string& part : parts)
        if (text.find(part) == std::string::npos)
            return std::string("lacks '").append(part).append("': ").append(text);
    return "";
}

template <class Matrix> std::vector<unsigned char> bytes(const Matrix& w) {
    std::vector<unsigned char> copy(static_cast<std::size_t>(w.size()) *
                                    sizeof(typename Matrix::Scalar));
    if (!copy.empty()) std::memcpy(copy.data(), w.data(), copy.size());
    return copy;
}

/// What is wrong with the refusal of rule(w, engine, facts...), w being 3 x 4: nothing if it names
/// all of the parts and leaves both matrix and engine as they were, to the last bit.
template <class Matrix, class Engine = Philox, class Rule, class... Fact>
std::string refused(const Parts& parts, const Rule& rule, const Fact&... facts) {
    Matrix w = Matrix::Constant(3, 4, typename Matrix::Scalar(7));
    Engine engine(5);
    engine.discard(3);
    const std::vector<unsigned char> before = bytes(w);
    const Engine engine_before = engine;
    const std::string text = sentence([&] { rule(w, engine, facts...); });
    if (std::string wrong = fault(text, parts); !wrong.empty()) return wrong;
    if (bytes(w) != before) return "wrote before: " + text;
    if (!(engine == engine_before)) return "drew before: " + text;
    return "";
}

/// One case of a table.
template <class Rule> struct Case {
    Rule rule;
    Parts parts;
};

/// Refused alike by every kind of target, and by an engine that cannot go back.
template <class Rule> void refused_everywhere(const std::vector<Case<Rule>>& table) {
    for (const Case<Rule>& c : table) {
        INFO("case " << &c - table.data() << ": " << c.parts[0] << ", " << c.parts.back());
        CHECK(refused<Eigen::MatrixXf>(c.parts, c.rule) == "");
        CHECK(refused<Eigen::MatrixXf, std::mt19937>(c.parts, c.rule) == "");
        CHECK(refused<Eigen::MatrixXd>(c.parts, c.rule) == "");
        CHECK(refused<Half>(c.parts, c.rule) == "");
        CHECK(refused<LongDouble>(c.parts, c.rule) == "");
        // A complex target shrinks the deviation; the sentence must still say what the user wrote.
        CHECK(refused<Eigen::MatrixXcf>(c.parts, c.rule) == "");
        // An empty target changes nothing about it.
        Eigen::MatrixXf empty(0, 4);
        Philox engine(1);
        CHECK(fault(sentence([&] { c.rule(empty, engine); }), c.parts) == "");
        CHECK(engine == Philox(1));
    }
}

template <class Matrix, class Rule, class... Fact>
bool accepted(const Rule& rule, const Fact&... facts) {
    Matrix w = Matrix::Constant(3, 4, typename Matrix::Scalar(7));
    Philox engine(5);
    rule(w, engine, facts...);
    for (Eigen::Index i = 0; i < w.size(); ++i) {
        const auto value = static_cast<double>(w.data()[i]);
        if ((std::bit_cast<std::uint64_t>(value) >> 52 & 0x7ff) == 0x7ff) return false;
    }
    return engine.position() != 0;
}

} // namespace

// -- distributions -----------------------------------------------------------------------------

TEST_CASE("Uniform refuses bounds that are not finite or the wrong way round") {
    refused_everywhere<Uniform>({
        {{.low = not_a_number}, {"Uniform.low", "nan"}},
        {{.low = minus_infinity}, {"Uniform.low", "is -inf"}},
        {{.low = infinity}, {"Uniform.low", "is inf"}},
        {{.high = not_a_number}, {"Uniform.high", "nan"}},
        {{.high = infinity}, {"Uniform.high", "is inf"}},
        {{.high = minus_infinity}, {"Uniform.high", "is -inf"}},
        {{.low = 2, .high = 1}, {"Uniform", "low = 2", "high = 1"}},
        {{.low = 0.5, .high = -0.5}, {"Uniform", "low = 0.5", "high = -0.5"}},
    });
    CHECK(accepted<Eigen::MatrixXf>(Uniform{.low = -1, .high = 2})); // control
    CHECK(accepted<Eigen::MatrixXf>(Uniform{.low = 1, .high = 1}));
}

TEST_CASE(
    "Uniform refuses an interval beyond its target's type, and takes one that reaches into it") {
    CHECK(refused<Eigen::MatrixXf>({"Uniform", "low = 1e+39", "high = 2e+39"},
                                   Uniform{.low = 1e39, .high = 2e39}) == "");
    CHECK(refused<Eigen::MatrixXf>({"Uniform", "low = -2e+39", "high = -1e+39"},
                                   Uniform{.low = -2e39, .high = -1e39}) == "");
    CHECK(refused<Half>({"Uniform", "70000", "80000"}, Uniform{.low = 70000, .high = 80000}) == "");
    // Controls: the bounds are rounded inward.
    CHECK(accepted<Eigen::MatrixXf>(Uniform{.low = -1e39, .high = 1e39}));
    CHECK(accepted<Eigen::MatrixXf>(Uniform{.low = -3.4e38, .high = 3.4e38}));
    CHECK(accepted<Eigen::MatrixXd>(Uniform{.low = -1.7e308, .high = 1.7e308}));
    CHECK(accepted<Half>(Uniform{.low = -70000, .high = 70000}));
}

TEST_CASE("Uniform refuses bounds between which its target's type has no number") {
    // Neighbours of 1 are 2^-24 and 2^-23 away in float, 2^-11 and 2^-10 in half.
    const Uniform thin{.low = 1 + 1e-9, .high = 1 + 2e-9};
    CHECK(refused<Eigen::MatrixXf>({"Uniform: no number", "low = 1", "high = 1"}, thin) == "");
    CHECK(refused<Eigen::MatrixXf>({"Uniform", "low = 0.1", "high = 0.1"},
                                   Uniform{.low = 0.1, .high = 0.1}) == "");
    const Uniform narrow{.low = 1.0001, .high = 1.0009};
    CHECK(refused<Half>({"Uniform: no number", "low = 1.0001", "high = 1.0009"}, narrow) == "");
    CHECK(accepted<Eigen::MatrixXd>(thin)); // controls
    CHECK(accepted<Eigen::MatrixXf>(narrow));
    CHECK(accepted<Eigen::MatrixXd>(Uniform{.low = 0.1, .high = 0.1}));
}

TEST_CASE("Uniform refuses bounds between which its target's type has too few numbers") {
    const Uniform two{.low = 1, .high = 1 + 0x1p-23}; // of floats, two
    CHECK(refused<Eigen::MatrixXf>({"Uniform: between low = 1", "too few numbers"}, two) == "");
    CHECK(accepted<Eigen::MatrixXd>(two)); // controls
    CHECK(accepted<Eigen::MatrixXf>(Uniform{.low = 1, .high = 1 + 0x1p-22}));
}

TEST_CASE("Normal refuses parameters that are not finite, and a negative stddev") {
    refused_everywhere<Normal>({
        {{.mean = not_a_number}, {"Normal.mean", "nan"}},
        {{.mean = infinity}, {"Normal.mean", "is inf"}},
        {{.mean = minus_infinity}, {"Normal.mean", "is -inf"}},
        {{.stddev = not_a_number}, {"Normal.stddev", "nan"}},
        {{.stddev = infinity}, {"Normal.stddev", "is inf"}},
        {{.stddev = minus_infinity}, {"Normal.stddev", "is -inf"}},
        {{.stddev = -1}, {"Normal.stddev", "is -1"}},
        {{.stddev = -1e-30}, {"Normal.stddev", "is -1e-30"}},
    });
    CHECK(accepted<Eigen::MatrixXf>(Normal{.mean = -3, .stddev = 0})); // controls
    CHECK(accepted<Eigen::MatrixXf>(Normal{.stddev = 1e-30}));
}

TEST_CASE("Normal refuses parameters with which a value could overflow its target's type") {
    CHECK(refused<Eigen::MatrixXf>({"Normal", "3.402823466e+38"}, Normal{.stddev = 1e38}) == "");
    CHECK(refused<Eigen::MatrixXf>({"Normal", "3.402823466e+38"},
                                   Normal{.mean = 3.4e38, .stddev = 1e37}) == "");
    CHECK(refused<Eigen::MatrixXf>({"Normal"}, Normal{.mean = -1e39}) == "");
    CHECK(refused<Half>({"Normal", "65504"}, Normal{.stddev = 2e4}) == "");
    CHECK(refused<Half>({"Normal", "65504"}, Normal{.mean = 65504, .stddev = 10}) == "");
    CHECK(refused<Eigen::MatrixXd>({"Normal"}, Normal{.stddev = 1e308}) == "");
    CHECK(refused<LongDouble>({"Normal"}, Normal{.stddev = 1e308}) == "");
    CHECK(refused<Eigen::MatrixXcf>({"Normal"}, Normal{.stddev = 1e38}) == "");
    // Controls: |z| is at most 6.34 in float and 9.16 in double.
    constexpr double most = static_cast<double>(std::numeric_limits<float>::max());
    CHECK(accepted<Eigen::MatrixXf>(Normal{.mean = most, .stddev = 0}));
    CHECK(accepted<Eigen::MatrixXf>(Normal{.mean = -most, .stddev = 0}));
    CHECK(accepted<Eigen::MatrixXf>(Normal{.stddev = 5.3e37}));
    CHECK(accepted<Half>(Normal{.stddev = 1.02e4}));
    CHECK(accepted<Eigen::MatrixXd>(Normal{.stddev = 1.9e307}));
    CHECK(accepted<LongDouble>(Normal{.stddev = 1.9e307}));
}

TEST_CASE("TruncatedNormal refuses impossible parameters") {
    refused_everywhere<TruncatedNormal>({
        {{.mean = not_a_number}, {"TruncatedNormal.mean", "nan"}},
        {{.mean = infinity}, {"TruncatedNormal.mean", "is inf"}},
        {{.mean = minus_infinity}, {"TruncatedNormal.mean", "is -inf"}},
        {{.stddev = not_a_number}, {"TruncatedNormal.stddev", "nan"}},
        {{.stddev = infinity}, {"TruncatedNormal.stddev", "is inf"}},
        {{.stddev = 0}, {"TruncatedNormal.stddev", "is 0"}},
        {{.stddev = -1}, {"TruncatedNormal.stddev", "is -1"}},
        {{.low = not_a_number}, {"TruncatedNormal.low", "nan"}},
        {{.high = not_a_number}, {"TruncatedNormal.high", "nan"}},
        {{.low = infinity}, {"TruncatedNormal", "low = inf"}},
        {{.high = minus_infinity}, {"TruncatedNormal", "high = -inf"}},
        {{.low = infinity, .high = infinity}, {"TruncatedNormal", "low = inf", "high = inf"}},
        {{.low = 1, .high = -1}, {"TruncatedNormal", "low = 1", "high = -1"}},
        {{.low = 0.5, .high = 0.5}, {"TruncatedNormal: low = 0.5 must lie below high = 0.5"}},
        // hardly any mass, or none
        {{.low = 100, .high = 101}, {"TruncatedNormal", "low = 100", "high = 101"}},
        {{.low = -101, .high = -100}, {"TruncatedNormal", "low = -101", "high = -100"}},
        {{.mean = 50, .stddev = 0.5, .low = 0, .high = 1}, {"TruncatedNormal", "low = 0"}},
        {TruncatedNormal::within(0), {"TruncatedNormal", "low = 0", "high = 0"}},
        {TruncatedNormal::within(-1), {"TruncatedNormal", "low = 1", "high = -1"}},
        {TruncatedNormal::within(not_a_number), {"TruncatedNormal", "nan"}},
        {TruncatedNormal::within(2, {.stddev = -1}), {"TruncatedNormal.stddev", "is -1"}},
        {TruncatedNormal::within(2, {.stddev = not_a_number}), {"TruncatedNormal.stddev", "nan"}},
    });
    CHECK(accepted<Eigen::MatrixXf>(TruncatedNormal{})); // controls
    CHECK(accepted<Eigen::MatrixXf>(TruncatedNormal{.low = 0, .high = 1}));
    CHECK(accepted<Eigen::MatrixXf>(TruncatedNormal{.low = 5, .high = 6}));
    const auto says_uniform = [](const TruncatedNormal& normal) { // which has no infinite bounds
        Eigen::MatrixXf w(3, 4);
        return sentence([&] { normal(w, Philox(1)); }).find("; use nninit::Uniform") !=
               std::string::npos;
    };
    CHECK(says_uniform({.low = 100, .high = 101}));
    CHECK_FALSE(says_uniform({.low = 50, .high = infinity}));
    CHECK_FALSE(says_uniform({.low = minus_infinity, .high = -50}));
    CHECK(accepted<Eigen::MatrixXf>(TruncatedNormal{.low = minus_infinity, .high = infinity}));
    CHECK(accepted<Eigen::MatrixXd>(TruncatedNormal{.low = 30, .high = infinity}));
    CHECK(accepted<LongDouble>(TruncatedNormal{.low = minus_infinity, .high = infinity}));
    CHECK(accepted<Half>(TruncatedNormal{.low = minus_infinity, .high = 0}));
    CHECK(accepted<Eigen::MatrixXf>(TruncatedNormal::within(infinity)));
}

TEST_CASE("TruncatedNormal refuses bounds that its target's type cannot tell apart or hold") {
    const TruncatedNormal thin{.low = 1 + 1e-9, .high = 1 + 2e-9};
    CHECK(refused<Eigen::MatrixXf>({"TruncatedNormal", "low = 1", "high = 1"}, thin) == "");
    CHECK(refused<Eigen::MatrixXd>({"TruncatedNormal", "nninit::Uniform"}, thin) == ""); // flat
    CHECK(refused<Half>({"TruncatedNormal", "low = 1.0001", "high = 1.0009"},
                        TruncatedNormal{.low = 1.0001, .high = 1.0009}) == "");
    CHECK(refused<Half>({"TruncatedNormal", "65504"},
                        TruncatedNormal{.stddev = 1e5, .low = -1e5, .high = 1e5}) == "");
    CHECK(refused<Eigen::MatrixXf>({"TruncatedNormal", "3.402823466e+38"},
                                   TruncatedNormal::within(2, {.stddev = 1e39})) == "");
    const TruncatedNormal far_down{.mean = -3.3e38, .stddev = 1e37, .low = -1e300, .high = 0};
    const TruncatedNormal far_up{.mean = 3.3e38, .stddev = 1e37, .low = 0, .high = 1e300};
    CHECK(refused<Eigen::MatrixXf>({"TruncatedNormal", "-7.3e+38 to 0"}, far_down) == "");
    CHECK(refused<Eigen::MatrixXf>({"TruncatedNormal", "0 to 7.3e+38"}, far_up) == "");
    CHECK(accepted<Eigen::MatrixXd>(far_down));
    CHECK(accepted<Eigen::MatrixXd>(far_up));
    CHECK(accepted<Eigen::MatrixXf>(TruncatedNormal{.low = 1.0001, .high = 1.0009})); // controls
    CHECK(accepted<Half>(TruncatedNormal{.stddev = 1e5, .low = -6e4, .high = 6e4}));
}

TEST_CASE("Constant refuses a value that is not finite or that its target's type cannot hold") {
    using nninit::Constant;
    refused_everywhere<Constant>({
        {{.value = not_a_number}, {"Constant.value", "nan"}},
        {{.value = infinity}, {"Constant.value", "is inf"}},
        {{.value = minus_infinity}, {"Constant.value", "is -inf"}},
    });
    CHECK(refused<Eigen::MatrixXf>({"Constant", "1e+39"}, Constant{.value = 1e39}) == "");
    CHECK(refused<Eigen::MatrixXcf>({"Constant", "1e+39"}, Constant{.value = 1e39}) == "");
    CHECK(refused<Half>({"Constant", "-70000"}, Constant{.value = -70000}) == "");
    Eigen::VectorXf b = Eigen::VectorXf::Constant(5, 7); // controls
    Constant{.value = 0.5}(b);
    CHECK(b == Eigen::VectorXf::Constant(5, 0.5F));
    nninit::Ones{}(b);
    CHECK(b == Eigen::VectorXf::Ones(5));
    nninit::Zeros{}(b);
    CHECK(b == Eigen::VectorXf::Zero(5));
    Eigen::VectorXf empty;
    nninit::Zeros{}(empty);
    CHECK(empty.size() == 0);
}

// -- rules and fans ----------------------------------------------------------------------------

namespace {

/// The refusal of `rule` as a 3 x 4 float matrix and as its distribution alone.
template <class Rule>
std::string refused_rule(const Parts& parts, const Rule& rule, const Fans& fans = {4, 3}) {
    const std::string alone = fault(sentence([&] { (void)rule.given(fans); }), parts);
    return alone.empty() ? refused<Eigen::MatrixXf>(parts, rule, fans) : "alone " + alone;
}

template <class Rule> void refuses_fans(const Rule& rule) {
    CHECK(refused_rule({"fan_in", "is 0"}, rule, {.in = 0, .out = 3}) == "");
    CHECK(refused_rule({"fan_out", "is 0"}, rule, {.in = 3, .out = 0}) == "");
    CHECK(refused_rule({"fan_in", "is -3"}, rule, {.in = -3, .out = 3}) == "");
    CHECK(refused_rule({"fan_out", "is -0.5"}, rule, {.in = 3, .out = -0.5}) == "");
    CHECK(refused_rule({"fan_in", "nan"}, rule, {.in = not_a_number, .out = 3}) == "");
    CHECK(refused_rule({"fan_out", "nan"}, rule, {.in = 3, .out = not_a_number}) == "");
    CHECK(refused_rule({"fan_in", "is inf"}, rule, {.in = infinity, .out = 3}) == "");
    CHECK(refused_rule({"fan_out", "is inf"}, rule, {.in = 3, .out = infinity}) == "");
    CHECK(refused_rule({"fan_in", "is 0"}, rule, {}) == "");
    CHECK(refused_rule({"fan_out", "is 0"}, rule, {.in = 3}) == "");
    CHECK(accepted<Eigen::MatrixXf>(rule, Fans{.in = 0.5, .out = 3})); // control
}

} // namespace

TEST_CASE("Every rule refuses fans that are not positive and finite") {
    refuses_fans(VarianceScaling{});
    refuses_fans(VarianceScaling{.mode = Mode::fan_out, .distribution = Shape::uniform});
    refuses_fans(VarianceScaling{.mode = Mode::mean, .distribution = Shape::truncated});
    refuses_fans(VarianceScaling{.mode = Mode::geometric_mean});
    refuses_fans(nninit::RandomUniform{});
    refuses_fans(nninit::GlorotUniform{});
    refuses_fans(nninit::GlorotNormal{});
    refuses_fans(nninit::HeUniform{});
    refuses_fans(nninit::HeNormal{.mode = Mode::fan_out});
    refuses_fans(nninit::LeCunUniform{});
    refuses_fans(nninit::LeCunNormal{});
    refuses_fans(nninit::Siren{});
    const VarianceScaling geometric{.mode = Mode::geometric_mean};
    CHECK(refused_rule({"the mean of the fans", "is 0"}, geometric, {1e-200, 1e-200}) == "");
    CHECK(refused_rule({"the mean of the fans", "is inf"}, geometric, {1e200, 1e200}) == "");
    CHECK(refused_rule({"the mean of the fans", "is inf"}, nninit::GlorotNormal{},
                       {1e308, 1e308}) == "");
}

TEST_CASE("A layer's refusal comes before the first value") {
    CHECK(refused<Eigen::MatrixXf>({"Conv.in", "6", "groups", "4"}, nninit::HeNormal{},
                                   nninit::Conv{.in = 6, .out = 8, .groups = 4}) == "");
    CHECK(refused<Eigen::MatrixXf>({"Dense.in", "0"}, nninit::HeNormal{},
                                   Dense{.in = 0, .out = 3}) == "");
    CHECK(refused<Eigen::MatrixXf>({"Dense.out", "-3"}, nninit::HeNormal{},
                                   Dense{.in = 3, .out = -3}) == "");
    CHECK(accepted<Eigen::MatrixXf>(nninit::HeNormal{}, Dense{.in = 4, .out = 3})); // control
}

TEST_CASE("VarianceScaling refuses a scale that is not positive and finite, as it was written") {
    for (const Shape shape : {Shape::uniform, Shape::normal, Shape::truncated}) {
        INFO(static_cast<int>(shape));
        const auto scaled = [&](double scale) {
            return VarianceScaling{.scale = scale, .distribution = shape};
        };
        CHECK(refused_rule({"scale", "is 0"}, scaled(0)) == "");
        CHECK(refused_rule({"scale", "is -1"}, scaled(-1)) == "");
        CHECK(refused_rule({"scale", "nan"}, scaled(not_a_number)) == "");
        CHECK(refused_rule({"scale", "is inf"}, scaled(infinity)) == "");
        CHECK(refused_rule({"scale", "is -inf"}, scaled(minus_infinity)) == "");
        CHECK(refused_rule({"scale over its fan", "is 0"}, scaled(1e-300), {1e30, 1}) == "");
        CHECK(refused_rule({"scale over its fan", "is inf"}, scaled(1e308), {1e-9, 1}) == "");
        CHECK(accepted<Eigen::MatrixXf>(scaled(1e-3))); // control
    }
}

TEST_CASE("Rules refuse a shape and a mode that do not exist") {
    CHECK(refused_rule({"distribution", "uniform"},
                       VarianceScaling{.distribution = static_cast<Shape>(3)}) == "");
    for (const int mode : {-1, 4, 9})
        CHECK(refused_rule({"mode"}, nninit::HeNormal{.mode = static_cast<nninit::Mode>(mode)}) ==
              "");
    CHECK(accepted<Eigen::MatrixXf>(nninit::HeNormal{.mode = static_cast<nninit::Mode>(3)}));
}

TEST_CASE("Gains and slopes that leave no positive finite variance are refused by their name") {
    using namespace nninit;
    for (const auto& [value, text] : {std::pair(not_a_number, "nan"), std::pair(infinity, "is inf"),
                                      std::pair(minus_infinity, "is -inf")}) {
        CHECK(refused_rule({"gain", text}, GlorotUniform{.gain = value}) == "");
        CHECK(refused_rule({"gain", text}, GlorotNormal{.gain = value}) == "");
        CHECK(refused_rule({"negative_slope", text}, HeUniform{.negative_slope = value}) == "");
        CHECK(refused_rule({"negative_slope", text}, HeNormal{.negative_slope = value}) == "");
    }
    CHECK(refused_rule({"gain", "is 0"}, GlorotUniform{.gain = 0}) == "");
    CHECK(refused_rule({"gain", "is 0"}, GlorotNormal{.gain = 0}) == "");
    CHECK(accepted<Eigen::MatrixXf>(HeNormal{.negative_slope = -0.2})); // controls
    CHECK(accepted<Eigen::MatrixXf>(GlorotUniform{.gain = 1e-3}));
}

TEST_CASE("A rule whose values would not fit its target's type is refused") {
    CHECK(refused<Eigen::MatrixXf>({"Normal"}, VarianceScaling{.scale = 1e80}) == "");
    CHECK(refused<Eigen::MatrixXf>({"Normal", "3.94e+38"},
                                   Normal{.mean = 3.3e38, .stddev = 1e37}) == "");
    CHECK(refused<Eigen::MatrixXf>({"Normal", "-3.94e+38"},
                                   Normal{.mean = -3.3e38, .stddev = 1e37}) == "");
    CHECK(refused<Half>({"Normal"}, VarianceScaling{.scale = 1e10}) == "");
    CHECK(accepted<Eigen::MatrixXd>(VarianceScaling{.scale = 1e80})); // control
}

// -- windows and the end of the stream -----------------------------------------------------------

TEST_CASE("A window must contain its block, and is refused member by member") {
    const Normal normal;
    const auto refusal = [&](const Parts& parts, const Window& window) {
        const std::string fan_rule = refused<Eigen::MatrixXf>(parts, nninit::HeNormal{}, window);
        return fan_rule.empty() ? refused<Eigen::MatrixXf>(parts, normal, window) : fan_rule;
    };
    // The block is 3 x 4.
    CHECK(refusal({"8", "10"}, {.rows = 10, .cols = 10, .row = 8, .col = 0}) == "");
    CHECK(refusal({"7", "10"}, {.rows = 10, .cols = 10, .row = 0, .col = 7}) == "");
    CHECK(refusal({"2"}, {.rows = 2, .cols = 10, .row = 0, .col = 0}) == "");
    CHECK(refusal({"3"}, {.rows = 10, .cols = 3, .row = 0, .col = 0}) == "");
    CHECK(refusal({"10"}, {.rows = 10, .cols = 10, .row = 10, .col = 0}) == "");
    CHECK(refusal({}, {.rows = 10, .cols = 10, .row = ~std::uint64_t{0}, .col = 0}) == "");
    CHECK(refusal({}, {.rows = 10, .cols = 10, .row = 0, .col = ~std::uint64_t{0}}) == "");
    CHECK(refusal({"Window.rows", "-10"}, {.rows = -10, .cols = 10, .row = 0, .col = 0}) == "");
    CHECK(refusal({"Window.cols", "-10"}, {.rows = 10, .cols = -10, .row = 0, .col = 0}) == "");
    CHECK(refusal({"Window.row ", "-1"}, {.rows = 10, .cols = 10, .row = -1, .col = 0}) == "");
    CHECK(refusal({"Window.col ", "-1"}, {.rows = 10, .cols = 10, .row = 0, .col = -1}) == "");
    CHECK(accepted<Eigen::MatrixXf>( // control: the last place
        normal, Window{.rows = 10, .cols = 10, .row = 7, .col = 6}));
}

TEST_CASE("The whole's last word must have a position") {
    constexpr std::uint64_t side = std::uint64_t{1} << 32;
    const auto whole = [](std::uint64_t rows, std::uint64_t cols) {
        return Window{.rows = rows, .cols = cols, .row = 1, .col = 2};
    };
    const Normal normal;
    const std::string words = "takes more words than the stream has left";
    CHECK(refused<Eigen::MatrixXf>({words, "4294967296"}, normal, whole(side, side)) == "");
    CHECK(refused<Eigen::MatrixXf>({words}, normal, whole(~std::uint64_t{0}, 7)) == "");
    CHECK(refused<Eigen::MatrixXf>({words}, normal, whole(std::uint64_t{1} << 63, 6)) == "");
    CHECK(refused<Eigen::MatrixXd>({words}, normal, whole(side, side / 2)) == "");
    CHECK(refused<Eigen::MatrixXcf>({words}, normal, whole(side, side / 2)) == "");
    // Three words are behind the engine of `refused`: 2^64 - 4 are left.
    constexpr std::uint64_t left = ~std::uint64_t{0} - 3;
    CHECK(refused<Eigen::MatrixXf>({words}, normal, whole(left / 4 + 1, 4 + 3)) == "");
    Eigen::MatrixXf w(3, 4); // control
    Philox engine(5);
    engine.discard(3);
    normal(w, engine, whole(left / 6, 6));
    CHECK(engine.position() == 3 + left / 6 * 6);
}

namespace {

/// A user's counter engine.
struct Own {
    using result_type = std::uint32_t;
    static constexpr result_type min() { return 0; }
    static constexpr result_type max() { return 0xffffffff; }
    explicit Own(int seed) : philox(seed) {}
    std::uint64_t position() const { return philox.position(); }
    void seek(std::uint64_t position) { philox.seek(position); }
    void discard(unsigned long long count) { philox.discard(count); }
    result_type operator()() { return philox(); }
    friend bool operator==(const Own&, const Own&) = default;
    Philox philox;
};

template <class Engine, class Matrix> void ends(std::uint64_t words) {
    constexpr std::uint64_t end = ~std::uint64_t{0};
    Matrix w = Matrix::Constant(3, 4, 7);
    Engine engine(1);
    for (std::uint64_t missing = 1; missing <= words; missing += 5) {
        engine.seek(end - words + missing);
        const Engine before = engine;
        const std::string text = sentence([&] { Normal{}(w, engine); });
        CHECK(fault(text, {"3 x 4", "takes more words than the stream has left",
                           "use another stream"}) == "");
        CHECK(engine == before);
        CHECK(w == Matrix::Constant(3, 4, 7));
    }
    engine.seek(end - words); // control: just enough
    Normal{}(w, engine);
    CHECK(engine.position() == end);
    CHECK_FALSE(w == Matrix::Constant(3, 4, 7));
    Matrix empty(0, 4); // needs no word
    Normal{}(empty, engine);
    CHECK(engine.position() == end);
}

} // namespace

TEST_CASE("A fill that the rest of the stream cannot feed is refused as a whole") {
    ends<Philox, Eigen::MatrixXf>(12);
    ends<Philox, Eigen::MatrixXd>(24);
    ends<Philox, Eigen::MatrixXcf>(24);
    ends<Own, Eigen::MatrixXf>(12);
}

TEST_CASE("A rule that takes words more than once asks for all of them at first") {
    const auto taken = [](const nninit::Initializer& rule, std::uint64_t left, int rows, int cols) {
        Eigen::MatrixXf w = Eigen::MatrixXf::Constant(rows, cols, 7);
        Philox engine(5);
        engine.seek(~std::uint64_t{0} - left);
        const Philox before = engine;
        try {
            rule(w, engine);
            return true;
        } catch (const std::invalid_argument&) {
            CHECK((w.array() == 7).all());
            CHECK(engine == before);
            return false;
        }
    };
    CHECK_FALSE(taken(nninit::Orthogonal{}, 140 * 130 - 1, 140, 130)); // by 128 columns at a time
    CHECK(taken(nninit::Orthogonal{}, 140 * 130, 140, 130));
    CHECK_FALSE(taken(nninit::Sparse{}, 3 * 12 - 1, 4, 3));
    CHECK(taken(nninit::Sparse{}, 3 * 12, 4, 3));
}

// -- empty targets -------------------------------------------------------------------------------

namespace {

template <class Engine, class Matrix, class Rule, class... Fact>
bool no_op(Matrix&& empty, const Rule& rule, const Fact&... facts) {
    Engine engine(5);
    engine.discard(3);
    const Engine before = engine;
    const Eigen::Index rows = empty.rows(), cols = empty.cols();
    rule(empty, engine, facts...);
    return engine == before && empty.rows() == rows && empty.cols() == cols;
}

} // namespace

TEMPLATE_TEST_CASE("Filling an empty target does nothing, whatever its fans", "", Philox,
                   std::mt19937, Own) {
    CHECK(no_op<TestType>(Eigen::MatrixXf(), Normal{}));
    CHECK(no_op<TestType>(Eigen::MatrixXf(0, 4), Uniform{}));
    CHECK(no_op<TestType>(Eigen::MatrixXf(4, 0), TruncatedNormal{}));
    CHECK(no_op<TestType>(Eigen::VectorXd(), Normal{}));
    CHECK(no_op<TestType>(Eigen::MatrixXf(0, 4), nninit::HeNormal{}));
    CHECK(no_op<TestType>(Eigen::MatrixXf(4, 0), nninit::GlorotUniform{}));
    CHECK(no_op<TestType>(Eigen::MatrixXf(0, 4), nninit::HeNormal{}, Fans{.in = 0, .out = 0}));
    CHECK(no_op<TestType>(Eigen::MatrixXf(0, 4), nninit::HeNormal{}, Dense{.in = 4, .out = 3}));
    Eigen::MatrixXf w = Eigen::MatrixXf::Constant(3, 4, 7);
    CHECK(no_op<TestType>(w.topRows(0), nninit::HeNormal{}));
    CHECK(w == Eigen::MatrixXf::Constant(3, 4, 7));
    CHECK_FALSE(no_op<TestType>(w, Normal{})); // control
}

TEST_CASE("An empty target's rule is still checked") {
    // The distributions' own parameters: in refused_everywhere.
    Eigen::MatrixXf empty(0, 4);
    Philox engine(1);
    const auto refusal = [&](const Parts& parts, const auto& rule) {
        return fault(sentence([&] { rule(empty, engine); }), parts);
    };
    CHECK(refusal({"negative_slope", "nan"}, nninit::HeNormal{.negative_slope = not_a_number}) ==
          "");
    CHECK(refusal({"gain", "is inf"}, nninit::GlorotUniform{.gain = infinity}) == "");
    CHECK(refusal({"scale", "is -1"}, VarianceScaling{.scale = -1}) == "");
    CHECK(refusal({"factor", "is -1"}, nninit::NguyenWidrow{.factor = -1}) == "");
    CHECK(engine == Philox(1));
}

TEST_CASE("An empty block of an empty whole does nothing either") {
    CHECK(no_op<Philox>(Eigen::MatrixXf(0, 4), nninit::HeNormal{},
                        Window{.rows = 0, .cols = 4, .row = 0, .col = 0}));
    CHECK(no_op<Philox>(Eigen::MatrixXf(0, 0), Normal{},
                        Window{.rows = 0, .cols = 0, .row = 0, .col = 0}));
}

TEST_CASE("An empty block of a whole leaves the engine behind the whole") {
    Eigen::MatrixXf empty(5, 0);
    Philox engine(1);
    nninit::HeNormal{}(empty, engine, Window{.rows = 5, .cols = 6, .row = 0, .col = 6});
    CHECK(engine.position() == 30);
}

// -- bounds of zero ------------------------------------------------------------------------------

// At -Ofast, GCC links code that flushes subnormals to zero, and the neighbours of 0 look like 0.
TEST_CASE("Bounds of zero are rounded at once, also where subnormals are flushed") {
    Eigen::MatrixXd w(3, 4);
    Philox engine(1);
    Uniform{.low = 0, .high = 1}(w, engine);
    CHECK((w.minCoeff() >= 0 && w.maxCoeff() <= 1));
    Uniform{.low = -1, .high = 0}(w, engine);
    CHECK((w.minCoeff() >= -1 && w.maxCoeff() <= 0));
    TruncatedNormal{.low = 0, .high = 2}(w, engine);
    CHECK((w.minCoeff() >= 0 && w.maxCoeff() <= 2));
    Eigen::MatrixXf f(3, 4);
    Uniform{.low = 0, .high = 1}(f, engine);
    CHECK((f.minCoeff() >= 0 && f.maxCoeff() <= 1));
}

// -ffast-math may take one zero for the other.
TEST_CASE("A value that its type rounds to zero keeps its sign") {
    Eigen::MatrixXf f = Eigen::MatrixXf::Ones(5, 4);
    Uniform{.low = -0.0, .high = 0}(f, Philox(1));
    CHECK(bytes(f) == std::vector<unsigned char>(5 * 4 * sizeof(float)));
    const TruncatedNormal tiny{.stddev = 1e-9, .low = -2e-9, .high = 2e-9};
    tiny(f, Philox(1));
    Half h(5, 4);
    tiny(h, Philox(1));
    for (Eigen::Index i = 0; i < 5 * 4; ++i) CHECK(h.data()[i].x == (f.data()[i] < 0 ? 0x8000 : 0));
    CHECK((f.array() < 0).any()); // control
}

// -- make ----------------------------------------------------------------------------------------

namespace {

template <class Matrix, class Rows, class Cols>
std::string make_refused(const Parts& parts, Rows rows, Cols cols) {
    Philox engine(5);
    const std::string text =
        sentence([&] { (void)nninit::make<Matrix>(Normal{}, engine, rows, cols); });
    const std::string wrong = fault(text, parts);
    return engine == Philox(5) ? wrong : "drew before: " + text;
}

} // namespace

TEST_CASE("make refuses a size that no matrix has") {
    using Eigen::MatrixXf;
    CHECK(make_refused<MatrixXf>({"make", "rows", "-1"}, -1, 3) == "");
    CHECK(make_refused<MatrixXf>({"make", "cols", "-3"}, 1, -3L) == "");
    constexpr std::uint64_t large = std::uint64_t{1} << 40;
    CHECK(make_refused<MatrixXf>({"make", "1.099511628e+12"}, large, large) == "");
    CHECK(make_refused<MatrixXf>({"make"}, std::uint64_t{1} << 62, 1) == "");
    CHECK(make_refused<MatrixXf>({"make"}, std::uint64_t{1} << 63, 2) == "");
}

TEST_CASE("make refuses a size that the matrix type does not have") {
    CHECK(make_refused<Eigen::Matrix3f>({"make", "3", "rows", "2"}, 2, 3) == "");
    CHECK(make_refused<Eigen::Matrix3f>({"make", "3", "columns", "4"}, 3, 4) == "");
    CHECK(make_refused<Eigen::VectorXf>({"make", "1", "columns", "2"}, 5, 2) == "");
    CHECK(make_refused<Eigen::RowVectorXf>({"make", "1", "rows", "2"}, 2, 5) == "");
    Philox engine(5); // controls
    CHECK(nninit::make<Eigen::Matrix3f>(Normal{}, engine, 3, 3).size() == 9);
    CHECK(nninit::make<Eigen::VectorXf>(Normal{}, engine, 5, 1).size() == 5);
    CHECK(nninit::make<Eigen::MatrixXf>(Normal{}, engine, 0, 5).cols() == 5);
    CHECK(engine.position() == 14);
}

TEST_CASE("make passes the rule's refusal on") {
    Philox engine(5);
    const auto call = [&] {
        (void)nninit::make<Eigen::MatrixXf>(Normal{.stddev = -1}, engine, 3, 4);
    };
    CHECK(sentence(call) == "nninit: Normal.stddev must not be negative, but is -1");
    CHECK(engine == Philox(5));
}

TEST_CASE("make refuses what Eigen itself would stop the program for") {
    using AtMost4 = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::ColMajor, 4, 4>;
    CHECK(make_refused<Eigen::MatrixXf>({"make"}, std::uint64_t{1} << 63, 0) == "");
    CHECK(make_refused<Eigen::MatrixXf>({"make"}, 0, ~std::uint64_t{0}) == "");
    CHECK(make_refused<AtMost4>({"make", "4", "rows", "5"}, 5, 4) == "");
    CHECK(make_refused<AtMost4>({"make", "4", "columns", "5"}, 4, 5) == "");
    Philox engine(5); // control
    CHECK(nninit::make<AtMost4>(Normal{}, engine, 4, 3).size() == 12);
}

// -- the handler -----------------------------------------------------------------------------

TEST_CASE("With exceptions the handler can be replaced, and is not called") {
    static bool called = false;
    const nninit::ErrorHandler original =
        nninit::set_error_handler([](const char*) { called = true; });
    CHECK(original != nullptr);
    Eigen::MatrixXf w(3, 4);
    CHECK_THROWS_AS(Normal{.stddev = -1}(w, Philox(1)), std::invalid_argument);
    CHECK_FALSE(called);
    CHECK(nninit::set_error_handler(original) != original);
}

TEST_CASE("a description counts what is not finite") {
    const Eigen::Vector4d w(infinity, 2, not_a_number, 0);
    const nninit::Description d = nninit::describe(w);
    CHECK(d.non_finite == 2);
    CHECK(d.zeros == 0.25);
    CHECK(d.mean == 1);
    CHECK(d.min == 0);
}
