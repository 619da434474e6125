// SPDX-License-Identifier: MIT
#include <nninit/nninit.hpp>

#include "catch.hpp"

#include <array>
#include <functional>
#include <string>

namespace {

using namespace nninit;
using Eigen::Index;

/// y[o][p] = sum over c, taps of w(o, c * taps + tap) x[c][p + tap - start], in one group or more;
/// images are flat, the last axis fastest, and zero outside. The definition, for comparison.
Eigen::MatrixXd convolve(const Eigen::MatrixXd& w, const Eigen::MatrixXd& x,
                         const std::array<Index, 3>& image, const std::array<Index, 3>& kernel,
                         const std::array<Index, 3>& start, Index groups) {
    const Index taps = kernel[0] * kernel[1] * kernel[2], channels = w.cols() / taps;
    Eigen::MatrixXd y = Eigen::MatrixXd::Zero(w.rows(), x.cols());
    const std::array<Index, 3> sizes = image;
    for (Index o = 0; o < w.rows(); ++o)
        for (Index a = 0; a < sizes[0]; ++a)
            for (Index b = 0; b < sizes[1]; ++b)
                for (Index c = 0; c < sizes[2]; ++c)
                    for (Index column = 0; column < w.cols(); ++column) {
                        const Index tap = column % taps;
                        const Index p = a + tap / (kernel[1] * kernel[2]) - start[0];
                        const Index q = b + tap / kernel[2] % kernel[1] - start[1];
                        const Index r = c + tap % kernel[2] - start[2];
                        if (p < 0 || q < 0 || r < 0 || p >= sizes[0] || q >= sizes[1] ||
                            r >= sizes[2])
                            continue;
                        const Index from = o / (w.rows() / groups) * channels + column / taps;
                        y(o, (a * sizes[1] + b) * sizes[2] + c) +=
                            w(o, column) * x(from, (p * sizes[1] + q) * sizes[2] + r);
                    }
    return y;
}

Eigen::MatrixXd image_of(Index channels, Index pixels) {
    return make<Eigen::MatrixXd>(Uniform{-1, 1}, Philox(9), channels, pixels);
}

} // namespace

TEST_CASE("a convolution by Dirac passes its channels on") {
    const std::array<Index, 3> image = {4, 5, 3};
    for (const auto& kernel : {std::array<Index, 3>{3, 3, 3}, {1, 3, 5}, {2, 1, 4}, {1, 1, 1}})
        for (const auto& [in, out, groups] : {std::array<Index, 3>{4, 4, 1},
                                              {4, 4, 2},
                                              {4, 4, 4},
                                              {2, 6, 1},
                                              {6, 2, 2},
                                              {2, 6, 2}}) {
            const Conv conv{.in = in,
                            .out = out,
                            .kernel = {kernel[0], kernel[1], kernel[2]},
                            .groups = groups};
            Eigen::MatrixXd w(out, in / groups * kernel[0] * kernel[1] * kernel[2]);
            Dirac{}(w, conv);
            const Eigen::MatrixXd x = image_of(in, 60);
            const auto y = convolve(w, x, image, kernel,
                                    {kernel[0] / 2, kernel[1] / 2, kernel[2] / 2}, groups);
            for (Index o = 0; o < out; ++o) {
                const Index within = o % (out / groups), group = o / (out / groups);
                CAPTURE(o, in, out, groups);
                if (within < in / groups)
                    CHECK(y.row(o) == x.row(group * (in / groups) + within));
                else
                    CHECK(y.row(o).isZero(0));
            }
        }
}

TEST_CASE("bilinear kernels have the values of linear interpolation") {
    const auto row = [](Index k) {
        Eigen::RowVectorXd w(k);
        Bilinear{}(w, Conv{.in = 1, .out = 1, .kernel = {k}});
        return w;
    };
    CHECK(row(1) == Eigen::RowVectorXd::Ones(1));
    CHECK(row(2) == Eigen::RowVector2d(0.5, 0.5));
    CHECK(row(3) == Eigen::RowVector3d(0.5, 1, 0.5));
    CHECK(row(4) == Eigen::RowVector4d(0.25, 0.75, 0.75, 0.25));
    // Scaled up by f, a constant stays one: taps a multiple of f apart sum to 1 for even kernels.
    const auto wide = row(8);
    for (Index i = 0; i < 4; ++i) CHECK(std::abs(wide[i] + wide[i + 4] - 1) < 1e-15);

    Eigen::MatrixXd w(2, 2 * 4 * 3);
    Bilinear{}(w, Conv{.in = 2, .out = 2, .kernel = {4, 3}});
    for (Index o = 0; o < 2; ++o)
        for (Index c = 0; c < 2; ++c)
            for (Index i = 0; i < 4; ++i)
                for (Index j = 0; j < 3; ++j)
                    CHECK(w(o, (c * 4 + i) * 3 + j) == (o == c ? row(4)[i] * row(3)[j] : 0));
    // A weight (C, 1, k, k) of a transposed convolution, in row-major memory.
    float memory[2 * 16];
    const TransposedConv up{.in = 2, .out = 2, .kernel = {4, 4}, .groups = 2, .stride = {2, 2}};
    Bilinear{}(Eigen::Map<Eigen::Matrix<float, -1, -1, Eigen::RowMajor>>(memory, 2, 16), up);
    for (Index c = 0; c < 2; ++c)
        for (Index i = 0; i < 4; ++i)
            for (Index j = 0; j < 4; ++j)
                CHECK(static_cast<double>(memory[(c * 4 + i) * 4 + j]) == row(4)[i] * row(4)[j]);
    Eigen::MatrixXd depthwise(2, 16);
    Bilinear{}(depthwise, DepthwiseConv{.in = 2, .out = 2, .kernel = {4, 4}});
    CHECK(depthwise(1, 5) == 0.75 * 0.75);
    Dirac{}(depthwise, DepthwiseConv{.in = 1, .out = 2, .kernel = {4, 4}});
    CHECK(depthwise.sum() == 1); // output channel 1 has no input of its number

    Eigen::MatrixXf channelwise(5, 9);
    Bilinear{}(channelwise, Conv{.in = 5, .out = 5, .kernel = {3, 3}, .groups = 5});
    CHECK(channelwise.row(4) == channelwise.row(0));
    CHECK(channelwise.row(0).sum() == 4);
}

TEST_CASE("a delta-orthogonal convolution keeps the length of every pixel") {
    const std::array<Index, 3> image = {3, 4, 5};
    for (const auto& kernel : {std::array<Index, 3>{5, 1, 1}, {3, 3, 1}, {3, 4, 2}}) {
        const Conv conv{.in = 3, .out = 7, .kernel = {kernel[0], kernel[1], kernel[2]}};
        Eigen::MatrixXd w(7, 3 * kernel[0] * kernel[1] * kernel[2]);
        Philox rng(2);
        DeltaOrthogonal{.gain = 2}(w, rng, conv);
        CHECK(rng.position() == 2 * 7 * 3);
        const Eigen::MatrixXd x = image_of(3, 60);
        const auto y = convolve(w, x, image, kernel,
                                {(kernel[0] - 1) / 2, (kernel[1] - 1) / 2, (kernel[2] - 1) / 2}, 1);
        CHECK((y.colwise().norm() - 2 * x.colwise().norm()).cwiseAbs().maxCoeff() < 1e-13);
        CHECK((w.array() != 0).count() == 7 * 3);
        const auto channels = make<Eigen::MatrixXd>(Orthogonal{.gain = 2}, Philox(2), 7, 3);
        CHECK((y - channels * x).cwiseAbs().maxCoeff() < 1e-13);
    }
}

TEST_CASE("convolutions are filled in every scalar type and storage") {
    const Conv conv{.in = 2, .out = 3, .kernel = {3, 3}};
    Eigen::MatrixXf expected(3, 18);
    Dirac{}(expected, conv);
    Eigen::Matrix<Eigen::bfloat16, -1, -1, Eigen::RowMajor> b(3, 18);
    Dirac{}(b, conv);
    CHECK(b.cast<float>() == expected);
    Eigen::ArrayXXcd c(3, 18);
    Dirac{}(c, Philox(1), conv);
    CHECK(c.matrix() == expected.cast<std::complex<double>>());
    Eigen::Matrix<long double, -1, -1> l(18, 3);
    Dirac{}(l.transpose(), conv);
    CHECK(l.transpose().cast<float>() == expected);
    DeltaOrthogonal{}(expected, Philox(3), conv);
    Eigen::Matrix<Eigen::half, -1, -1> h(3, 18);
    DeltaOrthogonal{}(h, Philox(3), conv);
    CHECK(h == expected.cast<Eigen::half>());
    DeltaOrthogonal{}(c, Philox(3), conv);
    CHECK(c.matrix().rowwise().squaredNorm().sum() > 1.99);
}

TEST_CASE("a convolution that is not the target's is refused before anything is written") {
    Eigen::MatrixXf w = Eigen::MatrixXf::Constant(3, 18, 7);
    Philox rng(1);
    const auto refusal = [&](const auto& rule, const Conv& conv) -> std::string {
        try {
            rule(w, rng, conv);
        } catch (const std::invalid_argument& error) {
            return error.what();
        }
        return "not refused";
    };
    const std::string shape = "nninit: the convolution's weights are 3 x 27 (out x in / groups * "
                              "kernel), but the target is 3 x 18";
    CHECK(refusal(Dirac{}, {.in = 3, .out = 3, .kernel = {3, 3}}) == shape);
    CHECK(refusal(Bilinear{}, {.in = 3, .out = 3, .kernel = {3, 3}}) == shape);
    CHECK(refusal(DeltaOrthogonal{}, {.in = 3, .out = 3, .kernel = {3, 3}}) == shape);
    CHECK(refusal(Dirac{}, {.in = 2, .out = 4, .kernel = {3, 3}}) != "not refused");
    CHECK(refusal(Dirac{}, {.in = 2, .out = 3, .kernel = {3, 0}}) ==
          "nninit: Conv.kernel must be at least 1, but is 0 or was left out");
    CHECK(refusal(DeltaOrthogonal{}, {.in = 18, .out = 3}) ==
          "nninit: DeltaOrthogonal needs in <= out, but in = 18 and out = 3");
    CHECK(refusal(DeltaOrthogonal{}, {.in = 6, .out = 3, .kernel = {9}, .groups = 3}) ==
          "nninit: DeltaOrthogonal needs groups = 1, not 3");
    CHECK(refusal(DeltaOrthogonal{1e39}, {.in = 2, .out = 3, .kernel = {9}}) ==
          "nninit: the gain reaches from -1e+39 to 1e+39, but the target's type ends at "
          "3.402823466e+38");
    CHECK_THROWS_WITH(by_name("dirac")(w, rng),
                      "nninit: this initializer fills a convolution; pass it, such as "
                      "nninit::Conv{.in = 3, .out = 3, .kernel = {3, 3}}");
    CHECK((w.array() == 7).all());
    CHECK(rng == Philox(1));
    CHECK(refusal(DeltaOrthogonal{}, {.in = 3, .out = 3, .kernel = {6}}) == "not refused");
    CHECK(by_name("delta_orthogonal(gain=2)") == DeltaOrthogonal{.gain = 2});
    CHECK(by_name("delta_orthogonal") == DeltaOrthogonal{.gain = 1});
    CHECK(refusal(DeltaOrthogonal{}, {.in = 2, .out = 3, .kernel = {3, 3}}) == "not refused");
}
