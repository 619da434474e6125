// SPDX-License-Identifier: MIT
// Engines that the tests hand to a fill.

#ifndef NNINIT_TESTS_ENGINES_HPP
#define NNINIT_TESTS_ENGINES_HPP

#include <nninit/philox.hpp>

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace tests {

struct WordEngine {
    using result_type = std::uint32_t;
    static constexpr result_type min() { return 0; }
    static constexpr result_type max() { return 0xffffffff; }
};

/// Gives the words of a list, from the first on.
class Scripted : public WordEngine {
    std::vector<std::uint32_t> words_;
    std::size_t next_ = 0;

public:
    explicit Scripted(std::vector<std::uint32_t> words) : words_(std::move(words)) {}
    result_type operator()() { return words_.at(next_++); }
    std::size_t taken() const { return next_; }
};

/// A Philox that gives its words one by one and nothing else: it has no position to ask for.
struct Pulled : WordEngine {
    nninit::Philox engine;

    explicit Pulled(const nninit::Philox& source) : engine(source) {}
    result_type operator()() { return engine(); }
};

/// The same words from a counter-based engine that the library does not know.
struct Counter : WordEngine {
    nninit::Philox engine;

    explicit Counter(const nninit::Philox& source) : engine(source) {}
    result_type operator()() noexcept { return engine(); }
    std::uint64_t position() const noexcept { return engine.position(); }
    void seek(std::uint64_t position) noexcept { engine.seek(position); }
};

/// The words of 64-bit numbers, low half first.
inline std::vector<std::uint32_t> halves(const std::vector<std::uint64_t>& numbers) {
    std::vector<std::uint32_t> words;
    for (const std::uint64_t w : numbers) {
        words.push_back(static_cast<std::uint32_t>(w));
        words.push_back(static_cast<std::uint32_t>(w >> 32));
    }
    return words;
}

} // namespace tests

#endif
