// SPDX-License-Identifier: MIT
// REFUSED: nninit: Lsuv's forward function must return an Eigen matrix or array
#include <nninit/nninit.hpp>

void fill(Eigen::MatrixXf& w, Eigen::MatrixXf& y, const Eigen::MatrixXf& x, nninit::Philox& rng) {
    nninit::Lsuv{}(
        w, rng, [&]() -> auto& { return y = w * x; });
#ifdef REFUSED
    nninit::Lsuv{}(w, rng, [&] { y = w * x; });
#endif
}
