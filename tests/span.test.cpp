// SPDX-License-Identifier: MIT
#include <nninit/nninit.hpp>
#include <nninit/tensor.hpp>

#include "catch.hpp"

#include <span>
#include <stdexcept>
#include <string>
#include <vector>

using namespace nninit;

TEST_CASE("a span has the weights of the tensor of its shape and letters") {
    const Philox rng = Philox(1).stream("kernel");
    Eigen::Tensor<float, 4, Eigen::RowMajor> tensor(3, 2, 4, 5);
    std::vector<float> listed(3 * 2 * 4 * 5), shaped(listed.size());
    for (const char* letters : {"HWIO", "OIHW", "IHWO", "OHWI"}) {
        CAPTURE(letters);
        const std::vector<int> shape{3, 2, 4, 5};
        fill(HeNormal{}, tensor, Philox(rng), letters);
        fill(HeNormal{}, std::span(listed), {3, 2, 4, 5}, Philox(rng), letters);
        fill(HeNormal{}, std::span(shaped), shape, Philox(rng), letters);
        CHECK(std::equal(listed.begin(), listed.end(), tensor.data()));
        CHECK(shaped == listed);
        fill(HeNormal{}, std::span(shaped), shape, Philox(2), letters); // control
        CHECK(shaped != listed);
    }
    // Eight axes, the most there can be, of which those of size 1 count for nothing.
    fill(HeNormal{}, std::span(listed), {3, 2, 4, 5}, Philox(rng), "OIHW");
    fill(HeNormal{}, std::span(shaped), {3, 2, 1, 4, 1, 1, 1, 5}, Philox(rng), "OIADEFGP");
    CHECK(shaped == listed);
}

TEST_CASE("an OI span is the row-major matrix, whose weights it has") {
    std::vector<double> memory(7 * 11);
    Eigen::MatrixXd w(7, 11);
    GlorotUniform{}(w, Philox(1));
    fill(GlorotUniform{}, std::span(memory), {7, 11}, Philox(1), "OI");
    for (int r = 0; r < 7; ++r)
        for (int c = 0; c < 11; ++c) CHECK(memory[static_cast<std::size_t>(r * 11 + c)] == w(r, c));
}

TEST_CASE("a shape that is not the memory's is refused, and nothing is written") {
    std::vector<float> memory(24, 7);
    Philox rng(1);
    const auto refusal = [&](const std::vector<long>& shape, const char* letters) -> std::string {
        try {
            fill(HeNormal{}, std::span(memory), shape, rng, letters);
        } catch (const std::invalid_argument& error) {
            return error.what();
        }
        return "";
    };
    const std::string product =
        "nninit: the memory has 24 elements, which is not the product of the shape's sizes";
    CHECK(refusal({4, 5}, "OI") == product);
    CHECK(refusal({-4, -6}, "OI") == "nninit: the shape has a negative size, -4");
    const std::string large = "nninit: the product of the sizes is 2^63 or more";
    CHECK(refusal({1L << 32, 1L << 31, 24}, "OIW") == large);
    CHECK(refusal({1L << 32, 1L << 31}, "OI") == large);
    CHECK(refusal({1L << 31, 1L << 31}, "OI") == product);
    CHECK(refusal({1, 1, 1, 1, 1, 1, 1, 1, 24}, "OIABCDEFG") ==
          "nninit: the shape has more than 8 axes");
    CHECK(refusal({4, 6}, "OIW") ==
          "nninit: the layout \"OIW\" has 3 letters, but the tensor has 2 axes");
    CHECK(memory == std::vector<float>(24, 7));
    CHECK(rng == Philox(1));
    CHECK(refusal({4, 6}, "OI").empty()); // control
    memory.clear();
    CHECK(refusal({1L << 31, 1L << 31}, "OI") ==
          "nninit: the memory has 0 elements, which is not the product of the shape's sizes");
    for (const auto& shape : {std::vector{1L << 40, 1L << 40, 0L}, {0L, 1L << 40, 1L << 40}})
        CHECK(refusal(shape, "OIW") == large);              // wherever the 0 stands
    CHECK(refusal({1L << 40, 0, 1L << 20}, "OIW").empty()); // control
    try {
        fill(HeNormal{}, std::span(memory), {~std::uint64_t{0}, 0}, rng, "OI");
        FAIL("not refused");
    } catch (const std::invalid_argument& error) {
        CHECK(std::string(error.what()) == "nninit: the shape has a size of 1.844674407e+19");
    }
}
