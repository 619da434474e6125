// SPDX-License-Identifier: MIT
#include <nninit/nninit.hpp>
#include <nninit/tensor.hpp>

#include "catch.hpp"

#include <algorithm>
#include <array>
#include <random>

namespace {

using namespace nninit;
using Eigen::Index;

constexpr Index out = 4, in = 3, height = 2, width = 5;
const Conv conv{.in = in, .out = out, .kernel = {height, width}};

/// Fills a tensor of the letters' axes and says whether each weight is the matrix' own.
template <class Scalar, int Order, class Rule>
bool fills_as_matrix(const Rule& rule, const std::string& letters,
                     const Eigen::Matrix<Scalar, -1, -1>& expected) {
    const auto axis_of = [&](const char* choice) { return letters.find_first_of(choice); };
    const std::size_t o = axis_of("ON"), i = axis_of("IC"), h = axis_of("H"), w = axis_of("W");
    std::array<Index, 4> sizes{};
    sizes[o] = out, sizes[i] = in, sizes[h] = height, sizes[w] = width;
    Eigen::Tensor<Scalar, 4, Order> tensor(sizes);
    Philox rng(3);
    fill(rule, tensor, rng, letters);
    Philox after(3);
    Eigen::Matrix<Scalar, -1, -1> matrix(out, in * height * width);
    rule(matrix, after, conv);
    if (!(rng == after) || matrix != expected) return false;
    for (Index a = 0; a < out; ++a)
        for (Index b = 0; b < in; ++b)
            for (Index c = 0; c < height; ++c)
                for (Index d = 0; d < width; ++d) {
                    std::array<Index, 4> at{};
                    at[o] = a, at[i] = b, at[h] = c, at[w] = d;
                    if (tensor(at) != expected(a, (b * height + c) * width + d)) return false;
                }
    return true;
}

template <class Scalar, class Rule> void check_layouts(const Rule& rule) {
    Eigen::Matrix<Scalar, -1, -1> expected(out, in * height * width);
    rule(expected, Philox(3), conv);
    for (const char* letters : {"OIHW", "HWIO", "OHWI", "WHCN", "IOHW", "NHWC"}) {
        CAPTURE(letters);
        CHECK(fills_as_matrix<Scalar, Eigen::ColMajor>(rule, letters, expected));
        CHECK(fills_as_matrix<Scalar, Eigen::RowMajor>(rule, letters, expected));
    }
    expected(1, 7) += Scalar(1); // control
    CHECK_FALSE(fills_as_matrix<Scalar, Eigen::RowMajor>(rule, "OIHW", expected));
}

} // namespace

TEST_CASE("a weight of a tensor is the same in every layout and storage, for every rule") {
    for (const std::string& name : names()) {
        CAPTURE(name);
        check_layouts<float>(by_name(name));
    }
    check_layouts<double>(HeNormal{});
    check_layouts<Eigen::half>(GlorotUniform{});
    check_layouts<double>(DeltaOrthogonal{});
    check_layouts<float>(Dirac{});
}

TEST_CASE("tensors of rank 1, 2, 3, 5 and with layers or heads are filled as their matrices") {
    Eigen::MatrixXf w(6, 4);
    HeNormal{}(w, Philox(1));
    Eigen::Tensor<float, 2> oi(6, 4);
    Eigen::Tensor<float, 2, Eigen::RowMajor> io(4, 6);
    fill(HeNormal{}, oi, Philox(1), "OI");
    fill(HeNormal{}, io, Philox(1), "IO");
    for (Index r = 0; r < 6; ++r)
        for (Index c = 0; c < 4; ++c) CHECK((oi(r, c) == w(r, c) && io(c, r) == w(r, c)));

    Eigen::Tensor<double, 1> bias(5);
    fill(Constant{2}, bias, Philox(1), "O");
    CHECK(bias(4) == 2);
    Eigen::Tensor<double, 3> line(3, 4, 5); // OIW, column-major
    Eigen::MatrixXd expected(3, 20);
    GlorotNormal{}(expected, Philox(2), Conv{.in = 4, .out = 3, .kernel = {5}});
    fill(GlorotNormal{}, line, Philox(2), "OIW");
    CHECK(line(2, 3, 4) == expected(2, 19));
    CHECK(line(1, 2, 0) == expected(1, 10));

    Eigen::Tensor<double, 5> volume(2, 3, 4, 5, 6); // DHWIO
    Eigen::MatrixXd flat(6, 120);
    const Conv volume_conv{.in = 5, .out = 6, .kernel = {2, 3, 4}};
    DeltaOrthogonal{}(flat, Philox(2), volume_conv);
    fill(DeltaOrthogonal{}, volume, Philox(2), "DHWIO");
    CHECK(volume(0, 1, 1, 4, 5) == flat(5, 4 * 24 + 5));
    CHECK(volume(0, 1, 1, 4, 5) != 0);

    Eigen::Tensor<float, 3> heads(512, 2, 8);
    fill(LeCunNormal{}, heads, Philox(2), "IOO");
    Eigen::MatrixXf packed(16, 512);
    LeCunNormal{}(packed, Philox(2));
    CHECK(heads(100, 1, 3) == packed(11, 100));
    Eigen::Tensor<float, 3> layers(3, 40, 20); // BIO: fans of one layer
    fill(GlorotUniform{}, layers, Philox(2), "BIO");
    const Eigen::Tensor<float, 0> largest = layers.abs().maximum();
    CHECK(largest() <= std::sqrt(0.1f));
    CHECK(largest() > 0.98f * std::sqrt(0.1f));
}

TEST_CASE("a tensor is a window of a larger one, whose fans it has") {
    const auto whole = make<Eigen::MatrixXf>(HeNormal{}, Philox(1), 4, 3);
    Eigen::Tensor<float, 2> part(2, 3);
    fill(HeNormal{}, part, Philox(1), "OI", Window{.rows = 4, .cols = 3, .row = 1});
    for (Eigen::Index r = 0; r < 2; ++r)
        for (Eigen::Index c = 0; c < 3; ++c) CHECK(part(r, c) == whole(r + 1, c));
}

TEST_CASE("the order of the letters does not change a weight, up to eight of them") {
    Eigen::Tensor<float, 3> layers(4, 2, 3), behind(2, 3, 4); // layers come first in either
    fill(HeNormal{}, layers, Philox(4), "BOI");
    fill(HeNormal{}, behind, Philox(4), "OIB");
    for (Index b = 0; b < 4; ++b)
        for (Index o = 0; o < 2; ++o)
            for (Index i = 0; i < 3; ++i) CHECK(layers(b, o, i) == behind(o, i, b));

    const std::array<Index, 8> sizes{2, 3, 2, 1, 2, 3, 1, 2};
    Eigen::Tensor<float, 8, Eigen::RowMajor> eight(sizes);
    fill(HeNormal{}, eight, Philox(4), "OIDEFGHW");
    const auto w = make<Eigen::MatrixXf>(HeNormal{}, Philox(4), 2, 72);
    for (Index o = 0; o < 2; ++o)
        for (Index k = 0; k < 72; ++k) CHECK(eight.data()[72 * o + k] == w(o, k));
    std::array<Index, 8> reversed = sizes;
    std::reverse(reversed.begin(), reversed.end());
    Eigen::Tensor<float, 8> backwards(reversed);
    fill(HeNormal{}, backwards, Philox(4), "WHGFEDIO");
    for (Index k = 0; k < eight.size(); ++k) CHECK(backwards.data()[k] == eight.data()[k]);

    Eigen::Tensor<float, 3> kernel(3, 4, 5); // no channels, and a rule that asks for none
    fill(Normal{}, kernel, Philox(4), "IHW");
    CHECK(kernel.data()[0] != 0);
}

TEST_CASE("any byte names an axis of the kernel, after those of ASCII") {
    Eigen::Tensor<float, 4> letters(2, 3, 4, 5), bytes(2, 3, 4, 5);
    fill(HeNormal{}, letters, Philox(1), "OIHW");
    for (const std::string axis : {"\xff", "\xfe", "\xfd", "\x80"}) {
        fill(HeNormal{}, bytes, Philox(1), "OIH" + axis);
        for (Index i = 0; i < letters.size(); ++i) CHECK(bytes.data()[i] == letters.data()[i]);
    }
}

TEST_CASE("maps, fixed sizes, other engines and facts of the user's work on tensors") {
    std::vector<float> memory(out * in * height * width + 2, 7);
    Eigen::TensorMap<Eigen::Tensor<float, 4, Eigen::RowMajor>> map(memory.data() + 1, out, in,
                                                                   height, width);
    std::mt19937 a(1), b(1);
    fill(HeUniform{}, map, a, "OIHW");
    Eigen::Matrix<float, -1, -1> w(out, in * height * width);
    HeUniform{}(w, b, conv);
    CHECK(map(3, 2, 1, 4) == w(3, 29));
    CHECK(a == b);
    CHECK((memory.front() == 7 && memory.back() == 7));
    Eigen::TensorFixedSize<double, Eigen::Sizes<3, 4>> fixed;
    fill(Identity{}, fixed, a, "OI");
    CHECK((fixed(2, 2) == 1 && fixed(2, 3) == 0));

    Eigen::Tensor<float, 4> depthwise(3, 3, 1, 8); // HWIO of 8 groups
    const Conv groups{.in = 8, .out = 8, .kernel = {3, 3}, .groups = 8};
    fill(Dirac{}, depthwise, a, "HWIO", groups);
    CHECK(depthwise(1, 1, 0, 7) == 1);
    CHECK(depthwise(1, 0, 0, 7) == 0);
}

TEST_CASE("four axes of a kernel and a single output channel are filled too") {
    Eigen::Tensor<float, 6> four(2, 3, 2, 1, 2, 1);
    fill(HeNormal{}, four, Philox(1), "OIDHTW");
    Eigen::MatrixXf matrix(2, 12);
    HeNormal{}(matrix, Philox(1));
    CHECK(four(1, 2, 1, 0, 1, 0) == matrix(1, 11));
    CHECK(four(1, 0, 1, 0, 0, 0) == matrix(1, 2));
    CHECK_THROWS_AS(fill(Dirac{}, four, Philox(1), "OIDHTW"), std::invalid_argument);
    Eigen::Tensor<float, 2> one(1, 12);
    fill(HeNormal{}, one, Philox(1), "OI");
    HeNormal{}(matrix.topRows(1), Philox(1));
    CHECK(one(0, 11) == matrix(0, 11));
}

TEST_CASE("a tensor that is a block of a larger one takes the layer beside its Window") {
    const Conv layer{.in = 4, .out = 6, .kernel = {3}};
    const Window block{.rows = 6, .cols = 12, .row = 2};
    Eigen::MatrixXf whole(6, 12);
    GlorotNormal{}(whole, Philox(1), layer);
    Eigen::Tensor<float, 3, Eigen::RowMajor> tensor(4, 4, 3);
    tensor.setConstant(7);
    CHECK_THROWS_WITH(fill(GlorotNormal{}, tensor, Philox(1), "OIW", block),
                      "nninit: the whole that a Window speaks of may have another kernel than the "
                      "tensor; pass the layer, too");
    CHECK(tensor(0, 0, 0) == 7);
    fill(GlorotNormal{}, tensor, Philox(1), "OIW", block, layer);
    const auto rows = [](auto& t, Eigen::Index cols) {
        return Eigen::Map<Eigen::Matrix<float, -1, -1, Eigen::RowMajor>>(t.data(), 4, cols);
    };
    CHECK(rows(tensor, 12) == whole.bottomRows(4));
    Eigen::Tensor<float, 2, Eigen::RowMajor> plain(4, 12);
    fill(GlorotNormal{}, plain, Philox(1), "OI", block);
    GlorotNormal{}(whole, Philox(1));
    CHECK(rows(plain, 12) == whole.bottomRows(4));
    fill(Uniform{}, tensor, Philox(1), "OIW", block); // control: needs no fans
    Eigen::Tensor<float, 1> outputs(4);
    CHECK_THROWS_AS(fill(GlorotNormal{}, outputs, Philox(1), "O", Window{.rows = 12, .cols = 1}),
                    std::invalid_argument);
    CHECK_THROWS_WITH(fill(Dirac{}, tensor, Philox(1), "OIW", block, layer),
                      "nninit: this initializer fills a whole convolution; pass no Window");
}

TEST_CASE("a convolution whose kernel is not the tensor's is refused to rules of convolutions") {
    std::vector<float> time_first(2 * 4 * 3, 7.0f), rows_first(2 * 4 * 3, 7.0f);
    const auto layer = [](std::initializer_list<detail::Size> kernel) {
        return TransposedConv{.in = 3, .out = 3, .kernel = kernel, .groups = 3};
    };
    const auto refusal = [](const Initializer& rule, std::vector<float>& memory,
                            const std::vector<int>& shape, const char* letters,
                            const auto& convolution) -> std::string {
        try {
            fill(rule, std::span(memory), shape, Philox(1), letters, convolution);
        } catch (const std::invalid_argument& error) {
            return error.what();
        }
        return "not refused";
    };
    const auto wrong = [](const std::string& kernel, const std::string& tensor) {
        return "nninit: the convolution's kernel, " + kernel + ", is not the tensor's, " + tensor +
               ", whose axes count in the order of the alphabet";
    };
    // The kernel's axes are F, of 4, and T, of 2.
    CHECK(refusal(Bilinear{}, time_first, {2, 4, 1, 3}, "TFIO", layer({2, 4})) ==
          wrong("2 x 4", "4 x 2"));
    CHECK(time_first == std::vector<float>(24, 7.0f));
    CHECK(refusal(Bilinear{}, time_first, {2, 4, 1, 3}, "TFIO", layer({4, 2})) == "not refused");
    CHECK(refusal(Bilinear{}, rows_first, {2, 4, 1, 3}, "HWIO", layer({2, 4})) == "not refused");
    CHECK(time_first == rows_first);
    CHECK(refusal(Bilinear{}, rows_first, {2, 4, 1, 3}, "HWIO", layer({4, 2})) ==
          wrong("4 x 2", "2 x 4"));
    CHECK(refusal(HeNormal{}, rows_first, {2, 4, 1, 3}, "HWIO", layer({4, 2})) == "not refused");

    // Several axes of the kernel may be one of the tensor, and axes of 1 be left out.
    std::vector<float> memory(2 * 2 * 9, 7.0f);
    const Conv square{.in = 2, .out = 2, .kernel = {3, 3}}, line{.in = 2, .out = 2, .kernel = {9}};
    for (const Initializer& rule : {Initializer(Dirac{}), Initializer(DeltaOrthogonal{})}) {
        CHECK(refusal(rule, memory, {2, 2, 3, 3}, "OIHW", square) == "not refused");
        CHECK(refusal(rule, memory, {2, 2, 9}, "OIK", square) == "not refused");
        CHECK(refusal(rule, memory, {2, 18}, "OI", square) == "not refused");
        CHECK(refusal(rule, memory, {2, 2, 1, 9}, "OIHW", line) == "not refused");
        CHECK(refusal(rule, memory, {2, 2, 9, 1}, "OIHW", line) == "not refused");
        CHECK(refusal(rule, memory, {2, 2, 3, 3}, "OIHW", line) == wrong("9", "3 x 3"));
        CHECK(refusal(rule, memory, {2, 6, 3}, "OIW", square) == wrong("3 x 3", "3"));
    }
    std::vector<float> more(3 * 3 * 2 * 2);
    CHECK(refusal(Dirac{}, more, {3, 3, 2, 2}, "HWIO", Conv{.in = 6, .out = 2, .kernel = {3}}) ==
          wrong("3", "3 x 3"));
}

TEST_CASE("a layout that is not the tensor's is refused, and nothing is written") {
    Eigen::Tensor<float, 3> tensor(2, 3, 4);
    tensor.setConstant(7);
    Philox rng(1);
    const auto refusal = [&](const auto& rule, const char* letters) -> std::string {
        try {
            fill(rule, tensor, rng, letters);
        } catch (const std::invalid_argument& error) {
            return error.what();
        }
        return "not refused";
    };
    CHECK(refusal(HeNormal{}, "OI") ==
          "nninit: the layout \"OI\" has 2 letters, but the tensor has 3 axes");
    CHECK(refusal(HeNormal{}, "OIOIOIOIOI") != "not refused");
    CHECK(refusal(HeNormal{}, "OHW") ==
          "nninit: the layout \"OHW\" has no input channels, a capital I or C");
    CHECK(refusal(HeNormal{}, "IHW") ==
          "nninit: the layout \"IHW\" has no output channels, a capital O or N");
    // An initializer that holds a rule of fans refuses the same.
    for (const char* const letters : {"OHW", "IHW", "BHW", "OB1"}) {
        CHECK(refusal(Initializer(HeNormal{}), letters) == refusal(HeNormal{}, letters));
        CHECK(refusal(Initializer(HeNormal{}), letters).starts_with("nninit: the layout \""));
    }
    CHECK(refusal(Dirac{}, "BIO") == "nninit: the layout \"BIO\" is not that of a convolution over "
                                     "one to three axes, or a size is 0");
    CHECK(refusal(by_name("dirac"), "BIO") != "not refused");
    // Rules of one layer's matrix; Sparse counts what is zero in a row of it.
    const std::string one_layer =
        "nninit: this rule fills the matrix of one layer; its letters are "
        "O or N, I or C, and those of a kernel";
    for (const char* const letters : {"BOI", "OIB", "oiw", "OHW", "CHW"}) {
        CHECK(refusal(Orthogonal{}, letters) == one_layer);
        CHECK(refusal(Identity{}, letters) == one_layer);
        CHECK(refusal(Sparse{}, letters) == one_layer);
        CHECK(refusal(NguyenWidrow{}, letters) == one_layer);
        CHECK(refusal(by_name("orthogonal"), letters) == one_layer);
    }
    Eigen::Tensor<float, 9> nine(1, 1, 1, 1, 1, 1, 1, 1, 1);
    CHECK_THROWS_WITH(fill(HeNormal{}, nine, rng, "OIABDEFGH"),
                      "nninit: the layout \"OIABDEFGH\" has more than 8 letters");
    Eigen::Tensor<float, 4> four(1, 1, 3, 3);
    CHECK_THROWS_AS(fill(HeNormal{}, four, rng, "OIHH"), std::invalid_argument);
    for (const char* const letters : {"OHH", "HHI", "oo1"})
        CHECK(refusal(Uniform{}, letters) == "nninit: the layout \"" + std::string(letters) +
                                                 "\" has the axis " + letters[1] + " twice");
    const Eigen::Tensor<bool, 0> unchanged = (tensor == 7.0f).all();
    CHECK(unchanged());
    CHECK(rng == Philox(1));
    Eigen::Tensor<float, 3> empty(2, 0, 4);
    fill(HeNormal{}, empty, rng, "OIW");
    CHECK(rng == Philox(1));
    CHECK(refusal(HeNormal{}, "OIW") == "not refused"); // control
}
