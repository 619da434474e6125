// SPDX-License-Identifier: MIT
// PyTorch's own defaults for a libtorch module, but the same bits everywhere: each weight from the
// stream of its name, through a row-major Map over the parameter. Checks that they are those of an
// Eigen matrix of the same name and seed.
#include <nninit/nninit.hpp>

#include <iostream>
#include <string>
#include <torch/torch.h>

using RowMajor = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

// Output channels by everything else, as PyTorch keeps it.
Eigen::Map<RowMajor> map(torch::Tensor& parameter) {
    TORCH_CHECK(parameter.is_contiguous() && parameter.scalar_type() == torch::kFloat);
    const Eigen::Index rows = parameter.size(0);
    return {parameter.data_ptr<float>(), rows, parameter.numel() / rows};
}

int main() {
    torch::nn::Sequential net(torch::nn::Conv2d(torch::nn::Conv2dOptions(3, 16, 3).stride(2)),
                              torch::nn::ReLU(), torch::nn::Flatten(), torch::nn::Linear(144, 10));
    const nninit::Philox rng(42);
    for (const auto& module : net->named_modules("", false)) {
        nninit::Fans fans;
        if (const auto* conv = module.value()->as<torch::nn::Conv2d>())
            fans = nninit::Conv{
                .in = conv->options.in_channels(),
                .out = conv->options.out_channels(),
                .kernel = {conv->options.kernel_size()->at(0), conv->options.kernel_size()->at(1)},
                .groups = conv->options.groups()};
        else if (const auto* linear = module.value()->as<torch::nn::Linear>())
            fans = nninit::Dense{.in = linear->options.in_features(),
                                 .out = linear->options.out_features()};
        else
            continue;
        for (auto& parameter : module.value()->named_parameters()) {
            const std::string name = module.key() + "." + parameter.key();
            nninit::by_name("torch:linear")(map(parameter.value()), rng.stream(name), fans);
            std::cout << name << "  " << fans << "  " << nninit::describe(map(parameter.value()))
                      << '\n';
        }
    }

    auto parameters = net->named_parameters();
    const auto weight = nninit::make<Eigen::MatrixXf>(nninit::by_name("torch:linear"),
                                                      rng.stream("3.weight"), 10, 144);
    const auto kernel =
        nninit::make<Eigen::MatrixXf>(nninit::RandomUniform{}, rng.stream("0.weight"), 16, 27);
    const bool same =
        map(parameters["3.weight"]) == weight && map(parameters["0.weight"]) == kernel;
    std::cout << "as Eigen's: " << (same ? "yes" : "NO") << '\n';
    return same ? 0 : 1;
}
