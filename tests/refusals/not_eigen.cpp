// SPDX-License-Identifier: MIT
// REFUSED: nninit: the target must be a writable dense Eigen matrix
#include <nninit/nninit.hpp>

#include <vector>

void fill(std::vector<float>& weights, nninit::Philox& rng) {
#ifdef REFUSED
    nninit::Normal{}(weights, rng);
#else
    Eigen::Map<Eigen::VectorXf> target(weights.data(), static_cast<Eigen::Index>(weights.size()));
    nninit::Normal{}(target, rng);
#endif
}
