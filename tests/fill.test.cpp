// SPDX-License-Identifier: MIT
#include "catch.hpp"
#include "engines.hpp"
#include "paths.hpp"

#include <nninit/rules.hpp>

#include <array>
#include <complex>
#include <limits>
#include <random>
#include <string>
#include <vector>

namespace {

using namespace nninit;
using Eigen::bfloat16;
using Eigen::Dynamic;
using Eigen::half;
using Eigen::Index;
using tests::Counter;
using tests::Forced;
using tests::paths;
using tests::Pulled;

template <class Scalar, int order = Eigen::ColMajor>
using Matrix = Eigen::Matrix<Scalar, Dynamic, Dynamic, order>;

bool same_real(long double a, long double b) {
    return a == b && std::signbit(a) == std::signbit(b);
}
bool same_real(half a, half b) { return a.x == b.x; }
bool same_real(bfloat16 a, bfloat16 b) { return a.value == b.value; }
bool same_real(double a, double b) {
    return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
}
bool same_real(float a, float b) {
    return std::bit_cast<std::uint32_t>(a) == std::bit_cast<std::uint32_t>(b);
}

/// Equal sizes, and equal bits in every coefficient.
template <class A, class B> bool same(const A& a, const B& b) {
    if (a.rows() != b.rows() || a.cols() != b.cols()) return false;
    for (Index c = 0; c < a.cols(); ++c)
        for (Index r = 0; r < a.rows(); ++r)
            if (!same_real(Eigen::numext::real(a.coeff(r, c)),
                           Eigen::numext::real(b.coeff(r, c))) ||
                !same_real(Eigen::numext::imag(a.coeff(r, c)), Eigen::numext::imag(b.coeff(r, c))))
                return false;
    return true;
}

/// An engine not at the start of a stream, nor at the start of a block of four words.
Philox engine() {
    Philox rng = Philox(0x123456789abcdef).stream("fill");
    rng.discard(7);
    return rng;
}

/// The reference of every test: a column-major matrix from words pulled one by one.
template <class Scalar, class Rule>
Matrix<Scalar> pulled(const Rule& rule, Index rows, Index cols, const Philox& rng = engine()) {
    Matrix<Scalar> w(rows, cols);
    rule(w, Pulled(rng), Fans{.in = 12, .out = 5});
    return w;
}

constexpr Fans fans{.in = 12, .out = 5};
constexpr Uniform uniform{.low = -0.3, .high = 0.7};
constexpr Normal normal{.mean = 0.1, .stddev = 0.6};
constexpr TruncatedNormal truncated{.mean = 0.1, .stddev = 0.5, .low = -0.7, .high = 1.3};
constexpr TruncatedNormal tail{.low = 4, .high = 40};

template <class Scalar>
constexpr std::uint64_t words_per_value = (std::is_same_v<Scalar, double> ||
                                                   std::is_same_v<Scalar, long double> ||
                                                   std::is_same_v<Scalar, std::complex<float>>
                                               ? 2
                                           : std::is_same_v<Scalar, std::complex<double>> ? 4
                                                                                          : 1);

} // namespace

TEST_CASE("the comparison sees one bit, a sign of zero and a shape") {
    Eigen::MatrixXf a = Eigen::MatrixXf::Zero(2, 3), b = a;
    CHECK(same(a, b));
    b(1, 2) = -0.0F;
    CHECK(!same(a, b));
    b(1, 2) = std::numeric_limits<float>::denorm_min();
    CHECK(!same(a, b));
    CHECK(!same(a, Eigen::MatrixXf::Zero(3, 2)));
}

// -- words -------------------------------------------------------------------------------------

TEMPLATE_TEST_CASE("words drawn in parallel and words pulled one by one give the same matrix", "",
                   float, double, long double, half, bfloat16, std::complex<float>,
                   std::complex<double>) {
    const auto check = [](const auto& rule) {
        Matrix<TestType> w(37, 29);
        Philox rng = engine();
        rule(w, rng, fans);
        CHECK(same(w, pulled<TestType>(rule, 37, 29)));
        CHECK(rng.position() == engine().position() + 37 * 29 * words_per_value<TestType>);
    };
    check(uniform);
    check(normal);
    check(truncated);
    Matrix<TestType> w(37, 29);
    Counter counter(engine());
    normal(w, counter);
    CHECK(same(w, pulled<TestType>(normal, 37, 29)));
    CHECK(counter.position() == engine().position() + 37 * 29 * words_per_value<TestType>);
}

TEST_CASE("an engine of another width gives words by the documented rule") {
    // mt19937_64 gives two words a draw, low one first; what is left of the last is dropped.
    Eigen::VectorXf v(5), expected(5);
    std::mt19937_64 wide(3), copy(3);
    normal(v, wide);
    std::vector<std::uint64_t> draws{copy(), copy(), copy()};
    normal(expected, tests::Scripted(tests::halves(draws)));
    CHECK(same(v, expected));
    CHECK(wide == copy);
    // minstd_rand gives numbers from 1 to 2^31 - 2: 30 bits of each draw less 1, draws from 2^30
    // on skipped, and two of them a word, the first one low.
    std::minstd_rand odd(3), again(3);
    normal(v, odd);
    std::vector<std::uint32_t> words;
    for (int i = 0; i < 5; ++i) {
        std::uint64_t word = 0;
        for (int filled = 0; filled < 60; filled += 30) {
            std::uint64_t draw = again() - 1;
            while (draw >= 1U << 30) draw = again() - 1;
            word |= draw << filled;
        }
        words.push_back(static_cast<std::uint32_t>(word));
    }
    normal(expected, tests::Scripted(words));
    CHECK(same(v, expected));
    CHECK(odd == again);
}

TEST_CASE("targets and engines bind as lvalues and rvalues") {
    const auto expected = pulled<float>(normal, 4, 3);
    Eigen::MatrixXf w(4, 3);
    normal(w, engine());
    CHECK(same(w, expected));
    w.setZero();
    auto whole = w.topRows(4);
    Philox rng = engine();
    normal(whole, rng);
    CHECK(same(w, expected));
    CHECK(rng.position() == engine().position() + 12);
    w.setZero();
    normal(w.leftCols(3), engine());
    CHECK(same(w, expected));
    std::mt19937 mt(1);
    normal(w, mt);
    CHECK(mt != std::mt19937(1));
    Eigen::MatrixXf again(4, 3);
    normal(again, std::mt19937(1));
    CHECK(same(w, again));
}

// -- storage -----------------------------------------------------------------------------------

namespace {

/// Fills views of all kinds and compares each with the reference; sizes are such that tiles of 188
/// rows and 48 (double: 24) columns end unevenly.
template <class Scalar, class Rule> void check_views(const Rule& rule) {
    constexpr Index rows = 211, cols = 61;
    const Matrix<Scalar> expected = pulled<Scalar>(rule, rows, cols);
    const Philox rng = engine();

    Matrix<Scalar, Eigen::RowMajor> row_major(rows, cols);
    rule(row_major, Philox(rng), fans);
    CHECK(same(row_major, expected));

    Matrix<Scalar> transposed(cols, rows);
    rule(transposed.transpose(), Philox(rng), fans);
    CHECK(same(transposed.transpose(), expected));
    Matrix<Scalar, Eigen::RowMajor> both(cols, rows);
    rule(both.transpose(), Philox(rng), fans);
    CHECK(same(both.transpose(), expected));

    Eigen::Array<Scalar, Dynamic, Dynamic> array(rows, cols);
    rule(array, Philox(rng), fans);
    CHECK(same(array.matrix(), expected));
    Matrix<Scalar> view(rows, cols);
    rule(view.array(), Philox(rng), fans);
    CHECK(same(view, expected));

    Matrix<Scalar> large = Matrix<Scalar>::Zero(rows + 5, cols + 5);
    rule(large.block(2, 3, rows, cols), Philox(rng), fans);
    CHECK(same(large.block(2, 3, rows, cols), expected));
    large.block(2, 3, rows, cols).setZero();
    CHECK((large.array() == Scalar(0)).all());

    Matrix<Scalar> reversed(rows, cols);
    rule(reversed.reverse(), Philox(rng), fans);
    CHECK(same(reversed.reverse(), expected));

    Matrix<Scalar> owner(rows, cols);
    Eigen::Ref<Matrix<Scalar>> ref(owner);
    rule(ref, Philox(rng), fans);
    CHECK(same(owner, expected));
    Eigen::Ref<Matrix<Scalar>, 0, Eigen::OuterStride<>> part(large.topLeftCorner(rows, cols));
    rule(part, Philox(rng), fans);
    CHECK(same(large.topLeftCorner(rows, cols), expected));
}

/// A Map with the strides given, in memory of which every other number must stay.
template <class Scalar, int order, class Rule>
void check_strides(const Rule& rule, Index inner, Index outer) {
    constexpr Index rows = 211, cols = 61, guard = 64;
    constexpr bool by_rows = order == Eigen::RowMajor;
    const Matrix<Scalar> expected = pulled<Scalar>(rule, rows, cols);
    const Index extent =
        ((by_rows ? rows : cols) - 1) * outer + ((by_rows ? cols : rows) - 1) * inner;
    const auto mark = Scalar(77);
    std::vector<Scalar> memory(static_cast<std::size_t>(extent + 1 + 2 * guard), mark);
    Eigen::Map<Matrix<Scalar, order>, 0, Eigen::Stride<Dynamic, Dynamic>> map(
        memory.data() + guard, rows, cols, {outer, inner});
    rule(map, engine(), fans);
    CHECK(same(map, expected));
    map.setConstant(mark);
    CHECK(std::all_of(memory.begin(), memory.end(), [=](Scalar x) { return x == mark; }));
}

template <class Scalar> void check_storage() {
    check_views<Scalar>(normal);
    check_strides<Scalar, Eigen::ColMajor>(normal, 1, 211);
    check_strides<Scalar, Eigen::ColMajor>(normal, 1, 218);
    check_strides<Scalar, Eigen::ColMajor>(normal, 3, 640);
    check_strides<Scalar, Eigen::ColMajor>(normal, 61, 1); // a row-major matrix in disguise
    check_strides<Scalar, Eigen::RowMajor>(normal, 1, 61);
    check_strides<Scalar, Eigen::RowMajor>(normal, 1, 65);
    check_strides<Scalar, Eigen::RowMajor>(normal, 2, 130);
    check_strides<Scalar, Eigen::RowMajor>(normal, 211, 1);
}

} // namespace

TEMPLATE_TEST_CASE("storage order, strides and views do not change a value, nor memory beside it",
                   "", float, double, std::complex<float>) {
    check_storage<TestType>();
}

TEST_CASE("the storage of the other types and rules does not change a value either") {
    check_strides<long double, Eigen::RowMajor>(uniform, 2, 130);
    check_strides<half, Eigen::RowMajor>(truncated, 1, 61);
    check_strides<half, Eigen::ColMajor>(normal, 1, 218);
    check_strides<bfloat16, Eigen::ColMajor>(truncated, 3, 640);
    check_strides<std::complex<double>, Eigen::RowMajor>(GlorotUniform{.gain = 2}, 1, 61);
    check_strides<std::complex<double>, Eigen::ColMajor>(uniform, 1, 218);
}

TEST_CASE("strides may be negative") {
    std::vector<float> memory(211 * 61);
    Eigen::Map<Eigen::MatrixXf, 0, Eigen::Stride<Dynamic, Dynamic>> map(
        memory.data() + memory.size() - 1, 211, 61, {-211, -1});
    normal(map, engine());
    CHECK(same(map, pulled<float>(normal, 211, 61)));
}

TEST_CASE("fixed sizes, diagonals, parts of complex matrices and vectors are targets") {
    Eigen::Matrix<float, 3, 5> fixed;
    normal(fixed, engine());
    CHECK(same(fixed, pulled<float>(normal, 3, 5)));
    Eigen::Matrix<double, 3, 5, Eigen::RowMajor> by_rows;
    normal(by_rows, engine());
    CHECK(same(by_rows, pulled<double>(normal, 3, 5)));

    Eigen::MatrixXd square = Eigen::MatrixXd::Zero(9, 9);
    normal(square.diagonal(), engine());
    CHECK(same(square.diagonal(), pulled<double>(normal, 9, 1)));
    square.diagonal().setZero();
    CHECK((square.array() == 0).all());

    Eigen::MatrixXcf z = Eigen::MatrixXcf::Zero(9, 4);
    normal(z.real(), engine());
    CHECK(same(z.real(), pulled<float>(normal, 9, 4)));
    CHECK((z.imag().array() == 0).all());
    normal(z.imag(), engine());
    CHECK(same(z.imag(), pulled<float>(normal, 9, 4)));

    Eigen::RowVectorXf row(300);
    normal(row, engine());
    CHECK(same(row, pulled<float>(normal, 1, 300)));
    Eigen::MatrixXf w = Eigen::MatrixXf::Zero(300, 300);
    normal(w.row(7), engine());
    CHECK(same(w.row(7), pulled<float>(normal, 1, 300)));
    normal(w.col(7), engine());
    CHECK(same(w.col(7), pulled<float>(normal, 300, 1)));
}

TEST_CASE("nothing but the coefficients of unaligned memory is written") {
    for (std::size_t shift = 0; shift < 16; ++shift)
        for (const std::size_t size : {1U, 7U, 16U, 33U, 130U}) {
            std::vector<float> memory(256, 77.0F);
            Eigen::Map<Eigen::VectorXf> map(memory.data() + 48 + shift, Index(size));
            normal(map, engine());
            CHECK(same(map, pulled<float>(normal, Index(size), 1)));
            map.setConstant(77.0F);
            CHECK(std::all_of(memory.begin(), memory.end(), [](float x) { return x == 77.0F; }));
        }
}

// -- vectors, and what is left of them
// -------------------------------------------------------------

namespace {

/// Whether each run of `size` values that begins at a word from 0 to 5 equals the words pulled one
/// by one, for every size that lies near a vector's or a batch's.
template <class T, class Rule> bool sizes_agree(const Rule& rule) {
    std::vector<Index> sizes;
    for (Index size = 0; size <= 70; ++size) sizes.push_back(size);
    for (const Index size :
         {95, 96, 97, 127, 128, 129, 191, 192, 193, 255, 256, 257, 511, 513, 1000})
        sizes.push_back(size);
    for (std::uint64_t start = 0; start <= 5; ++start) {
        Philox rng(5);
        rng.seek(start);
        const Matrix<T> expected = pulled<T>(rule, 1000, 1, rng);
        for (const Index size : sizes) {
            Eigen::Matrix<T, Dynamic, 1> v(size);
            Philox moved = rng;
            rule(v, moved);
            if (!same(v, expected.topRows(size))) return false;
            if (moved.position() != start + static_cast<std::uint64_t>(size) * words_per_value<T>)
                return false;
        }
    }
    return true;
}

} // namespace

TEST_CASE("no size and no start changes a value, on any path") {
    for (const detail::Path path : paths()) {
        CAPTURE(static_cast<int>(path));
        const Forced forced(path);
        CHECK(sizes_agree<float>(uniform));
        CHECK(sizes_agree<float>(normal));
        CHECK(sizes_agree<float>(truncated));
        CHECK(sizes_agree<double>(uniform));
        CHECK(sizes_agree<double>(normal));
        CHECK(sizes_agree<double>(truncated));
        CHECK(sizes_agree<half>(normal));
        CHECK(sizes_agree<std::complex<float>>(normal));
    }
}

namespace {

/// Whether row-major matrices whose columns begin with a block of four words, and others, equal the
/// column-major ones, and leave the memory between their rows as it was.
template <class Scalar, class Rule>
bool rows_agree(const Rule& rule, Index rows, Index cols, std::uint64_t position) {
    Philox rng(11);
    rng.seek(position);
    Matrix<Scalar> expected(rows, cols);
    rule(expected, Philox(rng));
    Matrix<Scalar, Eigen::RowMajor> memory(rows + 2, cols + 3);
    memory.setConstant(Scalar(9));
    rule(memory.block(1, 2, rows, cols), rng);
    if (!same(memory.block(1, 2, rows, cols), expected)) return false;
    memory.block(1, 2, rows, cols).setConstant(Scalar(9));
    return (memory.array() == Scalar(9)).all() &&
           rng.position() ==
               position + static_cast<std::uint64_t>(rows * cols) * words_per_value<Scalar>;
}

} // namespace

TEST_CASE("row-major memory holds the same values, whatever its rows and columns") {
    constexpr std::uint64_t run = std::uint64_t{1} << 34; // words until the block's number carries
    for (const detail::Path path : paths()) {
        CAPTURE(static_cast<int>(path));
        const Forced forced(path);
        for (const Index cols : {31, 32, 33, 127, 128, 129, 135, 136, 144, 145, 159, 161, 200})
            for (const Index rows : {4, 6, 128, 130, 131, 132, 136, 252, 260}) {
                CAPTURE(rows, cols);
                CHECK(rows_agree<float>(normal, rows, cols, 4));
                CHECK(rows_agree<double>(uniform, rows, cols, 8));
            }
        for (Index rows = 1; rows <= 70; ++rows)
            for (const std::uint64_t position : {0U, 1U, 2U, 3U}) {
                CAPTURE(rows, position);
                CHECK(rows_agree<float>(uniform, rows, 9, position));
                CHECK(rows_agree<double>(uniform, rows, 5, position));
            }
        for (const std::uint64_t position :
             {std::uint64_t{2}, std::uint64_t{5}, run - 4, run - 132 * 130, run - 132 * 130 - 4,
              run - 2 * 132 * 130, 7 * run - 132, std::uint64_t{0}}) {
            CAPTURE(position);
            CHECK(rows_agree<float>(truncated, 132, 130, position));
            CHECK(rows_agree<double>(truncated, 132, 130, position));
            CHECK(rows_agree<double>(normal, 133, 130, position));
            CHECK(rows_agree<half>(normal, 132, 130, position));
            CHECK(rows_agree<std::complex<float>>(normal, 132, 130, position));
        }
        // Whole blocks in the whole, but not in the window; in the window, but not in the whole;
        // and an engine that is asked in order.
        Matrix<float> whole(132, 130), odd(130, 130);
        Matrix<float, Eigen::RowMajor> window(130, 130), drawn(132, 130);
        normal(whole, Philox(11));
        normal(window, Philox(11), Window{.rows = 132, .cols = 130, .row = 0, .col = 0});
        CHECK(same(window, whole.topRows(130)));
        normal(odd, Philox(11));
        window.resize(128, 130);
        normal(window, Philox(11), Window{.rows = 130, .cols = 130, .row = 0, .col = 0});
        CHECK(same(window, odd.topRows(128)));
        normal(whole, std::mt19937(1));
        normal(drawn, std::mt19937(1));
        CHECK(same(drawn, whole));
    }
}

TEST_CASE("all paths give the same bits") {
    const auto agree = [](auto scalar, const auto& rule) {
        using Scalar = decltype(scalar);
        const Forced forced(detail::Path::portable);
        Eigen::Matrix<Scalar, Dynamic, 1> expected(20000), words(20000), v(20000);
        rule(expected, engine());
        rule(words, Pulled(engine()));
        if (!same(expected, words)) return false;
        for (const detail::Path path : paths()) {
            const Forced inner(path);
            rule(v, engine());
            if (!same(v, expected)) return false;
            rule(v, Pulled(engine()));
            if (!same(v, expected)) return false;
        }
        return true;
    };
    const auto check = [&](const auto& rule) {
        CHECK(agree(float{}, rule));
        CHECK(agree(double{}, rule));
        CHECK(agree(std::complex<double>{}, rule));
    };
    check(uniform);
    check(Uniform{.low = -1e-30, .high = 3});
    check(Uniform{.low = -1e-320, .high = 1e-318}); // rounds to 0 and 0 for float
    check(Uniform{.low = 0, .high = 0});
    check(normal);
    check(Normal{});
    check(Normal{.stddev = 0});
    check(Normal{.stddev = 1e-41});
    check(Normal{.mean = 1e9, .stddev = 1e-3});
    check(truncated);
    check(tail);
    check(TruncatedNormal{});
    check(TruncatedNormal{.low = 0, .high = 1});
    check(TruncatedNormal{.low = 1, .high = std::numeric_limits<double>::infinity()});
}

TEST_CASE("rare words give the same bits on all paths") {
    // Words of the far tails, which a random sample hardly meets, in every lane of a vector.
    std::vector<std::uint32_t> words;
    Philox rng(8);
    for (std::uint32_t i = 0; i < 4096; ++i) {
        const std::uint32_t shift = rng() % 32;
        const std::uint32_t word = rng() >> shift;
        words.push_back(i % 2 == 0 ? word : rng());
        words.push_back(i % 3 == 0 ? ~word : word);
    }
    const auto check = [&](auto scalar, const auto& rule) {
        using Scalar = decltype(scalar);
        const auto size = static_cast<Index>(words.size() / words_per_value<Scalar>);
        Eigen::Matrix<Scalar, Dynamic, 1> v(size), expected(size);
        for (const detail::Path path : paths()) {
            const Forced forced(path);
            rule(v, tests::Scripted(words));
            if (path == detail::Path::portable) expected = v;
            CHECK(same(v, expected));
        }
    };
    check(float{}, normal);
    check(double{}, normal);
    check(float{}, truncated);
    check(double{}, truncated);
    check(float{}, uniform);
    check(double{}, uniform);
    check(float{}, tail);
    check(double{}, tail);
}

TEST_CASE("what vectors leave out of a large fill is made up for") {
    // One value in 200 lies beyond a table's upper bank and one in 50000 in the slow tails. All
    // values of `tail` do, which takes the portable path at once.
    const auto check = [&](auto scalar, const auto& rule, Index cols) {
        using Scalar = decltype(scalar);
        Matrix<Scalar> expected(128, cols), w(128, cols);
        Matrix<Scalar, Eigen::RowMajor> row_major(128, cols);
        {
            const Forced forced(detail::Path::portable);
            rule(expected, Philox(8));
        }
        for (const detail::Path path : paths()) {
            const Forced forced(path);
            rule(w, Philox(8));
            CHECK(same(w, expected));
            rule(row_major, Philox(8));
            CHECK(same(row_major, expected));
        }
    };
    check(float{}, normal, 2000);
    check(double{}, normal, 2000);
    check(float{}, truncated, 2000);
    check(double{}, truncated, 2000);
    check(float{}, tail, 100);
    check(double{}, tail, 100);
}

TEST_CASE("the carry of the block's number into its second word is met in the middle of a fill") {
    for (const detail::Path path : paths()) {
        const Forced forced(path);
        // At the end, each place of the carry in the last vectors.
        for (std::uint64_t before = 0; before < 304; before += before < 280 ? 7 : 1) {
            Philox rng(5);
            rng.seek((std::uint64_t{3} << 34) - before);
            Eigen::VectorXf f(301);
            normal(f, Philox(rng));
            CHECK(same(f, pulled<float>(normal, 301, 1, rng)));
            Eigen::VectorXd d(151);
            normal(d, Philox(rng));
            CHECK(same(d, pulled<double>(normal, 151, 1, rng)));
        }
        // Between two chunks of words: the later ones are of the next number alone.
        for (const Index behind : {4, 8, 64, 300}) {
            CAPTURE(behind);
            Philox rng(6);
            rng.seek((std::uint64_t{1} << 34) - detail::chunk_words);
            Eigen::VectorXf f(Index{detail::chunk_words} + behind);
            uniform(f, Philox(rng));
            CHECK(same(f, pulled<float>(uniform, f.size(), 1, rng)));
        }
    }
}

// -- threads -----------------------------------------------------------------------------------

namespace {

template <class Scalar> void check_threads() {
    // More than 2^17 values, from which on threads share a fill; none of the sizes is even.
    constexpr Index rows = 1031, cols = 257;
    const int before = Eigen::nbThreads();
    Eigen::setNbThreads(1);
    Matrix<Scalar> expected(rows, cols);
    normal(expected, engine());
    for (const int threads : {1, 2, 3, 7}) {
        CAPTURE(threads);
        Eigen::setNbThreads(threads);
        Matrix<Scalar> w(rows, cols);
        Philox rng = engine();
        normal(w, rng);
        CHECK(same(w, expected));
        CHECK(rng.position() == engine().position() + rows * cols * words_per_value<Scalar>);
        Matrix<Scalar, Eigen::RowMajor> row_major(rows, cols);
        normal(row_major, engine());
        CHECK(same(row_major, expected));
        Matrix<Scalar> large(rows + 3, cols);
        normal(large.topRows(rows), engine());
        CHECK(same(large.topRows(rows), expected));
        w.setZero();
        normal(w, Counter(engine()));
        CHECK(same(w, expected));
        w.setZero();
        normal(w, Pulled(engine()));
        CHECK(same(w, expected));
        w.setZero();
        normal(w.bottomRows(rows - 1), engine(),
               Window{.rows = rows, .cols = cols, .row = 1, .col = 0});
        CHECK(same(w.bottomRows(rows - 1), expected.bottomRows(rows - 1)));
    }
    Eigen::setNbThreads(before);
}

} // namespace

// Without OpenMP a single thread does it all, and this holds trivially.
TEST_CASE("the number of threads does not change a value") {
    check_threads<float>();
    check_threads<double>();
}

// -- windows -----------------------------------------------------------------------------------

namespace {

template <class Scalar, int order, class Rule>
bool windows_agree(const Rule& rule, Index rows = 9, Index cols = 7) {
    Matrix<Scalar> whole(rows, cols);
    Philox after = engine();
    rule(whole, after);
    for (Index r = 0; r <= rows; ++r)
        for (Index c = 0; c <= cols; ++c)
            for (Index height = 0; height <= rows - r; ++height)
                for (Index width = 0; width <= cols - c; ++width) {
                    Matrix<Scalar, order> block(height, width);
                    Philox rng = engine();
                    rule(block, rng, Window{.rows = rows, .cols = cols, .row = r, .col = c});
                    if (!same(block, whole.block(r, c, height, width)) || rng != after)
                        return false;
                }
    return true;
}

} // namespace

TEST_CASE("every window equals the slice of the whole, and leaves the engine behind the whole") {
    CHECK(windows_agree<float, Eigen::ColMajor>(HeNormal{}));
    CHECK(windows_agree<float, Eigen::RowMajor>(GlorotUniform{}));
    CHECK(windows_agree<double, Eigen::ColMajor>(normal));
    CHECK(windows_agree<double, Eigen::RowMajor>(truncated));
    CHECK(windows_agree<half, Eigen::ColMajor>(normal));
    CHECK(windows_agree<std::complex<float>, Eigen::ColMajor>(uniform));
    CHECK(windows_agree<std::complex<double>, Eigen::RowMajor>(HeNormal{}));
    for (const detail::Path path : paths()) {
        const Forced forced(path);
        CHECK(windows_agree<float, Eigen::RowMajor>(normal, 3, 9));
        CHECK(windows_agree<double, Eigen::ColMajor>(uniform, 5, 4));
    }
}

TEST_CASE("larger windows at uneven places equal the slice too") {
    const Matrix<float> whole = pulled<float>(normal, 401, 53);
    Matrix<float> corner(5, 7);
    normal(corner, engine(), Window{.rows = 401, .cols = 53});
    CHECK(same(corner, whole.topLeftCorner(5, 7)));
    for (const auto& [r, c, height, width] : {std::array<Index, 4>{0, 0, 401, 53},
                                              {13, 5, 257, 17},
                                              {128, 16, 273, 37},
                                              {400, 0, 1, 53},
                                              {0, 52, 401, 1},
                                              {1, 1, 400, 52}}) {
        const Window window{.rows = 401, .cols = 53, .row = r, .col = c};
        Eigen::MatrixXf block(height, width);
        normal(block, engine(), window);
        CHECK(same(block, whole.block(r, c, height, width)));
        Matrix<float, Eigen::RowMajor> by_rows(height, width);
        normal(by_rows, engine(), window);
        CHECK(same(by_rows, whole.block(r, c, height, width)));
        Eigen::MatrixXf user(height, width);
        Counter counter(engine());
        normal(user, counter, window);
        CHECK(same(user, block));
        CHECK(counter.position() == engine().position() + 401 * 53);
    }
}

TEST_CASE("the fans of a window are those of the whole, or those given") {
    Eigen::MatrixXf whole(64, 32), block(16, 32), given(16, 32);
    HeNormal{}(whole, engine());
    HeNormal{}(block, engine(), Window{.rows = 64, .cols = 32, .row = 16, .col = 0});
    CHECK(same(block, whole.middleRows(16, 16)));
    GlorotUniform{}(whole, engine(), Fans{.in = 3, .out = 4});
    GlorotUniform{}(block, engine(), Window{.rows = 64, .cols = 32, .row = 16, .col = 0},
                    Fans{.in = 3, .out = 4});
    CHECK(same(block, whole.middleRows(16, 16)));
    GlorotUniform{}(given, engine(), Fans{.in = 3, .out = 4},
                    Window{.rows = 64, .cols = 32, .row = 16, .col = 0});
    CHECK(same(given, block));
    GlorotUniform{}(whole, engine());
    Eigen::VectorXf column(64);
    GlorotUniform{}(column, engine(), Window{.rows = 64, .cols = 32, .col = 5});
    CHECK(same(column, whole.col(5)));
    GlorotUniform{}(given.col(0), engine(), Window{.rows = 64, .cols = 32, .row = 48, .col = 31});
    CHECK(same(given.col(0), whole.col(31).tail(16)));
}

TEST_CASE("a block of a matrix that no memory holds has the words of its place") {
    constexpr std::uint64_t side = 1'000'000;
    const Window window{.rows = side, .cols = side, .row = side - 5, .col = side - 3};
    const auto check = [&](auto scalar) {
        using Scalar = decltype(scalar);
        constexpr std::uint64_t words = words_per_value<Scalar>;
        Matrix<Scalar> block(5, 3);
        Philox rng(42);
        normal(block, rng, window);
        CHECK(rng.position() == side * side * words);
        for (Index c = 0; c < 3; ++c) {
            Philox there(42);
            there.seek(((side - 3 + static_cast<std::uint64_t>(c)) * side + side - 5) * words);
            CHECK(same(block.col(c), pulled<Scalar>(normal, 5, 1, there)));
        }
    };
    check(float{});
    check(double{});
    check(std::complex<double>{});
    // The last element that a stream has.
    const Window last{.rows = ~std::uint64_t{0}, .cols = 1, .row = ~std::uint64_t{0} - 3, .col = 0};
    Eigen::MatrixXf end(3, 1);
    Philox rng(42), there(42);
    normal(end, rng, last);
    there.seek(~std::uint64_t{0} - 3);
    CHECK(same(end, pulled<float>(normal, 3, 1, there)));
    CHECK(rng.position() == ~std::uint64_t{0});
}

TEST_CASE("a window with an empty block still moves the engine") {
    Eigen::MatrixXd none(0, 4);
    Philox rng = engine();
    HeNormal{}(none, rng, Window{.rows = 10, .cols = 4, .row = 10, .col = 0});
    CHECK(rng.position() == engine().position() + 80);
}

// -- edges -------------------------------------------------------------------------------------

TEST_CASE("an empty target takes no words") {
    Philox rng = engine();
    std::mt19937 mt(1);
    for (const auto& [rows, cols] : {std::pair<Index, Index>{0, 0}, std::pair<Index, Index>{0, 5},
                                     std::pair<Index, Index>{5, 0}}) {
        Eigen::MatrixXf w(rows, cols);
        HeNormal{}(w, rng);
        HeNormal{}(w, mt);
        GlorotUniform{}(w, rng);
        normal(w, rng);
    }
    CHECK(rng == engine());
    CHECK(mt == std::mt19937(1));
}

TEST_CASE("tall, wide and single matrices equal the words pulled one by one") {
    for (const auto& [rows, cols] :
         {std::pair<Index, Index>{1, 1}, std::pair<Index, Index>{1, 5000},
          std::pair<Index, Index>{5000, 1}, std::pair<Index, Index>{2, 2500},
          std::pair<Index, Index>{2500, 2}}) {
        Eigen::MatrixXf w(rows, cols);
        normal(w, engine());
        CHECK(same(w, pulled<float>(normal, rows, cols)));
        Matrix<double, Eigen::RowMajor> d(rows, cols);
        normal(d, engine());
        CHECK(same(d, pulled<double>(normal, rows, cols)));
    }
}

TEST_CASE("two fills in a row are one of both") {
    Eigen::MatrixXf whole(6, 10);
    normal(whole, engine());
    Eigen::MatrixXf w(6, 10);
    Philox rng = engine();
    normal(w.leftCols(3), rng);
    normal(w.rightCols(7), rng);
    CHECK(same(w, whole));
}

// -- make --------------------------------------------------------------------------------------

TEST_CASE("make gives a new matrix that is filled as the rule does") {
    Eigen::MatrixXf w(10, 128);
    Philox rng = engine(), other = engine();
    GlorotUniform{}(w, rng);
    CHECK(same(make<Eigen::MatrixXf>(GlorotUniform{}, other, 10, 128), w));
    CHECK(rng == other);
    CHECK(same(make<Matrix<float, Eigen::RowMajor>>(GlorotUniform{}, engine(), 10U, 128L), w));
    using Fixed = Eigen::Matrix<float, 10, 128>;
    CHECK(same(make<Fixed>(GlorotUniform{}, engine(), 10, 128), w));
    CHECK(make<Eigen::MatrixXd>(normal, engine(), 0, 3).cols() == 3);
    constexpr Index most = std::numeric_limits<Index>::max();
    CHECK(make<Eigen::MatrixXd>(normal, engine(), most, 0).rows() == most);
    CHECK(make<Eigen::MatrixXd>(normal, engine(), 0, most).cols() == most);
}

TEST_CASE("make passes facts on") {
    Eigen::MatrixXf w(10, 128);
    GlorotUniform{}(w, engine(), Fans{.in = 7, .out = 9});
    CHECK(same(make<Eigen::MatrixXf>(GlorotUniform{}, engine(), 10, 128, Fans{.in = 7, .out = 9}),
               w));
    const Window window{.rows = 10, .cols = 128, .row = 2, .col = 3};
    CHECK(same(
        make<Eigen::MatrixXf>(GlorotUniform{}, engine(), 4, 5, window, Fans{.in = 7, .out = 9}),
        w.block(2, 3, 4, 5)));
    const auto b = make<Eigen::VectorXf>(HeNormal{}, engine(), 128, 1, Dense{.in = 10, .out = 128});
    CHECK(b.size() == 128);
}
