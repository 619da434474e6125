// SPDX-License-Identifier: MIT
#include <nninit/nninit.hpp>

#include "catch.hpp"

#include <clocale>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <limits>
#include <locale>
#include <map>
#include <set>
#include <sstream>

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
        // Caffe, filler.hpp and caffe.proto: variance_norm FAN_IN by default; xavier has the bound
        // sqrt(3 / n), msra the stddev sqrt(2 / n).
        {"caffe:constant", {0, 0}},
        {"caffe:gaussian", normal(1)},
        {"caffe:msra", normal(std::sqrt(2 / in))},
        {"caffe:uniform", {1 / std::sqrt(12.0), 1}},
        {"caffe:xavier", uniform(std::sqrt(3 / in))},
        // DL4J, WeightInitUtil.java.
        {"dl4j:identity", identity},
        {"dl4j:lecun_normal", normal(1 / std::sqrt(in))},
        {"dl4j:lecun_uniform", uniform(3.0 / std::sqrt(in))},
        {"dl4j:normal", normal(1 / std::sqrt(in))},
        {"dl4j:ones", {0, 1}},
        {"dl4j:relu", normal(std::sqrt(2.0 / in))},
        {"dl4j:relu_uniform", uniform(std::sqrt(6.0 / in))},
        {"dl4j:sigmoid_uniform", uniform(4.0 * std::sqrt(6.0 / sum))},
        {"dl4j:uniform", uniform(1.0 / std::sqrt(in))},
        {"dl4j:xavier", normal(std::sqrt(2.0 / sum))},
        {"dl4j:xavier_fan_in", normal(1 / std::sqrt(in))},
        {"dl4j:xavier_uniform", uniform(std::sqrt(6.0) / std::sqrt(sum))},
        {"dl4j:zero", {0, 0}},
        // Flax, linear.py: lecun_normal for kernels; tables are variance_scaling(1, "fan_in",
        // "normal", out_axis=0) of (entries, features), whose fan_in is the features.
        {"flax:conv", cut(std::sqrt(1 / in))},
        {"flax:dense", cut(std::sqrt(1 / in))},
        {"flax:embed", normal(std::sqrt(1 / in))},
        // Flux, utils.jl: gain sqrt 2 for kaiming.
        {"flux:glorot_normal", normal(std::sqrt(2 / sum))},
        {"flux:glorot_uniform", uniform(std::sqrt(24 / sum) / 2)},
        {"flux:identity_init", identity},
        {"flux:kaiming_normal", normal(std::sqrt(2.0) / std::sqrt(in))},
        {"flux:kaiming_uniform", uniform(std::sqrt(3.0) * std::sqrt(2.0) / std::sqrt(in))},
        {"flux:orthogonal", orthogonal},
        {"flux:sparse_init", {0.01 * std::sqrt(kept), 0, std::max(kept, 1e-9)}},
        {"flux:truncated_normal", {cut_at_2, 2}},
        // Haiku, initializers.py.
        {"haiku:constant", {0, 0}},
        {"haiku:identity", identity},
        {"haiku:orthogonal", orthogonal},
        {"haiku:random_normal", normal(1)},
        {"haiku:random_uniform", {1 / std::sqrt(12.0), 1}},
        {"haiku:truncated_normal", {cut_at_2, 2}},
        {"haiku:uniform_scaling", uniform(std::sqrt(3 / in))},
        {"haiku:variance_scaling", cut(std::sqrt(1 / in))},
        // JAX: variance_scaling(scale, mode, "truncated_normal") is corrected for the cut, the
        // others are not.
        {"jax:constant", {0, 0}},
        {"jax:delta_orthogonal", orthogonal},
        {"jax:glorot_normal", cut(std::sqrt(2 / sum))},
        {"jax:glorot_uniform", uniform(std::sqrt(6 / sum))},
        {"jax:he_normal", cut(std::sqrt(2 / in))},
        {"jax:he_uniform", uniform(std::sqrt(6 / in))},
        {"jax:kaiming_normal", cut(std::sqrt(2 / in))},
        {"jax:kaiming_uniform", uniform(std::sqrt(6 / in))},
        {"jax:lecun_normal", cut(std::sqrt(1 / in))},
        {"jax:lecun_uniform", uniform(std::sqrt(3 / in))},
        {"jax:normal", normal(0.01)},
        {"jax:ones", {0, 1}},
        {"jax:orthogonal", orthogonal},
        {"jax:truncated_normal", {0.01 * cut_at_2, 0.02}},
        {"jax:uniform", {0.01 / std::sqrt(12.0), 0.01}}, // [0, scale)
        {"jax:variance_scaling", normal(std::sqrt(1 / in))},
        {"jax:xavier_normal", cut(std::sqrt(2 / sum))},
        {"jax:xavier_uniform", uniform(std::sqrt(6 / sum))},
        {"jax:zeros", {0, 0}},
        // Keras: the same for the named rules; fixed numbers, not corrected, for the others.
        {"keras:constant", {0, 0}},
        {"keras:conv", uniform(std::sqrt(6 / sum))},
        {"keras:dense", uniform(std::sqrt(6 / sum))},
        {"keras:depthwise", uniform(std::sqrt(6 / sum))},
        {"keras:embedding", uniform(0.05)},
        {"keras:glorot_normal", cut(std::sqrt(2 / sum))},
        {"keras:glorot_uniform", uniform(std::sqrt(6 / sum))},
        {"keras:he_normal", cut(std::sqrt(2 / in))},
        {"keras:he_uniform", uniform(std::sqrt(6 / in))},
        {"keras:lecun_normal", cut(std::sqrt(1 / in))},
        {"keras:lecun_uniform", uniform(std::sqrt(3 / in))},
        {"keras:identity", identity},
        {"keras:ones", {0, 1}},
        {"keras:orthogonal", orthogonal},
        {"keras:random_normal", normal(0.05)},
        {"keras:random_uniform", uniform(0.05)},
        {"keras:truncated_normal", {0.05 * cut_at_2, 0.1}},
        {"keras:variance_scaling", cut(std::sqrt(1 / in))},
        {"keras:zeros", {0, 0}},
        // MLX: gain / sqrt(fan), and sqrt(3 / fan), gain 1.
        {"mlx:constant", {0, 0}},
        {"mlx:glorot_normal", normal(std::sqrt(2 / sum))},
        {"mlx:glorot_uniform", uniform(std::sqrt(6 / sum))},
        {"mlx:he_normal", normal(std::sqrt(1 / in))},
        {"mlx:he_uniform", uniform(std::sqrt(3 / in))},
        {"mlx:identity", identity},
        {"mlx:normal", normal(1)},
        {"mlx:orthogonal", orthogonal},
        {"mlx:sparse", {std::sqrt(kept), 0, std::max(kept, 1e-9)}},
        {"mlx:uniform", {1 / std::sqrt(12.0), 1}},
        // MXNet: magnitude 3 over the mean of the fans, a bound or a stddev; orthogonal has a
        // scale; msraprelu's magnitude is 2 / (1 + 0.25^2).
        {"mxnet:constant", {0, 0}},
        {"mxnet:msraprelu", normal(std::sqrt(2 / (1 + 0.25 * 0.25) / (sum / 2)))},
        {"mxnet:normal", normal(0.01)},
        {"mxnet:one", {0, 1}},
        {"mxnet:orthogonal", normal(1.414 * std::sqrt(part))},
        {"mxnet:uniform", uniform(0.07)},
        {"mxnet:xavier", uniform(std::sqrt(3 / (sum / 2)))},
        {"mxnet:xavier_gaussian", normal(std::sqrt(3 / (sum / 2)))},
        {"mxnet:zero", {0, 0}},
        // ONNX, generator/defs.cc.
        {"onnx:constant_of_shape", {0, 0}},
        {"onnx:eye_like", identity},
        {"onnx:random_normal", normal(1)},
        {"onnx:random_uniform", {1 / std::sqrt(12.0), 1}},
        // Paddle, nn/initializer.
        {"paddle:constant", {0, 0}},
        {"paddle:dirac", identity},
        {"paddle:kaiming_normal", normal(std::sqrt(2.0) / std::sqrt(in))},
        {"paddle:kaiming_uniform", uniform(std::sqrt(2.0) * std::sqrt(3.0 / in))},
        {"paddle:normal", normal(1)},
        {"paddle:orthogonal", orthogonal},
        {"paddle:uniform", uniform(1)},
        {"paddle:xavier_normal", normal(std::sqrt(2.0 / sum))},
        {"paddle:xavier_uniform", uniform(std::sqrt(6.0 / sum))},
        // Sonnet, initializers.py.
        {"sonnet:constant", {0, 0}},
        {"sonnet:identity", identity},
        {"sonnet:ones", {0, 1}},
        {"sonnet:orthogonal", orthogonal},
        {"sonnet:random_normal", normal(1)},
        {"sonnet:random_uniform", {1 / std::sqrt(12.0), 1}},
        {"sonnet:truncated_normal", {cut_at_2, 2}},
        {"sonnet:variance_scaling", cut(std::sqrt(1 / in))},
        {"sonnet:zeros", {0, 0}},
        // PyTorch: gain sqrt(2 / (1 + a^2)) with a = sqrt 5 gives sqrt(1/3), times sqrt(3 / in); a
        // transposed convolution's weight has the outputs where others have the inputs.
        {"torch:constant_", {0, 0}},
        {"torch:conv", uniform(std::sqrt(2 / (1 + 5.0)) * std::sqrt(3 / in))},
        {"torch:conv_transpose", uniform(std::sqrt(2 / (1 + 5.0)) * std::sqrt(3 / out))},
        {"torch:dirac_", identity},
        {"torch:embedding", normal(1)},
        {"torch:eye_", identity},
        {"torch:kaiming_normal_", normal(std::sqrt(2.0) / std::sqrt(in))},
        {"torch:kaiming_uniform_", uniform(std::sqrt(2.0) * std::sqrt(3 / in))},
        {"torch:linear", uniform(std::sqrt(2 / (1 + 5.0)) * std::sqrt(3 / in))},
        {"torch:normal_", normal(1)},
        {"torch:ones_", {0, 1}},
        {"torch:orthogonal_", orthogonal},
        {"torch:sparse_", {0.01 * std::sqrt(kept), 0, std::max(kept, 1e-9)}},
        {"torch:trunc_normal_", {cut_at_2, 2}},
        {"torch:uniform_", {1 / std::sqrt(12.0), 1}},
        {"torch:xavier_normal_", normal(std::sqrt(2 / sum))},
        {"torch:xavier_uniform_", uniform(std::sqrt(6 / sum))},
        {"torch:zeros_", {0, 0}},
    };
}

/// Whether a fill has the moments and the bound; n drawn values. The sample variance of n values of
/// kurtosis k <= 3 has relative variance (k - 1)/n <= 2/n, so 6 of its standard deviations are
/// 6 sqrt(2/n): a false alarm in 5e8 checks, of which there are about 4000. The largest of n values
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

TEST_CASE("white space does not count between words, but does within them") {
    const Initializer expected{VarianceScaling{2.5, Mode::fan_out, Shape::uniform}};
    CHECK(by_name("variance_scaling( scale = 2.5,mode=fan_out , distribution=uniform )") ==
          expected);
    CHECK(by_name(" \t\n\v\f\rvariance_scaling\r\n(\vscale=2.5,\f\n\tmode=fan_out,\n\tdistribution "
                  "=\runiform)\r\n") == expected);
    CHECK(by_name("zeros()") == by_name("zeros"));
    CHECK(by_name("zeros( )") == by_name("zeros"));
    CHECK(says(refusal("he _normal"), "did you mean he_normal?"));
    CHECK(says(refusal("normal(stddev=0.0 2)"), "\"0.0 2\" is not a number"));
    CHECK(says(refusal("normal(std dev=2)"), "no parameter \"std dev\""));
    CHECK(says(refusal("he_normal(mode=fan _in)"), "\"fan _in\" is none of"));
}

TEST_CASE("case, '-', '_' and CamelCase do not matter in a name, a parameter, a mode or a shape") {
    for (const std::string& name : names()) {
        CAPTURE(name);
        std::string upper, dashed, camel, plain;
        bool begins = true;
        for (const char c : name) {
            const char big = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
            upper += big;
            dashed += c == '_' ? '-' : c;
            if (c != '_') camel += begins ? big : c;
            if (c != '_') plain += c;
            begins = c == '_' || c == ':';
        }
        for (const std::string& other : {upper, dashed, camel, plain})
            CHECK(by_name(other) == by_name(name));
    }
    const Initializer expected{VarianceScaling{2, Mode::geometric_mean, Shape::truncated}};
    CHECK(by_name("VarianceScaling(Scale=2, MODE=GeometricMean, distribution=TRUNCATED)") ==
          expected);
    CHECK(by_name("variance-scaling(scale=2, mode=geometric-mean, distribution='truncated')") ==
          expected);
    CHECK(by_name("siren(First=True)") == Initializer{Siren{.first = true}});
    CHECK_FALSE(by_name("HeNormal") == by_name("HeUniform")); // control
    std::set<std::string> folded;
    for (const std::string& name : names()) folded.insert(detail::folded(name));
    CHECK(folded.size() == names().size());
}

TEST_CASE("names may be written as in the framework's own source") {
    CHECK(by_name("torch.nn.init.kaiming_normal_") == by_name("torch:kaiming_normal_"));
    CHECK(by_name("torch:kaiming_normal") == by_name("torch:kaiming_normal_"));
    CHECK(by_name("pytorch:linear") == by_name("torch:linear"));
    CHECK(by_name("keras.initializers.HeNormal") == by_name("keras:he_normal"));
    CHECK(by_name("tf.keras.initializers.HeNormal") == by_name("keras:he_normal"));
    CHECK(by_name("TensorFlow:GlorotNormal") == by_name("keras:glorot_normal"));
    CHECK(by_name("jax.nn.initializers.lecun_normal") == by_name("jax:lecun_normal"));
    CHECK(by_name("flax.linen.initializers.lecun_normal") == by_name("jax:lecun_normal"));
    CHECK(by_name("flax:dense") == by_name("jax:lecun_normal"));
    CHECK(by_name("hk.initializers.TruncatedNormal") == by_name("haiku:truncated_normal"));
    CHECK(by_name("snt/VarianceScaling") == by_name("sonnet:variance_scaling"));
    CHECK(by_name("paddle.nn.initializer.KaimingNormal") == by_name("paddle:kaiming_normal"));
    CHECK(by_name("mx.init.MSRAPrelu") == by_name("mxnet:msraprelu"));
    CHECK(by_name("nn.init.kaiming_normal_") == by_name("torch:kaiming_normal_"));
    CHECK(by_name("nn.initializers.normal") == by_name("jax:normal")); // flax.linen's
    CHECK(by_name("nn.initializer.Uniform") == by_name("paddle:uniform"));
    CHECK(by_name("nninit::HeNormal") == by_name("he_normal"));
    for (const char* const other : {"jax.random.normal", "tf.random.truncated_normal",
                                    "mx.nd.random.uniform", "torch.random.normal"})
        CHECK_THROWS_WITH(by_name(other),
                          Catch::Matchers::ContainsSubstring("nninit: there is no initializer \"" +
                                                             std::string(other) + "\""));
}

TEST_CASE("parameters may be written as in the framework's own source") {
    const auto same = [](const char* theirs, const Initializer& ours) {
        CAPTURE(theirs);
        CHECK(by_name(theirs) == ours);
    };
    same("torch:kaiming_normal_(a=0.2, mode='fan_out')",
         HeNormal{.negative_slope = 0.2, .mode = Mode::fan_out});
    same("kaiming_uniform(a=0.2)", HeUniform{.negative_slope = 0.2});
    same("torch:uniform_(a=-1, b=3)", Uniform{-1, 3});
    same("torch:normal_(std=0.02)", Normal{.stddev = 0.02});
    same("torch:trunc_normal_(std=0.02, a=-0.1, b=0.2)", TruncatedNormal{0, 0.02, -0.1, 0.2});
    same("torch:constant_(val=0.3)", Constant{0.3});
    same("torch:sparse_(sparsity=0.5, std=1)", Sparse{0.5, 1});
    same("keras:random_uniform(minval=-1, maxval=2)", Uniform{-1, 2});
    same("keras:variance_scaling(scale=2, mode=\"fan_avg\", distribution=untruncated_normal)",
         VarianceScaling{2, Mode::mean, Shape::normal});
    // keras/src/initializers/random_initializers.py: "normal" becomes "truncated_normal".
    same("keras:variance_scaling(distribution=normal)",
         VarianceScaling{1, Mode::fan_in, Shape::truncated});
    same("jax:variance_scaling(scale=1, mode=fan_geo_avg, distribution=normal)",
         VarianceScaling{1, Mode::geometric_mean, Shape::normal});
    same("jax:variance_scaling(distribution=truncated_normal)",
         VarianceScaling{1, Mode::fan_in, Shape::truncated});
    same("jax:uniform(scale=0.05)", Uniform{0, 0.05});
    same("jax:orthogonal(scale=2)", Orthogonal{2});
    same("mxnet:orthogonal(scale=2)", Orthogonal{2});
    same("mxnet:normal(sigma=2)", Normal{0, 2});
    same("mxnet:msraprelu(factor_type=in, slope=0)", HeNormal{});
    same("mxnet:xavier(factor_type=out)", VarianceScaling{1, Mode::fan_out, Shape::uniform});
    same("mxnet:xavier(factor_type=avg)", VarianceScaling{1, Mode::mean, Shape::uniform});
    same("mxnet:xavier(distribution=gaussian)", VarianceScaling{1, Mode::mean, Shape::normal});
    same("caffe:msra(variance_norm=AVERAGE)", HeNormal{.mode = Mode::mean});
    same("caffe:gaussian(std=0.01)", Normal{0, 0.01});
    same("caffe:uniform(min=-1, max=1)", Uniform{-1, 1});
    same("flux:truncated_normal(std=0.1, lo=-0.2, hi=0.2)", TruncatedNormal{0, 0.1, -0.2, 0.2});
    same("haiku:constant(constant=3)", Constant{3});
    same("onnx:random_normal(scale=0.02)", Normal{0, 0.02});
    // A scale is a gain, or a stddev, only where the framework says so.
    CHECK(says(refusal("glorot_normal(scale=2)"), "has no parameter \"scale\"; it has gain"));
    CHECK(says(refusal("normal(scale=2)"), "it has mean, stddev"));
    CHECK(says(refusal("mxnet:uniform(scale=1)"), "it has low, high"));
}

TEST_CASE("bounds that a framework counts in standard deviations follow the stddev") {
    const auto is = [](const char* text, double mean, double stddev, double low, double high) {
        CAPTURE(text);
        CHECK(by_name(text) == Initializer{TruncatedNormal{mean, stddev, low, high}});
    };
    is("keras:truncated_normal", 0, 0.05, -0.1, 0.1);
    is("keras:truncated_normal(stddev=0.02)", 0, 0.02, -0.04, 0.04);
    is("keras:truncated_normal(stddev=3, mean=1)", 1, 3, -5, 7);
    is("tensorflow:TruncatedNormal(stddev=0.5)", 0, 0.5, -1, 1);
    is("jax:truncated_normal", 0, 0.01, -0.02, 0.02);
    is("jax:truncated_normal(stddev=0.5, lower=-1, upper=3)", 0, 0.5, -0.5, 1.5);
    is("jax:truncated_normal(upper=inf, lower=-inf)", 0, 0.01,
       -std::numeric_limits<double>::infinity(), std::numeric_limits<double>::infinity());
    is("haiku:truncated_normal(stddev=0.5)", 0, 0.5, -1, 1);
    is("sonnet:truncated_normal(stddev=0.5)", 0, 0.5, -1, 1);
    is("torch:trunc_normal_(std=0.02)", 0, 0.02, -2, 2); // absolute, as ours
    is("truncated_normal(stddev=0.02)", 0, 0.02, -2, 2);
    Eigen::MatrixXd w(300, 300);
    by_name("keras:truncated_normal(stddev=0.02)")(w, Philox(1));
    CHECK(w.maxCoeff() <= 0.04);
    CHECK(w.maxCoeff() > 0.039);
    CHECK(w.minCoeff() >= -0.04);
    CHECK(w.minCoeff() < -0.039);
}

TEST_CASE("what by_name does not know is refused with the nearest name, or what there is") {
    const auto meant = [](const char* text, const char* names) {
        CAPTURE(text, refusal(text));
        CHECK(refusal(text) == "nninit: there is no initializer \"" + std::string(text) +
                                   "\"; did you mean " + names + "? nninit::names() lists all");
    };
    meant("he_norml", "he_normal");
    meant("hE-NROMAL", "he_normal");
    meant("glorotunifrom", "glorot_uniform");
    meant("he", "he_uniform or he_normal");
    meant("xavier", "xavier_uniform or xavier_normal");
    meant("torch:xavier", "torch:xavier_normal_ or torch:xavier_uniform_");
    meant("torch:kaimingnorml_", "torch:kaiming_normal_");
    meant("keras:kaiming_normal", "kaiming_normal, flux:kaiming_normal or jax:kaiming_normal");
    meant("trunc_normal_", "torch:trunc_normal_");
    meant("linear", "bilinear or torch:linear");
    meant("eye", "torch:eye_");
    meant("orthogonl", "orthogonal");
    CHECK(refusal("") == "nninit: there is no initializer \"\"; nninit::names() lists all");
    CHECK(says(refusal(std::string("he_norml\0", 9)), "no initializer \"he_norml \"; did"));
    CHECK(refusal("perceptron") ==
          "nninit: there is no initializer \"perceptron\"; nninit::names() lists all");
    CHECK(says(refusal("he_normal(slop=1)"),
               "has no parameter \"slop\"; it has negative_slope, mode"));
    CHECK(says(refusal("zeros(value=1)"), "it has none"));
    CHECK(says(refusal("he_normal(seed=1)"), "a seed is the engine's, nninit::Philox rng(seed)"));
    CHECK(says(refusal("he_normal(0.2)"),
               "\"0.2\" in \"he_normal(0.2)\" should be parameter=value; \"he_normal\" has "
               "negative_slope, mode"));
    CHECK(says(refusal("zeros(1)"), "should be parameter=value; \"zeros\" has none"));
    CHECK(says(refusal("he_normal negative_slope=0.2"), "parameters stand in parentheses"));
    CHECK(says(refusal("lsuv"), "called as nninit::Lsuv"));
    CHECK(says(refusal("gaussian"), "a Gaussian is normal(mean=0, stddev=1)"));
    CHECK(says(refusal("he_normal(gain=2)"), "; a gain g is variance_scaling(scale=g^2)"));
    CHECK(says(refusal("he_normal(nonlinearity='relu')"), "leave it out for relu"));
    CHECK(says(refusal("random_uniform(low=-1)"), "for bounds of your own, uniform(low=-0.1"));
    CHECK(says(refusal("he_normal(mode=fan_in,)"), "should be parameter=value"));
    CHECK(says(refusal("normal(stddev=0,02)"), "\"02\" in"));
    CHECK(says(refusal("he_normal(negative_slope=0.2"), "closing parenthesis"));
    CHECK(says(refusal("he_normal(mode=fan_in) x"), "closing parenthesis"));
    CHECK(says(refusal("he_normal(mode=both)"),
               "\"both\" is none of fan_in, fan_out, mean, geometric_mean"));
    CHECK(says(refusal("he_normal(mode=')"), "\"'\" is none of"));
    CHECK(says(refusal("variance_scaling(distribution=laplace)"),
               "\"laplace\" is none of uniform, normal, truncated"));
    CHECK(says(refusal("variance_scaling(distribution=xnormalx)"), "\"xnormalx\" is none of"));
    CHECK(says(refusal("sparse(sparsity=1.5)"), "sparsity must be within 0 and 1"));
    CHECK(says(refusal("siren(first=yes)"), "\"yes\" is none of false, true"));
    CHECK(says(refusal("he_normal(mode=fan_in, mode=fan_in)"), "gives mode twice"));
    CHECK(says(refusal("he_normal(a=1, negative_slope=1)"), "gives negative_slope twice"));
    CHECK(refusal("he_normal(mode=fan_out)") == "not refused"); // control
}

TEST_CASE("a letter inserted, dropped, changed or swapped with the next counts one") {
    CHECK(detail::edits("henorml", "henormal") == 1);
    CHECK(detail::edits("henormall", "henormal") == 1);
    CHECK(detail::edits("henormel", "henormal") == 1);
    CHECK(detail::edits("henomral", "henormal") == 1);
    CHECK(detail::edits("henormal", "henormal") == 0);
    CHECK(detail::edits("", "abc") == 3);
    CHECK(detail::edits("abc", "") == 3);
    CHECK(detail::edits("kitten", "sitting") == 3);
    CHECK(detail::edits("ca", "abc") == 3); // no letter is touched twice
}

TEST_CASE("a number in text is what C++ calls one, in every library and locale") {
    const auto number = [](const std::string& text) {
        return refusal("normal(mean=" + text + ")");
    };
    for (const char* good : {"1", "-1", "+1", "1.5", ".5", "5.", "1e3", "1E-3", "1e-310", "5e-324",
                             "-0", "1.7976931348623157e308"})
        CHECK(number(good) == "not refused");
    for (const char* bad : {"", "x", "0.2x", "0x10", "nan", "-nan", "1_000", "1'000", "1e", "--1",
                            "1.2.3", "1e400x", "one"})
        CHECK(says(number(bad), "\" is not a number"));
    CHECK(says(number("1e400"), "\"1e400\" is beyond the largest double"));
    CHECK(says(number("1e-400"), "\"1e-400\" is nearer to 0 than any double is"));
    CHECK(by_name("normal(stddev=1e-310)") == Normal{.stddev = 1e-310});
    CHECK(by_name("truncated_normal(low=-inf, high=inf)") ==
          TruncatedNormal{0, 1, -std::numeric_limits<double>::infinity(),
                          std::numeric_limits<double>::infinity()});
    CHECK(std::signbit(by_name("constant(value=-0)").rule.get_if<Constant>()->value));
    CHECK(to_string(by_name("constant(value=-0)")) == "constant(value=-0)");
}

TEST_CASE("what no fill could accept is refused when the text is read") {
    const auto refused = [](const char* text, const char* sentence) {
        CAPTURE(text, refusal(text));
        CHECK(says(refusal(text), sentence));
    };
    refused("variance_scaling(scale=-1)", "scale must be positive, but is -1");
    refused("variance_scaling(scale=0)", "scale must be positive, but is 0");
    refused("normal(stddev=-0.02)", "stddev must not be negative, but is -0.02");
    refused("normal(mean=inf)", "mean must be finite, but is inf");
    refused("truncated_normal(stddev=0)", "stddev must be positive, but is 0");
    refused("truncated_normal(low=2, high=-2)", "low = 2 must lie below high = -2");
    refused("truncated_normal(low=2)", "low = 2 must lie below high = 2");
    refused("keras:truncated_normal(stddev=-1)", "stddev must be positive, but is -1");
    refused("uniform(low=1, high=0.5)", "low = 1 must lie below high = 0.5");
    refused("uniform(high=inf)", "high must be finite");
    refused("sparse(sparsity=90)", "sparsity must be within 0 and 1, but is 90");
    refused("sparse(sparsity=-0.1)", "sparsity must be within 0 and 1");
    refused("sparse(stddev=-1)", "stddev must not be negative");
    refused("siren(omega=0)", "omega must be positive");
    refused("glorot_normal(gain=0)", "gain must not be 0");
    refused("xavier_uniform(gain=-0)", "gain must not be 0");
    refused("nguyen_widrow(factor=-0.7)", "factor must be positive");
    refused("constant(value=inf)", "value must be finite");
    refused("he_normal(negative_slope=-inf)", "negative_slope must be finite");
    refused("orthogonal(gain=inf)", "gain must be finite");
    for (const char* accepted :
         {"variance_scaling(scale=1e-300)", "normal(stddev=0)", "uniform(low=1, high=1)",
          "sparse(sparsity=1)", "sparse(sparsity=0, stddev=0)", "orthogonal(gain=-1)",
          "truncated_normal(high=inf)", "he_normal(negative_slope=-1)", "identity(gain=0)"})
        CHECK(refusal(accepted) == "not refused"); // controls
}

TEST_CASE("a locale with a decimal comma changes neither what is read nor what is written") {
    namespace fs = std::filesystem;
    const fs::path folder = fs::temp_directory_path() / "nninit_locale";
    fs::create_directories(folder);
    const std::string make =
        "localedef -i de_DE -f UTF-8 '" + (folder / "nninit_DE").string() + "' > /dev/null 2>&1";
    (void)std::system(make.c_str());
    ::setenv("LOCPATH", folder.c_str(), 1);
    if (std::setlocale(LC_ALL, "nninit_DE") == nullptr) {
        WARN("no locale with a decimal comma can be made here: install Debian's locales");
        return;
    }
    char comma[16];
    std::snprintf(comma, sizeof comma, "%.1f", 0.5);
    CHECK(std::string(comma) == "0,5"); // control: C's functions follow the locale
    const std::string read = to_string(by_name("normal(mean=1234567.5, stddev=0.25)"));
    const std::string sentence = refusal("normal(stddev=-0.25)");
    // By a facet: glibc leaks in making std::locale("nninit_DE") under LOCPATH.
    struct Comma : std::numpunct<char> {
        char do_decimal_point() const override { return ','; }
        char do_thousands_sep() const override { return '.'; }
        std::string do_grouping() const override { return "\3"; }
    };
    const std::locale before = std::locale::global(std::locale(std::locale(), new Comma));
    std::ostringstream local;
    local << 1234567.5;
    CHECK(local.str() != "1234567.5"); // control: so do C++'s
    const std::string read_again = to_string(by_name("normal(mean=1234567.5, stddev=0.25)"));
    local.str("");
    local << Normal{.mean = 1234567.5} << ' ' << Philox(1234567);
    std::locale::global(before);
    std::setlocale(LC_ALL, "C");
    CHECK(read == "normal(mean=1234567.5, stddev=0.25)");
    CHECK(read_again == read);
    CHECK(says(sentence, "is -0.25"));
    CHECK(local.str() == "normal(mean=1234567.5) 1234567 0 0");
    fs::remove_all(folder);
}

TEST_CASE("a value that the rule refuses is refused at the fill") {
    Eigen::MatrixXf w = Eigen::MatrixXf::Constant(2, 3, 7);
    Philox rng(1);
    CHECK_THROWS_AS(by_name("glorot_normal(gain=0)")(w, rng), std::invalid_argument);
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
