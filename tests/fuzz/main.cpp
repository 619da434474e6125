// SPDX-License-Identifier: MIT
// Feeds a fuzz target inputs of 0 to 256 bytes from a Philox stream: <target> [inputs]

#include "fuzz.hpp"

int main(int argc, char** argv) {
    const long inputs = argc > 1 ? std::atol(argv[1]) : 4000;
    const nninit::Philox root(2024);
    for (long i = 0; i < inputs; ++i) {
        nninit::Philox rng = root.stream(i);
        std::vector<std::uint8_t> bytes(rng() % 257);
        for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(rng() >> 24);
        LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
    }
    std::printf("%ld inputs\n", inputs);
}
