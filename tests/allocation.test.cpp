// SPDX-License-Identifier: MIT
// A file of its own, because Eigen is compiled differently here: it reports what it allocates.
#include <stdexcept>

#define EIGEN_RUNTIME_NO_MALLOC
#define eigen_assert(condition) ((condition) ? void() : throw std::logic_error(#condition))
#include <nninit/constant.hpp>
#include <nninit/rules.hpp>

#include "catch.hpp"
#include "engines.hpp"

#include <atomic>
#include <cstdlib>
#include <new>
#include <random>
#include <vector>

namespace {

std::atomic<int> allocations{0};

} // namespace

void* operator new(std::size_t size) {
    ++allocations;
    if (void* memory = std::malloc(size != 0 ? size : 1)) return memory;
    throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace {

using namespace nninit;

/// Whether neither Eigen nor operator new gives memory while the body runs.
template <class Body> bool allocates_nothing(const Body& body) {
    const int before = allocations;
    Eigen::internal::set_is_malloc_allowed(false);
    try {
        body();
    } catch (const std::logic_error&) {
        Eigen::internal::set_is_malloc_allowed(true);
        return false;
    }
    Eigen::internal::set_is_malloc_allowed(true);
    return allocations == before;
}

template <class Rule, class Target, class Engine>
bool fills_in_place(const Rule& rule, Target&& target, Engine&& engine) {
    return allocates_nothing([&] { rule(target, engine); });
}

} // namespace

TEST_CASE("a fill allocates nothing") {
    Eigen::setNbThreads(1); // OpenMP's threads are memory of their own
    Eigen::MatrixXf w(300, 200);
    Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor> d(300, 200);
    Eigen::MatrixXcf c(100, 50);
    Eigen::Matrix<Eigen::half, Eigen::Dynamic, Eigen::Dynamic> h(100, 50);
    Philox rng(1);
    std::mt19937 mt(1);
    tests::Counter counter(rng);
    CHECK(fills_in_place(HeNormal{}, w, rng));
    CHECK(fills_in_place(GlorotUniform{}, w.transpose(), rng));
    CHECK(fills_in_place(VarianceScaling{.distribution = Shape::truncated}, d, rng));
    CHECK(fills_in_place(Normal{}, d.block(3, 4, 100, 100), rng));
    CHECK(fills_in_place(Normal{}, w, mt));
    CHECK(fills_in_place(Normal{}, d, mt));
    CHECK(fills_in_place(Normal{}, w.diagonal(), counter));
    CHECK(!fills_in_place(Normal{}, w.reverse(), counter)); // is no memory with strides
    CHECK(fills_in_place(Normal{.mean = 1}, c, rng));
    CHECK(fills_in_place(TruncatedNormal{}, h, rng));
    CHECK(fills_in_place(Uniform{}, d.diagonal(), rng));
    CHECK(allocates_nothing([&] { Ones{}(w); }));
    Eigen::MatrixBase<Eigen::MatrixXf>& base = w; // as functions of Eigen's style take it
    CHECK(fills_in_place(HeNormal{}, base, rng));
    CHECK(allocates_nothing([&] { Zeros{}(base); }));
    // Controls.
    CHECK(!allocates_nothing([&] { w = w.transpose().eval(); }));
    std::vector<int> numbers;
    CHECK(!allocates_nothing([&] { numbers.resize(100); }));
}
