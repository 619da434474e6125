// SPDX-License-Identifier: MIT
// REFUSED: nninit: say which layer the braces are
#include <nninit/nninit.hpp>

void fill(Eigen::MatrixXf& w, nninit::Philox& rng) {
#ifdef REFUSED
    nninit::HeNormal{}(w, rng, {.in = 784, .out = 128});
#else
    nninit::HeNormal{}(w, rng, nninit::Dense{.in = 784, .out = 128});
    nninit::HeNormal{}(w, rng, nninit::Fans{.in = 784, .out = 128});
#endif
}
