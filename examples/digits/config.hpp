// SPDX-License-Identifier: MIT
#ifndef DIGITS_CONFIG_HPP
#define DIGITS_CONFIG_HPP

#include "file.hpp"

#include <nninit/by_name.hpp>

#include <vector>

namespace digits {

/// Whether a name is matched by a pattern, in which * stands for any characters or none.
inline bool matches(std::string_view pattern, std::string_view name) {
    if (pattern.empty()) return name.empty();
    if (pattern[0] == '*')
        return matches(pattern.substr(1), name) ||
               (!name.empty() && matches(pattern, name.substr(1)));
    return !name.empty() && pattern[0] == name[0] && matches(pattern.substr(1), name.substr(1));
}

/// The lines `pattern = initializer` of a file, with comments from # on. The first pattern that
/// matches wins.
class Config {
public:
    struct Line {
        std::string place; // file:line
        std::string pattern;
        nninit::Initializer initializer;
    };

    explicit Config(const std::string& path) {
        std::istringstream file(read_file(path));
        int number = 0;
        for (std::string text; std::getline(file, text);) {
            end_ = path + ':' + std::to_string(++number);
            text = trimmed(text.substr(0, text.find('#')));
            if (text.empty()) continue;
            const std::size_t equals = text.find('=');
            if (equals == 0 || equals == text.npos)
                fail(end_, "\"" + text + "\" should be pattern = initializer");
            try {
                lines_.push_back({end_, trimmed(text.substr(0, equals)),
                                  nninit::by_name(trimmed(text.substr(equals + 1)))});
            } catch (const std::invalid_argument& error) {
                fail(end_, error.what());
            }
        }
    }

    const Line& at(const std::string& parameter) const {
        for (const Line& line : lines_)
            if (matches(line.pattern, parameter)) return line;
        fail(end_,
             "no pattern matches " + parameter + "; add a line such as " + parameter + " = zeros");
    }

private:
    static std::string trimmed(const std::string& text) {
        const std::size_t first = text.find_first_not_of(" \t\r");
        if (first == text.npos) return {};
        return text.substr(first, text.find_last_not_of(" \t\r") + 1 - first);
    }

    std::vector<Line> lines_;
    std::string end_; // the place of the last line
};

} // namespace digits

#endif
