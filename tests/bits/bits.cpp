// SPDX-License-Identifier: MIT
// bits [portable|neon|avx2|avx512 [threads]]: fills matrices of every scalar type by every rule
// whose bits are promised, and writes what the library has as text; prints one hash for each, and
// of all of them. Fails if a storage order, a stride, a block or a window changes a value, or if
// the path is not to be had. -DFEW_TYPES leaves out types that compute as others do, and reaches
// each rule by its Initializer, -DONE_TYPE all but float's rules of independent values.

#include <nninit/nninit.hpp>
#include <nninit/span.hpp>

#include <cstdio>
#include <cstring>
#include <random>
#include <sstream>
#include <string>
#include <vector>

namespace {

std::uint64_t all_values = 0, all_hash = 0xcbf29ce484222325;

/// FNV-1a over the values' bits, low byte first whatever the machine's order.
struct Hash {
    std::uint64_t state = 0xcbf29ce484222325, values = 0;

    void bits(std::uint64_t x, std::size_t bytes) {
        for (std::size_t i = 0; i < bytes; ++i) {
            state = (state ^ (x >> (8 * i) & 0xff)) * 0x100000001b3;
            all_hash = (all_hash ^ (x >> (8 * i) & 0xff)) * 0x100000001b3;
        }
    }
    void add(float x) { bits(std::bit_cast<std::uint32_t>(x), 4); }
    void add(double x) { bits(std::bit_cast<std::uint64_t>(x), 8); }
    void add(long double x) { add(static_cast<double>(x)); }
    void add(Eigen::half x) { bits(x.x, 2); }
    void add(Eigen::bfloat16 x) { bits(x.value, 2); }
    template <class T> void add(const std::complex<T>& x) {
        add(x.real());
        add(x.imag());
    }
    void add(const std::string& text) {
        for (const char c : text) bits(static_cast<unsigned char>(c), 1);
        bits(0, 1);
        ++values;
    }
    template <class Matrix> void add_all(const Matrix& w) {
        for (Eigen::Index c = 0; c < w.cols(); ++c)
            for (Eigen::Index r = 0; r < w.rows(); ++r) add(w(r, c));
        values += static_cast<std::uint64_t>(w.size());
    }
};

bool all_same = true;

template <class A, class B> void expect_same(const A& a, const B& b, const char* what) {
    Hash x, y;
    const auto kept = all_hash;
    x.add_all(a);
    y.add_all(b);
    all_hash = kept;
    if (x.state == y.state) return;
    std::printf("DIFFERENT: %s\n", what);
    all_same = false;
}

void print(const char* scalar, const char* name, const Hash& hash) {
    std::printf("%-16s %-24s %8llu %016llx\n", scalar, name,
                static_cast<unsigned long long>(hash.values),
                static_cast<unsigned long long>(hash.state));
    all_values += hash.values;
}

template <class Scalar, class Rule>
void check_rule(const char* scalar, const char* name, const Rule& rule, Eigen::Index rows,
                Eigen::Index cols) {
    using Matrix = Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic>;
    using RowMajor = Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
    const nninit::Philox rng = nninit::Philox(42).stream(name);
    Hash hash;
    Matrix w(rows, cols);
    rule(w, nninit::Philox(rng));
    hash.add_all(w);

    RowMajor r(rows, cols);
    rule(r, nninit::Philox(rng));
    expect_same(w, r, "row-major storage");
    Matrix blocks(rows / 4 * 4, cols); // whose columns begin with a block of four words
    rule(blocks, nninit::Philox(rng));
    RowMajor b(rows / 4 * 4, cols);
    rule(b, nninit::Philox(rng));
    expect_same(blocks, b, "row-major storage of whole blocks");
    RowMajor t(cols, rows);
    rule(t.transpose(), nninit::Philox(rng));
    expect_same(w, t.transpose(), "the transpose");
    Matrix large(2 * rows + 1, cols + 2);
    auto block = large.block(1, 2, rows, cols);
    rule(block, nninit::Philox(rng));
    expect_same(w, block, "a block");
    using Strided = Eigen::Map<Matrix, 0, Eigen::Stride<Eigen::Dynamic, Eigen::Dynamic>>;
    Strided strided(large.data(), rows, cols, {2 * rows + 1, 2});
    rule(strided, nninit::Philox(rng));
    expect_same(w, strided, "a map with strides");
    Matrix part(rows / 2, cols / 3);
    rule(part, nninit::Philox(rng),
         nninit::Window{.rows = rows, .cols = cols, .row = rows / 4, .col = cols / 5});
    expect_same(w.block(rows / 4, cols / 5, rows / 2, cols / 3), part, "a window");

    for (const std::uint64_t position :
         {std::uint64_t{1}, std::uint64_t{2}, std::uint64_t{3}, (std::uint64_t{1} << 34) - 5,
          (std::uint64_t{1} << 40) + 1}) {
        nninit::Philox far = rng;
        far.seek(position);
        Matrix v(17, 9);
        rule(v, far);
        hash.add_all(v);
    }
    Matrix drawn(31, 33);
    rule(drawn, std::mt19937_64(7));
    hash.add_all(drawn);

    print(scalar, name, hash);
}

template <class Scalar, class Rule>
void check(const char* scalar, const char* name, const Rule& rule, Eigen::Index rows,
           Eigen::Index cols) {
#ifdef FEW_TYPES
    check_rule<Scalar>(scalar, name, nninit::Initializer(rule), rows, cols);
#else
    check_rule<Scalar>(scalar, name, rule, rows, cols);
#endif
}

/// A rule of whole matrices, in both storage orders.
template <class Scalar, class Rule, class... Facts>
void check_whole(const char* scalar, const char* name, const Rule& rule, Eigen::Index rows,
                 Eigen::Index cols, const Facts&... facts) {
    const nninit::Philox rng = nninit::Philox(42).stream(name);
    Hash hash;
    nninit::Philox engine = rng;
    Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic> w(rows, cols);
    rule(w, engine, facts...);
    hash.add_all(w);
    hash.bits(engine.position(), 8);
    Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor> r(rows, cols);
    rule(r, nninit::Philox(rng), facts...);
    expect_same(w, r, "row-major storage");
    Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic> large(2 * rows + 1, cols + 2);
    auto block = large.block(1, 2, rows, cols);
    rule(block, nninit::Philox(rng), facts...);
    expect_same(w, block, "a block");
    print(scalar, name, hash);
}

template <class Scalar> void check_whole_rules(const char* scalar) {
    using namespace nninit;
    constexpr Eigen::Index shapes[][2] = {{64, 64}, {200, 77}, {77, 200},
                                          {1, 1},   {17, 3},   {300, 290}};
    for (const double gain : {1.0, std::sqrt(2.0)})
        for (const auto& [rows, cols] : shapes) {
            const std::string name = "Orthogonal " + std::to_string(rows) + " x " +
                                     std::to_string(cols) + (gain == 1 ? "" : ", 2");
            check_whole<Scalar>(scalar, name.c_str(), Orthogonal{gain}, rows, cols);
        }
    check_whole<Scalar>(scalar, "DeltaOrthogonal", DeltaOrthogonal{1.5}, 40, 17 * 9,
                        Conv{.in = 17, .out = 40, .kernel = {3, 3}});
    check_whole<Scalar>(scalar, "NguyenWidrow", NguyenWidrow{}, 41, 23);
    check_whole<Scalar>(scalar, "NguyenWidrow, tall", NguyenWidrow{.factor = 1.1}, 131, 2);
    check_whole<Scalar>(scalar, "Sparse", Sparse{.sparsity = 0.7}, 50, 31);
    // 9 of 10, or all if the product of three numbers is worked out in another order
    check_whole<Scalar>(scalar, "Sparse", Sparse{.sparsity = 0x1.cccccccccccd5p-1}, 50, 10);
    check_whole<Scalar>(scalar, "Identity", Identity{.gain = 0.3}, 19, 27);
    check_whole<Scalar>(scalar, "Bilinear", by_name("bilinear"), 3, 3 * 13 * 6,
                        Conv{.in = 3, .out = 3, .kernel = {13, 6}}); // of sevenths and thirds
    Hash hash;
    std::vector<Scalar> kernel(3 * 2 * 24 * 40);
    Philox rng(42);
    for (const char* const letters : {"HWIO", "OWHI", "IHOW"}) {
        fill(HeNormal{}, std::span(kernel), {3, 2, 24, 40}, rng, letters);
        for (const Scalar& x : kernel) hash.add(x);
        hash.values += kernel.size();
    }
    fill(by_name("orthogonal"), std::span(kernel), {3, 2, 24, 40}, rng, "HWIO");
    for (const Scalar& x : kernel) hash.add(x);
    hash.values += kernel.size();
    print(scalar, "spans", hash);
}

/// All that is written as text, and what names make.
void check_text() {
    using namespace nninit;
    Hash hash;
    for (const std::string& name : names()) {
        const Initializer made = by_name(name);
        hash.add(name);
        hash.add(to_string(made));
        Eigen::MatrixXf w(12, 4 * 9);
        Philox rng = Philox(42).stream(name);
        made(w, rng, Conv{.in = 4, .out = 12, .kernel = {3, 3}});
        hash.add_all(w);
        std::ostringstream state;
        state << rng;
        hash.add(state.str());
    }
    for (const char* const text : // none that is refused: some platforms have no exceptions
         {"normal(mean=0.1, stddev=1e-3)", "uniform(low=-1e300, high=8)",
          "truncated_normal(low=-2, high=inf)", "he_normal(negative_slope=0.30000000000000004)",
          "normal(stddev=5e-324)"})
        hash.add(to_string(by_name(text)));
    print("text", "names and states", hash);
}

template <class Scalar> void check_all(const char* scalar, Eigen::Index rows, Eigen::Index cols) {
    using namespace nninit;
    const double infinity = std::numeric_limits<double>::infinity();
    check<Scalar>(scalar, "uniform", Uniform{.low = -0.3, .high = 0.7}, rows, cols);
    check<Scalar>(scalar, "normal", Normal{.mean = 0.1, .stddev = 0.05}, rows, cols);
    check<Scalar>(scalar, "truncated", TruncatedNormal{.stddev = 0.02, .low = -0.04, .high = 0.04},
                  rows, cols);
    check<Scalar>(scalar, "truncated, one side", TruncatedNormal{.low = 0.5, .high = infinity},
                  rows, cols);
    check<Scalar>(scalar, "truncated, far tail", TruncatedNormal{.low = 5, .high = infinity}, 30,
                  20);
    // Zeros, of one sign or the other as std::clamp has it: of all types, and of half.
    check<Scalar>(scalar, "uniform of zeros", Uniform{.low = -0.0, .high = 0}, 30, 20);
    check<Scalar>(scalar, "truncated, near zero",
                  TruncatedNormal{.stddev = 1e-9, .low = -2e-9, .high = 2e-9}, 30, 20);
    check<Scalar>(scalar, "RandomUniform", RandomUniform{}, 60, 50);
    check<Scalar>(scalar, "GlorotNormal", GlorotNormal{}, 60, 50);
    check<Scalar>(scalar, "GlorotUniform", GlorotUniform{}, 60, 50);
    check<Scalar>(scalar, "HeNormal", HeNormal{.negative_slope = 0.01}, 60, 50);
    check<Scalar>(scalar, "HeUniform", HeUniform{}, 60, 50);
}

} // namespace

int main(int argc, char** argv) {
    using nninit::detail::Path;
    const std::string name = argc > 1 ? argv[1] : "portable";
    const Path path = name == "avx512" ? Path::avx512
                      : name == "avx2" ? Path::avx2
                      : name == "neon" ? Path::neon
                      : name == "own"  ? nninit::detail::widest_path() // the machine's
                                       : Path::portable;
    if (!nninit::detail::has(path)) {
        std::printf("left out: this machine or build has no %s\n", name.c_str());
        return 3;
    }
    nninit::detail::path() = path;
    Eigen::setNbThreads(argc > 2 ? std::stoi(argv[2]) : 1);

    check_all<float>("float", 401, 403); // more than a thread alone would write
#ifndef ONE_TYPE
    check_all<double>("double", 401, 403);
    check_whole_rules<float>("float");
    check_whole_rules<std::complex<double>>("complex double");
#endif
#if !defined(ONE_TYPE) && !defined(FEW_TYPES)
    check_all<Eigen::half>("half", 201, 99);
    check_all<std::complex<float>>("complex float", 201, 99);
    check_whole_rules<double>("double");
    check_all<long double>("long double", 101, 99);
    check_all<Eigen::bfloat16>("bfloat16", 201, 99);
    check_all<std::complex<double>>("complex double", 101, 99);
    check_whole_rules<Eigen::half>("half");
    check_whole_rules<Eigen::bfloat16>("bfloat16");
    check_whole_rules<std::complex<float>>("complex float");
#endif
#ifndef ONE_TYPE
    check_text();
#endif
    std::printf("%-41s %8llu %016llx\n", "all", static_cast<unsigned long long>(all_values),
                static_cast<unsigned long long>(all_hash));
    return all_same ? 0 : 1;
}
