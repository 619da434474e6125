// SPDX-License-Identifier: MIT
// A project that stays with C++17 (or 14, or 11) and has its weights from nninit all the same.
#include "weights.h"

#include <cmath>
#include <iostream>
#include <stdexcept>

#if __cplusplus >= 202002L
#error "this file is there to be compiled as C++17 or older"
#endif

int main() {
    Eigen::MatrixXf w(128, 784), recurrent(4 * 64, 64);
    fill_weights(w, "he_normal", 42, "hidden.weight");
    for (int gate = 0; gate < 4; ++gate) // a block is no copy
        fill_weights(recurrent.middleRows(64 * gate, 64), "orthogonal", 42,
                     "gate" + std::to_string(gate));
    const float error =
        (recurrent.transpose() * recurrent - 4 * Eigen::MatrixXf::Identity(64, 64)).norm();
    std::cout << "C++ of " << __cplusplus << "\nfirst weights " << w(0, 0) << ' ' << w(1, 0) << ' '
              << w(2, 0) << ", as in quickstart\nfour orthogonal gates, off by " << error << '\n';

    bool refused = false;
    try {
        fill_weights(w, "he_norml", 42, "hidden.weight");
    } catch (const std::invalid_argument& e) {
        std::cout << "a wrong name: " << e.what() << '\n';
        refused = true;
    }
    const bool same =
        std::abs(w(0, 0) + 0.0476977F) < 1e-6F && std::abs(w(2, 0) - 0.0354677F) < 1e-6F;
    return same && error < 1e-3F && refused ? 0 : 1;
}
