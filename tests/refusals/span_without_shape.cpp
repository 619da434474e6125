// SPDX-License-Identifier: MIT
// REFUSED: nninit: memory is filled by fill\(rule, std::span\(memory\), \{3, 3, 64, 128\}
#include <nninit/nninit.hpp>

#include <array>
#include <span>
#include <vector>

void fill(std::vector<float>& weights, nninit::Philox& rng) {
    const std::array<int, 2> shape{10, 20};
    nninit::fill(nninit::HeNormal{}, std::span(weights), shape, rng, "OI");
#ifdef REFUSED
    nninit::fill(nninit::HeNormal{}, std::span(weights), rng);
#endif
}
