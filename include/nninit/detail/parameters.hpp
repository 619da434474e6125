// SPDX-License-Identifier: MIT
// The rules and their parameters as a table for text, made of what each rule's struct says.

#ifndef NNINIT_DETAIL_PARAMETERS_HPP
#define NNINIT_DETAIL_PARAMETERS_HPP

#include <nninit/registry.hpp>

#include <cstddef>
#include <string_view>

namespace nninit::inline NNINIT_ABI {
namespace detail::inline NNINIT_COMPILER {

/// A word for a value of an enumeration or a bool.
struct Word {
    const char* text;
    int value;
};

/// Those of one type.
struct Words {
    const Word *first = nullptr, *last = nullptr;

    Words() = default;
    template <std::size_t n> Words(const Word (&words)[n]) : first(words), last(words + n) {}
    const Word* begin() const { return first; }
    const Word* end() const { return last; }
};

// Ours come first, in the order of the values; then what frameworks write for the same.
inline constexpr Word truth_words[] = {{"false", 0}, {"true", 1}};
inline constexpr Word mode_words[] = {
    {"fan_in", 0},  {"fan_out", 1},     {"mean", 2},    {"geometric_mean", 3},
    {"fan_avg", 2}, {"fan_geo_avg", 3}, {"average", 2}, // Keras and JAX, JAX, Caffe
    {"in", 0},      {"out", 1},         {"avg", 2}};    // MXNet
inline constexpr Word shape_words[] = {{"uniform", 0},
                                       {"normal", 1},
                                       {"truncated", 2},
                                       {"truncated_normal", 2},
                                       {"untruncated_normal", 1},
                                       {"gaussian", 1}};

/// A rule's parameter, read and written where it is: a number, or one of some words.
struct Parameter {
    std::string_view name;
    Words words{};
    double* number = nullptr;
    bool* truth = nullptr;
    Mode* mode = nullptr;
    Shape* shape = nullptr;

    Parameter() = default;
    Parameter(std::string_view n, double& x) : name(n), number(&x) {}
    Parameter(std::string_view n, bool& x) : name(n), words(truth_words), truth(&x) {}
    Parameter(std::string_view n, Mode& x) : name(n), words(mode_words), mode(&x) {}
    Parameter(std::string_view n, Shape& x) : name(n), words(shape_words), shape(&x) {}

    /// The value, as a number.
    int index() const {
        if (truth != nullptr) return *truth ? 1 : 0;
        return mode != nullptr ? static_cast<int>(*mode) : static_cast<int>(*shape);
    }
    void set_index(int value) const {
        if (truth != nullptr) *truth = value != 0;
        if (mode != nullptr) *mode = static_cast<Mode>(value);
        if (shape != nullptr) *shape = static_cast<Shape>(value);
    }
};

/// Those of one rule, in the order of its struct.
struct Parameters {
    static constexpr std::size_t most = 4;
    Parameter list[most];
    std::size_t size = 0;

    template <class Value> void operator()(std::string_view name, Value& value) {
        list[size++] = {name, value};
    }
    const Parameter* begin() const { return list; }
    const Parameter* end() const { return list + size; }
};

template <class Rules> struct NamesOf;
template <class... Rule> struct NamesOf<OneOf<Rule...>> {
    static constexpr std::string_view names[] = {Rule::name...};
};
/// The rules' names, each at its rule's index.
inline constexpr auto& rule_names = NamesOf<AnyRule>::names;

/// \param initializer must outlive the result.
NNINIT_COLD inline Parameters parameters(Initializer& initializer) {
    Parameters parameters;
    initializer.rule.visit([&]<class Rule>(Rule& rule) { Rule::parameters(rule, parameters); });
    return parameters;
}

} // namespace detail::inline NNINIT_COMPILER
} // namespace nninit::inline NNINIT_ABI

#endif
