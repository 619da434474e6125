// SPDX-License-Identifier: MIT
// REFUSED: nninit: the engine must be a random number engine
#include <nninit/nninit.hpp>

void fill(Eigen::MatrixXf& w, nninit::Philox& rng) {
    const nninit::Conv conv{.in = 3, .out = 3, .kernel = {3, 3}};
    nninit::DeltaOrthogonal{}(w, rng, conv);
#ifdef REFUSED
    nninit::DeltaOrthogonal{}(w, conv);
#endif
}
