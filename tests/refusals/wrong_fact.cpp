// SPDX-License-Identifier: MIT
// REFUSED: nninit: after the engine come layer facts
#include <nninit/nninit.hpp>

void fill(Eigen::MatrixXf& w, nninit::Philox& rng) {
#ifdef REFUSED
    nninit::HeNormal{}(w, rng, 784);
#else
    nninit::HeNormal{}(w, rng, nninit::Dense{.in = 784, .out = 128});
#endif
}
