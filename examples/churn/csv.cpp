// SPDX-License-Identifier: MIT
#include "csv.hpp"

#include <array>
#include <cmath>
#include <limits>
#include <locale>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace churn {

void fail_at(std::size_t line, const std::string& message) {
    throw std::runtime_error("line " + std::to_string(line) + ": " + message);
}

namespace {

std::string read_all(std::istream& input) {
    std::string text;
    std::array<char, 65536> block{};
    while (input.read(block.data(), block.size()) || input.gcount() > 0)
        text.append(block.data(), static_cast<std::size_t>(input.gcount()));
    if (input.bad()) throw std::runtime_error("reading failed");
    return text;
}

} // namespace

std::vector<Record> read_csv(std::istream& input) {
    const std::string text = read_all(input);
    std::vector<Record> records;
    std::size_t line = 1;
    Record record{.line = 1, .fields = {}};
    std::string field;
    bool quoted = false; // the field began with a quote

    const auto end_field = [&] {
        record.fields.push_back(std::exchange(field, {}));
        quoted = false;
    };
    const auto end_record = [&] {
        const bool empty_line = record.fields.empty() && field.empty() && !quoted;
        end_field();
        if (!empty_line) records.push_back(std::move(record));
        record = Record{.line = line, .fields = {}};
    };
    // Steps over one line end and counts it.
    const auto skip_line_end = [&](std::size_t& i) {
        if (text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n') ++i;
        ++line;
    };

    const bool has_mark = text.rfind("\xEF\xBB\xBF", 0) == 0;
    for (std::size_t i = has_mark ? 3 : 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == ',') {
            end_field();
        } else if (c == '\n' || c == '\r') {
            skip_line_end(i);
            end_record();
        } else if (quoted) {
            fail_at(line, "text after the closing quote of a field");
        } else if (c != '"') {
            field += c;
        } else if (!field.empty()) {
            fail_at(line, "a quote inside a field that does not begin with one");
        } else {
            const std::size_t opened = line;
            quoted = true;
            for (++i;; ++i) {
                if (i >= text.size()) fail_at(opened, "a quoted field is never closed");
                if (text[i] == '"') {
                    if (i + 1 >= text.size() || text[i + 1] != '"') break;
                    ++i;
                }
                const std::size_t begin = i;
                if (text[i] == '\n' || text[i] == '\r') skip_line_end(i);
                field.append(text, begin, i - begin + 1);
            }
        }
    }
    end_record();
    return records;
}

std::optional<double> parse_number(const std::string& text) {
    // Streams alone would differ between standard libraries on "nan", "inf" and "0x1p3".
    if (text.find_first_not_of("0123456789+-.eE") != std::string::npos) return {};
    std::istringstream stream(text);
    stream.imbue(std::locale::classic());
    double value = 0.0;
    stream >> value;
    const bool whole = stream && stream.peek() == std::istringstream::traits_type::eof();
    // The network computes in float.
    constexpr auto largest = static_cast<double>(std::numeric_limits<float>::max());
    if (!whole || std::abs(value) > largest) return {};
    return value;
}

} // namespace churn
