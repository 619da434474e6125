// SPDX-License-Identifier: MIT
// The values of tests/golden/golden.inc, which tests/golden/oracle.py works out without the
// library, from tests/golden/specification.md alone. Where one differs, the stream has changed.
#include "catch.hpp"
#include "engines.hpp"

#include <nninit/rules.hpp>

#include <complex>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <sstream>
#include <string>
#include <vector>

#include "golden/golden.inc"

namespace {

using namespace nninit;

std::uint64_t bits_of(float x) { return std::bit_cast<std::uint32_t>(x); }
std::uint64_t bits_of(double x) { return std::bit_cast<std::uint64_t>(x); }
std::uint64_t bits_of(Eigen::half x) { return x.x; }
std::uint64_t bits_of(Eigen::bfloat16 x) { return x.value; }

template <class Scalar>
std::vector<std::uint64_t> bits_of(const Eigen::Matrix<Scalar, Eigen::Dynamic, 1>& v) {
    std::vector<std::uint64_t> bits;
    for (const Scalar& x : v) {
        bits.push_back(bits_of(Eigen::numext::real(x)));
        if constexpr (Eigen::NumTraits<Scalar>::IsComplex != 0)
            bits.push_back(bits_of(Eigen::numext::imag(x)));
    }
    return bits;
}

template <class Scalar, class Entry>
std::vector<std::uint64_t> filled(const Entry& entry, std::size_t count, Philox rng) {
    Eigen::Matrix<Scalar, Eigen::Dynamic, 1> v(static_cast<Eigen::Index>(count));
    const auto& p = entry.p;
    switch (entry.kind) {
    case 0:
        Uniform{p[0], p[1]}(v, rng);
        break;
    case 1:
        Normal{p[0], p[1]}(v, rng);
        break;
    case 2:
        TruncatedNormal{p[0], p[1], p[2], p[3]}(v, rng);
        break;
    default:
        throw std::out_of_range("kind");
    }
    return bits_of(v);
}

/// The bits that the library gives for a run, a digest or a refusal.
template <class Entry>
std::vector<std::uint64_t> values(const Entry& entry, std::size_t count, const Philox& rng) {
    switch (entry.type) {
    case 0:
        return filled<float>(entry, count, rng);
    case 1:
        return filled<double>(entry, count, rng);
    case 2:
        return filled<Eigen::half>(entry, count, rng);
    case 3:
        return filled<Eigen::bfloat16>(entry, count, rng);
    case 4:
        return filled<std::complex<float>>(entry, count, rng);
    case 5:
        return filled<std::complex<double>>(entry, count, rng);
    default:
        throw std::out_of_range("type");
    }
}

template <class Entry> std::string text(const Entry& entry) {
    static constexpr const char* kinds[] = {"Uniform", "Normal", "TruncatedNormal"};
    static constexpr const char* types[] = {"float",    "double",         "half",
                                            "bfloat16", "complex<float>", "complex<double>"};
    std::ostringstream out;
    out.precision(17);
    out << kinds[entry.kind] << "(" << entry.p[0] << ", " << entry.p[1] << ", " << entry.p[2]
        << ", " << entry.p[3] << ") of " << types[entry.type];
    return out.str();
}

/// The engine at a seed, a stream and a position, by way of the text that it reads.
Philox engine_at(std::uint64_t seed, std::uint64_t stream, std::uint64_t position) {
    Philox rng;
    std::stringstream state;
    state << seed << ' ' << stream << ' ' << position;
    state >> rng;
    return rng;
}

std::uint64_t fnv1a(const std::vector<std::uint64_t>& values, int type) {
    static constexpr int sizes[] = {4, 8, 2, 2, 4, 8};
    std::uint64_t hash = 0xcbf29ce484222325;
    for (const std::uint64_t x : values)
        for (int i = 0; i < sizes[type]; ++i) hash = (hash ^ (x >> 8 * i & 0xff)) * 0x100000001b3;
    return hash;
}

} // namespace

TEST_CASE("the words of Philox are the golden ones") {
    for (const golden::words& entry : golden::philox) {
        Philox rng = engine_at(entry.seed, entry.stream, entry.position);
        std::vector<std::uint32_t> words;
        for (std::size_t i = 0; i < 8; ++i) words.push_back(rng());
        CAPTURE(entry.seed, entry.stream, entry.position);
        CHECK(words == std::vector<std::uint32_t>(entry.word, entry.word + 8));
    }
}

TEST_CASE("names and ids lead to the golden streams") {
    for (const golden::name& entry : golden::names) {
        const std::string name(entry.text, entry.size);
        CAPTURE(entry.stream, name);
        CHECK(engine_at(1, entry.stream, 5).stream(name) == engine_at(1, entry.derived, 0));
    }
    for (const golden::id& entry : golden::ids) {
        CAPTURE(entry.stream, entry.value);
        CHECK(engine_at(1, entry.stream, 5).stream(entry.value) == engine_at(1, entry.derived, 0));
    }
}

TEST_CASE("fills have the golden values, bit for bit") {
    for (const golden::run& entry : golden::runs) {
        const Philox rng = engine_at(entry.seed, entry.stream, entry.position);
        const auto got = values(entry, entry.count, rng);
        const std::vector<std::uint64_t> wanted(golden::bits + entry.first,
                                                golden::bits + entry.first + got.size());
        INFO(text(entry));
        CAPTURE(entry.seed, entry.stream, entry.position);
        CHECK(got == wanted);
    }
}

TEST_CASE("large fills have the golden digests") {
    for (const golden::digest& entry : golden::digests) {
        INFO(text(entry));
        CHECK(fnv1a(values(entry, entry.count, Philox(42)), entry.type) == entry.hash);
    }
}

TEST_CASE("what the specification refuses is refused") {
    for (const golden::refusal& entry : golden::refused) {
        INFO(text(entry));
        CHECK_THROWS_AS(values(entry, 1, Philox(1)), std::invalid_argument);
    }
}

TEST_CASE("words have the golden quantiles") {
    for (const golden::float_z& entry : golden::float_quantiles) {
        Eigen::VectorXf z(1);
        Normal{}(z, tests::Scripted({entry.word}));
        CAPTURE(entry.word);
        CHECK(bits_of(z(0)) == entry.bits);
    }
    for (const golden::double_z& entry : golden::double_quantiles) {
        Eigen::VectorXd z(1);
        Normal{}(z, tests::Scripted(tests::halves({entry.word})));
        CAPTURE(entry.word);
        CHECK(bits_of(z(0)) == entry.bits);
    }
}

namespace {

/// The bound or the standard deviation; NaN if the distribution is not symmetric as it should be.
double size_of(const Uniform& u) {
    return u.low == -u.high ? u.high : std::numeric_limits<double>::quiet_NaN();
}
double size_of(const Normal& n) {
    return n.mean == 0 ? n.stddev : std::numeric_limits<double>::quiet_NaN();
}
double size_of(const TruncatedNormal& t) {
    return t.mean == 0 && t.high == 2 * t.stddev && t.low == -t.high
               ? t.stddev
               : std::numeric_limits<double>::quiet_NaN();
}

double scaling(double scale, Mode mode, int kind, const Fans& fans) {
    static constexpr Shape shapes[] = {Shape::uniform, Shape::normal, Shape::truncated};
    const VarianceScaling rule{.scale = scale, .mode = mode, .distribution = shapes[kind]};
    return std::visit([](const auto& d) { return size_of(d); }, rule.given(fans));
}

double given(const golden::rule& entry, const Fans& fans) {
    const double x = entry.argument;
    const volatile double square = x * x; // rounded, also where the compiler would fuse
    static constexpr Mode modes[] = {Mode::fan_in, Mode::fan_out, Mode::mean, Mode::geometric_mean};
    const Mode mode = modes[std::max(entry.mode, 0)];
    switch (entry.which) {
    case 0:
        return size_of(RandomUniform{}.given(fans));
    case 1:
        if (entry.kind == 0) return size_of(GlorotUniform{.gain = x}.given(fans));
        if (entry.kind == 1) return size_of(GlorotNormal{.gain = x}.given(fans));
        return scaling(square, Mode::mean, entry.kind, fans);
    case 2:
        if (entry.kind == 0)
            return size_of(HeUniform{.negative_slope = x, .mode = mode}.given(fans));
        if (entry.kind == 1)
            return size_of(HeNormal{.negative_slope = x, .mode = mode}.given(fans));
        return scaling(2 / (1 + square), mode, entry.kind, fans);
    case 3:
        if (entry.kind == 0) return size_of(LeCunUniform{}.given(fans));
        if (entry.kind == 1) return size_of(LeCunNormal{}.given(fans));
        return scaling(1, Mode::fan_in, entry.kind, fans);
    case 4:
        return scaling(x, mode, entry.kind, fans);
    default:
        return std::numeric_limits<double>::quiet_NaN();
    }
}

} // namespace

TEST_CASE("rules give the golden parameters, bit for bit") {
    for (const golden::rule& entry : golden::rules)
        for (std::size_t k = 0; k < std::size(golden::fans); ++k) {
            const Fans fans{golden::fans[k].in, golden::fans[k].out};
            CAPTURE(entry.which, entry.kind, entry.mode, entry.argument, fans.in, fans.out);
            CHECK(bits_of(given(entry, fans)) == entry.bits[k]);
        }
}

TEST_CASE("the golden values are those of stream version 3") { CHECK(stream_version == 3); }

TEST_CASE("the golden file is there as a whole") {
    CHECK(std::size(golden::philox) >= 30);
    CHECK(std::size(golden::runs) >= 100);
    CHECK(std::size(golden::refused) >= 10);
    CHECK(std::size(golden::rules) >= 30);
    CHECK(std::size(golden::fans) == std::size(golden::rules[0].bits));
}
