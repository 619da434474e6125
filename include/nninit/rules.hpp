// SPDX-License-Identifier: MIT

#ifndef NNINIT_RULES_HPP
#define NNINIT_RULES_HPP

#include <nninit/detail/scaling.hpp>

#include <string_view>
#include <utility>
#include <variant>

namespace nninit::inline NNINIT_ABI {

/// The form of the distribution: uniform, normal, or normal cut at two standard deviations and
/// widened so that the variance after the cut is the one asked for.
enum class Shape { uniform, normal, truncated };

/// Variance scale / n, where n is fan_in, fan_out, their mean or their geometric mean:
///
///     uniform    U(-bound, bound), bound = sqrt(3 scale / n)
///     normal     N(0, stddev^2), stddev = sqrt(scale / n)
///     truncated  N(0, s^2) within 2 s, s = sqrt(scale / n) / 0.87962566103423978, the standard
///                deviation of a standard normal cut at 2
///
/// given(fans) of this and of every rule of fans is its distribution, without a matrix:
/// HeNormal{}.given({.in = 784, .out = 128}).stddev. Words as the distribution.
/// \throws std::invalid_argument if scale or a fan is not positive and finite, if mode or
/// distribution is none of its enumeration, and as the distribution: Uniform does not refuse a
/// bound beyond the target's type, but cuts it there.
/// Source: Keras's initializer of this name.
struct VarianceScaling {
    double scale = 1;
    Mode mode = Mode::fan_in;
    Shape distribution = Shape::normal;

    static constexpr std::string_view name = "variance_scaling";
    template <class Self, class Visit> static void parameters(Self& self, Visit&& visit) {
        visit("scale", self.scale);
        visit("mode", self.mode);
        visit("distribution", self.distribution);
    }

    std::variant<Uniform, Normal, TruncatedNormal> given(const Fans& fans) const {
        switch (distribution) {
        case Shape::uniform:
            return detail::uniform_scaling({scale}, mode, fans);
        case Shape::normal:
            return detail::normal_scaling({scale}, mode, fans);
        case Shape::truncated:
            return detail::truncated_scaling({scale}, mode, fans);
        default:
            break;
        }
        detail::fail({"the distribution is none of uniform, normal and truncated"});
    }
    template <class Target, class Engine = detail::NoEngine, class... Facts>
    void operator()(Target&& target, Engine&& engine = {}, const Facts&... facts) const {
        detail::fill(*this, std::forward<Target>(target), engine, facts...);
    }
    template <class Target, class Engine>
    void operator()(Target&&, Engine&&, detail::Unnamed<Target>) const {}
    friend bool operator==(const VarianceScaling&, const VarianceScaling&) = default;
};

/// U(-1/sqrt(fan_in), 1/sqrt(fan_in)), of variance 1 / (3 fan_in): the classic rule for sigmoid
/// units, and what PyTorch's Linear and Conv layers start from. Words as Uniform, errors as
/// VarianceScaling.
/// Source: X. Glorot, Y. Bengio, "Understanding the difficulty of training deep feedforward neural
/// networks", AISTATS 2010, equation 1, where it is the heuristic in common use.
struct RandomUniform {
    static constexpr std::string_view name = "random_uniform";
    template <class Self, class Visit> static void parameters(Self&, Visit&&) {}

    Uniform given(const Fans& fans) const {
        detail::check_fans(fans);
        const double bound = (detail::Rounded(1.0) / sqrt(detail::Rounded(fans.in))).value;
        return {-bound, bound};
    }
    template <class Target, class Engine = detail::NoEngine, class... Facts>
    void operator()(Target&& target, Engine&& engine = {}, const Facts&... facts) const {
        detail::fill(*this, std::forward<Target>(target), engine, facts...);
    }
    template <class Target, class Engine>
    void operator()(Target&&, Engine&&, detail::Unnamed<Target>) const {}
    friend bool operator==(const RandomUniform&, const RandomUniform&) = default;
};

/// U(-bound, bound), bound = gain sqrt(6 / (fan_in + fan_out)), to keep the variance of signals and
/// gradients through layers of linear, tanh or sigmoid units; gain makes up for the activation.
/// Words as Uniform. Errors as VarianceScaling; also if gain is 0 or not finite. Its sign does not
/// count. Source: X. Glorot, Y. Bengio, "Understanding the difficulty of training deep feedforward
/// neural networks", AISTATS 2010, equation 16.
struct GlorotUniform {
    double gain = 1;

    static constexpr std::string_view name = "glorot_uniform";
    template <class Self, class Visit> static void parameters(Self& self, Visit&& visit) {
        visit("gain", self.gain);
    }

    Uniform given(const Fans& fans) const {
        return detail::uniform_scaling(detail::glorot_scale(gain), Mode::mean, fans);
    }
    template <class Target, class Engine = detail::NoEngine, class... Facts>
    void operator()(Target&& target, Engine&& engine = {}, const Facts&... facts) const {
        detail::fill(*this, std::forward<Target>(target), engine, facts...);
    }
    template <class Target, class Engine>
    void operator()(Target&&, Engine&&, detail::Unnamed<Target>) const {}
    friend bool operator==(const GlorotUniform&, const GlorotUniform&) = default;
};

/// N(0, stddev^2), stddev = gain sqrt(2 / (fan_in + fan_out)), to keep the variance of signals and
/// gradients through layers of linear, tanh or sigmoid units; gain makes up for the activation.
/// Words as Normal. Errors as VarianceScaling; also if gain is 0 or not finite. Its sign does not
/// count. Source: X. Glorot, Y. Bengio, "Understanding the difficulty of training deep feedforward
/// neural networks", AISTATS 2010, equation 12.
struct GlorotNormal {
    double gain = 1;

    static constexpr std::string_view name = "glorot_normal";
    template <class Self, class Visit> static void parameters(Self& self, Visit&& visit) {
        visit("gain", self.gain);
    }

    Normal given(const Fans& fans) const {
        return detail::normal_scaling(detail::glorot_scale(gain), Mode::mean, fans);
    }
    template <class Target, class Engine = detail::NoEngine, class... Facts>
    void operator()(Target&& target, Engine&& engine = {}, const Facts&... facts) const {
        detail::fill(*this, std::forward<Target>(target), engine, facts...);
    }
    template <class Target, class Engine>
    void operator()(Target&&, Engine&&, detail::Unnamed<Target>) const {}
    friend bool operator==(const GlorotNormal&, const GlorotNormal&) = default;
};

/// U(-bound, bound), bound = sqrt(6 / ((1 + negative_slope^2) fan_in)),
/// which keeps the variance through layers of ReLU units, or of LeakyReLU units of the given slope.
/// Another mode puts its number in the place of fan_in: Mode::fan_out keeps the gradients' variance
/// instead of the signals'. Words as Uniform. Errors as VarianceScaling; also if negative_slope is
/// not finite.
/// Source: K. He, X. Zhang, S. Ren, J. Sun, "Delving deep into rectifiers: surpassing human-level
/// performance on ImageNet classification", ICCV 2015, section 2.2.
struct HeUniform {
    double negative_slope = 0;
    Mode mode = Mode::fan_in;

    static constexpr std::string_view name = "he_uniform";
    template <class Self, class Visit> static void parameters(Self& self, Visit&& visit) {
        visit("negative_slope", self.negative_slope);
        visit("mode", self.mode);
    }

    Uniform given(const Fans& fans) const {
        return detail::uniform_scaling(detail::he_scale(negative_slope), mode, fans);
    }
    template <class Target, class Engine = detail::NoEngine, class... Facts>
    void operator()(Target&& target, Engine&& engine = {}, const Facts&... facts) const {
        detail::fill(*this, std::forward<Target>(target), engine, facts...);
    }
    template <class Target, class Engine>
    void operator()(Target&&, Engine&&, detail::Unnamed<Target>) const {}
    friend bool operator==(const HeUniform&, const HeUniform&) = default;
};

/// N(0, stddev^2), stddev = sqrt(2 / ((1 + negative_slope^2) fan_in)),
/// which keeps the variance through layers of ReLU units, or of LeakyReLU units of the given slope.
/// Another mode puts its number in the place of fan_in: Mode::fan_out keeps the gradients' variance
/// instead of the signals'. Words as Normal. Errors as VarianceScaling; also if negative_slope is
/// not finite.
/// Source: K. He, X. Zhang, S. Ren, J. Sun, "Delving deep into rectifiers: surpassing human-level
/// performance on ImageNet classification", ICCV 2015, section 2.2.
struct HeNormal {
    double negative_slope = 0;
    Mode mode = Mode::fan_in;

    static constexpr std::string_view name = "he_normal";
    template <class Self, class Visit> static void parameters(Self& self, Visit&& visit) {
        visit("negative_slope", self.negative_slope);
        visit("mode", self.mode);
    }

    Normal given(const Fans& fans) const {
        return detail::normal_scaling(detail::he_scale(negative_slope), mode, fans);
    }
    template <class Target, class Engine = detail::NoEngine, class... Facts>
    void operator()(Target&& target, Engine&& engine = {}, const Facts&... facts) const {
        detail::fill(*this, std::forward<Target>(target), engine, facts...);
    }
    template <class Target, class Engine>
    void operator()(Target&&, Engine&&, detail::Unnamed<Target>) const {}
    friend bool operator==(const HeNormal&, const HeNormal&) = default;
};

/// U(-bound, bound), bound = sqrt(3 / fan_in), so that a linear unit of inputs of variance 1 has
/// variance 1; the start that SELU units were made for. Words as Uniform, errors as
/// VarianceScaling.
/// Source: Y. LeCun, L. Bottou, G. Orr, K.-R. Mueller, "Efficient BackProp", 1998, section 4.6.
struct LeCunUniform {
    static constexpr std::string_view name = "lecun_uniform";
    template <class Self, class Visit> static void parameters(Self&, Visit&&) {}

    Uniform given(const Fans& fans) const {
        return detail::uniform_scaling({1.0}, Mode::fan_in, fans);
    }
    template <class Target, class Engine = detail::NoEngine, class... Facts>
    void operator()(Target&& target, Engine&& engine = {}, const Facts&... facts) const {
        detail::fill(*this, std::forward<Target>(target), engine, facts...);
    }
    template <class Target, class Engine>
    void operator()(Target&&, Engine&&, detail::Unnamed<Target>) const {}
    friend bool operator==(const LeCunUniform&, const LeCunUniform&) = default;
};

/// N(0, stddev^2), stddev = sqrt(1 / fan_in), so that a linear unit of inputs of variance 1 has
/// variance 1; the start that SELU units were made for. Words as Normal, errors as
/// VarianceScaling.
/// Source: Y. LeCun, L. Bottou, G. Orr, K.-R. Mueller, "Efficient BackProp", 1998, section 4.6.
struct LeCunNormal {
    static constexpr std::string_view name = "lecun_normal";
    template <class Self, class Visit> static void parameters(Self&, Visit&&) {}

    Normal given(const Fans& fans) const {
        return detail::normal_scaling({1.0}, Mode::fan_in, fans);
    }
    template <class Target, class Engine = detail::NoEngine, class... Facts>
    void operator()(Target&& target, Engine&& engine = {}, const Facts&... facts) const {
        detail::fill(*this, std::forward<Target>(target), engine, facts...);
    }
    template <class Target, class Engine>
    void operator()(Target&&, Engine&&, detail::Unnamed<Target>) const {}
    friend bool operator==(const LeCunNormal&, const LeCunNormal&) = default;
};

/// The start of a network of sin(omega (W x + b)) units: U(-bound, bound) with bound =
/// sqrt(6 / fan_in) / omega, or 1 / fan_in in the first layer. Words as Uniform, errors as
/// VarianceScaling; also if omega is not positive and finite.
/// Source: V. Sitzmann, J. Martel, A. Bergman, D. Lindell, G. Wetzstein, "Implicit neural
/// representations with periodic activation functions", NeurIPS 2020, section 3.2.
struct Siren {
    double omega = 30;
    bool first = false;

    static constexpr std::string_view name = "siren";
    template <class Self, class Visit> static void parameters(Self& self, Visit&& visit) {
        visit("omega", self.omega);
        visit("first", self.first);
    }

    Uniform given(const Fans& fans) const {
        using detail::Rounded;
        detail::check_positive(omega, "Siren.omega");
        detail::check_fans(fans);
        const Rounded bound = first ? Rounded(1.0) / Rounded(fans.in)
                                    : sqrt(Rounded(6.0) / Rounded(fans.in)) / Rounded(omega);
        return {-bound.value, bound.value};
    }
    template <class Target, class Engine = detail::NoEngine, class... Facts>
    void operator()(Target&& target, Engine&& engine = {}, const Facts&... facts) const {
        detail::fill(*this, std::forward<Target>(target), engine, facts...);
    }
    template <class Target, class Engine>
    void operator()(Target&&, Engine&&, detail::Unnamed<Target>) const {}
    friend bool operator==(const Siren&, const Siren&) = default;
};

} // namespace nninit::inline NNINIT_ABI

#endif
