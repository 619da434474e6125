// SPDX-License-Identifier: MIT
// What the fuzz targets share: numbers and rules drawn from bytes, and Philox as the specification
// has it, without a line of the library's.

#ifndef NNINIT_TESTS_FUZZ_HPP
#define NNINIT_TESTS_FUZZ_HPP

#include <nninit/nninit.hpp>

#include <cfloat>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace fuzz {

inline const nninit::Initializer* current = nullptr; // what a finding speaks of

inline void require(bool holds, const char* finding) {
    if (holds) return;
    std::fprintf(stderr, "FINDING: %s", finding);
    if (current != nullptr) std::fprintf(stderr, ": %s", to_string(*current).c_str());
    std::fputc('\n', stderr);
    std::abort();
}

/// The input, read from the front; after its end, bytes that follow from it, so that a short input
/// draws of all kinds, too.
class Bytes {
    const std::uint8_t* data_;
    std::size_t left_;
    std::uint64_t state_ = 0;

    std::uint8_t next() {
        if (left_ != 0) {
            --left_;
            state_ = (state_ ^ *data_) * 0x100000001b3;
            return *data_++;
        }
        state_ = state_ * 6364136223846793005U + 1442695040888963407U;
        return static_cast<std::uint8_t>(state_ >> 56);
    }

public:
    Bytes(const std::uint8_t* data, std::size_t size) : data_(data), left_(size) {}

    template <class T> T take() {
        std::uint8_t bytes[sizeof(T)];
        for (std::uint8_t& byte : bytes) byte = next();
        T value;
        std::memcpy(&value, bytes, sizeof value);
        return value;
    }
    int below(int n) {
        return (n > 256 ? int{take<std::uint16_t>()} : int{take<std::uint8_t>()}) % n;
    }
    bool odds(int one_in) { return below(one_in) == 0; }
    std::string rest() {
        std::string text;
        while (left_ != 0) text += take<char>();
        return text;
    }

    /// Plain or a limit of a type, sometimes any bits.
    double number() {
        constexpr double inf = std::numeric_limits<double>::infinity();
        static constexpr double limits[] = {0,
                                            inf,
                                            std::numeric_limits<double>::quiet_NaN(),
                                            DBL_MAX,
                                            DBL_MIN,
                                            0x1p-1074,
                                            0x1.fffffep127,
                                            0x1p-126,
                                            0x1p-149,
                                            0x1p127,
                                            0x1p128,
                                            65504,
                                            65520,
                                            0x1p-24,
                                            1e39,
                                            1e38,
                                            1e-300,
                                            1e300,
                                            1 + DBL_EPSILON,
                                            1 + 0x1p-23,
                                            1 + 0x1p-10,
                                            1e5};
        const int kind = below(8);
        if (kind < 3) return take<std::int8_t>() / 16.0;
        if (kind == 3) return take<double>();
        const double x = limits[below(int{std::size(limits)})];
        return kind == 4 ? -x : x;
    }
    nninit::detail::Size size() {
        if (!odds(8)) return 1 + below(12);
        if (odds(2)) return take<std::int64_t>();
        return std::uint64_t{1} << below(64);
    }
};

/// One of the rules, or of the registry's other names for them, with parameters of any value.
inline nninit::Initializer rule(Bytes& bytes) {
    static const std::vector<std::string> names = nninit::names();
    const auto one_of = [&](const auto& list) {
        return nninit::by_name(
            list[static_cast<std::size_t>(bytes.below(static_cast<int>(std::size(list))))]);
    };
    nninit::Initializer made = bytes.odds(4) ? one_of(names) : one_of(nninit::detail::rule_names);
    for (const auto& parameter : nninit::detail::parameters(made)) {
        if (bytes.odds(3)) continue;
        if (parameter.number != nullptr)
            *parameter.number = bytes.number();
        else
            parameter.set_index(bytes.below(parameter.mode != nullptr    ? 4
                                            : parameter.shape != nullptr ? 3
                                                                         : 2));
    }
    // Bounds with few numbers of a type between them, which a rounding may leave.
    auto* const cut = made.rule.get_if<nninit::TruncatedNormal>();
    if (cut != nullptr && !bytes.odds(4)) {
        cut->low = cut->mean + cut->stddev * (bytes.below(9) - 4) / 2.0;
        cut->high = cut->low + 0.7 * std::ldexp(cut->stddev, -6 - bytes.below(12));
    }
    return made;
}

/// Word k of a Philox block.
inline std::uint32_t block_word(std::uint64_t seed, std::uint64_t stream, std::uint64_t block,
                                unsigned k) {
    const auto lo = [](std::uint64_t x) { return static_cast<std::uint32_t>(x); };
    std::uint32_t c[4] = {lo(block), lo(block >> 32), lo(stream), lo(stream >> 32)};
    std::uint32_t key[2] = {lo(seed), lo(seed >> 32)};
    for (int i = 0; i < 10; ++i) {
        const std::uint64_t a = std::uint64_t{0xd2511f53} * c[0];
        const std::uint64_t b = std::uint64_t{0xcd9e8d57} * c[2];
        const std::uint32_t next[4] = {lo(b >> 32) ^ c[1] ^ key[0], lo(b),
                                       lo(a >> 32) ^ c[3] ^ key[1], lo(a)};
        std::memcpy(c, next, sizeof c);
        key[0] += 0x9e3779b9;
        key[1] += 0xbb67ae85;
    }
    return c[k];
}

/// Word `position` of a Philox stream.
inline std::uint32_t word(std::uint64_t seed, std::uint64_t stream, std::uint64_t position) {
    return block_word(seed, stream, position / 4, position % 4);
}

/// Calls f; whether it threw. What it throws must be ours.
template <class F> bool refused(const F& f) {
    try {
        f();
    } catch (const std::invalid_argument& error) {
        require(std::string_view(error.what()).starts_with("nninit: "),
                "an error does not begin with \"nninit: \"");
        return true;
    }
    return false;
}

} // namespace fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

#endif
