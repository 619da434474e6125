// SPDX-License-Identifier: MIT
#include <Eigen/Dense>

void fill(Eigen::MatrixXf& w) { w.setRandom(); }
