// SPDX-License-Identifier: MIT
// What each distribution makes of its words. Included by each instruction set, in its namespace.
// tests/golden/specification.md lists the same steps as formulas, rounding by rounding; the
// quantile's table and what its numbers mean come from tests/quantile/fit.py.
//
// Every floating-point operation is rounded once, in the order written: `opaque` keeps the
// optimiser from contracting or reordering them.

template <class T> using Floats = Group<typename Vector<T>::F>;
template <class T> using Unsigneds = Group<typename Vector<T>::U>;
template <class T> using Signeds = Group<typename Vector<T>::Signed>;
template <class T> inline constexpr std::size_t lanes = sizeof(Floats<T>) / sizeof(T);
template <class T> inline constexpr std::size_t words_per_value = sizeof(T) / 4;

template <class T> NNINIT_INLINE Unsigneds<T> load_words(const std::uint32_t* words) {
    Unsigneds<T> w;
    load(words, w);
    return w;
}
template <class V, std::size_t n, class T>
NNINIT_INLINE void share(const Law<T>& law, Several<V, n>& word, Several<V, n>& low) {
    NNINIT_UNROLL
    for (std::size_t i = 0; i < n; ++i) share(word.v[i], law, word.v[i], low.v[i]);
}

/// Where the group from i on of n values goes: to `last` if there is no room for all of it.
template <class T>
NNINIT_INLINE T* group_at(std::size_t i, T* out, std::size_t n, T (&last)[lanes<T>]) {
    return n - i < lanes<T> ? last : out + i;
}
template <class T> NNINIT_INLINE void copy_last(T* out, std::size_t n, const T (&last)[lanes<T>]) {
    const std::size_t some = n % lanes<T>;
    if (some != 0) std::memcpy(out + n - some, last, some * sizeof(T));
}

template <class F> NNINIT_INLINE F multiply_add(F a, F b, F c) { return opaque(opaque(a * b) + c); }

/// Uniform: u = (2 floor(w / 2^(N-d)) + 1 - 2^d) / 2^d for d digits, exact: the arithmetic shift
/// leaves one bit too many, which becomes the "+ 1"; flipping the bits from d up subtracts 2^d.
template <class T>
void uniform_values(const Law<T>& given, const std::uint32_t* words, T* out, std::size_t n) {
    using Format = Format<T>;
    constexpr auto flip = typename Format::Signed(-(typename Format::Signed{1} << Format::digits));
    const auto scale = splat(given.scale), shift = splat(given.shift);
    T last[lanes<T>];
    for (std::size_t i = 0; i < n; i += lanes<T>) {
        const auto w = as_signed(load_words<T>(words + i * words_per_value<T>));
        const auto k =
            ((w >> (Format::bits - Format::digits - 1)) ^ flip) | typename Format::Signed{1};
        store(fma(scale, opaque(to_float(k) * Format::ulp), shift), group_at(i, out, n, last));
    }
    copy_last(out, n, last);
}

/// Row k of the quantile's table, of the segments from `first` on.
template <class T, int first, int k> NNINIT_INLINE auto coefficient(Signeds<T> segment) {
    return lookup(segment, table_row(&Quantile<T>::coefficients[k][first], k));
}
template <class T, int first> NNINIT_INLINE auto base(Signeds<T> segment) {
    constexpr int rows = std::size(Quantile<T>::coefficients);
    return lookup(segment, table_row(&Quantile<T>::base[first], rows));
}

/// N(x) / D(x) of the segments: D = 1 for floats, and x^5 + ... for doubles, whose two schemes go
/// in turn because a step of one waits for the step before.
template <class T, int first> NNINIT_INLINE Floats<T> quotient(Floats<T> x, Signeds<T> segment) {
    if constexpr (sizeof(T) == 4) {
        auto q = coefficient<T, first, 6>(segment);
        q = multiply_add(q, x, coefficient<T, first, 5>(segment));
        q = multiply_add(q, x, coefficient<T, first, 4>(segment));
        q = multiply_add(q, x, coefficient<T, first, 3>(segment));
        q = multiply_add(q, x, coefficient<T, first, 2>(segment));
        return multiply_add(q, x, coefficient<T, first, 1>(segment));
    } else {
        auto d = opaque(x + coefficient<T, first, 10>(segment));
        auto n = coefficient<T, first, 5>(segment);
        d = multiply_add(d, x, coefficient<T, first, 9>(segment));
        n = multiply_add(n, x, coefficient<T, first, 4>(segment));
        d = multiply_add(d, x, coefficient<T, first, 8>(segment));
        n = multiply_add(n, x, coefficient<T, first, 3>(segment));
        d = multiply_add(d, x, coefficient<T, first, 7>(segment));
        n = multiply_add(n, x, coefficient<T, first, 2>(segment));
        d = multiply_add(d, x, coefficient<T, first, 6>(segment));
        n = multiply_add(n, x, coefficient<T, first, 1>(segment));
        return opaque(divide(n, d));
    }
}

/// The values of words (`cut`: of a truncated normal) whose segment lies in the bank of the table
/// that begins at `first`. `segment` counts from there, and is negative below: such a lane holds no
/// value. z = c0 + tau N(tau) / D(tau), and in the centre z = tau + tau N(tau^2) / D(tau^2), tau
/// being twice the mass at the segment's base less twice that beyond |z|; the table's base is one
/// unit less, for the 1/2 of m + 1/2.
template <class T, bool cut, int first>
NNINIT_INLINE Floats<T> quantile_value(const Law<T>& law, Unsigneds<T> w, Signeds<T>& segment) {
    using Q = Quantile<T>;
    using Word = typename Format<T>::Word;
    using Integer = typename Format<T>::Signed;
    constexpr int bits = Format<T>::bits, digits = Format<T>::digits;
    constexpr Word top = Word{1} << (bits - 1);
    [[maybe_unused]] Unsigneds<T> low;
    if constexpr (cut) {
        w = w ^ law.flip;
        share(law, w, low);
    }
    const auto side = as_unsigned(as_signed(w) >> (bits - 1)); // all ones above one half
    const auto m = w ^ side; // (m + 1/2) 2^-bits is the mass beyond |z|; if cut, (m, low) is
    constexpr Word offset = Q::first + (Word{first} << (digits - 2));
    // Two segments to an octave of m.
    segment = as_signed(as_unsigned(to_float(as_signed(m))) - offset) >> (digits - 2);
    auto t = to_float(as_signed(base<T, first>(segment) - (m + m)));
    if constexpr (cut) {
        const auto fraction = to_float(as_signed(low ^ side ^ Word(~top)));
        t = exact_multiply_add(fraction, splat(Format<T>::low_unit), t);
    }
    const auto tau = opaque(t * Format<T>::unit);
    const auto centre = segment >= Integer{30 - first}; // the last two segments
    const auto q = quotient<T, first>(select(centre, opaque(tau * tau), tau), segment);
    const auto z = multiply_add(q, tau, select(centre, tau, coefficient<T, first, 0>(segment)));
    const auto signed_z = as_float(as_unsigned(z) ^ (w & top));
    // A set top bit is a z above the mean: hence the other sign.
    const auto x = fma(splat(-law.scale), signed_z, splat(law.shift));
    if constexpr (cut)
        return clamped(x, splat(law.low), splat(law.high));
    else
        return x;
}

/// Most words have their segment in the upper bank. Where a lane has not, its group of vectors
/// is listed, without a branch, and looked at again when the others are done: in the lower bank, if
/// there is one, and lane by lane in the slow tails below that.
template <class T, bool cut>
void quantile_values(const Law<T>& given, const std::uint32_t* words, T* out, std::size_t n) {
    if constexpr (cut)
        if (given.exponent != 0) return tail_values<T, cut>(given, words, out, n);
    constexpr int upper = 32 - bank<T>;
    const Law<T> law = given; // nothing written to `out` can change it
    T last[lanes<T>];
    std::uint16_t below[most_words / words_per_value<T> / lanes<T>];
    std::size_t listed = 0;
    for (std::size_t i = 0; i < n; i += lanes<T>) {
        Signeds<T> segment;
        const auto w = load_words<T>(words + i * words_per_value<T>);
        store(quantile_value<T, cut, upper>(law, w, segment), group_at(i, out, n, last));
        below[listed] = static_cast<std::uint16_t>(i);
        listed += any_negative(segment);
    }
    for (std::size_t k = 0; k < listed; ++k) {
        const std::size_t i = below[k];
        T* const to = group_at(i, out, n, last);
        if constexpr (upper != 0) {
            Signeds<T> segment;
            const auto w = load_words<T>(words + i * words_per_value<T>);
            const auto x = quantile_value<T, cut, 0>(law, w, segment);
            Floats<T> before;
            std::memcpy(&before, to, sizeof before);
            const auto lower = segment < typename Format<T>::Signed{upper};
            store(select(lower, x, before), to);
            if (!any_negative(segment)) continue;
        }
        tail_values<T, cut>(given, words + i * words_per_value<T>, to, lanes<T>);
    }
    copy_last(out, n, last);
}
