// SPDX-License-Identifier: MIT
// Two vectors, or two of two, that go through the same operations: while one waits for the latency
// of an instruction, the others use its unit. Included by each instruction set, in its namespace.

template <class V> struct Two {
    V a, b;
};

// NNINIT_INLINE is always_inline where there are vectors: a call would pass them through memory.
#define NNINIT_OPERATOR(op)                                                                        \
    template <class V, class W> NNINIT_INLINE auto operator op(Two<V> x, Two<W> y) {               \
        return Two<decltype(x.a op y.a)>{x.a op y.a, x.b op y.b};                                  \
    }                                                                                              \
    template <class V, class Scalar> NNINIT_INLINE auto operator op(Two<V> x, Scalar y) {          \
        return Two<decltype(x.a op y)>{x.a op y, x.b op y};                                        \
    }
NNINIT_OPERATOR(+)
NNINIT_OPERATOR(-)
NNINIT_OPERATOR(*)
NNINIT_OPERATOR(^)
NNINIT_OPERATOR(&)
NNINIT_OPERATOR(|)
NNINIT_OPERATOR(<<)
NNINIT_OPERATOR(>>)
NNINIT_OPERATOR(<)
NNINIT_OPERATOR(>=)
#undef NNINIT_OPERATOR

#define NNINIT_FUNCTION(name)                                                                      \
    template <class V> NNINIT_INLINE auto name(Two<V> x) {                                         \
        return Two<decltype(name(x.a))>{name(x.a), name(x.b)};                                     \
    }                                                                                              \
    template <class V, class W> NNINIT_INLINE auto name(Two<V> x, W y) {                           \
        return Two<decltype(name(x.a, y))>{name(x.a, y), name(x.b, y)};                            \
    }                                                                                              \
    template <class V> NNINIT_INLINE auto name(Two<V> x, Two<V> y) {                               \
        return Two<decltype(name(x.a, y.a))>{name(x.a, y.a), name(x.b, y.b)};                      \
    }
NNINIT_FUNCTION(opaque)
NNINIT_FUNCTION(as_signed)
NNINIT_FUNCTION(as_unsigned)
NNINIT_FUNCTION(as_float)
NNINIT_FUNCTION(to_float)
NNINIT_FUNCTION(lookup)
NNINIT_FUNCTION(divide)
NNINIT_FUNCTION(smaller)
NNINIT_FUNCTION(larger)
NNINIT_FUNCTION(multiply)
#undef NNINIT_FUNCTION

template <class V, class W> NNINIT_INLINE Two<V> fma(W scale, Two<V> x, W shift) {
    return {fma(scale, x.a, shift), fma(scale, x.b, shift)};
}
template <class V, class W> NNINIT_INLINE Two<V> fma(Two<V> x, W factor, Two<V> y) {
    return {fma(x.a, factor, y.a), fma(x.b, factor, y.b)};
}
template <class Mask, class V> NNINIT_INLINE Two<V> select(Two<Mask> mask, Two<V> x, Two<V> y) {
    return {select(mask.a, x.a, y.a), select(mask.b, x.b, y.b)};
}
template <class I> NNINIT_INLINE bool any_negative(Two<I> x) { return any_negative(x.a | x.b); }

template <class V> NNINIT_INLINE void load(const std::uint32_t* words, Two<V>& w) {
    load(words, w.a);
    load(words + sizeof(V) / 4, w.b);
}
template <class V, class T> NNINIT_INLINE void store(V x, T* out) {
    std::memcpy(out, &x, sizeof x);
}
template <class V, class T> NNINIT_INLINE void store(Two<V> x, T* out) {
    store(x.a, out);
    store(x.b, out + sizeof(V) / sizeof(T));
}
