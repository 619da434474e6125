// SPDX-License-Identifier: MIT
// REFUSED: nninit: after the target come an engine, which this rule ignores
#include <nninit/nninit.hpp>

void fill(Eigen::VectorXf& b, nninit::Philox& rng) {
    nninit::Constant{.value = 0.1}(b);
    nninit::Constant{.value = 0.1}(b, rng, nninit::Dense{.in = 3, .out = 4}, nninit::Window{});
#ifdef REFUSED
    nninit::Constant{}(b, 0.1);
#endif
}
