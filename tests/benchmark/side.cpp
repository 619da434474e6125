// SPDX-License-Identifier: MIT
// The fills of one tree's headers. -DSIDE=ours, or -DSIDE=theirs -Dnninit=nninit_old for the other
// tree, whose namespace is thereby another.
#include "side.hpp"

#include <nninit/philox.hpp>
#include <nninit/rules.hpp>

namespace {

nninit::Philox rng(1);

template <class Target> void fill(Law law, Target&& target) {
    const nninit::Normal wide{.stddev = 0.1};
    if (law == uniform)
        nninit::Uniform{.low = -0.1, .high = 0.1}(target, rng);
    else if (law == normal)
        wide(target, rng);
    else
        nninit::TruncatedNormal::within(2, wide)(target, rng);
}

} // namespace

#define NAME_OF(x) #x
#define NAME(x) NAME_OF(x)

const Side SIDE{
    NAME(SIDE),
    [](bool avx512) {
        using nninit::detail::Path;
        const Path path = avx512 ? Path::avx512 : Path::avx2;
        if (!nninit::detail::has(path)) return false;
        nninit::detail::path() = path;
        return true;
    },
    [](Law law, float* out, long n) { fill(law, Eigen::Map<Eigen::VectorXf>(out, n)); },
    [](Law law, double* out, long n) { fill(law, Eigen::Map<Eigen::VectorXd>(out, n)); },
    [](Law law, float* out, long rows, long cols) {
        using Matrix = Eigen::Matrix<float, -1, -1, Eigen::RowMajor>;
        fill(law, Eigen::Map<Matrix>(out, rows, cols));
    }};
