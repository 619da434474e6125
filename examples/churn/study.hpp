// SPDX-License-Identifier: MIT
#ifndef CHURN_STUDY_HPP
#define CHURN_STUDY_HPP

#include "table.hpp"

#include <atomic>
#include <future>
#include <limits>
#include <memory>

namespace churn {

/// The hidden activations and the initializers that are compared, in the order of the report.
inline constexpr std::array activations{"sigmoid", "tanh", "ReLU", "LeakyReLU"};
inline constexpr std::array initializers{"Zeros",        "equal weights", "RandomUniform",
                                         "GlorotNormal", "GlorotUniform", "HeNormal",
                                         "HeUniform"};
inline constexpr double equal_weight = 0.1;

/// He's variance depends on the slope for negative inputs.
inline nninit::Initializer rule(std::size_t initializer, double negative_slope) {
    const std::array<nninit::Initializer, initializers.size()> rules{
        {{nninit::Zeros{}},
         {nninit::Constant{.value = equal_weight}},
         {nninit::RandomUniform{}},
         {nninit::GlorotNormal{}},
         {nninit::GlorotUniform{}},
         {nninit::HeNormal{.negative_slope = negative_slope}},
         {nninit::HeUniform{.negative_slope = negative_slope}}}};
    return rules[initializer];
}

/// A network, trained with seeds 1, 2, ..., seeds.
struct Plan {
    const char* name;
    const char* description;
    bool deep;
    int seeds, epochs;
};

struct Run {
    /// Mean cross-entropy of the training rows before and after epoch 1, 2, ...; infinite once it
    /// is no finite number.
    std::vector<double> loss;
    double test_accuracy = 0;
};

/// By activation, initializer and seed.
using Results = std::array<std::array<std::vector<Run>, initializers.size()>, activations.size()>;

/// The mean cross-entropy and the accuracy of a network.
inline std::pair<double, double> evaluate(auto& network, const Part& part) {
    double loss = 0, right = 0;
    for (const Batch& batch : part.batches) {
        const BatchColumn logit = network.forward(batch);
        const auto real = (batch.share > 0.0F).template cast<float>();
        loss += static_cast<double>((cross_entropy(logit, batch.exited) * real).sum());
        const auto is_right = (logit > 0.0F) == (batch.exited > 0.5F);
        right += static_cast<double>((is_right.template cast<float>() * real).sum());
    }
    const auto rows = static_cast<double>(part.inputs.rows());
    loss /= rows;
    return {std::isfinite(loss) ? loss : std::numeric_limits<double>::infinity(), right / rows};
}

template <class Network>
Run train(const nninit::Initializer& rule, auto optimizer, int seed, int epochs,
          const Split& split) {
    const nninit::Philox rng(seed);
    // On the heap: the stacks of threads are small on some systems.
    const auto network = std::make_unique<Network>();
    const auto gradient = std::make_unique<typename Network::Parameters>();
    network->initialize(rule, rng);

    Run run{.loss = {evaluate(*network, split.training).first}};
    // Its own stream, so that all rules see the customers in the same order.
    nninit::Philox order_rng = rng.stream("order");
    std::vector<Eigen::Index> order =
        in_order(static_cast<std::size_t>(split.training.exited.size()));
    for (int epoch = 0; epoch < epochs; ++epoch) {
        shuffle(order, order_rng);
        for (std::size_t begin = 0; begin < order.size(); begin += batch_rows) {
            network->gradient(split.training.gather(order, begin), *gradient);
            optimizer.step(network->parameters, *gradient);
        }
        run.loss.push_back(evaluate(*network, split.training).first);
    }
    run.test_accuracy = evaluate(*network, split.test).second;
    return run;
}

template <class Activation>
Run train(const Plan& plan, std::size_t initializer, int seed, const Split& split) {
    const nninit::Initializer chosen = rule(initializer, Activation::negative_slope);
    using Deep = Network<32, 10, Activation>;
    using Small = Network<6, 2, Activation>;
    return plan.deep
               ? train<Deep>(chosen, Sgd<typename Deep::Parameters>{}, seed, plan.epochs, split)
               : train<Small>(chosen, Adam<typename Small::Parameters>{}, seed, plan.epochs, split);
}

/// Trains everything with so many threads. A run depends on its seed alone, so the results are the
/// same for any number of threads.
inline Results train_all(const Plan& plan, const Split& split, int threads) {
    constexpr std::array trainers{train<Sigmoid>, train<Tanh>, train<Relu>, train<LeakyRelu>};
    const auto seeds = static_cast<std::size_t>(plan.seeds);
    Results results;
    for (auto& of_activation : results) of_activation.fill(std::vector<Run>(seeds));
    std::atomic<std::size_t> next{0};
    const auto work = [&] {
        for (std::size_t i = next++; i < 28 * seeds; i = next++) {
            const std::size_t activation = i / 7 % 4, initializer = i % 7, seed = i / 28;
            results[activation][initializer][seed] =
                trainers[activation](plan, initializer, static_cast<int>(seed) + 1, split);
        }
    };
    std::vector<std::future<void>> workers; // which hand on what a thread throws
    for (int i = 0; i < threads; ++i) workers.push_back(std::async(std::launch::async, work));
    for (auto& worker : workers) worker.get();
    return results;
}

} // namespace churn

#endif
