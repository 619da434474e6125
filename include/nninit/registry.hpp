// SPDX-License-Identifier: MIT

#ifndef NNINIT_REGISTRY_HPP
#define NNINIT_REGISTRY_HPP

#include <nninit/convolution.hpp>
#include <nninit/rules.hpp>
#include <nninit/structured.hpp>

#include <type_traits>
#include <utility>
#include <variant>

namespace nninit {
namespace detail {

template <class Rule>
concept WholeRule = requires {
    Rule::needs_whole;
};

template <class... Rule> struct ListOfRules {
    using Variant = std::variant<Rule...>;
    template <class T> static constexpr bool has = (std::is_same_v<T, Rule> || ...);
};

/// Every rule that has a name in text. A new one stands here once; all else is in its struct.
using Rules = ListOfRules<RandomUniform, GlorotUniform, GlorotNormal, HeUniform, HeNormal,
                          LeCunUniform, LeCunNormal, VarianceScaling, Uniform, Normal,
                          TruncatedNormal, Constant, Zeros, Ones, Siren, Orthogonal, Identity,
                          Sparse, Dirac, Bilinear, DeltaOrthogonal, NguyenWidrow>;

template <class T>
concept NamedRule = Rules::has<T>;

} // namespace detail

/// Any rule as a value, to be chosen at run time and kept in containers:
///
///     Initializer init = HeNormal{};
///     std::vector<Initializer> all{HeNormal{}, Zeros{}};
///
/// It is called as the rule it holds, `rule`, and equals another that holds the same rule with the
/// same parameters.
struct Initializer {
    detail::Rules::Variant rule;

    Initializer() = default;
    template <detail::NamedRule Rule>
    Initializer(const Rule& any) : rule(std::in_place_type<Rule>, any) {}

    /// \throws std::invalid_argument as the rule, and where the rule would not compile: a rule of
    /// fans on a compile-time vector without layer facts, a rule of convolutions without a Conv, a
    /// rule that needs the whole matrix with a Window.
    template <class Target, class Engine, class... Fact>
    void operator()(Target&& target, Engine&& engine, const Fact&... facts) const {
        using Expression = std::remove_cvref_t<Target>;
        constexpr bool has_window = (... || std::is_same_v<Fact, Window>);
        constexpr bool has_conv = (... || std::is_same_v<Fact, Conv>);
        const auto apply = [&](const auto& r) {
            using Rule = std::remove_cvref_t<decltype(r)>;
            constexpr bool whole = detail::WholeRule<Rule> || detail::ConvRule<Rule>;
            if constexpr (detail::FanRule<Rule> && Expression::IsVectorAtCompileTime &&
                          sizeof...(Fact) == 0)
                detail::fail("a vector has no fan_in and fan_out of its own; pass the layer, or "
                             "choose an initializer that needs none");
            else if constexpr (whole && has_window)
                detail::fail("this initializer needs the whole matrix; fill it without a Window");
            else if constexpr (detail::ConvRule<Rule> && !has_conv)
                detail::fail("this initializer fills a convolution; pass it, such as "
                             "nninit::Conv{.in = 3, .out = 3, .kernel = {3, 3}}");
            else
                r(target, engine, facts...);
        };
        std::visit(apply, rule);
    }

    friend bool operator==(const Initializer&, const Initializer&) = default;
};

} // namespace nninit

#endif
