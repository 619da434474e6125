// SPDX-License-Identifier: MIT
// REFUSED: nninit: the engine must be a random number engine
#include <nninit/nninit.hpp>

void fill(Eigen::MatrixXf& w, nninit::Philox& rng) {
    nninit::HeNormal{}(w, rng);
#ifdef REFUSED
    nninit::HeNormal{}(w);
#endif
}
