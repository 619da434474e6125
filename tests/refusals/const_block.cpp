// SPDX-License-Identifier: MIT
// REFUSED: nninit: the target is (read-only|const)
#include <nninit/nninit.hpp>

#ifdef REFUSED
using Matrix = const Eigen::MatrixXf;
#else
using Matrix = Eigen::MatrixXf;
#endif

void fill(Matrix& w, nninit::Philox& rng) { nninit::HeNormal{}(w.topRows(3), rng); }
