// SPDX-License-Identifier: MIT
// REFUSED: nninit: this rule fills a convolution; pass it
#include <nninit/nninit.hpp>

void fill(Eigen::MatrixXf& w) {
#ifdef REFUSED
    nninit::Dirac{}(w);
#else
    nninit::Dirac{}(w, nninit::Conv{.in = 3, .out = 3, .kernel = {3, 3}});
#endif
}
