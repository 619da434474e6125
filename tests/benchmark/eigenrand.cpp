// SPDX-License-Identifier: MIT
// The same fills by EigenRand 0.6, for -O3 -march=native -mno-avx512f.
#include "side.hpp"

#include <Eigen/Dense>
#include <EigenRand/EigenRand>

namespace {

Eigen::Rand::Vmt19937_64 rng(1);

template <class Scalar> void fill(Law law, Scalar* out, long n) {
    Eigen::Map<Eigen::Array<Scalar, -1, 1>> v(out, n);
    if (law == uniform)
        v = Eigen::Rand::uniformRealLike(v, rng, Scalar(-0.1), Scalar(0.1));
    else if (law == normal)
        v = Eigen::Rand::normalLike(v, rng, Scalar(0), Scalar(0.1));
    else
        v = Eigen::Rand::truncatedNormalLike(v, rng, Scalar(0), Scalar(0.1),
                                             Eigen::Rand::support(Scalar(-0.2), Scalar(0.2)));
}

} // namespace

const Side theirs{"EigenRand", [](bool) { return true; },
                  [](Law law, float* out, long n) { fill(law, out, n); },
                  [](Law law, double* out, long n) { fill(law, out, n); },
                  [](Law law, float* out, long rows, long cols) { fill(law, out, rows * cols); }};
