// SPDX-License-Identifier: MIT
// The calls that the README shows, and the integers that users have at hand, compile under the
// project's warnings, which are errors here.

#include <nninit/nninit.hpp>

#include "catch.hpp"

#include <random>

namespace {

template <class Matrix> bool filled(const Matrix& w) {
    return w.allFinite() && (w.array() != 0).any();
}

} // namespace

TEST_CASE("the calls of the README compile without a warning and fill their targets") {
    nninit::Philox rng(42);
    Eigen::MatrixXf w = Eigen::MatrixXf::Zero(128, 784), k(128, 64 * 9), q(8, 8), block(16, 16);

    nninit::HeNormal{}(w, rng);
    CHECK(filled(w));
    nninit::HeNormal{.negative_slope = 0.2}(w, rng);
    nninit::Normal{.stddev = 0.02}(w, rng);
    const auto v = nninit::make<Eigen::MatrixXf>(nninit::GlorotUniform{}, rng, 10, 128);
    CHECK(filled(v));
    nninit::HeNormal{}(w.transpose(), rng);
    nninit::HeNormal{}(k, rng, nninit::Conv{.in = 64, .out = 128, .kernel = {3, 3}});
    CHECK(filled(k));
    nninit::GlorotUniform{}(w.topRows(64), rng, nninit::Fans::of(w));
    nninit::GlorotUniform{}(q, rng.stream("encoder.0.attn.q"));
    CHECK(filled(q));
    std::mt19937 mt(1);
    nninit::HeUniform{}(w, mt);
    nninit::HeNormal{}(block, rng,
                       nninit::Window{.rows = 1'000'000, .cols = 1'000'000, .row = 0, .col = 512});
    CHECK(filled(block));
    nninit::TruncatedNormal::within(2, {.stddev = 0.02})(w, rng);
    CHECK(filled(w));
    Eigen::MatrixXcf complex(3, 27);
    nninit::Dirac{}(complex, nninit::Conv{.in = 3, .out = 3, .kernel = {3, 3}});
    CHECK(complex(0, 4) == 1.0f);
    Eigen::VectorXf b(3);
    nninit::Zeros{}(b);
    CHECK(b.isZero(0));
    CHECK(nninit::HeNormal{}.given({.in = 784, .out = 128}).stddev > 0);
}

TEST_CASE("seeds, names and sizes of every integral type need no cast") {
    const int i = 3;
    const long l = 4;
    const std::size_t s = 5;
    const unsigned u = 6;
    const short h = 2;
    const auto a = nninit::make<Eigen::MatrixXd>(nninit::HeUniform{}, nninit::Philox(i), i, l);
    const auto b = nninit::make<Eigen::MatrixXd>(nninit::LeCunNormal{}, nninit::Philox(s), s, u);
    const auto c = nninit::make<Eigen::MatrixXd>(nninit::RandomUniform{}, nninit::Philox(h), l, h,
                                                 nninit::Dense{.in = h, .out = l});
    CHECK((filled(a) && filled(b) && filled(c)));
    Eigen::MatrixXf block(2, 2);
    nninit::HeNormal{}(block, nninit::Philox(-1LL).stream(s),
                       nninit::Window{.rows = s * 20, .cols = l * 100, .row = i, .col = u});
    CHECK(filled(block));
}
