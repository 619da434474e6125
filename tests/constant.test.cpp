// SPDX-License-Identifier: MIT
#include "catch.hpp"

#include <nninit/constant.hpp>

#include <complex>
#include <type_traits>

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
    nninit::Constant{.value = 0.3}(b);
    CHECK((b.array() == 0.3).all());
    nninit::Constant{.value = 0.3}(w, rng); // 0.1F is odd: rounding to odd would do as well
    CHECK((w.array() == 0.3F).all());
    nninit::Constant{}(b);
    CHECK((b.array() == 0.0).all());
    Eigen::VectorXcf c(4);
    nninit::Ones{}(c);
    CHECK((c.array() == std::complex<float>(1, 0)).all());
    Eigen::Matrix<Eigen::half, 4, 1> h;
    nninit::Constant{.value = 0.1}(h);
    CHECK(h(3) == Eigen::half(0.1F));
}

// Half-way between two neighbours, nearly so, and so far off that a float does not see it.
TEMPLATE_TEST_CASE("a constant is rounded once to 16 bits", "", Eigen::half, Eigen::bfloat16) {
    constexpr double ulp = std::is_same_v<TestType, Eigen::half> ? 0x1p-10 : 0x1p-7;
    const auto rounded = [](double value) {
        Eigen::Array<TestType, 1, 1> x;
        nninit::Constant{.value = value}(x);
        return static_cast<double>(x(0));
    };
    for (const double scale : {1.0, -1.0, 0.125, -0.125}) {
        CAPTURE(scale);
        CHECK(rounded(scale * (1 + ulp / 2)) == scale);
        CHECK(rounded(scale * (1 + ulp / 2 + 0x1p-40)) == scale * (1 + ulp));
        CHECK(rounded(scale * (1 + ulp / 2 - 0x1p-40)) == scale);
        CHECK(rounded(scale * (1 + 3 * ulp / 2)) == scale * (1 + 2 * ulp));
        CHECK(rounded(scale * (1 + 3 * ulp / 2 + 0x1p-40)) == scale * (1 + 2 * ulp));
        CHECK(rounded(scale * (1 + 3 * ulp / 2 - 0x1p-40)) == scale * (1 + ulp));
    }
}

TEST_CASE("a constant refuses a block that is not in the whole, as other rules do") {
    using namespace nninit;
    Eigen::MatrixXf w = Eigen::MatrixXf::Constant(3, 3, 7);
    CHECK_THROWS_AS(Zeros{}(w, Window{.rows = 9, .cols = 9, .row = -5}), std::invalid_argument);
    CHECK_THROWS_AS(Constant{.value = 1}(w, Window{.rows = 2, .cols = 2}), std::invalid_argument);
    CHECK_THROWS_AS(Ones{}(w, Window{}), std::invalid_argument);
    CHECK((w.array() == 7).all());
    Ones{}(w, Window{.rows = 9, .cols = 9, .row = 6, .col = 6}); // control
    CHECK((w.array() == 1).all());
}

TEST_CASE("identity is one where row and column agree, in the whole") {
    using namespace nninit;
    using Eigen::Index;
    for (const auto& [rows, cols] : {std::pair<Index, Index>{5, 5}, {3, 7}, {7, 3}, {1, 4}, {0, 3}})
        CHECK(make<Eigen::MatrixXd>(Identity{.gain = 3}, Philox(1), rows, cols) ==
              3 * Eigen::MatrixXd::Identity(rows, cols));
    Eigen::MatrixXf block = Eigen::MatrixXf::Constant(4, 5, 7);
    const Eigen::MatrixXf whole = Eigen::MatrixXf::Identity(20, 30);
    for (const auto& [row, col] :
         {std::pair<Index, Index>{0, 0}, {3, 5}, {5, 3}, {16, 25}, {0, 9}}) {
        Identity{}(block, Philox(1), Window{.rows = 20, .cols = 30, .row = row, .col = col});
        CHECK(block == whole.block(row, col, 4, 5));
    }
    Eigen::Array<std::complex<float>, -1, -1, Eigen::RowMajor> array(3, 2);
    Identity{}(array);
    CHECK(array.matrix() == Eigen::MatrixXcf::Identity(3, 2));
    Eigen::Vector3f vector;
    Identity{}(vector, Dense{.in = 1, .out = 3});
    CHECK(vector == Eigen::Vector3f::UnitX());
}
