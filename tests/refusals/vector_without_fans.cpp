// SPDX-License-Identifier: MIT
// REFUSED: nninit: a vector has no fan_in and fan_out of its own; pass the layer
#include <nninit/nninit.hpp>

void fill(Eigen::VectorXf& v, nninit::Philox& rng) {
    nninit::Normal{}(v, rng);
    nninit::Zeros{}(v);
#ifdef REFUSED
    nninit::HeNormal{}(v, rng);
#else
    nninit::HeNormal{}(v, rng, nninit::Dense{.in = 784, .out = 1});
#endif
}
