// SPDX-License-Identifier: MIT
// One convolution in the layouts of four programs. A weight belongs to its channels and its place
// in the kernel, not to its place in memory: all of them hold the same weights.
#include <nninit/nninit.hpp>
#include <nninit/tensor.hpp>

#include <iostream>

constexpr Eigen::Index in = 16, out = 32, height = 3, width = 5;
using RowMajor = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Tensor = Eigen::Tensor<float, 4, Eigen::RowMajor>;

int main() {
    const nninit::Philox rng(42);
    const nninit::Conv layer{.in = in, .out = out, .kernel = {height, width}};

    // A matrix of output channels x (input channels, kernel), as a program on im2col has it.
    Eigen::MatrixXf matrix(out, in * height * width);
    nninit::HeNormal{}(matrix, rng.stream("conv.weight"), layer);

    // PyTorch's memory, OIHW: that matrix, row by row.
    std::vector<float> memory(static_cast<std::size_t>(matrix.size()));
    Eigen::Map<RowMajor> map(memory.data(), matrix.rows(), matrix.cols());
    nninit::HeNormal{}(map, rng.stream("conv.weight"), layer);

    // The same memory as a tensor; Keras' and JAX's HWIO; MLX's OHWI.
    Tensor oihw(out, in, height, width), hwio(height, width, in, out), ohwi(out, height, width, in);
    nninit::fill(nninit::HeNormal{}, oihw, rng.stream("conv.weight"), "OIHW");
    nninit::fill(nninit::HeNormal{}, hwio, rng.stream("conv.weight"), "HWIO");
    nninit::fill(nninit::HeNormal{}, ohwi, rng.stream("conv.weight"), "OHWI");

    bool same = map == matrix && Eigen::Map<RowMajor>(oihw.data(), map.rows(), map.cols()) == map;
    for (Eigen::Index o = 0; o < out; ++o)
        for (Eigen::Index i = 0; i < in; ++i)
            for (Eigen::Index h = 0; h < height; ++h)
                for (Eigen::Index w = 0; w < width; ++w)
                    same = same && hwio(h, w, i, o) == oihw(o, i, h, w) &&
                           ohwi(o, h, w, i) == oihw(o, i, h, w);

    std::cout << nninit::Fans(layer) << ", " << nninit::describe(matrix) << '\n'
              << "weight of output 7, input 3, row 2, column 4:\n"
              << "  matrix " << matrix(7, (3 * height + 2) * width + 4) << "\n  OIHW   "
              << oihw(7, 3, 2, 4) << "\n  HWIO   " << hwio(2, 4, 3, 7) << "\n  OHWI   "
              << ohwi(7, 2, 4, 3) << '\n'
              << "all " << matrix.size() << (same ? " are the same\n" : " are NOT the same\n");
    return same ? 0 : 1;
}
