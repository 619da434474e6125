// SPDX-License-Identifier: MIT
// signal [directory]: what weights do to a deep network before any training. Inputs go forward
// through 50 dense layers and gradients come back, for every activation and rule; the mean squares
// go to a table and to signal.csv. gallery.csv has the histograms of rules beside their exact
// densities. signal.gnuplot draws both.

#include "gallery.hpp"
#include "network.hpp"

#include <array>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <string_view>

namespace {

using namespace signal_study;
using nninit::Activation;

struct NamedActivation {
    const char* name;
    Activation activation;
};
constexpr auto activations = std::to_array<NamedActivation>({{"linear", Activation::linear},
                                                             {"sigmoid", Activation::sigmoid},
                                                             {"tanh", Activation::tanh},
                                                             {"relu", Activation::relu},
                                                             {"leaky_relu", Activation::leaky_relu},
                                                             {"selu", Activation::selu},
                                                             {"gelu", Activation::gelu},
                                                             {"silu", Activation::silu}});

struct NamedRule {
    const char* name;
    nninit::Initializer rule;
};

/// In these layers fan_in = fan_out, so that LeCunNormal is GlorotNormal.
std::vector<NamedRule> rules(Activation activation) {
    const double gain = nninit::gain(activation);
    const double negative_slope = activation == Activation::leaky_relu ? 0.01 : 0;
    return {{"equal weights 0.1", {nninit::Constant{0.1}}},
            {"Normal 0.01", {nninit::Normal{.stddev = 0.01}}},
            {"Normal 0.2", {nninit::Normal{.stddev = 0.2}}},
            {"RandomUniform", {nninit::RandomUniform{}}},
            {"GlorotUniform", {nninit::GlorotUniform{}}},
            {"GlorotNormal", {nninit::GlorotNormal{}}},
            {"HeNormal", {nninit::HeNormal{.negative_slope = negative_slope}}},
            {"GlorotNormal x gain", {nninit::GlorotNormal{.gain = gain}}},
            {"Orthogonal x gain", {nninit::Orthogonal{.gain = gain}}}};
}

struct Result {
    NamedActivation activation;
    std::string rule;
    std::vector<Signal> signals;
};

std::vector<Result> study() {
    const nninit::Philox rng(42);
    std::vector<Result> results;
    for (const NamedActivation& a : activations)
        for (const NamedRule& r : rules(a.activation))
            results.push_back({a, r.name, propagate(r.rule, a.activation, rng)});
    return results;
}

void print(const char* title, const std::vector<Result>& results, std::size_t layer,
           double Signal::*value) {
    std::printf("\n%s\n%-20s", title, "");
    for (const NamedActivation& a : activations) std::printf(" %10s", a.name);
    const std::size_t columns = activations.size(), rows = results.size() / columns;
    for (std::size_t row = 0; row < rows; ++row) {
        std::printf("\n%-20s", results[row].rule.c_str());
        for (std::size_t column = 0; column < columns; ++column)
            std::printf(" %10.1e", results[column * rows + row].signals[layer].*value);
    }
    std::puts("");
}

void write(const char* file, const std::function<void(std::ostream&)>& content) {
    std::ofstream out(file, std::ios::binary);
    out.precision(15);
    content(out);
    out.close();
    if (!out) throw std::runtime_error(std::string(file) + " cannot be written");
}

void write_study(std::ostream& out, const std::vector<Result>& results) {
    out << "activation,rule,layer,activations,over_inputs,over_units,gradients,dead\n";
    for (const auto& [activation, rule, signals] : results)
        for (std::size_t layer = 0; layer < signals.size(); ++layer) {
            const Signal& s = signals[layer];
            out << activation.name << ',' << rule << ',' << layer << ',' << s.activations << ','
                << s.over_inputs << ',' << s.over_units << ',' << s.gradients << ',' << s.dead
                << '\n';
        }
}

void write_gallery(std::ostream& out) {
    out << "panel,x,count,density,exact\n";
    for (const Panel& panel : panels())
        for (const Bin& bin : histogram(panel, nninit::Philox(42)))
            out << panel.title << ',' << bin.centre << ',' << bin.count << ',' << bin.density << ','
                << panel.density(bin.centre) << '\n';
}

void run(const std::filesystem::path& directory) {
    std::filesystem::create_directories(directory);
    std::filesystem::current_path(directory);
    const std::vector<Result> results = study();
    write("signal.csv", [&](std::ostream& out) { write_study(out, results); });
    write("gallery.csv", write_gallery);

    std::puts(
        "50 dense layers of 256 units; inputs, and gradients at the end, are standard normal");
    print("Mean square of the activations of layer 50", results, depth, &Signal::activations);
    print("Variance of these over the inputs: what is left of their differences", results, depth,
          &Signal::over_inputs);
    print("Mean square of the gradient with respect to the input of layer 1", results, 0,
          &Signal::gradients);

    std::printf("\nsignal.csv and gallery.csv are in %s\n", directory.string().c_str());
    if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0)
        throw std::runtime_error("standard output cannot be written");
}

} // namespace

int main(int argc, char** argv) {
    if (argc > 2 || (argc == 2 && argv[1][0] == '-')) {
        const bool asked = argv[1] == std::string_view("--help");
        std::fputs("usage: signal [directory for its files, or signal-results]\n",
                   asked ? stdout : stderr);
        return asked ? 0 : 2;
    }
    try {
        run(argc == 2 ? argv[1] : "signal-results");
    } catch (const std::exception& error) {
        std::fprintf(stderr, "signal: %s\n", error.what());
        return 1;
    }
}
