// SPDX-License-Identifier: MIT
// REFUSED: nninit: the target is a temporary
#include <nninit/nninit.hpp>

struct Layer {
    Eigen::ArrayXXf weights_;
#ifdef REFUSED
    Eigen::ArrayXXf weights() { return weights_; }
#else
    Eigen::ArrayXXf& weights() { return weights_; }
#endif
};

void fill(Layer& layer, nninit::Philox& rng) { nninit::Normal{}(layer.weights(), rng); }
