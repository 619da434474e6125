// SPDX-License-Identifier: MIT
#include <Eigen/Dense>
#include <nninit/nninit.hpp>

void fill(Eigen::MatrixXf& w, nninit::Philox& rng) {
    nninit::RandomUniform{}(w, rng);
    nninit::GlorotUniform{}(w, rng);
    nninit::GlorotNormal{}(w, rng);
    nninit::HeUniform{}(w, rng);
    nninit::HeNormal{}(w, rng);
}
