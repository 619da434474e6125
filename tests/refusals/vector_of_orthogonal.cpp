// SPDX-License-Identifier: MIT
// REFUSED: nninit: this rule fills the matrix of a layer, and a vector may be a bias; pass
#include <nninit/nninit.hpp>

void fill(Eigen::RowVectorXf& v, nninit::Philox& rng) {
#ifdef REFUSED
    nninit::Orthogonal{}(v, rng);
#else
    nninit::Orthogonal{}(v, rng, nninit::Dense{.in = 784, .out = 1});
#endif
}
