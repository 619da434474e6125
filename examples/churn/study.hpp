// SPDX-License-Identifier: MIT
#ifndef CHURN_STUDY_HPP
#define CHURN_STUDY_HPP

#include "table.hpp"

#include <array>
#include <functional>
#include <string>
#include <vector>

namespace churn {

/// The hidden activations and the initializers that are compared, in the order of the report.
inline constexpr std::array<const char*, 4> activations{"sigmoid", "tanh", "ReLU", "LeakyReLU"};
inline constexpr std::array<const char*, 7> initializers{
    "Zeros",         "equal weights", "RandomUniform", "GlorotNormal",
    "GlorotUniform", "HeNormal",      "HeUniform"};

/// The value of each weight under "equal weights".
inline constexpr double equal_weight = 0.1;

/// One network trained for all initializers, activations and seeds.
struct Plan {
    std::string name;          ///< "small" or "deep", as in the files
    std::string description;   ///< for the report
    std::string picture_title; ///< for the picture
    bool deep = false;
    int seeds = 0; ///< 1, 2, ..., seeds
    int epochs = 0;
};

/// What came out of one training.
struct Run {
    std::vector<double> loss; ///< mean cross-entropy of the training rows before and after epoch 1,
                              ///< 2, ...; infinite once it is no finite number
    double test_accuracy = 0.0;
};

/// All runs of a plan.
class Results {
public:
    explicit Results(const Plan& plan)
        : seeds_(static_cast<std::size_t>(plan.seeds)),
          runs_(activations.size() * initializers.size() * seeds_) {}

    Run& at(std::size_t activation, std::size_t initializer, std::size_t seed) {
        return runs_[(activation * initializers.size() + initializer) * seeds_ + seed];
    }
    const Run& at(std::size_t activation, std::size_t initializer, std::size_t seed) const {
        return runs_[(activation * initializers.size() + initializer) * seeds_ + seed];
    }

    /// value(run) of every seed, in the order of the seeds.
    std::vector<double> over_seeds(std::size_t activation, std::size_t initializer,
                                   const auto& value) const {
        std::vector<double> values;
        for (std::size_t seed = 0; seed < seeds_; ++seed)
            values.push_back(value(at(activation, initializer, seed)));
        return values;
    }

private:
    std::size_t seeds_;
    std::vector<Run> runs_;
};

/// Trains everything with so many threads. A run depends on its seed alone, so the results are the
/// same for any number of threads.
/// \param progress called now and then, by one thread at a time, with the share of work done
std::vector<Results> train(const std::vector<Plan>& plans, const Split& split, int threads,
                           const std::function<void(double)>& progress);

} // namespace churn

#endif
