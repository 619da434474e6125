// SPDX-License-Identifier: MIT
#include "catch.hpp"

#include <nninit/constant.hpp>

#include <complex>

TEST_CASE("constants fill every coefficient and take no word") {
    nninit::Philox rng(1);
    Eigen::MatrixXf w(3, 5);
    nninit::Ones{}(w, rng);
    CHECK((w.array() == 1.0F).all());
    nninit::Zeros{}(w, rng);
    CHECK((w.array() == 0.0F).all());
    nninit::Constant{.value = 0.1}(w.row(1), rng);
    CHECK((w.row(1).array() == 0.1F).all());
    CHECK((w.row(0).array() == 0.0F).all());
    CHECK(rng == nninit::Philox(1));

    Eigen::VectorXd b(4);
    nninit::Constant{.value = -2.5}(b);
    CHECK((b.array() == -2.5).all());
    nninit::Constant{}(b);
    CHECK((b.array() == 0.0).all());
    Eigen::VectorXcf c(4);
    nninit::Ones{}(c);
    CHECK((c.array() == std::complex<float>(1, 0)).all());
    Eigen::Matrix<Eigen::half, 4, 1> h;
    nninit::Constant{.value = 0.1}(h);
    CHECK(h(3) == Eigen::half(0.1F));
}
