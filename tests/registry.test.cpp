// SPDX-License-Identifier: MIT
#include <nninit/nninit.hpp>

#include "catch.hpp"

#include <map>
#include <sstream>
#include <vector>

using namespace nninit;

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

TEST_CASE("any rule is an initializer, is written as one and is kept in containers") {
    const Initializer init = HeNormal{};
    CHECK(init == by_name("he_normal"));
    CHECK(init == HeNormal{});
    CHECK_FALSE(init == HeNormal{.negative_slope = 0.1});
    CHECK_FALSE(init == HeUniform{});
    CHECK(*init.rule.get_if<HeNormal>() == HeNormal{});
    CHECK(init.rule.get_if<HeUniform>() == nullptr);
    int rules = 0;
    init.rule.visit([&](const auto& rule) { rules += Initializer(rule) == init ? 1 : 100; });
    CHECK(rules == 1);
    Initializer changed = RandomUniform{};
    changed.rule.visit([&](const auto&) { changed = HeNormal{}, ++rules; }); // one that comes later
    CHECK((rules == 2 && changed == HeNormal{}));
    CHECK(Initializer() == RandomUniform{});
    const std::vector<Initializer> all{HeNormal{}, Zeros{}, Sparse{0.5}, init};
    CHECK(all[2] == Sparse{0.5});
    CHECK(to_string(HeNormal{}) == "he_normal");
    CHECK(to_string(Siren{.omega = 20}) == "siren(omega=20)");
    CHECK(to_string(Constant{100}) == "constant(value=100)");
    CHECK(to_string(Normal{.stddev = 1e-310}) == "normal(stddev=1e-310)");
    std::ostringstream out;
    out << HeNormal{.mode = Mode::fan_out} << ' ' << init;
    CHECK(out.str() == "he_normal(mode=fan_out) he_normal");
    CHECK(to_string(HeNormal{.mode = static_cast<Mode>(7)}) == "he_normal(mode=7)");
    CHECK(to_string(VarianceScaling{.distribution = static_cast<Shape>(-1)}) ==
          "variance_scaling(distribution=-1)");
    std::map<std::string, Initializer> named;
    named["fc.bias"] = Zeros{};
    CHECK(named["fc.bias"] == Zeros{});
    STATIC_REQUIRE_FALSE(std::is_convertible_v<Lsuv, Initializer>);
    STATIC_REQUIRE_FALSE(std::is_convertible_v<double, Initializer>);
}
