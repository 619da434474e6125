// SPDX-License-Identifier: MIT
// A file of its own, because it replaces operator new: the k-th allocation fails, for every k.
#include <nninit/activation.hpp>
#include <nninit/scheme.hpp>

#include "catch.hpp"

#include <cstdlib>
#include <new>
#include <stdexcept>
#include <string>

namespace {

int left = -1; // allocations before one fails; negative: none does

} // namespace

// Not inlined: GCC would take free() for the other end of malloc() in one place and not in another.
[[gnu::noinline]] void* operator new(std::size_t size) {
    if (left == 0) {
        left = -1;
        throw std::bad_alloc();
    }
    if (left > 0) --left;
    if (void* memory = std::malloc(size != 0 ? size : 1)) return memory;
    throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace {

using namespace nninit;

/// How often the body fails for want of memory before it goes through; -1 if a failure is
/// swallowed, that is if the body returns though an allocation failed.
template <class Body> int failures(const Body& body) {
    for (int k = 0;; ++k) {
        left = k;
        bool failed = false;
        try {
            body();
        } catch (const std::bad_alloc&) {
            failed = true;
        } catch (const std::invalid_argument&) {
        }
        const bool all_given = left >= 0;
        left = -1;
        if (!failed && !all_given) return -1;
        if (!failed) return k;
    }
}

} // namespace

TEST_CASE("no failed allocation is swallowed where text is read or written") {
    int total = 0;
    for (const char* text :
         {"variance_scaling(scale=2, mode=geometric_mean, distribution=truncated)",
          ("keras:truncated_normal(stddev=0.020000000000000001, "
           "mean=0.0000000000000000000000000001)"),
          "torch.nn.init.kaiming_normal_(a=0.2, mode='fan_out')",
          // refused, with a sentence that takes memory too
          "there_is_no_such_initializer(at_all=1)", "he_normal(no_parameter_of_this_name=1)",
          "variance_scaling(distribution=a_distribution_of_no_name)",
          "normal(stddev=a_number_that_is_none_at_all)", "uniform(low=1, high=0)"}) {
        CAPTURE(text);
        const int failed = failures([&] { (void)by_name(text); });
        CHECK(failed >= 0);
        total += failed;
    }
    CHECK(total > 20);
    const Initializer long_text = VarianceScaling{1.0 / 3, Mode::geometric_mean, Shape::truncated};
    CHECK(failures([&] { (void)to_string(long_text); }) >= 0);
    CHECK(failures([&] { (void)to_string(TruncatedNormal{0.1, 1.0 / 3, -1e-300, 1e300}); }) >= 0);
    CHECK(failures([] { (void)names(); }) >= 0);
    CHECK(failures([] { (void)activation("an_activation_of_no_name"); }) >= 0);
    // Control: what the check must find.
    CHECK(failures([] {
              try {
                  ::operator delete(::operator new(100)); // a call, which no compiler leaves out
              } catch (const std::bad_alloc&) {
              }
          }) == -1);
}

TEST_CASE("a result is the same after any failed allocation") {
    const char* const text =
        "variance_scaling(scale=2, mode=geometric_mean, distribution=truncated)";
    const Initializer expected = VarianceScaling{2, Mode::geometric_mean, Shape::truncated};
    Initializer kept = HeNormal{};
    CHECK(failures([&] {
              kept = HeNormal{};
              kept = by_name(text);
          }) >= 0);
    CHECK(kept == expected);
    std::string written;
    CHECK(failures([&] { written = to_string(expected); }) >= 0);
    CHECK(written == text);
}

TEST_CASE("a Scheme stays as it was when memory fails") {
    const std::string lines =
        "convolution*.weight = he_normal(mode=fan_out)\n"
        "a_rather_long_pattern_for_a_parameter.* = variance_scaling(scale=2)\n";
    CHECK(failures([&] { (void)Scheme::read(lines); }) >= 0);
    CHECK(failures([&] { (void)Scheme::read(lines + "a = no_initializer_of_any_kind"); }) >= 0);
    Scheme scheme = Scheme::read(lines);
    std::string pattern = "another_pattern_that_is_long_enough_to_need_memory";
    CHECK(failures([&] { scheme.add(pattern, Zeros{}); }) >= 0);
    CHECK(scheme.lines().size() == 3);
    CHECK(failures([&] { (void)scheme.at("a_parameter_that_no_pattern_of_the_scheme_matches"); }) >
          0);

    Eigen::MatrixXf w = Eigen::MatrixXf::Constant(5, 6, 7), expected(5, 6);
    bool unchanged = true;
    CHECK(failures([&] {
              unchanged = unchanged && (w.array() == 7).all();
              scheme("convolution1.weight", w, Philox(1));
          }) >= 0);
    CHECK(unchanged);
    HeNormal{.mode = Mode::fan_out}(expected, Philox(1).stream("convolution1.weight"));
    CHECK(w == expected);
    CHECK_THROWS_AS(scheme("convolution1.weight", w, Philox(1)), std::invalid_argument);
}
