// SPDX-License-Identifier: MIT

#ifndef NNINIT_CONVOLUTION_HPP
#define NNINIT_CONVOLUTION_HPP

#include <nninit/structured.hpp>

namespace nninit {
namespace detail {

/// Rules that must be told the convolution they fill.
template <class Rule>
concept ConvRule = requires {
    Rule::needs_conv;
};

/// Fills the weights of a convolution, out x (in / groups * taps), the column of channel c and tap
/// t being c * taps + t with the last axis fastest: channels(o, c) times a profile over each axis.
template <class Target, class Channels, class Profile>
void fill_taps(Target& target, const Conv& conv, const Channels& channels, const Profile& profile) {
    using Scalar = typename Target::Scalar;
    using Real = typename Eigen::NumTraits<Scalar>::Real;
    const auto size = [&](std::size_t axis) {
        return static_cast<Eigen::Index>(conv.kernel[axis].size.magnitude);
    };
    const Eigen::Index taps = size(0) * size(1) * size(2);
    for (Eigen::Index column = 0; column < target.cols(); ++column) {
        Eigen::Index tap = column % taps;
        double weight = 1;
        for (std::size_t axis = 3; axis-- > 0; tap /= size(axis))
            weight *= profile(tap % size(axis), size(axis));
        for (Eigen::Index o = 0; o < target.rows(); ++o)
            target.coeffRef(o, column) =
                static_cast<Scalar>(channels(o, column / taps)) * static_cast<Real>(weight);
    }
}

/// The convolution a call speaks of, if it is one and the target has its shape.
template <class Target, class... Rest> Conv convolution(const Target& target, const Rest&... rest) {
    static_assert((... || std::is_same_v<Rest, Conv>),
                  "nninit: this rule fills a convolution; pass it, such as "
                  "nninit::Conv{.in = 3, .out = 3, .kernel = {3, 3}}");
    static_assert(!(... || std::is_same_v<Rest, Window>),
                  "nninit: this rule needs the whole matrix; fill it without a Window");
    const Conv conv = *fact<Conv>(rest...);
    const Fans fans = conv;
    const auto rows = static_cast<double>(target.rows()), cols = static_cast<double>(target.cols());
    if (rows != number(conv.out) || cols != fans.in)
        fail("the convolution's weights are ", number(conv.out), " x ", fans.in,
             " (out x in / groups * kernel), but the target is ", rows, " x ", cols);
    return conv;
}

/// 1 from input channel c to output channel c of each group.
inline auto same_channel(const Conv& conv) {
    const auto out = static_cast<Eigen::Index>(conv.out.magnitude / conv.groups.magnitude);
    return [out](Eigen::Index o, Eigen::Index c) { return o % out == c; };
}

} // namespace detail

/// The convolution that passes its channels on: within each group, 1 at tap k / 2 of every axis
/// from each input channel to the output channel of its number, zero elsewhere. The target is
/// out x (in / groups * taps), taps with the last axis fastest; needs a Conv, takes no words.
/// \throws std::invalid_argument as Conv, or if the target has another shape.
struct Dirac {
    static constexpr bool needs_conv = true;

    template <class Target, class... Rest>
    void operator()(Target&& target, const Rest&... rest) const {
        const Conv conv = detail::convolution(target, rest...);
        detail::fill_taps(target, conv, detail::same_channel(conv),
                          [](Eigen::Index i, Eigen::Index k) { return i == k / 2 ? 1.0 : 0.0; });
    }
    friend bool operator==(const Dirac&, const Dirac&) = default;
};

/// The transposed convolution that scales images up by f = ceil(k / 2) bilinearly, channel by
/// channel as Dirac: 1 - |i / f - c| along each axis, c = (k - 1) / (2 f); a kernel of 4 gives
/// 0.25 0.75 0.75 0.25. Axes of size 1 count 1. Shape, facts and errors as Dirac.
struct Bilinear {
    static constexpr bool needs_conv = true;

    template <class Target, class... Rest>
    void operator()(Target&& target, const Rest&... rest) const {
        const Conv conv = detail::convolution(target, rest...);
        detail::fill_taps(target, conv, detail::same_channel(conv),
                          [](Eigen::Index i, Eigen::Index k) {
                              const Eigen::Index factor = (k + 1) / 2;
                              const auto f = static_cast<double>(factor);
                              const double centre = static_cast<double>(k - 1) / (2 * f);
                              return 1 - std::abs(static_cast<double>(i) / f - centre);
                          });
    }
    friend bool operator==(const Bilinear&, const Bilinear&) = default;
};

/// A convolution that keeps the length of signals: at tap (k - 1) / 2 of every axis an Orthogonal
/// matrix from input to output channels, zero elsewhere. Shape as Dirac, one group, in <= out;
/// words as Orthogonal for out x in. \throws std::invalid_argument as Conv and Orthogonal, or if
/// the target has another shape, groups is not 1, or in exceeds out.
/// Source: L. Xiao, Y. Bahri, J. Sohl-Dickstein, S. Schoenholz, J. Pennington, "Dynamical isometry
/// and a mean field theory of CNNs", ICML 2018, algorithm 1.
struct DeltaOrthogonal {
    double gain = 1;
    static constexpr bool needs_conv = true;

    template <class Target, class Engine, class... Rest>
    void operator()(Target&& target, Engine&& engine, const Rest&... rest) const {
        using Expression = std::remove_reference_t<Target>;
        detail::check_call<Target, Engine, Rest...>();
        const Conv conv = detail::convolution(target, rest...);
        if (conv.groups.magnitude != 1)
            detail::fail("DeltaOrthogonal needs groups = 1, not ", detail::number(conv.groups));
        if (conv.in.magnitude > conv.out.magnitude)
            detail::fail("DeltaOrthogonal needs in <= out, but in = ", detail::number(conv.in),
                         " and out = ", detail::number(conv.out));
        Eigen::Matrix<typename Expression::Scalar, -1, -1> q(
            target.rows(), static_cast<Eigen::Index>(conv.in.magnitude));
        Orthogonal{gain}(q, engine);
        detail::fill_taps(target, conv, q, [](Eigen::Index i, Eigen::Index k) {
            return i == (k - 1) / 2 ? 1.0 : 0.0;
        });
    }
    friend bool operator==(const DeltaOrthogonal&, const DeltaOrthogonal&) = default;
};

} // namespace nninit

#endif
