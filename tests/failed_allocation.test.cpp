// SPDX-License-Identifier: MIT
// Lets the k-th allocation fail, for every k: std::bad_alloc passes through, or nothing changes in
// the result, and target and engine are as they were. For glibc, whose malloc can be stood in for.
#include <nninit/nninit.hpp>
#include <nninit/tensor.hpp>

#include "catch.hpp"

#include <cstdlib>
#include <new>
#include <string>

#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__)
extern "C" void* __libc_malloc(std::size_t); // NOLINT(bugprone-reserved-identifier)

namespace {

long count = 0, failing = 0; // the failing-th fails; 0: none

} // namespace

extern "C" void* malloc(std::size_t size) {
    ++count;
    return count == failing ? nullptr : __libc_malloc(size);
}

namespace {

using namespace nninit;

/// Runs body() with each of its allocations failing in turn. `restore` sets what it works on as it
/// was, `changed` says whether it differs from that, `right` whether the result is the usual one.
template <class Restore, class Body, class Changed, class Right>
void fail_each(const Restore& restore, const Body& body, const Changed& changed,
               const Right& right) {
    for (long k = 1; k < 10000; ++k) {
        CAPTURE(k);
        restore();
        bool refused = false, other = false;
        count = 0;
        failing = k;
        try {
            body();
        } catch (const std::bad_alloc&) {
            refused = true;
        } catch (...) {
            other = true;
        }
        const bool reached = count >= k;
        failing = 0;
        CHECK_FALSE(other);
        if (refused)
            CHECK_FALSE(changed());
        else
            CHECK(right());
        if (!reached) return;
    }
    FAIL("allocates without end");
}

} // namespace

TEST_CASE("a fill whose memory is refused leaves target and engine as they were") {
    const Conv conv{.in = 6, .out = 12, .kernel = {2}};
    for (const std::string& name : names()) {
        CAPTURE(name);
        const Initializer rule = by_name(name);
        Eigen::MatrixXf w(12, 12), usual(12, 12);
        Philox rng(1);
        const auto apply = [&](Eigen::MatrixXf& target, Philox& engine) {
            if (rule.rule.get_if<Dirac>() || rule.rule.get_if<Bilinear>() ||
                rule.rule.get_if<DeltaOrthogonal>())
                rule(target, engine, conv);
            else
                rule(target, engine);
        };
        Philox other(1);
        apply(usual, other);
        fail_each([&] { w.setConstant(7), rng = Philox(1); }, [&] { apply(w, rng); },
                  [&] { return !(w.array() == 7).all() || !(rng == Philox(1)); },
                  [&] { return w == usual && rng == other; });
    }
}

TEST_CASE("Sparse asks for its memory before it writes and draws") {
    Eigen::MatrixXd w(30, 20), usual(30, 20);
    Philox rng(1);
    Sparse{}(usual, Philox(1));
    fail_each([&] { w.setConstant(7), rng = Philox(1); }, [&] { Sparse{}(w, rng); },
              [&] { return !(w.array() == 7).all() || !(rng == Philox(1)); },
              [&] { return w == usual; });
}

TEST_CASE("make whose memory is refused leaves the engine as it was") {
    Philox rng(1);
    Eigen::MatrixXf made;
    const auto usual = make<Eigen::MatrixXf>(Orthogonal{}, Philox(1), 9, 7);
    fail_each([&] { made.resize(0, 0), rng = Philox(1); },
              [&] { made = make<Eigen::MatrixXf>(Orthogonal{}, rng, 9, 7); },
              [&] { return !(rng == Philox(1)) && made.size() == 0; },
              [&] { return made == usual; });
}

TEST_CASE("a tensor whose fill's memory is refused is as it was, and so is the engine") {
    for (const char* letters : {"HWIO", "OIHW"}) {
        CAPTURE(letters);
        Eigen::Tensor<float, 4> tensor(2, 3, 4, 5), usual(2, 3, 4, 5);
        Philox rng(1);
        fill(HeNormal{}, usual, Philox(1), letters);
        const auto equal = [](const auto& a, const auto& b) {
            for (Eigen::Index i = 0; i < a.size(); ++i)
                if (a.data()[i] != b.data()[i]) return false;
            return true;
        };
        Eigen::Tensor<float, 4> sevens(2, 3, 4, 5);
        sevens.setConstant(7);
        fail_each([&] { tensor = sevens, rng = Philox(1); },
                  [&] { fill(HeNormal{}, tensor, rng, letters); },
                  [&] { return !equal(tensor, sevens) || !(rng == Philox(1)); },
                  [&] { return equal(tensor, usual); });
    }
}

TEST_CASE("a name is read wholly or not at all where memory is refused") {
    for (const std::string text :
         {"variance_scaling(scale=2, mode=geometric_mean, distribution=truncated)",
          "truncated_normal(mean=0.125, stddev=0.0123456789, low=-1, high=1)", "keras:he_normal"}) {
        CAPTURE(text);
        const Initializer usual = by_name(text);
        Initializer read;
        fail_each([&] { read = Initializer{}; }, [&] { read = by_name(text); },
                  [&] { return !(read == Initializer{}); }, [&] { return read == usual; });
        const std::string usual_text = to_string(usual);
        std::string written;
        fail_each([&] { written.clear(); }, [&] { written = to_string(usual); },
                  [&] { return !written.empty(); }, [&] { return written == usual_text; });
    }
}

TEST_CASE("a tensor that is a matrix in memory is filled without an allocation") {
    Eigen::Tensor<float, 2> oi(30, 50);
    Eigen::Tensor<float, 4, Eigen::RowMajor> oihw(4, 3, 2, 5);
    Eigen::Tensor<float, 4> whcn(5, 2, 3, 4);
    const auto allocations = [](auto& tensor, const char* letters) {
        count = 0;
        fill(HeNormal{}, tensor, Philox(1), letters);
        return count;
    };
    CHECK(allocations(oi, "OI") == 0);
    CHECK(allocations(oi, "IO") == 0);
    CHECK(allocations(oihw, "OIHW") == 0);
    CHECK(allocations(whcn, "WHCN") == 0);
    count = 0; // control
    Eigen::MatrixXf w(300, 200);
    CHECK(count > 0);
}
#endif
