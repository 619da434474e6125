// SPDX-License-Identifier: MIT
// Fills from several threads, for the thread sanitizer: each with its own matrix and stream, then
// with copies of one engine into the halves of one matrix. "race" makes them share an engine, which
// must be reported. With OpenMP, one large fill is shared among threads, too.

#include <nninit/nninit.hpp>

#include <cstring>
#include <iostream>
#include <thread>

int main(int argc, char** argv) {
    const bool race = argc > 1 && std::strcmp(argv[1], "race") == 0;
    const nninit::Philox root(1);
    nninit::Philox shared = root;
    Eigen::MatrixXf whole(64, 64), expected(64, 64);
    std::vector<Eigen::MatrixXf> matrices(4, Eigen::MatrixXf(50, 70));
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([&, i] {
            Eigen::MatrixXf& w = matrices[static_cast<std::size_t>(i)];
            for (int round = 0; round < 20; ++round) {
#if !defined(_OPENMP)
                if (race) nninit::Normal{}(w, shared);
#endif
                nninit::HeNormal{}(w, root.stream(i));
                nninit::by_name("orthogonal")(w, root.stream("named").stream(i));
                nninit::TruncatedNormal{}(w.transpose(), root.stream(i));
            }
            nninit::HeNormal{}(whole.middleRows(16 * i, 16), nninit::Philox(root),
                               nninit::Window{.rows = 64, .cols = 64, .row = 16 * i, .col = 0});
        });
    for (std::thread& thread : threads) thread.join();
    nninit::HeNormal{}(expected, nninit::Philox(root));
    bool same = whole == expected;
#if defined(_OPENMP)
    Eigen::MatrixXf a(1000, 1000), b(1000, 1000);
    Eigen::setNbThreads(4);
    if (race) {
#pragma omp parallel for num_threads(4)
        for (int i = 0; i < 100; ++i) nninit::Normal{}(a, shared);
        return 0;
    }
    nninit::HeNormal{}(a, nninit::Philox(root));
    nninit::HeNormal{}(b.transpose(), nninit::Philox(root));
    same = same && a == b.transpose();
#endif
    std::cout << (same ? "the same weights" : "OTHER WEIGHTS") << '\n';
    return same ? 0 : 1;
}
