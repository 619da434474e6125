// SPDX-License-Identifier: MIT
// REFUSED: nninit: the target is (read-only|const)
#include <nninit/nninit.hpp>

#ifdef REFUSED
using Numbers = const float;
using Matrix = const Eigen::MatrixXf;
#else
using Numbers = float;
using Matrix = Eigen::MatrixXf;
#endif

void fill(Numbers* numbers, nninit::Philox& rng) {
    Eigen::Map<Matrix> target(numbers, 3, 4);
    nninit::Normal{}(target, rng);
}
