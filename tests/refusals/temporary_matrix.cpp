// SPDX-License-Identifier: MIT
// REFUSED: nninit: the target is a temporary
#include <nninit/nninit.hpp>

void fill(nninit::Philox& rng) {
#ifdef REFUSED
    nninit::HeNormal{}(Eigen::MatrixXf(3, 3), rng);
#else
    Eigen::MatrixXf w(3, 3);
    nninit::HeNormal{}(w, rng);
    nninit::HeNormal{}(Eigen::Map<Eigen::MatrixXf>(w.data(), 3, 3), rng);
    nninit::HeNormal{}(Eigen::Ref<Eigen::MatrixXf>(w), rng);
    nninit::HeNormal{}(w.block(0, 0, 2, 2), rng);
    nninit::HeNormal{}(w.array(), rng);
#endif
}
