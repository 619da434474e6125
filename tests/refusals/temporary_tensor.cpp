// SPDX-License-Identifier: MIT
// REFUSED: nninit: the target is a temporary tensor
#include <nninit/nninit.hpp>
#include <nninit/tensor.hpp>

void fill(nninit::Philox& rng, float* data) {
    nninit::fill(nninit::HeNormal{}, Eigen::TensorMap<Eigen::Tensor<float, 2>>(data, 3, 4), rng,
                 "OI");
#ifdef REFUSED
    nninit::fill(nninit::HeNormal{}, Eigen::Tensor<float, 2>(3, 4), rng, "OI");
#endif
}
