// SPDX-License-Identifier: MIT
// REFUSED: nninit: the target's scalar type must be
#include <nninit/nninit.hpp>

#ifdef REFUSED
using Matrix = Eigen::MatrixXi;
#else
using Matrix = Eigen::MatrixXd;
#endif

void fill(Matrix& w, nninit::Philox& rng) { nninit::Uniform{}(w, rng); }
