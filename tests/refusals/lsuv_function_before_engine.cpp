// SPDX-License-Identifier: MIT
// REFUSED: nninit: the engine must be a random number engine
#include <nninit/nninit.hpp>

void fill(Eigen::MatrixXf& w, const Eigen::MatrixXf& x, nninit::Philox& rng) {
    const auto forward = [&] { return x; };
    nninit::Lsuv{}(w, rng, forward);
#ifdef REFUSED
    nninit::Lsuv{}(w, forward, rng);
#endif
}
