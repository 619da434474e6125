// SPDX-License-Identifier: MIT
// Several vectors that go through the same operations: while one waits for the latency of an
// instruction, the others use its unit. Included by each instruction set, in its namespace.

template <class V, std::size_t n> struct Several { V v[n]; };

// NNINIT_INLINE is always_inline where there are vectors: a call would pass them through memory.
#define NNINIT_EACH(type, expression)                                                              \
    Several<type, n> each;                                                                         \
    NNINIT_UNROLL                                                                                  \
    for (std::size_t i = 0; i < n; ++i) each.v[i] = expression;                                    \
    return each
#define NNINIT_OPERATOR(op)                                                                        \
    template <class V, class W, std::size_t n>                                                     \
    NNINIT_INLINE auto operator op(const Several<V, n>& x, const Several<W, n>& y) {               \
        NNINIT_EACH(std::remove_cvref_t<decltype(x.v[0] op y.v[0])>, x.v[i] op y.v[i]);            \
    }                                                                                              \
    template <class V, class Scalar, std::size_t n>                                                \
    NNINIT_INLINE auto operator op(const Several<V, n>& x, Scalar y) {                             \
        NNINIT_EACH(std::remove_cvref_t<decltype(x.v[0] op y)>, x.v[i] op y);                      \
    }
NNINIT_OPERATOR(+)
NNINIT_OPERATOR(-)
NNINIT_OPERATOR(*)
NNINIT_OPERATOR(^)
NNINIT_OPERATOR(&)
NNINIT_OPERATOR(|)
NNINIT_OPERATOR(>>)
NNINIT_OPERATOR(<)
NNINIT_OPERATOR(>=)
#undef NNINIT_OPERATOR

#define NNINIT_FUNCTION(name)                                                                      \
    template <class V, std::size_t n> NNINIT_INLINE auto name(const Several<V, n>& x) {            \
        NNINIT_EACH(decltype(name(x.v[0])), name(x.v[i]));                                         \
    }                                                                                              \
    template <class V, class W, std::size_t n>                                                     \
    NNINIT_INLINE auto name(const Several<V, n>& x, W y) {                                         \
        NNINIT_EACH(decltype(name(x.v[0], y)), name(x.v[i], y));                                   \
    }                                                                                              \
    template <class V, std::size_t n>                                                              \
    NNINIT_INLINE auto name(const Several<V, n>& x, const Several<V, n>& y) {                      \
        NNINIT_EACH(decltype(name(x.v[0], y.v[0])), name(x.v[i], y.v[i]));                         \
    }
NNINIT_FUNCTION(opaque)
NNINIT_FUNCTION(as_signed)
NNINIT_FUNCTION(as_unsigned)
NNINIT_FUNCTION(as_float)
NNINIT_FUNCTION(to_float)
NNINIT_FUNCTION(lookup)
NNINIT_FUNCTION(divide)
#undef NNINIT_FUNCTION

template <class V, std::size_t n>
NNINIT_INLINE Several<V, n> fma(V scale, const Several<V, n>& x, V shift) {
    NNINIT_EACH(V, fma(scale, x.v[i], shift));
}
template <class V, std::size_t n>
NNINIT_INLINE Several<V, n> fma(const Several<V, n>& x, V factor, const Several<V, n>& y) {
    NNINIT_EACH(V, fma(x.v[i], factor, y.v[i]));
}
template <class V, std::size_t n>
NNINIT_INLINE Several<V, n> clamped(const Several<V, n>& x, V low, V high) {
    NNINIT_EACH(V, clamped(x.v[i], low, high));
}
template <class Mask, class V, std::size_t n>
NNINIT_INLINE Several<V, n> select(const Several<Mask, n>& mask, const Several<V, n>& x,
                                   const Several<V, n>& y) {
    NNINIT_EACH(V, select(mask.v[i], x.v[i], y.v[i]));
}
#undef NNINIT_EACH
template <class Signed, std::size_t n>
NNINIT_INLINE bool any_negative(const Several<Signed, n>& x) {
    Signed any = x.v[0];
    NNINIT_UNROLL
    for (std::size_t i = 1; i < n; ++i) any = any | x.v[i];
    return any_negative(any);
}
template <class V, std::size_t n>
NNINIT_INLINE void load(const std::uint32_t* words, Several<V, n>& w) {
    NNINIT_UNROLL
    for (std::size_t i = 0; i < n; ++i) load(words + i * (sizeof(V) / 4), w.v[i]);
}
template <class V, std::size_t n, class T>
NNINIT_INLINE void store(const Several<V, n>& x, T* out) {
    NNINIT_UNROLL
    for (std::size_t i = 0; i < n; ++i)
        std::memcpy(out + i * (sizeof(V) / sizeof(T)), &x.v[i], sizeof(V));
}
