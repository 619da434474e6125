// SPDX-License-Identifier: MIT
// A study of weight initializers: which of them lets a network learn which bank customers leave?
// Two networks are trained on a table of customers, once for every initializer, hidden activation
// and seed. study.hpp is where the initializers are used.
#include "report.hpp"
#include "synthetic.hpp"

#include <CLI/CLI.hpp>

#include <filesystem>
#include <thread>

namespace {

using namespace churn;

void write(const std::filesystem::path& file, const std::string& content) {
    std::ofstream out(file, std::ios::binary);
    out << content;
    out.close();
    if (!out) throw std::runtime_error(file.string() + ": cannot be written");
}

/// The lines of a plan in runs.csv, curves.csv and bands.csv.
struct Tables {
    std::string runs =
        "network,activation,initializer,seed,epochs_to_target,training_loss,test_accuracy\n";
    std::string curves = "network,activation,initializer,seed,epoch,training_loss\n";
    std::string bands =
        "network,activation,initializer,epoch,lower_quartile,median,upper_quartile\n";

    void add(const Plan& plan, const Results& results, double entropy, double target) {
        const std::string network = plan.name + std::string(",");
        for (std::size_t a = 0; a < activations.size(); ++a) {
            for (std::size_t i = 0; i < initializers.size(); ++i) {
                const std::string group = network + activations[a] + ',' + initializers[i] + ',';
                for (std::size_t seed = 0; seed < results[a][i].size(); ++seed) {
                    const Run& run = results[a][i][seed];
                    const std::string name = group + std::to_string(seed + 1) + ',';
                    const double epochs = epochs_to(target, run.loss);
                    runs += name + (std::isinf(epochs) ? "" : fixed(epochs, 0)) + ',' +
                            fixed(run.loss.back(), 6) + ',' + fixed(run.test_accuracy, 6) + '\n';
                    for (std::size_t epoch = 0; epoch < run.loss.size(); ++epoch)
                        curves +=
                            name + std::to_string(epoch) + ',' + fixed(run.loss[epoch], 6) + '\n';
                }
                for (std::size_t epoch = 0; epoch <= static_cast<std::size_t>(plan.epochs);
                     ++epoch) {
                    const Quartiles q = quartiles(over_seeds(
                        results[a][i], [epoch](const Run& run) { return run.loss[epoch]; }));
                    bands += group + std::to_string(epoch) + ',' + fixed(q.lower, 6) + ',' +
                             fixed(q.median, 6) + ',' + fixed(q.upper, 6) + '\n';
                }
            }
            for (const int epoch : {0, plan.epochs}) { // the line that learning has to fall below
                bands += network + activations[a] + ",constant answer," + std::to_string(epoch);
                for (int i = 0; i < 3; ++i) bands += ',' + fixed(entropy, 6);
                bands += '\n';
            }
        }
    }
};

} // namespace

int main(int argc, char** argv) {
    CLI::App app("Trains two networks to tell which bank customers leave, with every initializer.");
    std::string table, output = "churn-results";
    int seeds = 20, epochs = 40, deep_seeds = 20, deep_epochs = 12;
    int threads = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
    double target = 0.36;
    bool quick = false;
    app.add_option("table", table,
                   "CSV file with the columns CreditScore, Geography, Gender, Age, "
                   "Tenure, Balance, NumOfProducts, HasCrCard, IsActiveMember, "
                   "EstimatedSalary and Exited; without it, a synthetic table");
    const auto count = [&](const char* name, int& value, int least, const char* what) {
        return app.add_option(name, value, what)
            ->capture_default_str()
            ->check(CLI::Range(least, 100'000));
    };
    const auto* small_runs = count("--seeds", seeds, 1, "seeds of the small network");
    const auto* small_length = count("--epochs", epochs, 1, "its epochs");
    const auto* deep_runs = count("--deep-seeds", deep_seeds, 0, "seeds of the deep network");
    const auto* deep_length = count("--deep-epochs", deep_epochs, 1, "its epochs");
    count("--threads", threads, 1, "on which the results do not depend");
    app.add_option("--target-loss", target, "count the epochs to this loss")
        ->capture_default_str()
        ->check(CLI::Range(0.0, 100.0));
    app.add_option("--output", output, "directory of the CSV files")->capture_default_str();
    app.add_flag(
        "--quick", quick,
        "a few seconds, too few seeds to rank: 2 and 3 epochs, deep 1 and 1, where not given");
    CLI11_PARSE(app, argc, argv);
    if (quick && small_runs->empty()) seeds = 2;
    if (quick && small_length->empty()) epochs = 3;
    if (quick && deep_runs->empty()) deep_seeds = 1;
    if (quick && deep_length->empty()) deep_epochs = 1;
    try {
        const Split split = split_table(table.empty() ? synthetic_table() : read_table(table));
        std::filesystem::create_directories(output);
        std::cout << "Table: " << (table.empty() ? "synthetic, drawn by this program" : table)
                  << '\n'
                  << split.training.exited.size() << " customers to train on, "
                  << split.test.exited.size() << " to test on; the same split for all runs\n"
                  << fixed(split.training.exited.cast<double>().mean(), 4)
                  << " of the training customers left: a constant answer has a loss of at least "
                  << fixed(split.entropy, 4) << ",\nthe entropy; the answer \"stays\" has a test "
                  << "accuracy of " << fixed(1 - split.test.exited.cast<double>().mean(), 4)
                  << "\nLeakyReLU has the slope " << LeakyRelu::negative_slope
                  << ", which He is told; equal weights are all " << equal_weight
                  << "; biases start at 0\n";
        Tables tables;
        for (const Plan& plan :
             {Plan{"small", "Small network: 11 -> 6 -> 6 -> 1, Adam with rate 0.001, batches of 32",
                   false, seeds, epochs},
              Plan{"deep",
                   "Deep network: 11 -> 10 layers of 32 -> 1, SGD with rate 0.05, batches of 32",
                   true, deep_seeds, deep_epochs}}) {
            if (plan.seeds == 0) continue;
            std::cout << '\n'
                      << plan.description << '\n'
                      << "epochs: " << plan.epochs << ", seeds: " << plan.seeds << "; "
                      << std::flush;
            const Results results = train_all(plan, split, threads);
            print_report(plan, results, split.entropy, target);
            tables.add(plan, results, split.entropy, target);
        }
        const std::filesystem::path directory = output;
        write(directory / "runs.csv", tables.runs);
        write(directory / "curves.csv", tables.curves);
        write(directory / "bands.csv", tables.bands);
        std::cout << "\nruns.csv, curves.csv and bands.csv are in " << output << '\n';
    } catch (const std::exception& error) {
        std::cerr << "churn: " << error.what() << '\n';
        return 1;
    }
}
