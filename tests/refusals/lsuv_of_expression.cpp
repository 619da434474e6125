// SPDX-License-Identifier: MIT
// REFUSED: nninit: Lsuv's forward function must return an Eigen matrix or array
#include <nninit/nninit.hpp>

void fill(Eigen::MatrixXf& w, const Eigen::MatrixXf& x, nninit::Philox& rng) {
    nninit::Lsuv{}(w, rng, [&] { return Eigen::MatrixXf(w * x); });
#ifdef REFUSED
    nninit::Lsuv{}(w, rng, [&] {
        const Eigen::MatrixXf y = w * x;
        return y.cwiseMax(0);
    });
#endif
}
