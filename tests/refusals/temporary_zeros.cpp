// SPDX-License-Identifier: MIT
// REFUSED: nninit: the target is a temporary
#include <nninit/nninit.hpp>

void fill(Eigen::MatrixXf& w, nninit::Philox& rng) {
#ifdef REFUSED
    nninit::Zeros{}(Eigen::MatrixXf(w), rng);
#else
    nninit::Zeros{}(w.topRows(2), rng);
#endif
}
