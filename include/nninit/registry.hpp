// SPDX-License-Identifier: MIT

#ifndef NNINIT_REGISTRY_HPP
#define NNINIT_REGISTRY_HPP

#include <nninit/convolution.hpp>
#include <nninit/nguyen_widrow.hpp>
#include <nninit/rules.hpp>
#include <nninit/sparse.hpp>

#include <string_view>
#include <vector>

namespace nninit::inline NNINIT_ABI {
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
    template <class Target, class Engine, class... Facts>
    void operator()(Target&& target, Engine&& engine, const Facts&... facts) const {
        detail::fill(*this, std::forward<Target>(target), engine, facts...);
    }
    template <class Scalar>
    void fill(const detail::Memory<Scalar>& memory, detail::Source& source,
              const detail::Facts& facts) const {
        std::visit(
            [&]<class Rule>(const Rule& r) {
                if constexpr (detail::WholeRule<Rule> || detail::ConvRule<Rule>)
                    if (facts.window)
                        detail::fail("this initializer needs the whole matrix; fill it without a "
                                     "Window");
                detail::fill_memory(r, memory, source, facts);
            },
            rule);
    }

    friend bool operator==(const Initializer&, const Initializer&) = default;
};

namespace detail::inline NNINIT_COMPILER {

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

/// The rules' own names, in the order of the variant.
inline constexpr std::string_view rule_names[] = {"random_uniform",
                                                  "glorot_uniform",
                                                  "glorot_normal",
                                                  "he_uniform",
                                                  "he_normal",
                                                  "lecun_uniform",
                                                  "lecun_normal",
                                                  "variance_scaling",
                                                  "uniform",
                                                  "normal",
                                                  "truncated_normal",
                                                  "constant",
                                                  "zeros",
                                                  "ones",
                                                  "siren",
                                                  "orthogonal",
                                                  "identity",
                                                  "sparse",
                                                  "dirac",
                                                  "bilinear",
                                                  "delta_orthogonal",
                                                  "nguyen_widrow"};
static_assert(std::size(rule_names) == std::variant_size_v<decltype(Initializer::rule)>);

/// Other words for the same, and what frameworks mean by a name: text for by_name().
struct Alias {
    std::string_view name, meaning;
};
inline constexpr Alias aliases[] = {
    {"xavier_uniform", "glorot_uniform"},
    {"xavier_normal", "glorot_normal"},
    {"kaiming_uniform", "he_uniform"},
    {"kaiming_normal", "he_normal"},
    {"caffe:msra", "he_normal"},
    {"caffe:xavier", "lecun_uniform"}, // divides by fan_in
    {"flax:dense", "variance_scaling(distribution=truncated)"},
    {"jax:glorot_normal", "variance_scaling(mode=mean, distribution=truncated)"},
    {"jax:glorot_uniform", "glorot_uniform"},
    {"jax:he_normal", "variance_scaling(scale=2, distribution=truncated)"},
    {"jax:he_uniform", "he_uniform"},
    {"jax:lecun_normal", "variance_scaling(distribution=truncated)"},
    {"jax:lecun_uniform", "lecun_uniform"},
    {"jax:delta_orthogonal", "delta_orthogonal"},
    {"jax:orthogonal", "orthogonal"},
    {"jax:uniform", "uniform(high=0.01)"},
    {"keras:dense", "glorot_uniform"},
    {"keras:glorot_normal", "variance_scaling(mode=mean, distribution=truncated)"},
    {"keras:glorot_uniform", "glorot_uniform"},
    {"keras:he_normal", "variance_scaling(scale=2, distribution=truncated)"},
    {"keras:he_uniform", "he_uniform"},
    {"keras:lecun_normal", "variance_scaling(distribution=truncated)"},
    {"keras:lecun_uniform", "lecun_uniform"},
    {"keras:identity", "identity"},
    {"keras:orthogonal", "orthogonal"},
    {"keras:random_normal", "normal(stddev=0.05)"},
    {"keras:random_uniform", "uniform(low=-0.05, high=0.05)"},
    {"keras:truncated_normal", "truncated_normal(stddev=0.05, low=-0.1, high=0.1)"},
    {"mlx:he_normal", "lecun_normal"}, // without the factor 2
    {"mlx:he_uniform", "lecun_uniform"},
    {"mxnet:orthogonal", "orthogonal(gain=1.414)"},
    {"mxnet:xavier", "glorot_uniform"},
    {"mxnet:xavier_gaussian", "variance_scaling(scale=3, mode=mean)"},
    {"torch:conv", "random_uniform"}, // kaiming_uniform_ of slope sqrt(5)
    {"torch:dirac_", "dirac"},
    {"torch:eye_", "identity"},
    {"torch:kaiming_normal_", "he_normal"},
    {"torch:kaiming_uniform_", "he_uniform"},
    {"torch:linear", "random_uniform"}, // kaiming_uniform_ of slope sqrt(5)
    {"torch:normal_", "normal"},
    {"torch:orthogonal_", "orthogonal"},
    {"torch:trunc_normal_", "truncated_normal"},
    {"torch:uniform_", "uniform"},
    {"torch:xavier_normal_", "glorot_normal"},
    {"torch:xavier_uniform_", "glorot_uniform"},
};

} // namespace detail::inline NNINIT_COMPILER
} // namespace nninit::inline NNINIT_ABI

#endif
