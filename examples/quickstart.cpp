// SPDX-License-Identifier: MIT
#include <nninit/nninit.hpp>

#include <cmath>
#include <iostream>

int main() {
    nninit::Philox rng(42);

    Eigen::MatrixXf w(128, 784); // y = W x: rows = fan_out, cols = fan_in
    nninit::HeNormal{}(w, rng.stream("hidden.weight"));
    Eigen::VectorXf b(128);
    nninit::Zeros{}(b);
    auto v =
        nninit::make<Eigen::MatrixXf>(nninit::GlorotUniform{}, rng.stream("out.weight"), 10, 128);

    std::cout << "hidden " << w.rows() << " x " << w.cols() << ", rms "
              << std::sqrt(w.squaredNorm() / static_cast<float>(w.size())) << ", rule's stddev "
              << nninit::HeNormal{}.given(nninit::Fans::of(w)).stddev << '\n'
              << "out " << v.rows() << " x " << v.cols() << ", largest " << v.maxCoeff()
              << ", rule's bound " << nninit::GlorotUniform{}.given(nninit::Fans::of(v)).high
              << '\n'
              << "first weights " << w(0, 0) << ' ' << w(1, 0) << ' ' << w(2, 0) << '\n';
}
