// SPDX-License-Identifier: MIT
// Fills by any rule, with parameters, facts, shapes, strides and engines drawn from bytes. A fill
// must either throw std::invalid_argument and change nothing, or write the target and nothing else,
// finite values that are those of a slow reference: each real from its own words by the portable
// path, one at a time, and near the quantile that long double arithmetic gives. What is plainly
// harmless must not be refused.

#include "fuzz.hpp"

#include <optional>
#include <random>

// The laws are looked at in long double, whatever the parameters' type.
#pragma GCC diagnostic ignored "-Wdouble-promotion"

namespace {

using namespace nninit;
using fuzz::Bytes, fuzz::require;
using Index = Eigen::Index;
using Law = std::variant<Uniform, Normal, TruncatedNormal>;
__extension__ typedef unsigned __int128 Wide;

// -- what a rule should mean -----------------------------------------------------------------

struct Given {
    Fans fans;

    /// The scale times 4^exponent.
    Law scaled(double scale, Mode mode, Shape shape, int exponent = 0) const {
        const double n = mode == Mode::fan_in    ? fans.in
                         : mode == Mode::fan_out ? fans.out
                         : mode == Mode::mean    ? (fans.in + fans.out) / 2
                                                 : std::sqrt(fans.in * fans.out);
        if (shape == Shape::uniform)
            return symmetric(std::ldexp(std::sqrt(3 * scale / n), exponent));
        const double stddev = std::ldexp(std::sqrt(scale / n), exponent);
        if (shape == Shape::normal) return Normal{0, stddev};
        const double wider = stddev / 0.87962566103423978;
        return TruncatedNormal{0, wider, -2 * wider, 2 * wider};
    }
    /// A parameter whose square is no double keeps its exponent.
    static double square(double root, int& exponent) {
        exponent = 0;
        if (std::abs(root) < 0x1p-500 || std::abs(root) > 0x1p500)
            root = std::frexp(root, &exponent);
        return root * root;
    }
    Law glorot(double gain, Shape shape) const {
        int exponent = 0;
        const double scale = square(gain, exponent);
        return scaled(scale, Mode::mean, shape, exponent);
    }
    Law he(double slope, Mode mode, Shape shape) const {
        if (std::abs(slope) <= 0x1p500) return scaled(2 / (1 + slope * slope), mode, shape);
        int exponent = 0;
        const double whole = square(slope, exponent);
        return scaled(2 / whole, mode, shape, -exponent);
    }
    static Law symmetric(double bound) { return Uniform{-bound, bound}; }

    using Result = std::optional<Law>;
    Result operator()(const RandomUniform&) const { return symmetric(1 / std::sqrt(fans.in)); }
    Result operator()(const GlorotUniform& r) const { return glorot(r.gain, Shape::uniform); }
    Result operator()(const GlorotNormal& r) const { return glorot(r.gain, Shape::normal); }
    Result operator()(const HeUniform& r) const {
        return he(r.negative_slope, r.mode, Shape::uniform);
    }
    Result operator()(const HeNormal& r) const {
        return he(r.negative_slope, r.mode, Shape::normal);
    }
    Result operator()(const LeCunUniform&) const { return scaled(1, Mode::fan_in, Shape::uniform); }
    Result operator()(const LeCunNormal&) const { return scaled(1, Mode::fan_in, Shape::normal); }
    Result operator()(const VarianceScaling& r) const {
        return scaled(r.scale, r.mode, r.distribution);
    }
    Result operator()(const Siren& r) const {
        return symmetric(r.first ? 1 / fans.in : std::sqrt(6 / fans.in) / r.omega);
    }
    Result operator()(const Uniform& r) const { return r; }
    Result operator()(const Normal& r) const { return r; }
    Result operator()(const TruncatedNormal& r) const { return r; }
    Result operator()(const Sparse& r) const { return Normal{0, r.stddev}; }
    template <class Other> Result operator()(const Other&) const { return {}; }
};

/// The law of one part of a complex value.
Law part(const Law& whole, bool imaginary) {
    const double r = 0x1.6a09e667f3bcdp-1;
    if (const auto* u = std::get_if<Uniform>(&whole)) {
        const double c = imaginary ? 0 : u->low / 2 + u->high / 2;
        const double h = (u->high / 2 - u->low / 2) * r;
        return Uniform{c - h, c + h};
    }
    if (const auto* n = std::get_if<Normal>(&whole))
        return Normal{imaginary ? 0 : n->mean, n->stddev * r};
    const auto& t = std::get<TruncatedNormal>(whole);
    const double mean = imaginary ? 0 : t.mean;
    return TruncatedNormal{mean, t.stddev * r, mean + (t.low - t.mean) * r,
                           mean + (t.high - t.mean) * r};
}

/// Numbers that no target's type has trouble with.
struct Harmless {
    static bool within(double x, double least, double most) { return x >= least && x <= most; }
    bool operator()(const Uniform& u) const {
        return within(u.low, -1000, 1000) && within(u.high - u.low, 1, 1000);
    }
    bool operator()(const Normal& n) const {
        return within(n.mean, -1000, 1000) && within(n.stddev, 1e-6, 1000);
    }
    bool operator()(const TruncatedNormal& t) const {
        return within(t.mean, -100, 100) && within(t.stddev, 0.1, 100) &&
               t.high - t.low > t.stddev / 2 && t.low < t.mean + 4 * t.stddev &&
               t.high > t.mean - 4 * t.stddev;
    }
};

long double below(long double z) { return std::erfc(-z * std::sqrt(0.5L)) / 2; }

/// Whether x lies between the law's bounds, of a type with a highest value.
bool inside(const Law& law, long double x, long double highest) {
    if (const auto* u = std::get_if<Uniform>(&law))
        return x >= std::max<long double>(u->low, -highest) &&
               x <= std::min<long double>(u->high, highest);
    if (const auto* t = std::get_if<TruncatedNormal>(&law)) return x >= t->low && x <= t->high;
    return true;
}

/// Whether x may be the value of a word of so many bits, with `share` of the mass below its middle
/// and `rest` above, each with all its digits: within a few steps of the type from the value that
/// long double arithmetic gives.
bool lawful(const Law& law, long double x, long double share, long double rest, int bits,
            long double epsilon, long double smallest, long double highest) {
    const auto steps = [&](long double size) { return 8 * (epsilon * size + 8 * smallest); };
    if (const auto* u = std::get_if<Uniform>(&law)) {
        const long double low = std::max<long double>(u->low, -highest);
        const long double high = std::min<long double>(u->high, highest);
        const long double slack = steps(std::max(std::abs(low), std::abs(high)));
        return std::abs(x - (low + (high - low) * share)) <= slack + (high - low) * epsilon;
    }
    if (const auto* n = std::get_if<Normal>(&law)) {
        if (n->stddev == 0) return std::abs(x - n->mean) <= steps(std::abs(n->mean));
        const long double slack = steps(std::max<long double>(std::abs(x), std::abs(n->mean)));
        const long double sign = share < 0.5L ? 1 : -1; // the smaller tail, which has all digits
        const long double z = sign * (x - n->mean) / n->stddev, d = slack / n->stddev;
        const long double mass = std::min(share, rest);
        const long double wrong = 0x1p-60L * mass; // of erfc, which has 64 digits
        return below(z - d) - wrong <= mass && mass <= below(z + d) + wrong;
    }
    const auto& t = std::get<TruncatedNormal>(law);
    long double a = (t.low - static_cast<long double>(t.mean)) / t.stddev;
    long double b = (t.high - static_cast<long double>(t.mean)) / t.stddev;
    long double z = (x - t.mean) / t.stddev;
    if (a + b > 0) {
        std::swap(a, b);
        a = -a, b = -b, z = -z;
        share = rest;
    }
    // The width of a word's share is a whole number of 2^-bits of the mass (specification.md).
    const long double top = below(b), unit = std::ldexp(top < 0x1p-12L ? 2 * top : 1.0L, -bits);
    const long double mass = below(a) + share * (top - below(a)), wrong = 8 * unit + 0x1p-44L * top;
    const long double d =
        steps(std::max<long double>(std::abs(x), std::abs(t.mean))) / t.stddev + 8 * epsilon;
    return below(z - d) - wrong <= mass && mass <= below(z + d) + wrong;
}

// -- the words an engine should give ---------------------------------------------------------

/// The next n words; the engine is moved to where they end.
template <class Engine> class Tape {
    std::vector<std::uint32_t> drawn_;
    std::uint64_t seed_ = 0, stream_ = 0, start_ = 0;

public:
    Tape(Engine& engine, Wide elements, unsigned words) {
        require(elements >> 64 == 0, "more elements were accepted than a stream has words");
        const Wide n = elements * words;
        if constexpr (std::is_same_v<Engine, Philox>) {
            seed_ = engine.seed_value();
            stream_ = engine.stream_value();
            start_ = engine.position();
            require(n <= ~start_, "a fill past the end of the stream was accepted");
            engine.seek(start_ + static_cast<std::uint64_t>(n));
        } else {
            constexpr bool wide =
                sizeof(typename Engine::result_type) == 8 && Engine::max() == ~std::uint64_t{0};
            const auto thirty = [&] { // the bits of std::minstd_rand
                std::uint64_t x = 0;
                do x = engine() - Engine::min();
                while (x >> 30 != 0);
                return x;
            };
            while (drawn_.size() < n) {
                std::uint64_t x = 0;
                if constexpr (wide)
                    x = engine();
                else
                    x = thirty(), x |= thirty() << 30;
                drawn_.push_back(static_cast<std::uint32_t>(x));
                if (wide) drawn_.push_back(static_cast<std::uint32_t>(x >> 32));
            }
        }
    }
    std::uint32_t operator[](std::uint64_t i) const {
        if constexpr (std::is_same_v<Engine, Philox>)
            return fuzz::word(seed_, stream_, start_ + i);
        else
            return drawn_[i];
    }
};

template <class S> std::complex<long double> parts(const S& x) {
    if constexpr (Eigen::NumTraits<S>::IsComplex != 0)
        return x;
    else
        return static_cast<long double>(x);
}

/// Equal, the sign of zero too.
template <class S> bool same(const S& a, const S& b) {
    const auto x = parts(a), y = parts(b);
    return x == y && std::signbit(x.real()) == std::signbit(y.real()) &&
           std::signbit(x.imag()) == std::signbit(y.imag());
}

// -- the values a target should have ---------------------------------------------------------

/// The step of a type at 1 and its smallest number. Not by Eigen's limits: in 3.4.0 the epsilon of
/// half is an eighth of what it is.
template <class Real> struct Step {
    static constexpr bool wide = sizeof(detail::Narrow<Real>) == 8, single = sizeof(Real) == 4,
                          half = std::is_same_v<Real, Eigen::half>;
    static constexpr double epsilon = wide ? 0x1p-52 : single ? 0x1p-23 : half ? 0x1p-10 : 0x1p-7;
    static constexpr double smallest = wide     ? 0x1p-1074
                                       : single ? 0x1p-149
                                       : half   ? 0x1p-24
                                                : 0x1p-133;
};

/// Reals of one law, each from its own words.
template <class Real, class Compute> class Slow {
    detail::Law<Compute> kernel_;
    Law law_;

public:
    static constexpr unsigned words = sizeof(Compute) / 4;

    explicit Slow(const Law& law) : law_(law) {
        std::visit([&](const auto& l) { kernel_ = l.template law<Real>(); }, law);
    }
    /// Takes the kernel's numbers of another part where all are equal, as the library does: a mean
    /// that Compute rounds to -0 gives an imaginary zero its sign.
    void share(const Slow& other) {
        if (kernel_ == other.kernel_) kernel_ = other.kernel_;
    }
    template <class Tape> Real operator()(const Tape& tape, std::uint64_t first, bool check) const {
        std::uint32_t w[words];
        long double share = 0, rest = 0;
        for (unsigned k = 0; k < words; ++k) {
            w[k] = tape[first + k];
            share = (share + w[k]) * 0x1p-32L;
            rest = (rest + ~w[k]) * 0x1p-32L;
        }
        const long double half = std::ldexp(0.5L, -int{8 * sizeof w});
        share += half;
        rest += half;
        std::uint32_t padded[words + detail::step_words]; // which a kernel may read, too
        Compute value;
        std::fill(std::copy(w, w + words, padded), std::end(padded), 0x55555555U);
        kernel_.values(kernel_, padded, &value, 1);
        const Real real = static_cast<Real>(value);
        const auto x = static_cast<long double>(real);
        const auto highest = static_cast<long double>(
            static_cast<double>(Eigen::NumTraits<detail::Narrow<Real>>::highest()));
        require(inside(law_, x, highest), "a value is beyond its law's bounds");
        if (check)
            require(lawful(law_, x, share, rest, 8 * sizeof w,
                           static_cast<long double>(Step<Real>::epsilon),
                           static_cast<long double>(Step<Real>::smallest), highest),
                    "a value is far from its word's quantile");
        return real;
    }
};

enum class Told { nothing, fans, conv, window, window_and_fans };

struct Facts {
    Told told = Told::nothing;
    Fans fans;
    Conv conv;
    Window window;

    bool has_window() const { return told == Told::window || told == Told::window_and_fans; }
    bool has_fans() const { return told != Told::nothing && told != Told::window; }
};

template <class S, class Engine> struct Reference {
    using E = detail::Element<S>;
    using Real = typename E::Real;
    using Compute = typename E::Compute;
    using Matrix = Eigen::Matrix<S, -1, -1>;

    Matrix& out;
    Engine& engine;
    const Facts& facts;
    detail::Place place;

    void fill(const Law& law) const {
        if (facts.has_window())
            for (const detail::Size& size :
                 {facts.window.rows, facts.window.cols, facts.window.row, facts.window.col})
                require(!size.negative, "a negative Window was accepted");
        const bool is_complex = E::reals == 2;
        const Slow<Real, Compute> re(is_complex ? part(law, false) : law);
        Slow<Real, Compute> im(is_complex ? part(law, true) : law);
        im.share(re);
        const Tape<Engine> tape(engine, Wide{place.whole_rows} * place.whole_cols, E::words);
        int left = 40; // the check is slow
        for (Index c = 0; c < out.cols(); ++c)
            for (Index r = 0; r < out.rows(); ++r) {
                const std::uint64_t first = place.element(r, c) * E::words;
                const bool check = left-- > 0;
                if constexpr (E::reals == 2)
                    out(r, c) = S(re(tape, first, check), im(tape, first + re.words, check));
                else
                    out(r, c) = re(tape, first, check);
            }
    }
    void constant(double value) const { out.setConstant(S(static_cast<Real>(value))); }

    void operator()(const Constant& rule) const { constant(rule.value); }
    void operator()(const Zeros&) const { constant(0); }
    void operator()(const Ones&) const { constant(1); }
    void operator()(const Identity& rule) const {
        constant(0);
        for (Index c = 0; c < out.cols(); ++c)
            for (Index r = 0; r < out.rows(); ++r)
                if (Wide{place.row} + static_cast<std::uint64_t>(r) ==
                    Wide{place.col} + static_cast<std::uint64_t>(c))
                    out(r, c) = S(static_cast<Real>(rule.gain));
    }

    template <class Profile> void taps(const Profile& profile) const {
        require(facts.told == Told::conv, "a convolution was filled that nobody spoke of");
        const auto size = [&](std::size_t axis) {
            return static_cast<Index>(facts.conv.kernel.sizes[axis].magnitude);
        };
        const auto units =
            static_cast<Index>(facts.conv.out.magnitude / facts.conv.groups.magnitude);
        constant(0);
        for (Index o = 0; o < out.rows(); ++o)
            for (Index column = 0, c = 0; column < out.cols(); ++c)
                for (Index i = 0; i < size(0); ++i)
                    for (Index j = 0; j < size(1); ++j)
                        for (Index k = 0; k < size(2); ++k, ++column)
                            if (o % units == c)
                                out(o, column) =
                                    S(static_cast<Real>(profile(k, size(2)) * profile(j, size(1)) *
                                                        profile(i, size(0))));
    }
    void operator()(const Dirac&) const {
        taps([](Index i, Index k) { return i == k / 2 ? 1.0 : 0.0; });
    }
    void operator()(const Bilinear&) const {
        taps([](Index i, Index k) {
            const double f = std::ceil(static_cast<double>(k) / 2);
            return 1 - std::abs(static_cast<double>(i) / f - static_cast<double>(k - 1) / (2 * f));
        });
    }

    /// The values of these are those of one machine and build: the reference is the same fill into
    /// a plain matrix by the portable path, and the property that defines the rule.
    template <class Rule, class... Fact>
    Matrix plain(const Rule& rule, Index rows, Index cols, const Fact&... fact) const {
        Matrix w(rows, cols);
        Engine other = engine;
        rule(w, other, fact...);
        const unsigned words = E::words;
        static_cast<void>(Tape<Engine>(engine, Wide{static_cast<std::uint64_t>(w.size())}, words));
        require(engine == other, "the number of words differs from the documented");
        return w;
    }
    static constexpr double epsilon = Step<Real>::epsilon;
    using Exact = Eigen::Matrix<std::complex<double>, -1, -1>;
    static Exact exact(const Matrix& w) {
        Exact e(w.rows(), w.cols());
        for (Index i = 0; i < w.size(); ++i) {
            const auto x = parts(w.data()[i]);
            e.data()[i] = {static_cast<double>(x.real()), static_cast<double>(x.imag())};
        }
        return e;
    }

    Matrix orthogonal(double gain, Index rows, Index cols) const {
        const Matrix w = plain(Orthogonal{gain}, rows, cols);
        if (w.size() != 0 && std::abs(gain) > 0.01 && std::abs(gain) < 100) {
            const Exact q = exact(w) / gain;
            const Exact gram = rows < cols ? (q * q.adjoint()).eval() : (q.adjoint() * q).eval();
            require((gram - Exact::Identity(gram.rows(), gram.cols())).cwiseAbs().maxCoeff() <
                        64 * std::max(epsilon, 0x1p-46),
                    "an Orthogonal's shorter side is not orthonormal");
        }
        return w;
    }
    void operator()(const Orthogonal& rule) const {
        out = orthogonal(rule.gain, out.rows(), out.cols());
    }
    void operator()(const DeltaOrthogonal& rule) const {
        require(facts.told == Told::conv, "a convolution was filled that nobody spoke of");
        Index taps = 1, centre = 0;
        for (const detail::Size& size : facts.conv.kernel.sizes) {
            const auto k = static_cast<Index>(size.magnitude);
            taps *= k;
            centre = centre * k + (k - 1) / 2;
        }
        const Matrix w = orthogonal(rule.gain, out.rows(), out.cols() / taps);
        out.setConstant(S(0));
        for (Index c = centre; c < out.cols(); c += taps) out.col(c) = w.col(c / taps);
    }
    void operator()(const NguyenWidrow& rule) const {
        Fans fans{static_cast<double>(out.cols()), static_cast<double>(out.rows())};
        if (facts.told == Told::fans) fans = facts.fans;
        out = plain(rule, out.rows(), out.cols(), fans);
        if (out.size() == 0) return;
        const double beta = rule.factor * std::pow(fans.out, 1 / fans.in);
        using Limits = std::numeric_limits<typename E::Compute>;
        require(beta / Limits::epsilon() <= Limits::max(),
                "a row of small draws would have infinite weights");
        if (!(beta > 0.01 && beta < 10)) return; // far from what a narrow type loses
        for (Index r = 0; r < out.rows(); ++r)
            require(std::abs(exact(out.row(r)).norm() / beta - 1) <
                        static_cast<double>(out.cols() + 16) * epsilon,
                    "a row's norm is not beta");
    }

    void operator()(const Sparse& rule) const {
        fill(Normal{0, rule.stddev});
        const auto cols = static_cast<std::uint64_t>(out.cols());
        const double share = rule.sparsity * static_cast<double>(cols) * (1 - 0x1p-50);
        const auto zeros = static_cast<std::size_t>(std::ceil(share));
        require(zeros <= cols, "a sparsity above 1 was accepted");
        for (Index r = 0; r < out.rows(); ++r) {
            const Tape<Engine> tape(engine, cols, 2);
            std::vector<std::pair<std::uint64_t, Index>> keys;
            for (std::uint64_t c = 0; c < cols; ++c)
                keys.push_back({(std::uint64_t{tape[2 * c + 1]} << 32 | tape[2 * c]) >> 11,
                                static_cast<Index>(c)});
            std::sort(keys.begin(), keys.end());
            for (std::size_t i = 0; i < zeros; ++i) out(r, keys[i].second) = S(0);
        }
    }

    template <class Rule> void operator()(const Rule& rule) const {
        Fans fans = facts.fans;
        if (!facts.has_fans())
            fans = {static_cast<double>(place.whole_cols), static_cast<double>(place.whole_rows)};
        if (out.size() == 0) fans = {1, 1};
        fill(*Given{fans}(rule));
    }
};

// -- the attack ------------------------------------------------------------------------------

/// Memory with a target somewhere in it; the rest must stay as it is.
template <class S> struct Arena {
    Index rows, cols, down, right, first;
    std::vector<S> memory;

    std::vector<unsigned char> bytes() const {
        std::vector<unsigned char> copy(memory.size() * sizeof(S));
        std::memcpy(copy.data(), static_cast<const void*>(memory.data()), copy.size());
        return copy;
    }
    std::size_t index(Index r, Index c) const {
        return static_cast<std::size_t>(first + r * down + c * right);
    }
};

template <class S, int order = Eigen::ColMajor>
using Map = Eigen::Map<Eigen::Matrix<S, -1, -1, order>, 0, Eigen::Stride<-1, -1>>;

/// Whether all facts are tried on a target: each costs a compiler seconds.
template <class Target>
constexpr bool every_fact = std::is_same_v<Target, Map<typename Target::Scalar>>;

template <class S, class Target, class Engine>
void attack(Arena<S>& arena, Target target, Engine engine, const Initializer& rule,
            const Facts& facts) {
    const auto before = arena.bytes();
    Engine expected_engine = engine;
    const bool refused = fuzz::refused([&] {
        if (facts.told == Told::nothing) return rule(target, engine);
        if (facts.told == Told::fans) return rule(target, engine, facts.fans);
        if constexpr (every_fact<Target>)
            if (facts.told == Told::conv) return rule(target, engine, facts.conv);
        if constexpr (std::is_same_v<Engine, Philox>) {
            if (facts.told == Told::window) return rule(target, engine, facts.window);
            if constexpr (every_fact<Target> && std::is_same_v<S, float>)
                return rule(target, engine, facts.fans, facts.window);
        }
        std::abort();
    });
    if (refused) {
        require(arena.bytes() == before, "a refused fill wrote");
        require(engine == expected_engine, "a refused fill moved the engine");
        std::optional<Law> law;
        rule.rule.visit([&](const auto& r) { law = Given{{40, 40}}(r); });
        bool far_from_end = true;
        if constexpr (std::is_same_v<Engine, Philox>) far_from_end = ~engine.position() > 1 << 20;
        const bool plain = facts.told == Told::nothing && far_from_end && arena.rows > 0 &&
                           arena.cols > 0 && !Target::IsVectorAtCompileTime;
        if (const auto* sparse = rule.rule.get_if<Sparse>())
            if (!(sparse->sparsity >= 0 && sparse->sparsity <= 1)) return;
        require(!(plain && law && std::visit(Harmless{}, *law)), "a harmless fill was refused");
        return;
    }
    detail::path() = detail::Path::portable;
    detail::Place place{static_cast<std::uint64_t>(arena.rows),
                        static_cast<std::uint64_t>(arena.cols), 0, 0};
    if (facts.has_window()) {
        const Window& w = facts.window;
        place = {w.rows.magnitude, w.cols.magnitude, w.row.magnitude, w.col.magnitude};
    }
    Eigen::Matrix<S, -1, -1> expected(arena.rows, arena.cols);
    rule.rule.visit(Reference<S, Engine>{expected, expected_engine, facts, place});
    require(engine == expected_engine, "the engine is not where the fill's words end");
    if constexpr (std::is_same_v<Engine, Philox>)
        if (const std::uint64_t at = engine.position(); at != ~std::uint64_t{0})
            require(engine() == fuzz::word(engine.seed_value(), engine.stream_value(), at),
                    "the engine's next word is another");
    auto patched = before; // the target's own bytes may differ, and no others
    for (Index c = 0; c < arena.cols; ++c)
        for (Index r = 0; r < arena.rows; ++r) {
            const S& value = arena.memory[arena.index(r, c)];
            const auto x = parts(value);
            require(std::isfinite(x.real()) && std::isfinite(x.imag()), "a value is not finite");
            require(same(value, expected(r, c)), "a value is not the reference's");
            std::memcpy(&patched[arena.index(r, c) * sizeof(S)], &value, sizeof(S));
        }
    require(arena.bytes() == patched, "a fill wrote outside its target");
}

template <class S, class Engine>
void choose_target(Bytes& bytes, Index rows, Index cols, const Engine& engine,
                   const Initializer& rule, const Facts& facts) {
    using Stride = Eigen::Stride<-1, -1>;
    using Row = Map<S, Eigen::RowMajor>;
    using Vector = Eigen::Map<Eigen::Matrix<S, -1, 1>, 0, Eigen::InnerStride<>>;
    const bool large = rows >= 120 && cols >= 120;
    int kind = large && bytes.odds(2) ? 1 : bytes.below(6);
    if (facts.told == Told::conv || facts.told == Told::window_and_fans) kind = 0;
    if (kind == 3) rows *= cols, cols = 1;
    const bool by_rows = kind == 1;
    const Index gap = bytes.odds(2) ? 0 : bytes.below(3), pad = bytes.odds(2) ? 0 : bytes.below(9);
    const Index inner = 1 + gap, outer = inner * (by_rows ? cols : rows) + pad;
    Arena<S> arena{rows, cols, by_rows ? outer : inner, by_rows ? inner : outer, 8, {}};
    arena.memory.resize(static_cast<std::size_t>(16 + outer * (by_rows ? rows : cols)),
                        S(static_cast<typename Eigen::NumTraits<S>::Real>(-7777)));
    S* const data = arena.memory.data() + arena.first;
    const auto attack_it = [&](const auto& target) { attack(arena, target, engine, rule, facts); };
    Map<S> column(data, rows, cols, Stride(arena.right, arena.down));
    if (kind == 1) {
        attack_it(Row(data, rows, cols, Stride(outer, inner)));
    } else if (kind == 2) { // no direct access: the last coefficient comes first
        arena.first += (rows - 1) * arena.down + (cols - 1) * arena.right;
        arena.down = -arena.down;
        arena.right = -arena.right;
        attack_it(column.reverse());
    } else if constexpr (!std::is_same_v<S, float> || !std::is_same_v<Engine, Philox>) {
        // The rest differ by no line that knows the scalar or the engine.
        attack_it(column);
    } else if (kind == 3) {
        attack_it(Vector(data, rows, Eigen::InnerStride<>(inner)));
    } else if (kind == 4) {
        std::swap(arena.rows, arena.cols);
        std::swap(arena.down, arena.right);
        attack_it(column.transpose());
    } else {
        attack_it(column);
    }
}

Philox philox(Bytes& bytes) {
    Philox engine(bytes.take<std::uint32_t>());
    if (bytes.odds(2)) engine = Philox(bytes.take<std::uint64_t>());
    if (bytes.odds(2)) engine = engine.stream(bytes.take<std::uint16_t>());
    const auto near = [&](std::uint64_t where) {
        engine.seek(where + bytes.take<std::uint8_t>() -
                    std::uint64_t{bytes.take<std::uint16_t>()} % 8192);
    };
    switch (bytes.below(6)) {
    case 0:
        return engine;
    case 1:
        near(std::uint64_t{bytes.take<std::uint32_t>()} << 34);
        break;
    case 2:
        near(std::uint64_t{1} << (bytes.odds(2) ? 40 : 34));
        break;
    case 3:
        near(~std::uint64_t{255});
        break;
    case 4:
        engine.seek(bytes.take<std::uint64_t>());
        break;
    default:
        engine.seek(bytes.take<std::uint8_t>());
    }
    return engine;
}

Conv conv(Bytes& bytes) {
    Conv made{.in = bytes.size(), .out = bytes.size(), .kernel = {}};
    made.kernel.given = bytes.below(4);
    for (std::size_t i = 0; i < made.kernel.given; ++i)
        made.kernel.sizes[i] = bytes.odds(32) ? bytes.size() : detail::Size(bytes.below(4));
    if (bytes.odds(4)) made.groups = bytes.size();
    if (bytes.odds(4)) made.stride.given = bytes.odds(16) ? bytes.below(4) : made.kernel.given;
    for (std::size_t i = 0; i < made.stride.given; ++i) made.stride.sizes[i] = bytes.size();
    return made;
}

Fans fans(Bytes& bytes) {
    const Conv c = conv(bytes);
    switch (bytes.below(6)) {
    case 0:
        return {bytes.number(), bytes.number()};
    case 1:
        return Dense{c.in, c.out};
    case 2:
        return c;
    case 3:
        return TransposedConv{c.in, c.out, c.kernel, c.groups, c.stride};
    case 4:
        return DepthwiseConv{c.in, c.out, c.kernel, c.stride};
    default:
        return {1.0 + bytes.below(256), 1.0 + bytes.below(256)};
    }
}

template <class S> void run(Bytes& bytes) {
    Index rows = bytes.below(41), cols = bytes.below(41);
    if (bytes.odds(8)) rows = bytes.below(3001), cols = 1;
    if (bytes.odds(8)) std::swap(rows, cols);
    if (bytes.odds(16)) { // row-major memory of these is filled row by row, and sometimes in tiles
        rows = 120 + 4 * bytes.below(5) + (bytes.odds(4) ? bytes.below(4) : 0);
        cols = 120 + bytes.below(50);
    }
    const Initializer rule = fuzz::rule(bytes);
    Facts facts;
    facts.told = static_cast<Told>(bytes.below(5));
    if (rule.rule.get_if<Dirac>() || rule.rule.get_if<Bilinear>() ||
        rule.rule.get_if<DeltaOrthogonal>())
        facts.told = Told::conv;
    if ((rule.rule.get_if<NguyenWidrow>() || rule.rule.get_if<Orthogonal>()) && !bytes.odds(8))
        facts.told = Told::nothing; // they refuse most of the others
    const int source = bytes.below(4);
    if (source > 1 && facts.has_window()) facts.told = Told::nothing;
    if (facts.told == Told::window_and_fans && !std::is_same_v<S, float>) facts.told = Told::window;
    if (facts.told == Told::conv) {
        facts.conv = conv(bytes);
        if (fuzz::refused([&] { facts.fans = facts.conv; })) facts.fans = {};
        if (!bytes.odds(8) && facts.fans.in > 0 && facts.fans.in < 500 &&
            facts.conv.out.magnitude < 50) {
            rows = static_cast<Index>(facts.conv.out.magnitude);
            cols = static_cast<Index>(facts.fans.in);
        }
    } else if (facts.has_fans()) {
        if (fuzz::refused([&] { facts.fans = fans(bytes); })) return;
    }
    if (facts.has_window()) {
        const bool huge = bytes.odds(4);
        const auto more = [&] {
            return huge ? bytes.take<std::uint32_t>() >> 1
                        : std::uint32_t{bytes.take<std::uint8_t>()};
        };
        const std::uint32_t row = more(), col = more();
        facts.window = {row + rows + bytes.below(3), col + cols + bytes.below(3), row, col};
        if (bytes.odds(8)) facts.window.rows = bytes.size();
        if (bytes.odds(8)) facts.window.row = bytes.size();
        if (bytes.odds(8)) facts.window.col = bytes.size();
        if (bytes.odds(8)) facts.window.cols = bytes.size();
    }
    const auto path = static_cast<detail::Path>(bytes.below(4));
    detail::path() = detail::has(path) ? path : detail::widest_path();
    fuzz::current = &rule;
    if constexpr (std::is_same_v<S, float>) {
        if (source == 2)
            return choose_target<S>(bytes, rows, cols, std::mt19937_64(bytes.take<std::uint8_t>()),
                                    rule, facts);
        if (source == 3)
            return choose_target<S>(bytes, rows, cols,
                                    std::minstd_rand(bytes.take<std::uint16_t>()), rule, facts);
    }
    choose_target<S>(bytes, rows, cols, philox(bytes), rule, facts);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    Bytes bytes(data, size);
    switch (bytes.below(6)) {
    case 0:
        run<float>(bytes);
        break;
    case 1:
        run<double>(bytes);
        break;
    case 2:
        run<long double>(bytes);
        break;
    case 3:
        run<Eigen::half>(bytes);
        break;
    case 4:
        run<Eigen::bfloat16>(bytes);
        break;
    default:
        run<std::complex<float>>(bytes);
    }
    return 0;
}
