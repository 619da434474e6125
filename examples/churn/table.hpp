// SPDX-License-Identifier: MIT
#ifndef CHURN_TABLE_HPP
#define CHURN_TABLE_HPP

#include "network.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <fstream>
#include <locale>
#include <map>
#include <numeric>
#include <sstream>
#include <stdexcept>
#include <vector>

namespace churn {

/// A customer: the 11 inputs (credit score, whether in Germany, whether in Spain, whether male,
/// age, tenure, balance, products, whether with a card, whether active, salary), and 1 for one who
/// left.
using Customer = std::array<double, input_count + 1>;

/// The column of the file that each of them is in. A word counts 1 for the one input that it names.
struct Column {
    const char* name;
    std::vector<std::string> words;
};
inline const std::array<Column, input_count + 1> columns{
    {{"CreditScore", {}},
     {"Geography", {"Germany", "France", "Spain"}},
     {"Geography", {"Spain", "France", "Germany"}},
     {"Gender", {"Male", "Female"}},
     {"Age", {}},
     {"Tenure", {}},
     {"Balance", {}},
     {"NumOfProducts", {}},
     {"HasCrCard", {"1", "0"}},
     {"IsActiveMember", {"1", "0"}},
     {"EstimatedSalary", {}},
     {"Exited", {"1", "0"}}}};

/// The number of a field, or 1 for the first of the words that the column may hold and else 0.
inline double value(const Column& column, const std::string& field) {
    const auto refuse = [&](const std::string& expected) {
        throw std::runtime_error(column.name + (" is \"" + field + "\", which is not ") + expected);
    };
    if (!column.words.empty()) {
        const auto found = std::find(column.words.begin(), column.words.end(), field);
        std::string listed;
        for (const std::string& word : column.words)
            listed += (listed.empty() ? "" : " or ") + word;
        if (found == column.words.end()) refuse(listed);
        return found == column.words.begin() ? 1 : 0;
    }
    std::istringstream in(field);
    in.imbue(std::locale::classic());
    double number = 0;
    // Streams alone would differ between standard libraries on "nan", "inf" and "0x1p3".
    if (field.find_first_not_of("0123456789+-.eE") != field.npos || !(in >> number) || !in.eof() ||
        std::abs(number) > 3e38)
        refuse("a number");
    return number;
}

/// Reads a table of comma-separated fields without quotes, its columns found by their names in the
/// first line. \throws std::runtime_error that tells the line and what is wrong there
inline std::vector<Customer> read_table(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::map<std::string, std::size_t> places;
    std::vector<Customer> customers;
    int number = 0;
    for (std::string line; std::getline(file, line);) try {
            ++number;
            if (number == 1 && line.starts_with("\xEF\xBB\xBF")) line.erase(0, 3); // of UTF-8
            if (line.ends_with('\r')) line.pop_back();
            if (line.empty()) continue;
            std::vector<std::string> fields;
            std::istringstream in(line + ','); // so that an empty last field is one
            for (std::string field; std::getline(in, field, ',');) fields.push_back(field);
            if (places.empty()) {
                for (const std::string& name : fields) places.emplace(name, places.size());
                for (const Column& column : columns)
                    if (!places.contains(column.name))
                        throw std::runtime_error(std::string("there is no column ") + column.name);
                continue;
            }
            if (fields.size() != places.size())
                throw std::runtime_error(std::to_string(fields.size()) + " fields for " +
                                         std::to_string(places.size()) + " different columns");
            Customer& customer = customers.emplace_back();
            for (std::size_t i = 0; i < columns.size(); ++i)
                customer[i] = value(columns[i], fields[places[columns[i].name]]);
        } catch (const std::runtime_error& error) {
            throw std::runtime_error(path + ", line " + std::to_string(number) + ": " +
                                     error.what());
        }
    if (customers.size() < 10)
        throw std::runtime_error(path + ": cannot be read, or has fewer than 10 customers");
    return customers;
}

/// Shuffles by Fisher and Yates. std::shuffle would do, but differs between standard libraries.
inline void shuffle(std::vector<Eigen::Index>& order, nninit::Philox& rng) {
    for (std::size_t left = order.size(); left > 1; --left) {
        // A word below `limit` makes each remainder equally likely.
        const std::uint64_t count = left;
        const std::uint64_t limit = (std::uint64_t{1} << 32) / count * count;
        std::uint64_t word = rng();
        while (word >= limit) word = rng();
        std::swap(order[left - 1], order[static_cast<std::size_t>(word % count)]);
    }
}

inline std::vector<Eigen::Index> in_order(std::size_t count) {
    std::vector<Eigen::Index> order(count);
    std::iota(order.begin(), order.end(), Eigen::Index{0});
    return order;
}

/// Some of the customers as the network sees them: a row of inputs for each, and whether they left.
struct Part {
    Eigen::Matrix<float, Eigen::Dynamic, input_count, Eigen::RowMajor> inputs;
    Eigen::VectorXf exited;
    std::vector<Batch> batches{}; // of all rows in order

    /// The rows order[begin], order[begin + 1], ..., at most 32.
    Batch gather(const std::vector<Eigen::Index>& order, std::size_t begin) const {
        Batch batch;
        batch.inputs.setZero();
        batch.exited.setZero();
        batch.share.setZero();
        const auto rows = std::min(static_cast<Eigen::Index>(order.size() - begin),
                                   static_cast<Eigen::Index>(batch_rows));
        for (Eigen::Index i = 0; i < rows; ++i) {
            const Eigen::Index row = order[begin + static_cast<std::size_t>(i)];
            batch.inputs.row(i) = inputs.row(row);
            batch.exited(i) = exited(row);
        }
        batch.share.head(rows).setConstant(1.0F / static_cast<float>(rows));
        return batch;
    }
};

struct Split {
    Part training, test;
    double entropy; ///< the least cross-entropy of a constant answer on the training rows
};

/// Shuffles the rows by a fixed seed, gives 80 % to training and the rest to the test, and scales
/// each input by the training rows' mean and standard deviation.
inline Split split_table(const std::vector<Customer>& customers) {
    std::vector<Eigen::Index> order = in_order(customers.size());
    nninit::Philox rng = nninit::Philox(0).stream("split");
    shuffle(order, rng);
    Eigen::Matrix<double, Eigen::Dynamic, input_count + 1> table(customers.size(), input_count + 1);
    for (Eigen::Index i = 0; i < table.rows(); ++i)
        table.row(i) = Eigen::Map<const Eigen::Matrix<double, 1, input_count + 1>>(
            customers[static_cast<std::size_t>(order[static_cast<std::size_t>(i)])].data());

    const Eigen::Index rows = table.rows() * 4 / 5;
    const double rate = table.col(input_count).head(rows).mean();
    if (rate == 0 || rate == 1)
        throw std::runtime_error("Exited is the same in all training rows: nothing to learn");
    // Only the training rows are looked at, or the test would leak into the training.
    for (int column = 0; column < input_count; ++column) {
        const double mean = table.col(column).head(rows).mean();
        table.col(column).array() -= mean;
        const double deviation =
            std::sqrt(table.col(column).head(rows).squaredNorm() / static_cast<double>(rows));
        if (deviation > 0) table.col(column) /= deviation;
    }
    const auto part = [](const auto& block) {
        Part made{block.template leftCols<input_count>().template cast<float>(),
                  block.col(input_count).template cast<float>()};
        const std::vector<Eigen::Index> all = in_order(static_cast<std::size_t>(block.rows()));
        for (std::size_t begin = 0; begin < all.size(); begin += batch_rows)
            made.batches.push_back(made.gather(all, begin));
        return made;
    };
    return {part(table.topRows(rows)), part(table.bottomRows(table.rows() - rows)),
            -rate * std::log(rate) - (1 - rate) * std::log(1 - rate)};
}

} // namespace churn

#endif
