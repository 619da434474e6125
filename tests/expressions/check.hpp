// SPDX-License-Identifier: MIT
// Whether a writable expression is filled as a plain matrix is, by every rule, and nothing beside
// it is touched. -DSCALAR chooses the type (default float), -DFEW_RULES three rules instead of all,
// -DNO_STEPS leaves out slices with a step and -DNO_PARTS real() and imag() of complex matrices,
// which release 0.2.0 does not compile.
#ifndef NNINIT_TESTS_EXPRESSIONS_CHECK_HPP
#define NNINIT_TESTS_EXPRESSIONS_CHECK_HPP

#include <nninit/nninit.hpp>

#include <cstdio>
#include <cstring>
#include <random>
#include <string>
#include <vector>

#ifndef SCALAR
#define SCALAR float
#endif

namespace expressions {

using Scalar = SCALAR;
using Eigen::Dynamic;
using Eigen::Index;
template <int order = Eigen::ColMajor>
using Matrix = Eigen::Matrix<Scalar, Dynamic, Dynamic, order>;

#if EIGEN_VERSION_AT_LEAST(3, 4, 90)
inline const auto all = Eigen::placeholders::all;
inline const auto last = Eigen::placeholders::last;
#else
inline const auto all = Eigen::all;
inline const auto last = Eigen::last;
#endif

inline int wrong = 0, kinds = 0, fills = 0;

template <class S> bool same_bits(const S& a, const S& b) {
    unsigned char x[sizeof(S)], y[sizeof(S)];
    std::memcpy(x, &a, sizeof a);
    std::memcpy(y, &b, sizeof b);
    return std::memcmp(x, y, sizeof x) == 0;
}

template <class A, class B> bool same(const A& a, const B& b) {
    if (a.rows() != b.rows() || a.cols() != b.cols()) return false;
    for (Index c = 0; c < a.cols(); ++c)
        for (Index r = 0; r < a.rows(); ++r)
            if (!same_bits(a(r, c), b(r, c))) return false;
    return true;
}

template <class Body> std::string refusal(const Body& body) {
    try {
        body();
    } catch (const std::invalid_argument& error) {
        return error.what();
    }
    return "";
}

/// Fills the expression that `make` takes of a storage, and a plain matrix of its shape.
template <class Storage, class Make, class Apply>
void check_one(const char* kind, const std::string& rule, const Storage& sentinel, const Make& make,
               const Apply& apply) {
    Storage storage = sentinel, expected = sentinel;
    auto&& target = make(storage);
    using Target = std::remove_cvref_t<decltype(target)>;
    constexpr bool is_row = Target::RowsAtCompileTime == 1 && Target::ColsAtCompileTime != 1;
    constexpr bool is_column = !is_row && bool(Target::IsVectorAtCompileTime);
    Eigen::Matrix<typename Target::Scalar, is_row ? 1 : Dynamic, is_column ? 1 : Dynamic,
                  is_row ? Eigen::RowMajor : Eigen::ColMajor>
        plain(target.rows(), target.cols());
    auto&& right = make(expected);
    for (Index c = 0; c < plain.cols(); ++c)
        for (Index r = 0; r < plain.rows(); ++r) plain(r, c) = right.coeff(r, c);
    nninit::Philox engine(5), plain_engine(5);
    engine.seek(3);
    plain_engine.seek(3);
    const std::string said = refusal([&] { apply(target, engine); });
    const std::string plain_said = refusal([&] { apply(plain, plain_engine); });
    for (Index c = 0; c < plain.cols(); ++c)
        for (Index r = 0; r < plain.rows(); ++r) right.coeffRef(r, c) = plain(r, c);
    ++fills;
    if (said == plain_said && engine == plain_engine && same(storage, expected)) return;
    ++wrong;
    std::printf("WRONG: %s, %s: %s\n", kind, rule.c_str(),
                said != plain_said ? ("says \"" + said + "\", not \"" + plain_said + '"').c_str()
                : !(engine == plain_engine) ? "the engine stands elsewhere"
                                            : "other values");
}

template <class Storage, class Make>
void check(const char* kind, const Storage& sentinel, const Make& make) {
    ++kinds;
    using namespace nninit;
#ifdef FEW_RULES
    check_one(kind, "normal", sentinel, make, [](auto& w, auto& e) { Normal{}(w, e); });
    check_one(kind, "ones", sentinel, make, [](auto& w, auto& e) { Ones{}(w, e); });
    check_one(kind, "identity", sentinel, make, [](auto& w, auto& e) {
        Identity{}(w, e, Window{.rows = w.rows(), .cols = w.cols()}); // of vectors, too
    });
#else
    for (const std::string& name : names()) {
        const Initializer rule = by_name(name);
        check_one(kind, name, sentinel, make, [&](auto& w, auto& e) {
            if (rule.rule.get_if<Dirac>() || rule.rule.get_if<Bilinear>() ||
                rule.rule.get_if<DeltaOrthogonal>())
                rule(w, e, Conv{.in = w.cols(), .out = w.rows()});
            else
                rule(w, e, Fans{static_cast<double>(w.cols()), static_cast<double>(w.rows())});
        });
    }
    check_one(kind, "normal by mt19937", sentinel, make, [](auto& w, auto&) {
        std::mt19937 engine(1);
        Normal{}(w, engine);
    });
#endif
}

/// A matrix to take expressions of, of numbers that no rule gives.
template <int order = Eigen::ColMajor> Matrix<order> sheet(Index rows = 12, Index cols = 14) {
    Matrix<order> w(rows, cols);
    for (Index i = 0; i < w.size(); ++i) w.data()[i] = Scalar(static_cast<float>(1000 + i));
    return w;
}

inline int report(const char* program) {
    std::printf("%s: %d kinds of expression, %d fills, %d wrong\n", program, kinds, fills, wrong);
    return wrong != 0 || kinds == 0;
}

} // namespace expressions

#define EXPRESSION(order, ...)                                                                     \
    expressions::check(#__VA_ARGS__ " of " #order, expressions::sheet<Eigen::order>(),             \
                       [](auto& w) -> decltype(auto) { return __VA_ARGS__; })

#endif
