// SPDX-License-Identifier: MIT
#include "catch.hpp"

#include <nninit/fans.hpp>

#include <Eigen/Core>

#include <sstream>

using nninit::Fans;

namespace {

bool has_fans(const Fans& fans, double in, double out) { return fans.in == in && fans.out == out; }

} // namespace

TEST_CASE("A matrix has the fans of y = W x") {
    CHECK(has_fans(Fans::of(Eigen::MatrixXf(128, 784)), 784, 128));
    CHECK(has_fans(Fans::of(Eigen::Matrix<double, 3, 5>()), 5, 3));
    Eigen::MatrixXf w(10, 20);
    CHECK(has_fans(Fans::of(w.topRows(4)), 20, 4));
    CHECK(has_fans(Fans::of(w.transpose()), 10, 20));
    CHECK(has_fans(Fans::of(w.array()), 20, 10));
    CHECK(has_fans(Fans::of(Eigen::MatrixXf(0, 7)), 7, 1)); // of no layer; its bias is one of 1
}

TEST_CASE("Fans print as numbers do in sentences, whatever the stream's format") {
    std::ostringstream out;
    out << std::hex << std::scientific << Fans{1048576, 0.5} << '\n' << Fans{3000000, 100. / 3};
    CHECK(out.str() == "fan_in 1048576, fan_out 0.5\nfan_in 3000000, fan_out 33.33333333");
}
