// SPDX-License-Identifier: MIT
// digits digits.conf: trains a small convolutional network to read digits, drawn here or MNIST's.
// Each parameter is filled from the stream of its name, by the rule that a file of patterns over
// names chooses. A run that was interrupted goes on from its checkpoint to the same bits.

#include "checkpoint.hpp"
#include "data.hpp"
#include "network.hpp"

#include <CLI/CLI.hpp>
#include <nninit/scheme.hpp>

#include <cstdio>
#include <iostream>
#include <numeric>

namespace {

using namespace digits;

unsigned long long hash_of(const float* data, Index size) {
    return hash(
        {reinterpret_cast<const char*>(data), static_cast<std::size_t>(size) * sizeof(float)});
}

/// Fills each parameter and prints a hash of it. Whether a rule suits a layer shows only here.
void initialize(const Network& network, nninit::Scheme scheme, const nninit::Philox& rng,
                Eigen::VectorXf& weights) {
    for (const Layer& layer : network.layers) {
        const nninit::Conv conv{.in = layer.in,
                                .out = layer.out,
                                .kernel = {layer.kernel, layer.kernel},
                                .stride = {layer.stride, layer.stride}};
        const nninit::Dense dense{.in = layer.inputs(), .out = layer.out};
        const auto fill = [&](const std::string& name, Weights target) {
            if (layer.dense())
                scheme(name, target, rng, dense);
            else
                scheme(name, target, rng, conv);
            std::printf("%-12s %3td x %-3td hash %016llx %s\n", name.c_str(), target.rows(),
                        target.cols(), hash_of(target.data(), target.size()),
                        nninit::to_string(scheme.at(name)).c_str());
        };
        fill(layer.name + ".weight", layer.weight(weights));
        fill(layer.name + ".bias", layer.bias(weights));
    }
}

constexpr Index batch_size = 32;

struct Batch {
    Planes planes;
    std::vector<Index> labels;

    /// The images order[first], order[first + 1] and so on.
    Batch(const Images& images, const std::vector<Index>& order, Index first) {
        const Index count = std::min(batch_size, images.size() - first);
        const Index size = images.side * images.side;
        planes.resize(1, count * size);
        for (Index i = 0; i < count; ++i) {
            const Index image = order[static_cast<std::size_t>(first + i)];
            labels.push_back(images.labels[static_cast<std::size_t>(image)]);
            for (Index pixel = 0; pixel < size; ++pixel) {
                const char byte = images.pixels[static_cast<std::size_t>(image * size + pixel)];
                planes(i * size + pixel) = static_cast<unsigned char>(byte) / 255.0F;
            }
        }
    }
};

std::vector<Index> in_order(Index count) {
    std::vector<Index> order(static_cast<std::size_t>(count));
    std::iota(order.begin(), order.end(), 0);
    return order;
}

/// One epoch of SGD with momentum. \return the mean loss
double train(Network& network, const Images& images, State& state) {
    // From the same order each time, so that the engine is all that a checkpoint needs of it.
    std::vector<Index> order = in_order(images.size());
    for (std::size_t i = order.size(); i > 1; --i)
        std::swap(order[i - 1], order[std::uint64_t{state.shuffle()} * i >> 32]);
    const float rate = 0.03F / static_cast<float>(1 + state.epoch);
    Eigen::VectorXf gradient(state.weights.size());
    double sum = 0;
    for (Index first = 0; first < images.size(); first += batch_size) {
        const Batch batch(images, order, first);
        sum += network.loss(batch.planes, batch.labels, state.weights, gradient);
        state.velocity = 0.9F * state.velocity - rate * gradient;
        state.weights += state.velocity;
    }
    ++state.epoch;
    return sum / static_cast<double>(images.size());
}

double accuracy(Network& network, const Images& images, Eigen::VectorXf& weights) {
    const std::vector<Index> order = in_order(images.size());
    Index right = 0;
    for (Index first = 0; first < images.size(); first += batch_size) {
        const Batch batch(images, order, first);
        const Planes scores = network.scores(batch.planes, weights);
        for (Index i = 0; i < scores.cols(); ++i) {
            Index answer = 0;
            scores.col(i).maxCoeff(&answer);
            right += answer == batch.labels[static_cast<std::size_t>(i)];
        }
    }
    return static_cast<double>(right) / static_cast<double>(images.size());
}

} // namespace

int main(int argc, char** argv) {
    CLI::App app("Trains a small network to read digits, its weights filled as a file says.");
    std::string config_path, directory, checkpoint;
    Index count = 20'000;
    int epochs = 3;
    bool resume = false, extra = false;
    app.add_option("config", config_path, "lines `pattern = initializer`")->required();
    auto* data = app.add_option("directory", directory,
                                "MNIST's four files, not compressed; else digits are drawn");
    auto* images_option = app.add_option("--images", count, "how many to draw for training");
    images_option->capture_default_str()->check(CLI::Range(1, 1'000'000))->excludes(data);
    auto* epochs_option = app.add_option("--epochs", epochs, "0: only show the initial weights");
    epochs_option->capture_default_str()->check(CLI::Range(0, 1'000'000));
    auto* file = app.add_option("--checkpoint", checkpoint, "file to write after each epoch");
    app.add_flag("--resume", resume, "go on from the checkpoint")->needs(file);
    app.add_flag("--extra-layer", extra, "one layer more, before the last");
    CLI11_PARSE(app, argc, argv);
    try {
        Eigen::setNbThreads(1);
        const nninit::Philox rng(42);
        const nninit::Scheme scheme = nninit::Scheme::read(read_file(config_path));
        const bool draws = directory.empty();
        const Images images =
            draws ? drawn(count, rng.stream("train")) : read_images(directory, "train");
        const Images test =
            draws ? drawn(4000, rng.stream("test")) : read_images(directory, "t10k");
        if (test.side != images.side)
            fail(directory, "the images to test on have another size than those to train on");
        std::printf("%td images of %td x %td to train on, %td to test on\n", images.size(),
                    images.side, images.side, test.size());

        Network network(images.side, extra);
        const Index size = network.layers.back().end();
        State state{.weights = Eigen::VectorXf(size),
                    .velocity = Eigen::VectorXf::Zero(size),
                    .shuffle = rng.stream("shuffle")};
        initialize(network, scheme, rng, state.weights);

        const std::string run = std::to_string(size) + " weights, images of hash " +
                                std::to_string(hash(images.pixels + images.labels));
        if (resume) {
            load(checkpoint, run, state);
            std::printf("%s: going on after epoch %d\n", checkpoint.c_str(), state.epoch);
        }
        for (;;) {
            // Also before the first epoch, so that a path that cannot be written is known early.
            if (!checkpoint.empty()) save(checkpoint, run, state);
            if (state.epoch >= epochs) break;
            const double loss = train(network, images, state);
            std::printf("epoch %d: training loss %.4f, test accuracy %.4f\n", state.epoch, loss,
                        accuracy(network, test, state.weights));
            std::fflush(stdout);
        }
        std::printf("all weights: hash %016llx\n", hash_of(state.weights.data(), size));
    } catch (const std::exception& error) {
        std::fflush(stdout);
        // The library's own: it knows of no file.
        if (dynamic_cast<const std::invalid_argument*>(&error)) std::cerr << config_path << ": ";
        std::cerr << error.what() << '\n';
        return 1;
    }
}
