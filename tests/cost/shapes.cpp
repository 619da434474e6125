// SPDX-License-Identifier: MIT
#include <Eigen/Dense>
#include <nninit/nninit.hpp>

namespace {

template <class Scalar> void fill(Scalar* weights, nninit::Philox& rng) {
    using Matrix = Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic>;
    using RowMajor = Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
    Matrix w(64, 32);
    RowMajor r(64, 32);
    Eigen::Map<Matrix> map(weights, 64, 32);
    const nninit::HeNormal rule;
    rule(w, rng);
    rule(r, rng);
    rule(map, rng);
    rule(w.block(0, 0, 16, 8), rng);
}

} // namespace

void fill_both(float* f, double* d, nninit::Philox& rng) {
    fill(f, rng);
    fill(d, rng);
}
