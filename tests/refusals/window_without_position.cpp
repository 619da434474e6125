// SPDX-License-Identifier: MIT
// REFUSED: nninit: a Window needs a counter-based engine
#include <nninit/nninit.hpp>

#include <random>

#ifdef REFUSED
using Engine = std::mt19937;
#else
using Engine = nninit::Philox;
#endif

void fill(Eigen::MatrixXf& w, Engine& engine) {
    nninit::HeNormal{}(w, engine, nninit::Window{.rows = 1000, .cols = 1000, .row = 0, .col = 512});
}
