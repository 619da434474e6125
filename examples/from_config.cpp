// SPDX-License-Identifier: MIT
// The rules of a whole network from a text: patterns over the names of parameters, of which the
// first that matches is taken. Each parameter is filled from the stream of its name.
#include <nninit/nninit.hpp>
#include <nninit/scheme.hpp>

#include <iostream>

const char* const text = R"(
    # pattern = initializer; * stands for any characters
    *.bias       = zeros
    conv*.weight = he_normal(mode=fan_out)
    attention.*  = glorot_uniform(gain=0.5)
    head.weight  = keras:dense
)";

/// Whether what is done is refused; says why.
bool refused(const auto& what) {
    try {
        what();
        return false;
    } catch (const std::invalid_argument& error) {
        std::cout << "refused: " << error.what() << '\n';
        return true;
    }
}

int main() {
    nninit::Scheme scheme = nninit::Scheme::read(text); // of a file's content, if you have one
    const nninit::Philox rng(42);
    const nninit::Conv conv{.in = 3, .out = 32, .kernel = {3, 3}};
    Eigen::MatrixXf kernel(32, 27), query(64, 64), head(10, 64);
    Eigen::VectorXf bias(32);
    scheme("conv1.weight", kernel, rng, conv);
    scheme("conv1.bias", bias, rng);
    scheme("attention.q", query, rng);
    scheme("head.weight", head, rng);
    for (const char* name : {"conv1.weight", "conv1.bias", "attention.q", "head.weight"})
        std::cout << name << ": " << nninit::to_string(scheme.at(name)) << '\n';

    const auto by_hand = nninit::make<Eigen::MatrixXf>(
        nninit::HeNormal{.mode = nninit::Mode::fan_out}, rng.stream("conv1.weight"), 32, 27, conv);
    const bool same = kernel == by_hand && bias.isZero(0);
    std::cout << "filled by hand: " << (same ? "the same weights\n" : "OTHERS\n");

    const bool all_refused =
        refused([&] { scheme("embedding", head, rng); }) &&   // no pattern matches
        refused([&] { scheme("head.weight", head, rng); }) && // filled before
        refused([] { static_cast<void>(nninit::Scheme::read("\n* = he_norml")); });
    return same && all_refused ? 0 : 1;
}
