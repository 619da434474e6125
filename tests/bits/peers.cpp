// SPDX-License-Identifier: MIT
// One matrix of 1000 x 1000 normals by nninit, on every path of the machine, and by what else a
// program might use; prints a line of name and hash for each. See peers.sh.
#include <nninit/nninit.hpp>

#include <cstdio>
#include <random>

namespace {

void print(const char* name, const Eigen::MatrixXf& w) {
    std::uint64_t hash = 0xcbf29ce484222325;
    for (const float x : w.reshaped())
        hash = (hash ^ std::bit_cast<std::uint32_t>(x)) * 0x100000001b3;
    std::printf("%s %016llx\n", name, static_cast<unsigned long long>(hash));
}

} // namespace

int main() {
    Eigen::MatrixXf w(1000, 1000);
    using enum nninit::detail::Path;
    for (const auto path : {portable, neon, avx2, avx512}) {
        if (!nninit::detail::has(path)) continue;
        nninit::detail::path() = path;
        nninit::HeNormal{}(w, nninit::Philox(42));
        print("nninit::HeNormal", w);
    }
    std::mt19937 twister(42);
    std::normal_distribution<float> normal(0, 0.05F);
    print("std::normal_distribution", w.unaryExpr([&](float) { return normal(twister); }));
    std::uniform_real_distribution<float> uniform(-0.05F, 0.05F);
    print("std::uniform_real_distribution", w.unaryExpr([&](float) { return uniform(twister); }));
    std::srand(42);
    print("Eigen::MatrixXf::Random", Eigen::MatrixXf::Random(1000, 1000));
}
