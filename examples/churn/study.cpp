// SPDX-License-Identifier: MIT
#include "study.hpp"

#include "network.hpp"

#include <atomic>
#include <cmath>
#include <future>
#include <limits>
#include <memory>
#include <mutex>
#include <numeric>
#include <variant>

namespace churn {

namespace {

using Rule =
    std::variant<nninit::Zeros, nninit::Constant, nninit::RandomUniform, nninit::GlorotNormal,
                 nninit::GlorotUniform, nninit::HeNormal, nninit::HeUniform>;

// The rules in the order of `initializers`. He's variance depends on the slope for negative inputs.
std::array<Rule, initializers.size()> rules(double negative_slope) {
    return {nninit::Zeros{},
            nninit::Constant{.value = equal_weight},
            nninit::RandomUniform{},
            nninit::GlorotNormal{},
            nninit::GlorotUniform{},
            nninit::HeNormal{.negative_slope = negative_slope},
            nninit::HeUniform{.negative_slope = negative_slope}};
}

// The mean cross-entropy and the accuracy of a network on some batches.
struct Score {
    double loss = 0.0;
    double accuracy = 0.0;
};

Score evaluate(auto& network, const std::vector<Batch>& batches, Eigen::Index rows) {
    Score score;
    for (const Batch& batch : batches) {
        const BatchColumn logit = network.forward(batch);
        const auto real = (batch.share > 0.0F).template cast<float>();
        score.loss += static_cast<double>((cross_entropy(logit, batch.exited) * real).sum());
        const auto right = (logit > 0.0F) == (batch.exited > 0.5F);
        score.accuracy += static_cast<double>((right.template cast<float>() * real).sum());
    }
    score.loss /= static_cast<double>(rows);
    score.accuracy /= static_cast<double>(rows);
    if (!std::isfinite(score.loss)) score.loss = std::numeric_limits<double>::infinity();
    return score;
}

template <class Network>
Run train_one(const Rule& rule, auto optimizer, int seed, int epochs, const Split& split) {
    const nninit::Philox rng(static_cast<std::uint64_t>(seed));
    // On the heap: the stacks of threads are small on some systems.
    const auto network = std::make_unique<Network>();
    const auto gradient = std::make_unique<typename Network::Parameters>();
    std::visit([&](const auto& chosen) { network->initialize(chosen, rng); }, rule);

    Run run;
    run.loss.push_back(evaluate(*network, split.training, split.inputs.rows()).loss);
    // Its own stream, so that all rules see the customers in the same order.
    nninit::Philox order_rng = rng.stream("order");
    std::vector<Eigen::Index> order(static_cast<std::size_t>(split.inputs.rows()));
    std::iota(order.begin(), order.end(), Eigen::Index{0});
    for (int epoch = 0; epoch < epochs; ++epoch) {
        shuffle(order, order_rng);
        for (std::size_t begin = 0; begin < order.size(); begin += batch_rows) {
            network->gradient(gather(split.inputs, split.exited, order, begin), *gradient);
            optimizer.step(network->parameters, *gradient);
        }
        run.loss.push_back(evaluate(*network, split.training, split.inputs.rows()).loss);
    }
    run.test_accuracy = evaluate(*network, split.test, split.test_rows).accuracy;
    return run;
}

template <class Activation>
Run train_one(bool deep, const Rule& rule, int seed, int epochs, const Split& split) {
    if (deep) {
        using Deep = Network<32, 10, Activation>;
        return train_one<Deep>(rule, Sgd<typename Deep::Parameters>{.learning_rate = 0.05F}, seed,
                               epochs, split);
    }
    using Small = Network<6, 2, Activation>;
    return train_one<Small>(rule, Adam<typename Small::Parameters>{}, seed, epochs, split);
}

Run train_one(bool deep, std::size_t activation, std::size_t initializer, int seed, int epochs,
              const Split& split) {
    constexpr std::array trainers{train_one<Sigmoid>, train_one<Tanh>, train_one<Relu>,
                                  train_one<LeakyRelu>};
    static_assert(trainers.size() == activations.size());
    constexpr std::array<double, activations.size()> slopes{0.0, 0.0, 0.0,
                                                            static_cast<double>(leaky_slope)};
    return trainers[activation](deep, rules(slopes[activation])[initializer], seed, epochs, split);
}

} // namespace

std::vector<Results> train(const std::vector<Plan>& plans, const Split& split, int threads,
                           const std::function<void(double)>& progress) {
    struct Job {
        std::size_t plan, activation, initializer, seed;
        double work;
    };
    std::vector<Results> results;
    std::vector<Job> jobs;
    double all_work = 0.0;
    for (std::size_t plan = 0; plan < plans.size(); ++plan) {
        results.emplace_back(plans[plan]);
        // A deep epoch takes some 30 times as long as a small one.
        const double work = plans[plan].epochs * (plans[plan].deep ? 30.0 : 1.0);
        for (std::size_t seed = 0; seed < static_cast<std::size_t>(plans[plan].seeds); ++seed)
            for (std::size_t activation = 0; activation < activations.size(); ++activation)
                for (std::size_t init = 0; init < initializers.size(); ++init) {
                    jobs.push_back({plan, activation, init, seed, work});
                    all_work += work;
                }
    }

    std::atomic<std::size_t> next{0};
    std::mutex mutex;
    double work_done = 0.0;
    const auto worker = [&] {
        for (std::size_t i = next++; i < jobs.size(); i = next++) {
            const Job& job = jobs[i];
            const Plan& plan = plans[job.plan];
            results[job.plan].at(job.activation, job.initializer, job.seed) =
                train_one(plan.deep, job.activation, job.initializer,
                          static_cast<int>(job.seed) + 1, plan.epochs, split);
            const std::lock_guard lock(mutex);
            work_done += job.work;
            progress(work_done / all_work);
        }
    };
    // A future hands on what a thread throws.
    std::vector<std::future<void>> workers;
    for (int i = 0; i < threads; ++i) workers.push_back(std::async(std::launch::async, worker));
    for (auto& running : workers) running.get();
    return results;
}

} // namespace churn
