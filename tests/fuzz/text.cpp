// SPDX-License-Identifier: MIT
// Text of any bytes: names of rules, states and names of Philox streams, letters of layouts. Each
// either throws std::invalid_argument (a state: sets failbit) and changes nothing, or means what
// the documentation says and comes back the same.

#include "fuzz.hpp"

#include <nninit/tensor.hpp>

#include <map>
#include <sstream>

namespace {

using namespace nninit;
using fuzz::Bytes, fuzz::require;

/// A call of by_name: a known name, its parameters or any, and bytes thrown in.
std::string call(Bytes& bytes) {
    const auto all = names();
    static constexpr const char* words[] = {
        "mean",   "stddev", "low",  "high",   "gain",     "scale", "mode", "first", "omega",
        "value",  "factor", "true", "fan_in", "sparsity", "inf",   "-inf", "nan",   "1e400",
        "1e-400", "0x1p3",  "(",    ")",      ",",        "=",     " "};
    std::string text = all[static_cast<std::size_t>(bytes.below(static_cast<int>(all.size())))];
    text += '(';
    for (int n = bytes.below(5); n-- > 0;) {
        text.append(words[bytes.below(14)]).append("=");
        if (bytes.odds(3))
            text += words[bytes.below(int{std::size(words)})];
        else
            text += std::to_string(bytes.number());
        if (n != 0) text += ',';
    }
    text += ')';
    for (int n = bytes.below(4); n-- > 0;)
        text[static_cast<std::size_t>(bytes.below(256)) % text.size()] = bytes.take<char>();
    return text;
}

/// The numbers of an initializer, bit by bit; -0 is not 0 here.
std::string state(Initializer initializer) {
    std::string bits(1, static_cast<char>(initializer.rule.index()));
    for (const auto& parameter : detail::parameters(initializer)) {
        std::string part(sizeof(double), '\0');
        const double value = parameter.number != nullptr ? *parameter.number : parameter.index();
        std::memcpy(part.data(), &value, sizeof value);
        bits += part;
    }
    return bits;
}

void round_trip(const Initializer& initializer) {
    const std::string text = to_string(initializer);
    Initializer back;
    if (fuzz::refused([&] { back = by_name(text); })) {
        Eigen::MatrixXd w(2, 2);
        require(fuzz::refused([&] { initializer(w, Philox(1), Conv{.in = 2, .out = 2}); }),
                "by_name refused numbers that a fill takes");
        return;
    }
    require(back == initializer, "by_name(to_string(x)) is not x");
    require(state(back) == state(initializer), "by_name(to_string(x)) has other bits");
    require(to_string(back) == text, "the same initializer has two texts");
}

void name(const std::string& text) {
    Initializer made;
    if (fuzz::refused([&] { made = by_name(text); })) return;
    require(!fuzz::refused([&] { (void)by_name(to_string(made)); }),
            "by_name refused its own text");
    round_trip(made);
}

std::uint64_t hash(std::uint64_t tag, std::uint64_t stream, std::uint64_t x) {
    const std::uint64_t key = 0x6e6e696e69740000 + tag;
    return fuzz::block_word(key, stream, x, 0) | std::uint64_t{fuzz::block_word(key, stream, x, 1)}
                                                     << 32;
}

void streams(Bytes& bytes) {
    Philox root(bytes.take<std::uint64_t>());
    if (bytes.odds(2)) root = root.stream(bytes.take<std::uint64_t>());
    root.seek(bytes.take<std::uint64_t>());
    const auto id = bytes.take<std::int64_t>();
    const std::string text = bytes.rest();

    std::uint64_t h = hash(2, root.stream_value(), text.size());
    for (std::size_t i = 0; i < text.size(); i += 8) {
        std::uint64_t chunk = 0;
        for (std::size_t k = std::min(text.size(), i + 8); k-- > i;)
            chunk = chunk << 8 | static_cast<unsigned char>(text[k]);
        h = hash(3, h, chunk);
    }
    const std::string copy = text; // other memory
    Philox named = root.stream(text);
    require(named == root.stream(copy) && named == Philox(root).stream(std::string_view(text)),
            "a name has two streams");
    require(named.stream_value() == h && named.seed_value() == root.seed_value() &&
                named.position() == 0,
            "a name's stream is not the specification's");
    require(root.stream(id).stream_value() ==
                hash(1, root.stream_value(), static_cast<std::uint64_t>(id)),
            "an id's stream is not the specification's");
    named.seek(root.position());
    std::stringstream out;
    out << std::hex << std::showbase << named << ' ' << 1;
    Philox back;
    require(static_cast<bool>(out >> back) && back == named, "a state does not come back");
    if (back.position() != ~std::uint64_t{0})
        require(back() == named() && back == named, "a read state gives other words");
}

/// Three decimal numbers of 64 bits, apart by white space, and anything behind them, or nothing.
bool parse(const std::string& text, std::uint64_t (&numbers)[3]) {
    __extension__ typedef unsigned __int128 Wide;
    std::size_t i = 0;
    for (std::uint64_t& number : numbers) {
        while (i < text.size() && std::strchr(" \t\n\v\f\r", text[i]) != nullptr && text[i] != '\0')
            ++i;
        const std::size_t first = i;
        Wide value = 0;
        for (; i < text.size() && text[i] >= '0' && text[i] <= '9'; ++i) {
            value = 10 * value + static_cast<unsigned>(text[i] - '0');
            if (value >> 64 != 0) return false;
        }
        if (i == first) return false;
        number = static_cast<std::uint64_t>(value);
    }
    return true;
}

void state_text(const std::string& text) {
    std::uint64_t numbers[3];
    const bool good = parse(text, numbers);
    Philox engine = Philox(7).stream("kept");
    engine.discard(5);
    const Philox before = engine;
    std::istringstream in(text);
    require(static_cast<bool>(in >> engine) == good, "a state is read, or refused, wrongly");
    if (!good) return require(engine == before, "a refused state changed the engine");
    std::ostringstream out;
    out << engine;
    require(out.str() == std::to_string(numbers[0]) + ' ' + std::to_string(numbers[1]) + ' ' +
                             std::to_string(numbers[2]),
            "a state was read as another");
    if (const std::uint64_t at = numbers[2]; at != ~std::uint64_t{0})
        require(engine() == fuzz::word(numbers[0], numbers[1], at),
                "a read state's word is another");
}

void state_of_numbers(Bytes& bytes) {
    std::string text;
    for (int i = 0; i < 3; ++i) {
        if (bytes.odds(8)) text += "000";
        text += std::to_string(bytes.odds(2) ? bytes.take<std::uint64_t>() : ~std::uint64_t{0});
        if (bytes.odds(8)) text += static_cast<char>('0' + bytes.below(10)); // 65 bits, perhaps
        if (bytes.odds(16)) text += bytes.take<char>();
        text += " \t\n"[bytes.below(3)];
    }
    state_text(text);
}

std::string letters(Bytes& bytes, int n) {
    std::string text;
    for (; n > 0; --n) text += bytes.odds(4) ? bytes.take<char>() : "OINCBHWD"[bytes.below(8)];
    return text;
}

void layout(Bytes& bytes) {
    const std::string text = letters(bytes, bytes.below(11));
    std::array<detail::Size, 8> sizes{};
    for (std::size_t i = 0; i < 8; ++i)
        if (i < text.size() || bytes.odds(32)) sizes[i] = bytes.size();
    Fans fans;
    const bool refused = fuzz::refused([&] { fans = Layout{text, sizes}; });
    bool bad = text.size() > 8, in = false, out = false;
    std::map<char, int> kernel;
    double n_in = 1, n_out = 1;
    for (std::size_t i = 0; i < 8; ++i) {
        const bool used = i < text.size();
        bad |= sizes[i].negative || used != (sizes[i].magnitude != 0);
        if (!used) continue;
        const char c = text[i];
        const double size = static_cast<double>(sizes[i].magnitude);
        const bool is_in = c == 'I' || c == 'C', is_out = c == 'O' || c == 'N';
        in |= is_in, out |= is_out;
        if (!is_in && !is_out && c != 'B') bad |= ++kernel[c] > 1;
        if (!is_out && c != 'B') n_in *= size;
        if (!is_in && c != 'B') n_out *= size;
    }
    require(refused == (bad || !in || !out), "a layout is read, or refused, wrongly");
    if (!refused) require(fans.in == n_in && fans.out == n_out, "a layout has other fans");
}

/// Fills a tensor of four axes and compares each weight with that of the matrix of output channels
/// x (layers, input channels, kernel axes by letter).
template <int order> void tensor(Bytes& bytes) {
    constexpr std::size_t rank = 4;
    std::array<Eigen::Index, rank> size{};
    for (Eigen::Index& n : size) n = bytes.below(5);
    const std::string text = letters(bytes, bytes.odds(16) ? bytes.below(6) : int{rank});
    Eigen::Tensor<float, int{rank}, order> weights(size[0], size[1], size[2], size[3]);
    weights.setConstant(-7777);
    Philox engine(bytes.take<std::uint8_t>()), other = engine;
    if (fuzz::refused([&] { fill(HeNormal{}, weights, engine, text); })) {
        require(engine == other, "a refused tensor moved the engine");
        for (Eigen::Index i = 0; i < weights.size(); ++i)
            require(weights.data()[i] == -7777, "a refused tensor was written");
        return;
    }
    require(text.size() == rank, "a layout of another rank was accepted");
    const auto group = [&](std::size_t axis) { // 0 rows, then what the columns go by
        const char c = text[axis];
        return c == 'O' || c == 'N'   ? 0
               : c == 'B'             ? 1
               : c == 'I' || c == 'C' ? 2
                                      : 3 + static_cast<unsigned char>(c);
    };
    std::array<std::size_t, rank> axes{0, 1, 2, 3};
    std::stable_sort(axes.begin(), axes.end(),
                     [&](std::size_t a, std::size_t b) { return group(a) < group(b); });
    Eigen::Index rows = 1, cols = 1;
    for (std::size_t i = 0; i < rank; ++i) (group(i) == 0 ? rows : cols) *= size[i];
    Eigen::MatrixXf expected(rows, cols);
    Fans fans{1, 1};
    if (expected.size() != 0) {
        Layout layout{text};
        for (std::size_t i = 0; i < rank; ++i) layout.sizes[i] = size[i];
        fans = layout;
    }
    HeNormal{}(expected, other, fans);
    require(engine == other, "a tensor takes other words than its matrix");
    std::array<Eigen::Index, rank> at{};
    for (at[0] = 0; at[0] < size[0]; ++at[0])
        for (at[1] = 0; at[1] < size[1]; ++at[1])
            for (at[2] = 0; at[2] < size[2]; ++at[2])
                for (at[3] = 0; at[3] < size[3]; ++at[3]) {
                    Eigen::Index row = 0, col = 0;
                    for (const std::size_t axis : axes) {
                        Eigen::Index& n = group(axis) == 0 ? row : col;
                        n = n * size[axis] + at[axis];
                    }
                    require(weights(at) == expected(row, col), "a tensor's weight is another");
                }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    Bytes bytes(data, size);
    switch (bytes.below(9)) {
    case 0:
        name(bytes.rest());
        break;
    case 1:
    case 2:
        name(call(bytes));
        break;
    case 3:
        round_trip(fuzz::rule(bytes));
        break;
    case 4:
        streams(bytes);
        break;
    case 5:
        bytes.odds(2) ? state_text(bytes.rest()) : state_of_numbers(bytes);
        break;
    case 6:
        layout(bytes);
        break;
    case 7:
        tensor<Eigen::ColMajor>(bytes);
        break;
    default:
        tensor<Eigen::RowMajor>(bytes);
    }
    return 0;
}
