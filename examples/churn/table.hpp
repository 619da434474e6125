// SPDX-License-Identifier: MIT
#ifndef CHURN_TABLE_HPP
#define CHURN_TABLE_HPP

#include "network.hpp"

#include <algorithm>
#include <cstddef>
#include <istream>
#include <string>
#include <vector>

namespace churn {

/// One row of the table: the columns that the network sees, and whether the customer left.
struct Customer {
    enum class Country { France, Germany, Spain };

    double credit_score = 0.0;
    Country country = Country::France;
    bool male = false;
    double age = 0.0;
    double tenure = 0.0;
    double balance = 0.0;
    double products = 0.0;
    bool has_card = false;
    bool active = false;
    double salary = 0.0;
    bool exited = false;
};

/// Reads a CSV with the columns CreditScore, Geography, Gender, Age, Tenure, Balance,
/// NumOfProducts, HasCrCard, IsActiveMember, EstimatedSalary and Exited in any order; other columns
/// are ignored.
/// \throws std::runtime_error that tells the line and what is wrong there
std::vector<Customer> read_table(std::istream& input);

/// A table drawn from nninit's generator, for those who have none at hand: rows that look like a
/// bank's customers, of whom about one in five leaves. The comment in synthetic.cpp tells how.
std::vector<Customer> synthetic_table();

/// The network's view of the table.
struct Split {
    std::vector<Batch> training;
    std::vector<Batch> test;
    Eigen::Matrix<float, Eigen::Dynamic, input_count, Eigen::RowMajor> inputs; ///< training rows
    Eigen::VectorXf exited;                                                    ///< training rows
    Eigen::Index test_rows = 0;
    double training_rate = 0.0; ///< the share of customers who left
    double test_rate = 0.0;
    double entropy = 0.0; ///< the least cross-entropy of a constant answer on the training rows
};

/// Shuffles the rows by a fixed seed, gives 80 % to training and the rest to the test, and scales
/// each input by the training rows' mean and standard deviation.
/// \throws std::runtime_error if there is too little to learn from
Split split_table(const std::vector<Customer>& customers);

/// Rows order[begin], order[begin + 1], ... of a table, at most 32, as a batch.
Batch gather(const auto& inputs, const auto& exited, const std::vector<Eigen::Index>& order,
             std::size_t begin) {
    Batch batch;
    batch.inputs.setZero();
    batch.exited.setZero();
    batch.share.setZero();
    const auto rows = static_cast<Eigen::Index>(
        std::min(order.size() - begin, static_cast<std::size_t>(batch_rows)));
    for (Eigen::Index i = 0; i < rows; ++i) {
        const Eigen::Index row = order[begin + static_cast<std::size_t>(i)];
        batch.inputs.row(i) = inputs.row(row);
        batch.exited(i) = exited(row);
    }
    batch.share.head(rows).setConstant(1.0F / static_cast<float>(rows));
    return batch;
}

/// Shuffles by Fisher and Yates. std::shuffle would do, but differs between standard libraries.
void shuffle(std::vector<Eigen::Index>& order, nninit::Philox& rng);

} // namespace churn

#endif
