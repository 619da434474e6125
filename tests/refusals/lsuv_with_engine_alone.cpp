// SPDX-License-Identifier: MIT
// REFUSED: nninit: Lsuv takes an engine and a function
#include <nninit/nninit.hpp>

void fill(Eigen::MatrixXf& w, const Eigen::MatrixXf& x, nninit::Philox& rng) {
    nninit::Lsuv{}(w, rng, [&] { return x; });
#ifdef REFUSED
    nninit::Lsuv{}(w, rng);
#endif
}
