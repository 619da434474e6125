// SPDX-License-Identifier: MIT
#include <nninit/nninit.hpp>

#include "catch.hpp"

#include <algorithm>
#include <cstdint>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

using namespace nninit;
using Eigen::Index;

TEST_CASE("sparse leaves exactly the wanted number of weights into each unit") {
    const auto zeros = [](double sparsity, Index cols) {
        const auto w = make<Eigen::MatrixXf>(Sparse{.sparsity = sparsity}, Philox(2), 40, cols);
        const Eigen::VectorXi counts = (w.array() == 0).cast<int>().rowwise().sum().matrix();
        CHECK(counts.minCoeff() == counts.maxCoeff());
        return counts[0];
    };
    CHECK(zeros(0, 10) == 0);
    CHECK(zeros(1, 10) == 10);
    CHECK(zeros(0.07, 100) == 7); // 0.07 * 100 = 7.000000000000001 in double
    CHECK(zeros(0.071, 100) == 8);
    CHECK(zeros(0.29, 100) == 29); // 28.999999999999996
    CHECK(zeros(0.9, 15) == 14);
    CHECK(zeros(1e-9, 10) == 1);
    // 9.00000000000000888 in double, and less 2^-50 of it 9 exactly; by sparsity (1 - 2^-50) first,
    // as an optimiser of sums may have it, 9.0000000000000018.
    CHECK(zeros(0x1.cccccccccccd5p-1, 10) == 9);
    for (int c = 1; c <= 1000; ++c) // 1/c of c, however it is rounded
        if (zeros(1.0 / c, c) != 1) FAIL("1/" << c);
}

// 500 rows of 20 zeros in 100 columns: a column's number of zeros is binomial of mean 100 and
// variance at most 80, and the 100 of them sum to 10000. chi^2 = sum (count - 100)^2 / 80 * 99/100
// has 99 degrees of freedom; beyond 199 lies a probability of 1e-8 (P(chi^2_99 > 199) = 9e-9).
TEST_CASE("the zeros of sparse lie anywhere, differently in each row, and the rest is normal") {
    const Sparse rule{.sparsity = 0.2, .stddev = 0.5};
    const auto w = make<Eigen::MatrixXd>(rule, Philox(6), 500, 100);
    const auto chi_square = [](const Eigen::MatrixXd& x) {
        const Eigen::ArrayXd counts = (x.array() == 0).cast<double>().colwise().sum().transpose();
        return (counts - 100).square().sum() / 80 * 0.99;
    };
    CHECK(chi_square(w) < 199);
    CHECK(chi_square(w) > 38); // P(chi^2_99 < 38) = 1e-8: not placed by a plan either
    Eigen::MatrixXd same = w;  // control: every row as the first
    same.rowwise() = w.row(0).eval();
    CHECK(chi_square(same) > 199);
    std::set<std::string> rows;
    for (Index r = 0; r < 500; ++r) {
        std::string row;
        for (Index c = 0; c < 100; ++c) row += w(r, c) == 0 ? '0' : 'x';
        rows.insert(row);
    }
    CHECK(rows.size() == 500);
    const auto normals = make<Eigen::MatrixXd>(Normal{0, 0.5}, Philox(6), 500, 100);
    CHECK((w.array() == 0 || w.array() == normals.array()).all());
}

// From the docs: behind the normals' words, two words an element, row by row, the low one first;
// the zeros of a row are those of its smallest doubles of 53 bits.
TEST_CASE("the zeros of sparse are those of its engine's words") {
    constexpr Index rows = 7, cols = 700; // more than are drawn at a time
    for (const std::uint64_t begin : {0U, 1U, 2U, 3U}) {
        CAPTURE(begin);
        Philox rng(8), words(8);
        rng.seek(begin);
        words.seek(begin + 2 * rows * cols);
        Eigen::MatrixXd w(rows, cols);
        Sparse{.sparsity = 0.25}(w, rng);
        for (Index r = 0; r < rows; ++r) {
            std::vector<std::pair<std::uint64_t, Index>> order;
            for (Index c = 0; c < cols; ++c) {
                const std::uint64_t low = words(), high = words();
                order.emplace_back((high << 32 | low) >> 11, c);
            }
            std::sort(order.begin(), order.end());
            for (std::size_t i = 0; i < order.size(); ++i)
                REQUIRE((w(r, order[i].second) == 0) == (i < cols / 4));
        }
        CHECK(rng == words);
    }
}

// A half that a fill leaves of a draw of 64 bits is not the next fill's.
TEST_CASE("the zeros of sparse are those of an engine of 64 bits") {
    std::mt19937_64 rng(8), draws(8);
    draws.discard(11); // for 21 floats
    Eigen::MatrixXf w(7, 3);
    Sparse{.sparsity = 0.3}(w, rng);
    for (Index r = 0; r < 7; ++r) {
        std::uint64_t keys[3];
        for (std::uint64_t& key : keys) key = draws() >> 11;
        CHECK(w(r, std::min_element(keys, keys + 3) - keys) == 0);
        CHECK((w.row(r).array() != 0).count() == 2);
    }
    CHECK(rng == draws);
}

namespace {

/// Two words for the normals, and two for the place of each, which differ in one bit of their low
/// words.
struct Close {
    using result_type = std::uint32_t;
    static constexpr result_type min() { return 0; }
    static constexpr result_type max() { return 0xffffffff; }
    int drawn = 0;
    result_type operator()() {
        constexpr result_type words[] = {1, 2, 0x80000000, 77, 0, 77};
        return words[drawn++];
    }
};

} // namespace

TEST_CASE("places whose high words are the same are told apart by the low ones") {
    Eigen::RowVector2f w;
    Close engine;
    Sparse{.sparsity = 0.5}(w, engine, Dense{.in = 2, .out = 1});
    CHECK(w[0] != 0);
    CHECK(w[1] == 0);
    CHECK(engine.drawn == 6);
}

TEST_CASE("sparse draws the places from its engine, whatever the storage") {
    Philox rng(7), other(7);
    const auto a = make<Eigen::MatrixXf>(Sparse{.sparsity = 0.5}, rng, 30, 20);
    const auto b =
        make<Eigen::Matrix<float, -1, -1, Eigen::RowMajor>>(Sparse{.sparsity = 0.5}, other, 30, 20);
    CHECK(a == b);
    CHECK(rng == other);
    CHECK(rng.position() == 3 * 30 * 20);
    CHECK(Sparse{} == Sparse{.sparsity = 0.9, .stddev = 0.01});
    CHECK(Sparse{.sparsity = 0.5} != Sparse{.sparsity = 0.5, .stddev = 1});
    const auto next = make<Eigen::MatrixXf>(Sparse{.sparsity = 0.5}, rng, 30, 20);
    CHECK((next.array() == 0).cast<int>().matrix() != (a.array() == 0).cast<int>().matrix());
    std::mt19937 x(1), y(1);
    const auto left = make<Eigen::MatrixXf>(Sparse{}, x, 9, 30);
    CHECK(left == make<Eigen::MatrixXf>(Sparse{}, y, 9, 30));
    CHECK((left.array() != 0).any());
    CHECK(x == y);
}

TEST_CASE("a matrix without rows is left alone, however many columns it has") {
    Eigen::Map<Eigen::MatrixXf> none(nullptr, 0, Eigen::Index{1} << 40);
    Philox engine(1);
    Sparse{}(none, engine);
    CHECK(engine.position() == 0);
    CHECK_THROWS_AS(Sparse{.stddev = -1}(none, engine), std::invalid_argument);
}
