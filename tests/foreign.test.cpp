// SPDX-License-Identifier: MIT
// What programs of other people met, each with the value that is right there.
#include <stdexcept>

#define eigen_assert(condition) ((condition) ? void() : throw std::logic_error(#condition))
#include <nninit/nninit.hpp>
#include <nninit/tensor.hpp>

#include "catch.hpp"

#include <chrono>
#include <cmath>
#include <string>

namespace {

using namespace nninit;
using Eigen::half;
using Eigen::Index;

template <class Scalar> using Matrix = Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic>;

/// What a call that must be refused says; empty if it is not refused, or if target or engine differ
/// afterwards.
template <class Target, class Call> std::string refusal(Target& target, const Call& call) {
    target.setConstant(typename Target::Scalar(7));
    Philox rng(1);
    try {
        call(rng);
    } catch (const std::invalid_argument& error) {
        const bool untouched = (target.array() == typename Target::Scalar(7)).all();
        return untouched && rng == Philox(1) ? error.what() : "";
    }
    return "";
}

} // namespace

// Facts that are not the target's.

TEST_CASE("a structured rule on a vector of a convolution's weights is refused in a sentence") {
    const Conv conv{.in = 4, .out = 6, .kernel = {3, 3}};
    Eigen::VectorXf flat(6 * 4 * 9);
    CHECK(refusal(flat, [&](auto& rng) { Orthogonal{}(flat, rng, conv); }).starts_with("nninit: "));
    CHECK(refusal(flat, [&](auto& rng) { Sparse{}(flat, rng, conv); }).starts_with("nninit: "));
    CHECK(
        refusal(flat, [&](auto& rng) { NguyenWidrow{}(flat, rng, conv); }).starts_with("nninit: "));
    Eigen::MatrixXf w(6, 4 * 9);
    Orthogonal{}(w, Philox(1), conv); // control: the matrix of that convolution
    CHECK(std::abs(w.row(0).norm() - 1) < 1e-5F);
}

TEST_CASE("a layer whose number of weights is not the target's is refused before any write") {
    Eigen::MatrixXf w(128, 784), small(128, 64);
    CHECK(refusal(w, [&](auto& rng) { HeNormal{}(w, rng, Dense{.in = 784, .out = 100}); }) != "");
    CHECK(refusal(small, [&](auto& rng) {
              HeNormal{}(small, rng, Conv{.in = 64, .out = 128, .kernel = {3, 3}});
          }) != "");
    CHECK(refusal(small, [&](auto& rng) {
              Normal{}(small, rng, Conv{.in = 64, .out = 128, .kernel = {3, 3}});
          }) != "");
    CHECK(refusal(small, [&](auto& rng) {
              HeNormal{}(small, rng, DepthwiseConv{.in = 64, .out = 128, .kernel = {3, 3}});
          }) != "");
    CHECK(refusal(small, [&](auto& rng) {
              HeNormal{}(small, rng, TransposedConv{.in = 64, .out = 128, .kernel = {3, 3}});
          }) != "");
    const Initializer init = by_name("he_normal");
    CHECK(refusal(small, [&](auto& rng) { init(small, rng, Dense{.in = 60, .out = 128}); }) != "");
    Eigen::VectorXf b(100);
    CHECK(refusal(b, [&](auto& rng) { HeNormal{}(b, rng, Dense{.in = 784, .out = 128}); }) != "");
}

TEST_CASE("a dense layer of in and out exchanged is refused where the matrix shows it") {
    Eigen::MatrixXf w(128, 784);
    const std::string said =
        refusal(w, [&](auto& rng) { HeNormal{}(w, rng, Dense{.in = 128, .out = 784}); });
    CHECK(said.starts_with("nninit: "));
}

TEST_CASE("a convolution of in and out exchanged is refused where the matrix shows it") {
    const Conv conv{.in = 4, .out = 6, .kernel = {3, 3}};
    const Conv exchanged{.in = 6, .out = 4, .kernel = {3, 3}};
    Eigen::MatrixXf w(6, 4 * 9), stored(4 * 9, 6), by_input(4, 6 * 9);
    Eigen::VectorXf flat(6 * 4 * 9);
    for (const auto& rule : {by_name("he_normal"), by_name("normal")}) {
        CHECK(refusal(w, [&](auto& rng) { rule(w, rng, exchanged); }).starts_with("nninit: "));
        CHECK(refusal(stored, [&](auto& rng) { rule(stored, rng, exchanged); }) != "");
        CHECK(refusal(by_input, [&](auto& rng) { rule(by_input, rng, conv); }) != "");
        rule(w, Philox(1), conv); // controls
        rule(stored, Philox(1), conv);
        rule(by_input, Philox(1), exchanged);
        rule(flat, Philox(1), exchanged); // shows nothing
    }
    Eigen::Tensor<float, 4> hwio(3, 3, 4, 6);
    CHECK_THROWS_AS(nninit::fill(HeNormal{}, hwio, Philox(1), "HWIO", exchanged),
                    std::invalid_argument);
    nninit::fill(HeNormal{}, hwio, Philox(1), "HWIO", conv);
    // A group's matrices may be kept by themselves.
    const Conv grouped{.in = 4, .out = 6, .kernel = {3, 3}, .groups = 2};
    Eigen::MatrixXf groups(3, 2 * 4 / 2 * 9);
    HeNormal{}(groups, Philox(1), grouped);
}

TEST_CASE("a layer's weights, its bias, its flat memory and any part with Fans are filled") {
    Eigen::MatrixXf w(128, 784), part(3, 5);
    Eigen::VectorXf bias(128), flat(128 * 784);
    const Dense dense{.in = 784, .out = 128};
    CHECK_NOTHROW(HeNormal{}(w, Philox(1), dense));
    CHECK_NOTHROW(HeNormal{}(flat, Philox(1), dense));
    CHECK_NOTHROW(RandomUniform{}(bias, Philox(1), dense));
    CHECK_NOTHROW(HeNormal{}(part, Philox(1), Fans(dense)));
    CHECK_NOTHROW(HeNormal{}(w.topRows(64), Philox(1), Fans{.in = 784, .out = 128}));
}

// Lsuv where a factor leaves the weights' type.

TEST_CASE("Lsuv finds weights of half whose factor exceeds half") {
    Matrix<half> w(64, 64);
    Eigen::MatrixXf x(64, 500);
    Normal{.stddev = 1e-5}(x, Philox(1));
    const auto forward = [&] { return (w.cast<float>() * x).eval(); };
    const auto result = Lsuv{}(w, Philox(2), forward);
    const Eigen::MatrixXf seen = w.cast<float>();
    CHECK(seen.allFinite());
    CHECK(result.converged);
    CHECK(std::abs(describe(forward()).stddev - 1) < 0.06);
    CHECK(seen.cwiseAbs().maxCoeff() > 2e4F);
    CHECK(seen.cwiseAbs().maxCoeff() < 65504);
}

TEST_CASE("Lsuv leaves weights as they were when the result cannot be held") {
    Eigen::MatrixXf w(8, 8), before(8, 8);
    Orthogonal{}(before, Philox(2));
    const auto result = Lsuv{}(w, Philox(2), [&] { return (w.cast<double>() * 1e-50).eval(); });
    CHECK_FALSE(result.converged);
    CHECK(w == before);
    const auto huge = Lsuv{}(w, Philox(2), [&] { return (w.cast<double>() * 1e60).eval(); });
    CHECK_FALSE(huge.converged);
    CHECK(w == before);
}

// Distributions at their ends.

TEST_CASE("a truncated normal whose deviations overflow is judged by their sign") {
    for (const double stddev : {1e-300, 1e-308, 1e-310}) {
        CAPTURE(stddev);
        Eigen::MatrixXd w(4, 5);
        CHECK(refusal(w, [&](auto& rng) { TruncatedNormal{-5, stddev, -1, 1}(w, rng); }) != "");
        CHECK(refusal(w, [&](auto& rng) { TruncatedNormal{5, stddev, -1, 1}(w, rng); }) != "");
        CHECK_NOTHROW(TruncatedNormal{5, stddev, 1, 10}(w, Philox(1)));
        CHECK((w.array() == 5).all());
        CHECK_NOTHROW(TruncatedNormal{-5, stddev, -10, -1}(w, Philox(1)));
        CHECK((w.array() == -5).all());
    }
}

TEST_CASE("a constant is rounded once") {
    Matrix<half> h(2, 3);
    Constant{1 + 0x1p-11 + 0x1p-40}(h);
    CHECK((h.cast<double>().array() == 1.0009765625).all());
    Constant{1 + 0x1p-11}(h); // control: the tie goes to even
    CHECK((h.cast<double>().array() == 1.0).all());
    Constant{-(1 + 0x1p-11 + 0x1p-40)}(h);
    CHECK((h.cast<double>().array() == -1.0009765625).all());
    Constant{0x1p-25 + 0x1p-60}(h); // above half of the least subnormal
    CHECK((h.cast<double>().array() == 0x1p-24).all());
    Matrix<Eigen::bfloat16> b(2, 3);
    Constant{1 + 0x1p-8 + 0x1p-40}(b);
    CHECK((b.cast<double>().array() == 1.0078125).all());
    Identity{1 + 0x1p-11 + 0x1p-40}(h);
    CHECK(static_cast<double>(h(1, 1)) == 1.0009765625);
}

TEST_CASE("a uniform between few numbers of the type meets its ends or is refused") {
    const auto meets = [](double low, double high) {
        Eigen::MatrixXf w(50, 50);
        if (refusal(w, [&](auto& rng) { Uniform{low, high}(w, rng); }) != "") return true;
        Uniform{low, high}(w, Philox(1));
        return w.minCoeff() == static_cast<float>(low) && w.maxCoeff() == static_cast<float>(high);
    };
    CHECK(meets(16777216, 16777222));
    CHECK(meets(1, 1 + 0x1p-23));
    CHECK(meets(2, 2)); // control: one number
}

TEST_CASE("a gain whose square is no double still gives its stddev") {
    Eigen::MatrixXd w(10, 10);
    CHECK_NOTHROW(GlorotNormal{.gain = 1e-170}(w, Philox(1)));
    CHECK(w.cwiseAbs().maxCoeff() > 1e-172);
    CHECK(w.cwiseAbs().maxCoeff() < 1e-168);
    CHECK_NOTHROW(GlorotUniform{.gain = 1e170}(w, Philox(1)));
    CHECK(GlorotNormal{.gain = 1e-170}.given({.in = 100, .out = 100}).stddev ==
          Approx(1e-171).epsilon(1e-14));
    CHECK(HeNormal{.negative_slope = 1e170}.given({.in = 2, .out = 2}).stddev ==
          Approx(1e-170).epsilon(1e-14));
}

TEST_CASE("what is zero in a rule is 0.0, never -0.0") {
    const auto no_negative_zero = [](const auto& w) {
        for (Index i = 0; i < w.size(); ++i)
            if (w.data()[i] == 0 && std::signbit(w.data()[i])) return false;
        return true;
    };
    const Conv conv{.in = 3, .out = 4, .kernel = {3, 3}};
    Eigen::MatrixXf w(4, 27);
    DeltaOrthogonal{}(w, Philox(1), conv);
    CHECK(no_negative_zero(w));
    DeltaOrthogonal{-1}(w, Philox(1), conv);
    CHECK(no_negative_zero(w));
    Dirac{}(w, conv);
    CHECK(no_negative_zero(w));
    Bilinear{}(w, conv);
    CHECK(no_negative_zero(w));
    Identity{-1}(w);
    CHECK(no_negative_zero(w));
    Sparse{}(w, Philox(1));
    CHECK(no_negative_zero(w));
    w(0, 0) = -0.0F; // control
    CHECK_FALSE(no_negative_zero(w));
}

// describe.

TEST_CASE("describe takes a product") {
    Eigen::MatrixXf w(5, 6), x(6, 7);
    Normal{}(w, Philox(1));
    Normal{}(x, Philox(2));
    const Eigen::MatrixXf y = w * x;
    bool taken = false;
    CHECK_NOTHROW(taken = describe(w * x).mean == Approx(describe(y).mean));
    CHECK(taken);
    CHECK_NOTHROW(taken = describe((w * x).transpose()).stddev == Approx(describe(y).stddev));
    CHECK(taken);
}

TEST_CASE("describe computes a product within an expression once") {
    Eigen::MatrixXf w = Eigen::MatrixXf::Random(40, 40), x = w;
    const auto seconds = [](const auto& body) {
        const auto begin = std::chrono::steady_clock::now();
        body();
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    };
    double sum = 0;
    const auto evaluated = [&] {
        for (int i = 0; i < 10; ++i) sum += describe((w * x).cwiseMax(0).eval()).mean;
    };
    const auto as_is = [&] { sum += describe((w * x).cwiseMax(0)).mean; };
    seconds(evaluated);
    CHECK(seconds(as_is) < 5 * seconds(evaluated)); // 10 of the same; 0.2.0: hundreds of times
}

TEST_CASE("describe holds at the ends of the doubles") {
    const auto of = [](double a, double b) { return describe(Eigen::Vector4d(a, b, a, b)); };
    CHECK(of(1.5e308, 1.5e308).mean == Approx(1.5e308).epsilon(1e-14));
    CHECK(of(1.5e308, 1.5e308).stddev == 0);
    CHECK(std::abs(of(1e200, -1e200).mean) < 1e186);
    CHECK(of(1e200, -1e200).stddev == Approx(1e200).epsilon(1e-14));
    CHECK(of(1.7e308, -1.7e308).stddev == Approx(1.7e308).epsilon(1e-14));
    CHECK(of(1e-170, -1e-170).stddev == Approx(1e-170).margin(0).epsilon(1e-14));
    CHECK(of(1e-320, 1e-320).mean == 1e-320);
    CHECK(of(1, 3).stddev == 1); // control
}

// State and sizes.

TEST_CASE("a null error handler restores the default") {
    const ErrorHandler first = set_error_handler(nullptr);
    CHECK(set_error_handler(nullptr) != nullptr);
    CHECK(set_error_handler(first) == first);
}

TEST_CASE("a bias beside an empty weight matrix is treated as that matrix is") {
    Eigen::MatrixXf w(5, 0);
    Eigen::VectorXf b(5);
    const Initializer linear = by_name("torch:linear");
    CHECK_NOTHROW(linear(w, Philox(1)));
    CHECK_NOTHROW(linear(b, Philox(1), Fans::of(w)));
}

TEST_CASE("a tensor without input channels is refused in the sentence of Layout") {
    Eigen::Tensor<float, 1> b(5);
    b.setZero();
    std::string said;
    try {
        fill(HeNormal{}, b, Philox(1), "O");
    } catch (const std::invalid_argument& error) {
        said = error.what();
    }
    CHECK(said == "nninit: the layout \"O\" has no input channels, a capital I or C");
}
