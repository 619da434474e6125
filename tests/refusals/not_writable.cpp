// SPDX-License-Identifier: MIT
// REFUSED: nninit: the target must be a writable dense Eigen matrix
#include <nninit/nninit.hpp>

void fill(Eigen::MatrixXf& a, Eigen::MatrixXf& b, nninit::Philox& rng) {
#ifdef REFUSED
    nninit::Normal{}(a + b, rng);
#else
    nninit::Normal{}(a.transpose(), rng);
    nninit::Normal{}(b.topRows(2).array(), rng);
#endif
}
