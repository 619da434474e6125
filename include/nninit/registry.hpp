// SPDX-License-Identifier: MIT

#ifndef NNINIT_REGISTRY_HPP
#define NNINIT_REGISTRY_HPP

#include <nninit/convolution.hpp>
#include <nninit/rules.hpp>
#include <nninit/structured.hpp>

#include <string_view>
#include <vector>

namespace nninit {
namespace detail {

template <class Rule>
concept WholeRule = requires {
    Rule::needs_whole;
};

} // namespace detail

/// Any rule as a value, to be chosen at run time and kept in containers. It is called as the rule
/// it holds, and equals another that holds the same rule with the same parameters.
struct Initializer {
    std::variant<RandomUniform, GlorotUniform, GlorotNormal, HeUniform, HeNormal, LeCunUniform,
                 LeCunNormal, VarianceScaling, Uniform, Normal, TruncatedNormal, Constant, Zeros,
                 Ones, Siren, Orthogonal, Identity, Sparse, Dirac, Bilinear, DeltaOrthogonal,
                 NguyenWidrow>
        rule;

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

namespace detail {

/// A rule's parameter, to be read and written through its address.
struct Parameter {
    std::string_view name;
    std::variant<double*, bool*, Mode*, Shape*> value;
};
using Parameters = std::vector<Parameter>;

inline Parameters parameters(RandomUniform&) { return {}; }
inline Parameters parameters(GlorotUniform& r) { return {{"gain", &r.gain}}; }
inline Parameters parameters(GlorotNormal& r) { return {{"gain", &r.gain}}; }
inline Parameters parameters(HeUniform& r) {
    return {{"negative_slope", &r.negative_slope}, {"mode", &r.mode}};
}
inline Parameters parameters(HeNormal& r) {
    return {{"negative_slope", &r.negative_slope}, {"mode", &r.mode}};
}
inline Parameters parameters(LeCunUniform&) { return {}; }
inline Parameters parameters(LeCunNormal&) { return {}; }
inline Parameters parameters(VarianceScaling& r) {
    return {{"scale", &r.scale}, {"mode", &r.mode}, {"distribution", &r.distribution}};
}
inline Parameters parameters(Uniform& r) { return {{"low", &r.low}, {"high", &r.high}}; }
inline Parameters parameters(Normal& r) { return {{"mean", &r.mean}, {"stddev", &r.stddev}}; }
inline Parameters parameters(TruncatedNormal& r) {
    return {{"mean", &r.mean}, {"stddev", &r.stddev}, {"low", &r.low}, {"high", &r.high}};
}
inline Parameters parameters(Constant& r) { return {{"value", &r.value}}; }
inline Parameters parameters(Zeros&) { return {}; }
inline Parameters parameters(Ones&) { return {}; }
inline Parameters parameters(Siren& r) { return {{"omega", &r.omega}, {"first", &r.first}}; }
inline Parameters parameters(Orthogonal& r) { return {{"gain", &r.gain}}; }
inline Parameters parameters(Identity& r) { return {{"gain", &r.gain}}; }
inline Parameters parameters(Sparse& r) {
    return {{"sparsity", &r.sparsity}, {"stddev", &r.stddev}};
}
inline Parameters parameters(Dirac&) { return {}; }
inline Parameters parameters(Bilinear&) { return {}; }
inline Parameters parameters(DeltaOrthogonal& r) { return {{"gain", &r.gain}}; }
inline Parameters parameters(NguyenWidrow& r) { return {{"factor", &r.factor}}; }
inline Parameters parameters(Initializer& initializer) {
    return std::visit([](auto& rule) { return parameters(rule); }, initializer.rule);
}

struct NamedRule {
    std::string_view name;
    Initializer initializer;
};

/// The rules' own names, in the order of the variant, then other words for the same, and what
/// frameworks mean by a name.
inline const std::vector<NamedRule>& named_rules() {
    const auto scaling = [](double scale, Mode mode, Shape shape) {
        return Initializer{VarianceScaling{scale, mode, shape}};
    };
    const auto mean = Mode::mean, in = Mode::fan_in;
    const auto normal = Shape::normal, cut = Shape::truncated;
    static const std::vector<NamedRule> rules = {
        {"random_uniform", {RandomUniform{}}},
        {"glorot_uniform", {GlorotUniform{}}},
        {"glorot_normal", {GlorotNormal{}}},
        {"he_uniform", {HeUniform{}}},
        {"he_normal", {HeNormal{}}},
        {"lecun_uniform", {LeCunUniform{}}},
        {"lecun_normal", {LeCunNormal{}}},
        {"variance_scaling", {VarianceScaling{}}},
        {"uniform", {Uniform{}}},
        {"normal", {Normal{}}},
        {"truncated_normal", {TruncatedNormal{}}},
        {"constant", {Constant{}}},
        {"zeros", {Zeros{}}},
        {"ones", {Ones{}}},
        {"siren", {Siren{}}},
        {"orthogonal", {Orthogonal{}}},
        {"identity", {Identity{}}},
        {"sparse", {Sparse{}}},
        {"dirac", {Dirac{}}},
        {"bilinear", {Bilinear{}}},
        {"delta_orthogonal", {DeltaOrthogonal{}}},
        {"nguyen_widrow", {NguyenWidrow{}}},
        {"xavier_uniform", {GlorotUniform{}}},
        {"xavier_normal", {GlorotNormal{}}},
        {"kaiming_uniform", {HeUniform{}}},
        {"kaiming_normal", {HeNormal{}}},
        {"caffe:msra", {HeNormal{}}},
        {"caffe:xavier", {LeCunUniform{}}}, // divides by fan_in
        {"flax:dense", scaling(1, in, cut)},
        {"jax:glorot_normal", scaling(1, mean, cut)},
        {"jax:glorot_uniform", {GlorotUniform{}}},
        {"jax:he_normal", scaling(2, in, cut)},
        {"jax:he_uniform", {HeUniform{}}},
        {"jax:lecun_normal", scaling(1, in, cut)},
        {"jax:lecun_uniform", {LeCunUniform{}}},
        {"jax:delta_orthogonal", {DeltaOrthogonal{}}},
        {"jax:orthogonal", {Orthogonal{}}},
        {"jax:uniform", {Uniform{0, 0.01}}},
        {"keras:dense", {GlorotUniform{}}},
        {"keras:glorot_normal", scaling(1, mean, cut)},
        {"keras:glorot_uniform", {GlorotUniform{}}},
        {"keras:he_normal", scaling(2, in, cut)},
        {"keras:he_uniform", {HeUniform{}}},
        {"keras:lecun_normal", scaling(1, in, cut)},
        {"keras:lecun_uniform", {LeCunUniform{}}},
        {"keras:identity", {Identity{}}},
        {"keras:orthogonal", {Orthogonal{}}},
        {"keras:random_normal", {Normal{0, 0.05}}},
        {"keras:random_uniform", {Uniform{-0.05, 0.05}}},
        {"keras:truncated_normal", {TruncatedNormal{0, 0.05, -0.1, 0.1}}},
        {"mlx:he_normal", {LeCunNormal{}}}, // without the factor 2
        {"mlx:he_uniform", {LeCunUniform{}}},
        {"mxnet:orthogonal", {Orthogonal{1.414}}},
        {"mxnet:xavier", {GlorotUniform{}}},
        {"mxnet:xavier_gaussian", scaling(3, mean, normal)},
        {"torch:conv", {RandomUniform{}}}, // kaiming_uniform_ of slope sqrt(5)
        {"torch:dirac_", {Dirac{}}},
        {"torch:eye_", {Identity{}}},
        {"torch:kaiming_normal_", {HeNormal{}}},
        {"torch:kaiming_uniform_", {HeUniform{}}},
        {"torch:linear", {RandomUniform{}}}, // kaiming_uniform_ of slope sqrt(5)
        {"torch:normal_", {Normal{}}},
        {"torch:orthogonal_", {Orthogonal{}}},
        {"torch:trunc_normal_", {TruncatedNormal{}}},
        {"torch:uniform_", {Uniform{}}},
        {"torch:xavier_normal_", {GlorotNormal{}}},
        {"torch:xavier_uniform_", {GlorotUniform{}}}};
    return rules;
}

} // namespace detail

} // namespace nninit

#endif
