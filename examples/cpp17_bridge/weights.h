// SPDX-License-Identifier: MIT
// All that the rest of the project sees of nninit. Plain C++11: include it anywhere.
#ifndef WEIGHTS_H
#define WEIGHTS_H

#include <Eigen/Core>
#include <cstdint>
#include <string>

/// Fills a matrix or a block by a rule's name, such as "he_normal", from the stream of the
/// parameter's name. \throws std::invalid_argument for a rule that does not exist.
void fill_weights(Eigen::Ref<Eigen::MatrixXf> w, const std::string& rule, std::uint64_t seed,
                  const std::string& name);

#endif
