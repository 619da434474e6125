// SPDX-License-Identifier: MIT
// What stands around a fill, drawn from bytes: views of a matrix, engines of any range, layers
// beside targets of any shape, states of engines through streams with any flags, Lsuv and describe
// of values of any size.

#include "fuzz.hpp"

#include <iomanip>
#include <sstream>

#pragma GCC diagnostic ignored "-Wdouble-promotion"

namespace {

using namespace nninit;
using Eigen::Index, Eigen::seqN;
using fuzz::Bytes, fuzz::require;

// -- views -----------------------------------------------------------------------------------

/// A fill of view(matrix) writes what a fill of a plain matrix holds, where `view` of the matrix
/// of the coefficients' numbers says that they are, and nothing else.
template <int order, class View> void view(Bytes& bytes, Index rows, Index cols, const View& of) {
    using Numbers = Eigen::Matrix<double, -1, -1, order>;
    Numbers numbers(rows, cols), w = Numbers::Constant(rows, cols, -7777);
    for (Index i = 0; i < w.size(); ++i) numbers.data()[i] = static_cast<double>(i);
    const Eigen::MatrixXd places = of(numbers);
    Philox engine(bytes.take<std::uint8_t>());
    engine.seek(bytes.take<std::uint8_t>());
    Philox other = engine;
    Eigen::MatrixXd plain(places.rows(), places.cols());
    const Fans fans{1.0 + bytes.below(9), 5};
    GlorotUniform{}(of(w), engine, fans);
    GlorotUniform{}(plain, other, fans);
    require(engine == other, "a view takes other words than a matrix");
    Numbers expected = Numbers::Constant(rows, cols, -7777);
    for (Index i = 0; i < places.size(); ++i)
        expected.data()[static_cast<Index>(places.data()[i])] = plain.data()[i];
    require((w.array() == expected.array()).all(), "a view is filled with other values, or beside");
}

template <int order> void views(Bytes& bytes) {
    const Index rows = 1 + bytes.below(24), cols = 1 + bytes.below(24);
    // n places from `first` on, `step` apart, forwards or backwards.
    const auto some = [&](Index size) {
        const Index step = 1 + bytes.below(3), n = (size - 1) / step + 1;
        return bytes.odds(2) ? seqN(Index{0}, n, step) : seqN((n - 1) * step, n, -step);
    };
    const auto down = some(rows), right = some(cols);
    const Index row = bytes.below(static_cast<int>(rows)),
                col = bytes.below(static_cast<int>(cols));
    const auto block = [=](auto& w) { return w.block(row, col, w.rows() - row, w.cols() - col); };
    switch (bytes.below(11)) {
    case 0:
        return view<order>(bytes, rows, cols, [&](auto& w) { return w(down, right); });
    case 1:
        return view<order>(bytes, rows, cols, [&](auto& w) { return w(down, right).transpose(); });
    case 2:
        return view<order>(bytes, rows, cols, [&](auto& w) { return w(down, right).reverse(); });
    case 3:
        return view<order>(bytes, rows, cols, [&](auto& w) { return block(w).transpose(); });
    case 4:
        return view<order>(bytes, rows, cols, [&](auto& w) { return block(w).reverse(); });
    case 5:
        return view<order>(bytes, rows, cols,
                           [&](auto& w) { return block(w).transpose().colwise().reverse(); });
    case 6:
        return view<order>(bytes, rows, cols, [&](auto& w) { return w.row(row)(right); });
    case 7:
        return view<order>(bytes, rows, cols, [&](auto& w) { return w.col(col)(down); });
    case 8:
        return view<order>(bytes, rows, cols, [&](auto& w) { return block(w).diagonal(); });
    case 9:
        return view<order>(bytes, rows, cols, [&](auto& w) { return w.reverse()(down, right); });
    default:
        return view<order>(bytes, rows, cols, [&](auto& w) { return w.array()(down, right); });
    }
}

// -- engines ---------------------------------------------------------------------------------

/// Draws within [least, most], from an LCG's upper bits or, now and then, at the ends.
template <std::uint64_t least, std::uint64_t most> struct Ranged {
    std::uint64_t state = 1;
    using result_type = std::uint64_t;
    static constexpr result_type(min)() { return least; }
    static constexpr result_type(max)() { return most; }
    result_type operator()() {
        state = state * 6364136223846793005 + 1442695040888963407;
        const std::uint64_t mixed = (state ^ state >> 29) * 0xbf58476d1ce4e5b9;
        if (state >> 60 == 0) return state >> 59 & 1 ? most : least;
        return most - least == ~std::uint64_t{0} ? mixed : least + mixed % (most - least + 1);
    }
};
struct Replayed {
    std::vector<std::uint32_t> words;
    std::size_t next = 0;
    using result_type = std::uint32_t;
    static constexpr result_type(min)() { return 0; }
    static constexpr result_type(max)() { return 0xffffffff; }
    result_type operator()() { return words.at(next++); }
};

/// The words of a fill by the rule of engine.hpp, drawn here and replayed, fill the same.
template <std::uint64_t least, std::uint64_t most> void engines(Bytes& bytes) {
    const Index n = 1 + bytes.below(90);
    Ranged<least, most> engine{bytes.take<std::uint64_t>()}, other = engine;
    const bool of_doubles = bytes.odds(2);
    const auto words = static_cast<std::size_t>(of_doubles ? 2 * n : n);
    int bits = 64; // the most for which 2^bits draws are there
    while (bits > 0 && (bits == 64 ? most - least != ~std::uint64_t{0}
                                   : most - least < (std::uint64_t{1} << bits) - 1))
        --bits;
    const auto draw = [&] {
        std::uint64_t x = 0;
        do x = other() - least;
        while (bits < 64 && x >> bits != 0);
        return x;
    };
    Replayed replayed;
    while (replayed.words.size() < words) {
        std::uint64_t word = draw();
        for (int filled = bits; filled < 32; filled += bits) word |= draw() << filled;
        replayed.words.push_back(static_cast<std::uint32_t>(word));
        if (bits == 64) replayed.words.push_back(static_cast<std::uint32_t>(word >> 32));
    }
    const auto compare = [&](auto a) {
        auto b = a;
        Uniform{-1, 1}(a, engine);
        Uniform{-1, 1}(b, replayed);
        require(a == b, "an engine's words are not those of the documented rule");
    };
    if (of_doubles)
        compare(Eigen::VectorXd(n));
    else
        compare(Eigen::VectorXf(n));
    require(engine.state == other.state, "an engine is not where the fill's words end");
}

// -- layers ----------------------------------------------------------------------------------

/// A layer is taken where the target has the shape of its matrix, of its weights in a row, or of
/// its bias; a dense layer's matrix is out x in.
void layers(Bytes& bytes) {
    const int in = 1 + bytes.below(6), out = in * (1 + bytes.below(3)), k = 1 + bytes.below(3);
    int weights = in * out, dense = 1;
    const int kind = bytes.below(4);
    if (kind != 0) weights = in * out * k, dense = 0;
    if (kind == 3) weights = out * k;
    Index rows = out, cols = weights / out;
    if (bytes.odds(3)) rows = weights, cols = 1;
    if (bytes.odds(4)) rows = out, cols = 1;
    if (bytes.odds(4)) rows += bytes.below(3) - 1;
    if (bytes.odds(4)) cols += bytes.below(3) - 1;
    if (bytes.odds(4)) std::swap(rows, cols);
    if (rows <= 0 || cols <= 0) return;
    Eigen::MatrixXf w = Eigen::MatrixXf::Constant(rows, cols, -7777);
    Philox engine(1);
    const bool whole = bytes.odds(4);
    const auto call = [&](const auto& layer) {
        return fuzz::refused([&] {
            if (whole)
                Orthogonal{}(w, engine, layer);
            else
                HeNormal{}(w, engine, layer);
        });
    };
    const bool refused = kind == 0   ? call(Dense{in, out})
                         : kind == 1 ? call(Conv{.in = in, .out = out, .kernel = {k}})
                         : kind == 2 ? call(TransposedConv{.in = in, .out = out, .kernel = {k}})
                                     : call(DepthwiseConv{.in = in, .out = out, .kernel = {k}});
    const bool vector = rows == 1 || cols == 1, matrix = rows == out && rows * cols == weights;
    const bool flat = rows * cols == weights && (vector || dense == 0);
    const bool right = whole ? matrix : matrix || flat || (vector && rows * cols == out);
    require(refused == !right, "a layer is taken, or refused, wrongly");
    if (refused)
        require(engine == Philox(1) && (w.array() == -7777).all(), "a refused layer wrote");
}

// -- states of engines -------------------------------------------------------------------------

template <class Char> void states(Bytes& bytes) {
    const Philox engine = [&] {
        Philox any(bytes.take<std::uint64_t>());
        if (bytes.odds(2)) any = any.stream(bytes.take<std::uint8_t>());
        any.seek(bytes.odds(2) ? bytes.take<std::uint64_t>() : bytes.take<std::uint8_t>());
        return any;
    }();
    const auto flags = [&](std::basic_ios<Char>& stream) {
        using Ios = std::ios_base;
        static constexpr Ios::fmtflags all[] = {
            Ios::hex,   Ios::oct,    Ios::dec,      Ios::showbase,  Ios::showpos,  Ios::left,
            Ios::right, Ios::skipws, Ios::internal, Ios::uppercase, Ios::boolalpha};
        Ios::fmtflags chosen{};
        for (const Ios::fmtflags flag : all)
            if (bytes.odds(2)) chosen |= flag;
        stream.flags(chosen);
        stream.fill(static_cast<Char>(bytes.odds(2) ? '*' : '7'));
        stream.precision(bytes.below(9));
        stream.width(bytes.odds(2) ? bytes.below(90) : 0);
    };
    const std::string tail = bytes.odds(2) ? "" : ",rest";
    std::basic_stringstream<Char> stream;
    flags(stream);
    stream << engine;
    std::basic_string<Char> text = stream.str();
    text.append(tail.begin(), tail.end());
    std::basic_istringstream<Char> in(text);
    flags(in);
    const auto before = in.flags();
    Philox back;
    require(static_cast<bool>(in >> back) && back == engine, "a state does not come back");
    require(in.flags() == before, "a stream's flags are not as they were");
}

// -- values of any size --------------------------------------------------------------------------

template <class Scalar> Eigen::Matrix<Scalar, -1, -1> scaled(Bytes& bytes, Index rows, Index cols) {
    const int exponent = bytes.take<std::int16_t>() % 1080, spread = bytes.odds(3) ? 40 : 1;
    return Eigen::Matrix<Scalar, -1, -1>::NullaryExpr(rows, cols, [&] {
        const double x = std::ldexp(bytes.take<std::int8_t>(), exponent + bytes.below(spread));
        return static_cast<Scalar>(x);
    });
}

void describes(Bytes& bytes) {
    const Eigen::MatrixXd w = scaled<double>(bytes, bytes.below(9), bytes.below(9));
    long double sum = 0, squares = 0, largest = 0;
    Index n = 0, zeros = 0;
    for (const double x : w.reshaped()) {
        zeros += x == 0;
        if (!std::isfinite(x)) continue;
        sum += x;
        ++n;
        largest = std::max<long double>(largest, std::abs(x));
    }
    const long double mean = sum / static_cast<long double>(n);
    for (const double x : w.reshaped())
        if (std::isfinite(x)) squares += (x - mean) * (x - mean);
    const Description d =
        describe(bytes.odds(2) ? w : w * Eigen::MatrixXd::Identity(w.cols(), w.cols()));
    require(d.rows == w.rows() && d.cols == w.cols(), "a description has another size");
    if (w.array().isFinite().all() && w.size() != 0)
        require(d.zeros == static_cast<double>(zeros) / static_cast<double>(n), "other zeros");
    if (!w.array().isFinite().all() || n == 0) return;
    const long double slack = 1e-13L * largest + 0x1p-1073L;
    require(std::abs(d.mean - mean) <= slack, "describe: another mean");
    require(std::abs(d.stddev - std::sqrt(squares / static_cast<long double>(n))) <= slack,
            "describe: another stddev");
}

template <class Scalar> void lsuv(Bytes& bytes) {
    const Index out = 1 + bytes.below(5), in = 1 + bytes.below(5);
    const Eigen::MatrixXd x = scaled<double>(bytes, in, 2 + bytes.below(6));
    const bool relu = bytes.odds(2);
    Eigen::Matrix<Scalar, -1, -1> w(out, in);
    const auto forward = [&] {
        Eigen::MatrixXd y = w.template cast<double>() * x;
        if (relu) y = y.cwiseMax(0);
        return y;
    };
    const Lsuv::Result result = Lsuv{}(w, Philox(bytes.take<std::uint8_t>()), forward);
    const Eigen::MatrixXd weights = w.template cast<double>();
    require(weights.array().isFinite().all(), "Lsuv left weights that are not finite");
    require(result.iterations >= 0 && result.iterations <= 10, "Lsuv took too many turns");
    // Found where a double holds the sums, and where the weights that are right can be held, so
    // that their last digits do not decide how the output varies.
    const Eigen::MatrixXd y = forward();
    const double variance = (y.array() - y.mean()).square().mean();
    if (result.converged) require(std::abs(variance - 1) < 0.11, "Lsuv says converged, and is not");
    const double needed = weights.cwiseAbs().maxCoeff() / std::sqrt(variance);
    const auto most = static_cast<double>((std::numeric_limits<Scalar>::max)());
    const double digits = sizeof(Scalar) == 2 ? 0x1p-10 : sizeof(Scalar) == 4 ? 0x1p-23 : 0x1p-52;
    const double rest = digits * (weights.cwiseAbs() * x.cwiseAbs()).maxCoeff();
    if (variance > 1e-250 && variance < 1e250 && needed > 1e-3 && needed < most / 2 &&
        rest < 0.02 * std::sqrt(variance))
        require(result.converged, "Lsuv did not find weights that there are");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    Bytes bytes(data, size);
    switch (bytes.below(10)) {
    case 0:
        bytes.odds(2) ? views<Eigen::ColMajor>(bytes) : views<Eigen::RowMajor>(bytes);
        break;
    case 1:
        engines<0, 1>(bytes);
        engines<5, (1 << 24) + 9>(bytes);
        engines<1, 0xfffffffe>(bytes);
        break;
    case 2:
        engines<3, 0x1'0000'0002>(bytes);
        engines<0, 0x12'3456'7890>(bytes);
        break;
    case 3:
        engines<0, ~std::uint64_t{0}>(bytes);
        engines<1, ~std::uint64_t{0}>(bytes);
        break;
    case 4:
        layers(bytes);
        break;
    case 5:
        bytes.odds(2) ? states<char>(bytes) : states<wchar_t>(bytes);
        break;
    case 6:
        describes(bytes);
        break;
    case 7:
        lsuv<double>(bytes);
        break;
    case 8:
        lsuv<float>(bytes);
        break;
    default:
        lsuv<Eigen::half>(bytes);
    }
    return 0;
}
