// SPDX-License-Identifier: MIT
// REFUSED: nninit: the engine must be a random number engine
#include <nninit/nninit.hpp>

void fill(Eigen::MatrixXf& w) {
#ifdef REFUSED
    nninit::Normal{}(w, 42);
#else
    nninit::Normal{}(w, nninit::Philox(42));
#endif
}
