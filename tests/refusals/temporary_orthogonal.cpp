// SPDX-License-Identifier: MIT
// REFUSED: nninit: the target is a temporary
#include <nninit/nninit.hpp>

void fill(Eigen::MatrixXf& w, nninit::Philox& rng) {
#ifdef REFUSED
    nninit::Orthogonal{}(Eigen::MatrixXf(w), rng);
#else
    nninit::Orthogonal{}(w.topRows(2), rng);
#endif
}
