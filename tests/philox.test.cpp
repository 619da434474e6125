// SPDX-License-Identifier: MIT
#include "catch.hpp"

#include <nninit/detail/source.hpp>
#include <nninit/engine.hpp>
#include <nninit/make.hpp>
#include <nninit/philox.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iomanip>
#include <limits>
#include <numeric>
#include <random>
#include <sstream>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

using nninit::Philox;
using Words = std::array<std::uint32_t, 4>;

namespace {

constexpr std::uint64_t last_position = std::numeric_limits<std::uint64_t>::max();
const std::string ended = "nninit: the Philox stream has ended; use another stream";
const std::string too_far =
    "nninit: the Philox stream has fewer words left than would be skipped; use another stream";

template <class Name>
concept HasStream = requires(const Philox& rng, Name name) {
    rng.stream(name);
};
template <class Name>
concept HasStreamOfTwo = requires(const Philox& rng, Name name) {
    rng.stream({name, name});
};

/// Philox4x32-10 as the paper states it: counter (c0, c1, c2, c3), key (k0, k1). Unlike the engine
/// it reaches every counter.
Words reference(const Words& counter, std::uint32_t k0, std::uint32_t k1) {
    Words c = counter;
    for (int round = 0; round < 10; ++round, k0 += 0x9e3779b9, k1 += 0xbb67ae85) {
        const std::uint64_t p0 = 0xd2511f53ULL * c[0], p1 = 0xcd9e8d57ULL * c[2];
        c = {static_cast<std::uint32_t>(p1 >> 32) ^ c[1] ^ k0, static_cast<std::uint32_t>(p1),
             static_cast<std::uint32_t>(p0 >> 32) ^ c[3] ^ k1, static_cast<std::uint32_t>(p0)};
    }
    return c;
}

Words reference(std::uint64_t seed, std::uint64_t stream, std::uint64_t block) {
    return reference({static_cast<std::uint32_t>(block), static_cast<std::uint32_t>(block >> 32),
                      static_cast<std::uint32_t>(stream), static_cast<std::uint32_t>(stream >> 32)},
                     static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32));
}

std::uint32_t reference_word(std::uint64_t seed, std::uint64_t stream, std::uint64_t position) {
    return reference(seed, stream, position / 4)[position % 4];
}

/// An engine in any state; the text is the only way to a stream by its number.
Philox at(std::uint64_t seed, std::uint64_t stream, std::uint64_t position) {
    Philox engine;
    std::istringstream(std::to_string(seed) + ' ' + std::to_string(stream) + ' ' +
                       std::to_string(position)) >>
        engine;
    return engine;
}

/// H(tag, stream, x) of the stream specification.
std::uint64_t hash(std::uint64_t tag, std::uint64_t stream, std::uint64_t x) {
    const Words words = reference(0x6e6e696e69740000ULL + tag, stream, x);
    return words[0] + (std::uint64_t{words[1]} << 32);
}

std::uint64_t stream_of_id(std::uint64_t stream, std::uint64_t id) {
    const std::uint64_t h = hash(1, stream, id);
    return h == 0 ? 1 : h;
}

std::uint64_t stream_of_name(std::uint64_t stream, std::string name) {
    std::uint64_t h = hash(2, stream, name.size());
    name.resize((name.size() + 7) / 8 * 8); // filled with zero bytes
    for (std::size_t i = 0; i < name.size(); i += 8) {
        std::uint64_t x = 0;
        for (std::size_t k = 8; k-- > 0;) x = x * 256 + static_cast<unsigned char>(name[i + k]);
        h = hash(3, h, x);
    }
    return h == 0 ? 1 : h;
}

template <class Number> std::size_t distinct(std::vector<Number> numbers) {
    std::sort(numbers.begin(), numbers.end());
    return static_cast<std::size_t>(std::unique(numbers.begin(), numbers.end()) - numbers.begin());
}

} // namespace

// -- the law ---------------------------------------------------------------------------------

TEST_CASE("The transcription gives Random123's three known answers") {
    constexpr std::uint32_t ones = 0xffffffff;
    CHECK(reference({0, 0, 0, 0}, 0, 0) == Words{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
    CHECK(reference({ones, ones, ones, ones}, ones, ones) ==
          Words{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
    CHECK(reference({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, 0xa4093822, 0x299f31d0) ==
          Words{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
}

// Of the three only the first is an engine's: a stream ends with block 2^62 - 1, and the others lie
// at blocks 2^64 - 1 and 0x85a308d3243f6a88. For the rest the transcription above speaks.
TEST_CASE("The engine gives the known answer at counter 0 and key 0") {
    Philox engine(0);
    CHECK(engine() == 0x6627e8d5);
    CHECK(engine() == 0xe169c58d);
    CHECK(engine() == 0xbc57ac4c);
    CHECK(engine() == 0x9b00dbd8);
}

TEST_CASE("The 10000th word of the default seed is that of std::philox4x32") {
    Philox engine;
    CHECK(engine.seed_value() == 20111115);
    for (int i = 1; i < 10000; ++i) engine();
    CHECK(engine() == 1955073260);
    Philox other(20111115);
    other.discard(9998); // control: one word too early
    CHECK(other() != 1955073260);
}

namespace {

/// n words from the engine's position on, as fills take them.
std::vector<std::uint32_t> kernel_words(const Philox& engine, std::size_t n) {
    const nninit::detail::Source source(engine);
    std::vector<std::uint32_t> words(n + 32 * 4);
    source.words(source.position, words.data(), n);
    const auto first = words.begin() + static_cast<std::ptrdiff_t>(source.lead(source.position));
    return {first, first + static_cast<std::ptrdiff_t>(n)};
}

} // namespace

TEST_CASE("Every word is the transcription's, in any seed, stream and position") {
    std::mt19937_64 random(1);
    for (int i = 0; i < 2000; ++i) {
        // Every number of leading zeros, so that small and large values both occur.
        const std::uint64_t seed = random() >> random() % 64;
        const std::uint64_t stream = random() >> random() % 64;
        std::uint64_t position = random() >> random() % 64;
        if (position > last_position - 9) position -= 9;
        Philox engine = at(seed, stream, position);
        REQUIRE(engine.seed_value() == seed);
        REQUIRE(engine.stream_value() == stream);
        REQUIRE(engine.position() == position);
        const std::vector<std::uint32_t> run = kernel_words(engine, 9);
        for (std::uint64_t k = 0; k < 9; ++k) {
            const std::uint32_t word = engine();
            REQUIRE(word == reference_word(seed, stream, position + k));
            REQUIRE(word == run[k]);
        }
        REQUIRE(engine.position() == position + 9);
    }
}

// Where a 32-bit block number and the counter's second word begin anew.
TEST_CASE("Words go on across every carry of the counter and to the end of the stream") {
    for (const std::uint64_t edge :
         {std::uint64_t{1} << 32, std::uint64_t{1} << 34, std::uint64_t{7} << 34,
          std::uint64_t{1} << 63, last_position - 71}) {
        for (std::uint64_t before = 0; before < 9; ++before) {
            const std::uint64_t first = edge - before;
            Philox engine = at(5, 6, 0);
            engine.seek(first);
            const std::vector<std::uint32_t> run = kernel_words(engine, 70);
            for (std::uint64_t k = 0; k < run.size(); ++k) {
                const std::uint32_t word = engine();
                REQUIRE(word == reference_word(5, 6, first + k));
                REQUIRE(word == run[k]);
            }
        }
    }
}

// -- the interface ---------------------------------------------------------------------------

TEST_CASE("Philox models the standard's engine and the counter engine, at compile time too") {
    STATIC_REQUIRE(std::uniform_random_bit_generator<Philox>);
    STATIC_REQUIRE(nninit::CounterEngine<Philox>);
    STATIC_REQUIRE(std::regular<Philox>);
    STATIC_REQUIRE(std::is_nothrow_copy_constructible_v<Philox>);
    STATIC_REQUIRE(std::is_same_v<Philox::result_type, std::uint32_t>);
    STATIC_REQUIRE(Philox::min() == 0);
    STATIC_REQUIRE(Philox::max() == 0xffffffff);
    STATIC_REQUIRE(Philox(0)() == 0x6627e8d5);
    STATIC_REQUIRE([] {
        Philox engine(20111115);
        engine.discard(9999);
        return engine();
    }() == 1955073260);
    STATIC_REQUIRE(Philox(1).stream("a").stream_value() != Philox(1).stream("b").stream_value());
    STATIC_REQUIRE_FALSE(HasStream<std::nullptr_t>);
    STATIC_REQUIRE(HasStream<const char*>);
    STATIC_REQUIRE_FALSE(HasStreamOfTwo<const char(&)[3]>); // a view from one to the other
    STATIC_REQUIRE(HasStreamOfTwo<const char*>);
    STATIC_REQUIRE(Philox(1).stream({"ab", 1}) == Philox(1).stream("a"));
    STATIC_REQUIRE(Philox(1).stream({"ab"}) == Philox(1).stream("ab"));
    STATIC_REQUIRE(Philox(1).stream(3) == Philox(1).stream(3));
    // Controls: what the concept must turn away.
    STATIC_REQUIRE_FALSE(nninit::CounterEngine<std::mt19937>);
    STATIC_REQUIRE_FALSE(nninit::CounterEngine<const Philox>);
    STATIC_REQUIRE_FALSE(std::uniform_random_bit_generator<const Philox>);
    STATIC_REQUIRE_FALSE(std::is_convertible_v<int, Philox>);
}

TEST_CASE("Seeds of every integral type count modulo 2^64") {
    const auto same = [](auto seed, std::uint64_t value) {
        Philox reseeded(99);
        reseeded.discard(5);
        reseeded.seed(seed);
        return Philox(seed).seed_value() == value && reseeded == Philox(value) &&
               Philox(seed)() == reference_word(value, 0, 0);
    };
    CHECK(same(true, 1));
    CHECK(same('a', 97));
    CHECK(same(static_cast<signed char>(-1), last_position));
    CHECK(same(static_cast<unsigned char>(255), 255));
    CHECK(same(static_cast<short>(-2), last_position - 1));
    CHECK(same(static_cast<unsigned short>(65535), 65535));
    CHECK(same(-1, last_position));
    CHECK(same(std::numeric_limits<int>::min(), 0xffffffff80000000));
    CHECK(same(4294967295U, 4294967295));
    CHECK(same(-3L, last_position - 2));
    CHECK(same(3UL, 3));
    CHECK(same(-4LL, last_position - 3));
    CHECK(same(0x123456789abcdef0ULL, 0x123456789abcdef0));
    CHECK(same(std::size_t{7}, 7));
    enum { seed = 8 };
    CHECK(same(seed, 8));
    CHECK_FALSE(same(-1, 0xffffffff)); // control: not cut to 32 bits
}

TEST_CASE("seed() goes back to the beginning of the root stream") {
    Philox engine = Philox(3).stream("x");
    engine.discard(11);
    engine.seed();
    CHECK(engine == Philox());
    engine.seed(3);
    CHECK(engine == Philox(3));
}

TEST_CASE("A seed sequence gives the seed's low and high half") {
    std::seed_seq sequence{1, 2, 3};
    std::array<std::uint32_t, 2> words{};
    sequence.generate(words.begin(), words.end());
    const Philox engine(sequence);
    CHECK(engine.seed_value() == words[0] + (std::uint64_t{words[1]} << 32));
    CHECK(engine.stream_value() == 0);
    Philox reseeded(9);
    reseeded.discard(3);
    reseeded.seed(sequence);
    CHECK(reseeded == engine);
    std::seed_seq other{1, 2, 4};
    CHECK(Philox(other) != engine);
}

TEST_CASE("discard is the same as stepping") {
    std::mt19937 random(2);
    Philox jumping = Philox(4).stream("walk"), stepping = jumping;
    for (int i = 0; i < 300; ++i) {
        const auto distance = static_cast<unsigned>(random() % (i % 3 == 0 ? 5 : 900));
        jumping.discard(distance);
        for (unsigned k = 0; k < distance; ++k) stepping();
        REQUIRE(jumping == stepping);
        REQUIRE(jumping.position() == stepping.position());
        REQUIRE(jumping() == stepping());
    }
}

TEST_CASE("A copy is an independent engine in the same state") {
    Philox engine = Philox(6).stream(1);
    engine.discard(2);
    Philox copy = engine;
    const std::uint32_t word = engine();
    CHECK(copy.position() == 2);
    CHECK(copy() == word);
    copy.discard(7);
    CHECK(engine.position() == 3);
    engine = copy;
    CHECK(engine == copy);
    CHECK(engine() == copy());
}

TEST_CASE("Engines are equal when seed, stream and position are") {
    const Philox engine = at(1, 2, 3);
    CHECK(engine == at(1, 2, 3));
    CHECK(engine != at(2, 2, 3));
    CHECK(engine != at(1, 3, 3));
    CHECK(engine != at(1, 2, 4));
    // How the position was reached does not matter.
    Philox drawn = at(1, 2, 0), sought = drawn;
    for (int i = 0; i < 3; ++i) drawn();
    sought.seek(1000);
    sought();
    sought.seek(3);
    CHECK(drawn == engine);
    CHECK(sought == engine);
    CHECK(drawn() == sought());
}

TEST_CASE("seek reaches any position from any other") {
    Philox engine(8);
    for (const std::uint64_t position :
         {std::uint64_t{0}, std::uint64_t{5000000000}, std::uint64_t{3}, std::uint64_t{1} << 40,
          (std::uint64_t{1} << 40) + 1, std::uint64_t{4}, last_position - 1}) {
        engine.seek(position);
        CHECK(engine.position() == position);
        CHECK(engine() == reference_word(8, 0, position));
        CHECK(engine.position() == position + 1);
    }
}

TEST_CASE("The end of the stream is a sentence, and the engine stays where it was") {
    Philox engine(1);
    engine.seek(last_position - 1);
    CHECK(engine() == reference_word(1, 0, last_position - 1));
    const Philox at_end = engine;
    CHECK_THROWS_MATCHES(engine(), std::invalid_argument, Catch::Matchers::Message(ended));
    CHECK(engine == at_end);
    CHECK_THROWS_MATCHES(engine.discard(1), std::invalid_argument,
                         Catch::Matchers::Message(too_far));
    CHECK(engine == at_end);
    CHECK_NOTHROW(engine.discard(0));

    engine.seek(10);
    CHECK_THROWS_MATCHES(engine.discard(last_position - 9), std::invalid_argument,
                         Catch::Matchers::Message(too_far));
    CHECK(engine.position() == 10);
    CHECK_NOTHROW(engine.discard(last_position - 10)); // control: exactly to the end
    CHECK(engine == at_end);
}

TEST_CASE("Text brings back the whole state") {
    for (const Philox& engine : {Philox(0), at(1, 2, 3), Philox(-1).stream("name"),
                                 at(last_position, last_position, last_position)}) {
        Philox before = engine;
        if (before.position() != last_position) before();
        std::ostringstream out;
        out << std::hex << before; // always decimal
        CHECK(out.str() == std::to_string(before.seed_value()) + ' ' +
                               std::to_string(before.stream_value()) + ' ' +
                               std::to_string(before.position()));
        Philox after(77);
        after(); // leaves words behind that must not be used
        std::istringstream in(out.str());
        in >> std::hex >> after;
        CHECK_FALSE(in.fail());
        CHECK(in.eof());
        CHECK(after == before);
        if (before.position() != last_position) CHECK(after() == before());
    }
    std::stringstream both;
    both << at(1, 2, 3) << '\n' << at(4, 5, 6) << " rest";
    Philox first, second;
    std::string rest;
    both >> first >> second >> rest;
    CHECK(first == at(1, 2, 3));
    CHECK(second == at(4, 5, 6));
    CHECK(rest == "rest");
}

TEST_CASE("Text that is no state sets failbit and leaves the engine as it was") {
    for (const char* text : {"",
                             " ",
                             "1",
                             "1 2",
                             "1 2 ",
                             "a 2 3",
                             "1 b 3",
                             "1 2 c",
                             "-1 2 3",
                             "1 -2 3",
                             "1 2 -3",
                             "+1 2 3",
                             "1.5 2 3",
                             "1e3 2 3",
                             "0x1 2 3",
                             "1,2,3",
                             "18446744073709551616 2 3",
                             "1 18446744073709551616 3",
                             "1 2 18446744073709551616",
                             "1 2 99999999999999999999999",
                             "1 2,3",
                             "1x 2 3",
                             "\xb2 2 3"}) {
        INFO(text);
        Philox engine = at(7, 8, 9);
        const std::uint32_t next = Philox(engine)();
        std::istringstream in(text);
        in >> engine;
        CHECK(in.fail());
        CHECK(engine == at(7, 8, 9));
        CHECK(engine() == next);
    }
    // Controls: the largest state, zeros in front, and any white space.
    for (const char* text : {"18446744073709551615 18446744073709551615 18446744073709551615",
                             "001 0002 00003", "\n1\t2\n 3 rest", "\r1\v2\f3"}) {
        INFO(text);
        Philox engine;
        std::istringstream in(text);
        in >> engine;
        CHECK_FALSE(in.fail());
    }
}

// std::mt19937 is the measure: what it reads back under a setting, Philox does too.
TEST_CASE(
    "A state survives every setting of its stream, which stays as it was, as mt19937's does") {
    using Setting = void (*)(std::ios&);
    const Setting settings[] = {
        [](std::ios&) {},
        [](std::ios& s) { s.unsetf(std::ios::skipws); },
        [](std::ios& s) { s.setf(std::ios::hex, std::ios::basefield); },
        [](std::ios& s) { s.setf(std::ios::oct, std::ios::basefield); },
        [](std::ios& s) { s.setf(std::ios::showbase | std::ios::showpos | std::ios::uppercase); },
        [](std::ios& s) { s.setf(std::ios::right, std::ios::adjustfield); },
        [](std::ios& s) { s.setf(std::ios::internal, std::ios::adjustfield); },
        [](std::ios& s) { s.setf(std::ios::scientific | std::ios::boolalpha | std::ios::unitbuf); },
        [](std::ios& s) { s.width(1); },
        [](std::ios& s) { s.width(50); },
        [](std::ios& s) { s.fill('*'); },
        [](std::ios& s) { s.fill('7'), s.width(60), s.setf(std::ios::right); },
        [](std::ios& s) { s.precision(2); },
    };
    const Philox before = at(~std::uint64_t{0}, 0, 1234567890123);
    std::mt19937 mt(5);
    for (const Setting write : settings)
        for (const Setting read : settings) {
            std::ostringstream out, mt_out;
            write(out), write(mt_out);
            const auto flags = out.flags();
            const char fill = out.fill();
            out << before;
            mt_out << mt;
            CHECK(out.flags() == flags);
            CHECK(out.fill() == fill);
            CHECK(out.width() == mt_out.width()); // 0
            std::istringstream in(out.str()), mt_in(mt_out.str());
            read(in), read(mt_in);
            const auto read_flags = in.flags();
            Philox after(1);
            std::mt19937 mt_after;
            in >> after;
            mt_in >> mt_after;
            REQUIRE(mt_after == mt); // or the setting says nothing
            CHECK_FALSE(in.fail());
            CHECK(after == before);
            CHECK(in.flags() == read_flags);
            CHECK(in.fill() == (read(mt_in), mt_in.fill()));
        }
    std::ostringstream wide;
    wide.width(12);
    wide.fill('*');
    wide << at(1, 2, 3);
    CHECK(wide.str() == "1 2 3       ");
}

TEST_CASE("Reading a state leaves what stands behind its last digit") {
    for (const char* rest : {",rest", "x", " 4", "\n", "", "-1", ".5"}) {
        CAPTURE(rest);
        std::istringstream in("1 2 3" + std::string(rest));
        Philox engine;
        in >> engine;
        CHECK_FALSE(in.fail());
        CHECK(engine == at(1, 2, 3));
        std::string left;
        in.clear();
        std::getline(in, left, '\0');
        CHECK(left == rest);
    }
}

TEST_CASE("A state goes through streams of wide characters") {
    std::wostringstream out;
    out << std::hex << at(10, 20, 30) << L" rest";
    CHECK(out.str() == L"10 20 30 rest");
    std::wistringstream in(out.str());
    in >> std::noskipws;
    Philox engine;
    in >> engine;
    CHECK(engine == at(10, 20, 30));
    std::wistringstream bad(L"10 20 \x0660"); // a digit, but not of ours
    bad >> engine;
    CHECK(bad.fail());
    CHECK(engine == at(10, 20, 30));
}

TEST_CASE("A stream that throws leaves engine and flags as they were") {
    std::istringstream in("1 2");
    in.exceptions(std::ios::failbit);
    in >> std::hex;
    const auto flags = in.flags();
    Philox engine = at(7, 8, 9);
    CHECK_THROWS_AS(in >> engine, std::ios_base::failure);
    CHECK(in.flags() == flags);
    CHECK(engine == at(7, 8, 9));
}

TEST_CASE("A stream whose buffer throws is bad, and keeps flags and fill character") {
    struct Throws : std::stringbuf {
        using std::stringbuf::stringbuf;
        int_type underflow() override { throw std::runtime_error("no more"); }
        std::streamsize xsputn(const char*, std::streamsize) override {
            throw std::runtime_error("full");
        }
    };
    Throws buffer;
    Philox engine = at(7, 8, 9);
    std::istream in(&buffer);
    CHECK_NOTHROW(in >> engine);
    CHECK(in.bad());
    CHECK(engine == at(7, 8, 9));
    std::ostream out(&buffer);
    out.exceptions(std::ios::badbit);
    out << std::hex << std::setfill('*');
    const auto flags = out.flags();
    CHECK_THROWS_AS(out << engine, std::runtime_error);
    CHECK(out.flags() == flags);
    CHECK(out.fill() == '*');
}

TEST_CASE("The standard library's algorithms and distributions take the engine") {
    std::vector<int> numbers(1000);
    std::iota(numbers.begin(), numbers.end(), 0);
    std::vector<int> shuffled = numbers;
    Philox engine(9);
    std::shuffle(shuffled.begin(), shuffled.end(), engine);
    CHECK(shuffled != numbers);
    CHECK(std::is_permutation(shuffled.begin(), shuffled.end(), numbers.begin()));

    // n = 60,000 throws of a die; chi^2 with 5 degrees of freedom exceeds 40 with
    // probability 1.5e-7.
    const auto chi_squared = [&](int sides) {
        std::uniform_int_distribution<std::size_t> die(0, static_cast<std::size_t>(sides) - 1);
        std::array<double, 6> counts{};
        for (int i = 0; i < 60000; ++i) ++counts[die(engine)];
        double sum = 0;
        for (const double count : counts) sum += (count - 10000) * (count - 10000) / 10000;
        return sum;
    };
    CHECK(chi_squared(6) < 40);
    CHECK_FALSE(chi_squared(5) < 40); // control: one side never falls
}

// -- streams ---------------------------------------------------------------------------------

TEST_CASE("Streams are the hashes that the specification lists") {
    std::mt19937_64 random(3);
    for (std::size_t size = 0; size < 40; ++size) {
        std::string name(size, '\0');
        for (char& c : name) c = static_cast<char>(random() & 0xff);
        const std::uint64_t seed = random(), parent = random() >> random() % 64;
        Philox engine = at(seed, parent, size); // the position does not matter
        const Philox child = engine.stream(name);
        REQUIRE(child == at(seed, stream_of_name(parent, name), 0));
        const std::uint64_t id = random() >> random() % 64;
        REQUIRE(engine.stream(id) == at(seed, stream_of_id(parent, id), 0));
        REQUIRE(child.stream(id).stream("x").stream_value() ==
                stream_of_name(stream_of_id(stream_of_name(parent, name), id), "x"));
        REQUIRE(engine.position() == size);
    }
}

TEST_CASE("A stream whose hash is 0, the root's number, has the number 1") {
    constexpr std::uint64_t parent = 8003660008156778901, id = 6552595857873507084;
    // Found by Philox run backwards from four words of 0.
    REQUIRE(reference(0x6e6e696e69740001, parent, id) == Words{0, 0, 0, 0});
    CHECK(at(5, parent, 0).stream(id) == at(5, 1, 0));
}

TEST_CASE("Ids of every integral type count modulo 2^64") {
    const Philox rng(1);
    CHECK(rng.stream(-1) == rng.stream(last_position));
    CHECK(rng.stream(static_cast<short>(-1)) == rng.stream(-1L));
    CHECK(rng.stream(static_cast<unsigned char>(200)) == rng.stream(std::size_t{200}));
    enum { hidden = 3 };
    CHECK(rng.stream(hidden) == rng.stream(3));
    CHECK(rng.stream(0) != rng.stream(1));
    CHECK(rng.stream(1) != rng.stream((std::uint64_t{1} << 32) + 1));
}

TEST_CASE("Streams of one stem differ, and none is the root") {
    using namespace std::string_literals;
    const Philox rng(1);
    const std::vector<Philox> streams = {
        rng, rng.stream(""), rng.stream("a"), rng.stream("b"), rng.stream("ab"), rng.stream("ba"),
        rng.stream("abc"), rng.stream("encoder.0"), rng.stream("encoder.0.attn"),
        rng.stream("ncoder.0"), rng.stream("a\0"s), rng.stream("a\0\0"s), rng.stream("\0a"s),
        rng.stream("\0"s), rng.stream("12345678"), rng.stream("12345678\0"s),
        // chains: the lengths count
        rng.stream("a").stream("bc"), rng.stream("ab").stream("c"), rng.stream("").stream("abc"),
        rng.stream("abc").stream(""), rng.stream("").stream(""), rng.stream("b").stream("a"),
        rng.stream("a").stream("b"),
        // ids are no names
        rng.stream(0), rng.stream(1), rng.stream("0"), rng.stream("1"), rng.stream('1'),
        rng.stream(-1), rng.stream(0).stream(1), rng.stream(1).stream(0), rng.stream("0").stream(1),
        rng.stream(0).stream("1")};
    std::vector<std::uint64_t> numbers;
    numbers.reserve(streams.size());
    for (const Philox& stream : streams) numbers.push_back(stream.stream_value());
    CHECK(distinct(numbers) == streams.size());
    CHECK(std::count(numbers.begin(), numbers.end(), 0U) == 1); // rng itself
    // Control: concatenation would make these two one.
    CHECK(stream_of_name(0, "ab"s + "c") == stream_of_name(0, "a"s + "bc"));
    CHECK(rng.stream("abc") == rng.stream(std::string("abc")));
}

TEST_CASE("Streams with the same name differ between seeds in their words, not in their number") {
    const Philox a = Philox(1).stream("w"), b = Philox(2).stream("w");
    CHECK(a.stream_value() == b.stream_value());
    CHECK(Philox(a)() != Philox(b)());
}

// n = 300,000 names. Two of 64-bit hashes coincide with probability n^2 / 2^65 = 2.4e-9, which is
// the rate of false alarms. Cut to 32 bits, n^2 / 2^33 = 10.5 pairs are expected: none at all has
// probability e^-10.5 = 3e-5 (and the names are fixed). A hash that loses 8 of its 64 bits is not
// found by counting pairs; that every bit of the result counts is the business of the next test.
TEST_CASE("300,000 names have 300,000 streams, and 32 bits would not be enough") {
    const Philox rng(1);
    std::vector<std::uint64_t> whole;
    std::vector<std::uint32_t> low, high;
    for (int i = 0; i < 300000; ++i) {
        const std::uint64_t number = rng.stream("layer." + std::to_string(i)).stream_value();
        whole.push_back(number);
        low.push_back(static_cast<std::uint32_t>(number));
        high.push_back(static_cast<std::uint32_t>(number >> 32));
    }
    CHECK(distinct(whole) == whole.size());
    CHECK(distinct(low) < low.size());
    CHECK(distinct(high) < high.size());
}

// Each of 64 bits is set in about half of n = 4000 streams: |count - 2000| / sqrt(1000) is beyond 6
// with probability 2e-9 for each of 2 x 64 counts, so false alarms come at 3e-7. A bit that is set
// in 45 % or less is found: it is 6.3 deviations off in the mean.
TEST_CASE("Every bit of a stream's number is used") {
    const auto balanced = [](const auto& number) {
        std::array<int, 64> set{};
        for (int i = 0; i < 4000; ++i)
            for (std::size_t bit = 0; bit < 64; ++bit) set[bit] += (number(i) >> bit & 1) != 0;
        return std::all_of(set.begin(), set.end(), [](int n) { return std::abs(n - 2000) < 190; });
    };
    const Philox rng(1);
    CHECK(balanced([&](int i) { return rng.stream(i).stream_value(); }));
    CHECK(balanced([&](int i) { return rng.stream(std::to_string(i)).stream_value(); }));
    // Control: one bit that never changes.
    CHECK_FALSE(balanced([&](int i) { return rng.stream(i).stream_value() | 1ULL << 40; }));
}
