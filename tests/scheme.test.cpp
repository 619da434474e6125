// SPDX-License-Identifier: MIT
#include <nninit/scheme.hpp>

#include "catch.hpp"

#include <regex>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using namespace nninit;
using Catch::Matchers::ContainsSubstring;

template <class Call> std::string refusal(const Call& call) {
    try {
        call();
    } catch (const std::invalid_argument& error) {
        return error.what();
    }
    return "not refused";
}

std::string read_refusal(const std::string& text) {
    return refusal([&] { (void)Scheme::read(text); });
}

} // namespace

TEST_CASE("a parameter is filled by the first pattern that matches, from the stream of its name") {
    Scheme scheme{{"*.bias", Constant{0.5}}, {"conv*.weight", HeNormal{}}, {"*", GlorotUniform{}}};
    const Philox rng(7);
    Eigen::MatrixXf a(20, 30), b(20, 30);
    scheme("conv1.weight", a, rng);
    HeNormal{}(b, rng.stream("conv1.weight"));
    CHECK(a == b);
    scheme("fc.weight", a, rng);
    GlorotUniform{}(b, rng.stream("fc.weight"));
    CHECK(a == b);
    scheme("conv1.bias", a, rng);
    CHECK((a.array() == 0.5F).all());
    const Conv layer{.in = 3, .out = 20, .kernel = {2, 5}};
    scheme("conv2.weight", a, rng, layer);
    HeNormal{}(b, rng.stream("conv2.weight"), layer);
    CHECK(a == b);
    scheme("fc2.weight", a.topRows(7), rng, Window{.rows = 20, .cols = 30, .row = 3, .col = 0});
    GlorotUniform{}(b, rng.stream("fc2.weight"));
    CHECK(a.topRows(7) == b.middleRows(3, 7));
    CHECK(rng == Philox(7));
    CHECK_FALSE(rng.stream("conv1.weight") == rng.stream("conv2.weight")); // control
}

TEST_CASE("the order in which parameters are filled does not matter") {
    const std::vector<std::string> names = {"a.weight", "b.weight", "c.weight", "d"};
    const Scheme lines{{"*", Normal{}}};
    Scheme forward = lines, backward = lines;
    std::vector<Eigen::MatrixXd> one(4, Eigen::MatrixXd(3, 4)), two = one;
    for (std::size_t i = 0; i < 4; ++i) forward(names[i], one[i], Philox(1));
    for (std::size_t i = 4; i-- > 0;) backward(names[i], two[i], Philox(1));
    CHECK(one == two);
    CHECK(one[0] != one[1]);
}

TEST_CASE("a scheme is read from lines with comments, blank lines and any white space") {
    const Scheme scheme = Scheme::read("# all layers\n"
                                       "\n"
                                       "*.bias       = zeros\r\n"
                                       "\tconv*.weight=HeNormal( mode = fan_out ) # wide\n"
                                       "   # fc.weight = ones\n"
                                       "fc.weight = torch:kaiming_uniform_(a=0.2)\n"
                                       "head = keras:truncated_normal(stddev=0.02)");
    REQUIRE(scheme.lines().size() == 4);
    CHECK(scheme.lines()[1].pattern == "conv*.weight");
    CHECK(scheme.at("x.bias") == Zeros{});
    CHECK(scheme.at("conv3.weight") == HeNormal{.mode = Mode::fan_out});
    CHECK(scheme.at("fc.weight") == HeUniform{.negative_slope = 0.2});
    CHECK(scheme.at("head") == TruncatedNormal{0, 0.02, -0.04, 0.04});
    const Scheme marked = Scheme::read("\xEF\xBB\xBF*.bias = zeros\r\n* = normal\r\n"); // of UTF-8
    CHECK(marked.at("x.bias") == Zeros{});
}

TEST_CASE("a line that is none is refused with its number") {
    CHECK(read_refusal("a = zeros\n\n# c\nb = he_norml\n") ==
          "nninit: line 4: there is no initializer \"he_norml\"; did you mean he_normal? "
          "nninit::names() lists all");
    CHECK(read_refusal("a = zeros\nb zeros") ==
          "nninit: line 2: \"b zeros\" should be pattern = initializer");
    CHECK(read_refusal("= zeros") == "nninit: line 1: \"= zeros\" should be pattern = initializer");
    CHECK(read_refusal("rules.conf") ==
          "nninit: a Scheme is read from text, pattern = initializer, but this is \"rules.conf\"; "
          "if that names a file, pass what is in it");
    CHECK_THAT(read_refusal(std::string("*\0=\0", 4)), ContainsSubstring("saved as UTF-16"));
    CHECK(read_refusal("a = ones\n\"*.bias\" = zeros") ==
          "nninit: line 2: the quotes around \"*.bias\" would belong to the names; leave them out");
    CHECK_THAT(read_refusal("'b' = zeros"), ContainsSubstring("line 1: the quotes around 'b'"));
    CHECK(Scheme::read("\" = zeros\n['a']['kernel'] = ones").lines().size() == 2); // as JAX writes
    CHECK_THAT(read_refusal("a ="), ContainsSubstring("line 1: there is no initializer \"\""));
    CHECK_THAT(read_refusal("\na = normal(stddev=x)"),
               ContainsSubstring("line 2: stddev in \"normal(stddev=x)\": \"x\" is not a number"));
    CHECK_THAT(read_refusal("a = normal(stddev=-1)"),
               ContainsSubstring("line 1: \"normal(stddev=-1)\": stddev must not be negative"));
    CHECK_THAT(read_refusal("a = zeros = ones"), ContainsSubstring("line 1: there is no"));
    for (const char* empty : {"", "\n#\n \n"}) // a file that could not be read, most likely
        CHECK_THAT(read_refusal(empty), ContainsSubstring("was the file read?"));
    CHECK(read_refusal("a = zeros") == "not refused"); // control
    CHECK_THAT(refusal([] { Scheme{}.add("", Zeros{}); }), ContainsSubstring("pattern is empty"));
    CHECK(refusal([] {
              Scheme{{"*.bias"}, {"*", Ones{}}};
          }) ==
          "nninit: the line of \"*.bias\" has no initializer; write {\"*.bias\", initializer}");
    CHECK(Scheme{{.pattern = "*.bias", .initializer = Ones{}}}.lines().size() == 1);
}

TEST_CASE("a parameter that no pattern matches is refused, and nothing is written or noted") {
    Scheme scheme{{"*.bias", Zeros{}}};
    Eigen::MatrixXf w = Eigen::MatrixXf::Constant(2, 3, 7);
    CHECK(refusal([&] { scheme("fc.weight", w, Philox(1)); }) ==
          "nninit: no pattern of the Scheme matches \"fc.weight\"; add one, such as fc.weight = "
          "zeros");
    CHECK((w.array() == 7).all());
    scheme.add("*", Ones{});
    scheme("fc.weight", w, Philox(1));
    CHECK((w.array() == 1).all());
}

TEST_CASE("a stream that was used is refused, unless that is on purpose") {
    Scheme scheme{{"*", Normal{}}};
    const Philox rng(1);
    Eigen::MatrixXf a(3, 4), b = Eigen::MatrixXf::Constant(3, 4, 7);
    scheme("fc.weight", a, rng);
    CHECK_THAT(refusal([&] { scheme("fc.weight", b, rng); }),
               ContainsSubstring("\"fc.weight\" was filled from this engine before"));
    CHECK((b.array() == 7).all());
    scheme("fc.weight", b, rng.stream("critic")); // another network
    CHECK(a != b);
    scheme("fc.weight", b, Philox(2));
    CHECK(a != b);
    scheme.repeat("fc.weight", b, rng);
    CHECK(a == b);
    CHECK_THAT(refusal([&] { scheme("fc.weight", b, rng); }), ContainsSubstring("before"));
    scheme.restart();
    scheme("fc.weight", b, rng);
    CHECK(a == b);
    // The engine's own position says nothing about its streams.
    Philox moved = rng;
    moved.discard(5);
    CHECK_THAT(refusal([&] { scheme("fc.weight", b, moved); }), ContainsSubstring("before"));
}

TEST_CASE("a matrix that is not yet resized does not use up its name") {
    Scheme scheme{{"*", HeNormal{}}};
    Eigen::MatrixXf w;
    scheme("w", w, Philox(1));
    w.resize(3, 4);
    scheme("w", w, Philox(1));
    CHECK(w == make<Eigen::MatrixXf>(HeNormal{}, Philox(1).stream("w"), 3, 4));
    CHECK_THROWS_AS(scheme("w", w, Philox(1)), std::invalid_argument);
}

TEST_CASE("a fill that was refused may be asked for again") {
    Scheme scheme{{"*", HeNormal{}}};
    Eigen::VectorXf b = Eigen::VectorXf::Constant(3, 7);
    CHECK_THAT(refusal([&] { scheme("fc.bias", b, Philox(1)); }),
               ContainsSubstring("nninit: \"fc.bias\": a vector has no fan_in"));
    CHECK((b.array() == 7).all());
    scheme("fc.bias", b, Philox(1), Dense{.in = 4, .out = 3});
    CHECK_THROWS_AS(scheme("fc.bias", b, Philox(1), Dense{.in = 4, .out = 3}),
                    std::invalid_argument);
}

// Against std::regex, on all patterns and names of up to 5 letters of a small alphabet.
TEST_CASE("a line that no name reaches is refused, and no other") {
    CHECK(
        read_refusal("* = zeros\nconv*.weight = he_normal") ==
        "nninit: line 2: no name reaches \"conv*.weight\", because \"*\" comes before it; put the "
        "wider pattern last");
    CHECK(read_refusal("a = zeros\na = ones") ==
          "nninit: line 2: no name reaches \"a\", because \"a\" comes before it");
    CHECK_THAT(refusal([] {
                   Scheme{{"a?", Zeros{}}, {"ab", Ones{}}};
               }),
               ContainsSubstring("no name reaches \"ab\""));
    CHECK(read_refusal("a? = zeros\na* = ones\n*.bias = zeros\n* = ones") == "not refused");

    // A pattern is behind another only if that one matches all of its names.
    std::vector<std::string> patterns{""}, names{""};
    for (std::size_t i = 0; i < patterns.size(); ++i)
        if (patterns[i].size() < 3)
            for (const char c : {'a', 'b', '*', '?'}) patterns.push_back(patterns[i] + c);
    for (std::size_t i = 0; i < names.size(); ++i)
        if (names[i].size() < 5)
            for (const char c : {'a', 'b', 'c'}) names.push_back(names[i] + c);
    int wrong = 0, behind = 0;
    for (const std::string& first : patterns)
        for (const std::string& second : patterns) {
            if (!detail::matches(first, second, true)) continue;
            ++behind;
            for (const std::string& name : names)
                wrong += detail::matches(second, name) && !detail::matches(first, name) ? 1 : 0;
        }
    CHECK(wrong == 0);
    CHECK(behind > 500);
}

TEST_CASE("patterns match as their regular expressions do") {
    std::vector<std::string> patterns{""}, names{""};
    for (std::size_t i = 0; i < patterns.size(); ++i)
        if (patterns[i].size() < 5)
            for (const char c : {'a', 'b', '*', '?'}) patterns.push_back(patterns[i] + c);
    for (std::size_t i = 0; i < names.size(); ++i)
        if (names[i].size() < 5)
            for (const char c : {'a', 'b'}) names.push_back(names[i] + c);
    int wrong = 0, matched = 0;
    for (const std::string& pattern : patterns) {
        std::string expression;
        for (const char c : pattern)
            expression += c == '*' ? ".*" : std::string(1, c == '?' ? '.' : c);
        const std::regex regex(expression);
        for (const std::string& name : names) {
            const bool right = std::regex_match(name, regex);
            wrong += detail::matches(pattern, name) == right ? 0 : 1;
            matched += right ? 1 : 0;
        }
    }
    CHECK(wrong == 0);
    CHECK(matched > 1000);
    CHECK(detail::matches("conv?.weight", "conv1.weight"));
    CHECK_FALSE(detail::matches("conv?.weight", "conv12.weight"));
    CHECK_FALSE(detail::matches("*.bias", "bias"));
    CHECK(detail::matches("a?b", "a*b")); // a name's own star is a letter
    // Not exponential: many stars and a name that fits them nearly.
    std::string stars, letters(5000, 'a');
    for (int i = 0; i < 50; ++i) stars += "a*";
    CHECK_FALSE(detail::matches(stars + "b", letters));
    CHECK(detail::matches(stars, letters));
}
