// SPDX-License-Identifier: MIT
// With an index of 32 bits, a matrix of more than 2^30 coefficients is filled: 2.1 GB, about 10 s.
//     g++ -std=c++20 -O2 -Iinclude -isystem /usr/include/eigen3 tests/long/int_index.cpp
#define EIGEN_DEFAULT_DENSE_INDEX_TYPE int
#include <nninit/philox.hpp>
#include <nninit/rules.hpp>

#include <cstdio>
#include <cstdlib>
#include <new>
#include <sys/resource.h>

using Eigen::bfloat16;
using Matrix = Eigen::Matrix<bfloat16, Eigen::Dynamic, Eigen::Dynamic>;

int main() {
    constexpr int rows = 32768, cols = 32832;
    const std::size_t size = std::size_t{rows} * cols;
    auto* const memory = static_cast<bfloat16*>(std::calloc(size, sizeof(bfloat16)));
    if (memory == nullptr) return std::puts("left out: 2.1 GB are not to be had"), 77;
    int wrong = 0;
    const auto expect = [&](bool right, const char* claim) {
        std::printf("%s: %s\n", right ? "ok" : "WRONG", claim);
        wrong += !right;
    };
    const nninit::Uniform rule{.low = 1, .high = 2};
    nninit::Philox rng(1);
    Eigen::Map<Matrix> w(memory, rows, cols);
    rule(w, rng);
    expect(rng.position() == size, "the engine stands behind the last word");
    const auto written = [&] {
        std::size_t outside = 0;
        for (std::size_t i = 0; i < size; ++i) {
            const auto x = static_cast<float>(memory[i]);
            outside += !(x >= 1 && x <= 2);
        }
        return outside == 0;
    };
    expect(written(), "every coefficient is written");
    Matrix column(rows, 1);
    const nninit::Window last{.rows = rows, .cols = cols, .row = 0, .col = cols - 1};
    rule(column, nninit::Philox(1), last);
    bool same = true;
    for (int r = 0; r < rows; ++r)
        same =
            same && column(r, 0).value == memory[size - rows + static_cast<std::size_t>(r)].value;
    expect(same, "the last column is its window");

    Eigen::Map<Eigen::Matrix<bfloat16, -1, -1, Eigen::RowMajor>> row_major(memory, cols, rows);
    for (std::size_t i = 0; i < size; ++i) memory[i] = bfloat16(0);
    rule(row_major, nninit::Philox(1));
    expect(written(), "every coefficient of a row-major one is written");

    // 9e8 coefficients have an index; here there is no memory for them.
    std::free(memory);
    const rlimit limit{std::size_t{1} << 31, std::size_t{1} << 31};
    setrlimit(RLIMIT_AS, &limit);
    bool no_memory = false;
    try {
        static_cast<void>(nninit::make<Eigen::MatrixXf>(rule, rng, 30000, 30000));
    } catch (const std::bad_alloc&) {
        no_memory = true;
    } catch (const std::exception& error) {
        std::puts(error.what());
    }
    expect(no_memory, "make asks for the memory of 30000 x 30000 floats");
    return wrong != 0;
}
