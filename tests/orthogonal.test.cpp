// SPDX-License-Identifier: MIT
#include <nninit/nninit.hpp>

#include "catch.hpp"

#include <cmath>
#include <random>

namespace {

using namespace nninit;
using Eigen::Index;

// Plain loops: Eigen's decompositions and products of this many types take half a minute to
// compile.

/// sum of conj(x(i, a)) x(i, b), in double.
template <class Matrix> auto inner(const Matrix& x, Index a, Index b) {
    using Wide = std::conditional_t<Eigen::NumTraits<typename Matrix::Scalar>::IsComplex != 0,
                                    std::complex<double>, double>;
    Wide sum = 0;
    for (Index i = 0; i < x.rows(); ++i)
        sum += Eigen::numext::conj(static_cast<Wide>(x(i, a))) * static_cast<Wide>(x(i, b));
    return sum;
}

/// The largest entry of W^H W - I, of W^T if W is wide.
template <class Matrix> double defect(const Matrix& w) {
    if (w.rows() < w.cols()) return defect(Matrix(w.transpose()));
    double worst = 0;
    for (Index a = 0; a < w.cols(); ++a)
        for (Index b = a; b < w.cols(); ++b)
            worst = (std::max)(worst, std::abs(inner(w, a, b) - (a == b ? 1.0 : 0.0)));
    return worst;
}

/// trace(X Y)
template <class Matrix> auto trace_of_product(const Matrix& x, const Matrix& y) {
    typename Matrix::Scalar sum = 0;
    for (Index i = 0; i < x.rows(); ++i)
        for (Index k = 0; k < x.cols(); ++k) sum += x(i, k) * y(k, i);
    return sum;
}

/// Q of Q R = X, R with a positive diagonal if X is regular: Gram and Schmidt.
Eigen::MatrixXd orthonormalised(Eigen::MatrixXd x) {
    for (Index b = 0; b < x.cols(); ++b) {
        for (Index a = 0; a < b; ++a) x.col(b) -= inner(x, a, b) * x.col(a);
        x.col(b) /= std::sqrt(inner(x, b, b));
    }
    return x;
}

/// Mean and its standard deviation, as they are in a sample.
struct Average {
    double sum = 0, squares = 0;
    int n = 0;

    void add(double x) {
        sum += x;
        squares += x * x;
        ++n;
    }
    bool is(double expected) const {
        const double mean = sum / n, variance = squares / n - mean * mean;
        return std::abs(mean - expected) <= 6 * std::sqrt(variance / n) + 1e-9;
    }
};

/// Whether n x n matrices, n >= 4, follow Haar measure, as far as these means show:
///     E q = 0, E q^2 = 1 / n, E q^4 = 3 / (n (n + 2)) for every entry,
///     E tr Q = 0, E (tr Q)^2 = 1, E (tr Q)^4 = 3, E tr Q^2 = 1
/// (P. Diaconis, M. Shahshahani, "On the eigenvalues of random matrices", 1994). Each of the 3 n^2
/// + 4 means may stray 6 of its standard deviations: 52 normal means give a false alarm once in
/// 1e7.
template <class Make> bool is_haar(const Make& make_matrix) {
    constexpr int n = 4, samples = 20000;
    std::vector<Average> first(n * n), second(n * n), fourth(n * n);
    Average trace, trace2, trace4, trace_of_square;
    for (int i = 0; i < samples; ++i) {
        const Eigen::MatrixXd q = make_matrix(i, n);
        for (int k = 0; k < n * n; ++k) {
            const double x = q.data()[k];
            const auto entry = static_cast<std::size_t>(k);
            first[entry].add(x);
            second[entry].add(x * x);
            fourth[entry].add(x * x * x * x);
        }
        const double t = q.trace();
        trace.add(t);
        trace2.add(t * t);
        trace4.add(t * t * t * t);
        trace_of_square.add(trace_of_product(q, q));
    }
    bool good = trace.is(0) && trace2.is(1) && trace4.is(3) && trace_of_square.is(1);
    for (std::size_t k = 0; k < n * n; ++k)
        good = good && first[k].is(0) && second[k].is(1.0 / n) && fourth[k].is(3.0 / (n * (n + 2)));
    return good;
}

} // namespace

TEST_CASE("orthogonal matrices have orthonormal columns, or rows if they are wide") {
    for (const auto& [rows, cols] : {std::pair<Index, Index>{1, 1},
                                     {2, 1},
                                     {1, 2},
                                     {3, 3},
                                     {17, 5},
                                     {5, 17},
                                     {47, 48},
                                     {49, 49},
                                     {64, 64},
                                     {257, 129},
                                     {1024, 3},
                                     {3, 1024},
                                     {1024, 1024}}) {
        CAPTURE(rows, cols);
        Philox rng(rows * 7919 + cols);
        CHECK(defect(make<Eigen::MatrixXf>(Orthogonal{}, rng, rows, cols)) <= 1e-6);
        CHECK(defect(make<Eigen::MatrixXd>(Orthogonal{}, rng, rows, cols)) <= 1e-14);
        if (rows * cols > 100000) continue;
        CHECK(defect(make<Eigen::MatrixXcf>(Orthogonal{}, rng, rows, cols)) <= 1e-6);
        CHECK(defect(make<Eigen::MatrixXcd>(Orthogonal{}, rng, rows, cols)) <= 1e-14);
    }
    auto normals = make<Eigen::MatrixXf>(Normal{0, 0.1}, Philox(1), 100, 100); // control
    CHECK(defect(normals) > 1e-2);
}

TEST_CASE("orthogonal matrices are Haar") {
    const Philox rng(3);
    const auto ours = [&](int i, int n) {
        return make<Eigen::MatrixXd>(Orthogonal{}, rng.stream(i), n, n);
    };
    CHECK(is_haar(ours));
    const auto of_normals = [&](int i, int n) {
        return orthonormalised(make<Eigen::MatrixXd>(Normal{}, rng.stream(i), n, n));
    };
    CHECK(is_haar(of_normals)); // the controls below fail for what they are, not for the method
    const auto without_signs = [&](int i, int n) -> Eigen::MatrixXd {
        Eigen::MatrixXd q = of_normals(i, n);
        for (Index k = 0; k < n; ++k)
            if (q(k, k) > 0) q.col(k) *= -1; // signs that depend on entries
        return q;
    };
    CHECK_FALSE(is_haar(without_signs));
    const auto of_uniforms = [&](int i, int n) {
        return orthonormalised(make<Eigen::MatrixXd>(Uniform{-1, 1}, rng.stream(i), n, n));
    };
    CHECK_FALSE(is_haar(of_uniforms));
    const auto scaled = [&](int i, int n) -> Eigen::MatrixXd { return 1.05 * ours(i, n); };
    CHECK_FALSE(is_haar(scaled));
}

// E |tr U^k|^2 = min(k, n) for Haar unitary matrices: the eigenvalues' angles repel each other.
// Independent uniform angles would give n for every k.
TEST_CASE("the eigenvalues of unitary matrices have the angles of Haar measure") {
    constexpr int n = 5, samples = 20000;
    std::vector<Average> powers(8), independent(8);
    std::mt19937_64 angles(1);
    for (int i = 0; i < samples; ++i) {
        const auto u = make<Eigen::MatrixXcd>(Orthogonal{}, Philox(4).stream(i), n, n);
        Eigen::MatrixXcd power = u, next = u;
        const auto free = make<Eigen::VectorXd>(Uniform{0, 6.283185307179586}, angles, n, 1);
        for (std::size_t k = 0; k < powers.size(); ++k) {
            powers[k].add(std::norm(power.trace()));
            for (Index r = 0; r < n; ++r)
                for (Index c = 0; c < n; ++c) {
                    next(r, c) = 0;
                    for (Index j = 0; j < n; ++j) next(r, c) += power(r, j) * u(j, c);
                }
            power = next;
            const double turns = static_cast<double>(k + 1);
            independent[k].add(std::pow((turns * free.array()).cos().sum(), 2) +
                               std::pow((turns * free.array()).sin().sum(), 2));
        }
    }
    for (std::size_t k = 0; k < powers.size(); ++k) {
        CAPTURE(k);
        CHECK(powers[k].is(std::min<double>(static_cast<double>(k + 1), n)));
    }
    CHECK_FALSE(independent[0].is(1)); // control
}

// The definition, each reflection as a full matrix in double: Q = H_1 ... H_n D, where H_k takes
// the part of column k from row k on to a multiple of an axis, and D makes R's diagonal positive.
TEST_CASE("orthogonal is the product of the reflections that its words say") {
    for (const auto& [rows, cols] : {std::pair<Index, Index>{6, 6}, {9, 4}}) {
        const auto g = make<Eigen::MatrixXd>(Normal{}, Philox(8), rows, cols);
        Eigen::MatrixXd q = Eigen::MatrixXd::Identity(rows, rows), signs = q;
        for (Index k = 0; k < cols; ++k) {
            Eigen::VectorXd v = g.col(k);
            v.head(k).setZero();
            const double reach = v[k] < 0 ? -v.norm() : v.norm();
            v[k] += reach;
            q -= (2 / v.squaredNorm()) * q.lazyProduct(v).eval().lazyProduct(v.transpose());
            signs(k, k) = reach < 0 ? 1 : -1;
        }
        const Eigen::MatrixXd expected = (q.lazyProduct(signs)).leftCols(cols);
        Philox rng(8);
        const auto tall = make<Eigen::MatrixXd>(Orthogonal{}, rng, rows, cols);
        CHECK((tall - expected).cwiseAbs().maxCoeff() < 1e-14);
        CHECK(rng.position() == static_cast<std::uint64_t>(2 * rows * cols));
        if (rows == cols) continue;
        const auto wide = make<Eigen::MatrixXd>(Orthogonal{}, Philox(8), cols, rows);
        CHECK((wide - expected.transpose()).cwiseAbs().maxCoeff() < 1e-14);
    }
}

TEST_CASE("orthogonal takes a word for each float, or two, of more columns than it works on") {
    Philox rng(8);
    const auto floats = make<Eigen::MatrixXf>(Orthogonal{}, rng, 150, 140);
    CHECK(rng.position() == 150 * 140);
    const auto doubles = make<Eigen::MatrixXd>(Orthogonal{}, rng, 140, 150);
    CHECK(rng.position() == 3 * 150 * 140);
    CHECK(std::abs(defect(floats)) < 1e-5);
    CHECK(std::abs(defect(doubles.transpose().eval())) < 1e-12);
}

TEST_CASE("orthogonal fills every kind of target and takes any engine") {
    const auto q = make<Eigen::MatrixXf>(Orthogonal{.gain = 2}, Philox(5), 6, 4);
    CHECK(std::abs(defect((q / 2).eval())) < 1e-6);
    const Eigen::Matrix<float, -1, -1, Eigen::RowMajor> r =
        make<Eigen::Matrix<float, -1, -1, Eigen::RowMajor>>(Orthogonal{.gain = 2}, Philox(5), 6, 4);
    CHECK(r == q);
    Eigen::ArrayXXf gates = Eigen::ArrayXXf::Constant(18, 4, 7);
    Orthogonal{.gain = 2}(gates.middleRows(6, 6), Philox(5));
    CHECK(gates.middleRows(6, 6).matrix() == q);
    CHECK((gates.topRows(6) == 7).all());
    CHECK((gates.bottomRows(6) == 7).all());
    Eigen::Matrix<float, 6, 4> fixed;
    Orthogonal{.gain = 2}(fixed, Philox(5));
    CHECK(fixed == q);
    Eigen::Matrix<Eigen::half, -1, -1> small(6, 4);
    Orthogonal{.gain = 2}(small, Philox(5));
    CHECK(small == q.cast<Eigen::half>());
    Eigen::RowVectorXf row(50);
    std::mt19937 mt(1);
    Orthogonal{}(row, mt, Dense{.in = 50, .out = 1});
    CHECK(std::abs(row.norm() - 1) < 1e-6f);
    Eigen::Matrix<long double, -1, -1> exact(3, 3);
    Orthogonal{}(exact, mt);
    CHECK(defect(exact) < 1e-14);
    for (const auto& [rows, cols] : {std::pair<Index, Index>{0, 0}, {0, 5}, {5, 0}}) {
        Philox rng(1);
        const auto none = make<Eigen::MatrixXd>(Orthogonal{}, rng, rows, cols);
        CHECK((none.rows() == rows && none.cols() == cols && rng == Philox(1)));
    }
}

TEST_CASE("a rule of a layer's matrix takes a vector for one only if it is told so") {
    Eigen::RowVectorXf row = Eigen::RowVectorXf::Constant(8, 7);
    const Dense layer{.in = 8, .out = 1};
    for (const char* const name : {"orthogonal", "sparse", "nguyen_widrow", "identity"}) {
        CHECK_THROWS_WITH(by_name(name)(row, Philox(1)),
                          "nninit: this rule fills the matrix of a layer, and a vector may be a "
                          "bias; pass the layer, or choose an initializer that needs none");
        CHECK((row.array() == 7).all());
        Eigen::MatrixXf matrix(1, 8); // as one, it is not asked
        by_name(name)(matrix, Philox(1));
        by_name(name)(row, Philox(1), layer);
        CHECK(row == matrix);
        row.setConstant(7);
    }
    Eigen::VectorXf column(8);
    const std::string refused = "nninit: this rule fills the matrix of a layer, here ";
    CHECK_THROWS_WITH(Orthogonal{}(column, Philox(1), layer),
                      refused + "1 x 8, but the target is 8 x 1; pass w.transpose()");
    CHECK_THROWS_WITH(Orthogonal{}(column, Philox(1), Dense{.in = 4, .out = 2}),
                      refused + "2 x 4, but the target is 8 x 1; pass an Eigen::Map of it");
    CHECK_THROWS_WITH(Orthogonal{}(column, Philox(1), Dense{.in = 4, .out = 3}),
                      refused + "3 x 4, but the target is 8 x 1");
    Identity{}(row, Window{.rows = 8, .cols = 8, .row = 2});
    CHECK(row == Eigen::RowVectorXf::Unit(8, 2));
}

TEST_CASE("what structured rules cannot do is refused before anything is written") {
    Eigen::MatrixXf w = Eigen::MatrixXf::Constant(4, 4, 7);
    Eigen::Matrix<Eigen::half, -1, -1> small(4, 4);
    small.setConstant(Eigen::half(7));
    Philox rng(1);
    const double nan = std::nan(""), infinity = std::numeric_limits<double>::infinity();
    for (const double gain : {nan, infinity, 1e39}) {
        CHECK_THROWS_AS(Orthogonal{gain}(w, rng), std::invalid_argument);
        CHECK_THROWS_AS(Identity{gain}(w, rng), std::invalid_argument);
    }
    CHECK_THROWS_WITH(Orthogonal{infinity}(w, rng), "nninit: the gain must be finite, but is inf");
    CHECK_THROWS_AS(Orthogonal{1e6}(small, rng), std::invalid_argument);
    for (const double sparsity : {nan, -0.1, 1.1, infinity})
        CHECK_THROWS_AS(Sparse{sparsity}(w, rng), std::invalid_argument);
    CHECK_THROWS_AS((Sparse{0.5, -1}(w, rng)), std::invalid_argument);
    CHECK_THROWS_AS(Identity{}(w, rng, Window{5, 5, 2, 0}), std::invalid_argument);
    CHECK(rng == Philox(1));
    rng.seek(~std::uint64_t{0} - 20); // room for the normals, not for the places
    CHECK_THROWS_AS(Sparse{}(w, rng), std::invalid_argument);
    rng.seek(~std::uint64_t{0} - 10);
    CHECK_THROWS_AS(Orthogonal{}(w, rng), std::invalid_argument);
    CHECK((w.array() == 7).all());
    CHECK((small.array() == Eigen::half(7)).all());
    Orthogonal{-1e30}(w, Philox(1)); // controls
    Sparse{1, 0}(w, Philox(1));
}
