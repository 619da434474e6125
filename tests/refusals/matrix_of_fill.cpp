// SPDX-License-Identifier: MIT
// REFUSED: nninit: a matrix is filled by the rule itself, HeNormal\{\}\(w, engine\)
#include <nninit/nninit.hpp>
#include <nninit/tensor.hpp>

void fill(Eigen::MatrixXf& w, nninit::Philox& rng) {
#ifdef REFUSED
    nninit::fill(nninit::HeNormal{}, w, rng, "OI");
#else
    nninit::HeNormal{}(w, rng);
#endif
}
