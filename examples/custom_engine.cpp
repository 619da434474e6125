// SPDX-License-Identifier: MIT
// Two engines that are not nninit's. Any standard random engine fills weights. One whose words can
// be asked for at any position, a CounterEngine, also fills a block of a matrix that exists
// nowhere.
#include <nninit/nninit.hpp>

#include <cstdint>
#include <iostream>
#include <random>

/// The word at a position is the upper half of a mix of it (S. Vigna's SplitMix64).
class SplitMix {
    std::uint64_t seed_, position_ = 0;

public:
    using result_type = std::uint32_t;
    static constexpr result_type min() { return 0; }
    static constexpr result_type max() { return 0xffffffff; }

    explicit SplitMix(std::uint64_t seed) : seed_(seed) {}
    result_type operator()() noexcept {
        std::uint64_t z = seed_ + ++position_ * 0x9e3779b97f4a7c15;
        z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
        z = (z ^ z >> 27) * 0x94d049bb133111eb;
        return static_cast<result_type>((z ^ z >> 31) >> 32);
    }
    std::uint64_t position() const noexcept { return position_; }
    void seek(std::uint64_t position) noexcept { position_ = position; }
};
static_assert(nninit::CounterEngine<SplitMix> && !nninit::CounterEngine<std::mt19937>);

int main() {
    Eigen::MatrixXf w(256, 512), again(256, 512);
    std::mt19937 twister(42);
    nninit::HeNormal{}(w, twister);
    nninit::HeNormal{}(again, std::mt19937(42));
    bool right = w == again;
    std::cout << "std::mt19937: " << nninit::describe(w) << '\n';
    nninit::HeNormal{}(again, twister); // goes on from where it stands
    right = right && w != again;

    nninit::HeNormal{}(w, SplitMix(42));
    std::cout << "SplitMix:     " << nninit::describe(w) << '\n';
    Eigen::MatrixXf block(64, 128);
    SplitMix engine(42);
    nninit::HeNormal{}(block, engine,
                       nninit::Window{.rows = 256, .cols = 512, .row = 128, .col = 64});
    right = right && block == w.block(128, 64, 64, 128) && engine.position() == 256 * 512;
    std::cout << "a block of it, filled alone: " << (right ? "the same weights\n" : "OTHERS\n");
    return right ? 0 : 1;
}
