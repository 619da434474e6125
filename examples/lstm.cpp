// SPDX-License-Identifier: MIT
// An LSTM's weights: four gates, stacked in one matrix and filled as blocks. Input weights W by
// Glorot, recurrent weights U orthogonal, and a bias of 1 for the forget gate, so that a new cell
// keeps most of what it holds.
#include <nninit/nninit.hpp>

#include <iostream>

int main() {
    constexpr Eigen::Index inputs = 32, units = 64;
    const char* const gates[] = {"input", "forget", "cell", "output"};
    const nninit::Philox rng(42);

    Eigen::MatrixXf w(4 * units, inputs), u(4 * units, units);
    Eigen::VectorXf b = Eigen::VectorXf::Zero(4 * units);
    for (Eigen::Index gate = 0; gate < 4; ++gate) {
        // A block has its own fans (32 and 64): the stacked matrix would make them 32 and 256.
        nninit::GlorotUniform{}(w.middleRows(gate * units, units), rng.stream("W").stream(gate));
        nninit::Orthogonal{}(u.middleRows(gate * units, units), rng.stream("U").stream(gate));
    }
    nninit::Ones{}(b.segment(units, units)); // the forget gate

    bool right = true;
    for (Eigen::Index gate = 0; gate < 4; ++gate) {
        const Eigen::MatrixXf q = u.middleRows(gate * units, units);
        const float error = (q.transpose() * q - Eigen::MatrixXf::Identity(units, units)).norm();
        std::cout << gates[gate] << ": W " << nninit::describe(w.middleRows(gate * units, units))
                  << "\n    |U'U - I| = " << error << '\n';
        right = right && error < 1e-4F;
    }

    // One step from an empty state: how much of the cell would be kept?
    const auto x = nninit::make<Eigen::MatrixXf>(nninit::Normal{}, rng.stream("x"), inputs, 100);
    const Eigen::ArrayXXf forget =
        ((w * x).colwise() + b).middleRows(units, units).array().logistic();
    std::cout << "the forget gate lets " << forget.mean() << " through, without its bias 0.5\n";
    return right && forget.mean() > 0.65F ? 0 : 1;
}
