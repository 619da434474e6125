// SPDX-License-Identifier: MIT
// shapes [limit]: ns per value of normal floats (and a few uniform ones and doubles) by shape,
// order, stride and position of the engine, minimum of 9, all shapes in turn, and the largest ratio
// to the same law's column-major 1000 x 1000 of the same run. Fails if that exceeds the limit.
#include <nninit/philox.hpp>
#include <nninit/rules.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>
#include <vector>

namespace {

using namespace nninit;

struct Timed {
    std::string name;
    long values;
    std::function<void()> fill;
    double least = 1e300;
};
std::vector<Timed> shapes;

/// A fill of a target that `view` takes of a matrix, the engine `position` words behind a block.
template <class Rule, class Matrix, class View>
void add(const std::string& name, const Rule& rule, Matrix& w, std::uint64_t position,
         const View& view) {
    auto&& target = view(w);
    shapes.push_back(
        {name, static_cast<long>(target.size()), [=, &w, turn = std::uint64_t{0}]() mutable {
             Philox rng(1);
             // Goes on in the stream, so that slow words come as often as they do.
             rng.seek(turn++ * (1 << 26) + position);
             rule(view(w), rng);
         }});
}

template <class Scalar, class Rule> void add_all(const std::string& law, const Rule& rule) {
    using Column = Eigen::Matrix<Scalar, -1, -1>;
    using Row = Eigen::Matrix<Scalar, -1, -1, Eigen::RowMajor>;
    static Column w(1000, 1000), big(3163, 3163), tall(1'000'000 / 50, 50), wide(50, 20'000);
    static Row r(1000, 1000), odd(999, 999), large(3163, 3163), small(16, 16);
    static Column c16(16, 16), c999(999, 999);
    const auto whole = [](auto& m) -> auto& { return m; };
    add(law + ", column-major 1000 x 1000", rule, w, 0, whole); // what the others are compared with
    for (const unsigned at : {1U, 2U, 3U})
        add(law + ", column-major at position " + std::to_string(at), rule, w, at, whole);
    add(law + ", column-major 999 x 999", rule, c999, 0, whole);
    add(law + ", column-major 3163 x 3163", rule, big, 0, whole);
    for (const unsigned at : {0U, 1U, 2U, 3U})
        add(law + ", row-major 1000 x 1000 at position " + std::to_string(at), rule, r, at, whole);
    add(law + ", row-major 999 x 999", rule, odd, 0, whole);
    add(law + ", row-major 3163 x 3163", rule, large, 0, whole);
    add(law + ", 16 x 16", rule, c16, 0, whole);
    add(law + ", row-major 16 x 16", rule, small, 0, whole);
    for (const int rows : {1, 2, 4, 8})
        add(law + ", block of " + std::to_string(rows) + " rows of 50", rule, wide, 0,
            [rows](auto& m) { return m.topRows(rows); });
    add(law + ", row(0) of 1000 x 1000", rule, w, 0, [](auto& m) { return m.row(0); });
    add(law + ", col(0) of row-major 1000 x 1000", rule, r, 0, [](auto& m) { return m.col(0); });
    add(law + ", transpose", rule, w, 1, [](auto& m) { return m.transpose(); });
    add(law + ", reverse", rule, w, 0, [](auto& m) { return m.reverse(); });
    add(law + ", block 900 x 900", rule, w, 1, [](auto& m) { return m.block(3, 5, 900, 900); });
    add(law + ", row-major block 900 x 900", rule, r, 1,
        [](auto& m) { return m.block(3, 5, 900, 900); });
    add(law + ", inner stride 2", rule, w, 0, [](auto& m) {
        using Strides = Eigen::Stride<-1, -1>;
        return Eigen::Map<Column, 0, Strides>(m.data(), 500, 1000, Strides(1000, 2));
    });
    add(law + ", columns of 3", rule, w, 0, [](auto& m) {
        return Eigen::Map<Column, 0, Eigen::OuterStride<>>(m.data(), 3, 100'000,
                                                           Eigen::OuterStride<>(10));
    });
}

} // namespace

int main(int argc, char** argv) {
    Eigen::setNbThreads(1);
    add_all<float>("normal float", Normal{.stddev = 0.1});
    const std::size_t of_a_law = shapes.size();
#ifndef FEW
    add_all<float>("uniform float", Uniform{-1, 1});
    add_all<double>("normal double", Normal{.stddev = 0.1});
#endif
    for (int round = 0; round < 9; ++round)
        for (Timed& shape : shapes) {
            const long times = std::max(1L, 100'000 / shape.values);
            if (round == 0) shape.fill();
            const auto begin = std::chrono::steady_clock::now();
            for (long i = 0; i < times; ++i) shape.fill();
            const std::chrono::duration<double, std::nano> taken =
                std::chrono::steady_clock::now() - begin;
            shape.least =
                std::min(shape.least, taken.count() / static_cast<double>(times * shape.values));
        }
    double worst = 0;
    std::string name;
    for (std::size_t i = 0; i < shapes.size(); ++i) {
        const double ratio = shapes[i].least / shapes[i / of_a_law * of_a_law].least;
        std::printf("%-52s %8.3f ns %7.2f\n", shapes[i].name.c_str(), shapes[i].least, ratio);
        if (ratio > worst) worst = ratio, name = shapes[i].name;
    }
    std::printf("worst over column-major 1000 x 1000: %.2f, %s\n", worst, name.c_str());
    return argc > 1 && worst > std::atof(argv[1]);
}
