// SPDX-License-Identifier: MIT

#ifndef NNINIT_PHILOX_HPP
#define NNINIT_PHILOX_HPP

#include <nninit/detail/integer.hpp>
#include <nninit/detail/philox_rounds.hpp>
#include <nninit/error.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <limits>
#include <string_view>

namespace nninit::inline NNINIT_ABI {
namespace detail::inline NNINIT_COMPILER {

/// What {"a", "b"} is, and no name nor a pair of pointers into one.
struct TwoTexts {
    template <std::size_t m, std::size_t n> TwoTexts(const char (&)[m], const char (&)[n]);
};

} // namespace detail::inline NNINIT_COMPILER

/// Philox4x32-10: a random number engine whose every word is a function of (seed, stream,
/// position).
///
/// Meets the standard's requirements for random number engines, with discard() in constant time.
/// For seeds below 2^32 the root stream equals C++26's std::philox4x32. Word p of stream s is word
/// p mod 4 of the block with counter (p / 4, s) and key `seed`, all 64 bits wide, low half first.
///
/// A stream has 2^64 - 1 words, at positions 0 to 2^64 - 2; taking more is an error. A copy gives
/// the same words and moves by itself: threads that fill parameters take a stream each, threads
/// that fill one parameter by Windows a copy each of its stream.
///
/// Source: J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw, "Parallel random numbers: as easy as
/// 1, 2, 3", SC 2011.
class Philox {
public:
    using result_type = std::uint32_t;
    static constexpr std::uint64_t default_seed = 20111115;

    static constexpr result_type(min)() { return 0; }
    static constexpr result_type(max)() { return (std::numeric_limits<result_type>::max)(); }

    constexpr Philox() = default;

    /// The root stream of a seed. Any integer; negative ones count modulo 2^64.
    template <detail::Integer T>
    constexpr explicit Philox(T seed) : seed_(static_cast<std::uint64_t>(seed)) {}

    /// The root stream of the seed made of the sequence's first two 32-bit numbers, low one first.
    template <class SeedSequence>
    requires requires(SeedSequence& s, std::uint32_t* p) { s.generate(p, p); }
    explicit Philox(SeedSequence& sequence) { seed(sequence); }

    constexpr void seed() { *this = Philox(); }
    template <detail::Integer T> constexpr void seed(T value) { *this = Philox(value); }
    template <class SeedSequence>
    requires requires(SeedSequence& s, std::uint32_t* p) { s.generate(p, p); }
    void seed(SeedSequence& sequence) {
        std::array<std::uint32_t, 2> words{};
        sequence.generate(words.begin(), words.end());
        seed(words[0] | std::uint64_t{words[1]} << 32);
    }

    /// The next word. \throws std::invalid_argument at the end of the stream.
    constexpr result_type operator()() {
        if (position_ == end) detail::fail({"the Philox stream has ended; use another stream"});
        if (const std::uint64_t number = position_ / 4; number != cached_) {
            words_ = block(seed_, stream_, number);
            cached_ = number;
        }
        return words_[position_++ % 4];
    }

    /// Skips `count` words. \throws std::invalid_argument if fewer are left.
    constexpr void discard(unsigned long long count) {
        if (count > end - position_)
            detail::fail({"the Philox stream has fewer words left than would be skipped; use "
                          "another stream"});
        position_ += count;
    }

    /// The number of words taken or skipped so far, and the way to go to any other; 2^64 - 1 is the
    /// end.
    [[nodiscard]] constexpr std::uint64_t position() const noexcept { return position_; }
    constexpr void seek(std::uint64_t position) noexcept { position_ = position; }

    /// The beginning of the stream that belongs to a name (any bytes) or an integer id under this
    /// one, whatever this one's position. Names and ids give different streams, and the root is
    /// none of them. The number is a 64-bit hash: among n streams two coincide with probability
    /// near n^2 / 2^65.
    [[nodiscard]] constexpr Philox stream(std::string_view name) const {
        std::uint64_t hash = mix(2, stream_, name.size());
        for (std::size_t i = 0; i < name.size(); i += 8) {
            std::uint64_t chunk = 0;
            for (std::size_t k = i; k < name.size() && k < i + 8; ++k)
                chunk |= std::uint64_t{static_cast<unsigned char>(name[k])} << 8 * (k - i);
            hash = mix(3, hash, chunk);
        }
        return child(hash);
    }
    Philox stream(std::nullptr_t) const = delete;
    /// Refused: stream({"a", "b"}) would be a name that begins in one text and ends in the other.
    Philox stream(detail::TwoTexts) const = delete;
    template <detail::Integer T> [[nodiscard]] constexpr Philox stream(T id) const {
        return child(mix(1, stream_, static_cast<std::uint64_t>(id)));
    }

    [[nodiscard]] constexpr std::uint64_t seed_value() const noexcept { return seed_; }
    [[nodiscard]] constexpr std::uint64_t stream_value() const noexcept { return stream_; }

    friend constexpr bool operator==(const Philox& a, const Philox& b) noexcept {
        return a.seed_ == b.seed_ && a.stream_ == b.stream_ && a.position_ == b.position_;
    }

    /// The state as three decimal numbers, seed, stream and position, with a space between, to a
    /// stream of char, wchar_t or others whose locale has a std::ctype for them. Of the stream's
    /// format only width() counts: it fills up with spaces on the right. In every locale the same.
    template <class Char, class Traits>
    friend std::basic_ostream<Char, Traits>& operator<<(std::basic_ostream<Char, Traits>& out,
                                                        const Philox& engine) {
        using Stream = std::basic_ostream<Char, Traits>;
        std::array<Char, 3 * 21> text{}; // 20 digits and what stands before them, three times
        auto* first = text.data() + text.size();
        for (std::uint64_t number : {engine.position_, engine.stream_, engine.seed_}) {
            if (first != text.data() + text.size()) *--first = Char(' ');
            do *--first = static_cast<Char>('0' + number % 10);
            while ((number /= 10) != 0);
        }
        const SavedFormat<Stream> format(out, Stream::dec | Stream::left);
        out.fill(Char(' '));
        return out << std::basic_string_view<Char, Traits>(
                   first, static_cast<std::size_t>(text.data() + text.size() - first));
    }

    /// Reads them back, after and between white space, whatever the stream's flags, and leaves what
    /// stands behind the last digit. Failure sets failbit and leaves the engine as it was.
    template <class Char, class Traits>
    friend std::basic_istream<Char, Traits>& operator>>(std::basic_istream<Char, Traits>& in,
                                                        Philox& engine) {
        using Stream = std::basic_istream<Char, Traits>;
        const SavedFormat<Stream> format(in, Stream::dec | Stream::skipws);
        std::array<std::uint64_t, 3> numbers{};
        for (std::uint64_t& number : numbers) {
            const typename Stream::sentry behind_space(in);
            if (!behind_space || !read(in, number)) {
                in.setstate(Stream::failbit);
                return in;
            }
        }
        engine.seed_ = numbers[0];
        engine.stream_ = numbers[1];
        engine.position_ = numbers[2];
        engine.cached_ = none;
        return in;
    }

private:
    static constexpr std::uint64_t end = ~std::uint64_t{0};
    static constexpr std::uint64_t none = ~std::uint64_t{0};

    /// A stream's other flags for a while, after which these and the fill character are as before.
    template <class Stream> struct SavedFormat {
        Stream& stream;
        const typename Stream::fmtflags flags;
        const typename Stream::char_type fill;

        SavedFormat(Stream& s, typename Stream::fmtflags others)
            : stream(s), flags(s.flags(others)), fill(s.fill()) {}
        SavedFormat(const SavedFormat&) = delete;
        ~SavedFormat() {
            stream.flags(flags);
            stream.fill(fill);
        }
    };

    /// A number's digits, up to the first character that is none; false without digits, or beyond
    /// 64 bits. By the stream's own functions, which set badbit if the buffer throws.
    template <class Char, class Traits>
    static bool read(std::basic_istream<Char, Traits>& in, std::uint64_t& number) {
        bool any = false, fits = true;
        for (;; in.get()) {
            const auto next = in.peek();
            if (Traits::eq_int_type(next, Traits::eof())) break;
            const Char c = Traits::to_char_type(next);
            if (c < Char('0') || c > Char('9')) break;
            const auto digit = static_cast<std::uint64_t>(c - Char('0'));
            any = true;
            fits = fits && number <= (end - digit) / 10;
            number = 10 * number + digit;
        }
        return any && fits;
    }

    static constexpr std::array<std::uint32_t, 4> block(std::uint64_t key, std::uint64_t stream,
                                                        std::uint64_t number) {
        const auto low = [](std::uint64_t x) { return static_cast<std::uint32_t>(x); };
        std::uint32_t c0 = low(number), c1 = low(number >> 32);
        std::uint32_t c2 = low(stream), c3 = low(stream >> 32);
        std::uint32_t k0 = low(key), k1 = low(key >> 32);
        for (int round = 0; round < 10; ++round) {
            const std::uint64_t p0 = std::uint64_t{detail::philox_m0} * c0;
            const std::uint64_t p1 = std::uint64_t{detail::philox_m1} * c2;
            c0 = low(p1 >> 32) ^ c1 ^ k0;
            c2 = low(p0 >> 32) ^ c3 ^ k1;
            c1 = low(p1);
            c3 = low(p0);
            k0 += detail::philox_w0;
            k1 += detail::philox_w1;
        }
        return {{c0, c1, c2, c3}};
    }

    /// Streams are hashed by Philox itself, under keys of their own.
    static constexpr std::uint64_t mix(std::uint64_t tag, std::uint64_t stream, std::uint64_t x) {
        const auto words = block(0x6e6e696e69740000 + tag, stream, x); // "nninit"
        return words[0] | std::uint64_t{words[1]} << 32;
    }

    constexpr Philox child(std::uint64_t hash) const {
        Philox engine(seed_);
        engine.stream_ = hash == 0 ? 1 : hash;
        return engine;
    }

    std::uint64_t seed_ = default_seed;
    std::uint64_t stream_ = 0;
    std::uint64_t position_ = 0;
    std::uint64_t cached_ = none; // the block whose words are in words_
    std::array<std::uint32_t, 4> words_{};
};

} // namespace nninit::inline NNINIT_ABI

#endif
