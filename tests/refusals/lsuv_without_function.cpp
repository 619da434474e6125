// SPDX-License-Identifier: MIT
// REFUSED: nninit: after the engine comes a function without parameters
#include <nninit/nninit.hpp>

void fill(Eigen::MatrixXf& w, const Eigen::MatrixXf& x, nninit::Philox& rng) {
    nninit::Lsuv{}(w, rng, [&] { return x; });
#ifdef REFUSED
    nninit::Lsuv{}(w, rng, x);
#endif
}
