// SPDX-License-Identifier: MIT
#include <nninit/nninit.hpp>

#include <iostream>

int main() {
    const nninit::Philox rng(42);

    Eigen::MatrixXf w(128, 784), v(10, 128); // y = W x: rows = fan_out, cols = fan_in
    Eigen::VectorXf b(128);
    nninit::HeNormal{}(w, rng.stream("hidden.weight"));
    nninit::Zeros{}(b);
    nninit::GlorotUniform{}(v, rng.stream("out.weight"));

    std::cout << "hidden " << nninit::describe(w) << '\n'
              << "out    " << nninit::describe(v) << '\n'
              << "first weights " << w(0, 0) << ' ' << w(1, 0) << ' ' << w(2, 0) << '\n';
}
