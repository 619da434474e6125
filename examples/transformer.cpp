// SPDX-License-Identifier: MIT
// A transformer's weights. Queries, keys and values are packed in one matrix and filled as blocks,
// each from the stream of its own name; the projections into the residual stream are scaled by
// depth, as in GPT-2.
#include <nninit/nninit.hpp>

#include <cmath>
#include <iostream>
#include <string>

constexpr Eigen::Index layers = 12, width = 128;

struct Block {
    Eigen::MatrixXf qkv{3 * width, width}, out{width, width};
    Eigen::MatrixXf up{4 * width, width}, down{width, 4 * width};

    void initialize(const nninit::Philox& rng) {
        // A block has its own fans, 128 and 128; the packed matrix would have a fan_out of 384.
        Eigen::Index row = 0;
        for (const char* name : {"q", "k", "v"}) {
            nninit::GlorotUniform{}(qkv.middleRows(row, width), rng.stream(name));
            row += width;
        }
        // Each layer adds twice to the residual stream: the sum's variance is that of one term.
        const nninit::Normal residual{.stddev = 0.02 / std::sqrt(2.0 * layers)};
        nninit::Normal{.stddev = 0.02}(up, rng.stream("up"));
        residual(out, rng.stream("out"));
        residual(down, rng.stream("down"));
    }
};

int main() {
    const nninit::Philox rng(42);
    Eigen::MatrixXf embedding(width, 1000); // a column for each token
    nninit::Normal{.stddev = 0.02}(embedding, rng.stream("embedding"));
    std::vector<Block> blocks(layers);
    for (Eigen::Index i = 0; i < layers; ++i)
        blocks[static_cast<std::size_t>(i)].initialize(rng.stream("layer").stream(i));

    const Block& last = blocks.back();
    std::cout << "qkv  " << nninit::describe(last.qkv) << "\nout  " << nninit::describe(last.out)
              << "\ndown " << nninit::describe(last.down) << '\n';

    // A name's weights do not depend on what else there is: the keys alone are the same.
    const auto keys = nninit::make<Eigen::MatrixXf>(
        nninit::GlorotUniform{}, rng.stream("layer").stream(layers - 1).stream("k"), width, width);
    const bool same = keys == last.qkv.middleRows(width, width);
    const double wanted = 0.02 / std::sqrt(24.0); // 5 standard errors: 5 / sqrt(2 * 65536)
    const bool scaled = std::abs(nninit::describe(last.down).stddev / wanted - 1) < 0.014;
    std::cout << "the keys alone: " << (same ? "the same" : "OTHERS")
              << "; residual projections: " << (scaled ? "0.02 / sqrt(24)" : "WRONG") << '\n';
    return same && scaled ? 0 : 1;
}
