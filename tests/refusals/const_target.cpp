// SPDX-License-Identifier: MIT
// REFUSED: nninit: the target is const
#include <nninit/nninit.hpp>

void fill(Eigen::MatrixXf& w, nninit::Philox& rng) {
#ifdef REFUSED
    const Eigen::MatrixXf& target = w;
#else
    Eigen::MatrixXf& target = w;
#endif
    nninit::HeNormal{}(target, rng);
}
