// SPDX-License-Identifier: MIT
// Programs that trap on floating-point exceptions must survive every fill.
#include "catch.hpp"
#include "paths.hpp"

#include <nninit/nninit.hpp>

#include <cfenv>
#include <limits>
#include <random>
#include <string>
#include <vector>

namespace {

using namespace nninit;
using tests::on_each_path;

constexpr double infinity = std::numeric_limits<double>::infinity();

/// The flags that the body raises, those apart that nearly all arithmetic does.
template <class Body> std::string raised(const Body& body) {
    std::feclearexcept(FE_ALL_EXCEPT);
    body();
    const int flags = std::fetestexcept(FE_ALL_EXCEPT & ~(FE_INEXACT | FE_UNDERFLOW));
    std::feclearexcept(FE_ALL_EXCEPT);
    return std::string((flags & FE_INVALID) != 0 ? " invalid" : "") +
           ((flags & FE_DIVBYZERO) != 0 ? " divbyzero" : "") +
           ((flags & FE_OVERFLOW) != 0 ? " overflow" : "");
}

const TruncatedNormal truncated[] = {
    {},
    {0, 1, -1, 3},
    {0.1, 0.02, 0.06, 0.14},
    {0, 1, 0.5, infinity},
    {0, 1, -infinity, -0.5},
    {0, 1, -infinity, infinity},
    {0, 1, 5, infinity},
    {0, 1, -9, -6},
    {0, 1, 20, infinity},
    {0, 1, 30, 31},
    {0, 1, -40, 40},
    {0, 1, -1e-3, 1e-3},
    {0, 1e-30, -1, 1},
};

template <class Scalar, int order, class Engine> void check() {
    for (const auto& [rows, cols] : {std::pair(33, 41), std::pair(64, 64)}) {
        Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic, order> w(rows, cols);
        for (const TruncatedNormal& rule : truncated) {
            CAPTURE(rule.mean, rule.stddev, rule.low, rule.high);
            if constexpr (sizeof(Scalar) == 2)
                if (rule.stddev < 1e-8) continue; // nothing of half lies there
            CHECK(raised([&] { rule(w, Engine(1)); }) == "");
        }
        CHECK(raised([&] { Uniform{-0.5, 2}(w, Engine(1)); }) == "");
        CHECK(raised([&] { Normal{1, 2}(w, Engine(1)); }) == "");
        CHECK(raised([&] { Normal{1, 0}(w, Engine(1)); }) == "");
        CHECK(raised([&] { VarianceScaling{.distribution = Shape::truncated}(w, Engine(1)); }) ==
              "");
    }
}

} // namespace

TEST_CASE("no fill of floats raises a flag but inexact and underflow") {
    on_each_path([] {
        check<float, Eigen::ColMajor, Philox>();
        check<float, Eigen::RowMajor, Philox>();
        check<float, Eigen::ColMajor, std::mt19937>();
    });
}

TEST_CASE("no fill of doubles raises a flag but inexact and underflow") {
    on_each_path([] {
        check<double, Eigen::ColMajor, Philox>();
        check<double, Eigen::RowMajor, Philox>();
        check<double, Eigen::ColMajor, std::mt19937_64>();
    });
}

TEST_CASE("no fill of half and complex numbers raises a flag but inexact and underflow") {
    on_each_path([] {
        check<Eigen::half, Eigen::ColMajor, Philox>();
        check<std::complex<double>, Eigen::ColMajor, Philox>();
    });
}

TEST_CASE("no structured rule raises a flag but inexact and underflow") {
    on_each_path([] {
        Eigen::MatrixXf w(18, 12);
        Eigen::MatrixXd d(12, 18);
        const Conv conv{.in = 3, .out = 18, .kernel = {2, 2}};
        CHECK(raised([&] { Orthogonal{}(w, Philox(1)); }) == "");
        CHECK(raised([&] { Orthogonal{0.5}(d, Philox(1)); }) == "");
        CHECK(raised([&] { Sparse{}(w, Philox(1)); }) == "");
        CHECK(raised([&] { NguyenWidrow{}(d, Philox(1)); }) == "");
        CHECK(raised([&] { Identity{}(w); }) == "");
        CHECK(raised([&] { Constant{0.1}(d); }) == "");
        CHECK(raised([&] { Dirac{}(w, conv); }) == "");
        CHECK(raised([&] { Bilinear{}(w, conv); }) == "");
        CHECK(raised([&] { DeltaOrthogonal{}(w, Philox(1), conv); }) == "");
        for (const double size : {0.0, 1e-30, 1e30})
            CHECK(raised([&] { Lsuv{}(d, Philox(1), [&] { return (size * d).eval(); }); }) == "");
    });
}

TEST_CASE("the look at flags sees them") {
    volatile double zero = 0, most = std::numeric_limits<double>::max();
    CHECK(raised([&] { zero = zero / zero; }) == " invalid");
    zero = 0;
    CHECK(raised([&] { zero = 1 / zero; }) == " divbyzero");
    CHECK(raised([&] { zero = most * most; }) == " overflow");
    CHECK(raised([&] {
              volatile double third = 1;
              third = third / 3;
          }) == "");
}
