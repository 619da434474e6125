// SPDX-License-Identifier: MIT

#ifndef NNINIT_CONSTANT_HPP
#define NNINIT_CONSTANT_HPP

#include <nninit/distributions.hpp>

namespace nninit::inline NNINIT_ABI {
namespace detail::inline NNINIT_COMPILER {

/// The number as a 16-bit float, rounded once: Eigen rounds to float on the way, which must then
/// keep, in its last bit, that something was lost.
template <class Real> Real narrowed(double x) {
    float f = opaque(static_cast<float>(x));
    if (static_cast<double>(f) != x) {
        if ((std::abs)(static_cast<double>(f)) > (std::abs)(x)) f = neighbour(f, f > 0 ? -1 : 1);
        f = std::bit_cast<float>(std::bit_cast<std::uint32_t>(f) | 1U);
    }
    return static_cast<Real>(f);
}

template <class Real> Real constant_of(const double& value, const char* name, const char* rule) {
    check_finite(value, name);
    check_range<Real>(value, value, rule);
    if constexpr (sizeof(Real) == 2)
        return narrowed<Real>(value);
    else
        return static_cast<Real>(value);
}

template <class Scalar> void set(const Memory<Scalar>& memory, const Scalar& value) {
    if (memory.empty()) return;
    for (std::int64_t c = 0; c < memory.cols; ++c)
        for (std::int64_t r = 0; r < memory.rows; ++r) memory(r, c) = value;
}

/// Refuses, at compile time, what follows the target and means nothing to a rule without words.
template <class... Rest> struct CheckRest {
    static constexpr bool known = (... && (BitGenerator<Rest> || std::is_same_v<Rest, Window> ||
                                           std::is_convertible_v<Rest, Fans>));
    static constexpr bool ok = known && CheckOnce<Rest...>::ok;
    static_assert(known, "nninit: after the target come an engine, which this rule ignores, and "
                         "layer facts; a value is a member: nninit::Constant{.value = 0.1}(bias)");
};

/// A call of a rule that takes no words, whose engine is ignored if there is one.
template <class Rule, class Target, class... Rest>
void fill_without_words(const Rule& rule, Target&& target, const Rest&... rest) {
    using Expression = std::remove_reference_t<Target>;
    if constexpr (CheckTarget<Target>::ok && CheckRest<Rest...>::ok) {
        if constexpr (CheckFans<Rule, Expression, Rest...>::ok) {
            const Facts facts(bool{Expression::IsVectorAtCompileTime}, rest...);
            Source none{Philox()};
            detail::with_memory(target, [&](const auto& memory) {
                detail::fill_memory(rule, memory, none, facts);
            });
        }
    }
}

} // namespace detail::inline NNINIT_COMPILER

/// The same value everywhere; takes no words and needs no engine: Constant{.value = 0.1}(bias).
/// \throws std::invalid_argument if the value is not finite or exceeds the target's type, and, as
/// Zeros, Ones and Identity, if a layer or Window that is passed does not fit the target.
struct Constant {
    double value = 0;

    static constexpr std::string_view name = "constant";
    template <class Self, class Visit> static void parameters(Self& self, Visit&& visit) {
        visit("value", self.value);
    }

    template <class Target, class... Ignored>
    void operator()(Target&& target, const Ignored&... ignored) const {
        detail::fill_without_words(*this, std::forward<Target>(target), ignored...);
    }
    template <class Target, class Engine>
    void operator()(Target&&, Engine&&, detail::Unnamed<Target>) const {}
    template <class Scalar>
    void fill(const detail::Memory<Scalar>& memory, detail::Source&, const detail::Facts&) const {
        using Real = typename detail::Element<Scalar>::Real;
        detail::set(memory, Scalar(detail::constant_of<Real>(value, "Constant.value", "Constant")));
    }
    friend bool operator==(const Constant&, const Constant&) = default;
};

/// All zero, the usual bias. Takes no words and needs no engine.
struct Zeros {
    static constexpr std::string_view name = "zeros";
    template <class Self, class Visit> static void parameters(Self&, Visit&&) {}

    template <class Target, class... Ignored>
    void operator()(Target&& target, const Ignored&... ignored) const {
        detail::fill_without_words(*this, std::forward<Target>(target), ignored...);
    }
    template <class Target, class Engine>
    void operator()(Target&&, Engine&&, detail::Unnamed<Target>) const {}
    template <class Scalar>
    void fill(const detail::Memory<Scalar>& memory, detail::Source&, const detail::Facts&) const {
        detail::set(memory, Scalar(0));
    }
    friend bool operator==(const Zeros&, const Zeros&) = default;
};

/// All one, the usual scale of a normalisation layer. Takes no words and needs no engine.
struct Ones {
    static constexpr std::string_view name = "ones";
    template <class Self, class Visit> static void parameters(Self&, Visit&&) {}

    template <class Target, class... Ignored>
    void operator()(Target&& target, const Ignored&... ignored) const {
        detail::fill_without_words(*this, std::forward<Target>(target), ignored...);
    }
    template <class Target, class Engine>
    void operator()(Target&&, Engine&&, detail::Unnamed<Target>) const {}
    template <class Scalar>
    void fill(const detail::Memory<Scalar>& memory, detail::Source&, const detail::Facts&) const {
        detail::set(memory, Scalar(1));
    }
    friend bool operator==(const Ones&, const Ones&) = default;
};

/// gain where row and column number agree, zero elsewhere, in a matrix of any shape; with a Window,
/// where they agree in the whole. Takes no words and needs no engine.
/// \throws std::invalid_argument if gain is not finite or exceeds the target's type.
struct Identity {
    double gain = 1;
    static constexpr bool needs_matrix = true;

    static constexpr std::string_view name = "identity";
    template <class Self, class Visit> static void parameters(Self& self, Visit&& visit) {
        visit("gain", self.gain);
    }

    template <class Target, class... Ignored>
    void operator()(Target&& target, const Ignored&... ignored) const {
        detail::fill_without_words(*this, std::forward<Target>(target), ignored...);
    }
    template <class Target, class Engine>
    void operator()(Target&&, Engine&&, detail::Unnamed<Target>) const {}
    template <class Scalar>
    void fill(const detail::Memory<Scalar>& memory, detail::Source&,
              const detail::Facts& facts) const {
        using Real = typename detail::Element<Scalar>::Real;
        const detail::Place place = detail::place_of(memory.rows, memory.cols, facts);
        const auto one = Scalar(detail::constant_of<Real>(gain, "Identity.gain", "Identity"));
        detail::set(memory, Scalar(0));
        for (std::int64_t c = 0; c < memory.cols; ++c) {
            const std::uint64_t row = place.col + static_cast<std::uint64_t>(c) - place.row;
            if (row < static_cast<std::uint64_t>(memory.rows))
                memory(static_cast<std::int64_t>(row), c) = one;
        }
    }
    friend bool operator==(const Identity&, const Identity&) = default;
};

} // namespace nninit::inline NNINIT_ABI

#endif
