// SPDX-License-Identifier: MIT
#ifndef CHURN_REPORT_HPP
#define CHURN_REPORT_HPP

#include "study.hpp"

#include <iomanip>
#include <iostream>
#include <numbers>

namespace churn {

/// The quartiles of a sample, linear between the two values next to the place.
struct Quartiles {
    double lower, median, upper;
};
inline Quartiles quartiles(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    const auto at = [&values](double share) {
        const double place = share * static_cast<double>(values.size() - 1);
        const auto index = static_cast<std::size_t>(place);
        const double rest = place - std::floor(place);
        // Infinite values are allowed, but infinity times 0 is not a number.
        if (rest == 0 || values[index] == values[index + 1]) return values[index];
        return values[index] + rest * (values[index + 1] - values[index]);
    };
    return {at(0.25), at(0.5), at(0.75)};
}

inline double mean(const std::vector<double>& values) {
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

/// The t between whose negative and itself Student's t stays with probability 0.95, by bisection of
/// Abramowitz and Stegun, Handbook of Mathematical Functions, 26.7.3 and 26.7.4.
inline double student_95(int degrees) {
    const bool odd = degrees % 2 == 1;
    double low = 1, high = 13;
    for (int i = 0; i < 50; ++i) {
        const double t = (low + high) / 2;
        const double angle = std::atan(t / std::sqrt(static_cast<double>(degrees)));
        double term = odd ? std::cos(angle) : 1, sum = degrees == 1 ? 0 : term;
        for (int k = odd ? 3 : 2; k < degrees; k += 2)
            sum += term *= std::cos(angle) * std::cos(angle) * (k - 1) / k;
        sum *= std::sin(angle);
        ((odd ? 2 / std::numbers::pi * (angle + sum) : sum) < 0.95 ? low : high) = t;
    }
    return high;
}

/// The mean of a[i] - b[i] and its 95 % interval. The pairs belong to one seed each, so what the
/// seed does to both drops out.
struct Difference {
    double mean, low, high;
};
inline Difference difference(std::vector<double> a, const std::vector<double>& b) {
    for (std::size_t i = 0; i < a.size(); ++i) a[i] = a[i] == b[i] ? 0 : a[i] - b[i];
    const double center = mean(a);
    if (std::isinf(center)) return {center, center, center};
    double squares = 0;
    for (const double d : a) squares += (d - center) * (d - center);
    const auto n = static_cast<double>(a.size());
    const double half =
        student_95(static_cast<int>(a.size()) - 1) * std::sqrt(squares / (n - 1) / n);
    return {center, center - half, center + half};
}

/// The first epoch after which the loss is at most the target, or infinity.
inline double epochs_to(double target, const std::vector<double>& loss) {
    const auto reached =
        std::find_if(loss.begin(), loss.end(), [&](double x) { return x <= target; });
    return reached == loss.end() ? std::numeric_limits<double>::infinity()
                                 : static_cast<double>(reached - loss.begin());
}

inline std::string fixed(double value, int digits) {
    std::ostringstream out;
    out.imbue(std::locale::classic());
    out << std::fixed << std::setprecision(digits) << value;
    return out.str();
}

/// "0.3346 [0.3310, 0.3392]", with a word for what is infinite.
inline std::string cell(const Quartiles& q, int digits, const std::string& infinite) {
    const auto text = [&](double x) { return std::isinf(x) ? infinite : fixed(x, digits); };
    if (std::isinf(q.lower)) return infinite;
    return text(q.median) + " [" + text(q.lower) + ", " + text(q.upper) + "]";
}

inline std::vector<double> over_seeds(const std::vector<Run>& runs, const auto& value) {
    std::vector<double> values;
    for (const Run& run : runs) values.push_back(value(run));
    return values;
}

inline constexpr int fewest_to_rank = 5;

/// Prints the table of a plan, the best initializers per activation and what they gain.
inline void print_report(const Plan& plan, const Results& results, double entropy, double target) {
    const auto final_loss = [](const Run& run) { return run.loss.back(); };
    const auto accuracy = [](const Run& run) { return run.test_accuracy; };
    const auto epochs = [&](const Run& run) { return epochs_to(target, run.loss); };
    std::ostringstream to_target;
    to_target << "epochs to " << target;
    std::cout << "each cell: median [lower quartile, upper quartile] over the seeds\n\n"
              << std::left;
    const auto row = [](const auto& activation, const auto& initializer, const std::string& loss,
                        const std::string& to, const char* right) {
        std::cout << std::setw(11) << activation << std::setw(15) << initializer << std::setw(26)
                  << loss << std::setw(18) << to << right << '\n';
    };
    row("hidden", "initializer", "training loss", to_target.str(), "test accuracy");
    for (std::size_t a = 0; a < activations.size(); ++a)
        for (std::size_t i = 0; i < initializers.size(); ++i) {
            const auto of = [&](const auto& value) {
                return quartiles(over_seeds(results[a][i], value));
            };
            row(i == 0 ? activations[a] : "", initializers[i], cell(of(final_loss), 4, "diverged"),
                cell(of(epochs), 0, "never"), cell(of(accuracy), 4, "").c_str());
        }

    constexpr double learned_least = 0.005;
    const auto listed = [&](std::size_t a, const auto& chosen) {
        std::string names;
        for (std::size_t i = 0; i < initializers.size(); ++i)
            if (chosen(results[a][i]))
                names += (names.empty() ? "" : ", ") + std::string(initializers[i]);
        return names;
    };
    const auto learned = [&](const std::vector<Run>& runs) {
        return quartiles(over_seeds(runs, final_loss)).median <= entropy - learned_least;
    };
    std::cout << "\nLearned nothing (median loss above " << fixed(entropy - learned_least, 4)
              << ", which is the entropy " << fixed(entropy, 4) << " less " << learned_least
              << "):\n";
    for (std::size_t a = 0; a < activations.size(); ++a) {
        const std::string names = listed(a, [&](const auto& runs) { return !learned(runs); });
        std::cout << "  " << std::setw(11) << activations[a] << (names.empty() ? "none" : names)
                  << '\n';
    }
    if (plan.seeds < fewest_to_rank) {
        std::cout << "\nNot ranked: too few seeds to tell rules apart; give " << fewest_to_rank
                  << " or more.\n";
        return;
    }

    // "HeNormal (tied: HeUniform)": the least mean, and those that the seeds do not separate from
    // it.
    const auto best = [&](std::size_t a, double sign, const auto& value) {
        const auto sample = [&](const std::vector<Run>& runs) {
            return over_seeds(runs, [&](const Run& run) { return sign * value(run); });
        };
        const auto& all = results[a];
        const auto leader =
            std::min_element(all.begin(), all.end(), [&](const auto& x, const auto& y) {
                return mean(sample(x)) < mean(sample(y));
            });
        const std::string tied = listed(a, [&](const std::vector<Run>& runs) {
            const Difference d = difference(sample(runs), sample(*leader));
            return &runs != &*leader && d.low <= 0 && d.high >= 0;
        });
        return initializers[static_cast<std::size_t>(leader - all.begin())] +
               (tied.empty() ? "" : " (tied: " + tied + ")");
    };
    std::cout << "\nBest initializer by the mean over the seeds; tied are those whose paired "
                 "difference\nto it has a 95 % interval that holds 0:\n";
    for (std::size_t a = 0; a < activations.size(); ++a) {
        std::cout << "  " << std::setw(11) << activations[a];
        if (std::any_of(results[a].begin(), results[a].end(), learned))
            std::cout << "loss      " << best(a, 1, final_loss) << "\n             accuracy  "
                      << best(a, -1, accuracy) << '\n';
        else
            std::cout << "none: nothing was learned\n";
    }
    std::cout
        << "\nTest accuracy under ReLU, less that of equal weights with the same seed, mean:\n";
    for (const std::size_t i : {5U, 6U}) {
        const Difference gain =
            difference(over_seeds(results[2][i], accuracy), over_seeds(results[2][1], accuracy));
        std::cout << "  " << std::setw(11) << initializers[i] << fixed(gain.mean, 4)
                  << ", 95 % interval " << fixed(gain.low, 4) << " to " << fixed(gain.high, 4)
                  << '\n';
    }
}

} // namespace churn

#endif
