// SPDX-License-Identifier: MIT
// REFUSED: nninit: this rule needs the whole matrix; fill it without a Window
#include <nninit/nninit.hpp>

void fill(Eigen::MatrixXf& w, nninit::Philox& engine) {
#ifdef REFUSED
    nninit::Orthogonal{}(w, engine, nninit::Window{.rows = 10, .cols = 10, .row = 0, .col = 5});
#else
    nninit::Orthogonal{}(w, engine);
#endif
}
