// SPDX-License-Identifier: MIT
#include "table.hpp"

#include "csv.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <stdexcept>

namespace churn {

namespace {

// The place of each column that is needed, found by its name.
struct Columns {
    std::size_t credit_score, country, gender, age, tenure, balance, products, has_card, active,
        salary, exited;
};

Columns find_columns(const Record& header) {
    const auto find = [&header](const std::string& name) {
        const auto begin = header.fields.begin();
        const auto end = header.fields.end();
        const auto found = std::find(begin, end, name);
        if (found == end) fail_at(header.line, "the header has no column " + name);
        if (std::find(found + 1, end, name) != end)
            fail_at(header.line, "the header has two columns " + name);
        return static_cast<std::size_t>(found - begin);
    };
    return {.credit_score = find("CreditScore"),
            .country = find("Geography"),
            .gender = find("Gender"),
            .age = find("Age"),
            .tenure = find("Tenure"),
            .balance = find("Balance"),
            .products = find("NumOfProducts"),
            .has_card = find("HasCrCard"),
            .active = find("IsActiveMember"),
            .salary = find("EstimatedSalary"),
            .exited = find("Exited")};
}

Customer read_customer(const Record& record, const Columns& columns) {
    const auto number = [&record](std::size_t column, const std::string& name) {
        const std::string& text = record.fields[column];
        const auto value = parse_number(text);
        if (!value)
            fail_at(record.line, name + " is \"" + text + "\", which is not a finite number");
        return *value;
    };
    const auto flag = [&](std::size_t column, const std::string& name) {
        const double value = number(column, name);
        if (value != 0.0 && value != 1.0)
            fail_at(record.line, name + " is \"" + record.fields[column] + "\"; it must be 0 or 1");
        return value == 1.0;
    };
    const auto country = [&] {
        const std::string& name = record.fields[columns.country];
        if (name == "France") return Customer::Country::France;
        if (name == "Germany") return Customer::Country::Germany;
        if (name == "Spain") return Customer::Country::Spain;
        fail_at(record.line, "Geography is \"" + name + "\"; it must be France, Germany or Spain");
    };
    const auto male = [&] {
        const std::string& name = record.fields[columns.gender];
        if (name != "Female" && name != "Male")
            fail_at(record.line, "Gender is \"" + name + "\"; it must be Female or Male");
        return name == "Male";
    };
    return {.credit_score = number(columns.credit_score, "CreditScore"),
            .country = country(),
            .male = male(),
            .age = number(columns.age, "Age"),
            .tenure = number(columns.tenure, "Tenure"),
            .balance = number(columns.balance, "Balance"),
            .products = number(columns.products, "NumOfProducts"),
            .has_card = flag(columns.has_card, "HasCrCard"),
            .active = flag(columns.active, "IsActiveMember"),
            .salary = number(columns.salary, "EstimatedSalary"),
            .exited = flag(columns.exited, "Exited")};
}

// The 11 inputs. Three countries need two columns: France is where both are 0.
Eigen::Matrix<double, 1, input_count> encode(const Customer& customer) {
    return {customer.credit_score,
            customer.country == Customer::Country::Germany ? 1.0 : 0.0,
            customer.country == Customer::Country::Spain ? 1.0 : 0.0,
            customer.male ? 1.0 : 0.0,
            customer.age,
            customer.tenure,
            customer.balance,
            customer.products,
            customer.has_card ? 1.0 : 0.0,
            customer.active ? 1.0 : 0.0,
            customer.salary};
}

std::vector<Batch> batches_in_order(const auto& inputs, const auto& exited) {
    std::vector<Eigen::Index> order(static_cast<std::size_t>(inputs.rows()));
    std::iota(order.begin(), order.end(), Eigen::Index{0});
    std::vector<Batch> batches;
    for (std::size_t begin = 0; begin < order.size(); begin += batch_rows)
        batches.push_back(gather(inputs, exited, order, begin));
    return batches;
}

} // namespace

std::vector<Customer> read_table(std::istream& input) {
    const std::vector<Record> records = read_csv(input);
    if (records.empty()) throw std::runtime_error("the file is empty");
    const Record& header = records.front();
    const Columns columns = find_columns(header);
    std::vector<Customer> customers;
    customers.reserve(records.size() - 1);
    for (auto record = records.begin() + 1; record != records.end(); ++record) {
        if (record->fields.size() != header.fields.size())
            fail_at(record->line, std::to_string(record->fields.size()) +
                                      " fields, but the header has " +
                                      std::to_string(header.fields.size()));
        customers.push_back(read_customer(*record, columns));
    }
    return customers;
}

void shuffle(std::vector<Eigen::Index>& order, nninit::Philox& rng) {
    for (std::size_t left = order.size(); left > 1; --left) {
        // A word below `limit` makes each remainder equally likely.
        const std::uint64_t count = left;
        const std::uint64_t limit = (std::uint64_t{1} << 32) / count * count;
        std::uint64_t word = rng();
        while (word >= limit) word = rng();
        std::swap(order[left - 1], order[static_cast<std::size_t>(word % count)]);
    }
}

Split split_table(const std::vector<Customer>& customers) {
    constexpr std::size_t least = 10;
    if (customers.size() < least)
        throw std::runtime_error("only " + std::to_string(customers.size()) +
                                 " rows of customers; the study needs at least " +
                                 std::to_string(least));
    std::vector<Eigen::Index> order(customers.size());
    std::iota(order.begin(), order.end(), Eigen::Index{0});
    nninit::Philox rng = nninit::Philox(0).stream("split");
    shuffle(order, rng);

    Eigen::Matrix<double, Eigen::Dynamic, input_count> inputs(customers.size(), input_count);
    Eigen::VectorXd exited(customers.size());
    for (std::size_t i = 0; i < order.size(); ++i) {
        const Customer& customer = customers[static_cast<std::size_t>(order[i])];
        inputs.row(static_cast<Eigen::Index>(i)) = encode(customer);
        exited(static_cast<Eigen::Index>(i)) = customer.exited ? 1.0 : 0.0;
    }

    const auto training_rows = static_cast<Eigen::Index>(customers.size() * 4 / 5);
    const Eigen::Index test_rows = inputs.rows() - training_rows;
    Split split;
    split.test_rows = test_rows;
    split.training_rate = exited.head(training_rows).mean();
    split.test_rate = exited.tail(test_rows).mean();
    const double rate = split.training_rate;
    if (rate == 0.0 || rate == 1.0)
        throw std::runtime_error("Exited is the same in all training rows: nothing to learn");
    split.entropy = -rate * std::log(rate) - (1.0 - rate) * std::log(1.0 - rate);

    // Only the training rows are looked at, or the test would leak into the training.
    for (int column = 0; column < input_count; ++column) {
        const double mean = inputs.col(column).head(training_rows).mean();
        inputs.col(column).array() -= mean;
        const double deviation = std::sqrt(inputs.col(column).head(training_rows).squaredNorm() /
                                           static_cast<double>(training_rows));
        if (deviation > 0.0) inputs.col(column) /= deviation;
    }

    split.inputs = inputs.topRows(training_rows).cast<float>();
    split.exited = exited.head(training_rows).cast<float>();
    split.training = batches_in_order(split.inputs, split.exited);
    split.test = batches_in_order(inputs.bottomRows(test_rows).cast<float>().eval(),
                                  exited.tail(test_rows).cast<float>().eval());
    return split;
}

} // namespace churn
