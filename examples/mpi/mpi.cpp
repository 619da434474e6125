// SPDX-License-Identifier: MIT
// mpirun -np 4 mpi: each rank fills its block of weight matrices that exist nowhere as a whole, by
// windows and without communication. Whatever the number of ranks and the cut, the weights are
// those of one process: a sum of hashes over all ranks shows it.

#include <nninit/nninit.hpp>

#include <mpi.h>

#include <bit>
#include <cstdio>

namespace {

using Eigen::Index;
using nninit::Window;

constexpr nninit::HeNormal rule{};

/// A sum over the block's weights, each mixed with its place in the whole, so that blocks add up to
/// the whole in any order.
std::uint64_t hash(const Eigen::MatrixXf& block, Index whole_rows, Index row, Index col) {
    std::uint64_t sum = 0;
    for (Index c = 0; c < block.cols(); ++c)
        for (Index r = 0; r < block.rows(); ++r) {
            const auto place = static_cast<std::uint64_t>((col + c) * whole_rows + row + r);
            std::uint64_t x = place << 32 ^ std::bit_cast<std::uint32_t>(block(r, c));
            x = (x ^ x >> 31) * 0x9e3779b97f4a7c15;
            x = (x ^ x >> 29) * 0xbf58476d1ce4e5b9;
            sum += x ^ x >> 32;
        }
    return sum;
}

std::uint64_t total(std::uint64_t mine) {
    std::uint64_t sum = 0;
    MPI_Allreduce(&mine, &sum, 1, MPI_UINT64_T, MPI_SUM, MPI_COMM_WORLD);
    return sum;
}

/// Part `i` of `n` parts of an axis, as even as they can be.
struct Part {
    Index first, size;
    Part(Index axis, int i, int n) : first(axis * i / n), size(axis * (i + 1) / n - first) {}
};

/// Whether the blocks of a cut into down x across parts are those of one process.
bool cut(const char* name, const nninit::Philox& rng, int rank, int down, int across) {
    constexpr Index rows = 1201, cols = 807;
    const Part r(rows, rank % down, down), c(cols, rank / down, across);
    Eigen::MatrixXf block(r.size, c.size), whole(rows, cols);
    rule(block, nninit::Philox(rng),
         Window{.rows = rows, .cols = cols, .row = r.first, .col = c.first});
    const std::uint64_t parts = total(hash(block, rows, r.first, c.first));
    rule(whole, nninit::Philox(rng));
    const std::uint64_t one = hash(whole, rows, 0, 0);
    if (rank == 0)
        std::printf("%-8s %d x %d blocks: hash %016llx, one process: %016llx\n", name, down, across,
                    static_cast<unsigned long long>(parts), static_cast<unsigned long long>(one));
    return parts == one;
}

/// Blocks of a matrix of 10^12 weights, four terabytes as a whole, each checked at 1000 places
/// against the single weight that the engine gives at that place of the stream.
bool huge(const nninit::Philox& rng, int rank) {
    constexpr Index whole = 1'000'000, side = 1000;
    const Index row = 0, col = 100'000 + side * rank; // rank 0: element 10^11
    Eigen::MatrixXf block(side, side);
    const double start = MPI_Wtime();
    rule(block, nninit::Philox(rng), Window{.rows = whole, .cols = whole, .row = row, .col = col});
    const double seconds = MPI_Wtime() - start;
    const nninit::Normal each = rule.given({.in = 1e6, .out = 1e6});
    std::uint64_t wrong = 0;
    for (Index i = 0; i < 1000; ++i) {
        const Index r = i * 7919 % side, c = i * 104729 % side;
        nninit::Philox at = rng;
        at.seek(static_cast<std::uint64_t>((col + c) * whole + row + r));
        Eigen::Matrix<float, 1, 1> weight;
        each(weight, at);
        wrong += weight(0, 0) != block(r, c);
    }
    const std::uint64_t all_wrong = total(wrong);
    if (rank == 0)
        std::printf("10^6 x 10^6: a block of 10^6 weights at element 10^11 took %.2f ms; of 1000 "
                    "weights looked up in each block, %llu differ\n",
                    1e3 * seconds, static_cast<unsigned long long>(all_wrong));
    return all_wrong == 0;
}

} // namespace

int main(int argc, char** argv) {
    MPI_Init(&argc, &argv);
    int rank = 0, ranks = 1;
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &ranks);
    const nninit::Philox root(42);

    bool good = cut("rows", root.stream("rows"), rank, ranks, 1);
    good &= cut("columns", root.stream("columns"), rank, 1, ranks);
    int grid[2] = {0, 0};
    MPI_Dims_create(ranks, 2, grid);
    good &= cut("grid", root.stream("grid"), rank, grid[0], grid[1]);
    good &= huge(root.stream("huge"), rank);

    if (rank == 0) {
        const nninit::Fans whole{.in = 4096, .out = 4096}, part{.in = 4096.0 / ranks, .out = 4096};
        std::printf("4096 x 4096 cut by columns: stddev %.6f from the whole's fans, %.6f from the "
                    "block's own, which would be %.2f times too large\n",
                    rule.given(whole).stddev, rule.given(part).stddev,
                    rule.given(part).stddev / rule.given(whole).stddev);
        std::puts(good ? "all blocks are those of one process" : "DIFFERENT");
    }
    MPI_Finalize();
    return good ? 0 : 1;
}
