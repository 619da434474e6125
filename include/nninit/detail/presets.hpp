// SPDX-License-Identifier: MIT
// What frameworks call their initializers and parameters, each checked against the framework's own
// source. Frameworks count fans from the weight's shape alone: for strides, groups, depthwise and
// transposed convolutions a Layout of that shape gives their numbers, where a layer's facts give
// its own.

#ifndef NNINIT_DETAIL_PRESETS_HPP
#define NNINIT_DETAIL_PRESETS_HPP

#include <nninit/version.hpp>

#include <string>
#include <string_view>

namespace nninit::inline NNINIT_ABI {
namespace detail::inline NNINIT_COMPILER {

// Texts are plain pointers: each std::string_view of a table counts its letters wherever the file
// is included.
struct Synonym {
    const char *theirs = "", *ours = "";
};

/// Other words for a rule, and what frameworks mean by a name: text for by_name().
struct Preset {
    enum Kind {
        plain,
        bounds_in_stddevs,  // low and high count standard deviations from the mean
        normal_is_truncated // distribution=normal means the truncated one
    };
    const char *name, *meaning;
    Kind kind = plain;
    Synonym parameter{}; // this name's own word for a parameter
};

inline constexpr Synonym scale_is_gain = {"scale", "gain"};

inline constexpr Preset presets[] = {
    {"xavier_uniform", "glorot_uniform"},
    {"xavier_normal", "glorot_normal"},
    {"kaiming_uniform", "he_uniform"},
    {"kaiming_normal", "he_normal"},

    {"caffe:constant", "constant"},
    {"caffe:gaussian", "normal"},
    {"caffe:msra", "he_normal"},
    {"caffe:uniform", "uniform"},
    {"caffe:xavier", "variance_scaling(distribution=uniform)"}, // divides by fan_in

    {"dl4j:identity", "identity"},
    {"dl4j:lecun_normal", "lecun_normal"},
    {"dl4j:lecun_uniform", "variance_scaling(scale=3, distribution=uniform)"}, // 3 / sqrt(fan_in)
    {"dl4j:normal", "lecun_normal"},
    {"dl4j:ones", "ones"},
    {"dl4j:relu", "he_normal"},
    {"dl4j:relu_uniform", "he_uniform"},
    {"dl4j:sigmoid_uniform", "glorot_uniform(gain=4)"},
    {"dl4j:uniform", "random_uniform"},
    {"dl4j:xavier", "glorot_normal"},
    {"dl4j:xavier_fan_in", "lecun_normal"},
    {"dl4j:xavier_uniform", "glorot_uniform"},
    {"dl4j:zero", "zeros"},

    {"flax:conv", "variance_scaling(distribution=truncated)"},
    {"flax:dense", "variance_scaling(distribution=truncated)"},
    {"flax:embed", "lecun_normal"}, // of a table of (entries, features)

    {"flux:glorot_normal", "glorot_normal"},
    {"flux:glorot_uniform", "glorot_uniform"},
    {"flux:identity_init", "identity"},
    {"flux:kaiming_normal", "he_normal"},
    {"flux:kaiming_uniform", "he_uniform"},
    {"flux:orthogonal", "orthogonal"},
    {"flux:sparse_init", "sparse"}, // empties columns of (out, in): fill w.transpose()
    {"flux:truncated_normal", "truncated_normal"},

    {"haiku:constant", "constant", Preset::plain, {"constant", "value"}},
    {"haiku:identity", "identity"},
    {"haiku:orthogonal", "orthogonal", Preset::plain, scale_is_gain},
    {"haiku:random_normal", "normal"},
    {"haiku:random_uniform", "uniform"},
    {"haiku:truncated_normal", "truncated_normal", Preset::bounds_in_stddevs},
    {"haiku:uniform_scaling", "lecun_uniform"},
    {"haiku:variance_scaling", "variance_scaling(distribution=truncated)"},

    {"jax:constant", "constant"},
    {"jax:delta_orthogonal", "delta_orthogonal", Preset::plain, scale_is_gain},
    {"jax:glorot_normal", "variance_scaling(mode=mean, distribution=truncated)"},
    {"jax:glorot_uniform", "glorot_uniform"},
    {"jax:he_normal", "variance_scaling(scale=2, distribution=truncated)"},
    {"jax:he_uniform", "he_uniform"},
    {"jax:kaiming_normal", "variance_scaling(scale=2, distribution=truncated)"},
    {"jax:kaiming_uniform", "he_uniform"},
    {"jax:lecun_normal", "variance_scaling(distribution=truncated)"},
    {"jax:lecun_uniform", "lecun_uniform"},
    {"jax:normal", "normal(stddev=0.01)"},
    {"jax:ones", "ones"},
    {"jax:orthogonal", "orthogonal", Preset::plain, scale_is_gain},
    {"jax:truncated_normal", "truncated_normal(stddev=0.01)", Preset::bounds_in_stddevs},
    {"jax:uniform", "uniform(high=0.01)", Preset::plain, {"scale", "high"}},
    {"jax:variance_scaling", "variance_scaling"},
    {"jax:xavier_normal", "variance_scaling(mode=mean, distribution=truncated)"},
    {"jax:xavier_uniform", "glorot_uniform"},
    {"jax:zeros", "zeros"},

    {"keras:constant", "constant"},
    {"keras:conv", "glorot_uniform"},
    {"keras:dense", "glorot_uniform"},
    {"keras:depthwise", "glorot_uniform"}, // of fans k^2 in and k^2 multiplier
    {"keras:embedding", "uniform(low=-0.05, high=0.05)"},
    {"keras:glorot_normal", "variance_scaling(mode=mean, distribution=truncated)"},
    {"keras:glorot_uniform", "glorot_uniform"},
    {"keras:he_normal", "variance_scaling(scale=2, distribution=truncated)"},
    {"keras:he_uniform", "he_uniform"},
    {"keras:identity", "identity"},
    {"keras:lecun_normal", "variance_scaling(distribution=truncated)"},
    {"keras:lecun_uniform", "lecun_uniform"},
    {"keras:ones", "ones"},
    {"keras:orthogonal", "orthogonal"},
    {"keras:random_normal", "normal(stddev=0.05)"},
    {"keras:random_uniform", "uniform(low=-0.05, high=0.05)"},
    {"keras:truncated_normal", "truncated_normal(stddev=0.05)", Preset::bounds_in_stddevs},
    {"keras:variance_scaling", "variance_scaling(distribution=truncated)",
     Preset::normal_is_truncated},
    {"keras:zeros", "zeros"},

    {"mlx:constant", "constant"},
    {"mlx:glorot_normal", "glorot_normal"},
    {"mlx:glorot_uniform", "glorot_uniform"},
    {"mlx:he_normal", "variance_scaling"}, // without the factor 2
    {"mlx:he_uniform", "variance_scaling(distribution=uniform)"},
    {"mlx:identity", "identity"},
    {"mlx:normal", "normal"},
    {"mlx:orthogonal", "orthogonal"},
    {"mlx:sparse", "sparse(stddev=1)"},
    {"mlx:uniform", "uniform"},

    {"mxnet:constant", "constant"},
    {"mxnet:msraprelu", "he_normal(negative_slope=0.25, mode=mean)"},
    {"mxnet:normal", "normal(stddev=0.01)"},
    {"mxnet:one", "ones"},
    {"mxnet:orthogonal", "orthogonal(gain=1.414)", Preset::plain, scale_is_gain},
    {"mxnet:uniform", "uniform(low=-0.07, high=0.07)"},
    {"mxnet:xavier", "variance_scaling(mode=mean, distribution=uniform)"},
    {"mxnet:xavier_gaussian", "variance_scaling(scale=3, mode=mean)"},
    {"mxnet:zero", "zeros"},

    {"onnx:constant_of_shape", "constant"},
    {"onnx:eye_like", "identity"},
    {"onnx:random_normal", "normal", Preset::plain, {"scale", "stddev"}},
    {"onnx:random_uniform", "uniform"},

    {"paddle:constant", "constant"},
    {"paddle:dirac", "dirac"},
    {"paddle:kaiming_normal", "he_normal"},
    {"paddle:kaiming_uniform", "he_uniform"},
    {"paddle:normal", "normal"},
    {"paddle:orthogonal", "orthogonal"},
    {"paddle:uniform", "uniform(low=-1)"},
    {"paddle:xavier_normal", "glorot_normal"},
    {"paddle:xavier_uniform", "glorot_uniform"},

    {"sonnet:constant", "constant"},
    {"sonnet:identity", "identity"},
    {"sonnet:ones", "ones"},
    {"sonnet:orthogonal", "orthogonal"},
    {"sonnet:random_normal", "normal"},
    {"sonnet:random_uniform", "uniform"},
    {"sonnet:truncated_normal", "truncated_normal", Preset::bounds_in_stddevs},
    {"sonnet:variance_scaling", "variance_scaling(distribution=truncated)"},
    {"sonnet:zeros", "zeros"},

    {"torch:constant_", "constant"},
    {"torch:conv", "random_uniform"}, // kaiming_uniform_ of slope sqrt(5)
    // The same, whose fan_in PyTorch takes from the (in, out, k, k) weight: out k^2.
    {"torch:conv_transpose",
     "variance_scaling(scale=0.3333333333333333, mode=fan_out, distribution=uniform)"},
    {"torch:dirac_", "dirac"},
    {"torch:embedding", "normal"},
    {"torch:eye_", "identity"},
    {"torch:kaiming_normal_", "he_normal"},
    {"torch:kaiming_uniform_", "he_uniform"},
    {"torch:linear", "random_uniform"}, // kaiming_uniform_ of slope sqrt(5)
    {"torch:normal_", "normal"},
    {"torch:ones_", "ones"},
    {"torch:orthogonal_", "orthogonal"},
    {"torch:sparse_", "sparse"}, // empties columns of (out, in): fill w.transpose()
    {"torch:trunc_normal_", "truncated_normal"},
    {"torch:uniform_", "uniform"},
    {"torch:xavier_normal_", "glorot_normal"},
    {"torch:xavier_uniform_", "glorot_uniform"},
    {"torch:zeros_", "zeros"},
};

/// Frameworks under their other names. TensorFlow's initializers are Keras'.
inline constexpr Synonym frameworks[] = {{"pytorch", "torch"},       {"nn", "torch"},
                                         {"nn.initializers", "jax"}, {"nn.initializer", "paddle"},
                                         {"tensorflow", "keras"},    {"tf", "keras"},
                                         {"deeplearning4j", "dl4j"}, {"hk", "haiku"},
                                         {"snt", "sonnet"},          {"mx", "mxnet"},
                                         {"paddlepaddle", "paddle"}};

/// Parameters by the names that they have elsewhere; the first that the rule has is meant.
inline constexpr Synonym parameter_synonyms[] = {
    {"std", "stddev"},           // PyTorch, MLX, Flux, Caffe, Paddle
    {"sigma", "stddev"},         // MXNet
    {"a", "negative_slope"},     // PyTorch's kaiming_*
    {"a", "low"},                // PyTorch's uniform_ and trunc_normal_
    {"b", "high"},               // the same
    {"slope", "negative_slope"}, // MXNet
    {"minval", "low"},           // Keras, Haiku, Sonnet
    {"maxval", "high"},
    {"lower", "low"}, // JAX
    {"upper", "high"},
    {"min", "low"}, // Caffe
    {"max", "high"},
    {"lo", "low"}, // Flux
    {"hi", "high"},
    {"val", "value"},          // PyTorch
    {"factor_type", "mode"},   // MXNet
    {"variance_norm", "mode"}, // Caffe
};

/// What a message adds where a word is neither a parameter nor a name here; folded, as words are
/// compared.
inline constexpr Synonym hints[] = {
    {"seed", "a seed is the engine's, nninit::Philox rng(seed)"},
    {"generator", "the engine is an argument of the fill"},
    {"nonlinearity", "leave it out for relu, give negative_slope for leaky_relu, and see "
                     "nninit::recommended() for others"},
    {"gain", "a gain g is variance_scaling(scale=g^2)"},
    {"low", "for bounds of your own, uniform(low=-0.1, high=0.1)"},
    {"high", "for bounds of your own, uniform(low=-0.1, high=0.1)"},
    {"minval", "for bounds of your own, uniform(low=-0.1, high=0.1)"},
    {"maxval", "for bounds of your own, uniform(low=-0.1, high=0.1)"},
    {"lsuv", "Lsuv needs the layer's output, and is called as nninit::Lsuv"},
    {"gaussian", "a Gaussian is normal(mean=0, stddev=1)"},
};

/// "; " and the hint of a folded word, or nothing.
NNINIT_COLD inline std::string hint(std::string_view word) {
    for (const Synonym& each : hints)
        if (word == each.theirs) return std::string("; ").append(each.ours);
    return "";
}

} // namespace detail::inline NNINIT_COMPILER
} // namespace nninit::inline NNINIT_ABI

#endif
