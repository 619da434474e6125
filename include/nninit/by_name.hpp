// SPDX-License-Identifier: MIT

#ifndef NNINIT_BY_NAME_HPP
#define NNINIT_BY_NAME_HPP

#include <nninit/registry.hpp>

#include <algorithm>
#include <iterator>
#include <sstream>

namespace nninit::inline NNINIT_ABI {

namespace detail::inline NNINIT_COMPILER {

inline constexpr std::string_view mode_names[] = {"fan_in", "fan_out", "mean", "geometric_mean"};
inline constexpr std::string_view truth_names[] = {"false", "true"};
inline constexpr std::string_view shape_names[] = {"uniform", "normal", "truncated"};

inline void read(const std::string& text, double& x) {
    const bool negative = text.starts_with('-');
    if (text.substr(negative ? 1 : 0) == "inf") {
        x = negative ? -std::numeric_limits<double>::infinity()
                     : std::numeric_limits<double>::infinity();
        return;
    }
    std::istringstream in(text);
    in.imbue(std::locale::classic());
    if (!(in >> x) || !in.eof()) fail("\"" + text + "\" is not a number");
}

template <class Enum, std::size_t n>
void read_enum(const std::string& text, Enum& value, const std::string_view (&names)[n]) {
    std::string known;
    for (std::size_t i = 0; i < n; ++i) {
        if (text == names[i]) {
            value = static_cast<Enum>(i);
            return;
        }
        known.append(i == 0 ? "" : ", ").append(names[i]);
    }
    fail("\"" + text + "\" is none of " + known);
}
inline void read(const std::string& text, bool& truth) { read_enum(text, truth, truth_names); }
inline void read(const std::string& text, Mode& mode) { read_enum(text, mode, mode_names); }
inline void read(const std::string& text, Shape& shape) { read_enum(text, shape, shape_names); }

/// The fewest digits that give the same number back.
inline std::string written(double x) {
    if (infinite(x)) return x < 0 ? "-inf" : "inf";
    for (int digits = 1;; ++digits) {
        std::ostringstream out;
        out.imbue(std::locale::classic());
        out.precision(digits);
        out << x;
        std::istringstream in(out.str());
        in.imbue(std::locale::classic());
        double back = 0; // not read from 2e+308, the largest number's first digit
        if ((in >> back && back == x) || digits == 17) return out.str(); // 17: a NaN
    }
}
inline std::string written(bool truth) { return truth ? "true" : "false"; }
inline std::string written(Mode mode) {
    return std::string(mode_names[static_cast<std::size_t>(mode)]);
}
inline std::string written(Shape shape) {
    return std::string(shape_names[static_cast<std::size_t>(shape)]);
}

/// The rule of that place in the registry, with the parameters that it has by itself.
template <std::size_t... i>
Initializer standard(std::size_t index, std::index_sequence<i...> /* of the variant */) {
    Initializer made;
    static_cast<void>(((i == index && (made.rule.template emplace<i>(), true)) || ...));
    return made;
}
inline Initializer standard(std::size_t index) {
    return standard(index, std::make_index_sequence<std::size(rule_names)>{});
}

} // namespace detail::inline NNINIT_COMPILER

/// All names that by_name() knows.
[[nodiscard]] inline std::vector<std::string> names() {
    std::vector<std::string> all(std::begin(detail::rule_names), std::end(detail::rule_names));
    for (const detail::Alias& alias : detail::aliases) all.emplace_back(alias.name);
    return all;
}

/// The initializer of a name, with parameters in parentheses if they are not the name's own:
/// by_name("he_normal"), by_name("keras:he_normal"),
/// by_name("variance_scaling(scale=2, mode=fan_out, distribution=uniform)"). Spaces do not count;
/// numbers are written as in C++, whatever the locale. \throws std::invalid_argument for a name or
/// a parameter that does not exist, with a list of those that do, and for a value that is none.
[[nodiscard]] inline Initializer by_name(std::string_view text) {
    std::string plain;
    for (const char c : text)
        if (c != ' ' && c != '\t' && c != '\n') plain += c;
    const std::size_t open = (std::min)(plain.find('('), plain.size());
    const std::string name = plain.substr(0, open);
    const auto* const own =
        std::find(std::begin(detail::rule_names), std::end(detail::rule_names), name);
    const auto* const alias = std::find_if(std::begin(detail::aliases), std::end(detail::aliases),
                                           [&](const detail::Alias& a) { return a.name == name; });
    Initializer found;
    if (own != std::end(detail::rule_names)) {
        found = detail::standard(static_cast<std::size_t>(own - detail::rule_names));
    } else if (alias != std::end(detail::aliases)) {
        found = by_name(alias->meaning);
    } else {
        std::string known;
        for (const std::string& each : names())
            known.append(known.empty() ? "" : ", ").append(each);
        detail::fail("there is no initializer \"" + name + "\"; the names are " + known);
    }
    if (open == plain.size()) return found;
    if (plain.back() != ')') detail::fail("\"" + plain + "\" lacks its closing parenthesis");

    std::istringstream arguments(plain.substr(open + 1, plain.size() - open - 2));
    for (std::string argument; std::getline(arguments, argument, ',');) {
        const std::size_t equals = (std::min)(argument.find('='), argument.size());
        const std::string key = argument.substr(0, equals);
        if (equals == argument.size())
            detail::fail("\"", argument, "\" in \"", plain, "\" should be parameter=value");
        bool read = false;
        std::string parameters;
        for (const detail::Parameter& parameter : detail::parameters(found)) {
            if (key == parameter.name) {
                std::visit([&](auto* value) { detail::read(argument.substr(equals + 1), *value); },
                           parameter.value);
                read = true;
            }
            parameters.append(parameters.empty() ? "" : ", ").append(parameter.name);
        }
        if (!read)
            detail::fail("\"", name, "\" has no parameter \"", key, "\"; it has ",
                         parameters.empty() ? "none" : parameters);
    }
    return found;
}

/// The name and the parameters that differ from the name's own; by_name() of it is the same
/// initializer.
[[nodiscard]] inline std::string to_string(const Initializer& initializer) {
    const std::size_t index = initializer.rule.index();
    Initializer standard = detail::standard(index), copy = initializer;
    const detail::Parameters defaults = detail::parameters(standard);
    const detail::Parameters values = detail::parameters(copy);
    std::string text;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const auto write = [](const auto* value) { return detail::written(*value); };
        const std::string value = std::visit(write, values[i].value);
        if (value != std::visit(write, defaults[i].value))
            text.append(text.empty() ? "(" : ", ").append(values[i].name).append("=") += value;
    }
    return std::string(detail::rule_names[index]) + text + (text.empty() ? "" : ")");
}

/// Writes any rule as to_string() does.
template <class Rule>
requires requires(const Rule& rule) { Initializer{rule}; }
std::ostream& operator<<(std::ostream& out, const Rule& rule) {
    return out << to_string(Initializer{rule});
}

} // namespace nninit::inline NNINIT_ABI

#endif
