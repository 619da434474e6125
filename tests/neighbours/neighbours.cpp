// SPDX-License-Identifier: MIT
// A namespace with a greedy template for every name that the library's headers call (names.inc, by
// names.py), and engines, matrices, seed sequences and callbacks of that namespace: none of these
// templates may be asked.
#include <nninit/nninit.hpp>
#include <nninit/tensor.hpp>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <span>

namespace greedy {

struct Nothing {
    template <class T> operator T() const { std::abort(); }
};

/// A matrix of a class of their own, as Eigen's documentation has it.
struct Weights : Eigen::MatrixXf {
    Weights() : Eigen::MatrixXf(20, 30) {}
    using Eigen::MatrixXf::operator=;
};

/// Eigen's class, whose arguments have their namespace asked.
struct Itself {
    float& operator()(float& x) const { return x; }
    const float& operator()(const float& x) const { return x; }
};
using View = Eigen::CwiseUnaryView<Itself, Eigen::MatrixXf>;

// For one argument also functions that no template of the library's is better than.
#define NAME(name)                                                                                 \
    inline Nothing name(Weights&) { std::abort(); }                                                \
    inline Nothing name(const Weights&) { std::abort(); }                                          \
    inline Nothing name(View&) { std::abort(); }                                                   \
    template <class D> Nothing name(const Eigen::MatrixBase<D>&) { std::abort(); }                 \
    template <class... A> Nothing name(A&&...) {                                                   \
        std::fputs("the library asked greedy::" #name "\n", stderr);                               \
        std::abort();                                                                              \
    }
#include "names.inc"
#undef NAME

struct Sequential {
    nninit::Philox engine{1};
    using result_type = std::uint32_t;
    static constexpr result_type(min)() { return 0; }
    static constexpr result_type(max)() { return 0xffffffff; }
    result_type operator()() { return engine.operator()(); }
};

struct Counter : Sequential {
    std::uint64_t position() const noexcept { return engine.position(); }
    void seek(std::uint64_t place) noexcept { engine.seek(place); }
    result_type operator()() noexcept { return engine.operator()(); }
};

struct Seeds {
    template <class I> void generate(I first, I last) {
        for (; first != last; ++first) *first = 5;
    }
};

/// A number of their own, whose sums describe() may be asked about.
struct Number {
    double value = 1;
    friend Number operator+(Number a, Number b) { return {a.value + b.value}; }
    explicit operator double() const { return value; }
};

struct Forward {
    const Eigen::MatrixXf& w;
    Eigen::MatrixXf operator()() const { return w * 2.0F; }
};

struct Tanh {
    double operator()(double x) const { return x / (1 + std::abs(x)); }
};

/// A rule of their own.
struct Rule {
    template <class Real> auto law() const { return nninit::Normal{}.law<Real>(); }
};

} // namespace greedy

namespace {

int wrong = 0;

template <class Engine> void check(const char* what) {
    using namespace nninit;
    Eigen::MatrixXf right(20, 30);
    Eigen::MatrixXf w(20, 30), seen(20, 30);
    greedy::Weights weights;
    greedy::View view(seen);
    const auto same = [&](const auto& rule, const char* name) {
        rule(right, Philox(1));
        w.setConstant(7);
        weights.setConstant(7);
        seen.setConstant(7);
        rule(w, Engine());
        rule(weights, Engine());
        rule(view, Engine());
        if (w != right || weights != right || seen != right)
            ++wrong, std::printf("%s, %s: not filled right\n", what, name);
    };
    same(HeNormal{}, "HeNormal");
    same(Uniform{}, "Uniform");
    same(TruncatedNormal{}, "TruncatedNormal");
    same(VarianceScaling{}, "VarianceScaling");
    same(Zeros{}, "Zeros");
    same(Identity{}, "Identity");
    same(Orthogonal{}, "Orthogonal");
    same(Sparse{}, "Sparse");
    same(NguyenWidrow{}, "NguyenWidrow");
    same(by_name("glorot_uniform"), "by_name");
    const Conv conv{.in = 15, .out = 20, .kernel = {2}};
    DeltaOrthogonal{}(w, Engine(), conv);
    Dirac{}(weights, conv);
    Bilinear{}(weights, conv);
    Engine engine;
    if (nninit::make<Eigen::MatrixXf>(HeNormal{}, engine, 20, 30) !=
        nninit::make<Eigen::MatrixXf>(HeNormal{}, Philox(1), 20, 30))
        ++wrong, std::printf("%s, make: not filled right\n", what);
    Normal{}(w.reverse(), Engine());
    Normal{}(w.row(3), Engine());
    Eigen::Tensor<float, 4> tensor(2, 3, 4, 5);
    nninit::fill(HeNormal{}, tensor, Engine(), "HWIO");
    nninit::fill(greedy::Rule{}, std::span(right.data(), 600), {20, 30}, Engine(), "IO");
    nninit::fill(Normal{}, std::span(w.data(), 600), {20, 30}, Engine(), "IO");
    if (w != right) ++wrong, std::printf("%s, a rule of their own: not filled right\n", what);
    Lsuv{}(w, Engine(), greedy::Forward{w});
    static_cast<void>(nninit::describe(weights));
    const Eigen::Matrix<greedy::Number, 2, 2> numbers;
    if (nninit::describe(numbers + numbers).mean != 2)
        ++wrong, std::printf("%s, describe: another mean\n", what);
    static_cast<void>(Fans::of(weights));
    static_cast<void>(nninit::gain(greedy::Tanh{}));
}

} // namespace

int main() {
    check<greedy::Sequential>("a sequential engine");
    check<greedy::Counter>("a counter engine");
    Eigen::MatrixXf block(4, 5);
    nninit::HeNormal{}(block, greedy::Counter(),
                       nninit::Window{.rows = 20, .cols = 30, .row = 2, .col = 3});
    greedy::Seeds seeds;
    if (!(nninit::Philox(seeds) == nninit::Philox(0x500000005))) ++wrong, std::puts("seeds");
    std::printf("%d wrong\n", wrong);
    return wrong != 0;
}
