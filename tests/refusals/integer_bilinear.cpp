// SPDX-License-Identifier: MIT
// REFUSED: nninit: the target's scalar type must be
#include <nninit/nninit.hpp>

#ifdef REFUSED
using Scalar = unsigned;
#else
using Scalar = float;
#endif
using Matrix = Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic>;

void fill(Matrix& w) { nninit::Bilinear{}(w, nninit::Conv{.in = 3, .out = 3, .kernel = {3, 3}}); }
