// SPDX-License-Identifier: MIT

#ifndef NNINIT_CONVOLUTION_HPP
#define NNINIT_CONVOLUTION_HPP

#include <nninit/constant.hpp>
#include <nninit/orthogonal.hpp>

#include <string>

namespace nninit::inline NNINIT_ABI {
namespace detail::inline NNINIT_COMPILER {

/// Refuses, at compile time, a call of a rule of convolutions without one, or with a Window.
template <class... Rest> struct CheckConv {
    static constexpr bool ok =
        (... || (std::is_same_v<Rest, Conv> || std::is_same_v<Rest, TransposedConv> ||
                 std::is_same_v<Rest, DepthwiseConv>));
    static_assert(ok, "nninit: this rule fills a convolution; pass it, such as "
                      "nninit::Conv{.in = 3, .out = 3, .kernel = {3, 3}}");
    static_assert(!(... || std::is_same_v<Rest, Window>),
                  "nninit: this rule needs the whole matrix; fill it without a Window");
};

/// Refuses a tensor whose axes are not those of the kernel, nor several of these as one.
inline void check_kernel(const Axes& kernel, const Axes& tensor) {
    std::size_t k = 0;
    bool same = true;
    for (const Size axis : tensor.sizes) {
        std::uint64_t size = 1;
        while (size < axis.magnitude && k < kernel.sizes.size())
            size *= kernel.sizes[k++].magnitude;
        same &= size == axis.magnitude;
    }
    for (; k < kernel.sizes.size(); ++k) same &= kernel.sizes[k].magnitude == 1;
    const auto written = [](const Axes& axes) {
        std::string text(brief_decimal(number(axes.sizes[0])));
        for (std::size_t i = 1; i < axes.given; ++i)
            text.append(" x ").append(brief_decimal(number(axes.sizes[i])));
        return text;
    };
    if (!same)
        fail({"the convolution's kernel, ", written(kernel), ", is not the tensor's, ",
              written(tensor), ", whose axes count in the order of the alphabet"});
}

/// The convolution a call speaks of, if it is one and the target has its shape.
template <class Scalar> Conv conv_of(const Memory<Scalar>& memory, const Facts& facts) {
    if (!facts.has_conv)
        fail({"this initializer fills a convolution; pass it, such as "
              "nninit::Conv{.in = 3, .out = 3, .kernel = {3, 3}}"});
    if (facts.has_window) fail({"this initializer fills a whole convolution; pass no Window"});
    const Conv& conv = facts.conv;
    const Fans fans = conv;
    const auto rows = static_cast<double>(memory.rows), cols = static_cast<double>(memory.cols);
    if (rows != number(conv.out) || cols != fans.in)
        fail({"the convolution's weights are ", number(conv.out), " x ", fans.in,
              " (out x in / groups * kernel), but the target is ", rows, " x ", cols});
    if (facts.kernel != nullptr) check_kernel(conv.kernel, *facts.kernel);
    return conv;
}

/// 1 from input channel c to output channel c of each group, 0 elsewhere.
struct SameChannel {
    std::int64_t out; // of a group
    explicit SameChannel(const Conv& conv)
        : out(static_cast<std::int64_t>(conv.out.magnitude / conv.groups.magnitude)) {}
    bool operator()(std::int64_t o, std::int64_t c) const { return o % out == c; }
};

/// Fills the weights of a convolution, out x (in / groups * taps), the column of channel c and tap
/// t being c * taps + t with the last axis fastest: channels(o, c) times a profile over each axis,
/// and 0.0 where that is 0.
template <class Scalar, class Channels>
void fill_taps(const Memory<Scalar>& memory, const Conv& conv, const Channels& channels,
               double (*profile)(std::int64_t tap, std::int64_t size)) {
    using Real = typename Element<Scalar>::Real;
    const auto size = [&](std::size_t axis) {
        return static_cast<std::int64_t>(conv.kernel.sizes[axis].magnitude);
    };
    const std::int64_t taps = size(0) * size(1) * size(2);
    for (std::int64_t column = 0; column < memory.cols; ++column) {
        std::int64_t tap = column % taps;
        double weight = 1;
        for (std::size_t axis = 3; axis-- > 0; tap /= size(axis))
            weight = (Rounded(weight) * Rounded(profile(tap % size(axis), size(axis)))).value;
        for (std::int64_t o = 0; o < memory.rows; ++o)
            memory(o, column) =
                weight == 0 ? Scalar(0)
                            : Scalar(channels(o, column / taps)) * static_cast<Real>(weight);
    }
}

} // namespace detail::inline NNINIT_COMPILER

/// The convolution that passes its channels on: within each group, 1 at tap k / 2 of every axis
/// from each input channel to the output channel of its number, zero elsewhere. The target is
/// out x (in / groups * taps), taps with the last axis fastest; needs a Conv, TransposedConv or
/// DepthwiseConv, or the letters of nninit::fill; takes no words.
/// \throws std::invalid_argument as Conv, or if the target has another shape; a tensor's kernel has
/// its axes in the order of the alphabet.
struct Dirac {
    static constexpr bool needs_conv = true;

    static constexpr std::string_view name = "dirac";
    template <class Self, class Visit> static void parameters(Self&, Visit&&) {}

    template <class Target, class... Rest>
    void operator()(Target&& target, const Rest&... rest) const {
        if constexpr (detail::CheckConv<Rest...>::ok)
            detail::fill_without_words(*this, std::forward<Target>(target), rest...);
    }
    template <class Target, class Engine>
    void operator()(Target&&, Engine&&, detail::Unnamed<Target>) const {}
    template <class Target> void operator()(Target&&, detail::Unnamed<Target>) const {}
    template <class Scalar>
    void fill(const detail::Memory<Scalar>& memory, detail::Source&,
              const detail::Facts& facts) const {
        const Conv conv = detail::conv_of(memory, facts);
        detail::fill_taps(memory, conv, detail::SameChannel(conv),
                          [](std::int64_t i, std::int64_t k) { return i == k / 2 ? 1.0 : 0.0; });
    }
    friend bool operator==(const Dirac&, const Dirac&) = default;
};

/// The transposed convolution that scales images up by f = ceil(k / 2) bilinearly, channel by
/// channel as Dirac: 1 - |i / f - c| along each axis, c = (k - 1) / (2 f); a kernel of 4 gives
/// 0.25 0.75 0.75 0.25. Axes of size 1 count 1. Shape, facts and errors as Dirac; the weight
/// (C, 1, k, k), a kernel for each channel, is filled as C x (k * k) with
/// TransposedConv{.in = C, .out = C, .kernel = {k, k}, .groups = C}, or by the letters "OIHW" and
/// that; by these letters alone it is a layer of one input, whose other outputs stay zero.
struct Bilinear {
    static constexpr bool needs_conv = true;

    static constexpr std::string_view name = "bilinear";
    template <class Self, class Visit> static void parameters(Self&, Visit&&) {}

    template <class Target, class... Rest>
    void operator()(Target&& target, const Rest&... rest) const {
        if constexpr (detail::CheckConv<Rest...>::ok)
            detail::fill_without_words(*this, std::forward<Target>(target), rest...);
    }
    template <class Target, class Engine>
    void operator()(Target&&, Engine&&, detail::Unnamed<Target>) const {}
    template <class Target> void operator()(Target&&, detail::Unnamed<Target>) const {}
    template <class Scalar>
    void fill(const detail::Memory<Scalar>& memory, detail::Source&,
              const detail::Facts& facts) const {
        const Conv conv = detail::conv_of(memory, facts);
        detail::fill_taps(
            memory, conv, detail::SameChannel(conv), [](std::int64_t i, std::int64_t k) {
                using detail::Rounded;
                const auto f = static_cast<double>((k + 1) / 2);
                const Rounded centre = Rounded(static_cast<double>(k - 1)) / Rounded(2 * f);
                const Rounded at = Rounded(static_cast<double>(i)) / Rounded(f);
                const Rounded off = (std::abs)((at - centre).value);
                return (Rounded(1.0) - off).value;
            });
    }
    friend bool operator==(const Bilinear&, const Bilinear&) = default;
};

/// A convolution that keeps the length of signals: at tap (k - 1) / 2 of every axis an Orthogonal
/// matrix from input to output channels, zero elsewhere. Shape as Dirac, one group, in <= out;
/// words as Orthogonal for out x in; allocates as that, and out x in. \throws std::invalid_argument
/// as Conv and Orthogonal, or if the target has another shape, groups is not 1, or in exceeds out.
/// Source: L. Xiao, Y. Bahri, J. Sohl-Dickstein, S. Schoenholz, J. Pennington, "Dynamical isometry
/// and a mean field theory of CNNs: how to train 10,000-layer vanilla convolutional neural
/// networks", ICML 2018, algorithm 2.
struct DeltaOrthogonal {
    double gain = 1;
    static constexpr bool needs_conv = true;

    static constexpr std::string_view name = "delta_orthogonal";
    template <class Self, class Visit> static void parameters(Self& self, Visit&& visit) {
        visit("gain", self.gain);
    }

    template <class Target, class Engine = detail::NoEngine, class... Facts>
    void operator()(Target&& target, Engine&& engine = {}, const Facts&... facts) const {
        // A convolution in the engine's place is no lack of one: detail::fill asks for the engine.
        if constexpr (detail::CheckConv<std::remove_cvref_t<Engine>, Facts...>::ok)
            detail::fill(*this, std::forward<Target>(target), engine, facts...);
    }
    template <class Target, class Engine>
    void operator()(Target&&, Engine&&, detail::Unnamed<Target>) const {}
    template <class Scalar>
    void fill(const detail::Memory<Scalar>& memory, detail::Source& source,
              const detail::Facts& facts) const {
        const Conv conv = detail::conv_of(memory, facts);
        if (conv.groups.magnitude != 1)
            detail::fail({"DeltaOrthogonal needs groups = 1, not ", detail::number(conv.groups)});
        if (conv.in.magnitude > conv.out.magnitude)
            detail::fail({"DeltaOrthogonal needs in <= out, but in = ", detail::number(conv.in),
                          " and out = ", detail::number(conv.out)});
        detail::Buffer<Scalar> q(memory.rows, static_cast<std::int64_t>(conv.in.magnitude));
        Orthogonal{gain}.fill(q.memory, source, facts);
        detail::fill_taps(memory, conv, q.memory, [](std::int64_t i, std::int64_t k) {
            return i == (k - 1) / 2 ? 1.0 : 0.0;
        });
    }
    friend bool operator==(const DeltaOrthogonal&, const DeltaOrthogonal&) = default;
};

} // namespace nninit::inline NNINIT_ABI

#endif
