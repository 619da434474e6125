// SPDX-License-Identifier: MIT

#ifndef NNINIT_STRUCTURED_HPP
#define NNINIT_STRUCTURED_HPP

#include <nninit/constant.hpp>
#include <nninit/rules.hpp>

#include <Eigen/Householder>

#include <algorithm>
#include <utility>
#include <vector>

namespace nninit {
namespace detail {

/// The scalar in which a structured rule computes for a target.
template <class Scalar> struct Computing { using Type = typename Element<Scalar>::Compute; };
template <class T> struct Computing<std::complex<T>> {
    using Type = std::complex<typename Element<T>::Compute>;
};
template <class Scalar>
using ComputingMatrix = Eigen::Matrix<typename Computing<Scalar>::Type, -1, -1>;

template <class Target, class Engine, class... Fact> constexpr void check_whole_call() {
    check_call<Target, Engine, Fact...>();
    static_assert(!(... || std::is_same_v<Fact, Window>),
                  "nninit: this rule needs the whole matrix; fill it without a Window");
}

/// rows x cols with orthonormal columns, rows >= cols, of the Haar distribution: the Q of a matrix
/// of independent normals with a positive diagonal in R. Column k of `normals`, from row k on, is
/// the vector that reflection k takes to the first axis, and becomes that reflection; because an
/// orthogonal matrix leaves normals as they are, no column needs updating by the ones before.
template <class Matrix> Matrix orthonormal_columns(Matrix normals) {
    using Scalar = typename Matrix::Scalar;
    using Real = typename Eigen::NumTraits<Scalar>::Real;
    using Wide =
        std::conditional_t<Eigen::NumTraits<Scalar>::IsComplex != 0, std::complex<double>, double>;
    const Eigen::Index rows = normals.rows(), cols = normals.cols();
    Eigen::Matrix<Scalar, -1, 1> tau(cols), phase(cols);
    for (Eigen::Index k = 0; k < cols; ++k) {
        const Wide first = static_cast<Wide>(normals(k, k));
        auto tail = normals.col(k).tail(rows - k - 1);
        const double rest = tail.template cast<Wide>().squaredNorm();
        const double length = std::abs(first);
        // To -phase |x|, which cancels nothing, and whose reflection is Hermitian.
        const Wide direction = first / length;
        const Wide pivot = first + direction * std::sqrt(length * length + rest);
        tail = (tail.template cast<Wide>() / pivot).template cast<Scalar>();
        tau[k] = static_cast<Real>(2 / (1 + tail.template cast<Wide>().squaredNorm()));
        phase[k] = static_cast<Scalar>(-direction);
    }
    Matrix q = Eigen::householderSequence(normals, tau) * Matrix::Identity(rows, cols);
    return q * phase.asDiagonal();
}

} // namespace detail

/// gain Q, where Q has orthonormal columns (rows, if it is wider than tall) and is uniform among
/// all such matrices (Haar measure); unitary if complex. Keeps the length of signals through deep
/// linear and recurrent layers. Gates or heads that share a matrix are filled block by block.
///
/// Takes a normal's words for each element of the matrix, stood upright; allocates copies of the
/// matrix. \throws std::invalid_argument if gain is not finite or exceeds the target's type.
/// Source: G. W. Stewart, "The efficient generation of random orthogonal matrices with an
/// application to condition estimators", SIAM J. Numer. Anal. 17(3), 1980.
struct Orthogonal {
    double gain = 1;
    static constexpr bool needs_whole = true;

    template <class Target, class Engine, class... Fact>
    void operator()(Target&& target, Engine&& engine, const Fact&...) const {
        detail::check_whole_call<Target, Engine, Fact...>();
        using Scalar = typename std::remove_reference_t<Target>::Scalar;
        using Matrix = detail::ComputingMatrix<Scalar>;
        detail::check_finite(gain, "Orthogonal.gain");
        detail::check_range<typename Eigen::NumTraits<Scalar>::Real>(-std::abs(gain),
                                                                     std::abs(gain), "Orthogonal");
        const bool wide = target.rows() < target.cols();
        Matrix q((std::max)(target.rows(), target.cols()),
                 (std::min)(target.rows(), target.cols()));
        if (q.size() == 0) return;
        Normal{}(q, engine);
        q = detail::orthonormal_columns(std::move(q)) *
            static_cast<typename Eigen::NumTraits<Scalar>::Real>(gain);
        if (wide)
            target.matrix() = q.transpose().template cast<Scalar>();
        else
            target.matrix() = q.template cast<Scalar>();
    }
    friend bool operator==(const Orthogonal&, const Orthogonal&) = default;
};

/// gain where row and column number agree, zero elsewhere, in a matrix of any shape; with a Window,
/// where they agree in the whole. Takes no words and needs no engine.
/// \throws std::invalid_argument if gain is not finite or exceeds the target's type.
struct Identity {
    double gain = 1;

    template <class Target, class... Ignored>
    void operator()(Target&& target, const Ignored&... rest) const {
        const detail::Place at = detail::place(target, detail::fact<Window>(rest...));
        Constant{gain}(target.block(0, 0, 0, 0)); // for its refusals
        Zeros{}(target);
        for (Eigen::Index c = 0; c < target.cols(); ++c) {
            const std::uint64_t row = at.col + static_cast<std::uint64_t>(c) - at.row;
            if (row < static_cast<std::uint64_t>(target.rows()))
                Constant{gain}(target.block(static_cast<Eigen::Index>(row), c, 1, 1));
        }
    }
    friend bool operator==(const Identity&, const Identity&) = default;
};

/// N(0, stddev^2), of which in each row, which holds the weights into one unit, exactly
/// ceil(sparsity cols) at random places are zero.
///
/// Takes a normal's words for each element, then two words for each element row by row: the places
/// of a row are those of its smallest uniform doubles. \throws std::invalid_argument if sparsity is
/// not within [0, 1], and as Normal.
/// Source: J. Martens, "Deep learning via Hessian-free optimization", ICML 2010, section 5.
struct Sparse {
    double sparsity = 0.9;
    double stddev = 0.01;
    static constexpr bool needs_whole = true;

    template <class Target, class Engine, class... Fact>
    void operator()(Target&& target, Engine&& engine, const Fact&...) const {
        detail::check_whole_call<Target, Engine, Fact...>();
        using Expression = std::remove_reference_t<Target>;
        using Index = Eigen::Index;
        if (!detail::finite(sparsity) || sparsity < 0 || sparsity > 1)
            detail::fail("Sparse.sparsity must be within 0 and 1, but is ", sparsity);
        if constexpr (CounterEngine<std::remove_reference_t<Engine>>)
            static_cast<void>(detail::words_of(
                detail::place(target, {}), detail::Element<typename Expression::Scalar>::words + 2,
                engine.position()));
        Normal{0, stddev}(target, engine);
        // Less a few roundings, so that 0.07 of 100 is 7.
        const double share = sparsity * static_cast<double>(target.cols()) * (1 - 0x1p-50);
        const auto zeros = static_cast<Index>(std::ceil(share));
        Eigen::VectorXd key(target.cols());
        std::vector<std::pair<double, Index>> places(static_cast<std::size_t>(target.cols()));
        for (Index r = 0; r < target.rows(); ++r) {
            Uniform{}(key, engine);
            for (std::size_t c = 0; c < places.size(); ++c)
                places[c] = {key[static_cast<Index>(c)], static_cast<Index>(c)};
            std::nth_element(places.begin(), places.begin() + zeros, places.end());
            for (Index i = 0; i < zeros; ++i)
                target.coeffRef(r, places[static_cast<std::size_t>(i)].second) =
                    typename Expression::Scalar(0);
        }
    }
    friend bool operator==(const Sparse&, const Sparse&) = default;
};

/// Spreads a layer's sigmoid units over the range of their inputs: each row, which holds the
/// weights into one unit, is uniform and scaled to the norm beta = factor fan_out^(1 / fan_in). The
/// biases that belong to it: NguyenWidrow{}.bias(Fans::of(w))(b, rng), uniform on [-beta, beta].
///
/// Words as Uniform. pow() is the platform's, so that the last bits may differ between platforms.
/// \throws std::invalid_argument if factor or a fan is not positive and finite.
/// Source: D. Nguyen, B. Widrow, "Improving the learning speed of 2-layer neural networks by
/// choosing initial values of the adaptive weights", IJCNN 1990.
struct NguyenWidrow {
    double factor = 0.7;
    static constexpr bool needs_whole = true;

    Uniform bias(const Fans& fans) const {
        detail::check_positive(factor, "NguyenWidrow.factor");
        detail::check_fans(fans);
        const double beta = factor * std::pow(fans.out, 1 / fans.in);
        return {-beta, beta};
    }
    template <class Target, class Engine, class... Fact>
    void operator()(Target&& target, Engine&& engine, const Fact&...) const {
        detail::check_whole_call<Target, Engine, Fact...>();
        using Scalar = typename std::remove_reference_t<Target>::Scalar;
        detail::ComputingMatrix<Scalar> w(target.rows(), target.cols());
        const double beta = w.size() == 0 ? factor : bias(Fans::of(w)).high;
        Constant{beta}(target.block(0, 0, 0, 0)); // for its refusals
        // A row's norm may be as small as the least |u|, and beta over it must not be infinite.
        using Real = typename Eigen::NumTraits<typename decltype(w)::Scalar>::Real;
        detail::check_range<Real>(0,
                                  4 * beta / static_cast<double>(Eigen::NumTraits<Real>::epsilon()),
                                  "NguyenWidrow's factor for a row");
        if (w.size() == 0) return;
        Uniform{-1, 1}(w, engine);
        for (Eigen::Index r = 0; r < w.rows(); ++r)
            w.row(r) *= static_cast<Real>(beta / static_cast<double>(w.row(r).norm()));
        target.matrix() = w.template cast<Scalar>();
    }
    friend bool operator==(const NguyenWidrow&, const NguyenWidrow&) = default;
};

} // namespace nninit

#endif
