// SPDX-License-Identifier: MIT
#include "catch.hpp"

#include <nninit/layers.hpp>
#include <nninit/orthogonal.hpp>
#include <nninit/rules.hpp>

#include <Eigen/Core>

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>

using nninit::Conv;
using nninit::Dense;
using nninit::DepthwiseConv;
using nninit::Fans;
using nninit::HeNormal;
using nninit::Layout;
using nninit::Philox;
using nninit::TransposedConv;

namespace {

/// Whether a layer has these fans, to the last bit: all of them are small quotients of integers.
bool has_fans(const Fans& fans, double in, double out) { return fans.in == in && fans.out == out; }

/// The sentence with which a layer is refused, or nothing.
template <class Layer> std::string refusal(const Layer& layer) {
    try {
        const Fans fans = layer;
        return "accepted with " + std::to_string(fans.in) + " and " + std::to_string(fans.out);
    } catch (const std::invalid_argument& error) {
        return error.what();
    }
}

} // namespace

// -- the formulas, worked out by hand --------------------------------------------------------

TEST_CASE("A dense layer has its own sizes") {
    CHECK(has_fans(Dense{.in = 784, .out = 128}, 784, 128));
    CHECK(has_fans(Dense{.in = 1, .out = 1}, 1, 1));
    CHECK_FALSE(has_fans(Dense{.in = 784, .out = 128}, 128, 784)); // control
}

TEST_CASE("A tensor has the fans of its layout") {
    CHECK(has_fans(Layout{"OI", {128, 784}}, 784, 128));
    CHECK(has_fans(Layout{"IO", {784, 128}}, 784, 128));
    for (const Layout& layout : {Layout{"OIHW", {128, 64, 3, 5}}, Layout{"HWIO", {3, 5, 64, 128}},
                                 Layout{"OHWI", {128, 3, 5, 64}}, Layout{"WHCN", {5, 3, 64, 128}}})
        CHECK(has_fans(layout, 960, 1920));
    for (const Layout& layout : {Layout{"OIW", {8, 4, 7}}, Layout{"WIO", {7, 4, 8}},
                                 Layout{"OWI", {8, 7, 4}}, Layout{"WCN", {7, 4, 8}}})
        CHECK(has_fans(layout, 28, 56));
    for (const Layout& layout :
         {Layout{"OIDHW", {8, 4, 2, 3, 5}}, Layout{"DHWIO", {2, 3, 5, 4, 8}},
          Layout{"ODHWI", {8, 2, 3, 5, 4}}, Layout{"WHDCN", {5, 3, 2, 4, 8}}})
        CHECK(has_fans(layout, 120, 240));
    // JAX: fan_in is the product of the in axes and of those that are neither in, out nor batch.
    CHECK(has_fans(Layout{"IOO", {512, 8, 64}}, 512, 512));
    CHECK(has_fans(Layout{"IIO", {8, 64, 512}}, 512, 512));
    CHECK(has_fans(Layout{"BIO", {12, 64, 256}}, 64, 256));
    CHECK(has_fans(Layout{"BHIO", {12, 3, 64, 256}}, 192, 768));
    CHECK_FALSE(has_fans(Layout{"IO", {784, 128}}, 128, 784)); // control

    CHECK(refusal(Layout{"OIHW", {128, 64, 3}}) ==
          "nninit: each size of a Layout must be at least 1, but is 0 or was left out");
    CHECK(refusal(Layout{"OI", {128, 64, 3}}) ==
          "nninit: the layout \"OI\" has more sizes than letters");
    CHECK(refusal(Layout{"OIHH", {128, 64, 3, 3}}) ==
          "nninit: the layout \"OIHH\" has the axis H twice");
    CHECK(refusal(Layout{"HWI", {3, 3, 64}}) ==
          "nninit: the layout \"HWI\" has no output channels, a capital O or N");
    CHECK(refusal(Layout{"O", {3}}) ==
          "nninit: the layout \"O\" has no input channels, a capital I or C");
    CHECK(refusal(Layout{"OIABDEFGH", {1, 1, 1, 1, 1, 1, 1, 1}}) ==
          "nninit: the layout \"OIABDEFGH\" has more than 8 letters");
}

TEST_CASE("A convolution multiplies by the kernel's size, over one, two and three axes") {
    constexpr Conv constant{.in = 2, .out = 5, .kernel = {3, 7}};
    CHECK(Fans(constant).in == 42);
    CHECK(has_fans(Conv{.in = 64, .out = 128}, 64, 128)); // a 1 x 1 convolution is dense
    CHECK(has_fans(Conv{.in = 64, .out = 128, .kernel = {3}}, 192, 384));
    CHECK(has_fans(Conv{.in = 64, .out = 128, .kernel = {3, 3}}, 576, 1152));
    CHECK(has_fans(Conv{.in = 3, .out = 8, .kernel = {5, 7}}, 105, 280));
    CHECK(has_fans(Conv{.in = 2, .out = 4, .kernel = {3, 5, 7}}, 210, 420));
    CHECK_FALSE(has_fans(Conv{.in = 64, .out = 128, .kernel = {3, 3}}, 64, 128)); // control
}

TEST_CASE("A convolution divides both fans by its groups and fan_out by its strides") {
    CHECK(has_fans(Conv{.in = 64, .out = 128, .kernel = {3, 3}, .groups = 4}, 144, 288));
    CHECK(has_fans(Conv{.in = 64, .out = 64, .kernel = {3, 3}, .groups = 64}, 9, 9));
    CHECK(has_fans(Conv{.in = 64, .out = 128, .kernel = {3, 3}, .stride = {2, 2}}, 576, 288));
    CHECK(has_fans(Conv{.in = 4, .out = 6, .kernel = {5}, .groups = 2, .stride = {3}}, 10, 5));
    CHECK(has_fans(Conv{.in = 1, .out = 1, .kernel = {1}, .stride = {2}}, 1, 0.5));
    CHECK(has_fans(Conv{.in = 1, .out = 3, .kernel = {2, 2, 2}, .stride = {2, 2, 2}}, 8, 3));
}

TEST_CASE("A transposed convolution is counted by the way the data flows") {
    CHECK(has_fans(TransposedConv{.in = 64, .out = 32, .kernel = {4, 4}}, 1024, 512));
    CHECK(has_fans(TransposedConv{.in = 64, .out = 32, .kernel = {4, 4}, .stride = {2, 2}}, 256,
                   512));
    CHECK(has_fans(
        TransposedConv{.in = 64, .out = 32, .kernel = {4, 4}, .groups = 8, .stride = {2, 2}}, 32,
        64));
    CHECK(has_fans(TransposedConv{.in = 6, .out = 3, .kernel = {2, 3, 4}, .groups = 3}, 48, 24));
    // Control: a convolution takes its strides from the other fan.
    CHECK_FALSE(has_fans(Conv{.in = 64, .out = 32, .kernel = {4, 4}, .stride = {2, 2}}, 256, 512));
}

TEST_CASE("A depthwise convolution sums one channel's field") {
    CHECK(has_fans(DepthwiseConv{.in = 32, .out = 32, .kernel = {3, 3}}, 9, 9));
    CHECK(has_fans(DepthwiseConv{.in = 32, .out = 64, .kernel = {3, 3}}, 9, 18));
    CHECK(has_fans(DepthwiseConv{.in = 8, .out = 24, .kernel = {5}}, 5, 15));
    CHECK(has_fans(DepthwiseConv{.in = 8, .out = 32, .kernel = {5, 5}, .stride = {2, 2}}, 25, 25));
    // It is the convolution of as many groups as channels.
    CHECK(has_fans(Conv{.in = 32, .out = 64, .kernel = {3, 3}, .groups = 32}, 9, 18));
}

TEST_CASE("A Layout at a fill is a layer: of its matrix, of its weights as a vector, of its bias") {
    const Conv conv{.in = 64, .out = 128, .kernel = {3, 3}};
    const Layout layout{"OIHW", {128, 64, 3, 3}};
    const auto same = [&](auto w) {
        auto expected = w;
        HeNormal{}(expected, Philox(1), conv);
        HeNormal{}(w, Philox(1), layout);
        return w == expected;
    };
    CHECK(same(Eigen::MatrixXf(128, 64 * 9)));
    CHECK(same(Eigen::VectorXf(128 * 64 * 9)));
    CHECK(same(Eigen::VectorXf(128)));
    Eigen::MatrixXf other = Eigen::MatrixXf::Constant(64, 64 * 9, 7);
    CHECK_THROWS_WITH(
        HeNormal{}(other, Philox(1), layout),
        Catch::Matchers::ContainsSubstring("this Layout has 73728 weights and out = 128, but the "
                                           "target is 64 x 576"));
    CHECK((other.array() == 7).all());
}

TEST_CASE("A dense layer's target is its matrix, its weights as a vector, or its bias") {
    const Dense layer{.in = 6, .out = 4};
    const auto taken = [&](const auto& rule, Eigen::Index rows, Eigen::Index cols) {
        Eigen::MatrixXf w = Eigen::MatrixXf::Constant(rows, cols, 7);
        Philox rng(1);
        try {
            rule(w, rng, layer);
            return true;
        } catch (const std::invalid_argument&) {
            CHECK((w.array() == 7).all());
            CHECK(rng == Philox(1));
            return false;
        }
    };
    const HeNormal plain;
    CHECK(taken(plain, 4, 6));
    CHECK(taken(plain, 24, 1));
    CHECK(taken(plain, 1, 24));
    CHECK(taken(plain, 4, 1));
    CHECK(taken(plain, 1, 4));
    CHECK_FALSE(taken(plain, 6, 4)); // the transposed matrix
    CHECK_FALSE(taken(plain, 4, 7)); // as many rows as outputs, and other weights
    CHECK_FALSE(taken(plain, 4, 5));
    CHECK_FALSE(taken(plain, 3, 8)); // as many weights
    CHECK_FALSE(taken(plain, 6, 1));
    CHECK_FALSE(taken(plain, 2, 2));     // as many values as the bias
    const nninit::Orthogonal structured; // has the matrix alone
    CHECK(taken(structured, 4, 6));
    CHECK_FALSE(taken(structured, 24, 1));
    CHECK_FALSE(taken(structured, 4, 1));
    CHECK_FALSE(taken(structured, 4, 7));
    CHECK_FALSE(taken(structured, 6, 4));
}

TEST_CASE("A convolution's target may hold its weights in another shape") {
    const Conv layer{.in = 2, .out = 4, .kernel = {3}};
    Eigen::MatrixXf w(6, 4), matrix(4, 6);
    HeNormal{}(w, Philox(1), layer);
    HeNormal{}(matrix, Philox(1), layer);
    CHECK(w.cwiseAbs().sum() == Approx(matrix.cwiseAbs().sum()));
    CHECK_THROWS_AS(nninit::Orthogonal{}(w, Philox(1), layer), std::invalid_argument);
}

// -- edges -----------------------------------------------------------------------------------

TEST_CASE("Sizes are integers of any type") {
    const int i = 6;
    const long l = 6;
    const long long ll = 6;
    const std::size_t z = 6;
    const unsigned char c = 6;
    const unsigned u = 6;
    const short s = 6;
    const Eigen::Index index = 6;
    CHECK(has_fans(Dense{.in = i, .out = l}, 6, 6));
    CHECK(has_fans(Dense{.in = z, .out = c}, 6, 6));
    CHECK(has_fans(Dense{.in = u, .out = s}, 6, 6));
    CHECK(has_fans(Dense{.in = index, .out = ll}, 6, 6));
    CHECK(
        has_fans(Conv{.in = z, .out = i, .kernel = {c, l, u}, .groups = s, .stride = {index, i, z}},
                 216, 1));
    CHECK(has_fans(TransposedConv{.in = c, .out = z, .kernel = {i, z}, .groups = l}, 36, 36));
    CHECK(has_fans(DepthwiseConv{.in = l, .out = u, .kernel = {z, c}}, 36, 36));
    const unsigned char most = 255;
    CHECK(has_fans(Dense{.in = most, .out = std::size_t{1} << 40}, 255, 1099511627776.0));
    CHECK(has_fans(Dense{.in = ~std::uint64_t{0}, .out = 1}, 18446744073709551616.0, 1));
    using Weights = Eigen::Matrix<float, 4, 6>; // whose sizes an enumeration names
    const Dense layer{.in = Weights::ColsAtCompileTime, .out = Weights::RowsAtCompileTime};
    CHECK(has_fans(layer, 6, 4));
    enum Small : signed char { minus_one = -1 };
    CHECK(refusal(Dense{.in = minus_one, .out = 1}).ends_with("must be at least 1, but is -1"));
}

// -- refusals --------------------------------------------------------------------------------

TEST_CASE("A fill takes as many weights as the layer has, and no others") {
    const auto takes = [](const auto& layer, Eigen::Index rows, Eigen::Index cols) {
        Eigen::MatrixXf w(rows, cols);
        try {
            HeNormal{}(w, Philox(1), layer);
        } catch (const std::invalid_argument&) {
            return false;
        }
        return true;
    };
    for (const Eigen::Index more : {0, 1}) {
        CAPTURE(more);
        CHECK(takes(Dense{.in = 6, .out = 4}, 4, 6 + more) == (more == 0));
        CHECK(takes(Conv{.in = 6, .out = 4, .kernel = {3}, .groups = 2, .stride = {2}}, 4,
                    9 + more) == (more == 0));
        CHECK(takes(TransposedConv{.in = 6, .out = 4, .kernel = {3}, .groups = 2, .stride = {2}}, 6,
                    6 + more) == (more == 0));
        CHECK(takes(DepthwiseConv{.in = 6, .out = 12, .kernel = {3}, .stride = {2}}, 12,
                    3 + more) == (more == 0));
        CHECK(takes(Layout{"OIS", {4, 6, 3}}, 4, 18 + more) == (more == 0));
    }
}

TEST_CASE("A size of 0, negative or left out is refused in a sentence that names it") {
    const auto zero = [](const std::string& name) {
        return "nninit: " + name + " must be at least 1, but is 0 or was left out";
    };
    const auto negative = [](const std::string& name, const std::string& value) {
        return "nninit: " + name + " must be at least 1, but is " + value;
    };
    CHECK(refusal(Dense{.in = 0, .out = 3}) == zero("Dense.in"));
    CHECK(refusal(Dense{.in = 3, .out = 0}) == zero("Dense.out"));
    CHECK(refusal(Dense{}) == zero("Dense.in"));
    CHECK(refusal(Dense{.in = -5, .out = 3}) == negative("Dense.in", "-5"));
    CHECK(refusal(Dense{.in = 5, .out = -1L}) == negative("Dense.out", "-1"));

    CHECK(refusal(Conv{}) == zero("Conv.in"));
    CHECK(refusal(Conv{.in = 0, .out = 8, .kernel = {3, 3}}) == zero("Conv.in"));
    CHECK(refusal(Conv{.in = 8, .out = 0, .kernel = {3, 3}}) == zero("Conv.out"));
    CHECK(refusal(Conv{.in = 8, .out = -8, .kernel = {3, 3}}) == negative("Conv.out", "-8"));
    CHECK(refusal(Conv{.in = 8, .out = 8, .kernel = {3, 0}}) == zero("Conv.kernel"));
    CHECK(refusal(Conv{.in = 8, .out = 8, .kernel = {3, 3, -3}}) == negative("Conv.kernel", "-3"));
    CHECK(refusal(Conv{.in = 8, .out = 8, .groups = 0}) == zero("Conv.groups"));
    CHECK(refusal(Conv{.in = 8, .out = 8, .groups = -2}) == negative("Conv.groups", "-2"));
    CHECK(refusal(Conv{.in = 8, .out = 8, .stride = {0, 1}}) == zero("Conv.stride"));
    CHECK(refusal(Conv{.in = 8, .out = 8, .stride = {1, -2}}) == negative("Conv.stride", "-2"));

    CHECK(refusal(TransposedConv{}) == zero("TransposedConv.in"));
    CHECK(refusal(TransposedConv{.in = 8, .out = 0}) == zero("TransposedConv.out"));
    CHECK(refusal(TransposedConv{.in = -8, .out = 8}) == negative("TransposedConv.in", "-8"));
    CHECK(refusal(TransposedConv{.in = 8, .out = 8, .kernel = {0}}) ==
          zero("TransposedConv.kernel"));
    CHECK(refusal(TransposedConv{.in = 8, .out = 8, .groups = 0}) == zero("TransposedConv.groups"));
    CHECK(refusal(TransposedConv{.in = 8, .out = 8, .stride = {-1}}) ==
          negative("TransposedConv.stride", "-1"));

    CHECK(refusal(DepthwiseConv{}) == zero("DepthwiseConv.in"));
    CHECK(refusal(DepthwiseConv{.in = 8, .out = 0}) == zero("DepthwiseConv.out"));
    CHECK(refusal(DepthwiseConv{.in = 8, .out = -8}) == negative("DepthwiseConv.out", "-8"));
    CHECK(refusal(DepthwiseConv{.in = 8, .out = 8, .kernel = {0}}) == zero("DepthwiseConv.kernel"));
    CHECK(refusal(DepthwiseConv{.in = 8, .out = 8, .stride = {0}}) == zero("DepthwiseConv.stride"));
}

TEST_CASE("Strides that are not as many as the kernel's axes are refused with both numbers") {
    const auto sentence = [](const std::string& name, const std::string& numbers,
                             const std::string& axes) {
        return "nninit: " + name + ".stride has " + numbers + " of the kernel's " + axes +
               " axes; give each its number, such as {2, 2}";
    };
    CHECK(refusal(Conv{.in = 8, .out = 8, .kernel = {3, 3}, .stride = {2}}) ==
          sentence("Conv", "1", "2"));
    CHECK(refusal(Conv{.in = 8, .out = 8, .kernel = {3, 3}, .stride = {1}}) ==
          sentence("Conv", "1", "2"));
    CHECK(refusal(Conv{.in = 8, .out = 8, .kernel = {3}, .stride = {2, 2}}) ==
          sentence("Conv", "2", "1"));
    CHECK(refusal(Conv{.in = 8, .out = 8, .stride = {2, 2, 2}}) == sentence("Conv", "3", "0"));
    CHECK(refusal(TransposedConv{.in = 8, .out = 8, .kernel = {4, 4}, .stride = {2}}) ==
          sentence("TransposedConv", "1", "2"));
    CHECK(refusal(DepthwiseConv{.in = 8, .out = 8, .kernel = {4, 4, 4}, .stride = {2, 2}}) ==
          sentence("DepthwiseConv", "2", "3"));
    CHECK_THROWS_WITH((Conv{.in = 8, .out = 8, .kernel = {3, 3, 3, 3}}),
                      "nninit: a kernel has one to three axes, not 4");
    // Controls: none, or one for each axis.
    CHECK(has_fans(Conv{.in = 8, .out = 8, .kernel = {3, 3}}, 72, 72));
    CHECK(has_fans(Conv{.in = 8, .out = 8, .kernel = {4}, .stride = {2}}, 32, 16));
    CHECK(has_fans(DepthwiseConv{.in = 8, .out = 8, .kernel = {4, 4}, .stride = {2, 1}}, 16, 8));
}

TEST_CASE("Groups that do not divide the channels are refused with both numbers") {
    CHECK(refusal(Conv{.in = 6, .out = 8, .groups = 4}) ==
          "nninit: Conv.in = 6 is not a multiple of groups = 4");
    CHECK(refusal(Conv{.in = 8, .out = 6, .groups = 4}) ==
          "nninit: Conv.out = 6 is not a multiple of groups = 4");
    CHECK(refusal(Conv{.in = 2, .out = 2, .groups = 4}) ==
          "nninit: Conv.in = 2 is not a multiple of groups = 4");
    CHECK(refusal(TransposedConv{.in = 9, .out = 6, .groups = 2}) ==
          "nninit: TransposedConv.in = 9 is not a multiple of groups = 2");
    CHECK(refusal(TransposedConv{.in = 6, .out = 9, .groups = 2}) ==
          "nninit: TransposedConv.out = 9 is not a multiple of groups = 2");
    CHECK(refusal(DepthwiseConv{.in = 32, .out = 48, .kernel = {3, 3}}) ==
          "nninit: DepthwiseConv.out = 48 is not a multiple of in = 32");
    CHECK(refusal(DepthwiseConv{.in = 32, .out = 16, .kernel = {3, 3}}) ==
          "nninit: DepthwiseConv.out = 16 is not a multiple of in = 32");
    // Controls: these do.
    CHECK(has_fans(Conv{.in = 8, .out = 12, .groups = 4}, 2, 3));
    CHECK(has_fans(DepthwiseConv{.in = 16, .out = 48}, 1, 3));
}
