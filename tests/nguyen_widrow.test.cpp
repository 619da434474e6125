// SPDX-License-Identifier: MIT
#include <nninit/nninit.hpp>

#include "catch.hpp"

#include <cmath>

using namespace nninit;
using Eigen::Index;

TEST_CASE("Nguyen-Widrow rows have the norm beta, and the bias its range") {
    for (const auto& [units, inputs] : {std::pair<Index, Index>{40, 3}, {5, 1}, {1, 7}, {9, 200}}) {
        const double beta = 0.7 * std::exp(std::log(units) / static_cast<double>(inputs));
        Philox rng(3);
        const auto w = make<Eigen::MatrixXd>(NguyenWidrow{}, rng, units, inputs);
        CHECK((w.rowwise().norm().array() - beta).abs().maxCoeff() < 1e-14 * beta);
        CHECK(rng.position() == static_cast<std::uint64_t>(2 * units * inputs));
        // The direction of a row is that of a point uniform in a cube.
        const auto cube = make<Eigen::MatrixXd>(Uniform{-1, 1}, Philox(3), units, inputs);
        CHECK((w.rowwise().normalized() - cube.rowwise().normalized()).norm() < 1e-14 * 40);
        const Uniform bias = NguyenWidrow{}.bias(Fans::of(w));
        CHECK(bias.high == Approx(beta).epsilon(1e-14));
        CHECK(bias.low == -bias.high);
    }
    Eigen::Matrix<Eigen::half, -1, -1, Eigen::RowMajor> half(4, 3);
    NguyenWidrow{.factor = 2}(half, Philox(1));
    CHECK(half.cast<float>().row(2).norm() == Approx(2 * std::cbrt(4.0)).epsilon(1e-3));
    CHECK_THROWS_AS(NguyenWidrow{0}(half, Philox(1)), std::invalid_argument);
    CHECK_THROWS_AS(NguyenWidrow{1e5}(half, Philox(1)), std::invalid_argument);
    CHECK_THROWS_WITH(NguyenWidrow{}.bias({.in = 0, .out = 3}),
                      "nninit: fan_in must be positive and finite, but is 0");
    Eigen::MatrixXf tall(784, 2); // its rows have the norm factor sqrt(784)
    CHECK_THROWS_WITH(NguyenWidrow{1e307}(tall, Philox(1)),
                      "nninit: NguyenWidrow's norm of a row must be finite, but is inf");
    Eigen::MatrixXf one(1, 1); // its scale is factor over |u|
    CHECK_THROWS_AS(NguyenWidrow{1e38}(one, Philox(1)), std::invalid_argument);
    Eigen::MatrixXf none(0, 5);
    Philox rng(1);
    NguyenWidrow{}(none, rng);
    CHECK(rng == Philox(1));
    NguyenWidrow{1e30}(one, Philox(1));
    CHECK(std::abs(std::abs(one(0, 0)) / 1e30f - 1) < 1e-6f);
}

TEST_CASE("a part of a layer has the norm of the layer whose fans are passed") {
    Eigen::MatrixXd w(40, 3);
    const double beta = 0.7 * std::cbrt(40.0);
    NguyenWidrow{}(w.topRows(4), Philox(1), Fans::of(w));
    CHECK((w.topRows(4).rowwise().norm().array() - beta).abs().maxCoeff() < 1e-14 * beta);
    NguyenWidrow{}(w, Philox(1), Conv{.in = 1, .out = 40, .kernel = {3}}); // n_out is 40, not 120
    CHECK((w.rowwise().norm().array() - beta).abs().maxCoeff() < 1e-14 * beta);
    Eigen::VectorXd bias = Eigen::VectorXd::Constant(128, 7);
    Philox rng(1);
    CHECK_THROWS_AS(NguyenWidrow{}(w, rng, Fans{.in = -4, .out = 3}), std::invalid_argument);
    CHECK_THROWS_AS(Initializer(NguyenWidrow{})(bias, rng), std::invalid_argument);
    CHECK((bias.array() == 7).all());
    CHECK(rng == Philox(1));
}
