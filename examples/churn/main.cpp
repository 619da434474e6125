// SPDX-License-Identifier: MIT
// A study of weight initializers: which of them lets a network learn which bank customers leave?
// `churn --help` tells what it does; study.cpp is where the initializers are used.
#include "files.hpp"
#include "options.hpp"
#include "progress.hpp"
#include "report.hpp"

#include <exception>
#include <fstream>
#include <iomanip>
#include <iostream>
#include <sstream>
#include <stdexcept>

namespace {

using namespace churn;

Split load(const std::string& path) {
    if (path.empty()) return split_table(synthetic_table());
    std::ifstream input(path, std::ios::binary);
    if (!input) throw std::runtime_error(path + ": cannot be opened");
    try {
        return split_table(read_table(input));
    } catch (const std::runtime_error& error) {
        throw std::runtime_error(path + ": " + error.what());
    }
}

std::vector<Plan> make_plans(const Options& options) {
    const auto over = [](int seeds) {
        return seeds == 1 ? std::string(", one seed")
                          : ", median and quartiles of " + std::to_string(seeds) + " seeds";
    };
    std::vector<Plan> plans{
        {.name = "small",
         .description = "Small network: 11 -> 6 -> 6 -> 1, Adam with rate 0.001, batches of 32",
         .picture_title = "2 hidden layers of 6, Adam" + over(options.seeds),
         .deep = false,
         .seeds = options.seeds,
         .epochs = options.epochs}};
    if (options.deep_seeds > 0)
        plans.push_back(
            {.name = "deep",
             .description = "Deep network: 11 -> 10 layers of 32 -> 1, SGD with rate 0.05, batches "
                            "of 32",
             .picture_title = "10 hidden layers of 32, SGD" + over(options.deep_seeds),
             .deep = true,
             .seeds = options.deep_seeds,
             .epochs = options.deep_epochs});
    return plans;
}

void print_data(std::ostream& out, const Options& options, const Split& split) {
    out << "Table: "
        << (options.table.empty() ? "synthetic, drawn by this program; give the path of a CSV for "
                                    "another"
                                  : options.table)
        << "\n"
        << split.inputs.rows() << " customers to train on, " << split.test_rows
        << " to test on; the same split for all runs\n"
        << std::fixed << std::setprecision(4) << split.training_rate
        << " of the training customers left: a constant answer has a loss of at least "
        << split.entropy << ",\nthe entropy; the answer \"stays\" has a test accuracy of "
        << 1.0 - split.test_rate << "\n"
        << std::defaultfloat << "LeakyReLU has the slope " << static_cast<double>(leaky_slope)
        << ", which He is told; equal weights are all " << equal_weight << "; biases start at 0\n";
}

int run(const Options& options) {
    const Split split = load(options.table);
    const std::filesystem::path directory = options.output;
    prepare_directory(directory);
    print_data(std::cout, options, split);
    std::cout << std::flush;

    const std::vector<Plan> plans = make_plans(options);
    std::vector<Results> results;
    {
        Progress progress;
        results = train(plans, split, options.threads,
                        [&progress](double share) { progress.show(share); });
    }
    std::vector<std::string> files{"runs.csv", "curves.csv", "bands.csv", "churn.gnuplot"};
    std::vector<std::string> pictures;
    for (std::size_t i = 0; i < plans.size(); ++i) {
        print_report(std::cout, plans[i], results[i], split, options.target_loss);
        pictures.push_back(plans[i].name + ".svg");
        pictures.push_back(plans[i].name + ".png");
    }
    write_whole(directory / files[0], runs_csv(plans, results, options.target_loss));
    write_whole(directory / files[1], curves_csv(plans, results));
    write_whole(directory / files[2], bands_csv(plans, results));
    write_whole(directory / files[3], gnuplot_script(plans, results, split));

    const Drawing drawing = draw(directory, pictures);
    if (drawing == Drawing::done) files.insert(files.end(), pictures.begin(), pictures.end());
    std::cout << "\nWritten:\n";
    for (const std::string& file : files) std::cout << "  " << (directory / file).string() << '\n';
    if (drawing == Drawing::no_gnuplot)
        std::cout << "No pictures: gnuplot is not there. With it, run in " << directory.string()
                  << ": gnuplot churn.gnuplot\n";
    std::cout << std::flush;
    if (!std::cout) throw std::runtime_error("standard output cannot be written");
    if (drawing == Drawing::failed)
        throw std::runtime_error("gnuplot failed; there are no pictures");
    return 0;
}

} // namespace

int main(int argc, char** argv) {
    try {
        const Options options = parse_options({argv + 1, argv + argc});
        if (!options.help) return run(options);
        std::cout << help_text << std::flush;
        return std::cout ? 0 : 1;
    } catch (const UsageError& error) {
        std::cerr << "churn: " << error.what() << "\nTry churn --help\n";
        return 2;
    } catch (const std::exception& error) {
        std::cerr << "churn: " << error.what() << '\n';
        return 1;
    }
}
