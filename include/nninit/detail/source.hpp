// SPDX-License-Identifier: MIT
// An engine as a source of 32-bit words: what comes after knows no engine.

#ifndef NNINIT_DETAIL_SOURCE_HPP
#define NNINIT_DETAIL_SOURCE_HPP

#include <nninit/detail/kernels.hpp>
#include <nninit/detail/memory.hpp>
#include <nninit/engine.hpp>
#include <nninit/error.hpp>
#include <nninit/philox.hpp>

namespace nninit::inline NNINIT_ABI::detail::inline NNINIT_COMPILER {

/// Words are asked for by their position: a counter-based engine's own, which lies `position` words
/// into its stream, or, from 0 on, that within one fill of a sequential engine.
class Source {
    using Draw = void (*)(void* engine, std::uint64_t from, std::uint32_t* out, std::size_t n);

    Draw draw_ = nullptr; // nullptr: Philox
    void* engine_ = nullptr;
    std::uint64_t seed_ = 0, stream_ = 0;
    Rounds rounds_{0, 0, 0}; // Philox's, of the blocks about its position
    bool any_order_ = true, parallel_ = true;

public:
    std::uint64_t position = 0;

    explicit Source(const Philox& engine)
        : seed_(engine.seed_value()), stream_(engine.stream_value()),
          rounds_(seed_, stream_, engine.position() >> 34), position(engine.position()) {}
    Source(Draw draw, void* engine, bool any_order, bool parallel, std::uint64_t at)
        : draw_(draw), engine_(engine), any_order_(any_order), parallel_(parallel), position(at) {}

    /// Whether words can be asked for in any order, and by threads at the same time.
    bool any_order() const { return any_order_; }
    bool parallel() const { return parallel_; }

    /// Whether the engine is Philox, whose words are made by whole blocks, many runs at a time.
    bool has_blocks() const { return draw_ == nullptr; }
    /// How many words of its block come before a word: those are made, too, and come first.
    std::size_t lead(std::uint64_t from) const { return has_blocks() ? from % 4 : 0; }

    /// n words from `from` on, which begin at out[lead(from)]. Of blocks, an even number of whole
    /// vectors is written. An engine that gives its words in order begins a fill, and drops what is
    /// left of a 64-bit draw, at from = 0.
    void words(std::uint64_t from, std::uint32_t* out, std::size_t n) const {
        if (!has_blocks()) return draw_(engine_, from, out, n);
        const std::uint64_t lead = from % 4;
        words(&from, 1, (n + lead + words_of_vector() - 1) / words_of_vector(), out);
    }

    /// For each of the ascending from[i], vectors_of_run vectors of blocks, from its own block on.
    /// All hold chunk_words at most; an even number of vectors is written. Needs blocks.
    void words(const std::uint64_t* from, std::size_t runs, std::size_t vectors_of_run,
               std::uint32_t* out) const {
        std::uint64_t first[chunk_words / 4];
        const std::uint64_t blocks = words_of_vector() / 4;
        std::size_t vectors = 0;
        for (std::size_t i = 0; i < runs; ++i)
            for (std::size_t k = 0; k < vectors_of_run; ++k)
                first[vectors++] = from[i] / 4 + k * blocks;
        if (vectors % 2 != 0) {
            first[vectors] = first[vectors - 1];
            ++vectors;
        }
        const std::uint64_t last = from[runs - 1] / 4 + vectors_of_run * blocks - 1;
        if (first[0] >> 32 != last >> 32)
            block_by_block(first, vectors, out);
        else if (last >> 32 == rounds_.high)
            philox_words(rounds_, first, vectors, out);
        else
            philox_words(Rounds(seed_, stream_, last >> 32), first, vectors, out);
    }

private:
    /// For vectors in which the high half of a block's number changes: once in 2^34 words.
    NNINIT_COLD void block_by_block(const std::uint64_t* first, std::size_t vectors,
                                    std::uint32_t* out) const {
        for (std::size_t i = 0; i < vectors; ++i)
            for (std::uint64_t k = 0; k < words_of_vector() / 4; ++k, out += 4) {
                const std::uint64_t twice[] = {first[i] + k, first[i] + k};
                std::uint32_t words[8];
                portable::words(Rounds(seed_, stream_, twice[0] >> 32), twice, 2, words);
                for (int j = 0; j < 4; ++j) out[j] = words[j];
            }
    }
};

/// Calls use(source) with the engine's words, and leaves a counter-based engine where the source
/// then stands.
template <class Engine, class Use> void with_source(Engine& engine, const Use& use) {
    if constexpr (std::is_same_v<Engine, Philox>) {
        Source source(engine);
        use(source);
        engine.seek(source.position);
    } else if constexpr (CounterEngine<Engine>) {
        constexpr bool parallel = noexcept(engine())&& noexcept(
                                      engine.seek(std::uint64_t{}))&& noexcept(engine.position()) &&
                                  std::is_nothrow_copy_constructible_v<Engine>;
        const auto draw = [](void* from, std::uint64_t position, std::uint32_t* out,
                             std::size_t n) {
            Engine copy = *static_cast<const Engine*>(from);
            copy.seek(position);
            for (std::size_t i = 0; i < n; ++i) out[i] = static_cast<std::uint32_t>(copy());
        };
        Source source(draw, detail::address(engine), true, parallel, engine.position());
        use(source);
        engine.seek(source.position);
    } else {
        WordReader<Engine> reader(engine);
        const auto draw = [](void* from, std::uint64_t position, std::uint32_t* out,
                             std::size_t n) {
            auto& words = *static_cast<WordReader<Engine>*>(from);
            if (position == 0) words.drop_half();
            for (std::size_t i = 0; i < n; ++i) out[i] = words();
        };
        Source source(draw, &reader, false, false, 0);
        use(source);
    }
}

} // namespace nninit::inline NNINIT_ABI::detail::inline NNINIT_COMPILER

#endif
