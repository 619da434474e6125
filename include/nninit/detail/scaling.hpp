// SPDX-License-Identifier: MIT
// The formulas that rules of variance share.

#ifndef NNINIT_DETAIL_SCALING_HPP
#define NNINIT_DETAIL_SCALING_HPP

#include <nninit/distributions.hpp>

namespace nninit::inline NNINIT_ABI::detail::inline NNINIT_COMPILER {

inline void check_positive(const double& x, const char* name) {
    if (!finite(x) || !(x > 0)) fail({name, " must be positive and finite, but is ", x});
}

inline void check_fans(const Fans& fans) {
    check_positive(fans.in, "fan_in");
    check_positive(fans.out, "fan_out");
}

/// factor scale / n, n as the mode says.
inline Rounded scaled_variance(Rounded factor, Rounded scale, Mode mode, const Fans& fans) {
    check_fans(fans);
    check_positive(scale.value, "the rule's scale");
    const Rounded in = fans.in, out = fans.out;
    if (mode < Mode::fan_in || mode > Mode::geometric_mean)
        fail({"the mode is none of nninit::Mode"});
    const Rounded n = mode == Mode::fan_in    ? in
                      : mode == Mode::fan_out ? out
                      : mode == Mode::mean    ? (in + out) / Rounded(2.0)
                                              : sqrt(in * out);
    check_positive(n.value, "the mean of the fans"); // where their sum or product leaves a double
    const Rounded variance = factor * scale / n;
    check_positive(variance.value, "the rule's scale over its fan");
    return variance;
}

/// A rule's scale, value 4^exponent: a parameter whose square is no double keeps its exponent here.
struct Scale {
    Rounded value;
    int exponent = 0;

    /// factor root^2, or factor / root^2 if `inverse`.
    static Scale of_square(Rounded factor, double root, bool inverse) {
        int exponent = 0;
        if ((std::abs)(root) < 0x1p-500 || (std::abs)(root) > 0x1p500)
            root = std::frexp(root, &exponent);
        const Rounded square = Rounded(root) * Rounded(root);
        return {inverse ? factor / square : factor * square, inverse ? -exponent : exponent};
    }
    /// sqrt(factor scale / n)
    double root(Rounded factor, Mode mode, const Fans& fans) const {
        const double root = sqrt(scaled_variance(factor, value, mode, fans)).value;
        return exponent == 0 ? root : std::ldexp(root, exponent);
    }
};

inline Uniform uniform_scaling(Scale scale, Mode mode, const Fans& fans) {
    const double bound = scale.root(3.0, mode, fans);
    return {-bound, bound};
}

inline Normal normal_scaling(Scale scale, Mode mode, const Fans& fans) {
    return {0, scale.root(1.0, mode, fans)};
}

inline TruncatedNormal truncated_scaling(Scale scale, Mode mode, const Fans& fans) {
    const Rounded wanted = scale.root(1.0, mode, fans);
    return TruncatedNormal::within(2, {0, (wanted / Rounded(0.87962566103423978)).value});
}

/// The scale that a rule's parameter leads to; an error speaks of the parameter.
inline Scale check_scale(Scale scale, const char* name, double parameter) {
    if (!finite(scale.value.value) || !(scale.value.value > 0))
        fail({name, " leaves no positive, finite variance: it is ", parameter});
    return scale;
}

/// 2 / (1 + slope^2)
inline Scale he_scale(double negative_slope) {
    const Rounded slope = negative_slope;
    const Scale scale = (std::abs)(negative_slope) > 0x1p500
                            ? Scale::of_square(2.0, negative_slope, true)
                            : Scale{Rounded(2.0) / (Rounded(1.0) + slope * slope)};
    return check_scale(scale, "negative_slope", negative_slope);
}

/// sqrt(2 / (1 + slope^2))
inline double he_gain(double negative_slope) {
    const Scale scale = he_scale(negative_slope);
    return std::ldexp(sqrt(scale.value).value, scale.exponent);
}

inline Scale glorot_scale(double gain) {
    return check_scale(Scale::of_square(1.0, gain, false), "gain", gain);
}

} // namespace nninit::inline NNINIT_ABI::detail::inline NNINIT_COMPILER

#endif
