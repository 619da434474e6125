// SPDX-License-Identifier: MIT
#include <nninit/nninit.hpp>

#include <iostream>

int main() {
    nninit::Philox rng(42);
    Eigen::MatrixXf w(2, 3);
    nninit::HeNormal{}(w, rng);
    std::cout << w.reshaped().transpose() << '\n';
}
