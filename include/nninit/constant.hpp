// SPDX-License-Identifier: MIT

#ifndef NNINIT_CONSTANT_HPP
#define NNINIT_CONSTANT_HPP

#include <nninit/distributions.hpp>

namespace nninit {

/// The same value everywhere; takes no words and needs no engine: Constant{.value = 0.1}(bias).
/// \throws std::invalid_argument if the value is not finite or exceeds the target's type.
struct Constant {
    double value = 0;

    template <class Target, class... Ignored>
    void operator()(Target&& target, const Ignored&...) const {
        using Scalar = typename std::remove_reference_t<Target>::Scalar;
        using Real = typename Eigen::NumTraits<Scalar>::Real;
        detail::check_finite(value, "Constant.value");
        detail::check_range<Real>(value, value, "Constant");
        target.setConstant(Scalar(static_cast<Real>(value)));
    }
    friend bool operator==(const Constant&, const Constant&) = default;
};

/// All zero, the usual bias. Takes no words and needs no engine.
struct Zeros {
    template <class Target, class... Ignored>
    void operator()(Target&& target, const Ignored&...) const {
        Constant{0}(target);
    }
    friend bool operator==(const Zeros&, const Zeros&) = default;
};

/// All one, the usual scale of a normalisation layer. Takes no words and needs no engine.
struct Ones {
    template <class Target, class... Ignored>
    void operator()(Target&& target, const Ignored&...) const {
        Constant{1}(target);
    }
    friend bool operator==(const Ones&, const Ones&) = default;
};

} // namespace nninit

#endif
