// SPDX-License-Identifier: MIT
// REFUSED: nninit: a vector has no fan_in and fan_out of its own; pass the layer
#include <nninit/nninit.hpp>

#ifdef REFUSED
using Matrix = Eigen::VectorXf;
#else
using Matrix = Eigen::MatrixXf;
#endif

nninit::Fans fans(const Matrix& w) { return nninit::Fans::of(w); }
