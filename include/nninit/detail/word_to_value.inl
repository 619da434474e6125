// SPDX-License-Identifier: MIT
// The value maps: what each distribution makes of its words. kernel.inl includes this file.

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

template <class T, class Index>
[[gnu::always_inline]] inline auto entry(const T* table, const Index& index) {
    const auto row = Lanes::row(table);
    return lookup(index, Same<std::remove_const_t<decltype(row)>>{{row}});
}

template <int k, class T, class Float, class Index>
[[gnu::always_inline]] inline Float horner(const Float& q, const Float& x, const T* c,
                                           const Index& index) {
    if constexpr (k == 0)
        return q;
    else
        return horner<k - 1>(multiply_add(q, x, entry(c + (k - 1) * 32, index)), x, c, index);
}

/// How many segments of the table lie in a bank below the one that is looked into first. Indices
/// count from that one on, so that the others' are negative.
template <class F>
inline constexpr typename F::Signed lower = 32 - Lanes::template bank<typename F::Word>;

/// z > 0 of the masses whose segment lies in the bank of the table that begins at `first`:
/// z = c0 + tau (c1 + tau (c2 + ...)), and in the centre z = tau + tau (c1 + tau^2 (c2 + ...)).
/// `fraction`, times low_unit, is what the share has beyond m + 1/2.
template <class F, class Index, class Unsigned, class... Fraction>
[[gnu::always_inline]] inline auto segments(int first, const Index& index, const Unsigned& m,
                                            const Fraction&... fraction) {
    const auto* const c = &F::coefficients[0][first];
    auto t = to_float(as_signed(entry(&F::base[first], index) - (m + m)));
    if constexpr (sizeof...(Fraction) != 0)
        t = exact_multiply_add((fraction, ...), like(t, F::low_unit), t);
    const auto tau = opaque(t * F::unit);
    const auto centre = index >= typename F::Signed{30} - lower<F>;
    const auto x = select(centre, opaque(tau * tau), tau);
    const auto q = horner<F::degree - 1>(entry(c + F::degree * 32, index), x, c + 32, index);
    return multiply_add(q, tau, select(centre, tau, entry(c, index)));
}

template <std::size_t i, class V, int n>
[[gnu::always_inline]] inline Several<V, 1> only(const Several<V, n>& a) {
    return {{a.v[i]}};
}

/// Vector i of z where the segment lies in the lower bank, if `any` lane has one there. Tells
/// whether a lane lies below all segments.
template <class F, std::size_t i, class Float, class Index, class Unsigned, class... Fraction>
[[gnu::always_inline]] inline bool lower_bank(bool any, Float& z, const Index& index,
                                              const Unsigned& m, const Fraction&... fraction) {
    if (!any) [[likely]]
        return false;
    const auto values = segments<F>(0, only<i>(index), only<i>(m), only<i>(fraction)...);
    z.v[i] = select(only<i>(index) < typename F::Signed{0}, values, only<i>(z)).v[0];
    return Lanes::any_negative((only<i>(index) + lower<F>).v);
}

/// z > 0 of the masses, but for lanes below all segments; `below` tells whether there are some.
template <class F, class Index, class Unsigned, std::size_t... i, class... Fraction>
[[gnu::always_inline]] inline auto banks(const Index& index, const Unsigned& m, bool& below,
                                         std::index_sequence<i...>, const Fraction&... fraction) {
    if constexpr (lower<F> == 0) {
        below = Lanes::any_negative(index.v);
        return segments<F>(0, index, m, fraction...);
    } else {
        // Asked first, so that the branches are decided while the polynomials are worked out.
        const bool any[] = {Lanes::any_negative(only<i>(index).v)...};
        auto z = segments<F>(lower<F>, index, m, fraction...);
        ((below |= lower_bank<F, i>(any[i], z, index, m, fraction...)), ...);
        return z;
    }
}

/// The few lanes below all segments, or all of them when the exponent is not 0, one by one.
template <class F, class Float, class Index, class Unsigned>
[[gnu::noinline]] void tails(Float& z, const Index& index, const Unsigned& m, const Unsigned& low,
                             int exponent) {
    using T = std::remove_const_t<std::remove_reference_t<decltype(F::coefficients[0][0])>>;
    constexpr std::size_t n = sizeof(Float) / sizeof(T);
    T values[n];
    typename F::Signed indices[n];
    typename F::Word high[n], rest[n];
    std::memcpy(values, &z, sizeof z);
    std::memcpy(indices, &index, sizeof z);
    std::memcpy(high, &m, sizeof z);
    std::memcpy(rest, &low, sizeof z);
    for (std::size_t i = 0; i < n; ++i)
        if (indices[i] < -lower<F> || exponent != 0)
            values[i] = F::tail(high[i], rest[i], exponent);
    std::memcpy(&z, values, sizeof z);
}

/// z with Phi(z) = the share whose first N bits are `high`. A word's own share is low = 1/2 and
/// no fraction.
template <class F, class Unsigned, class... Fraction>
[[gnu::always_inline]] inline auto quantile(const Unsigned& high, const Unsigned& low, int exponent,
                                            const Fraction&... fraction) {
    auto sign = as_signed(high) >> (F::bits - 1);
    if (exponent != 0) [[unlikely]]
        sign = sign ^ sign; // all of the share is lower tail
    const auto m = high ^ as_unsigned(sign);
    constexpr auto first = F::first + (typename F::Word{lower<F>} << (F::digits - 2));
    const auto index = as_signed(as_unsigned(to_float(as_signed(m))) - first) >> (F::digits - 2);
    bool below = false;
    auto z = banks<F>(index, m, below, std::make_index_sequence<std::size(decltype(m){}.v)>{},
                      fraction...);
    if (below || exponent != 0) [[unlikely]] {
        auto values = z; // copies have addresses, so that the others can stay in registers
        const auto indices = index;
        const auto high_part = m, low_part = low ^ as_unsigned(sign);
        tails<F>(values, indices, high_part, low_part, exponent);
        z = values;
    }
    constexpr auto top = typename F::Word{1} << (F::bits - 1);
    return as_float(as_unsigned(z) ^ (as_unsigned(sign) & top) ^ top);
}

template <class Words> [[gnu::always_inline]] inline auto value(const WordMap&, const Words& w) {
    return w;
}

template <class T, class Words>
[[gnu::always_inline]] inline auto value(const UniformMap<T>& map, const Words& w) {
    const auto u = uniform<Format<T>>(w);
    return fma(like(u, map.half), u, like(u, map.mid));
}

template <class T, class Words>
[[gnu::always_inline]] inline auto value(const NormalMap<T>& map, const Words& w) {
    using F = Format<T>;
    const auto z = quantile<F>(w, like(w, typename F::Word{1} << (F::bits - 1)), 0);
    return fma(like(z, map.stddev), z, like(z, map.mean));
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

template <class T, class Words>
[[gnu::always_inline]] inline auto value(const TruncatedMap<T>& map, const Words& words) {
    using F = Format<T>;
    auto w = words;
    if (map.mirror) w = w ^ static_cast<typename F::Word>(-1);
    Words high, low;
    shares(map, w, high, low, std::make_index_sequence<std::size(Words{}.v)>{});
    const auto sign = as_unsigned(as_signed(high) >> (F::bits - 1));
    constexpr auto top = typename F::Word{1} << (F::bits - 1), mask = typename F::Word(~top);
    const auto fraction = to_float(as_signed(low ^ sign ^ mask));
    const auto z = quantile<F>(high, low, map.exponent, fraction);
    const auto x = fma(like(z, map.stddev), z, like(z, map.mean));
    return smaller(larger(x, like(z, map.low)), like(z, map.high));
}
