// SPDX-License-Identifier: MIT
#include "report.hpp"

#include "statistics.hpp"

#include <algorithm>
#include <cmath>
#include <iomanip>
#include <limits>
#include <locale>
#include <sstream>

namespace churn {

namespace {

double final_loss(const Run& run) { return run.loss.back(); }

double test_accuracy(const Run& run) { return run.test_accuracy; }

// The first epoch after which the loss is at most the target, or infinity.
double epochs_to(double target_loss, const Run& run) {
    const auto reached = std::find_if(run.loss.begin(), run.loss.end(),
                                      [&](double loss) { return loss <= target_loss; });
    return reached == run.loss.end() ? std::numeric_limits<double>::infinity()
                                     : static_cast<double>(reached - run.loss.begin());
}

std::string fixed(double value, int digits) {
    std::ostringstream out;
    out.imbue(std::locale::classic());
    out << std::fixed << std::setprecision(digits) << value;
    return out.str();
}

// "0.3346 [0.3310, 0.3392]", with a word for what is infinite.
std::string cell(const Quartiles& q, int digits, const std::string& infinite) {
    const auto text = [&](double value) {
        return std::isinf(value) ? infinite : fixed(value, digits);
    };
    if (std::isinf(q.lower)) return infinite;
    return text(q.median) + " [" + text(q.lower) + ", " + text(q.upper) + "]";
}

std::string listed(const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
    return text;
}

bool learned(const Results& results, std::size_t activation, std::size_t init, double entropy) {
    const Quartiles loss = quartiles(results.over_seeds(activation, init, final_loss));
    return loss.median <= entropy - learned_least;
}

// "HeNormal (tied: HeUniform)": the initializer with the least mean of sign * value, and those
// that the seeds do not separate from it.
std::string best(const Results& results, std::size_t activation, double sign, const auto& value) {
    std::vector<std::vector<double>> samples;
    for (std::size_t init = 0; init < initializers.size(); ++init)
        samples.push_back(results.over_seeds(activation, init,
                                             [&](const Run& run) { return sign * value(run); }));
    const auto leader =
        std::min_element(samples.begin(), samples.end(),
                         [](const auto& a, const auto& b) { return mean(a) < mean(b); });
    std::vector<std::string> tied;
    for (auto sample = samples.begin(); sample != samples.end(); ++sample)
        if (sample != leader && !paired_difference(*sample, *leader).separate())
            tied.emplace_back(initializers[static_cast<std::size_t>(sample - samples.begin())]);
    const std::string name = initializers[static_cast<std::size_t>(leader - samples.begin())];
    return tied.empty() ? name : name + " (tied: " + listed(tied) + ")";
}

void print_table(std::ostream& out, const Results& results, double target_loss) {
    const auto row = [&out](const std::string& activation, const std::string& initializer,
                            const std::string& loss, const std::string& epochs,
                            const std::string& accuracy) {
        out << std::left << std::setw(11) << activation << std::setw(15) << initializer
            << std::setw(26) << loss << std::setw(18) << epochs << accuracy << '\n';
    };
    std::ostringstream target;
    target.imbue(std::locale::classic());
    target << "epochs to " << target_loss;
    row("hidden", "initializer", "training loss", target.str(), "test accuracy");
    for (std::size_t activation = 0; activation < activations.size(); ++activation)
        for (std::size_t init = 0; init < initializers.size(); ++init) {
            const auto quartiles_of = [&](const auto& value) {
                return quartiles(results.over_seeds(activation, init, value));
            };
            const auto epochs = [&](const Run& run) { return epochs_to(target_loss, run); };
            row(init == 0 ? activations[activation] : "", initializers[init],
                cell(quartiles_of(final_loss), 4, "diverged"),
                cell(quartiles_of(epochs), 0, "never"), cell(quartiles_of(test_accuracy), 4, ""));
        }
}

void print_best(std::ostream& out, const Results& results, double entropy) {
    for (std::size_t activation = 0; activation < activations.size(); ++activation) {
        out << "  " << std::left << std::setw(11) << activations[activation];
        bool any = false;
        for (std::size_t init = 0; init < initializers.size(); ++init)
            any = any || learned(results, activation, init, entropy);
        if (any)
            out << "loss      " << best(results, activation, 1.0, final_loss)
                << "\n             accuracy  " << best(results, activation, -1.0, test_accuracy)
                << '\n';
        else
            out << "none: nothing was learned\n";
    }
}

void print_unlearned(std::ostream& out, const Results& results, double entropy) {
    for (std::size_t activation = 0; activation < activations.size(); ++activation) {
        std::vector<std::string> names;
        for (std::size_t init = 0; init < initializers.size(); ++init)
            if (!learned(results, activation, init, entropy))
                names.emplace_back(initializers[init]);
        out << "  " << std::left << std::setw(11) << activations[activation]
            << (names.empty() ? "none" : listed(names)) << '\n';
    }
}

void print_gain_over_equal_weights(std::ostream& out, const Results& results) {
    const auto sample = [&](const std::string& activation, const std::string& initializer) {
        const auto place = [](const auto& names, const std::string& name) {
            return static_cast<std::size_t>(std::find(names.begin(), names.end(), name) -
                                            names.begin());
        };
        return results.over_seeds(place(activations, activation), place(initializers, initializer),
                                  test_accuracy);
    };
    for (const std::string name : {"HeNormal", "HeUniform"}) {
        const PairedDifference gain =
            paired_difference(sample("ReLU", name), sample("ReLU", "equal weights"));
        out << "  " << std::left << std::setw(11) << name << fixed(gain.mean, 4);
        if (std::isfinite(gain.low))
            out << ", 95 % interval " << fixed(gain.low, 4) << " to " << fixed(gain.high, 4);
        out << '\n';
    }
}

// Calls visit(plan, activation, initializer) for each curve of each plan.
void for_each_group(const std::vector<Plan>& plans, const auto& visit) {
    for (std::size_t plan = 0; plan < plans.size(); ++plan)
        for (std::size_t activation = 0; activation < activations.size(); ++activation)
            for (std::size_t init = 0; init < initializers.size(); ++init)
                visit(plan, activation, init);
}

std::string group_name(const Plan& plan, std::size_t activation, std::size_t init) {
    return plan.name + ',' + activations[activation] + ',' + initializers[init] + ',';
}

Quartiles band(const Results& results, std::size_t activation, std::size_t init, int epoch) {
    return quartiles(results.over_seeds(activation, init, [epoch](const Run& run) {
        return run.loss[static_cast<std::size_t>(epoch)];
    }));
}

} // namespace

void print_report(std::ostream& out, const Plan& plan, const Results& results, const Split& split,
                  double target_loss) {
    out << '\n' << plan.description << '\n';
    out << plan.epochs << " epochs, " << plan.seeds << (plan.seeds == 1 ? " seed" : " seeds")
        << "; each cell: median [lower quartile, upper quartile] over the seeds\n\n";
    print_table(out, results, target_loss);

    out << "\nBest initializer by the mean over the seeds; tied are those whose paired difference\n"
           "to it has a 95 % interval that holds 0";
    out << (plan.seeds == 1 ? " (one seed has no interval: all are tied):\n" : ":\n");
    print_best(out, results, split.entropy);
    out << "\nLearned nothing (median loss above " << fixed(split.entropy - learned_least, 4)
        << ", which is the entropy " << fixed(split.entropy, 4) << " less " << learned_least
        << "):\n";
    print_unlearned(out, results, split.entropy);
    out << "\nTest accuracy under ReLU, less that of equal weights with the same seed, mean:\n";
    print_gain_over_equal_weights(out, results);
}

std::string runs_csv(const std::vector<Plan>& plans, const std::vector<Results>& results,
                     double target_loss) {
    std::string text =
        "network,activation,initializer,seed,epochs_to_target,training_loss,test_accuracy\n";
    for_each_group(plans, [&](std::size_t plan, std::size_t activation, std::size_t init) {
        const auto seeds = static_cast<std::size_t>(plans[plan].seeds);
        for (std::size_t seed = 0; seed < seeds; ++seed) {
            const Run& run = results[plan].at(activation, init, seed);
            const double epochs = epochs_to(target_loss, run);
            text += group_name(plans[plan], activation, init) + std::to_string(seed + 1) + ',' +
                    (std::isinf(epochs) ? "" : fixed(epochs, 0)) + ',' + fixed(run.loss.back(), 6) +
                    ',' + fixed(run.test_accuracy, 6) + '\n';
        }
    });
    return text;
}

std::string curves_csv(const std::vector<Plan>& plans, const std::vector<Results>& results) {
    std::string text = "network,activation,initializer,seed,epoch,training_loss\n";
    for_each_group(plans, [&](std::size_t plan, std::size_t activation, std::size_t init) {
        const auto seeds = static_cast<std::size_t>(plans[plan].seeds);
        for (std::size_t seed = 0; seed < seeds; ++seed) {
            const Run& run = results[plan].at(activation, init, seed);
            const std::string name =
                group_name(plans[plan], activation, init) + std::to_string(seed + 1) + ',';
            for (std::size_t epoch = 0; epoch < run.loss.size(); ++epoch)
                text += name + std::to_string(epoch) + ',' + fixed(run.loss[epoch], 6) + '\n';
        }
    });
    return text;
}

std::string bands_csv(const std::vector<Plan>& plans, const std::vector<Results>& results) {
    std::string text =
        "network,activation,initializer,epoch,lower_quartile,median,upper_quartile\n";
    for_each_group(plans, [&](std::size_t plan, std::size_t activation, std::size_t init) {
        for (int epoch = 0; epoch <= plans[plan].epochs; ++epoch) {
            const Quartiles q = band(results[plan], activation, init, epoch);
            text += group_name(plans[plan], activation, init) + std::to_string(epoch) + ',' +
                    fixed(q.lower, 6) + ',' + fixed(q.median, 6) + ',' + fixed(q.upper, 6) + '\n';
        }
    });
    return text;
}

} // namespace churn
