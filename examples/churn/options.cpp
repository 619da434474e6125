// SPDX-License-Identifier: MIT
#include "options.hpp"

#include "csv.hpp"

#include <algorithm>
#include <thread>

namespace churn {

const char* const help_text =
    R"(usage: churn [options] [table.csv]

Trains two networks on a table of bank customers to tell who leaves, once for
every initializer, hidden activation and seed, and compares the initializers:
  small   11 inputs, 2 hidden layers of 6, sigmoid output; Adam, rate 0.001
  deep    11 inputs, 10 hidden layers of 32, sigmoid output; SGD, rate 0.05
Both learn from binary cross-entropy in batches of 32. Four fifths of the rows,
drawn by a seed that is the same for all runs, are for training, the rest is
the test; a run's own seed draws its weights and the order of its batches.

table.csv needs a header with CreditScore, Geography (France, Germany, Spain),
Gender (Female, Male), Age, Tenure, Balance, NumOfProducts, HasCrCard,
IsActiveMember, EstimatedSalary and Exited, in any order; other columns are
ignored. Without a path, the program draws a synthetic table.

options:
  --seeds N         seeds 1 to N for the small network (default 20)
  --epochs N        epochs of the small network (default 40)
  --deep-seeds N    seeds 1 to N for the deep network (default 20; 0 leaves it
                    out)
  --deep-epochs N   epochs of the deep network (default 12)
  --target-loss X   count the epochs to this training loss (default 0.36)
  --threads N       threads; the results do not depend on it (default: one per
                    core)
  --output DIR      where the files go (default churn-results)
  --quick           a few seconds: 2 seeds and 3 epochs, deep 1 and 1; the
                    options above still count
  --help            print this text

files written to DIR:
  runs.csv          one line per run: network, activation, initializer, seed,
                    epochs_to_target (empty: not reached), training_loss,
                    test_accuracy
  curves.csv        one line per run and epoch (0: before training): network,
                    activation, initializer, seed, epoch, training_loss
  bands.csv         one line per epoch: network, activation, initializer,
                    epoch, lower_quartile, median, upper_quartile over seeds
  churn.gnuplot     draws small.svg, small.png, deep.svg and deep.png, epochs
                    against loss; done at once if gnuplot is there
A loss that is no finite number is written as inf.

exit code: 0 done; 1 a file or its content is wrong; 2 wrong usage
)";

namespace {

int parse_count(const std::string& option, const std::string& text, int least) {
    constexpr int most = 100'000;
    const bool digits = !text.empty() && text.size() <= 6 &&
                        text.find_first_not_of("0123456789") == std::string::npos;
    const int value = digits ? std::stoi(text) : -1;
    if (value < least || value > most)
        throw UsageError(option + " needs a whole number from " + std::to_string(least) + " to " +
                         std::to_string(most) + ", not \"" + text + "\"");
    return value;
}

double parse_loss(const std::string& option, const std::string& text) {
    const auto value = parse_number(text);
    if (!value || *value <= 0.0)
        throw UsageError(option + " needs a number above 0, not \"" + text + "\"");
    return *value;
}

} // namespace

Options parse_options(const std::vector<std::string>& arguments) {
    Options options;
    options.threads = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
    // First, so that an explicit number counts wherever it stands.
    if (std::find(arguments.begin(), arguments.end(), "--quick") != arguments.end()) {
        options.seeds = 2;
        options.epochs = 3;
        options.deep_seeds = 1;
        options.deep_epochs = 1;
    }
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const std::string& argument = arguments[i];
        const auto value = [&]() -> const std::string& {
            if (i + 1 == arguments.size()) throw UsageError(argument + " needs a value");
            return arguments[++i];
        };
        if (argument == "--help")
            options.help = true;
        else if (argument == "--quick")
            continue;
        else if (argument == "--seeds")
            options.seeds = parse_count(argument, value(), 1);
        else if (argument == "--epochs")
            options.epochs = parse_count(argument, value(), 1);
        else if (argument == "--deep-seeds")
            options.deep_seeds = parse_count(argument, value(), 0);
        else if (argument == "--deep-epochs")
            options.deep_epochs = parse_count(argument, value(), 1);
        else if (argument == "--threads")
            options.threads = parse_count(argument, value(), 1);
        else if (argument == "--target-loss")
            options.target_loss = parse_loss(argument, value());
        else if (argument == "--output")
            options.output = value();
        else if (argument.starts_with("-"))
            throw UsageError("there is no option " + argument);
        else if (!options.table.empty())
            throw UsageError("one table only: " + options.table + " or " + argument);
        else if (argument.empty())
            throw UsageError("the path of the table is empty");
        else
            options.table = argument;
    }
    if (options.output.empty()) throw UsageError("--output needs a directory");
    return options;
}

} // namespace churn
