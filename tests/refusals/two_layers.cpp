// SPDX-License-Identifier: MIT
// REFUSED: nninit: pass one layer
#include <nninit/nninit.hpp>

void fill(Eigen::MatrixXf& w, nninit::Philox& rng) {
    const nninit::Dense layer{.in = 3, .out = 4};
    nninit::HeNormal{}(w, rng, layer, nninit::Window{.rows = 4, .cols = 3});
#ifdef REFUSED
    nninit::HeNormal{}(w, rng, layer, nninit::Fans::of(w));
#endif
}
