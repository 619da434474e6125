// SPDX-License-Identifier: MIT

#ifndef NNINIT_ORTHOGONAL_HPP
#define NNINIT_ORTHOGONAL_HPP

#include <nninit/detail/orthogonal.hpp>
#include <nninit/detail/structure.hpp>
#include <nninit/detail/unitary.hpp>
#include <nninit/distributions.hpp>

namespace nninit::inline NNINIT_ABI {

/// gain Q, where Q has orthonormal columns (rows, if it is wider than tall) and is uniform among
/// all such matrices (Haar measure); unitary if complex. Keeps the length of signals through deep
/// linear and recurrent layers. Gates or heads that share a matrix are filled block by block. A
/// vector needs its layer: Dense{.in = n, .out = 1} for a row.
///
/// Takes a normal's words for each element, column by column of the matrix or, if it is wide, of
/// its transpose. The bits are the same everywhere: tests/golden/specification.md lists each
/// rounding. Allocates, in the type that it computes in (float for half and bfloat16), about a copy
/// of the matrix, its columns (rows, if it is wide) rounded up to a multiple of 16, and one of 128
/// columns (if complex, two copies, rounded up to 8 columns, and three of 64); for each thread 128
/// doubles a column (256), but 272 KiB at least. \throws std::invalid_argument if gain is not
/// finite or exceeds the target's type. Source: G. W. Stewart, "The efficient generation of random
/// orthogonal matrices with an application to condition estimators", SIAM J. Numer. Anal. 17(3),
/// 1980.
struct Orthogonal {
    double gain = 1;
    static constexpr bool needs_whole = true;

    static constexpr std::string_view name = "orthogonal";
    template <class Self, class Visit> static void parameters(Self& self, Visit&& visit) {
        visit("gain", self.gain);
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
        using Wide = typename detail::Computing<Scalar>::Type;
        using Real = typename detail::Element<Scalar>::Real;
        detail::check_finite(gain, "the gain");
        detail::check_range<Real>(-(std::abs)(gain), (std::abs)(gain), "the gain");
        if (memory.empty()) return;
        const detail::Memory<Scalar> upright =
            memory.rows < memory.cols ? memory.transposed() : memory;
        detail::check_words({upright.size(), 1, 0, 0}, detail::Element<Scalar>::words, source);
        const detail::Facts none(false);
        detail::Reflections<Wide> reflections(upright.rows, upright.cols, Eigen::nbThreads());
        const auto columns = [&](std::int64_t first) {
            return detail::Memory<Wide>{
                reflections.columns(), upright.rows,
                (std::min<std::int64_t>)(reflections.group, upright.cols - first), 1, upright.rows};
        };
        for (std::int64_t first = 0; first < upright.cols; first += reflections.group) {
            detail::fill_distribution(Normal{}, columns(first), source, none);
            reflections.reflect(first);
        }
        reflections.solve();
        for (std::int64_t first = 0; first < upright.cols; first += reflections.group) {
            const detail::Memory<Wide> q = columns(first);
            const detail::Memory<Scalar> part{&upright(0, first), q.rows, q.cols, upright.down,
                                              upright.right};
            if constexpr (std::is_same_v<Wide, Scalar>) {
                reflections.product(gain, first, part.data, part.down, part.right);
            } else {
                reflections.product(gain, first, q.data, q.down, q.right);
                detail::copy(q, part);
            }
        }
    }
    friend bool operator==(const Orthogonal&, const Orthogonal&) = default;
};

} // namespace nninit::inline NNINIT_ABI

#endif
