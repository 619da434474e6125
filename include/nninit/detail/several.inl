// SPDX-License-Identifier: MIT
// Vectors side by side. kernel.inl includes this file, and so each instruction set has its own.

/// Vectors that go through the same operations side by side, because one alone would wait for the
/// latency of each. The operators and functions below apply to each vector.
template <class V, int n> struct Several { V v[n]; };

template <std::size_t i, class F, class... Packs>
[[gnu::always_inline]] inline auto element(F f, const Packs&... packs) {
    return f(packs.v[i]...);
}
template <class F, class V, int n, std::size_t... i, class... More>
[[gnu::always_inline]] inline auto each(F f, std::index_sequence<i...>, const Several<V, n>& a,
                                        const More&... more) {
    return Several<decltype(element<0>(f, a, more...)), n>{{element<i>(f, a, more...)...}};
}
template <class F, class V, int n, class... More>
[[gnu::always_inline]] inline auto each(F f, const Several<V, n>& a, const More&... more) {
    return each(f, std::make_index_sequence<n>{}, a, more...);
}

/// The vectors from `first` on, as many as there are i.
template <std::size_t first, class V, int n, std::size_t... i>
[[gnu::always_inline]] inline auto part(const Several<V, n>& a, std::index_sequence<i...>) {
    return Several<V, int{sizeof...(i)}>{{a.v[first + i]...}};
}

/// Vectors of words, as values of type T take them.
template <class T, std::size_t... i>
[[gnu::always_inline]] inline auto several(const typename Lanes::U32* words,
                                           std::index_sequence<i...>) {
    return Several<decltype(Lanes::template word<T>(words, 0)), sizeof...(i)>{
        {Lanes::template word<T>(words, i)...}};
}

/// One scalar, pointer or vector for all of them.
template <class T> struct Same {
    struct {
        T value;
        [[gnu::always_inline]] T operator[](std::size_t) const { return value; }
    } v;
};

// Functors rather than lambdas: GCC compiles a lambda in a template for the default target.
#define NNINIT_FUNCTION(Name, name, expression)                                                    \
    struct Name {                                                                                  \
        template <class V, class... W> [[gnu::always_inline]] auto operator()(V x, W... y) const { \
            return expression;                                                                     \
        }                                                                                          \
    };                                                                                             \
    template <class V, int n, class... More>                                                       \
    [[gnu::always_inline]] inline auto name(const Several<V, n>& a, const More&... more) {         \
        return each(Name{}, a, more...);                                                           \
    }
NNINIT_FUNCTION(Opaque, opaque, Lanes::opaque(x, y...))
NNINIT_FUNCTION(AsSigned, as_signed, Lanes::as_signed(x, y...))
NNINIT_FUNCTION(AsUnsigned, as_unsigned, Lanes::as_unsigned(x, y...))
NNINIT_FUNCTION(AsFloat, as_float, Lanes::as_float(x, y...))
NNINIT_FUNCTION(ToFloat, to_float, Lanes::to_float(x, y...))
NNINIT_FUNCTION(Select, select, Lanes::select(x, y...))
NNINIT_FUNCTION(Lookup, lookup, Lanes::lookup(x, y...))
NNINIT_FUNCTION(Divide, divide, Lanes::divide(x, y...))
NNINIT_FUNCTION(Fma, fma, Lanes::fma(x, y...))
NNINIT_FUNCTION(Smaller, smaller, Lanes::smaller(x, y...))
NNINIT_FUNCTION(Larger, larger, Lanes::larger(x, y...))
NNINIT_FUNCTION(Splat, splat, Lanes::splat(x, y...))
#undef NNINIT_FUNCTION

#define NNINIT_OPERATOR(Name, op)                                                                  \
    struct Name {                                                                                  \
        template <class V, class W> [[gnu::always_inline]] auto operator()(V x, W y) const {       \
            return x op y;                                                                         \
        }                                                                                          \
    };                                                                                             \
    template <class V, class W, int n>                                                             \
    [[gnu::always_inline]] inline auto operator op(const Several<V, n>& a,                         \
                                                   const Several<W, n>& b) {                       \
        return each(Name{}, a, b);                                                                 \
    }                                                                                              \
    template <class V, int n, class Scalar>                                                        \
    requires std::is_arithmetic_v<Scalar>                                                          \
    [[gnu::always_inline]] inline auto operator op(const Several<V, n>& a, Scalar b) {             \
        return each(Name{}, a, Same<Scalar>{{b}});                                                 \
    }
NNINIT_OPERATOR(Plus, +)
NNINIT_OPERATOR(Minus, -)
NNINIT_OPERATOR(Times, *)
NNINIT_OPERATOR(Xor, ^)
NNINIT_OPERATOR(And, &)
NNINIT_OPERATOR(Or, |)
NNINIT_OPERATOR(Shift, >>)
NNINIT_OPERATOR(Less, <)
NNINIT_OPERATOR(NotLess, >=)
#undef NNINIT_OPERATOR
