// SPDX-License-Identifier: MIT
#include <Eigen/Dense>
#include <nninit/nninit.hpp>

void fill(Eigen::MatrixXf& w, nninit::Philox& rng) { nninit::Orthogonal{}(w, rng); }
