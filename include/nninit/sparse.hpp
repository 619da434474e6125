// SPDX-License-Identifier: MIT

#ifndef NNINIT_SPARSE_HPP
#define NNINIT_SPARSE_HPP

#include <nninit/distributions.hpp>

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

namespace nninit::inline NNINIT_ABI {

namespace detail::inline NNINIT_COMPILER {

/// The places of a row, each behind a number that says which come first.
using Places = std::vector<std::pair<double, std::int64_t>>;

/// All places, behind the uniform doubles of the next words, times 2^54.
inline void draw(Places& places, Source& source) {
    std::uint32_t words[most_words];
    std::uint64_t from = source.position;
    for (std::size_t c = 0; c < places.size();) {
        const std::size_t lead = source.lead(from);
        const std::size_t n = (std::min)(places.size() - c, (chunk_words - lead) / 2);
        source.words(from, words, 2 * n);
        for (const std::uint32_t* w = words + lead; w != words + lead + 2 * n; w += 2, ++c) {
            const std::uint64_t word = w[0] | std::uint64_t{w[1]} << 32;
            const auto odd = static_cast<std::int64_t>(word >> 10 | 1); // 2 floor(word / 2^11) + 1
            places[c] = {static_cast<double>(odd), static_cast<std::int64_t>(c)};
        }
        from += 2 * n;
    }
    if (source.any_order()) source.position = from;
}

/// Brings the n places that come first to the front. A template, so that only programs that call
/// it compile std::nth_element.
template <class Places> void select(Places& places, std::ptrdiff_t n) {
    std::nth_element(places.begin(), places.begin() + n, places.end());
}

} // namespace detail::inline NNINIT_COMPILER

/// N(0, stddev^2), but in each row, which holds the weights into one unit, ceil(sparsity cols) at
/// random places are zero: by the default, all of a row of fewer than 10.
///
/// Takes a normal's words for each element, then two for each element row by row, which make a
/// uniform double: the elements of a row whose doubles are smallest become zero. Allocates a row.
/// \throws std::invalid_argument if sparsity is not within [0, 1], and as Normal.
/// Source: J. Martens, "Deep learning via Hessian-free optimization", ICML 2010, section 5.
struct Sparse {
    double sparsity = 0.9;
    double stddev = 0.01;
    static constexpr bool needs_whole = true;

    static constexpr std::string_view name = "sparse";
    template <class Self, class Visit> static void parameters(Self& self, Visit&& visit) {
        visit("sparsity", self.sparsity);
        visit("stddev", self.stddev);
    }

    template <class Target, class Engine = detail::NoEngine, class... Facts>
    void operator()(Target&& target, Engine&& engine = {}, const Facts&... facts) const {
        detail::fill(*this, std::forward<Target>(target), engine, facts...);
    }
    template <class Target, class Engine>
    void operator()(Target&&, Engine&&, detail::Unnamed<Target>) const {}
    template <class Scalar>
    void fill(const detail::Memory<Scalar>& memory, detail::Source& source,
              const detail::Facts&) const {
        if (!detail::finite(sparsity) || sparsity < 0 || sparsity > 1)
            detail::fail({"Sparse.sparsity must be within 0 and 1, but is ", sparsity});
        const detail::Facts none(false);
        const detail::Place place = detail::place_of(memory.rows, memory.cols, none);
        detail::check_words(place, detail::Element<Scalar>::words + 2, source);
        detail::Places places(static_cast<std::size_t>(memory.empty() ? 0 : memory.cols));
        // Less a few roundings, so that 0.07 of 100 is 7.
        const detail::Rounded share = detail::Rounded(sparsity) * static_cast<double>(memory.cols);
        const auto zeros = static_cast<std::ptrdiff_t>(std::ceil((share * (1 - 0x1p-50)).value));
        detail::fill_distribution(Normal{0, stddev}, memory, source, none);
        if (memory.empty()) return;
        for (std::int64_t r = 0; r < memory.rows; ++r) {
            detail::draw(places, source);
            detail::select(places, zeros);
            for (auto at = places.begin(); at != places.begin() + zeros; ++at)
                memory(r, at->second) = Scalar(0);
        }
    }
    friend bool operator==(const Sparse&, const Sparse&) = default;
};

} // namespace nninit::inline NNINIT_ABI

#endif
