// SPDX-License-Identifier: MIT
// The algorithms, written once over `Lanes`, the vector operations of one instruction set. A
// lanes_*.hpp includes this file inside that set's namespace and target region, so that no function
// here can be merged with the same one built for another set.
//
//   position -> words          philox()
//   word -> value              uniform(), quantile(), and value() for each distribution
//   both, to memory            generate(), transform()
//
// Every floating-point operation is rounded once, in the order written. `opaque` keeps the
// optimiser from contracting or reordering them; it costs no instruction.

// -- several vectors at once -----------------------------------------------------------------

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
NNINIT_FUNCTION(Fma, fma, Lanes::fma(x, y...))
NNINIT_FUNCTION(Min, min, Lanes::min(x, y...))
NNINIT_FUNCTION(Max, max, Lanes::max(x, y...))
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

// -- words -----------------------------------------------------------------------------------

/// A Philox state of Lanes::blocks blocks, each 32-bit word in the low half of a 64-bit lane. The
/// widening multiply reads nothing else, so the high halves may hold anything.
struct State {
    typename Lanes::U64 c0, c1, c2, c3;
};

[[gnu::always_inline]] inline State first_rounds(const PhiloxRun& run,
                                                 typename Lanes::U64 counter) {
    const auto m0 = Lanes::splat(counter, std::uint64_t{philox_m0});
    const auto m1 = Lanes::splat(counter, std::uint64_t{philox_m1});
    const auto a3 = Lanes::multiply(counter, m0);
    const auto a2 = (a3 >> 32) ^ run.a2;
    const auto b1 = Lanes::multiply(a2, m1);
    const auto b0 = (b1 >> 32) ^ run.b0;
    const auto b2 = a3 ^ run.b2;
    const auto p0 = Lanes::multiply(b0, m0);
    const auto p1 = Lanes::multiply(b2, m1);
    return {(p1 >> 32) ^ b1 ^ run.k0[2], p1, (p0 >> 32) ^ run.c2, p0};
}

[[gnu::always_inline]] inline void round(const PhiloxRun& run, int r, State& s) {
    const auto p0 = Lanes::multiply(s.c0, Lanes::splat(s.c0, std::uint64_t{philox_m0}));
    const auto p1 = Lanes::multiply(s.c2, Lanes::splat(s.c2, std::uint64_t{philox_m1}));
    s.c0 = (p1 >> 32) ^ s.c1 ^ run.k0[r];
    s.c2 = (p0 >> 32) ^ s.c3 ^ run.k1[r];
    s.c1 = p1;
    s.c3 = p0;
}

/// The words of `chains` times Lanes::blocks blocks, in order; round by round, because one chain
/// alone would wait for the multiplier.
template <int chains, std::size_t... i>
[[gnu::always_inline]] inline void philox(const PhiloxRun& run, std::uint32_t block,
                                          typename Lanes::U32* words, std::index_sequence<i...>) {
    constexpr int vectors = 4 * Lanes::blocks / Lanes::width;
    const auto counter = Lanes::block_offsets() + std::uint64_t{block};
    State s[chains] = {first_rounds(run, counter + std::uint64_t{i * Lanes::blocks})...};
    (round(run, 3, s[i]), ...);
    (round(run, 4, s[i]), ...);
    (round(run, 5, s[i]), ...);
    (round(run, 6, s[i]), ...);
    (round(run, 7, s[i]), ...);
    (round(run, 8, s[i]), ...);
    (round(run, 9, s[i]), ...);
    (Lanes::pack(s[i].c0, s[i].c1, s[i].c2, s[i].c3, words + i * vectors), ...);
}

// -- word to value ---------------------------------------------------------------------------

template <class Float>
[[gnu::always_inline]] inline Float multiply_add(const Float& a, const Float& b, const Float& c) {
    return opaque(opaque(a * b) + c);
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

/// z > 0 of the masses whose segment lies in the bank of the table that begins at `first`:
/// z = c0 + tau (c1 + tau (c2 + ...)), and in the centre z = tau + tau (c1 + tau^2 (c2 + ...)).
/// `fraction` is what the share has beyond m + 1/2.
template <class F, class Index, class Unsigned, class... Fraction>
[[gnu::always_inline]] inline auto segments(int first, const Index& index, const Unsigned& m,
                                            const Fraction&... fraction) {
    const auto* const c = &F::coefficients[0][first];
    auto t = to_float(as_signed(entry(&F::base[first], index) - (m + m)));
    if constexpr (sizeof...(Fraction) != 0) t = opaque(t + (fraction + ...));
    const auto tau = opaque(t * F::unit);
    const auto centre = index >= typename F::Signed{30};
    const auto x = select(centre, opaque(tau * tau), tau);
    const auto q = horner<F::degree - 1>(entry(c + F::degree * 32, index), x, c + 32, index);
    return multiply_add(q, tau, select(centre, tau, entry(c, index)));
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
        if (indices[i] < 0 || exponent != 0) values[i] = F::tail(high[i], rest[i], exponent);
    std::memcpy(&z, values, sizeof z);
}

/// z with Phi(z) = the share whose first N bits are `high`. A word's own share is low = 1/2 and
/// no fraction.
template <class F, class Unsigned, class... Fraction>
[[gnu::always_inline]] inline auto quantile(const Unsigned& high, const Unsigned& low, int exponent,
                                            const Fraction&... fraction) {
    constexpr auto bank = Lanes::template bank<typename F::Word>;
    auto sign = as_signed(high) >> (F::bits - 1);
    if (exponent != 0) [[unlikely]]
        sign = sign ^ sign; // all of the share is lower tail
    const auto m = high ^ as_unsigned(sign);
    const auto index = as_signed(as_unsigned(to_float(as_signed(m))) - F::first) >> (F::digits - 2);
    auto z = segments<F>(32 - bank, index, m, fraction...);
    bool below = false;
    if constexpr (bank < 32) {
        if (Lanes::any_less(index.v, 32 - bank)) {
            z = select(index < typename F::Signed{32 - bank}, segments<F>(0, index, m, fraction...),
                       z);
            below = Lanes::any_less(index.v, 0);
        }
    } else {
        below = Lanes::any_less(index.v, 0);
    }
    if (below || exponent != 0) [[unlikely]]
        tails<F>(z, index, m, low ^ as_unsigned(sign), exponent);
    constexpr auto top = typename F::Word{1} << (F::bits - 1);
    return as_float(as_unsigned(z) ^ (as_unsigned(sign) & top) ^ top);
}

template <class Vectors, class Scalar>
[[gnu::always_inline]] inline Vectors like(const Vectors& vectors, Scalar value) {
    return splat(vectors, Same<Scalar>{{value}});
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

template <class T, class Words>
[[gnu::always_inline]] inline auto value(const TruncatedMap<T>& map, const Words& w) {
    using F = Format<T>;
    Words high, low;
    for (std::size_t i = 0; i < std::size(w.v); ++i)
        Lanes::share(w.v[i] ^ map.mirror, map.start, map.width, high.v[i], low.v[i]);
    const auto sign = as_unsigned(as_signed(high) >> (F::bits - 1));
    constexpr auto top = typename F::Word{1} << (F::bits - 1), mask = typename F::Word(~top);
    const auto fraction = opaque(to_float(as_signed(low ^ sign ^ mask)) * F::low_unit);
    auto z = quantile<F>(high, low, map.exponent, fraction);
    z = as_float(as_unsigned(z) ^ (map.mirror & top));
    const auto x = fma(like(z, map.stddev), z, like(z, map.mean));
    return min(max(x, like(z, map.low)), like(z, map.high));
}

// -- values to memory ------------------------------------------------------------------------

/// The values of consecutive vectors of words.
template <class Map, std::size_t... i>
[[gnu::always_inline]] inline void store(const Map& map, const typename Lanes::U32* words,
                                         typename Map::Value* out, std::index_sequence<i...>) {
    using T = typename Map::Value;
    constexpr int width = Lanes::template lanes<T>;
    const auto x = value(map, Several<decltype(Lanes::template word<T>(words, 0)), sizeof...(i)>{
                                  {Lanes::template word<T>(words, i)...}});
    (std::memcpy(out + i * width, &x.v[i], width * sizeof(T)), ...);
}

/// The values of n words (float) or pairs of words (double) in memory.
template <class Map>
void transform(const Map& map, const std::uint32_t* words, typename Map::Value* out,
               std::size_t n) {
    using T = typename Map::Value;
    constexpr std::size_t per_value = sizeof(T) / 4;
    constexpr std::size_t most = 2 * Lanes::template lanes<T>;
    constexpr std::size_t vectors = most * per_value / Lanes::width;
    while (n != 0) {
        const std::size_t m = n < most ? n : most;
        std::uint32_t padded[most * per_value] = {};
        std::memcpy(padded, words, m * per_value * 4);
        typename Lanes::U32 w[vectors];
        std::memcpy(w, padded, sizeof w);
        T values[most];
        store(map, w, values, std::make_index_sequence<2>{});
        std::memcpy(out, values, m * sizeof(T));
        words += m * per_value;
        out += m;
        n -= m;
    }
}

/// n words of a stream from `position` on.
inline void philox_words(std::uint64_t seed, std::uint64_t stream, std::uint64_t position,
                         std::uint32_t* out, std::size_t n) {
    while (n != 0) {
        const PhiloxRun run(seed, stream, position >> 34);
        std::size_t left = std::size_t(std::min<std::uint64_t>(n, run_end(position) - position));
        n -= left;
        while (left != 0) {
            typename Lanes::U32 w[4 * Lanes::blocks / Lanes::width];
            philox<1>(run, std::uint32_t(position >> 2), w, std::make_index_sequence<1>{});
            const std::size_t skip = position & 3;
            const std::size_t m = std::min<std::size_t>(left, 4 * Lanes::blocks - skip);
            std::memcpy(out, reinterpret_cast<const char*>(w) + 4 * skip, 4 * m);
            position += m;
            out += m;
            left -= m;
        }
    }
}

/// The values of `chains` vectors of blocks.
template <int chains, class Map>
[[gnu::always_inline]] inline void batch(const Map& map, const PhiloxRun& run, std::uint32_t block,
                                         typename Map::Value* out) {
    using T = typename Map::Value;
    constexpr int words = chains * 4 * Lanes::blocks;
    constexpr int vectors = words / Lanes::width;
    constexpr int values = words * 4 / int{sizeof(T)} / Lanes::template lanes<T>;
    constexpr int step = std::min(Lanes::side_by_side, values);
    typename Lanes::U32 w[vectors];
    philox<chains>(run, block, w, std::make_index_sequence<chains>{});
    for (int i = 0; i < values; i += step)
        store(map, w + i * vectors / values, out + i * Lanes::template lanes<T>,
              std::make_index_sequence<step>{});
}

template <int chains, class Map>
[[gnu::always_inline]] inline std::size_t batches(const Map& map, const PhiloxRun& run,
                                                  std::uint64_t position, typename Map::Value* out,
                                                  std::size_t n) {
    constexpr std::size_t size = chains * 16 * Lanes::blocks / sizeof(typename Map::Value);
    std::size_t done = 0;
    for (auto block = std::uint32_t(position >> 2); n - done >= size; done += size) {
        batch<chains>(map, run, block, out + done);
        block += chains * Lanes::blocks;
    }
    return done;
}

/// The values of Philox words from `position` on.
template <class Map>
void generate(const Map& map, std::uint64_t seed, std::uint64_t stream, std::uint64_t position,
              typename Map::Value* out, std::size_t n) {
    constexpr std::uint64_t per_value = sizeof(typename Map::Value) / 4;
    while (n != 0) {
        std::size_t done = 0;
        if (position % 4 == 0) {
            const PhiloxRun run(seed, stream, position >> 34);
            const std::uint64_t left = (run_end(position) - position) / per_value;
            const std::size_t most = std::size_t(std::min<std::uint64_t>(n, left));
            done = batches<Lanes::chains>(map, run, position, out, most);
            done += batches<1>(map, run, position + done * per_value, out + done, most - done);
        }
        if (done == 0) { // up to the next whole block, or what is left
            constexpr std::size_t most = 64;
            const std::size_t to_block = (4 - position % 4) / per_value;
            done = std::min(n, position % 4 != 0 && (4 - position % 4) % per_value == 0 ? to_block
                                                                                        : most);
            std::uint32_t words[most * per_value];
            philox_words(seed, stream, position, words, done * per_value);
            transform(map, words, out, done);
        }
        position += done * per_value;
        out += done;
        n -= done;
    }
}
