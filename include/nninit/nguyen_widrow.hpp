// SPDX-License-Identifier: MIT

#ifndef NNINIT_NGUYEN_WIDROW_HPP
#define NNINIT_NGUYEN_WIDROW_HPP

#include <nninit/detail/power.hpp>
#include <nninit/detail/structure.hpp>
#include <nninit/rules.hpp>

namespace nninit::inline NNINIT_ABI {

/// Spreads a layer's sigmoid units over the range of their inputs: each row, which holds the
/// weights into one unit, is uniform and scaled to the norm beta = factor fan_out^(1 / fan_in). The
/// fans are the matrix's columns and rows, whatever layer is passed; only Fans replace them. The
/// biases that belong to it: NguyenWidrow{}.bias(Fans::of(w))(b, rng), uniform on [-beta, beta].
///
/// Words as Uniform, of the matrix's own type; allocates a copy of the matrix (in float for half
/// and bfloat16). \throws std::invalid_argument if factor or a fan is not positive and finite, or
/// if beta, or what a row is multiplied by, exceeds the type.
/// Source: D. Nguyen, B. Widrow, "Improving the learning speed of 2-layer neural networks by
/// choosing initial values of the adaptive weights", IJCNN 1990.
struct NguyenWidrow {
    double factor = 0.7;
    static constexpr bool needs_whole = true;

    static constexpr std::string_view name = "nguyen_widrow";
    template <class Self, class Visit> static void parameters(Self& self, Visit&& visit) {
        visit("factor", self.factor);
    }

    Uniform bias(const Fans& fans) const {
        detail::check_positive(factor, "NguyenWidrow.factor");
        detail::check_fans(fans);
        const double beta =
            (detail::Rounded(factor) *
             detail::Rounded(detail::power(fans.out, (detail::Rounded(1.0) / fans.in).value)))
                .value;
        return {-beta, beta};
    }
    template <class Target, class Engine = detail::NoEngine, class... Facts>
    void operator()(Target&& target, Engine&& engine = {}, const Facts&... facts) const {
        detail::fill(*this, std::forward<Target>(target), engine, facts...);
    }
    template <class Target, class Engine>
    void operator()(Target&&, Engine&&, detail::Unnamed<Target>) const {}
    template <class Scalar>
    void fill(const detail::Memory<Scalar>& memory, detail::Source& source,
              const detail::Facts& facts) const {
        using Wide = typename detail::Computing<Scalar>::Type;
        using Real = typename detail::Element<Wide>::Real;
        const detail::Facts none(false); // a layer has the matrix's shape
        const Fans fans = detail::fans_of(memory.rows, memory.cols, facts.has_layer ? none : facts);
        const double beta = bias(fans).high; // of an empty matrix: factor
        using Narrow = typename detail::Element<Scalar>::Real;
        detail::check_finite(beta, "NguyenWidrow's norm of a row");
        detail::check_range<Narrow>(beta, beta, "NguyenWidrow");
        // A row's norm may be as small as the least |u|, and beta over it must not be infinite.
        detail::check_range<Real>(0,
                                  4 * beta / static_cast<double>(Eigen::NumTraits<Real>::epsilon()),
                                  "NguyenWidrow's factor for a row");
        if (memory.empty()) return;
        detail::Buffer<Wide> w(memory.rows, memory.cols);
        detail::fill_distribution(Uniform{-1, 1}, w.memory, source, none);
        for (std::int64_t r = 0; r < memory.rows; ++r) {
            const double norm = detail::length(&w.memory(r, 0), memory.cols, memory.rows);
            const auto scale = detail::opaque(static_cast<Real>(detail::divide(beta, norm)));
            for (std::int64_t c = 0; c < memory.cols; ++c) w.memory(r, c) *= scale;
        }
        detail::copy(w.memory, memory);
    }
    friend bool operator==(const NguyenWidrow&, const NguyenWidrow&) = default;
};

} // namespace nninit::inline NNINIT_ABI

#endif
