// SPDX-License-Identifier: MIT
// One object of a mixture: -DPART="name" is its name, -DSET=0 or 1 chooses which kinds of fill it
// has. Objects of different sets share templates without having all of each other's.
#include "part.hpp"

#include <nninit/nninit.hpp>

#include <cstring>
#include <random>

namespace {

template <class T> void add(unsigned long long& state, const T& x) {
    unsigned long long bits[(sizeof(T) + 7) / 8] = {};
    std::memcpy(bits, &x, sizeof(T));
    for (const unsigned long long word : bits) {
        state = (state ^ word) * 0x9e3779b97f4a7c15;
        state ^= state >> 29;
    }
}

template <class Matrix> unsigned long long hash_of(const Matrix& w) {
    unsigned long long state = 0xcbf29ce484222325;
    for (Eigen::Index c = 0; c < w.cols(); ++c)
        for (Eigen::Index r = 0; r < w.rows(); ++r) add(state, w(r, c));
    return state;
}

template <class Scalar, int Order = Eigen::ColMajor, class Rule, class Engine>
unsigned long long filled(const Rule& rule, Engine&& engine, Eigen::Index rows, Eigen::Index cols) {
    Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic, Order> w(rows, cols);
    rule(w, engine);
    add_part(nullptr); // an end to what the optimiser may know of both sides
    return hash_of(w);
}

const nninit::TruncatedNormal cut{.mean = 0.1, .stddev = 0.02, .low = 0.06, .high = 0.14};
const nninit::TruncatedNormal tail{.mean = 0, .stddev = 1, .low = 5, .high = 40};

#if SET == 0
const char* const names[] = {"normal double mt19937",  "uniform float mt19937_64",
                             "truncated float",        "normal complex float",
                             "row-major normal float", "row-major truncated double mt19937",
                             "He normal float, large"};
// The doubles are so many that some lie in the slow tails (7, and 8 by Philox).
unsigned long long hash(int kind) {
    using namespace nninit;
    switch (kind) {
    case 0:
        return filled<double>(Normal{.mean = 1, .stddev = 2}, std::mt19937(1), 300, 1000);
    case 1:
        return filled<float>(Uniform{.low = -1}, std::mt19937_64(2), 131, 33);
    case 2:
        return filled<float>(cut, Philox(3), 301, 67);
    case 3:
        return filled<std::complex<float>>(Normal{}, Philox(4), 101, 33);
    case 4:
        return filled<float, Eigen::RowMajor>(Normal{}, Philox(5), 99, 101);
    case 5:
        return filled<double, Eigen::RowMajor>(cut, std::mt19937(6), 64, 48);
    default:
        return filled<float>(HeNormal{}, Philox(7), 401, 403);
    }
}
#else
const char* const names[] = {"normal double",
                             "uniform double",
                             "truncated double, tail",
                             "normal complex double mt19937",
                             "row-major normal float, position 1",
                             "normal half",
                             "He normal float, large",
                             "truncated float mt19937",
                             "Orthogonal float",
                             "by name"};
unsigned long long hash(int kind) {
    using namespace nninit;
    Philox odd(5);
    odd.seek(1);
    switch (kind) {
    case 0:
        return filled<double>(Normal{.mean = 1, .stddev = 2}, Philox(1), 300, 1000);
    case 1:
        return filled<double>(Uniform{.low = -1}, Philox(2), 131, 33);
    case 2:
        return filled<double>(tail, Philox(3), 31, 17);
    case 3:
        return filled<std::complex<double>>(Normal{}, std::mt19937(4), 51, 33);
    case 4:
        return filled<float, Eigen::RowMajor>(Normal{}, odd, 100, 100);
    case 5:
        return filled<Eigen::half>(Normal{}, Philox(8), 51, 33);
    case 6:
        return filled<float>(HeNormal{}, Philox(7), 401, 403);
    case 7:
        return filled<float>(cut, std::mt19937(9), 101, 37);
#ifdef WITH_NAMES
    case 9:
        return filled<float>(by_name("he_uniform(mode=fan_out)"), Philox(10), 101, 37);
#endif
    default: // not hashed: its bits may depend on the flags in releases that promise no more
        Eigen::MatrixXf q(20, 10);
        Orthogonal{}(q, Philox(11));
        return (q.transpose() * q - Eigen::MatrixXf::Identity(10, 10)).norm() < 1e-5F;
    }
}
#endif

#ifdef WITH_NAMES
constexpr int kinds = sizeof names / sizeof *names;
#else
constexpr int kinds = sizeof names / sizeof *names - SET;
#endif

bool path(int number) {
    const auto path = static_cast<nninit::detail::Path>(number);
    if (!nninit::detail::has(path)) return false;
    nninit::detail::path() = path;
    return true;
}

// No double here: an object of normal doubles by mt19937 alone must lack what Philox needs.
void refuse_one(int which) {
    nninit::Philox rng(1);
    Eigen::MatrixXf w = Eigen::MatrixXf::Zero(3, 4);
    if (which == 0)
        nninit::Normal{.stddev = -1}(w, rng);
    else if (which == 1)
        nninit::HeNormal{}(w, rng, nninit::Conv{.in = 3, .out = 4, .groups = 2});
    else
        rng.discard(~std::uint64_t{0}), rng();
}

#if defined(__cpp_exceptions)
bool refuses(int which) {
    try {
        refuse_one(which);
    } catch (const std::invalid_argument& error) {
        return std::strncmp(error.what(), "nninit: ", 8) == 0;
    }
    return false;
}
constexpr bool exceptions = true;
#else
bool refuses(int) { return false; }
constexpr bool exceptions = false;
#endif

void handle(void (*handler)(const char*)) { nninit::set_error_handler(handler); }

#define NAME_OF(x) #x
#define NAME(x) NAME_OF(x)
Part part{NAME(PART), exceptions, kinds,  [](int k) { return names[k]; }, hash, path, refuses,
          refuse_one, handle,     nullptr};
[[maybe_unused]] const bool added = (add_part(&part), true);

} // namespace
