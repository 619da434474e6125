// SPDX-License-Identifier: MIT
// REFUSED: nninit: this rule fills the matrix of a layer, and a vector may be a bias; pass
#include <nninit/nninit.hpp>

void fill(Eigen::VectorXf& v) {
    nninit::Zeros{}(v);
#ifdef REFUSED
    nninit::Identity{}(v);
#else
    nninit::Identity{}(v, nninit::Window{.rows = 784, .cols = 784});
#endif
}
