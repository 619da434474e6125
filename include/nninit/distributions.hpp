// SPDX-License-Identifier: MIT

#ifndef NNINIT_DISTRIBUTIONS_HPP
#define NNINIT_DISTRIBUTIONS_HPP

#include <nninit/detail/truncation.hpp>
#include <nninit/make.hpp>

#include <string_view>
#include <utility>

namespace nninit::inline NNINIT_ABI {
namespace detail::inline NNINIT_COMPILER {

inline constexpr double sqrt_half = 0x1.6a09e667f3bcdp-1;

/// The type in which a target's bounds are held: its own, but double for long double.
template <class Real>
using Narrow = std::conditional_t<std::is_same_v<Real, long double>, double, Real>;

inline void check_finite(const double& x, const char* name) {
    if (!finite(x)) fail({name, " must be finite, but is ", x});
}

/// Refuses what a target of type Real could not hold.
template <class Real> void check_range(const double& least, const double& most, const char* name) {
    const auto highest = static_cast<double>(Eigen::NumTraits<detail::Narrow<Real>>::highest());
    if (!finite(least) || !finite(most) || least < -highest || most > highest)
        fail({name, " reaches from ", least, " to ", most, ", but the target's type ends at ",
              highest});
}

} // namespace detail::inline NNINIT_COMPILER

/// Uniform on [low, high]: value = mid + half u with u = (2k + 1 - 2^d) / 2^d, k the upper d bits
/// of the word, d = 24 (53 for double, of its two words, the low one first). The bounds are rounded
/// inward to the target's type, so that no value lies outside; one beyond the type becomes its end.
/// For a complex target both parts are uniform with half the variance, the real one about the
/// middle and the imaginary one about 0: Uniform{0, 1} has real parts in [0.146, 0.854].
///
/// One word per value (two for double and long double), as many again if it is complex.
/// \throws std::invalid_argument if a bound is not finite, if no number of the type lies between
/// them, or so few that the halves on both sides of the middle differ by more than a sixteenth of
/// the interval; as with every rule, also if a layer or Window that is passed does not fit the
/// target, or a Philox or other CounterEngine has too few words left.
struct Uniform {
    double low = 0;
    double high = 1;

    static constexpr std::string_view name = "uniform";
    template <class Self, class Visit> static void parameters(Self& self, Visit&& visit) {
        visit("low", self.low);
        visit("high", self.high);
    }

    template <class Target, class Engine = detail::NoEngine, class... Facts>
    void operator()(Target&& target, Engine&& engine = {}, const Facts&... facts) const {
        detail::fill(*this, std::forward<Target>(target), engine, facts...);
    }
    template <class Target, class Engine>
    void operator()(Target&&, Engine&&, detail::Unnamed<Target>) const {}
    friend bool operator==(const Uniform&, const Uniform&) = default;

    Uniform real_part() const {
        const detail::Rounded middle = detail::Rounded(low) / 2.0 + detail::Rounded(high) / 2.0;
        const detail::Rounded half = imaginary_part().high;
        return {(middle - half).value, (middle + half).value};
    }
    Uniform imaginary_part() const {
        const detail::Rounded half = (detail::Rounded(high) / 2.0 - detail::Rounded(low) / 2.0) *
                                     detail::Rounded(detail::sqrt_half);
        return {-half.value, half.value};
    }
    template <class Real> auto law() const {
        using Compute = typename detail::Element<Real>::Compute;
        using Narrow = detail::Narrow<Real>;
        detail::check_finite(low, "Uniform.low");
        detail::check_finite(high, "Uniform.high");
        const auto highest = static_cast<double>(Eigen::NumTraits<Narrow>::highest());
        const auto least =
            static_cast<double>(detail::round_up<Narrow>(std::clamp(low, -highest, highest)));
        const auto most =
            static_cast<double>(detail::round_down<Narrow>(std::clamp(high, -highest, highest)));
        if (low > high || least > most || low > highest || high < -highest)
            detail::fail({"Uniform: no number of the target's type lies between low = ", low,
                          " and high = ", high});
        // Half of a subnormal may round; the middle stays between the bounds.
        const double middle = (detail::Rounded(least) / 2.0 + detail::Rounded(most) / 2.0).value;
        const auto mid = detail::opaque(static_cast<Compute>(detail::clamped(middle, least, most)));
        const auto center = static_cast<double>(mid);
        const Compute below = detail::subtract_down<Compute>(center, least);
        const Compute above = detail::subtract_down<Compute>(most, center);
        const auto shorter = static_cast<double>((std::min)(below, above));
        if (static_cast<double>((std::max)(below, above)) - shorter > (most / 16 - least / 16))
            detail::fail({"Uniform: between low = ", low, " and high = ", high,
                          " lie too few numbers of the target's type for a uniform distribution"});
        detail::Law<Compute> law{};
        law.values = detail::uniform_values<Compute>;
        law.scale = (std::min)(below, above);
        law.shift = mid;
        return law;
    }
};

/// Normal with the given mean and standard deviation: value = mean + stddev z, where z is the
/// standard normal's quantile at (word + 1/2) / 2^32 (2^64 for double), within 2 ulp (4 ulp). |z|
/// is at most 6.34 (9.16). For a complex target the mean is the real part's, and each part has half
/// the variance.
///
/// Words as Uniform. \throws std::invalid_argument if a parameter is not finite, stddev is
/// negative, or mean + 6.4 stddev (9.2 for double) or mean - 6.4 stddev exceeds the target's type.
struct Normal {
    double mean = 0;
    double stddev = 1;

    static constexpr std::string_view name = "normal";
    template <class Self, class Visit> static void parameters(Self& self, Visit&& visit) {
        visit("mean", self.mean);
        visit("stddev", self.stddev);
    }

    template <class Target, class Engine = detail::NoEngine, class... Facts>
    void operator()(Target&& target, Engine&& engine = {}, const Facts&... facts) const {
        detail::fill(*this, std::forward<Target>(target), engine, facts...);
    }
    template <class Target, class Engine>
    void operator()(Target&&, Engine&&, detail::Unnamed<Target>) const {}
    friend bool operator==(const Normal&, const Normal&) = default;

    Normal real_part() const { return {mean, imaginary_part().stddev}; }
    Normal imaginary_part() const {
        return {0, (detail::Rounded(stddev) * detail::Rounded(detail::sqrt_half)).value};
    }
    template <class Real> auto law() const {
        using Compute = typename detail::Element<Real>::Compute;
        detail::check_finite(mean, "Normal.mean");
        detail::check_finite(stddev, "Normal.stddev");
        if (stddev < 0) detail::fail({"Normal.stddev must not be negative, but is ", stddev});
        constexpr double most = sizeof(Compute) == 4 ? 6.4 : 9.2;
        detail::check_range<Real>(mean - most * stddev, mean + most * stddev, "Normal");
        detail::Law<Compute> law{};
        law.values = detail::normal_values<Compute>;
        law.scale = detail::opaque(static_cast<Compute>(stddev));
        law.shift = detail::opaque(static_cast<Compute>(mean));
        return law;
    }
};

/// Normal(mean, stddev) cut to [low, high], by inversion: the quantile at the word's share of the
/// mass between the bounds. No rejection, no atoms, and no value outside. The bounds are absolute
/// and may be infinite; stddev is that of the normal before the cut. Of bounds so close that the
/// normal is nearly flat between them, floats leave out up to 1/2048 of the interval, next to one
/// of the bounds. For a complex target each part has 1 / sqrt(2) of stddev and of the bounds'
/// distances from the mean, which is 0 for the imaginary part: bounds that are not symmetric about
/// the mean shift that, too.
///
/// Words as Uniform. \throws std::invalid_argument if mean or stddev is not finite or exceeds the
/// target's type (float for half and bfloat16), stddev is not positive, a bound is NaN, low is not
/// below high, no number of the target's type lies between them, a value could leave that type (the
/// nearer of a finite bound and 40 standard deviations from the mean does, or what words reach
/// towards an infinite bound), or the bounds are so close, or so far out, that the normal is flat
/// between them or has hardly any mass.
struct TruncatedNormal {
    double mean = 0;
    double stddev = 1;
    double low = -2;
    double high = 2;

    static constexpr std::string_view name = "truncated_normal";
    template <class Self, class Visit> static void parameters(Self& self, Visit&& visit) {
        visit("mean", self.mean);
        visit("stddev", self.stddev);
        visit("low", self.low);
        visit("high", self.high);
    }

    /// The normal cut `sigmas` standard deviations from its mean; checked by the fill.
    static TruncatedNormal within(double sigmas, const Normal& normal = {}) {
        const detail::Rounded reach = detail::Rounded(sigmas) * detail::Rounded(normal.stddev);
        return {normal.mean, normal.stddev, (detail::Rounded(normal.mean) - reach).value,
                (detail::Rounded(normal.mean) + reach).value};
    }

    template <class Target, class Engine = detail::NoEngine, class... Facts>
    void operator()(Target&& target, Engine&& engine = {}, const Facts&... facts) const {
        detail::fill(*this, std::forward<Target>(target), engine, facts...);
    }
    template <class Target, class Engine>
    void operator()(Target&&, Engine&&, detail::Unnamed<Target>) const {}
    friend bool operator==(const TruncatedNormal&, const TruncatedNormal&) = default;

    TruncatedNormal real_part() const {
        const TruncatedNormal part = imaginary_part();
        return {mean, part.stddev, (detail::Rounded(mean) + detail::Rounded(part.low)).value,
                (detail::Rounded(mean) + detail::Rounded(part.high)).value};
    }
    TruncatedNormal imaginary_part() const {
        const detail::Rounded r = detail::sqrt_half;
        const auto shrunk = [&](double bound) {
            return detail::infinite(bound)
                       ? bound
                       : ((detail::Rounded(bound) - detail::Rounded(mean)) * r).value;
        };
        return {0, (detail::Rounded(stddev) * r).value, shrunk(low), shrunk(high)};
    }
    template <class Real> auto law() const;
};

namespace detail::inline NNINIT_COMPILER {

/// Refuses what TruncatedNormal's docs say; an infinite bound stands for the type's end, `highest`.
template <class Real> void check_truncated(const TruncatedNormal& normal, double highest) {
    const auto [mean, stddev, low, high] = normal;
    using Compute = typename Element<Real>::Compute;
    check_finite(mean, "TruncatedNormal.mean");
    check_finite(stddev, "TruncatedNormal.stddev");
    if (!(stddev > 0)) fail({"TruncatedNormal.stddev must be positive, but is ", stddev});
    if (!infinite(low)) check_finite(low, "TruncatedNormal.low");
    if (!infinite(high)) check_finite(high, "TruncatedNormal.high");
    const auto bound = [&](double x) {
        return !infinite(x) ? x : std::signbit(x) ? -highest : highest;
    };
    const double from = bound(low), to = bound(high);
    // Values end within 40 standard deviations and, where there is no bound, as far from the mean
    // or from the other bound as words reach.
    constexpr double reach = sizeof(Compute) == 4 ? 6.5 : 9.3;
    check_range<Real>(infinite(low) && from < to ? (std::min)(mean, to) - reach * stddev
                                                 : (std::max)(from, mean - 40 * stddev),
                      infinite(high) && from < to ? (std::max)(mean, from) + reach * stddev
                                                  : (std::min)(to, mean + 40 * stddev),
                      "TruncatedNormal");
    // Where the bounds alone fit, an infinite mean or stddev would put every value on a bound.
    check_range<Compute>(mean, mean, "TruncatedNormal.mean");
    check_range<Compute>(stddev, stddev, "TruncatedNormal.stddev");
    if (from >= to) fail({"TruncatedNormal: low = ", low, " must lie below high = ", high});
}

} // namespace detail::inline NNINIT_COMPILER

template <class Real> auto TruncatedNormal::law() const {
    using Compute = typename detail::Element<Real>::Compute;
    using Narrow = detail::Narrow<Real>;
    const auto highest = static_cast<double>(Eigen::NumTraits<Narrow>::highest());
    detail::check_truncated<Real>(*this, highest);
    const auto least = static_cast<Compute>(
        detail::round_up<Narrow>(detail::infinite(low) ? -highest : (std::max)(low, -highest)));
    const auto most = static_cast<Compute>(
        detail::round_down<Narrow>(detail::infinite(high) ? highest : (std::min)(high, highest)));
    if (least > most)
        detail::fail({"TruncatedNormal: no number of the target's type lies between low = ", low,
                      " and high = ", high});
    const detail::Cut cut(mean, stddev, low, high);
    if (cut.between < 0x1p-20)
        detail::fail(
            {"TruncatedNormal: between low = ", low, " and high = ", high,
             " the normal has hardly any mass or is flat",
             detail::infinite(low) || detail::infinite(high) ? "" : "; use nninit::Uniform"});
    detail::Law<Compute> law = cut.law<Compute>();
    law.scale = detail::opaque(static_cast<Compute>(cut.mirrored ? -stddev : stddev));
    law.shift = detail::opaque(static_cast<Compute>(mean));
    law.low = least;
    law.high = most;
    return law;
}

} // namespace nninit::inline NNINIT_ABI

#endif
