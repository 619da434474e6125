// SPDX-License-Identifier: MIT
#ifndef CHURN_CSV_HPP
#define CHURN_CSV_HPP

#include <cstddef>
#include <istream>
#include <optional>
#include <string>
#include <vector>

namespace churn {

/// One record of a CSV file and the line where it begins, counted from 1.
struct Record {
    std::size_t line = 0;
    std::vector<std::string> fields;
};

/// Reads a whole CSV file as in RFC 4180: fields in quotes may hold commas, line ends and doubled
/// quotes. Lines end in LF, CR LF or CR; empty lines and a byte order mark are skipped.
/// \throws std::runtime_error with the line number where the quotes do not fit, or where reading
///         fails
std::vector<Record> read_csv(std::istream& input);

/// The finite number that a text in decimal notation stands for, the same in every locale, or
/// nothing for any other text.
std::optional<double> parse_number(const std::string& text);

/// An error in the file, "line 7: ...".
[[noreturn]] void fail_at(std::size_t line, const std::string& message);

} // namespace churn

#endif
