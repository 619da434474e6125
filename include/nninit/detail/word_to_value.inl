// SPDX-License-Identifier: MIT
// The value maps: what each distribution makes of its words. kernel.inl includes this file.
// tests/golden/specification.md lists the same steps as formulas, rounding by rounding; the
// normal's table and what its numbers mean come from tests/quantile/fit.py.

template <class Vectors, class Scalar>
[[gnu::always_inline]] inline Vectors like(const Vectors& vectors, Scalar value) {
    return splat(vectors, Same<Scalar>{{value}});
}

template <class Float>
[[gnu::always_inline]] inline Float multiply_add(const Float& a, const Float& b, const Float& c) {
    return opaque(opaque(a * b) + c);
}

/// The same where a * b is exact: a fused operation then rounds no differently.
template <class Float>
[[gnu::always_inline]] inline Float exact_multiply_add(const Float& a, const Float& b,
                                                       const Float& c) {
    if constexpr (Lanes::fused)
        return fma(a, b, c);
    else
        return multiply_add(a, b, c);
}

/// u = (2 floor(w / 2^(N-d)) + 1 - 2^d) / 2^d for d digits, exact: the arithmetic shift leaves one
/// bit too many, which becomes the "+ 1"; flipping the bits from d up subtracts 2^d.
template <class F, class Words> [[gnu::always_inline]] inline auto uniform(const Words& w) {
    constexpr auto flip = typename F::Signed(-(typename F::Signed{1} << F::digits));
    const auto n = ((as_signed(w) >> (F::bits - F::digits - 1)) ^ flip) | typename F::Signed{1};
    return opaque(to_float(n) * F::ulp);
}

/// Row k of the table.
template <class T, class Index>
[[gnu::always_inline]] inline auto entry(const T* table, int k, const Index& index) {
    const auto row = Lanes::row(table, k);
    return lookup(index, Same<std::remove_const_t<decltype(row)>>{{row}});
}
template <class F, int first, int k, class Index>
[[gnu::always_inline]] inline auto coefficient(const Index& index) {
    return entry(&F::coefficients[k][first], k, index);
}

/// k steps of Horner's scheme for N and, where there is one, for D, in turn: neither waits for its
/// own results.
template <class F, int first, int k, class Float, class Index>
[[gnu::always_inline]] inline void horner(Float& n, Float& d, const Float& x, const Index& index) {
    if constexpr (k != 0) {
        n = multiply_add(n, x, coefficient<F, first, k>(index));
        if constexpr (F::d_degree != 0)
            d = multiply_add(d, x, coefficient<F, first, F::n_degree + 1 + k>(index));
        horner<F, first, k - 1>(n, d, x, index);
    }
}

/// N(x) / D(x) of the segments. D begins with x^d_degree, which has no row.
template <class F, int first, class Float, class Index>
[[gnu::always_inline]] inline Float quotient(const Float& x, const Index& index) {
    constexpr int n_last = F::n_degree + 1, d_last = n_last + F::d_degree;
    static_assert(F::d_degree == 0 || F::d_degree == n_last, "as many steps for D as for N");
    auto n = coefficient<F, first, n_last>(index), d = n;
    if constexpr (F::d_degree != 0) d = opaque(x + coefficient<F, first, d_last>(index));
    horner<F, first, F::n_degree>(n, d, x, index);
    if constexpr (F::d_degree != 0) n = opaque(divide(n, d));
    return n;
}

/// The segment where the bank begins that is looked into: the upper one, or the lower one when
/// looking again. Indices count from there, so that those of lower masses are negative.
template <class F, bool again>
inline constexpr int bank_begin = again ? 0 : 32 - Lanes::template bank<typename F::Word>;

/// z > 0 of the masses whose segment lies in the bank that begins at `first`:
/// z = c0 + tau N(tau) / D(tau), and in the centre z = tau + tau N(tau^2) / D(tau^2). `fraction`,
/// times low_unit, is what the share has beyond m + 1/2.
/// Measured on AVX-512, words included: a float takes 0.90 ns by a table's polynomials where a
/// logarithm and a polynomial of it take 1.25 (prototypes of both); a double 1.70 ns by N / D where
/// D = 1 and N of degree 12 took 1.83.
template <class F, int first, class Index, class Unsigned, class... Fraction>
[[gnu::always_inline]] inline auto bank_quantile(const Index& index, const Unsigned& m,
                                                 const Fraction&... fraction) {
    constexpr int rows = std::size(F::coefficients);
    static_assert(rows == F::n_degree + F::d_degree + 2);
    auto t = to_float(as_signed(entry(&F::base[first], rows, index) - (m + m)));
    if constexpr (sizeof...(Fraction) != 0)
        t = exact_multiply_add((fraction, ...), like(t, F::low_unit), t);
    const auto tau = opaque(t * F::unit);
    const auto centre = index >= typename F::Signed{30 - first};
    const auto x = select(centre, opaque(tau * tau), tau);
    const auto q = quotient<F, first>(x, index);
    return multiply_add(q, tau, select(centre, tau, coefficient<F, first, 0>(index)));
}

/// The same, as many vectors at a time as there are i, from `begin` on.
template <class F, int first, std::size_t begin, class V, int n, class Index, class Unsigned,
          class... Fraction, std::size_t... i>
[[gnu::always_inline]] inline void in_parts(std::index_sequence<i...> size, Several<V, n>& z,
                                            const Index& index, const Unsigned& m,
                                            const Fraction&... fraction) {
    const auto x = bank_quantile<F, first>(part<begin>(index, size), part<begin>(m, size),
                                           part<begin>(fraction, size)...);
    ((z.v[begin + i] = x.v[i]), ...);
    constexpr std::size_t end = begin + sizeof...(i);
    if constexpr (end < n) in_parts<F, first, end>(size, z, index, m, fraction...);
}

/// What a look into the table leaves out of n vectors: the lanes of a negative index.
template <class Index, std::size_t n> struct LeftOut {
    Index index;
    bool any[n] = {}; // asked of each vector, or, where it is rare, of all of them in any[0]

    template <bool each, std::size_t... i>
    [[gnu::always_inline]] void ask(std::index_sequence<i...>) {
        if constexpr (each)
            ((any[i] = Lanes::any_negative(part<i>(index, std::index_sequence<0>{}).v)), ...);
        else
            any[0] = Lanes::any_negative(index.v);
    }
};

/// z > 0 of the masses of the slow tails, those with a negative index.
template <class F, class Float, class Index, class Unsigned>
[[gnu::noinline]] void tails(Float& z, const Index& index, const Unsigned& m, const Unsigned& low,
                             int exponent) {
    static_assert(std::extent_v<decltype(z.v)> <= most_tails);
    U128 shares[most_tails] = {};
    double values[most_tails];
    std::size_t at[most_tails], n = 0;
    for (std::size_t i = 0; i < std::size(z.v); ++i)
        if (index.v[i] < 0) {
            shares[n] = F::share(m.v[i], low.v[i]);
            at[n++] = i;
        }
    tail_quantiles(shares, exponent, values, n);
    for (std::size_t i = 0; i < n; ++i)
        z.v[at[i]] = static_cast<std::remove_reference_t<decltype(z.v[0])>>(values[i]);
}

/// -z with Phi(z) = the share whose first N bits are `high`. A word's own share is low = 1/2 and no
/// fraction. Only the portable path works the slow tails out, and takes an exponent that is not 0;
/// vectors leave out the tails' lanes.
template <class F, bool again, class Unsigned, class Left, class... Fraction>
[[gnu::always_inline]] inline auto quantile(const Unsigned& high, const Unsigned& low, int exponent,
                                            Left& left, const Fraction&... fraction) {
    constexpr int first = bank_begin<F, again>;
    auto side = high; // the highest bit tells on which side of 0
    if constexpr (Lanes::width == 1)
        if (exponent != 0) side = side ^ side; // all of the share is lower tail
    const auto sign = as_signed(side) >> (F::bits - 1);
    const auto m = high ^ as_unsigned(sign);
    constexpr auto offset = F::first + (typename F::Word{first} << (F::digits - 2));
    left.index = as_signed(as_unsigned(to_float(as_signed(m))) - offset) >> (F::digits - 2);
    if constexpr (Lanes::width == 1)
        if (exponent != 0) left.index = left.index | typename F::Signed{-1};
    // Asked first, so that the branches are decided while the polynomials are worked out.
    constexpr std::size_t n = std::size(decltype(m){}.v);
    left.template ask<first != 0>(std::make_index_sequence<n>{});
    constexpr std::size_t together = Lanes::template together<typename F::Word>;
    constexpr std::size_t size = n % together == 0 ? together : n;
    decltype(to_float(left.index)) z;
    in_parts<F, first, 0>(std::make_index_sequence<size>{}, z, left.index, m, fraction...);
    if constexpr (Lanes::width == 1)
        if (left.any[0]) [[unlikely]]
            tails<F>(z, left.index, m, low ^ as_unsigned(sign), exponent);
    constexpr auto top = typename F::Word{1} << (F::bits - 1);
    return as_float(as_unsigned(z) ^ (side & top));
}

// value<again>(map, words, left): the values of the words, but for what is left out; `again` for
// what the first look left out.

template <bool, class Words, class Left>
[[gnu::always_inline]] inline auto value(const WordMap&, const Words& w, Left&) {
    return w;
}

template <bool, class T, class Words, class Left>
[[gnu::always_inline]] inline auto value(const UniformMap<T>& map, const Words& w, Left&) {
    const auto u = uniform<Format<T>>(w);
    return fma(like(u, map.half), u, like(u, map.mid));
}

template <bool again, class T, class Words, class Left>
[[gnu::always_inline]] inline auto value(const NormalMap<T>& map, const Words& w, Left& left) {
    using F = Format<T>;
    const auto half = like(w, typename F::Word{1} << (F::bits - 1));
    const auto z = quantile<F, again>(w, half, 0, left);
    return fma(like(z, -map.stddev), z, like(z, map.mean));
}

/// The high and low half of start + word * factor + factor / 2: the products of the halves, each
/// with what the one before left above its 32 bits. No sum exceeds 64 bits.
[[gnu::always_inline]] inline void share(typename Lanes::U64 word, U128 start, std::uint64_t factor,
                                         typename Lanes::U64& high, typename Lanes::U64& low) {
    const typename Lanes::U64 f0 = factor - typename Lanes::U64{}, f1 = f0 >> 32;
    const typename Lanes::U64 upper = word >> 32;
    constexpr std::uint64_t column = 0xffffffff;
    const U128 first = start + U128{0, factor / 2};
    const auto a = Lanes::multiply(word, f0) + (first.low & column);
    const auto b = Lanes::multiply(word, f1) + (a >> 32);
    const auto c = Lanes::multiply(upper, f0) + (b & column) + (first.low >> 32);
    high = Lanes::multiply(upper, f1) + (b >> 32) + (c >> 32) + first.high;
    low = c << 32 | (a & column);
}
[[gnu::always_inline]] inline void share(typename Lanes::U32 word, std::uint64_t start,
                                         std::uint32_t factor, typename Lanes::U32& high,
                                         typename Lanes::U32& low) {
    Lanes::share(word, start, factor, high, low);
}

template <class Map, class Words, std::size_t... i>
[[gnu::always_inline]] inline void shares(const Map& map, const Words& w, Words& high, Words& low,
                                          std::index_sequence<i...>) {
    (share(w.v[i], map.start, map.width, high.v[i], low.v[i]), ...);
}

template <bool again, class T, class Words, class Left>
[[gnu::always_inline]] inline auto value(const TruncatedMap<T>& map, const Words& words,
                                         Left& left) {
    using F = Format<T>;
    auto w = words;
    if (map.mirror) w = w ^ static_cast<typename F::Word>(-1);
    Words high, low;
    shares(map, w, high, low, std::make_index_sequence<std::size(Words{}.v)>{});
    const auto sign = as_unsigned(as_signed(high) >> (F::bits - 1));
    constexpr auto top = typename F::Word{1} << (F::bits - 1), mask = typename F::Word(~top);
    const auto fraction = to_float(as_signed(low ^ sign ^ mask));
    const auto z = quantile<F, again>(high, low, map.exponent, left, fraction);
    const auto x = fma(like(z, -map.stddev), z, like(z, map.mean));
    return smaller(larger(x, like(z, map.low)), like(z, map.high));
}
