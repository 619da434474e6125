// SPDX-License-Identifier: MIT

#ifndef NNINIT_ACTIVATION_HPP
#define NNINIT_ACTIVATION_HPP

#include <nninit/detail/integrate.hpp>
#include <nninit/detail/words.hpp>
#include <nninit/registry.hpp>

#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <type_traits>

namespace nninit::inline NNINIT_ABI {

/// Activation functions, as PyTorch defines them: elu has alpha 1, gelu is the exact one,
/// leaky_relu takes its slope as the next argument. softmax acts on a whole layer, so that only
/// recommended() takes it.
enum class Activation {
    linear,
    sigmoid,
    tanh,
    relu,
    leaky_relu,
    elu,
    selu,
    gelu,
    silu,
    softplus,
    mish,
    sin,
    softmax
};

namespace detail::inline NNINIT_COMPILER {

/// In the order of the enumeration, then others' words for the same.
struct ActivationName {
    const char* name;
    Activation activation;
};
inline constexpr ActivationName activation_names[] = {{"linear", Activation::linear},
                                                      {"sigmoid", Activation::sigmoid},
                                                      {"tanh", Activation::tanh},
                                                      {"relu", Activation::relu},
                                                      {"leaky_relu", Activation::leaky_relu},
                                                      {"elu", Activation::elu},
                                                      {"selu", Activation::selu},
                                                      {"gelu", Activation::gelu},
                                                      {"silu", Activation::silu},
                                                      {"softplus", Activation::softplus},
                                                      {"mish", Activation::mish},
                                                      {"sin", Activation::sin},
                                                      {"softmax", Activation::softmax},
                                                      {"identity", Activation::linear},
                                                      {"swish", Activation::silu},
                                                      {"logistic", Activation::sigmoid},
                                                      {"sine", Activation::sin}};

} // namespace detail::inline NNINIT_COMPILER

/// The activation of a name, that of the enumeration, identity, swish, logistic or sine. Case, '-'
/// and '_' do not count: LeakyReLU is leaky_relu. \throws std::invalid_argument for another name,
/// with the nearest ones.
[[nodiscard]] inline Activation activation(std::string_view name) {
    const std::string_view word = detail::trimmed(name);
    for (const detail::ActivationName& each : detail::activation_names)
        if (detail::same_word(each.name, word)) return each.activation;
    detail::Nearest nearest(word);
    std::string known;
    for (const detail::ActivationName& each : detail::activation_names) {
        nearest.offer(each.name);
        known.append(known.empty() ? "" : ", ").append(each.name);
    }
    detail::fail(
        {"there is no activation \"", word, "\"", nearest.sentence(), " there are ", known});
}

/// The activation's value at x; slope is leaky_relu's. \throws std::invalid_argument for softmax,
/// which is no function of one number.
[[nodiscard]] inline double activate(Activation activation, double x, double slope = 0.01) {
    // Each form keeps its digits for large |x|: no overflow, no 1 - 1.
    const auto softplus = [](double y) {
        return (std::max)(y, 0.0) + std::log1p(std::exp(-(std::abs)(y)));
    };
    const double logistic = x < 0 ? std::exp(x) / (1 + std::exp(x)) : 1 / (1 + std::exp(-x));
    switch (activation) {
    case Activation::linear:
        return x;
    case Activation::sigmoid:
        return logistic;
    case Activation::tanh:
        return std::tanh(x);
    case Activation::relu:
        return x < 0 ? 0 : x; // a NaN stays one
    case Activation::leaky_relu:
        return x > 0 ? x : slope * x;
    case Activation::elu:
        return x > 0 ? x : std::expm1(x);
    case Activation::selu:
        return 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * std::expm1(x));
    case Activation::gelu:
        return x * 0.5 * std::erfc(-x * detail::sqrt_half);
    case Activation::silu:
        return x * logistic;
    case Activation::softplus:
        return softplus(x);
    case Activation::mish:
        return x * std::tanh(softplus(x));
    case Activation::sin:
        return std::sin(x);
    case Activation::softmax:
        detail::fail({"softmax is a function of a whole layer, without a value or a gain of one "
                      "number; nninit::recommended has its rule"});
    default:
        break;
    }
    detail::fail({"the activation is none of nninit::Activation"});
}

namespace detail::inline NNINIT_COMPILER {

struct AnyReal {
    template <std::floating_point T> operator T() const;
};
struct AnyInteger {
    template <std::integral T> operator T() const;
};
/// One with overloads or parameters of type auto cannot be asked what it takes.
template <class Function>
concept OfOneForm = std::is_function_v<std::remove_pointer_t<Function>> || requires {
    &Function::operator();
};
template <class Function>
concept OfReal = OfOneForm<Function> && std::is_invocable_v<const Function&, AnyReal>;
template <class Function>
concept OfInteger =
    OfOneForm<Function> && !OfReal<Function> && std::is_invocable_v<const Function&, AnyInteger>;

} // namespace detail::inline NNINIT_COMPILER

/// The gain that keeps the second moment of a signal through an activation: 1 / sqrt(E[f(Z)^2]), Z
/// standard normal, by quadrature. f is any function of a double. The relative error is below 1e-10
/// for a smooth f, and below 1e-6 for one with kinks or jumps that are 1/16 apart or more, if f has
/// no features narrower than 1/100 and grows no faster than exp(15 |z|). Nothing is promised of an
/// f with poles.
/// \throws std::invalid_argument if the expectation, so found, is below 1e-290 or not finite, or
/// not found in 2^26 values of f, as one that draws random numbers.
template <class Function> [[nodiscard]] double gain(const Function& f) {
    static_assert(std::is_invocable_v<const Function&, double>,
                  "nninit: gain takes a function of a double, or a nninit::Activation, which "
                  "nninit::activation finds by name");
    static_assert(!detail::OfInteger<Function>,
                  "nninit: gain takes a function of a double, but this one takes an integer, to "
                  "which each number would be cut");
    const auto value_at = [&](double z) {
        if constexpr (detail::OfReal<Function>)
            return std::invoke(f, z); // where z becomes a float without a warning
        else
            return f(z);
    };
    std::int64_t calls = 0;
    const auto density = [&](double z) { // the root inside the square, lest f(z)^2 overflow
        if (++calls > 1 << 26)
            detail::fail({"gain: the integral does not settle; does the function return another "
                          "value each time for the same number?"});
        const double x = static_cast<double>(value_at(z)) * std::exp(-z * z / 4);
        return x * x * 0.3989422804014327;
    };
    constexpr int end = 39; // the density is 0 beyond, in double
    double scale = 0, moment = 0;
    for (int i = -4 * end; i < 4 * end; ++i) scale += density((i + 0.5) / 4) / 4;
    if (!detail::finite(scale)) detail::fail({"gain: the function's second moment is not finite"});
    for (int i = -4 * end; i < 4 * end; ++i)
        moment += detail::integrate(density, i / 4.0, (i + 1) / 4.0, 1e-12 * scale);
    if (!detail::finite(moment) || !(moment > 1e-290)) // where digits are lost
        detail::fail({"gain: the function's second moment under a standard normal is ", moment});
    return 1 / std::sqrt(moment);
}

/// The exact second-moment gain of an activation: sqrt(2) for relu, 1.5925... for tanh; slope is
/// leaky_relu's. \throws std::invalid_argument for softmax, and if slope is not finite.
[[nodiscard]] inline double gain(Activation activation, double slope = 0.01) {
    detail::check_finite(slope, "slope");
    return gain([&](double x) { return activate(activation, x, slope); });
}

/// The gain by which frameworks multiply, PyTorch's table: 1 for linear and sigmoid, 5/3 for tanh,
/// sqrt(2) for relu, sqrt(2 / (1 + slope^2)) for leaky_relu, 3/4 for selu. Those of tanh and selu
/// are conventions, not the second-moment gains. \throws std::invalid_argument for an activation
/// that the table does not have, and for leaky_relu if slope is not finite.
[[nodiscard]] inline double published_gain(Activation activation, double slope = 0.01) {
    switch (activation) {
    case Activation::linear:
    case Activation::sigmoid:
        return 1;
    case Activation::tanh:
        return 5.0 / 3;
    case Activation::relu:
        return detail::he_gain(0);
    case Activation::leaky_relu:
        return detail::he_gain(slope);
    case Activation::selu:
        return 0.75;
    case Activation::elu:
    case Activation::gelu:
    case Activation::silu:
    case Activation::softplus:
    case Activation::mish:
    case Activation::sin:
    case Activation::softmax:
    default:
        break;
    }
    detail::fail({"published_gain has linear, sigmoid, tanh, relu, leaky_relu and selu only; "
                  "nninit::gain has every activation of one number"});
}

// clang-format off
/// The rule to begin with for the layer before an activation:
///
///     linear, softmax             glorot_normal: nothing cuts signal or gradient
///     sigmoid, tanh               glorot_normal: nearly linear about 0
///     relu                        he_normal: half of the squares are cut
///     leaky_relu                  he_normal of its slope
///     elu, gelu, silu,
///     softplus, mish              he_normal: they cut about as much as relu
///     selu                        lecun_normal: made for variance 1 / fan_in
///     sin                         siren; the first layer wants Siren{.first = true}
///
/// In the limit of wide layers, 50 without normalisation take a variance of 1 of what goes into
/// the activation (not of what comes out) to 1 under linear, relu, leaky_relu and selu, to 0.010
/// under tanh, 34 under elu and 25 under softplus; VarianceScaling{.scale = gain^2}, gain =
/// gain(activation), keeps these at 1. Under gelu, silu and mish it becomes 3e-14, 3e-15 and 8e-7,
/// and no scale helps: with gain^2, 0.9 becomes 3e-8, 4e-6 and 0.01. Such layers need
/// normalisation. Layers of finite width stray from this limit.
///
/// slope is checked by the fill. Sources: those of the rules.
// clang-format on
[[nodiscard]] inline Initializer recommended(Activation activation, double slope = 0.01) {
    switch (activation) {
    case Activation::linear:
    case Activation::sigmoid:
    case Activation::tanh:
    case Activation::softmax:
        return GlorotNormal{};
    case Activation::leaky_relu:
        return HeNormal{.negative_slope = slope};
    case Activation::selu:
        return LeCunNormal{};
    case Activation::sin:
        return Siren{};
    case Activation::relu:
    case Activation::elu:
    case Activation::gelu:
    case Activation::silu:
    case Activation::softplus:
    case Activation::mish:
        return HeNormal{};
    default:
        detail::fail({"the activation is none of nninit::Activation"});
    }
}

} // namespace nninit::inline NNINIT_ABI

#endif
