// SPDX-License-Identifier: MIT
// A call of a rule: what cannot work is refused at compile time, and memory is filled by any rule.

#ifndef NNINIT_DETAIL_FILL_HPP
#define NNINIT_DETAIL_FILL_HPP

#include <nninit/detail/facts.hpp>
#include <nninit/detail/write.hpp>

#include <variant>

#if !EIGEN_VERSION_AT_LEAST(3, 4, 0)
#error "nninit: Eigen 3.4.0 or newer is needed"
#endif

namespace nninit::inline NNINIT_ABI::detail::inline NNINIT_COMPILER {

template <class Rule>
concept FanRule = requires(const Rule& rule, const Fans& fans) {
    rule.given(fans);
};
template <class Rule>
concept WholeRule = requires {
    Rule::needs_whole;
};

/// Rules whose columns are inputs of one layer.
template <class Rule>
concept MatrixRule = WholeRule<Rule> || requires {
    Rule::needs_matrix;
};

/// Rules that must be told the convolution they fill.
template <class Rule>
concept ConvRule = requires {
    Rule::needs_conv;
};

template <class Derived> std::true_type is_dense(const Eigen::DenseBase<Derived>*);
std::false_type is_dense(const void*);
template <class Derived> std::true_type is_plain(const Eigen::PlainObjectBase<Derived>*);
std::false_type is_plain(const void*);

template <class Expression>
concept DenseWithCoefficients = decltype(detail::is_dense(
    static_cast<std::remove_cv_t<Expression>*>(nullptr)))::value&& requires(Expression& target) {
    target.coeffRef(0, 0);
};

/// Refuses, at compile time, a target that no rule can serve. A class, so that compilers report its
/// sentence before whatever else the target lacks.
template <class Target, class Expression = std::remove_reference_t<Target>,
          bool = DenseWithCoefficients<Expression>>
struct CheckTarget {
    using Plain = std::remove_cv_t<Expression>;
    using Scalar = typename Expression::Scalar;
    static constexpr bool temporary =
        !std::is_lvalue_reference_v<Target> &&
        decltype(detail::is_plain(static_cast<Plain*>(nullptr)))::value;
    static constexpr bool writable =
        std::is_assignable_v<decltype(std::declval<Expression&>().coeffRef(0, 0)), Scalar>;
    static constexpr bool ok = !temporary && writable && Element<Scalar>::supported;
    static_assert(!temporary, "nninit: the target is a temporary matrix, which would be filled and "
                              "thrown away; fill a variable, or use nninit::make");
    static_assert(writable, "nninit: the target is const");
    static_assert(Element<Scalar>::supported,
                  "nninit: the target's scalar type must be float, double, long double, "
                  "Eigen::half, Eigen::bfloat16 or std::complex of the first three");
};
template <class Target, class Expression> struct CheckTarget<Target, Expression, false> {
    static constexpr bool ok = false;
    static_assert(DenseWithCoefficients<Expression>,
                  "nninit: the target must be a writable dense Eigen matrix, array, vector, Map, "
                  "Ref or block; wrap other memory in an Eigen::Map, or give it to nninit::fill, "
                  "of nninit/span.hpp and nninit/tensor.hpp, with the letters of its axes");
};

/// The engine of a call that has none, which is refused.
struct NoEngine {};

/// A layer in braces, HeNormal{}(w, rng, {.in = 784, .out = 128}), which is refused where a call
/// makes one: it may be any kind of layer.
template <class Target> struct Unnamed {
    struct Number {
        template <class T> Number(const T&) {}
    };
    Number in = 0, out = 0;
    Axes kernel{};
    Number groups = 1;
    Axes stride{};

    ~Unnamed() {
        constexpr bool named = std::is_void_v<Target>; // never
        static_assert(named,
                      "nninit: say which layer the braces are: Dense{.in = 784, .out = 128}, "
                      "Conv{...}, TransposedConv{...}, DepthwiseConv{...}, or its Fans{...}");
    }
};

/// How many of the facts are layers or Fans, and how many a Window.
template <class... Fact>
inline constexpr int layers_in = (0 + ... + int{std::is_convertible_v<Fact, Fans>});
template <class... Fact>
inline constexpr int windows_in = (0 + ... + int{std::is_same_v<Fact, Window>});

template <class... Fact> struct CheckOnce {
    static constexpr bool ok = layers_in<Fact...> <= 1 && windows_in<Fact...> <= 1;
    static_assert(ok, "nninit: pass one layer, or its Fans, and at most one Window");
};

/// Refuses, at compile time, what follows the target at a call and no rule can serve.
template <class Rule, class Engine, class... Fact> struct CheckArguments {
    using Generator = std::remove_reference_t<Engine>;
    static constexpr bool window = windows_in<Fact...> != 0;
    static constexpr bool facts = layers_in<Fact...> + windows_in<Fact...> == sizeof...(Fact);
    static constexpr bool ok = BitGenerator<Generator> && facts && CheckOnce<Fact...>::ok &&
                               (!window || (CounterEngine<Generator> && !WholeRule<Rule>));
    static_assert(
        BitGenerator<Generator>,
        "nninit: the engine must be a random number engine that is not const, with static "
        "constexpr min() and max(), of unsigned numbers of at most 64 bits: rng.stream(\"name\") "
        "of a nninit::Philox, or a std::mt19937");
    static_assert(facts,
                  "nninit: after the engine come layer facts: Fans, a layer such as Dense or "
                  "Conv, or a Window");
    static_assert(!window || CounterEngine<Generator>,
                  "nninit: a Window needs a counter-based engine, such as nninit::Philox");
    static_assert(!window || !WholeRule<Rule>,
                  "nninit: this rule needs the whole matrix; fill it without a Window");
};

inline void check_words(const Place& place, std::uint64_t per_element, const Source& source) {
    const U128 elements = multiply(place.whole_rows, place.whole_cols);
    const U128 words = multiply(elements.low, per_element);
    if (source.any_order() &&
        (elements.high != 0 || words.high != 0 || words.low > ~source.position))
        fail({"a matrix of ", static_cast<double>(place.whole_rows), " x ",
              static_cast<double>(place.whole_cols),
              " takes more words than the stream has left; use another stream"});
}

/// Fills memory by a distribution. All that can be refused is refused before the first write.
template <class Distribution, class Scalar>
void fill_distribution(const Distribution& distribution, const Memory<Scalar>& memory,
                       Source& source, const Facts& facts) {
    using E = Element<Scalar>;
    using Real = typename E::Real;
    auto real =
        distribution.template law<Real>(); // of complex targets too: its refusals name the whole
    auto imaginary = real;
    if constexpr (E::reals == 2) {
        real = distribution.real_part().template law<Real>();
        imaginary = distribution.imaginary_part().template law<Real>();
    }
    const Place place = place_of(memory.rows, memory.cols, facts);
    check_words(place, E::words, source);
    if (!memory.empty()) Writer<Scalar>(memory, place, source, real, imaginary).write();
    if (source.any_order()) source.position += place.whole_rows * place.whole_cols * E::words;
}

template <class... Distribution, class Scalar>
void fill_distribution(const std::variant<Distribution...>& distribution,
                       const Memory<Scalar>& memory, Source& source, const Facts& facts) {
    std::visit([&](const auto& d) { detail::fill_distribution(d, memory, source, facts); },
               distribution);
}

/// Refuses a vector without facts, and says why.
inline void check_vector(const Facts& facts, const char* reason) {
    if (!facts.has_fans && facts.vector && !facts.has_window)
        fail({reason, "; pass the layer, or choose an initializer that needs none"});
}

inline Fans fans_of(std::int64_t rows, std::int64_t cols, const Facts& facts) {
    check_vector(facts, "a vector has no fan_in and fan_out of its own");
    if (!facts.has_fans && facts.has_window && !facts.is_plain)
        fail({"the whole that a Window speaks of may have another kernel than the tensor; pass the "
              "layer, too"});
    if (rows == 0 || cols == 0) return {1, 1};
    if (facts.has_fans) return facts.fans;
    if (facts.layout != nullptr) return facts.fans_of_layout(*facts.layout);
    const Place place = place_of(rows, cols, facts);
    return {static_cast<double>(place.whole_cols), static_cast<double>(place.whole_rows)};
}

/// Fills memory by any rule: one of fans, a distribution, or one that has a fill() of its own.
template <class Rule, class Scalar>
void fill_memory(const Rule& rule, const Memory<Scalar>& memory, Source& source,
                 const Facts& facts) {
    if constexpr (!ConvRule<Rule>) // a rule of convolutions says itself what shape it needs
        check_layer(facts, memory.rows, memory.cols, WholeRule<Rule>);
    if (facts.has_window) static_cast<void>(place_of(memory.rows, memory.cols, facts));
    if constexpr (MatrixRule<Rule>) {
        check_vector(facts, "this rule fills the matrix of a layer, and a vector may be a bias");
        if (!facts.is_matrix && !memory.empty())
            fail({"this rule fills the matrix of one layer; its letters are O or N, I or C, and "
                  "those of a kernel"});
    }
    if constexpr (FanRule<Rule>) {
        detail::fill_distribution(rule.given(fans_of(memory.rows, memory.cols, facts)), memory,
                                  source, facts);
    } else if constexpr (requires { rule.template law<float>(); }) {
        detail::fill_distribution(rule, memory, source, facts);
    } else {
        rule.fill(memory, source, facts);
    }
}

/// A rule that needs fans, or a layer's matrix, on a target that is known as a vector and has none.
template <class Rule, class Expression, class... Fact> struct CheckFans {
    static constexpr bool known =
        layers_in<Fact...> + windows_in<Fact...> != 0 || !Expression::IsVectorAtCompileTime;
    static constexpr bool ok = known || !(FanRule<Rule> || MatrixRule<Rule>);
    static_assert(known || !FanRule<Rule>,
                  "nninit: a vector has no fan_in and fan_out of its own; pass the layer, such "
                  "as nninit::Dense{.in = 784, .out = 128}, or fill a bias with nninit::Zeros");
    static_assert(known || !MatrixRule<Rule>,
                  "nninit: this rule fills the matrix of a layer, and a vector may be a bias; pass "
                  "the layer, such as nninit::Dense{.in = 784, .out = 1} for a row");
};

template <class Rule, class Target, class Engine, class... Fact>
void fill(const Rule& rule, Target&& target, Engine&& engine, const Fact&... fact) {
    using Expression = std::remove_reference_t<Target>;
    if constexpr (CheckTarget<Target>::ok && CheckArguments<Rule, Engine, Fact...>::ok) {
        if constexpr (CheckFans<Rule, Expression, Fact...>::ok) {
            const Facts facts(bool{Expression::IsVectorAtCompileTime}, fact...);
            detail::with_source(engine, [&](Source& source) {
                detail::with_memory(target, [&](const auto& memory) {
                    detail::fill_memory(rule, memory, source, facts);
                });
            });
        }
    }
}

} // namespace nninit::inline NNINIT_ABI::detail::inline NNINIT_COMPILER

#endif
