// SPDX-License-Identifier: MIT
// mpirun -np 4 mpi_blocks: each rank fills its block of weight matrices that exist nowhere as a
// whole, by windows and without communication. Whatever the number of ranks and the cut, the
// weights are those of one process: a sum of hashes over all ranks shows it.
#include <nninit/nninit.hpp>

#include <bit>
#include <cstdio>
#include <mpi.h>

using Eigen::Index;

/// The rows x cols weights cut into down x across blocks, as even as they can be. Each weight is
/// mixed with its place in the whole, so that the hashes of blocks add up to the whole's.
std::uint64_t hash(const nninit::Philox& rng, int down, int across, int block) {
    constexpr Index rows = 1201, cols = 807;
    const Index row = rows * (block % down) / down, col = cols * (block / down) / across;
    Eigen::MatrixXf w(rows * (block % down + 1) / down - row,
                      cols * (block / down + 1) / across - col);
    nninit::HeNormal{}(w, nninit::Philox(rng),
                       nninit::Window{.rows = rows, .cols = cols, .row = row, .col = col});
    std::uint64_t sum = 0;
    for (Index c = 0; c < w.cols(); ++c)
        for (Index r = 0; r < w.rows(); ++r) {
            const auto place = static_cast<std::uint64_t>((col + c) * rows + row + r);
            std::uint64_t x = place << 32 ^ std::bit_cast<std::uint32_t>(w(r, c));
            x = (x ^ x >> 31) * 0x9e3779b97f4a7c15;
            sum += (x ^ x >> 29) * 0xbf58476d1ce4e5b9;
        }
    return sum;
}

int main(int argc, char** argv) {
    MPI_Init(&argc, &argv);
    int rank = 0, ranks = 1, grid[2] = {0, 0};
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &ranks);
    MPI_Dims_create(ranks, 2, grid);
    const nninit::Philox rng(42);
    bool good = true;
    const auto cut = [&](const char* name, int down, int across) {
        const std::uint64_t mine = hash(rng.stream(name), down, across, rank);
        const std::uint64_t one = hash(rng.stream(name), 1, 1, 0);
        std::uint64_t all = 0;
        MPI_Allreduce(&mine, &all, 1, MPI_UINT64_T, MPI_SUM, MPI_COMM_WORLD);
        if (rank == 0)
            std::printf("%-8s %d x %d blocks: hash %016llx, one process: %016llx\n", name, down,
                        across, static_cast<unsigned long long>(all),
                        static_cast<unsigned long long>(one));
        good = good && all == one;
    };
    cut("rows", ranks, 1);
    cut("columns", 1, ranks);
    cut("grid", grid[0], grid[1]);
    if (rank == 0) std::puts(good ? "all blocks are those of one process" : "DIFFERENT");
    MPI_Finalize();
    return good ? 0 : 1;
}
