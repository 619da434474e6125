// SPDX-License-Identifier: MIT
#include <nninit/nninit.hpp>

#include "catch.hpp"

#include <cmath>
#include <map>
#include <random>
#include <set>

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
    Orthogonal{}(row, mt);
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

TEST_CASE("identity is one where row and column agree, in the whole") {
    for (const auto& [rows, cols] : {std::pair<Index, Index>{5, 5}, {3, 7}, {7, 3}, {1, 4}, {0, 3}})
        CHECK(make<Eigen::MatrixXd>(Identity{.gain = 3}, Philox(1), rows, cols) ==
              3 * Eigen::MatrixXd::Identity(rows, cols));
    Eigen::MatrixXf block = Eigen::MatrixXf::Constant(4, 5, 7);
    const Eigen::MatrixXf whole = Eigen::MatrixXf::Identity(20, 30);
    for (const auto& [row, col] :
         {std::pair<Index, Index>{0, 0}, {3, 5}, {5, 3}, {16, 25}, {0, 9}}) {
        Identity{}(block, Philox(1), Window{.rows = 20, .cols = 30, .row = row, .col = col});
        CHECK(block == whole.block(row, col, 4, 5));
    }
    Eigen::Array<std::complex<float>, -1, -1, Eigen::RowMajor> array(3, 2);
    Identity{}(array);
    CHECK(array.matrix() == Eigen::MatrixXcf::Identity(3, 2));
    Eigen::Vector3f vector;
    Identity{}(vector);
    CHECK(vector == Eigen::Vector3f::UnitX());
}

TEST_CASE("sparse leaves exactly the wanted number of weights into each unit") {
    const auto zeros = [](double sparsity, Index cols) {
        const auto w = make<Eigen::MatrixXf>(Sparse{.sparsity = sparsity}, Philox(2), 40, cols);
        const Eigen::VectorXi counts = (w.array() == 0).cast<int>().rowwise().sum().matrix();
        CHECK(counts.minCoeff() == counts.maxCoeff());
        return counts[0];
    };
    CHECK(zeros(0, 10) == 0);
    CHECK(zeros(1, 10) == 10);
    CHECK(zeros(0.07, 100) == 7); // 0.07 * 100 = 7.000000000000001 in double
    CHECK(zeros(0.071, 100) == 8);
    CHECK(zeros(0.29, 100) == 29); // 28.999999999999996
    CHECK(zeros(0.9, 15) == 14);
    CHECK(zeros(1e-9, 10) == 1);
    for (int c = 1; c <= 1000; ++c) // 1/c of c, however it is rounded
        if (zeros(1.0 / c, c) != 1) FAIL("1/" << c);
}

// 500 rows of 20 zeros in 100 columns: a column's number of zeros is binomial of mean 100 and
// variance at most 80, and the 100 of them sum to 10000. chi^2 = sum (count - 100)^2 / 80 * 99/100
// has 99 degrees of freedom; beyond 199 lies a probability of 1e-8 (P(chi^2_99 > 199) = 9e-9).
TEST_CASE("the zeros of sparse lie anywhere, differently in each row, and the rest is normal") {
    const Sparse rule{.sparsity = 0.2, .stddev = 0.5};
    const auto w = make<Eigen::MatrixXd>(rule, Philox(6), 500, 100);
    const auto chi_square = [](const Eigen::MatrixXd& x) {
        const Eigen::ArrayXd counts = (x.array() == 0).cast<double>().colwise().sum().transpose();
        return (counts - 100).square().sum() / 80 * 0.99;
    };
    CHECK(chi_square(w) < 199);
    CHECK(chi_square(w) > 38); // P(chi^2_99 < 38) = 1e-8: not placed by a plan either
    Eigen::MatrixXd same = w;  // control: every row as the first
    same.rowwise() = w.row(0).eval();
    CHECK(chi_square(same) > 199);
    std::set<std::string> rows;
    for (Index r = 0; r < 500; ++r) {
        std::string row;
        for (Index c = 0; c < 100; ++c) row += w(r, c) == 0 ? '0' : 'x';
        rows.insert(row);
    }
    CHECK(rows.size() == 500);
    const auto normals = make<Eigen::MatrixXd>(Normal{0, 0.5}, Philox(6), 500, 100);
    CHECK((w.array() == 0 || w.array() == normals.array()).all());
}

TEST_CASE("sparse draws the places from its engine, whatever the storage") {
    Philox rng(7), other(7);
    const auto a = make<Eigen::MatrixXf>(Sparse{.sparsity = 0.5}, rng, 30, 20);
    const auto b =
        make<Eigen::Matrix<float, -1, -1, Eigen::RowMajor>>(Sparse{.sparsity = 0.5}, other, 30, 20);
    CHECK(a == b);
    CHECK(rng == other);
    CHECK(rng.position() == 3 * 30 * 20);
    const auto next = make<Eigen::MatrixXf>(Sparse{.sparsity = 0.5}, rng, 30, 20);
    CHECK((next.array() == 0).cast<int>().matrix() != (a.array() == 0).cast<int>().matrix());
    std::mt19937 x(1), y(1);
    CHECK(make<Eigen::MatrixXf>(Sparse{}, x, 9, 9) == make<Eigen::MatrixXf>(Sparse{}, y, 9, 9));
    CHECK(x == y);
}

TEST_CASE("Nguyen-Widrow rows have the norm beta, and the bias its range") {
    for (const auto& [units, inputs] : {std::pair<Index, Index>{40, 3}, {5, 1}, {1, 7}, {9, 200}}) {
        const double beta = 0.7 * std::exp(std::log(units) / static_cast<double>(inputs));
        Philox rng(3);
        const auto w = make<Eigen::MatrixXd>(NguyenWidrow{}, rng, units, inputs);
        CHECK((w.rowwise().norm().array() - beta).abs().maxCoeff() < 1e-14 * beta);
        CHECK(rng.position() == static_cast<std::uint64_t>(2 * units * inputs));
        // The direction of a row is that of a point uniform in a cube.
        const auto cube = make<Eigen::MatrixXd>(Uniform{-1, 1}, Philox(3), units, inputs);
        CHECK((w.rowwise().normalized() - cube.rowwise().normalized()).norm() < 1e-14 * 40);
        const Uniform bias = NguyenWidrow{}.bias(Fans::of(w));
        CHECK(bias.high == Approx(beta).epsilon(1e-14));
        CHECK(bias.low == -bias.high);
    }
    Eigen::Matrix<Eigen::half, -1, -1, Eigen::RowMajor> half(4, 3);
    NguyenWidrow{.factor = 2}(half, Philox(1));
    CHECK(half.cast<float>().row(2).norm() == Approx(2 * std::cbrt(4.0)).epsilon(1e-3));
    CHECK_THROWS_AS(NguyenWidrow{0}(half, Philox(1)), std::invalid_argument);
    CHECK_THROWS_AS(NguyenWidrow{1e5}(half, Philox(1)), std::invalid_argument);
    Eigen::VectorXf one(1); // its scale is factor over |u|
    CHECK_THROWS_AS(NguyenWidrow{1e38}(one, Philox(1)), std::invalid_argument);
    Eigen::MatrixXf none(0, 5);
    Philox rng(1);
    NguyenWidrow{}(none, rng);
    CHECK(rng == Philox(1));
    CHECK(Sparse{.sparsity = 0.5} != Sparse{.sparsity = 0.5, .stddev = 1});
    NguyenWidrow{1e30}(one, Philox(1));
    CHECK(std::abs(std::abs(one[0]) / 1e30f - 1) < 1e-6f);
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
