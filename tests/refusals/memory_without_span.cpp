// SPDX-License-Identifier: MIT
// REFUSED: nninit: memory is filled by fill\(rule, std::span\(memory\), \{3, 3, 64, 128\}
#include <nninit/nninit.hpp>

#include <span>
#include <vector>

void fill(std::vector<float>& weights, nninit::Philox& rng) {
    nninit::fill(nninit::HeNormal{}, std::span(weights), {10, 20}, rng, "OI");
#ifdef REFUSED
    nninit::fill(nninit::HeNormal{}, weights, {10, 20}, rng, "OI");
#endif
}
