// SPDX-License-Identifier: MIT
// REFUSED: nninit: the target is a temporary
#include <nninit/nninit.hpp>

void fill(const nninit::Initializer& init, Eigen::MatrixXf& w, nninit::Philox& rng) {
#ifdef REFUSED
    init(w.transpose().eval(), rng);
#else
    init(w.transpose(), rng);
#endif
}
