// SPDX-License-Identifier: MIT

#ifndef NNINIT_BY_NAME_HPP
#define NNINIT_BY_NAME_HPP

#include <nninit/detail/parameters.hpp>
#include <nninit/detail/presets.hpp>
#include <nninit/detail/words.hpp>

#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace nninit::inline NNINIT_ABI {

/// All names that by_name() knows: the rules' own, then others' words and names of frameworks.
[[nodiscard]] inline std::vector<std::string> names() {
    std::vector<std::string> all;
    for (const std::string_view name : detail::rule_names) all.emplace_back(name);
    for (const detail::Preset& preset : detail::presets) all.emplace_back(preset.name);
    return all;
}

namespace detail::inline NNINIT_COMPILER {

NNINIT_COLD inline const Preset* find_preset(std::string_view name) {
    for (const Preset& preset : presets)
        if (same_word(preset.name, name)) return &preset;
    return nullptr;
}

/// framework:name of what is written as torch.nn.init.name, keras/name or torch:name. What a
/// framework's module `random` has is none of its initializers.
NNINIT_COLD inline std::string with_framework(std::string_view name) {
    const std::size_t first = name.find_first_of(":./"), last = name.find_last_of(":./");
    if (first == name.npos) return std::string(name);
    const std::string_view path = name.substr(0, last);
    if (path.find(".random") != path.npos) return std::string(name);
    std::string framework(name.substr(0, first));
    const std::string_view word = name.substr(last + 1);
    if (same_word(framework, "nninit")) return std::string(word);
    for (const Synonym& synonym : frameworks)
        if (same_word(framework, synonym.theirs) || same_word(path, synonym.theirs))
            framework = synonym.ours;
    framework += ':';
    // Flax has names of layers, and JAX's initializers.
    if (const std::string own = framework + std::string(word); same_word(framework, "flax:"))
        if (find_preset(own) == nullptr) framework = "jax:";
    return framework.append(word);
}

/// The key's parameter: by its own name, the preset's or another framework's.
NNINIT_COLD inline const Parameter* find(const Parameters& parameters, std::string_view key,
                                         const Preset* preset) {
    const auto by_our_name = [&](std::string_view ours) {
        const Parameter* found = nullptr;
        for (const Parameter& parameter : parameters)
            if (same_word(parameter.name, ours)) found = &parameter;
        return found;
    };
    if (preset != nullptr && same_word(key, preset->parameter.theirs))
        return by_our_name(preset->parameter.ours);
    if (const Parameter* const found = by_our_name(key)) return found;
    for (const Synonym& synonym : parameter_synonyms)
        if (same_word(key, synonym.theirs))
            if (const Parameter* const found = by_our_name(synonym.ours)) return found;
    return nullptr;
}

NNINIT_COLD inline std::string names_of(const Parameters& parameters) {
    std::string list;
    for (const Parameter& each : parameters)
        list.append(list.empty() ? "" : ", ").append(each.name);
    return list.empty() ? "none" : list;
}

/// A parameter as text: gain=1.5
NNINIT_COLD inline std::string written(const Parameter& parameter) {
    std::string text(parameter.name);
    text.append(1, '=');
    if (parameter.number != nullptr) return text.append(whole_decimal(*parameter.number));
    for (const Word& word : parameter.words)
        if (word.value == parameter.index()) return text.append(word.text);
    return text.append(std::to_string(parameter.index())); // none of its enumeration
}

/// Reads a parameter's value; what is wrong with it, or nothing.
NNINIT_COLD inline std::string read_value(std::string_view text, const Parameter& parameter,
                                          const Preset* preset) {
    std::string said = quoted(text).append(1, ' ');
    if (parameter.number != nullptr) {
        const char* const wrong = read_decimal(text, *parameter.number);
        return wrong == nullptr ? std::string() : said.append(wrong);
    }
    if (text.size() > 1 && (text[0] == '\'' || text[0] == '"') && text[0] == text.back())
        text = text.substr(1, text.size() - 2); // as in Python
    if (preset != nullptr && preset->kind == Preset::normal_is_truncated &&
        parameter.shape != nullptr && same_word(text, "normal"))
        text = "truncated";
    std::string ours;
    int count = 0;
    for (const Word& word : parameter.words) {
        if (same_word(word.text, text)) {
            parameter.set_index(word.value);
            return "";
        }
        if (word.value == count) ours.append(count++ == 0 ? "" : ", ").append(word.text);
    }
    return said.append("is none of ").append(ours);
}

/// Refuses what no fill could ever accept.
NNINIT_COLD inline void check_values(std::string_view place, std::string_view text,
                                     std::string_view rule, const Parameters& parameters) {
    const auto is = [](std::string_view a, std::string_view b) { return a == b; };
    const bool truncated = is(rule, TruncatedNormal::name);
    const double *low = nullptr, *high = nullptr;
    for (const Parameter& p : parameters) {
        if (p.number == nullptr) continue;
        const double x = *p.number;
        const bool bound = is(p.name, "low") || is(p.name, "high");
        const char* must = nullptr;
        if (!finite(x))
            must = truncated && bound ? nullptr : "be finite";
        else if (is(p.name, "scale") || is(p.name, "omega") || is(p.name, "factor") ||
                 (is(p.name, "stddev") && truncated))
            must = x > 0 ? nullptr : "be positive";
        else if (is(p.name, "stddev"))
            must = x >= 0 ? nullptr : "not be negative";
        else if (is(rule, GlorotNormal::name) || is(rule, GlorotUniform::name))
            must = x != 0 ? nullptr : "not be 0";
        else if (is(p.name, "sparsity"))
            must = x >= 0 && x <= 1 ? nullptr : "be within 0 and 1";
        if (must != nullptr)
            fail({place, "\"", text, "\": ", p.name, " must ", must, ", but is ", x});
        if (is(p.name, "low")) low = p.number;
        if (is(p.name, "high")) high = p.number;
    }
    if (low != nullptr && high != nullptr && (truncated ? !(*low < *high) : *low > *high))
        fail({place, "\"", text, "\": low = ", *low, " must lie below high = ", *high});
}

/// by_name() with a place, such as "line 3: ", for the beginning of its errors.
NNINIT_COLD inline Initializer read_initializer(std::string_view text, const std::string& place) {
    text = trimmed(text);
    const std::size_t open = (std::min)(text.find('('), text.size());
    const std::string_view name = trimmed(text.substr(0, open));
    const std::string full_name = with_framework(name);
    Initializer found;
    int rule = -1;
    const Preset* const preset = find_preset(full_name);
    for (int i = 0; i < static_cast<int>(std::size(rule_names)); ++i)
        if (same_word(rule_names[i], full_name)) rule = i;
    if (rule != -1) {
        found.rule.start(rule);
    } else if (preset != nullptr) {
        found = read_initializer(preset->meaning, place);
    } else {
        Nearest nearest(full_name);
        for (const std::string_view each : rule_names) nearest.offer(each);
        for (const Preset& each : presets) nearest.offer(each.name);
        fail({place, "there is no initializer \"", name, "\"", nearest.sentence(),
              " nninit::names() lists all", hint(folded(full_name)),
              name.find_first_of(" =[") == name.npos
                  ? ""
                  : "; parameters stand in parentheses, as in he_normal(negative_slope=0.2)"});
    }

    const Parameters parameters = detail::parameters(found);
    bool given[Parameters::most] = {};
    if (open < text.size() && text.back() != ')')
        fail({place, "\"", text, "\" lacks its closing parenthesis"});
    std::string_view rest = open < text.size() ? text.substr(open + 1, text.size() - open - 2) : "";
    for (bool more = !trimmed(rest).empty(); more;) {
        const std::size_t comma = rest.find(',');
        more = comma != rest.npos;
        const std::string_view argument = trimmed(rest.substr(0, comma));
        rest = more ? rest.substr(comma + 1) : "";
        const std::size_t equals = (std::min)(argument.find('='), argument.size());
        const std::string_view key = trimmed(argument.substr(0, equals));
        if (equals == argument.size())
            fail({place, "\"", argument, "\" in \"", text, "\" should be parameter=value; \"", name,
                  "\" has ", names_of(parameters)});
        const Parameter* const parameter = find(parameters, key, preset);
        if (parameter == nullptr)
            fail({place, "\"", name, "\" has no parameter \"", key, "\"; it has ",
                  names_of(parameters), hint(folded(key))});
        bool& twice = given[parameter - parameters.begin()];
        if (twice) fail({place, "\"", text, "\" gives ", parameter->name, " twice"});
        twice = true;
        const std::string wrong =
            read_value(trimmed(argument.substr(equals + 1)), *parameter, preset);
        if (!wrong.empty()) fail({place, parameter->name, " in \"", text, "\": ", wrong});
    }
    auto* const normal = found.rule.get_if<TruncatedNormal>();
    if (normal != nullptr && preset != nullptr && preset->kind == Preset::bounds_in_stddevs) {
        const auto bound = [&](double deviations) {
            return infinite(deviations)
                       ? deviations
                       : (Rounded(normal->mean) + Rounded(deviations) * Rounded(normal->stddev))
                             .value;
        };
        normal->low = bound(normal->low);
        normal->high = bound(normal->high);
    }
    check_values(place, text, rule_names[found.rule.index()], parameters);
    return found;
}

} // namespace detail::inline NNINIT_COMPILER

/// The initializer of a name; parameters in parentheses replace the name's own:
///
///     by_name("he_normal")
///     by_name("keras:he_normal")
///     by_name("variance_scaling(scale=2, mode=fan_out, distribution=uniform)")
///
/// Case, '-' and '_' do not count in words (HeNormal is he_normal), nor does white space around
/// them. A framework's name may be written as there (torch.nn.init.kaiming_normal_), and so may
/// many of its parameters (a=0.2, std=0.02, mode='fan_avg'). Numbers are decimal, as in 2, -0.5
/// and 1.5e-3, whatever the locale; a truncated_normal's bound may be inf or -inf.
/// \throws std::invalid_argument for a name or a parameter that does not exist, with what there is,
/// for a parameter given twice, and for a value that no fill could accept, whatever the others.
[[nodiscard]] inline Initializer by_name(std::string_view text) {
    return detail::read_initializer(text, "");
}

/// The name and the parameters that differ from the name's own; by_name() of it is the same
/// initializer, bit by bit, if a fill could accept its numbers. Takes any rule:
/// to_string(HeNormal{}) is "he_normal".
[[nodiscard]] inline std::string to_string(const Initializer& initializer) {
    Initializer standard, copy = initializer;
    standard.rule.start(initializer.rule.index());
    const detail::Parameters values = detail::parameters(copy);
    const detail::Parameters defaults = detail::parameters(standard);
    std::string text(detail::rule_names[initializer.rule.index()]), separator = "(";
    for (std::size_t i = 0; i < values.size; ++i) {
        const std::string value = detail::written(values.list[i]);
        if (value == detail::written(defaults.list[i])) continue;
        text.append(separator).append(value);
        separator = ", ";
    }
    return text.append(separator == "(" ? "" : ")");
}

/// Writes an initializer, or any rule, as to_string() does.
inline std::ostream& operator<<(std::ostream& out, const Initializer& initializer) {
    return out << to_string(initializer);
}

} // namespace nninit::inline NNINIT_ABI

#endif
