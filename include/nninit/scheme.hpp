// SPDX-License-Identifier: MIT

#ifndef NNINIT_SCHEME_HPP
#define NNINIT_SCHEME_HPP

#include <nninit/by_name.hpp>
#include <nninit/philox.hpp>

#include <algorithm>
#include <initializer_list>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace nninit::inline NNINIT_ABI {
namespace detail::inline NNINIT_COMPILER {

/// Whether a pattern, in which * stands for any bytes or none and ? for one, is the name; or,
/// if that is a pattern itself, every name that it is.
inline bool matches(std::string_view pattern, std::string_view name, bool of_pattern = false) {
    std::size_t p = 0, n = 0, star = pattern.npos, behind_star = 0;
    while (n < name.size()) {
        if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            behind_star = n;
        } else if (p < pattern.size() && (pattern[p] == name[n] ||
                                          (pattern[p] == '?' && !(of_pattern && name[n] == '*')))) {
            ++p, ++n;
        } else if (star != pattern.npos) { // the last star takes one more
            p = star + 1;
            n = ++behind_star;
        } else {
            return false;
        }
    }
    return pattern.find_first_not_of('*', p) == pattern.npos;
}

/// Refuses, at compile time, an engine without streams of names.
template <class Engine> struct CheckScheme {
    static constexpr bool ok = std::is_same_v<Engine, Philox>;
    static_assert(ok, "nninit: a Scheme fills each parameter from the stream of its name; pass a "
                      "nninit::Philox");
};

} // namespace detail::inline NNINIT_COMPILER

/// Which initializer fills which parameter of a network, by patterns over the parameters' names.
/// The first pattern that matches is taken; * stands for any bytes or none, ? for one.
///
///     nninit::Scheme scheme{{"*.bias", Zeros{}}, {"conv*.weight", HeNormal{}}};
///     scheme.add("*", GlorotUniform{});
///     scheme("conv1.weight", w, rng); // as HeNormal{}(w, rng.stream("conv1.weight"))
///
/// Each parameter is filled from the stream of its name, whatever the order. Two that are filled
/// from one stream would be equal: that is refused until restart(), but allowed by repeat(). A call
/// notes the stream, so that several threads may share a Scheme for repeat() alone.
class Scheme {
public:
    /// A pattern and what fills the parameters whose names it matches. \throws
    /// std::invalid_argument if made without its initializer.
    struct Line {
        std::string pattern;
        Initializer initializer = missing(pattern);
    };

    Scheme() = default;
    /// \throws std::invalid_argument as add().
    Scheme(std::initializer_list<Line> lines) {
        for (const Line& line : lines) add(line.pattern, line.initializer);
    }

    /// From lines such as `conv*.weight = he_normal(mode=fan_out)`. A # begins a comment, and the
    /// first = ends the pattern: a name with # or = needs add(). \throws std::invalid_argument,
    /// with the line's number, for a line that is not pattern = initializer, for a pattern in
    /// quotes, and as by_name() and add(); also for a text without any such line, or with a byte of
    /// 0.
    [[nodiscard]] static Scheme read(std::string_view text) {
        Scheme scheme;
        if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3); // a UTF-8 file's mark
        if (text.find('\0') != text.npos)
            detail::fail(
                {"a Scheme's text holds bytes of 0; was it saved as UTF-16, not as UTF-8?"});
        for (int number = 1; !text.empty(); ++number) {
            const std::size_t end = (std::min)(text.find('\n'), text.size());
            std::string_view line = text.substr(0, end);
            text.remove_prefix((std::min)(end + 1, text.size()));
            line = detail::trimmed(line.substr(0, line.find('#')));
            if (line.empty()) continue;
            const std::string place = "line " + std::to_string(number) + ": ";
            const std::size_t equals = (std::min)(line.find('='), line.size());
            const std::string_view pattern = detail::trimmed(line.substr(0, equals));
            if (equals == line.size() && number == 1 && text.empty())
                detail::fail({"a Scheme is read from text, pattern = initializer, but this is ",
                              detail::quoted(line), "; if that names a file, pass what is in it"});
            if (equals == line.size() || pattern.empty())
                detail::fail({place, "\"", line, "\" should be pattern = initializer"});
            if (pattern.size() > 1 && (pattern[0] == '"' || pattern[0] == '\'') &&
                pattern[0] == pattern.back())
                detail::fail({place, "the quotes around ", pattern,
                              " would belong to the names; leave them out"});
            scheme.append(place, std::string(pattern),
                          detail::read_initializer(line.substr(equals + 1), place));
        }
        if (scheme.lines_.empty())
            detail::fail({"a Scheme's text has no line pattern = initializer; was the file read?"});
        return scheme;
    }

    /// Appends a line; of several that match a name, the first is taken. \throws
    /// std::invalid_argument if its pattern is empty, or if one before it plainly matches all of
    /// its names.
    Scheme& add(std::string pattern, Initializer initializer) {
        append("", std::move(pattern), initializer);
        return *this;
    }

    [[nodiscard]] const std::vector<Line>& lines() const noexcept { return lines_; }

    /// The initializer of a parameter. \throws std::invalid_argument if no pattern matches.
    [[nodiscard]] const Initializer& at(std::string_view parameter) const {
        for (const Line& line : lines_)
            if (detail::matches(line.pattern, parameter)) return line.initializer;
        detail::fail({"no pattern of the Scheme matches \"", parameter, "\"; add one, such as ",
                      parameter, " = zeros"});
    }

    /// at(parameter)(target, rng.stream(parameter), facts...), once for each stream; the position
    /// of rng does not matter, and a target without coefficients does not count.
    /// \throws std::invalid_argument as at() and the initializer, and if the stream was used
    /// before.
    template <class Target, class Engine, class... Fact>
    void operator()(std::string_view parameter, Target&& target, const Engine& rng,
                    const Fact&... facts) {
        if constexpr (detail::CheckScheme<Engine>::ok && detail::CheckTarget<Target>::ok) {
            const Philox stream = rng.stream(parameter);
            for (const Philox& used : used_)
                if (used == stream)
                    detail::fail({"\"", parameter,
                                  "\" was filled from this engine before, and fills of one stream "
                                  "are equal; name parameters differently, call restart() for "
                                  "another network, or repeat() if they are to be equal, or are "
                                  "blocks of one"});
            const Initializer& initializer = at(parameter);
            used_.push_back(stream); // before the fill, which must not be undone for lack of memory
            Undo undo{used_};
            fill(parameter, initializer, std::forward<Target>(target), stream, facts...);
            if (target.size() != 0) undo.used = nullptr;
        }
    }

    /// The same, whether the stream was used before or not, and without a note of it: for
    /// parameters that are to be equal, and for one that is filled block by block, each with its
    /// Window. \throws std::invalid_argument as at() and the initializer.
    template <class Target, class Engine, class... Fact>
    void repeat(std::string_view parameter, Target&& target, const Engine& rng,
                const Fact&... facts) const {
        if constexpr (detail::CheckScheme<Engine>::ok)
            fill(parameter, at(parameter), std::forward<Target>(target), rng.stream(parameter),
                 facts...);
    }

    /// Forgets which streams were used; the lines stay.
    void restart() noexcept { used_.clear(); }

private:
    [[noreturn]] static Initializer missing(std::string_view pattern) {
        detail::fail({"the line of \"", pattern, "\" has no initializer; write {\"", pattern,
                      "\", initializer}"});
    }
    void append(std::string_view place, std::string pattern, const Initializer& initializer) {
        if (pattern.empty())
            detail::fail({place, "a Scheme's pattern is empty; \"*\" matches any name"});
        for (const Line& line : lines_)
            if (detail::matches(line.pattern, pattern, true))
                detail::fail({place, "no name reaches \"", pattern, "\", because \"", line.pattern,
                              "\" comes before it",
                              line.pattern == pattern ? "" : "; put the wider pattern last"});
        lines_.push_back({std::move(pattern), initializer});
    }
    /// A fill, with the parameter's name before what it refuses.
    template <class Target, class... Fact>
    static void fill(std::string_view parameter, const Initializer& initializer, Target&& target,
                     Philox stream, const Fact&... facts) {
#if defined(__cpp_exceptions) || defined(_CPPUNWIND)
        try {
            initializer(std::forward<Target>(target), stream, facts...);
        } catch (const std::invalid_argument& error) {
            const std::string_view sentence = error.what(), ours = "nninit: ";
            if (!sentence.starts_with(ours)) throw;
            detail::fail({"\"", parameter, "\": ", sentence.substr(ours.size())});
        }
#else
        static_cast<void>(parameter);
        initializer(std::forward<Target>(target), stream, facts...);
#endif
    }

    /// Takes the last stream back if the fill throws or had nothing to fill.
    struct Undo {
        std::vector<Philox>* used;
        explicit Undo(std::vector<Philox>& streams) : used(&streams) {}
        Undo(const Undo&) = delete;
        ~Undo() {
            if (used != nullptr) used->pop_back();
        }
    };

    std::vector<Line> lines_;
    std::vector<Philox> used_;
};

} // namespace nninit::inline NNINIT_ABI

#endif
