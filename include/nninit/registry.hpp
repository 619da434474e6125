// SPDX-License-Identifier: MIT

#ifndef NNINIT_REGISTRY_HPP
#define NNINIT_REGISTRY_HPP

#include <nninit/convolution.hpp>
#include <nninit/detail/one_of.hpp>
#include <nninit/nguyen_widrow.hpp>
#include <nninit/rules.hpp>
#include <nninit/sparse.hpp>

#include <utility>

namespace nninit::inline NNINIT_ABI {
namespace detail::inline NNINIT_COMPILER {

/// Every rule that has a name in text. A new one stands here once; all else is in its struct.
using AnyRule =
    OneOf<RandomUniform, GlorotUniform, GlorotNormal, HeUniform, HeNormal, LeCunUniform,
          LeCunNormal, VarianceScaling, Uniform, Normal, TruncatedNormal, Constant, Zeros, Ones,
          Siren, Orthogonal, Identity, Sparse, Dirac, Bilinear, DeltaOrthogonal, NguyenWidrow>;

template <class T>
concept NamedRule = AnyRule::has<T>;

} // namespace detail::inline NNINIT_COMPILER

/// Any rule as a value, to be chosen at run time and kept in containers:
///
///     Initializer init = HeNormal{};
///     std::vector<Initializer> all{HeNormal{}, Zeros{}};
///
/// It is called as the rule it holds, but always with an engine, and equals another that holds the
/// same rule with the same parameters. rule.get_if<HeNormal>() points to the rule if it is that
/// one, and rule.visit(f) calls f with it.
struct Initializer {
    detail::AnyRule rule = RandomUniform{};

    Initializer() = default;
    template <detail::NamedRule Rule> Initializer(const Rule& any) : rule(any) {}

    /// \throws std::invalid_argument as the rule, and where the rule would not compile: a rule of
    /// fans or of a layer's matrix on a compile-time vector without layer facts, a rule of
    /// convolutions without a Conv, a rule that needs the whole matrix with a Window.
    template <class Target, class Engine = detail::NoEngine, class... Facts>
    void operator()(Target&& target, Engine&& engine = {}, const Facts&... facts) const {
        detail::fill(*this, std::forward<Target>(target), engine, facts...);
    }
    template <class Target, class Engine>
    void operator()(Target&&, Engine&&, detail::Unnamed<Target>) const {}
    template <class Scalar>
    void fill(const detail::Memory<Scalar>& memory, detail::Source& source,
              const detail::Facts& facts) const {
        rule.visit([&]<class Rule>(const Rule& r) {
            if constexpr (detail::WholeRule<Rule> || detail::ConvRule<Rule>)
                if (facts.has_window)
                    detail::fail({"this initializer needs the whole matrix; fill it without a "
                                  "Window"});
            detail::fill_memory(r, memory, source, facts);
        });
    }

    friend bool operator==(const Initializer&, const Initializer&) = default;
};

} // namespace nninit::inline NNINIT_ABI

#endif
