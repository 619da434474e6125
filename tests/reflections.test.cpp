// SPDX-License-Identifier: MIT
#include "catch.hpp"
#include "paths.hpp"

#include <nninit/detail/orthogonal.hpp>
#include <nninit/detail/power.hpp>
#include <nninit/detail/unitary.hpp>
#include <nninit/distributions.hpp>
#include <nninit/philox.hpp>

#include <Eigen/Core>

#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <random>
#include <vector>

#include "golden/golden_orthogonal.inc"

namespace {

using nninit::detail::Reflections;
using tests::on_each_path;
template <class T> using Matrix = Eigen::Matrix<T, -1, -1>;

/// gain Q of the normals that an engine gives, stood upright.
template <class T, class Engine>
Matrix<T> orthogonal(Eigen::Index rows, Eigen::Index cols, double gain, Engine& engine,
                     int threads = 1) {
    const bool wide = rows < cols;
    const Eigen::Index m = (std::max)(rows, cols), n = (std::min)(rows, cols);
    Reflections<T> r(m, n, threads);
    for (Eigen::Index first = 0; first < n; first += r.group) {
        Eigen::Map<Matrix<T>> x(r.columns(), m, (std::min)(Eigen::Index{r.group}, n - first));
        nninit::Normal{}(x, engine);
        r.reflect(first);
    }
    r.solve();
    Matrix<T> q(rows, cols);
    for (Eigen::Index first = 0; first < n; first += r.group)
        if (wide)
            r.product(gain, first, q.data() + first, rows, 1);
        else
            r.product(gain, first, q.data() + first * rows, 1, rows);
    return q;
}
template <class T>
Matrix<T> orthogonal(Eigen::Index rows, Eigen::Index cols, double gain = 1, int threads = 1) {
    nninit::Philox rng(42);
    return orthogonal<T>(rows, cols, gain, rng, threads);
}

template <class T> constexpr bool is_complex = Eigen::NumTraits<T>::IsComplex != 0;

template <class T> std::uint64_t bits(T x) {
    if constexpr (sizeof(T) == 8)
        return std::bit_cast<std::uint64_t>(x);
    else if constexpr (sizeof(T) == 4)
        return std::bit_cast<std::uint32_t>(x);
    else
        return Eigen::numext::bit_cast<std::uint16_t>(x);
}
template <class T> std::uint64_t digest(const Matrix<T>& w) {
    std::uint64_t h = 0xcbf29ce484222325;
    const auto add = [&](auto x) {
        for (std::size_t byte = 0; byte < sizeof x; ++byte)
            h = (h ^ (bits(x) >> (8 * byte) & 0xff)) * 0x100000001b3;
    };
    for (Eigen::Index i = 0; i < w.size(); ++i)
        if constexpr (is_complex<T>)
            add(w.data()[i].real()), add(w.data()[i].imag());
        else
            add(w.data()[i]);
    return h;
}

/// The largest |W^T W - I|, summed in long double; of at most `most` columns, spread evenly.
template <class T> double defect(const Matrix<T>& q, Eigen::Index most = 1 << 20) {
    const Eigen::Index step = (std::max)(Eigen::Index{1}, q.cols() / most);
    double worst = 0;
    for (Eigen::Index a = 0; a < q.cols(); a += step)
        for (Eigen::Index b = a; b < q.cols(); b += step) {
            long double sum = a == b ? -1 : 0;
            for (Eigen::Index i = 0; i < q.rows(); ++i)
                sum += static_cast<long double>(q(i, a)) * static_cast<long double>(q(i, b));
            worst = (std::max)(worst, std::abs(static_cast<double>(sum)));
        }
    return worst;
}

template <class T> void check_golden(const golden::orthogonal& g, const Matrix<T>& q) {
    CAPTURE(g.type, g.rows, g.cols, g.gain);
    using Eigen::numext::real;
    CHECK(bits(real(q(0, 0))) == g.some[0]);
    CHECK(bits(real(q(g.rows - 1, 0))) == g.some[1]);
    CHECK(bits(real(q(g.rows - 1, g.cols - 1))) == g.some[2]);
    CHECK(digest(q) == g.digest);
}

} // namespace

TEST_CASE("orthogonal matrices are those of the independent transcription, on each path") {
    on_each_path([] {
        for (const auto& g : golden::orthogonals) {
            if (g.type == 1)
                check_golden(g, orthogonal<double>(g.rows, g.cols, g.gain));
            else if (g.type == 0)
                check_golden(g, orthogonal<float>(g.rows, g.cols, g.gain));
            else if (g.type == 4)
                check_golden(g, orthogonal<std::complex<float>>(g.rows, g.cols, g.gain));
            else if (g.type == 5)
                check_golden(g, orthogonal<std::complex<double>>(g.rows, g.cols, g.gain));
            else
                check_golden<Eigen::half>(
                    g, orthogonal<float>(g.rows, g.cols, g.gain).template cast<Eigen::half>());
        }
    });
}

TEST_CASE("a normal that is off by one part in 1e6 changes the digest") { // the control
    for (const bool change : {false, true}) {
        nninit::Philox rng(42);
        Reflections<float> r(17, 3);
        Eigen::Map<Matrix<float>> x(r.columns(), 17, 3);
        nninit::Normal{}(x, rng);
        if (change) x(16, 2) *= 1.000001F;
        r.reflect(0);
        r.solve();
        Matrix<float> q(17, 3);
        r.product(1, 0, q.data(), 1, 17);
        CHECK((digest(q) == digest(orthogonal<float>(17, 3))) == !change);
    }
}

TEST_CASE("columns are orthonormal for all sizes up to 70") {
    double worst = 0, worst_double = 0;
    for (Eigen::Index m = 1; m <= 70; ++m)
        for (Eigen::Index n = 1; n <= m; ++n) {
            worst = (std::max)(worst, defect(orthogonal<float>(m, n)));
            worst_double = (std::max)(worst_double, defect(orthogonal<double>(m, n)));
        }
    CHECK(worst <= 1e-6);
    CHECK(worst_double <= 1e-14);
}

TEST_CASE("columns of large matrices are orthonormal") {
    for (const auto& [m, n] : {std::pair{500, 300}, {2048, 2048}, {20000, 16}, {4096, 130}}) {
        CAPTURE(m, n);
        CHECK(defect(orthogonal<float>(m, n), 64) <= 1e-6);
        CHECK(defect(orthogonal<double>(m, n), 64) <= 1e-14);
    }
}

TEST_CASE("the check of orthonormality rejects a matrix that is off by one part in 1e5") {
    Matrix<float> q = orthogonal<float>(60, 40);
    q(7, 3) += 1e-5F; // of elements of about 0.13, so that some product moves by 1e-6 or more
    CHECK(defect(q) > 1e-6);
}

TEST_CASE("paths and threads give the same orthogonal matrix") {
    for (const auto& [rows, cols] :
         {std::pair{1, 1}, {16, 16}, {129, 128}, {300, 290}, {700, 5}, {640, 385}}) {
        const auto f = digest(orthogonal<float>(rows, cols));
        const auto d = digest(orthogonal<double>(rows, cols));
        const auto c = digest(orthogonal<std::complex<float>>(rows, cols));
        on_each_path([m = rows, n = cols, f, d, c] {
            for (const int threads : {1, 2, 3, 7}) {
                CAPTURE(m, n, threads);
                CHECK(digest(orthogonal<float>(m, n, 1, threads)) == f);
                CHECK(digest(orthogonal<double>(m, n, 1, threads)) == d);
                CHECK(digest(orthogonal<std::complex<float>>(m, n, 1, threads)) == c);
            }
        });
    }
}

TEST_CASE("a sequential engine gives the words of one fill of the whole, whatever the groups") {
    for (const Eigen::Index m : {299, 300}) {
        std::mt19937 one(1), other(1);
        Matrix<float> x(m, 290);
        nninit::Normal{}(x, one);
        orthogonal<float>(m, 290, 1, other);
        CHECK(one == other);
        std::mt19937_64 wide(1), wider(1); // two words at a draw
        nninit::Normal{}(x, wide);
        orthogonal<float>(m, 290, 1, wider);
        CHECK(wide == wider);
    }
}

TEST_CASE("a column that is 0 becomes one of the negative identity, and no NaN") {
    Reflections<double> r(3, 3);
    std::fill_n(r.columns(), 9, 0.0);
    r.columns()[0] = 1;
    r.reflect(0);
    r.solve();
    Matrix<double> q(3, 3);
    r.product(1, 0, q.data(), 1, 3);
    CHECK(q == Eigen::Vector3d(1, -1, -1).asDiagonal().toDenseMatrix());
}

TEST_CASE("too large a matrix is bad_alloc before anything else") {
    const auto huge = std::numeric_limits<std::ptrdiff_t>::max() / 2;
    CHECK_THROWS_AS(Reflections<float>(huge, 1), std::bad_alloc);
    CHECK_THROWS_AS(Reflections<double>(huge, huge), std::bad_alloc);
    CHECK_THROWS_AS(Reflections<std::complex<float>>(2 * huge, 1), std::bad_alloc);
    // A column that has an address may not have one when it is padded to 16.
    CHECK_THROWS_AS(Reflections<float>(huge / 16, 1), std::bad_alloc);
    CHECK_THROWS_AS(Reflections<double>(huge / 64, 1), std::bad_alloc);
}

TEST_CASE("the power is that of the independent transcription") {
    for (const auto& g : golden::powers) {
        CAPTURE(g.x, g.y);
        CHECK(bits(nninit::detail::power(g.x, g.y)) == g.bits);
    }
}

TEST_CASE("a power is 0 from half the smallest double on") {
    CHECK(nninit::detail::power(2, -1074.9) == 0x1p-1074);
    CHECK(nninit::detail::power(2, -1075.1) == 0);
    CHECK(nninit::detail::power(2, -1e300) == 0);
}

TEST_CASE("the power is within an ulp of long double's") { // which is right to 2^-60 or so here
    nninit::Philox rng(3);
    Eigen::VectorXd x(20000), y(20000);
    nninit::Uniform{-20, 20}(x, rng);
    nninit::Uniform{-30, 30}(y, rng);
    double worst = 0;
    for (Eigen::Index i = 0; i < x.size(); ++i) {
        const double base = std::exp(x[i]), power = nninit::detail::power(base, y[i]);
        const long double exact =
            std::pow(static_cast<long double>(base), static_cast<long double>(y[i]));
        const double ulp = std::ldexp(1.0, std::ilogb(power) - 52);
        const long double error =
            (exact - static_cast<long double>(power)) / static_cast<long double>(ulp);
        worst = (std::max)(worst, std::abs(static_cast<double>(error)));
    }
    CHECK(worst <= (std::numeric_limits<long double>::digits > 53 ? 0.502 : 2));
}

TEST_CASE("rows of NguyenWidrow's words, scaled as specified, are those of the transcription") {
    const auto made = [](const golden::nguyen_widrow& g, auto type) {
        using T = decltype(type);
        nninit::Philox rng(42);
        Matrix<T> w(g.rows, g.cols);
        nninit::Uniform{-1, 1}(w, rng);
        const double power = nninit::detail::power(g.rows, 1.0 / g.cols);
        const double beta = (nninit::detail::Rounded(g.factor) * power).value;
        CHECK(bits(beta) == g.beta);
        for (Eigen::Index r = 0; r < w.rows(); ++r)
            w.row(r) *= static_cast<T>(beta / nninit::detail::length(&w(r, 0), w.cols(), w.rows()));
        return w;
    };
    for (const auto& g : golden::nguyen_widrows) {
        CAPTURE(g.type, g.rows, g.cols);
        if (g.type == 1)
            CHECK(digest(made(g, 0.0)) == g.digest);
        else if (g.type == 0)
            CHECK(digest(made(g, 0.0F)) == g.digest);
        else
            CHECK(digest<Eigen::half>(made(g, 0.0F).template cast<Eigen::half>()) == g.digest);
    }
}
