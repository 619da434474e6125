// SPDX-License-Identifier: MIT
#include <nninit/nninit.hpp>

#include "catch.hpp"

#include <cmath>
#include <limits>
#include <stdexcept>

namespace {

using namespace nninit;

double variance(const Eigen::MatrixXd& x) {
    return (x.array() - x.mean()).square().sum() / static_cast<double>(x.size());
}

const auto batch = make<Eigen::MatrixXd>(Normal{0.3, 4}, Philox(1), 30, 50);

} // namespace

TEST_CASE("a layer started by Lsuv has outputs of variance one") {
    Eigen::MatrixXd w(20, 30);
    const auto relu = [&] { return w.lazyProduct(batch).cwiseMax(0).eval(); };
    Philox rng(2);
    const auto result = Lsuv{.tolerance = 1e-10}(w, rng, relu);
    CHECK(result.converged);
    CHECK(result.iterations == 1); // relu(c x) = c relu(x): once is enough
    CHECK(std::abs(variance(relu()) - 1) < 1e-12);
    CHECK(result.variance == Approx(variance(relu())));
    CHECK(rng.position() == 2 * 20 * 30);
    // Still an orthogonal matrix, scaled.
    const Eigen::MatrixXd gram = w.lazyProduct(w.transpose()) / w.row(0).squaredNorm();
    CHECK((gram - Eigen::MatrixXd::Identity(20, 20)).cwiseAbs().maxCoeff() < 1e-13);

    Orthogonal{}(w, Philox(2)); // control
    CHECK(std::abs(variance(relu()) - 1) > 1);
}

TEST_CASE("Lsuv scales a layer of one weight") {
    Eigen::MatrixXd w(1, 1);
    const auto outputs = [&] { return (w(0) * batch.row(0)).eval(); };
    CHECK(Lsuv{.tolerance = 1e-10}(w, Philox(2), outputs).converged);
    CHECK(std::abs(variance(outputs()) - 1) < 1e-12);
}

TEST_CASE("Lsuv scales a layer whose outputs are small, or have squares beyond double") {
    for (const double factor : {0.01, 1e200, 1e-200}) {
        CAPTURE(factor);
        Eigen::MatrixXd w(20, 30);
        const auto outputs = [&] { return (factor * w.lazyProduct(batch)).eval(); };
        CHECK(Lsuv{.tolerance = 1e-10}(w, Philox(2), outputs).converged);
        CHECK(std::abs(variance(outputs()) - 1) < 1e-12);
    }
}

TEST_CASE("Lsuv comes to rest for a function that is not homogeneous, and says when it does not") {
    Eigen::MatrixXd w(20, 30);
    const auto curved = [&] {
        return w.lazyProduct(batch)
            .array()
            .unaryExpr([](double x) { return x + 0.5 * std::sin(x); })
            .eval();
    };
    const auto result = Lsuv{.tolerance = 1e-6, .iterations = 50}(w, Philox(2), curved);
    CHECK(result.converged);
    CHECK(result.iterations > 1);
    CHECK(std::abs(variance(curved().matrix()) - 1) <= 1e-6);
    const auto stopped = Lsuv{.tolerance = 1e-6, .iterations = 1}(w, Philox(2), curved);
    CHECK_FALSE(stopped.converged);
    CHECK(stopped.iterations == 1);
    CHECK(std::abs(stopped.variance - 1) > 1e-6);

    const Eigen::MatrixXd start = make<Eigen::MatrixXd>(Orthogonal{}, Philox(2), 20, 30);
    const auto asked = Lsuv{.iterations = 0}(w, Philox(2), [&] { return w; });
    CHECK((asked.iterations == 0 && !asked.converged));
    CHECK(asked.variance == Approx(variance(start)));
    CHECK(w == start);
    const auto tanh = [&] {
        return (0.5 * w.lazyProduct(batch).array().tanh()).eval();
    }; // at most 0.25
    CHECK_FALSE(Lsuv{}(w, Philox(2), tanh).converged);
    const auto dead = Lsuv{}(w, Philox(2), [&] { return Eigen::MatrixXd::Zero(3, 3).eval(); });
    CHECK((!dead.converged && dead.variance == 0 && dead.iterations == 0));
    CHECK(w == start);
    const double infinity = std::numeric_limits<double>::infinity();
    const auto broken =
        Lsuv{}(w, Philox(2), [&] { return Eigen::MatrixXd::Constant(3, 3, infinity).eval(); });
    CHECK((!broken.converged && broken.iterations == 0));
    CHECK(w == start);
}

TEST_CASE("Lsuv refuses a function that does not see the weights, and leaves those of the start") {
    Eigen::MatrixXf w = Eigen::MatrixXf::Constant(20, 30, 1), start(20, 30);
    Orthogonal{}(start, Philox(2));
    const Eigen::MatrixXf x = batch.cast<float>();
    CHECK_THROWS_AS(Lsuv{}(w, Philox(2), [=] { return w.lazyProduct(x).eval(); }),
                    std::invalid_argument);
    CHECK(w == start);
    CHECK(Lsuv{}(w, Philox(2), [&] { return w.lazyProduct(x).eval(); }).converged); // control
    // Not so near 1, where the weights' own rounding may keep them.
    for (const double variance : {0.93, 0.95, 1.05, 1.07}) {
        CAPTURE(variance);
        const auto same = [&] { return Eigen::Array2d(-std::sqrt(variance), std::sqrt(variance)); };
        const Lsuv strict{.tolerance = 0.01};
        if (std::abs(variance - 1) > 0.0625)
            CHECK_THROWS_AS(strict(w, Philox(2), same), std::invalid_argument);
        else
            CHECK(strict(w, Philox(2), same).iterations == 10);
    }
}

TEST_CASE("Lsuv's defaults are the documented ones") {
    CHECK(Lsuv{}.tolerance == 0.1);
    CHECK(Lsuv{}.iterations == 10);
}

TEST_CASE("Lsuv works on blocks, arrays, complex and half layers") {
    Eigen::ArrayXXf gates = Eigen::ArrayXXf::Constant(20, 30, 7);
    const Eigen::MatrixXf x = batch.cast<float>();
    CHECK(Lsuv{}(gates.topRows(10), Philox(3), [&] {
              return gates.topRows(10).matrix().lazyProduct(x).eval();
          }).converged);
    CHECK((gates.bottomRows(10) == 7).all());
    Eigen::MatrixXcd z(20, 30);
    CHECK(Lsuv{}(z, Philox(3), [&] {
              return z.lazyProduct(batch.cast<std::complex<double>>()).eval();
          }).converged);
    Eigen::Matrix<Eigen::half, -1, -1> h(20, 30);
    const auto forward = [&]() -> Eigen::MatrixXf { return h.cast<float>().lazyProduct(x); };
    CHECK(Lsuv{}(h, Philox(3), forward).converged);
}

TEST_CASE("Lsuv takes a function that changes, and a reference to what it computes") {
    Eigen::MatrixXd w(20, 30), y;
    int calls = 0;
    const auto result = Lsuv{.tolerance = 1e-10}(
        w, Philox(2), [&, own = 0 ]() mutable -> auto& {
            calls = ++own;
            y = w.lazyProduct(batch);
            return y;
        });
    CHECK(result.converged);
    CHECK(calls == result.iterations + 1);
    CHECK(std::abs(variance(y) - 1) < 1e-10);
}

TEST_CASE("Lsuv leaves weights that would leave double, of long double too") {
    const auto far = [] { return Eigen::ArrayXd{{-1e308, 1e308}}; };
    Eigen::Matrix<long double, -1, -1> wide(3, 3), start(3, 3);
    const Lsuv::Result result = Lsuv{}(wide, Philox(1), far);
    Orthogonal{}(start, Philox(1));
    CHECK(wide == start);
    CHECK((result.iterations == 0 && !result.converged));
}

TEST_CASE("parameters of Lsuv are refused before anything is written, and exceptions pass") {
    Eigen::MatrixXd w = Eigen::MatrixXd::Constant(2, 2, 7);
    Philox rng(1);
    const auto forward = [&] { return w; };
    for (const double tolerance : {0.0, -1.0, std::nan("")})
        CHECK_THROWS_AS(Lsuv{tolerance}(w, rng, forward), std::invalid_argument);
    CHECK_THROWS_AS((Lsuv{0.1, -1}(w, rng, forward)), std::invalid_argument);
    CHECK((w.array() == 7).all());
    CHECK(rng == Philox(1));
    const auto throws = [&]() -> Eigen::MatrixXd { throw std::runtime_error("no data"); };
    CHECK_THROWS_AS(Lsuv{}(w, rng, throws), std::runtime_error);
    CHECK(w.allFinite());
    CHECK_THROWS_AS(Lsuv{}(w, rng, [] { return Eigen::MatrixXd(0, 3); }), std::invalid_argument);
    // Before its function, in which Eigen would stop the program over the sizes.
    Eigen::MatrixXd none;
    CHECK_THROWS_AS(Lsuv{}(none, rng, throws), std::invalid_argument);
}
