// SPDX-License-Identifier: MIT
// words SOURCE SEED: writes 32-bit words to the standard output until nobody reads on. run.sh pipes
// them into dieharder.
//
//   stream    the words of one stream
//   reversed  the same words, the lowest bit first
//   low       the lowest bytes of them, four to a word
//   names     a word each, in turn, of the streams "layer.0" to "layer.4095"
//   ids       the first word of the streams 0, 1, 2, ...
//   seeds     the first word of the seeds SEED, SEED + 1, SEED + 2, ...
//
// and two controls, which dieharder must refuse:
//
//   lagged    one stream and, in turn with it, the same stream one word behind
//   lcg       x = 1664525 x + 1013904223 mod 2^32

#include <nninit/philox.hpp>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

namespace {

using nninit::Philox;

std::uint32_t reversed(std::uint32_t word) {
    std::uint32_t result = 0;
    for (int i = 0; i < 32; ++i) result |= (word >> i & 1) << (31 - i);
    return result;
}

template <class Next> [[noreturn]] void write(Next next) {
    std::array<std::uint32_t, 16384> words{};
    do {
        for (std::uint32_t& word : words) word = next();
    } while (std::fwrite(words.data(), sizeof words, 1, stdout) == 1);
    std::exit(0);
}

} // namespace

int main(int argc, char** argv) {
    const std::string source = argc == 3 ? argv[1] : "";
    const std::uint64_t seed = argc == 3 ? std::strtoull(argv[2], nullptr, 10) : 0;
    const Philox root(seed);
    Philox rng = root.stream("layer.0");
    if (source == "stream") write([&] { return rng(); });
    if (source == "reversed") write([&] { return reversed(rng()); });
    if (source == "low")
        write([&] {
            std::uint32_t word = 0;
            for (int i = 0; i < 4; ++i) word = word << 8 | (rng() & 0xff);
            return word;
        });
    if (source == "names") {
        std::vector<Philox> streams;
        for (int i = 0; i < 4096; ++i) streams.push_back(root.stream("layer." + std::to_string(i)));
        write([&, i = std::size_t{0}]() mutable { return streams[i++ % streams.size()](); });
    }
    if (source == "ids") write([&, id = 0LL]() mutable { return root.stream(id++)(); });
    if (source == "seeds") write([next = seed]() mutable { return Philox(next++)(); });
    if (source == "lagged")
        write([&, before = 0U, behind = false]() mutable {
            behind = !behind;
            return behind ? before : before = rng();
        });
    if (source == "lcg")
        write([x = static_cast<std::uint32_t>(seed)]() mutable {
            return x = 1664525 * x + 1013904223;
        });
    std::fputs("usage: words stream|reversed|low|names|ids|seeds|lagged|lcg SEED\n", stderr);
    return 2;
}
