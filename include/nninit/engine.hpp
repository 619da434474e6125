// SPDX-License-Identifier: MIT

#ifndef NNINIT_ENGINE_HPP
#define NNINIT_ENGINE_HPP

#include <nninit/version.hpp>

#include <bit>
#include <concepts>
#include <cstdint>
#include <type_traits>

namespace nninit::inline NNINIT_ABI {
namespace detail::inline NNINIT_COMPILER {

/// std::uniform_random_bit_generator, which only <random> declares: that header would take a
/// twentieth of the time in which this library compiles.
template <class Engine>
concept BitGenerator = std::invocable<Engine&> && requires {
    requires std::unsigned_integral<std::invoke_result_t<Engine&>>;
    requires sizeof(std::invoke_result_t<Engine&>) <= 8;
    { (Engine::min)() } -> std::same_as<std::invoke_result_t<Engine&>>;
    { (Engine::max)() } -> std::same_as<std::invoke_result_t<Engine&>>;
    requires std::bool_constant<((Engine::min)() < (Engine::max)())>::value;
};

} // namespace detail::inline NNINIT_COMPILER

/// An engine whose 32-bit words can be asked for at any position: copyable, with position(),
/// seek(position) and operator() in constant time, the word at a position being the same whatever
/// was asked for before. Positions go from 0 to 2^64 - 1, the end. Philox is one; a user's own gets
/// windows too, and threads if position(), seek(), operator() and copies are noexcept. An engine
/// that misses one of the conditions, say by a position() that is not const, is read in order, as a
/// std::mt19937 is: static_assert(CounterEngine<Mine>) shows whether yours does.
template <class Engine>
concept CounterEngine = detail::BitGenerator<Engine> && std::copyable<Engine> &&
                        ((Engine::min)() == 0) &&
                        ((Engine::max)() == 0xffffffff) &&
                        requires(Engine engine, const Engine fixed, std::uint64_t position) {
    { fixed.position() } -> std::same_as<std::uint64_t>;
    engine.seek(position);
};

namespace detail::inline NNINIT_COMPILER {

/// 32-bit words from any std::uniform_random_bit_generator. Of a draw, k = floor(log2(max - min +
/// 1)) bits are used, and draws at or above 2^k skipped: k = 64 gives two words, the low one first,
/// 32 <= k < 64 the low 32 bits, k < 32 a part of a word, the first draw lowest.
template <class Engine> class WordReader {
    static constexpr auto range =
        static_cast<std::uint64_t>((Engine::max)()) - static_cast<std::uint64_t>((Engine::min)());
    static constexpr int bits = range == ~std::uint64_t{0} ? 64 : std::bit_width(range + 1) - 1;
    static constexpr std::uint64_t most = ~std::uint64_t{0} >> (64 - bits);

    Engine& engine_;
    std::uint64_t high_ = 0;
    bool has_high_ = false;

    std::uint64_t draw() {
        for (;;) {
            const auto x =
                static_cast<std::uint64_t>(engine_()) - static_cast<std::uint64_t>((Engine::min)());
            if (x <= most) return x;
        }
    }

public:
    explicit WordReader(Engine& engine) : engine_(engine) {}

    /// Forgets the high half that may be left of a 64-bit draw.
    void drop_half() { has_high_ = false; }

    std::uint32_t operator()() {
        std::uint64_t word = 0;
        if constexpr (bits == 64) {
            has_high_ = !has_high_;
            word = has_high_ ? draw() : high_;
            high_ = word >> 32;
        } else {
            for (int filled = 0; filled < 32; filled += bits) word |= draw() << filled;
        }
        return static_cast<std::uint32_t>(word);
    }
};

} // namespace detail::inline NNINIT_COMPILER
} // namespace nninit::inline NNINIT_ABI

#endif
