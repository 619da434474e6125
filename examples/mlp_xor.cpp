// SPDX-License-Identifier: MIT
// Learns XOR: two layers, a rule for each by what its outputs go into, and plain gradient descent.
#include <nninit/nninit.hpp>

#include <iostream>

int main() {
    const nninit::Philox rng(42);
    Eigen::MatrixXf w1(8, 2), w2(1, 8); // y = W x: rows = fan_out, cols = fan_in
    Eigen::VectorXf b1(8), b2(1);
    nninit::GlorotUniform{}(w1, rng.stream("hidden.weight")); // tanh follows
    nninit::GlorotUniform{}(w2, rng.stream("out.weight"));    // sigmoid follows
    nninit::Zeros{}(b1);
    nninit::Zeros{}(b2);

    Eigen::MatrixXf x(2, 4), truth(1, 4); // a column for each case
    x << 0, 0, 1, 1,                      //
        0, 1, 0, 1;
    truth << 0, 1, 1, 0;

    Eigen::MatrixXf hidden, answer;
    const float rate = 0.5F;
    for (int step = 0; step <= 2000; ++step) {
        hidden = ((w1 * x).colwise() + b1).array().tanh();
        answer = ((w2 * hidden).colwise() + b2).array().logistic();
        const Eigen::MatrixXf error = answer - truth; // cross-entropy's derivative by the logits
        if (step % 500 == 0)
            std::cout << "step " << step << ": mean error " << error.cwiseAbs().mean() << '\n';

        const Eigen::MatrixXf back =
            (w2.transpose() * error).array() * (1 - hidden.array().square());
        w2 -= rate * error * hidden.transpose();
        b2 -= rate * error.rowwise().sum();
        w1 -= rate * back * x.transpose();
        b1 -= rate * back.rowwise().sum();
    }

    for (Eigen::Index i = 0; i < 4; ++i)
        std::cout << x(0, i) << " xor " << x(1, i) << " = " << answer(0, i) << '\n';
    const bool learned = ((answer.array() > 0.5F) == (truth.array() > 0.5F)).all();
    std::cout << (learned ? "learned\n" : "NOT LEARNED\n");
    return learned ? 0 : 1;
}
