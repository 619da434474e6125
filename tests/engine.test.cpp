// SPDX-License-Identifier: MIT
#include "catch.hpp"

#include <nninit/nninit.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <complex>
#include <cstdint>
#include <cstring>
#include <limits>
#include <random>
#include <type_traits>
#include <vector>

using nninit::Philox;
using nninit::detail::WordReader;

namespace {

constexpr std::uint64_t all_ones = std::numeric_limits<std::uint64_t>::max();

// -- engines -----------------------------------------------------------------------------------

/// Numbers from low to high, both included.
template <std::uint64_t low, std::uint64_t high> struct Between {
    using result_type = std::uint64_t;
    static constexpr result_type min() { return low; }
    static constexpr result_type max() { return high; }
    result_type operator()() {
        if constexpr (high - low == all_ones)
            return source();
        else
            return low + source() % (high - low + 1);
    }
    std::mt19937_64 source{5};
};

/// The words of any engine one by one, with no way to ask for a position.
template <class Engine> struct OneByOne {
    using result_type = std::uint32_t;
    static constexpr result_type min() { return 0; }
    static constexpr result_type max() { return 0xffffffff; }
    result_type operator()() { return static_cast<result_type>(engine()); }
    Engine& engine;
};

/// Threefry2x32-20 (Salmon et al., SC 2011, section 4.2), the counter being the block's number.
std::array<std::uint32_t, 2> threefry(std::array<std::uint32_t, 2> x,
                                      const std::array<std::uint32_t, 2>& key) {
    constexpr std::array<int, 8> turns{13, 15, 26, 6, 17, 29, 16, 24};
    const std::array<std::uint32_t, 3> keys{key[0], key[1], 0x1bd11bda ^ key[0] ^ key[1]};
    for (std::uint32_t round = 0; round <= 20; ++round) {
        if (round % 4 == 0) {
            const std::uint32_t turn = round / 4;
            x[0] += keys[turn % 3];
            x[1] += keys[(turn + 1) % 3] + turn;
        }
        if (round == 20) break;
        x[0] += x[1];
        x[1] = std::rotl(x[1], turns[round % 8]) ^ x[0];
    }
    return x;
}

/// A user's own counter-based engine; with `threads`, also fit for several threads.
template <bool threads> class Threefry {
    std::uint64_t position_ = 0;

public:
    using result_type = std::uint64_t; // wider than a word, which is allowed
    static constexpr result_type min() { return 0; }
    static constexpr result_type max() { return 0xffffffff; }
    std::uint64_t position() const { return position_; }
    void seek(std::uint64_t position) noexcept(threads) { position_ = position; }
    result_type operator()() noexcept(threads) {
        const std::uint64_t block = position_ / 2;
        return threefry(
            {static_cast<std::uint32_t>(block), static_cast<std::uint32_t>(block >> 32)},
            {7, 8})[position_++ % 2];
    }
};

struct Broken {};

/// Throws instead of giving word number `last`.
struct Failing {
    using result_type = std::uint32_t;
    static constexpr result_type min() { return 0; }
    static constexpr result_type max() { return 0xffffffff; }
    result_type operator()() {
        if (engine.position() == last) throw Broken();
        return engine();
    }
    Philox engine{1};
    std::uint64_t last = 0;
};

struct FailingCounter : Failing {
    std::uint64_t position() const { return engine.position(); }
    void seek(std::uint64_t position) { engine.seek(position); }
};

// -- the law, transcribed ----------------------------------------------------------------------

/// What a reference may do wrong, for the controls.
enum class Mistake { none, keeps_all_draws, first_draw_highest, keeps_high_half };

/// The words that the specification takes from an engine, in one fill.
template <class Engine>
std::vector<std::uint32_t> words_of(Engine& engine, std::size_t n,
                                    Mistake mistake = Mistake::none) {
    const std::uint64_t least = Engine::min(), span = Engine::max() - least;
    int k = 64; // the largest k with 2^k - 1 <= span
    while (k < 64 ? (std::uint64_t{1} << k) - 1 > span : span != all_ones) --k;
    const std::uint64_t mask = k == 64 ? all_ones : (std::uint64_t{1} << k) - 1;
    const auto draw = [&] {
        std::uint64_t x = 0;
        do x = engine() - least;
        while (x > mask && mistake != Mistake::keeps_all_draws);
        return x & mask;
    };
    std::vector<std::uint32_t> words;
    while (words.size() < n) {
        if (k == 64) {
            const std::uint64_t x = draw();
            words.push_back(static_cast<std::uint32_t>(x));
            words.push_back(static_cast<std::uint32_t>(x >> 32));
        } else if (k >= 32) {
            words.push_back(static_cast<std::uint32_t>(draw()));
        } else {
            std::uint64_t word = 0;
            const int draws = (32 + k - 1) / k;
            for (int i = 0; i < draws; ++i)
                word |= draw() << k * (mistake == Mistake::first_draw_highest ? draws - 1 - i : i);
            words.push_back(static_cast<std::uint32_t>(word));
        }
    }
    words.resize(n);
    return words;
}

/// Uniform(-1, 1) is u itself: what a target must hold, from the words alone.
float uniform(const std::uint32_t* w, float) {
    return static_cast<float>(2 * static_cast<std::int32_t>(*w >> 8) + 1 - (1 << 24)) * 0x1p-24F;
}
double uniform(const std::uint32_t* w, double) {
    const std::uint64_t both = w[0] + (std::uint64_t{w[1]} << 32);
    const std::int64_t u = 2 * static_cast<std::int64_t>(both >> 11) + 1 - (std::int64_t{1} << 53);
    return static_cast<double>(u) * 0x1p-53;
}

const nninit::Uniform symmetric{.low = -1, .high = 1};

template <class Matrix, class Engine> bool takes_the_words(Engine engine, Mistake mistake) {
    using Scalar = typename Matrix::Scalar;
    constexpr std::size_t per_value = sizeof(Scalar) / 4;
    Engine other = engine;
    Matrix w(5, 61);
    const auto size = static_cast<std::size_t>(w.size());
    bool same = true;
    std::vector<std::uint32_t> kept;
    for (int fill = 0; fill < 2; ++fill) {
        symmetric(w, engine);
        std::vector<std::uint32_t> words;
        if (mistake == Mistake::keeps_high_half) {
            // Both fills as though they were one.
            if (fill == 0) kept = words_of(other, 2 * size * per_value);
            const auto half = kept.begin() + fill * static_cast<std::ptrdiff_t>(size * per_value);
            words.assign(half, half + static_cast<std::ptrdiff_t>(size * per_value));
        } else {
            words = words_of(other, size * per_value, mistake);
        }
        std::size_t i = 0;
        for (Eigen::Index c = 0; c < w.cols(); ++c)
            for (Eigen::Index r = 0; r < w.rows(); ++r, i += per_value)
                same = same && w(r, c) == uniform(&words[i], Scalar());
    }
    return same && engine() == other(); // and not a draw more
}

using RowMajor = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

template <class Engine>
bool takes_the_words_everywhere(const Engine& engine, Mistake mistake = Mistake::none) {
    return takes_the_words<Eigen::MatrixXf>(engine, mistake) &&
           takes_the_words<RowMajor>(engine, mistake) &&
           takes_the_words<Eigen::MatrixXd>(engine, mistake);
}

/// Equal to the last bit.
template <class A, class B> bool same(const A& a, const B& b) {
    bool equal = a.rows() == b.rows() && a.cols() == b.cols();
    for (Eigen::Index c = 0; equal && c < a.cols(); ++c)
        for (Eigen::Index r = 0; r < a.rows(); ++r) {
            const auto x = a(r, c), y = b(r, c);
            // NOLINTNEXTLINE(bugprone-suspicious-memory-comparison)
            equal = equal && std::memcmp(&x, &y, sizeof x) == 0;
        }
    return equal;
}

} // namespace

// -- words from any engine ---------------------------------------------------------------------

TEMPLATE_TEST_CASE("The standard's engines give the words that the specification lists", "",
                   std::mt19937, std::mt19937_64, std::minstd_rand0, std::minstd_rand,
                   std::ranlux24_base, std::ranlux48_base, std::ranlux24, std::ranlux48,
                   std::knuth_b, (std::independent_bits_engine<std::mt19937, 8, unsigned short>),
                   (std::independent_bits_engine<std::mt19937, 16, unsigned short>),
                   (std::independent_bits_engine<std::mt19937, 31, std::uint32_t>),
                   (std::independent_bits_engine<std::mt19937, 33, std::uint64_t>)) {
    TestType engine(3), other(3);
    WordReader<TestType> reader(engine);
    for (const std::uint32_t word : words_of(other, 1000)) REQUIRE(reader() == word);
    CHECK(engine == other);
    CHECK(takes_the_words_everywhere(TestType(4)));
}

TEMPLATE_TEST_CASE("A user's engine of any range gives the words that the specification lists", "",
                   (Between<0, 1>), (Between<0, 2>), (Between<0, 99>), (Between<5, 1004>),
                   (Between<1, 65536>), (Between<0, 0x7ffffffe>), (Between<0, 0xffffffff>),
                   (Between<7, 0xffffffff>), (Between<0, 1ULL << 32>), (Between<0, 0xffffffffff>),
                   (Between<3, 3ULL << 40>), (Between<1, all_ones>), (Between<0, all_ones>),
                   (Between<1ULL << 63, all_ones>)) {
    TestType engine, other;
    WordReader<TestType> reader(engine);
    for (const std::uint32_t word : words_of(other, 1000)) REQUIRE(reader() == word);
    CHECK(takes_the_words_everywhere(TestType()));
}

TEST_CASE("The same comparison finds an engine's words taken in another way") {
    CHECK_FALSE(takes_the_words_everywhere(Between<0, 99>(), Mistake::keeps_all_draws));
    CHECK_FALSE(takes_the_words_everywhere(Between<1, all_ones>(), Mistake::keeps_all_draws));
    CHECK_FALSE(takes_the_words_everywhere(std::ranlux24(4), Mistake::first_draw_highest));
    CHECK_FALSE(takes_the_words_everywhere(std::mt19937_64(4), Mistake::keeps_high_half));
}

TEST_CASE("A high half that is left at the end of a fill is dropped") {
    std::mt19937_64 engine(1), other(1);
    Eigen::Vector3f v;
    symmetric(v, engine);
    other.discard(2);
    CHECK(engine == other);
    symmetric(v, engine);
    const std::vector<std::uint32_t> words = words_of(other, 3);
    for (std::size_t i = 0; i < 3; ++i)
        CHECK(v(static_cast<Eigen::Index>(i)) == uniform(&words[i], float()));
}

TEST_CASE("std::random_device fills") {
    std::random_device device;
    Eigen::MatrixXf w = Eigen::MatrixXf::Constant(20, 20, 9);
    symmetric(w, device);
    CHECK(w.cwiseAbs().maxCoeff() <= 1);
    // 400 words of 32 bits that agree in their upper 24: never.
    CHECK(w.minCoeff() < w.maxCoeff());
    symmetric(w, std::random_device());
}

TEST_CASE("Engines bind as lvalues and rvalues, and an lvalue goes on") {
    Eigen::MatrixXf a(4, 5), b(4, 5), c(4, 5);
    std::mt19937 engine(1);
    symmetric(a, engine);
    symmetric(b, std::mt19937(1));
    symmetric(c, engine);
    CHECK(same(a, b));
    CHECK_FALSE(same(a, c));
    Philox philox(1);
    symmetric(a, philox);
    symmetric(b, Philox(1));
    CHECK(same(a, b));
    CHECK(philox.position() == 20);
}

// -- in parallel and one by one ----------------------------------------------------------------

namespace {

/// Fills by position and by words pulled one by one, at sizes around every vector's width and at
/// positions of every remainder, and compares the matrices and where the engines stand.
template <class Matrix, class Engine, class Distribution>
bool same_one_by_one(const Engine& engine, const Distribution& distribution,
                     std::uint64_t skipped_by_the_other = 0) {
    using Scalar = typename Matrix::Scalar;
    for (const Eigen::Index rows : {1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 33, 64, 127, 129, 300})
        for (const Eigen::Index cols : {1, 3, 18})
            for (std::uint64_t position = 0; position < 5; ++position) {
                Engine jumping = engine, stepping = engine;
                jumping.seek(position);
                stepping.seek(position + skipped_by_the_other);
                Matrix a = Matrix::Constant(rows, cols, Scalar(9)), b = a;
                distribution(a, jumping);
                distribution(b, OneByOne<Engine>{stepping});
                if (!same(a, b) || jumping.position() != stepping.position()) return false;
            }
    return true;
}

const nninit::Normal normal{.mean = 0.25, .stddev = 2};
const nninit::TruncatedNormal cut{.mean = 0.25, .stddev = 2, .low = -1, .high = 3};

} // namespace

TEMPLATE_TEST_CASE("Philox by position and its words pulled one by one fill the same", "",
                   Eigen::MatrixXf, Eigen::MatrixXd, RowMajor, Eigen::MatrixXcf) {
    const Philox engine = Philox(11).stream("pulled");
    CHECK(same_one_by_one<TestType>(engine, symmetric));
    CHECK(same_one_by_one<TestType>(engine, normal));
    CHECK(same_one_by_one<TestType>(engine, cut));
    CHECK_FALSE(same_one_by_one<TestType>(engine, symmetric, 1)); // control
}

TEST_CASE("Threefry2x32-20 gives Random123's known answers") {
    constexpr std::uint32_t ones = 0xffffffff;
    using Pair = std::array<std::uint32_t, 2>;
    CHECK(threefry({0, 0}, {0, 0}) == Pair{0x6b200159, 0x99ba4efe});
    CHECK(threefry({ones, ones}, {ones, ones}) == Pair{0x1cb996fc, 0xbb002be7});
    CHECK(threefry({0x243f6a88, 0x85a308d3}, {0x13198a2e, 0x03707344}) ==
          Pair{0xc4923a9c, 0x483df7a0});
}

TEMPLATE_TEST_CASE("A user's counter engine fills as its words pulled one by one", "",
                   Threefry<true>, Threefry<false>) {
    STATIC_REQUIRE(nninit::CounterEngine<TestType>);
    CHECK(same_one_by_one<Eigen::MatrixXf>(TestType(), normal));
    CHECK(same_one_by_one<Eigen::MatrixXd>(TestType(), symmetric));
    CHECK(same_one_by_one<RowMajor>(TestType(), cut));
    CHECK_FALSE(same_one_by_one<Eigen::MatrixXf>(TestType(), normal, 1)); // control

    // Large enough for threads, where there are any.
    TestType jumping, stepping;
    Eigen::MatrixXf a(700, 400), b(700, 400);
    normal(a, jumping);
    normal(b, OneByOne<TestType>{stepping});
    CHECK(same(a, b));
    CHECK(jumping.position() == 280000);
    RowMajor c(700, 400);
    normal(c, TestType());
    CHECK(same(a, c));
}

TEMPLATE_TEST_CASE("A user's counter engine fills windows", "", Threefry<true>, Threefry<false>,
                   Philox) {
    TestType engine;
    engine.seek(3);
    Eigen::MatrixXd whole(37, 23);
    normal(whole, engine);
    for (const int row : {0, 1, 30})
        for (const int col : {0, 5, 20}) {
            TestType other;
            other.seek(3);
            Eigen::MatrixXd block(7, 3);
            normal(block, other, nninit::Window{.rows = 37, .cols = 23, .row = row, .col = col});
            CHECK(same(block, whole.block(row, col, 7, 3)));
            CHECK_FALSE(same(block, whole.block((row + 1) % 30, col, 7, 3))); // control
            CHECK(other.position() == engine.position());
        }
}

TEST_CASE("Only counter engines are counter engines") {
    struct NoSeek : OneByOne<Philox> {
        std::uint64_t position() const { return 0; }
    };
    struct FromOne : Threefry<true> {
        static constexpr result_type min() { return 1; }
    };
    struct NarrowPosition : Threefry<true> {
        std::uint32_t position() const { return 0; }
    };
    STATIC_REQUIRE(nninit::CounterEngine<FailingCounter>); // the control
    STATIC_REQUIRE_FALSE(nninit::CounterEngine<NoSeek>);
    STATIC_REQUIRE_FALSE(nninit::CounterEngine<FromOne>);
    STATIC_REQUIRE_FALSE(nninit::CounterEngine<NarrowPosition>);
    STATIC_REQUIRE_FALSE(nninit::CounterEngine<Failing>);
    STATIC_REQUIRE_FALSE(nninit::CounterEngine<std::mt19937_64>);
    STATIC_REQUIRE_FALSE(nninit::CounterEngine<int>);
}

// -- an engine that throws -----------------------------------------------------------------------

namespace {

/// Whether, after word `last` was refused, a target of 9s is the full fill up to some element in
/// column-major order, no further than the words went, and 9 behind.
template <class Matrix, class Engine> bool partly_written(std::uint64_t last) {
    Matrix full(60, 200), w = Matrix::Constant(60, 200, 9); // wider than a tile
    symmetric(full, Philox(1));
    Engine engine;
    engine.last = last;
    bool thrown = false;
    try {
        symmetric(w, engine);
    } catch (const Broken&) { // and nothing else
        thrown = true;
    }
    Eigen::Index written = 0;
    for (Eigen::Index c = 0; c < 200; ++c)
        for (Eigen::Index r = 0; r < 60; ++r)
            if (w(r, c) == full(r, c))
                ++written;
            else if (w(r, c) != 9)
                return false;
    const bool some = last < 6000 || written > 0;
    return thrown && some && static_cast<std::uint64_t>(written) <= last && w.rows() == 60 &&
           w.cols() == 200;
}

} // namespace

TEST_CASE("An engine's exception passes through, and the target is valid and partly written") {
    for (const std::uint64_t last : {0U, 1U, 255U, 256U, 257U, 6000U, 11999U}) {
        INFO(last);
        CHECK(partly_written<Eigen::MatrixXf, Failing>(last));
        CHECK(partly_written<RowMajor, Failing>(last));
        CHECK(partly_written<Eigen::MatrixXf, FailingCounter>(last));
        CHECK(partly_written<RowMajor, FailingCounter>(last));
    }
    CHECK_FALSE(partly_written<Eigen::MatrixXf, Failing>(12000)); // control: one word too late

    FailingCounter counter; // filled by position, so it is where it was
    counter.seek(5);
    counter.last = 100;
    Eigen::MatrixXf w(60, 40);
    CHECK_THROWS_AS(symmetric(w, counter), Broken);
    CHECK(counter.position() == 5);
}
