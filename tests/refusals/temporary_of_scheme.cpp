// SPDX-License-Identifier: MIT
// REFUSED: nninit: the target is a temporary
#include <nninit/nninit.hpp>

void fill(Eigen::MatrixXf& w, nninit::Scheme& scheme, const nninit::Philox& rng) {
#ifdef REFUSED
    scheme("w", Eigen::MatrixXf(w), rng);
#else
    scheme("w", w.topRows(2), rng);
#endif
}
