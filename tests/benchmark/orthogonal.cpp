// SPDX-License-Identifier: MIT
// Orthogonal beside another tree's and beside LAPACK, by orthogonal.sh. Compiled once for each,
// with SIDE naming what it offers (LAPACK: geqrf and orgqr over the same normals), and without for
// main.
#ifdef SIDE

#include <nninit/nninit.hpp>

#ifdef LAPACK
extern "C" {
void sgeqrf_(int*, int*, float*, int*, float*, float*, int*, int*);
void sorgqr_(int*, int*, int*, float*, int*, float*, float*, int*, int*);
void dgeqrf_(int*, int*, double*, int*, double*, double*, int*, int*);
void dorgqr_(int*, int*, int*, double*, int*, double*, double*, int*, int*);
}
namespace {
template <class T, class Qrf, class Gqr> void fill(T* out, int m, int n, Qrf qrf, Gqr gqr) {
    if (m < n) std::swap(m, n);
    int info = 0, size = 64 * n;
    std::vector<T> tau(static_cast<std::size_t>(n)), work(static_cast<std::size_t>(size));
    Eigen::Map<Eigen::Matrix<T, -1, -1>> w(out, m, n);
    nninit::Normal{}(w, nninit::Philox(42));
    qrf(&m, &n, out, &m, tau.data(), work.data(), &size, &info);
    gqr(&m, &n, &n, out, &m, tau.data(), work.data(), &size, &info);
}
} // namespace
void SIDE(float* out, int rows, int cols, int) { fill(out, rows, cols, sgeqrf_, sorgqr_); }
void SIDE(double* out, int rows, int cols, int) { fill(out, rows, cols, dgeqrf_, dorgqr_); }
#else
namespace {
template <class T> void fill(T* out, int rows, int cols, [[maybe_unused]] int path) {
#ifdef PATHS
    using nninit::detail::Path;
    nninit::detail::path() = path == 0 ? nninit::detail::widest_path() : Path::avx2;
#endif
    Eigen::Map<Eigen::Matrix<T, -1, -1>> w(out, rows, cols);
    nninit::Orthogonal{}(w, nninit::Philox(42));
}
} // namespace
void SIDE(float* out, int rows, int cols, int path) { fill(out, rows, cols, path); }
void SIDE(double* out, int rows, int cols, int path) { fill(out, rows, cols, path); }
#endif

#else

#include <chrono>
#include <cstdio>
#include <vector>

template <class T> using Fill = void (*)(T*, int rows, int cols, int path);
#define FILLS(name) void name(float*, int, int, int), name(double*, int, int, int)
FILLS(ours);
FILLS(theirs);
FILLS(lapack);

template <class T> void compare(const char* type, int rows, int cols) {
    std::vector<T> w(static_cast<std::size_t>(rows) * static_cast<std::size_t>(cols));
    const Fill<T> sides[] = {ours, theirs, lapack, ours};
    double least[4];
    for (int round = 0; round < (w.size() > 1'000'000 ? 5 : 40); ++round)
        for (int side = 0; side < 4; ++side) {
            const auto begin = std::chrono::steady_clock::now();
            sides[side](w.data(), rows, cols, side == 3);
            const std::chrono::duration<double, std::milli> taken =
                std::chrono::steady_clock::now() - begin;
            if (round == 0 || taken.count() < least[side]) least[side] = taken.count();
        }
    std::printf("%-6s %4d x %-4d %9.2f ms, %5.2f of the other tree's, %5.2f of LAPACK's; on AVX2 "
                "%5.2f of it\n",
                type, rows, cols, least[0], least[0] / least[1], least[0] / least[2],
                least[3] / least[2]);
}

int main() {
    constexpr int shapes[][2] = {{256, 256}, {1024, 1024}, {2048, 2048}, {4096, 512}, {512, 4096}};
    for (const auto& [rows, cols] : shapes) {
        compare<float>("float", rows, cols);
        compare<double>("double", rows, cols);
    }
}

#endif
