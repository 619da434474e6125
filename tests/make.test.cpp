// SPDX-License-Identifier: MIT
#include <nninit/nninit.hpp>

#include "catch.hpp"

#include <stdexcept>

using namespace nninit;

TEST_CASE("a matrix, a vector and a fixed size are made as a fill makes them") {
    Eigen::MatrixXf w(10, 128);
    HeNormal{}(w, Philox(1));
    CHECK(make<Eigen::MatrixXf>(HeNormal{}, Philox(1), 10, 128) == w);
    Eigen::VectorXf b(10);
    Uniform{-1, 1}(b, Philox(1));
    CHECK(make<Eigen::VectorXf>(Uniform{-1, 1}, Philox(1), 10) == b);
    CHECK(make<Eigen::RowVectorXf>(Uniform{-1, 1}, Philox(1), 10) == b.transpose());
    RandomUniform{}(b, Philox(1), Fans::of(w));
    CHECK(make<Eigen::VectorXf>(RandomUniform{}, Philox(1), 10, Fans::of(w)) == b);
    Eigen::Matrix<float, 8, 8> fixed;
    Orthogonal{}(fixed, Philox(1));
    CHECK((make<Eigen::Matrix<float, 8, 8>>(Orthogonal{}, Philox(1)) == fixed));
}

TEST_CASE("rules without words are made without an engine") {
    CHECK(make<Eigen::VectorXf>(Zeros{}, 3) == Eigen::VectorXf::Zero(3));
    CHECK(make<Eigen::MatrixXd>(Constant{0.5}, 2, 3) == Eigen::MatrixXd::Constant(2, 3, 0.5));
    CHECK(make<Eigen::Matrix3f>(Identity{}) == Eigen::Matrix3f::Identity());
}

TEST_CASE("a size that cannot be is refused") {
    CHECK_THROWS_AS(make<Eigen::VectorXf>(Zeros{}, -1), std::invalid_argument);
    CHECK_THROWS_AS(make<Eigen::MatrixXf>(Zeros{}, 1L << 40, 1L << 40), std::invalid_argument);
    CHECK_THROWS_AS((make<Eigen::Matrix<float, 4, -1>>(Zeros{}, 5, 5)), std::invalid_argument);
    CHECK_NOTHROW((make<Eigen::Matrix<float, 4, -1>>(Zeros{}, 4, 5))); // control
}
