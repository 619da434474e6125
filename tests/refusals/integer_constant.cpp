// SPDX-License-Identifier: MIT
// REFUSED: nninit: the target's scalar type must be
#include <nninit/nninit.hpp>

#ifdef REFUSED
using Matrix = Eigen::MatrixXi;
#else
using Matrix = Eigen::MatrixXf;
#endif

void fill(Matrix& w) { nninit::Constant{.value = 0.5}(w); }
