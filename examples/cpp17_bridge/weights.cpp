// SPDX-License-Identifier: MIT
// The one file of the project that is compiled as C++20.
#include "weights.h"

#include <nninit/nninit.hpp>

void fill_weights(Eigen::Ref<Eigen::MatrixXf> w, const std::string& rule, std::uint64_t seed,
                  const std::string& name) {
    nninit::by_name(rule)(w, nninit::Philox(seed).stream(name));
}
