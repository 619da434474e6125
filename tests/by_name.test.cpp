// SPDX-License-Identifier: MIT
#include <nninit/nninit.hpp>

#include "catch.hpp"

#include <clocale>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>

namespace {

using namespace nninit;

std::string refusal(const std::string& text) {
    try {
        (void)by_name(text);
    } catch (const std::invalid_argument& error) {
        return error.what();
    }
    return "not refused";
}

bool says(const std::string& sentence, const std::string& part) {
    return sentence.find(part) != std::string::npos;
}

/// The standard deviation that a name gives a layer of these fans, its bound (0: none), and the
/// share of the values that are drawn.
struct Expected {
    double stddev, bound, drawn = 1;
};

/// A truncated normal's value: 0.8796... of its parent, cut at two of the parent's deviations.
Expected cut(double stddev) { return {stddev, 2 * stddev / 0.87962566103423978}; }
Expected uniform(double bound) { return {bound / std::sqrt(3.0), bound}; }
Expected normal(double stddev) { return {stddev, 0}; }

/// What each framework's documentation says its initializer is, for fans in and out.
std::map<std::string, Expected> published(double in, double out) {
    const double sum = in + out;
    // Of Uniform(low, high) and the normals of fixed stddev, the stddev about their own mean.
    const double cut_at_2 = 0.87962566103423978;
    // Of orthonormal rows or columns, the squares sum to the shorter side; an identity has as many
    // ones. Martens: ceil(0.9 in) of the weights into a unit are zero.
    const double part = 1 / std::max(in, out), kept = 1 - std::ceil(0.9 * in - 1e-9) / in;
    const Expected orthogonal = normal(std::sqrt(part));
    const Expected identity = {std::sqrt(part * (1 - part)), 1};
    return {
        {"random_uniform", uniform(1 / std::sqrt(in))},
        {"glorot_uniform", uniform(std::sqrt(6 / sum))},
        {"glorot_normal", normal(std::sqrt(2 / sum))},
        {"he_uniform", uniform(std::sqrt(6 / in))},
        {"he_normal", normal(std::sqrt(2 / in))},
        {"lecun_uniform", uniform(std::sqrt(3 / in))},
        {"lecun_normal", normal(std::sqrt(1 / in))},
        {"variance_scaling", normal(std::sqrt(1 / in))},
        {"uniform", {1 / std::sqrt(12.0), 1}},
        {"normal", normal(1)},
        {"truncated_normal", {cut_at_2, 2}},
        {"constant", {0, 0}},
        {"zeros", {0, 0}},
        {"ones", {0, 1}},
        {"siren", uniform(std::sqrt(6 / in) / 30)},
        {"orthogonal", orthogonal},
        {"identity", identity},
        {"sparse", {0.01 * std::sqrt(kept), 0, std::max(kept, 1e-9)}},
        {"dirac", identity}, // kernels of one tap
        {"bilinear", identity},
        {"delta_orthogonal", orthogonal},
        {"nguyen_widrow", normal(0.7 * std::pow(out, 1 / in) / std::sqrt(in))},
        {"xavier_uniform", uniform(std::sqrt(6 / sum))},
        {"xavier_normal", normal(std::sqrt(2 / sum))},
        {"kaiming_uniform", uniform(std::sqrt(6 / in))},
        {"kaiming_normal", normal(std::sqrt(2 / in))},
        // Caffe: xavier has scale sqrt(3 / fan_in) by default, msra stddev sqrt(2 / fan_in).
        {"caffe:msra", normal(std::sqrt(2 / in))},
        {"caffe:xavier", uniform(std::sqrt(3 / in))},
        // JAX, Flax: variance_scaling(scale, mode, "truncated_normal") is corrected for the cut.
        {"flax:dense", cut(std::sqrt(1 / in))},
        {"jax:glorot_normal", cut(std::sqrt(2 / sum))},
        {"jax:glorot_uniform", uniform(std::sqrt(6 / sum))},
        {"jax:he_normal", cut(std::sqrt(2 / in))},
        {"jax:he_uniform", uniform(std::sqrt(6 / in))},
        {"jax:lecun_normal", cut(std::sqrt(1 / in))},
        {"jax:lecun_uniform", uniform(std::sqrt(3 / in))},
        {"jax:delta_orthogonal", orthogonal},
        {"jax:orthogonal", orthogonal},
        {"jax:uniform", {0.01 / std::sqrt(12.0), 0.01}}, // [0, scale)
        // Keras: the same for the named rules; fixed numbers, not corrected, for the others.
        {"keras:dense", uniform(std::sqrt(6 / sum))},
        {"keras:glorot_normal", cut(std::sqrt(2 / sum))},
        {"keras:glorot_uniform", uniform(std::sqrt(6 / sum))},
        {"keras:he_normal", cut(std::sqrt(2 / in))},
        {"keras:he_uniform", uniform(std::sqrt(6 / in))},
        {"keras:lecun_normal", cut(std::sqrt(1 / in))},
        {"keras:lecun_uniform", uniform(std::sqrt(3 / in))},
        {"keras:identity", identity},
        {"keras:orthogonal", orthogonal},
        {"keras:random_normal", normal(0.05)},
        {"keras:random_uniform", uniform(0.05)},
        {"keras:truncated_normal", {0.05 * cut_at_2, 0.1}},
        // MLX: gain / sqrt(fan), and sqrt(3 / fan), gain 1.
        {"mlx:he_normal", normal(std::sqrt(1 / in))},
        {"mlx:he_uniform", uniform(std::sqrt(3 / in))},
        // MXNet: magnitude 3 over the mean of the fans, a bound or a stddev; orthogonal has a
        // scale.
        {"mxnet:orthogonal", normal(1.414 * std::sqrt(part))},
        {"mxnet:xavier", uniform(std::sqrt(3 / (sum / 2)))},
        {"mxnet:xavier_gaussian", normal(std::sqrt(3 / (sum / 2)))},
        // PyTorch: gain sqrt(2 / (1 + a^2)) with a = sqrt 5 gives sqrt(1/3), times sqrt(3 / in).
        {"torch:conv", uniform(std::sqrt(2 / (1 + 5.0)) * std::sqrt(3 / in))},
        {"torch:dirac_", identity},
        {"torch:eye_", identity},
        {"torch:kaiming_normal_", normal(std::sqrt(2.0) / std::sqrt(in))},
        {"torch:kaiming_uniform_", uniform(std::sqrt(2.0) * std::sqrt(3 / in))},
        {"torch:linear", uniform(std::sqrt(2 / (1 + 5.0)) * std::sqrt(3 / in))},
        {"torch:normal_", normal(1)},
        {"torch:orthogonal_", orthogonal},
        {"torch:trunc_normal_", {cut_at_2, 2}},
        {"torch:uniform_", {1 / std::sqrt(12.0), 1}},
        {"torch:xavier_normal_", normal(std::sqrt(2 / sum))},
        {"torch:xavier_uniform_", uniform(std::sqrt(6 / sum))},
    };
}

/// Whether a fill has the moments and the bound; n drawn values. The sample variance of n values of
/// kurtosis k <= 3 has relative variance (k - 1)/n <= 2/n, so 6 of its standard deviations are
/// 6 sqrt(2/n): a false alarm in 5e8 checks, of which there are about 2000. The largest of n values
/// reaches 0.97 of a bound unless all n miss the outer part, of probability below (1 - 0.001)^n.
template <class Scalar>
bool has_moments(const Initializer& initializer, const Expected& expected, Eigen::Index rows,
                 Eigen::Index cols) {
    Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic> w(rows, cols);
    initializer(w, Philox(3), Conv{.in = cols, .out = rows});
    if (!w.allFinite()) return false;
    const Eigen::ArrayXXd x = w.template cast<double>().array();
    const double n = expected.drawn * static_cast<double>(x.size()), mean = x.mean();
    const double variance = (x - mean).square().mean(), largest = x.abs().maxCoeff();
    const double wanted = expected.stddev * expected.stddev;
    if (std::abs(variance - wanted) > 6 * std::sqrt(2 / n) * wanted + 1e-30) return false;
    const double rounding = 1 + 1e-6;
    return expected.bound == 0 ||
           (largest <= expected.bound * rounding && largest >= 0.97 * expected.bound);
}

} // namespace

TEST_CASE("every name gives the variance and the bound that are published for it") {
    const std::pair<Eigen::Index, Eigen::Index> shapes[] = {
        {100, 100}, {32, 500},  {500, 32},  {8, 2000}, {2000, 8},
        {128, 128}, {1000, 10}, {10, 1000}, {64, 192}, {300, 40}};
    for (const auto& [rows, cols] : shapes) {
        const auto all = published(static_cast<double>(cols), static_cast<double>(rows));
        for (const std::string& name : names()) {
            CAPTURE(name, rows, cols);
            REQUIRE(all.count(name) == 1);
            const Expected& expected = all.at(name);
            if (by_name(name) == Initializer{DeltaOrthogonal{}} && cols > rows) {
                CHECK_THROWS_AS(has_moments<float>(by_name(name), expected, rows, cols),
                                std::invalid_argument);
                continue;
            }
            CHECK(has_moments<float>(by_name(name), expected, rows, cols));
            CHECK(has_moments<double>(by_name(name), expected, rows, cols));
            // A tenth more is seen, in the variance or the bound.
            if (expected.stddev > 0 && expected.drawn == 1)
                CHECK_FALSE(has_moments<float>(
                    by_name(name), {expected.stddev * 1.1, expected.bound * 1.1}, rows, cols));
        }
        CHECK(all.size() == names().size());
    }
}

TEST_CASE("an initializer fills as the rule it holds") {
    Eigen::MatrixXf a(7, 9), b(7, 9);
    Philox x(5), y(5);
    by_name("he_normal(negative_slope=0.2)")(a, x);
    HeNormal{.negative_slope = 0.2}(b, y);
    CHECK(a == b);
    CHECK(x == y);
    by_name("keras:he_normal")(a, x);
    VarianceScaling{.scale = 2, .distribution = Shape::truncated}(b, y);
    CHECK(a == b);
    const Conv layer{.in = 1, .out = 7, .kernel = {3, 3}};
    by_name("glorot_uniform")(a, x, layer);
    GlorotUniform{}(b, y, layer);
    CHECK(a == b);
    const auto made = make<Eigen::MatrixXd>(by_name("ones"), x, 2, 3);
    CHECK((made.array() == 1).all());
    CHECK(x == y);
}

TEST_CASE("text of an initializer gives the same initializer back") {
    for (const std::string& name : names()) {
        CAPTURE(name, to_string(by_name(name)));
        CHECK(by_name(to_string(by_name(name))) == by_name(name));
    }
    CHECK(to_string(by_name("keras:he_normal")) ==
          "variance_scaling(scale=2, distribution=truncated)");
    CHECK(to_string(by_name("xavier_uniform")) == "glorot_uniform");
    const double nan = std::numeric_limits<double>::quiet_NaN();
    CHECK(to_string(Initializer{Constant{nan}}) == "constant(value=nan)");
    CHECK(by_name("siren(omega=20, first=true)") == Initializer{Siren{20, true}});
    const double infinity = std::numeric_limits<double>::infinity();
    for (const Initializer& initializer :
         {Initializer{TruncatedNormal{0.1, 1.0 / 3, -infinity, infinity}},
          Initializer{VarianceScaling{1e-300, Mode::geometric_mean, Shape::uniform}},
          Initializer{HeUniform{-5e-324, Mode::fan_out}}, Initializer{Constant{-1.5e300}},
          Initializer{Constant{std::numeric_limits<double>::max()}}, Initializer{Siren{20, true}},
          Initializer{Sparse{0.5, 2}}, Initializer{NguyenWidrow{1.5}}})
        CHECK(by_name(to_string(initializer)) == initializer);
    CHECK_FALSE(by_name("he_normal(negative_slope=0.1)") == by_name("he_normal"));
}

// A row of the README's table: | `keras:he_normal`, `jax:he_normal` | `variance_scaling(...)` |
TEST_CASE("the README's table says what each framework's name is, and leaves none out") {
    std::ifstream readme(std::filesystem::path(__FILE__).parent_path().parent_path() / "README.md");
    REQUIRE(readme);
    std::set<std::string> said;
    for (std::string line; std::getline(readme, line);) {
        std::vector<std::string> quoted;
        std::istringstream parts(line);
        for (std::string part; std::getline(parts, part, '`');) quoted.push_back(part);
        if (!line.starts_with("| `") || quoted.size() < 5) continue;
        const auto all = names();
        if (std::find(all.begin(), all.end(), quoted[1]) == all.end()) continue;
        const std::string ours = quoted[quoted.size() - 2];
        for (std::size_t i = 1; i + 3 < quoted.size(); i += 2) {
            CAPTURE(quoted[i], ours);
            CHECK(by_name(quoted[i]) == by_name(ours));
            said.insert(quoted[i]);
        }
    }
    for (const std::string& name : names()) {
        CAPTURE(name);
        const bool own = to_string(by_name(name)) == name;
        CHECK(own != (said.count(name) == 1));
    }
}

TEST_CASE("spaces do not count, nor does the locale") {
    const Initializer expected{VarianceScaling{2.5, Mode::fan_out, Shape::uniform}};
    CHECK(by_name("variance_scaling( scale = 2.5,mode=fan_out , distribution=uniform )") ==
          expected);
    CHECK(by_name("variance_scaling(scale=2.5,\n\tmode=fan_out,\n\tdistribution=uniform)\n") ==
          expected);
    const char* const german = std::setlocale(LC_ALL, "de_DE.UTF-8"); // if it is installed
    CHECK(by_name("variance_scaling(scale=2.5,mode=fan_out,distribution=uniform)") == expected);
    if (german != nullptr) std::setlocale(LC_ALL, "C");
    CHECK(by_name("zeros()") == by_name("zeros"));
}

TEST_CASE("what by_name does not know is refused with what it knows") {
    CHECK(says(refusal("he_norml"), "there is no initializer \"he_norml\""));
    for (const std::string& name : names()) CHECK(says(refusal(""), name));
    CHECK(says(refusal("he_normal(slope=1)"),
               "has no parameter \"slope\"; it has negative_slope, mode"));
    CHECK(says(refusal("zeros(value=1)"), "it has none"));
    CHECK(says(refusal("he_normal(0.2)"), "should be parameter=value"));
    CHECK(says(refusal("he_normal(negative_slope=0.2"), "closing parenthesis"));
    CHECK(says(refusal("he_normal(negative_slope=0.2x)"), "\"0.2x\" is not a number"));
    CHECK(says(refusal("he_normal(negative_slope=)"), "\"\" is not a number"));
    CHECK(says(refusal("he_normal(mode=both)"),
               "\"both\" is none of fan_in, fan_out, mean, geometric_mean"));
    CHECK(says(refusal("siren(first=yes)"), "\"yes\" is none of false, true"));
    CHECK(refusal("he_normal(mode=fan_out)") == "not refused"); // control
}

TEST_CASE("a value that the rule refuses is refused at the fill") {
    Eigen::MatrixXf w = Eigen::MatrixXf::Constant(2, 3, 7);
    Philox rng(1);
    CHECK_THROWS_AS(by_name("normal(stddev=-1)")(w, rng), std::invalid_argument);
    Eigen::VectorXf bias = Eigen::VectorXf::Constant(3, 7);
    CHECK_THROWS_AS(by_name("he_normal")(bias, rng), std::invalid_argument);
    CHECK((w.array() == 7).all());
    CHECK((bias.array() == 7).all());
    CHECK_THROWS_AS(by_name("dirac")(w, rng), std::invalid_argument);
    CHECK_THROWS_AS(by_name("orthogonal")(w, rng, Window{4, 3, 0, 0}), std::invalid_argument);
    CHECK_THROWS_AS(by_name("dirac")(w, rng, Conv{.in = 3, .out = 2}, Window{2, 3, 0, 0}),
                    std::invalid_argument);
    CHECK((w.array() == 7).all());
    CHECK(rng == Philox(1));
    by_name("dirac")(w, rng, Conv{.in = 3, .out = 2}); // controls
    CHECK(w == Eigen::MatrixXf::Identity(2, 3));
    by_name("orthogonal")(w, rng);
    by_name("he_normal")(bias, rng, Dense{.in = 10, .out = 3}); // controls
    by_name("normal")(bias, rng);
    CHECK(bias.allFinite());
}
