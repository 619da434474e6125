// SPDX-License-Identifier: MIT
#include <nninit/activation.hpp>
#include <nninit/by_name.hpp>

#include "catch.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <tuple>

namespace {

using namespace nninit;

const Activation all[] = {Activation::linear,   Activation::sigmoid,    Activation::tanh,
                          Activation::relu,     Activation::leaky_relu, Activation::elu,
                          Activation::selu,     Activation::gelu,       Activation::silu,
                          Activation::softplus, Activation::mish,       Activation::sin};

bool near(double a, double b, double relative) { return std::abs(a / b - 1) <= relative; }

double upper_tail(double x) { return 0.5 * std::erfc(x / std::sqrt(2.0)); }

double ramp(double x) { return (std::max)(x, 0.0); }
struct Overloads {
    double operator()(double x) const { return ramp(x); }
    double operator()(int x) const { return x; }
};
struct Defaults {
    double operator()(const double& x, int = 1) const noexcept { return ramp(x); }
};
struct OfAnything {
    double value;
    template <class T> OfAnything(const T& x) : value(static_cast<double>(x)) {}
};

} // namespace

TEST_CASE("gains equal their closed forms") {
    CHECK(near(gain(Activation::linear), 1, 1e-14));
    CHECK(near(gain(Activation::relu), std::sqrt(2.0), 1e-14));
    for (const double slope : {-1.0, -0.3, 0.0, 0.01, 0.2, 1.0, 3.0})
        CHECK(near(gain(Activation::leaky_relu, slope), std::sqrt(2 / (1 + slope * slope)), 1e-14));
    CHECK(gain(Activation::leaky_relu) == gain(Activation::leaky_relu, 0.01));
    CHECK(near(gain(Activation::sin), 1 / std::sqrt((1 - std::exp(-2.0)) / 2), 1e-12));
    // ELU: 1/2 above 0; below, E[(e^Z - 1)^2; Z < 0] = e^2 Q(2) - 2 e^(1/2) Q(1) + 1/2.
    const double elu =
        0.5 + std::exp(2.0) * upper_tail(2) - 2 * std::exp(0.5) * upper_tail(1) + 0.5;
    CHECK(near(gain(Activation::elu), 1 / std::sqrt(elu), 1e-12));
    CHECK_FALSE(near(gain(Activation::elu), 1.0001 / std::sqrt(elu), 1e-12)); // control
}

// From an integral of 30 digits (mpmath's quad over the line, split at -8, -3, 0, 3 and 8).
TEST_CASE("gains equal an independent high-precision integral") {
    const std::pair<Activation, double> reference[] = {
        {Activation::sigmoid, 1.846228545338605},  {Activation::tanh, 1.592537419722831},
        {Activation::elu, 1.245198300700707},      {Activation::selu, 1},
        {Activation::gelu, 1.533530441195535},     {Activation::silu, 1.676532470331091},
        {Activation::softplus, 1.041866835535302}, {Activation::mish, 1.486847581273208},
        {Activation::sin, 1.520866623178815}};
    for (const auto& [activation, expected] : reference) {
        CAPTURE(static_cast<int>(activation));
        CHECK(near(gain(activation), expected, 1e-11));
    }
}

TEST_CASE("the gain of any function: kinks, jumps, growth and float noise") {
    const auto step = [](double x) { return x > 0.3 ? 1.0 : 0.0; };
    const auto kink = [](double x) { return x > 0.7 ? x - 0.7 : 0.0; };
    const auto growing = [](double x) { return std::exp(x); };
    const auto huge = [](double x) { return 1e150 * x; };
    const auto noisy = [](double x) { return std::tanh(static_cast<float>(x)); };
    CHECK(near(gain(step), 1.61777445106727, 1e-9));
    CHECK(near(gain(kink), 2.654209661880785, 1e-9));
    CHECK(near(gain(growing), std::exp(-1.0), 1e-10));
    CHECK(near(gain(huge), 1e-150, 1e-10));
    CHECK(near(gain(noisy), 1.592537419722831, 1e-6));
    const auto tiny = [](double x) { return 1e-9 * std::tanh(3 * x); };
    const auto plain = [](double x) { return std::tanh(3 * x); };
    CHECK(near(gain(tiny), 1e9 * gain(plain), 1e-10));
    // x^k: E[Z^(2k)] = (2k - 1)!!
    CHECK(near(gain([](double x) { return std::pow(x, 10); }), 1 / std::sqrt(654729075.0), 1e-10));
    CHECK(near(gain([](double x) { return std::sin(40 * x); }), std::sqrt(2.0), 1e-10));
}

TEST_CASE("functions of any form have a gain") {
    const double root = std::sqrt(2.0);
    CHECK(near(gain(ramp), root, 1e-14));
    CHECK(near(gain(&ramp), root, 1e-14));
    CHECK(near(gain(std::function<double(double)>(ramp)), root, 1e-14));
    CHECK(near(gain([](auto x) { return x > 0 ? x : 0; }), root, 1e-14));
    CHECK(near(gain([](long double x) { return x > 0 ? x : 0; }), root, 1e-14));
    CHECK(near(gain([](float x) { return x > 0 ? x : 0; }), root, 1e-7));
    CHECK(near(gain(Overloads{}), root, 1e-14));
    CHECK(near(gain(Defaults{}), root, 1e-14));
    CHECK(near(gain([](OfAnything x) { return ramp(x.value); }), root, 1e-14));
}

TEST_CASE("a jump or a kink costs no accuracy, wherever it is") {
    // E[Z^2; Z > t] = t phi(t) + Q(t). Steps of 0.0037 do not repeat with the quadrature's halves.
    int steps = 0;
    for (double t = 0.0005; t < 3; t += 0.0037, ++steps) {
        CAPTURE(t);
        const double above = upper_tail(t), phi = std::exp(-t * t / 2) * 0.3989422804014327;
        const auto step = [t](double x) { return x > t ? 1.0 : 0.0; };
        const auto cut = [t](double x) { return x > t ? x : 0.0; };
        const auto ramp = [t](double x) { return x > t ? x - t : 0.0; };
        const auto box = [t](double x) { return x > t && x < t + 0.0625 ? 1.0 : 0.0; };
        CHECK(near(gain(step), 1 / std::sqrt(above), 1e-6));
        CHECK(near(gain(cut), 1 / std::sqrt(t * phi + above), 1e-6));
        CHECK(near(gain(ramp), 1 / std::sqrt((1 + t * t) * above - t * phi), 1e-6));
        CHECK(near(gain(box), 1 / std::sqrt(above - upper_tail(t + 0.0625)), 1e-6));
        CHECK_FALSE(near(gain(step), 1 / std::sqrt(upper_tail(t + 0.0001)), 1e-6)); // control
    }
    CHECK(steps == 811);
}

TEST_CASE("a function that is infinite at one point has its gain") {
    // E[log|Z|^2] = pi^2 / 8 + ((gamma + log 2) / 2)^2
    const double mean = (0.5772156649015329 + std::log(2.0)) / 2;
    CHECK(near(gain([](double x) { return std::log(std::abs(x)); }),
               1 / std::sqrt(1.2337005501361697 + mean * mean), 1e-9));
}

TEST_CASE("a function without a gain is refused") {
    CHECK_THROWS_AS(gain([](double) { return 0.0; }), std::invalid_argument);
    CHECK_THROWS_AS(gain([](double x) { return std::exp(x * x); }), std::invalid_argument);
    CHECK_THROWS_AS(gain([](double x) { return 1e-160 * x; }), std::invalid_argument);
    CHECK(near(gain([](double x) { return 1e-140 * x; }), 1e140, 1e-10)); // control
    const auto spike = [](double x) { return std::abs(x - 0.25) < 0.01 ? 1e200 : x; };
    CHECK_THROWS_AS(gain(spike), std::invalid_argument);
    constexpr double nan = std::numeric_limits<double>::quiet_NaN();
    CHECK_THROWS_AS(gain([](double) { return nan; }), std::invalid_argument);
    const auto hole = [](double x) { return std::abs(x - 0.25) < 0.01 ? nan : x; };
    CHECK_THROWS_AS(gain(hole), std::invalid_argument);
    CHECK_THROWS_AS(gain(Activation::leaky_relu, nan), std::invalid_argument);
    CHECK_THROWS_AS(gain(Activation::relu, std::numeric_limits<double>::infinity()),
                    std::invalid_argument); // a slope that relu does not read
    CHECK_THROWS_AS(gain(static_cast<Activation>(99)), std::invalid_argument);
    Philox rng(1); // as of a dropout
    CHECK_THROWS_AS(gain([&](double x) { return rng() % 2 == 0 ? x : 0; }), std::invalid_argument);
}

TEST_CASE("published gains are PyTorch's table, and nothing beyond it") {
    CHECK(published_gain(Activation::linear) == 1);
    CHECK(published_gain(Activation::sigmoid) == 1);
    CHECK(published_gain(Activation::tanh) == 5.0 / 3);
    CHECK(published_gain(Activation::relu) == std::sqrt(2.0));
    CHECK(published_gain(Activation::leaky_relu) == std::sqrt(2 / (1 + 0.01 * 0.01)));
    CHECK(published_gain(Activation::leaky_relu, 0.2) == std::sqrt(2 / (1 + 0.2 * 0.2)));
    CHECK(published_gain(Activation::selu) == 0.75);
    int refused = 0;
    for (const Activation activation : all) {
        try {
            (void)published_gain(activation);
        } catch (const std::invalid_argument&) {
            ++refused;
        }
    }
    CHECK(refused == 6);
}

TEST_CASE("activations have names, whatever the case, and the nearest is said of another") {
    const std::pair<const char*, Activation> all_names[] = {{"linear", Activation::linear},
                                                            {"sigmoid", Activation::sigmoid},
                                                            {"tanh", Activation::tanh},
                                                            {"relu", Activation::relu},
                                                            {"leaky_relu", Activation::leaky_relu},
                                                            {"elu", Activation::elu},
                                                            {"selu", Activation::selu},
                                                            {"gelu", Activation::gelu},
                                                            {"silu", Activation::silu},
                                                            {"softplus", Activation::softplus},
                                                            {"mish", Activation::mish},
                                                            {"sin", Activation::sin},
                                                            {"softmax", Activation::softmax},
                                                            {"LeakyReLU", Activation::leaky_relu},
                                                            {"ReLU", Activation::relu},
                                                            {"leaky-relu", Activation::leaky_relu},
                                                            {"SELU", Activation::selu},
                                                            {" Tanh\r\n", Activation::tanh},
                                                            {"swish", Activation::silu},
                                                            {"identity", Activation::linear}};
    for (const auto& [name, expected] : all_names) CHECK(activation(name) == expected);
    const auto refusal = [](const char* name) -> std::string {
        try {
            (void)activation(name);
        } catch (const std::invalid_argument& error) {
            return error.what();
        }
        return "not refused";
    };
    using Catch::Matchers::ContainsSubstring;
    CHECK_THAT(refusal("rleu"),
               ContainsSubstring("nninit: there is no activation \"rleu\"; did you "
                                 "mean relu?"));
    CHECK_THAT(refusal("sigmod"), ContainsSubstring("did you mean sigmoid?"));
    CHECK_THAT(refusal("soft"), ContainsSubstring("did you mean softplus or softmax?"));
    CHECK_THAT(refusal("heaviside"), ContainsSubstring("; there are linear, sigmoid, tanh, relu"));
    CHECK_THAT(refusal(""), ContainsSubstring("there is no activation \"\""));
    CHECK_THAT(refusal("leaky relu"), ContainsSubstring("did you mean leaky_relu?"));
}

// In layers wide enough for the central limit theorem, a pre-activation of variance q gives the
// next layer scale E[f(sqrt(q) Z)^2].
TEST_CASE("through 50 layers, signals fare as the text of recommended() says") {
    const auto after = [](Activation f, double scale, double q) {
        for (int layer = 0; layer < 50; ++layer) {
            double sum = 0;
            for (int i = -4500; i < 4500; ++i) {
                const double z = (i + 0.5) / 500;
                const double y = activate(f, std::sqrt(q) * z);
                sum += y * y * std::exp(-z * z / 2);
            }
            q = scale * sum / (500 * std::sqrt(2 * std::acos(-1.0)));
        }
        return q;
    };
    const auto squared = [](Activation f) { return gain(f) * gain(f); };
    CHECK(near(after(Activation::linear, 1, 1), 1, 1e-6));
    CHECK(near(after(Activation::relu, 2, 1), 1, 1e-6));
    CHECK(near(after(Activation::leaky_relu, 2 / 1.0001, 1), 1, 1e-6));
    CHECK(near(after(Activation::selu, 1, 1), 1, 1e-6));
    CHECK(near(after(Activation::tanh, 1, 1), 0.010, 0.05));
    CHECK(near(after(Activation::elu, 2, 1), 34, 0.05));
    CHECK(near(after(Activation::softplus, 2, 1), 25, 0.05));
    for (const Activation f : {Activation::tanh, Activation::elu, Activation::softplus})
        for (const double q : {0.9, 1.0, 1.1}) CHECK(near(after(f, squared(f), q), 1, 0.01));
    const std::tuple<Activation, double, double> falling[] = {{Activation::gelu, 3e-14, 3e-8},
                                                              {Activation::silu, 3e-15, 4e-6},
                                                              {Activation::mish, 8e-7, 0.01}};
    for (const auto& [f, he, with_gain] : falling) {
        CHECK(near(after(f, 2, 1), he, 0.2));
        CHECK(near(after(f, squared(f), 0.9), with_gain, 0.4));
    }
}

TEST_CASE("softmax has a rule, but neither a value nor a gain") {
    CHECK(recommended(Activation::softmax) == GlorotNormal{});
    CHECK_THROWS_WITH(activate(Activation::softmax, 1),
                      "nninit: softmax is a function of a whole layer, without a value or a gain "
                      "of one number; nninit::recommended has its rule");
    CHECK_THROWS_AS(gain(Activation::softmax), std::invalid_argument);
    CHECK_THROWS_AS(published_gain(Activation::softmax), std::invalid_argument);
    CHECK(recommended(activation("softmax")) == recommended(Activation::linear));
}

TEST_CASE("no activation takes a NaN for a number, and no recommendation one that does not exist") {
    for (const Activation activation : all)
        CHECK(std::isnan(activate(activation, std::numeric_limits<double>::quiet_NaN())));
    CHECK_THROWS_WITH(recommended(static_cast<Activation>(99)),
                      "nninit: the activation is none of nninit::Activation");
}

TEST_CASE("activations stay finite far out, and recommended() gives the article's answer") {
    for (const Activation activation : all) {
        CAPTURE(static_cast<int>(activation));
        for (const double x : {-1e4, -750.0, 0.0, 750.0, 1e4})
            CHECK(std::isfinite(activate(activation, x)));
    }
    CHECK(near(activate(Activation::gelu, -10), -7.619853024160525e-23, 1e-12));
    CHECK(near(activate(Activation::softplus, -40), std::exp(-40.0), 1e-15));
    CHECK(to_string(recommended(Activation::linear)) == "glorot_normal");
    CHECK(to_string(recommended(Activation::sigmoid)) == "glorot_normal");
    CHECK(to_string(recommended(Activation::tanh)) == "glorot_normal");
    CHECK(to_string(recommended(Activation::relu)) == "he_normal");
    CHECK(to_string(recommended(Activation::gelu)) == "he_normal");
    CHECK(to_string(recommended(Activation::leaky_relu, 0.2)) == "he_normal(negative_slope=0.2)");
    CHECK(to_string(recommended(Activation::leaky_relu)) == "he_normal(negative_slope=0.01)");
    CHECK(to_string(recommended(Activation::selu)) == "lecun_normal");
    CHECK(to_string(recommended(Activation::sin)) == "siren");
    Eigen::MatrixXf a(3, 5), b(3, 5);
    recommended(Activation::relu)(a, Philox(1));
    HeNormal{}(b, Philox(1));
    CHECK(a == b);
}
