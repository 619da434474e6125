// SPDX-License-Identifier: MIT
#include <nninit/nninit.hpp>

#include "catch.hpp"

#include <complex>
#include <iomanip>
#include <limits>
#include <locale>
#include <sstream>

using namespace nninit;

namespace {

const double inf = std::numeric_limits<double>::infinity();
const double no_number = std::numeric_limits<double>::quiet_NaN();

template <class T> std::string written(const T& x) {
    std::ostringstream out;
    out << x;
    return out.str();
}

/// Writes 1.000,5.
struct Points : std::numpunct<char> {
    char do_decimal_point() const override { return ','; }
    char do_thousands_sep() const override { return '.'; }
    std::string do_grouping() const override { return "\3"; }
};

bool is_nan(double x) { return !detail::finite(x) && !detail::infinite(x); }

} // namespace

TEST_CASE("a description is what a hand count gives") {
    const Eigen::MatrixXf w{{1, -3, 0}, {0, 5, 3}};
    const Description d = describe(w);
    CHECK(d.rows == 2);
    CHECK(d.cols == 3);
    CHECK(d.mean == 1);
    CHECK(d.stddev == Approx(std::sqrt(38.0 / 6)).epsilon(1e-15)); // 0 16 1 1 16 4
    CHECK(d.min == -3);
    CHECK(d.max == 5);
    CHECK(d.zeros == 1.0 / 3);
    CHECK(d.non_finite == 0);
    CHECK(describe(Eigen::Vector2d(0x1p52, 0x1p52 + 2)).stddev == 1); // not from mean squares
}

TEST_CASE("what is not finite is counted and kept out of the rest") {
    const Eigen::Vector4d w(inf, 2, no_number, -inf);
    const Description d = describe(w);
    CHECK(d.non_finite == 3);
    CHECK(d.mean == 2);
    CHECK(d.stddev == 0);
    CHECK(d.min == 2);
    CHECK(d.max == 2);
    CHECK(d.zeros == 0);

    const Description none = describe(Eigen::Vector2f::Constant(static_cast<float>(inf)));
    CHECK(none.non_finite == 2);
    CHECK(is_nan(none.mean));
    CHECK(is_nan(none.max));
}

TEST_CASE("an empty matrix has a description") {
    const Description d = describe(Eigen::MatrixXf(0, 4));
    CHECK(d.rows == 0);
    CHECK(d.cols == 4);
    CHECK(d.zeros == 0);
    CHECK(is_nan(d.stddev));
}

TEST_CASE("a large mean does not drown the deviation") {
    const Eigen::ArrayXd w = 1e9 + Eigen::ArrayXd::LinSpaced(101, -0.5, 0.5);
    CHECK(describe(w).stddev == Approx(std::sqrt((101.0 * 101 - 1) / 12) / 100).epsilon(1e-6));
}

TEST_CASE("values whose squares are no doubles have a mean and a deviation") {
    for (const double unit : {1e300, 1e-300}) {
        const Description d = describe(Eigen::Vector3d(1 * unit, 3 * unit, 5 * unit));
        CHECK(d.mean == Approx(3 * unit).epsilon(1e-15));
        CHECK(d.stddev == Approx(std::sqrt(8.0 / 3) * unit).epsilon(1e-15));
    }
}

TEST_CASE("expressions of every scalar type can be described") {
    Eigen::MatrixXcf z(1, 2);
    z << std::complex<float>(0, 1), std::complex<float>(2, -3);
    CHECK(describe(z).mean == 0);
    CHECK(describe(z).zeros == 0.25);
    CHECK(describe(z).min == -3);
    const Eigen::Matrix<Eigen::half, 2, 1> h(Eigen::half(1), Eigen::half(2));
    CHECK(describe(h).mean == 1.5);
    CHECK(describe(2 * Eigen::Matrix2d::Identity().array()).max == 2);
}

TEST_CASE("a fill has its rule's stddev and no other") {
    // The sample's relative error is 1 / sqrt(2 n) = 0.0022; six of them are passed once in 5e8.
    const auto w = make<Eigen::MatrixXf>(HeNormal{}, Philox(1), 128, 784);
    const double expected = HeNormal{}.given(Fans::of(w)).stddev;
    CHECK(std::abs(describe(w).stddev / expected - 1) < 6 / std::sqrt(2.0 * 128 * 784));
    CHECK(std::abs(describe(1.02F * w).stddev / expected - 1) > 6 / std::sqrt(2.0 * 128 * 784));
}

TEST_CASE("descriptions, fans and rules can be printed") {
    CHECK(written(describe(Eigen::Vector2d(0, 1))) ==
          "2 x 1, mean 0.5, stddev 0.5, min 0, max 1, zeros 50 %, non-finite 0");
    CHECK(written(Fans{.in = 576, .out = 128.5}) == "fan_in 576, fan_out 128.5");
    std::ostringstream other; // flags and locale do not count, the width counts for all of it
    other.imbue(std::locale(std::locale(), new Points));
    other << std::hex << std::setw(79) << describe(Eigen::Vector4d(0.5, 1e6, 0, 0)) << std::setw(22)
          << Fans{.in = 1000, .out = 28};
    CHECK(other.str() == "  4 x 1, mean 250000, stddev 433013, min 0, max 1e+06, zeros 50 %, "
                         "non-finite 0fan_in 1000, fan_out 28");
    CHECK(written(Fans(Conv{.in = 64, .out = 128, .kernel = {3, 3}})) ==
          "fan_in 576, fan_out 1152");
    CHECK(written(HeNormal{.negative_slope = 0.2}) == "he_normal(negative_slope=0.2)");
    CHECK(written(Orthogonal{}) == "orthogonal");
    CHECK(written(by_name("keras:random_normal")) == "normal(stddev=0.05)");
}
