// SPDX-License-Identifier: MIT
// REFUSED: nninit: a vector has no fan_in and fan_out of its own; pass the layer
#include <nninit/nninit.hpp>

void fill(Eigen::MatrixXf& w, nninit::Philox& rng) {
#ifdef REFUSED
    nninit::GlorotUniform{}(w.row(0), rng);
#else
    nninit::GlorotUniform{}(w.row(0), rng, nninit::Fans::of(w));
#endif
}
