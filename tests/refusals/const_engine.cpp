// SPDX-License-Identifier: MIT
// REFUSED: nninit: the engine must be a random number engine that is not const
#include <nninit/nninit.hpp>

void fill(Eigen::MatrixXf& w, const nninit::Philox& rng) {
#ifdef REFUSED
    nninit::Normal{}(w, rng);
#else
    nninit::Normal{}(w, rng.stream("w"));
#endif
}
