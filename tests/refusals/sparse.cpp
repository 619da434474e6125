// SPDX-License-Identifier: MIT
// REFUSED: nninit: the target must be a writable dense Eigen matrix
#include <nninit/nninit.hpp>

#include <Eigen/SparseCore>

#ifdef REFUSED
using Matrix = Eigen::SparseMatrix<float>;
#else
using Matrix = Eigen::MatrixXf;
#endif

void fill(Matrix& w, nninit::Philox& rng) { nninit::Normal{}(w, rng); }
