// SPDX-License-Identifier: MIT
#ifndef DIGITS_NETWORK_HPP
#define DIGITS_NETWORK_HPP

#include <Eigen/Core>

#include <cmath>
#include <string>
#include <vector>

namespace digits {

using Eigen::Index;
using Weights = Eigen::Map<Eigen::MatrixXf>;

/// A batch of square images: a row for each channel, which holds one image after another.
using Planes = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// A convolution without padding, and ReLU. A kernel as large as the image makes a dense layer.
struct Layer {
    std::string name;
    Index in, side, out, kernel, stride;
    bool relu;
    Index first; // of its weights in the vector of all; the biases follow

    // What forward() keeps for backward().
    Index images = 0;
    Planes columns{}; // for each place of the kernel, the pixels under it
    Planes output{};

    bool dense() const { return kernel == side; }
    Index inputs() const { return in * kernel * kernel; }
    Index out_side() const { return (side - kernel) / stride + 1; }
    Index end() const { return first + out * (inputs() + 1); }

    /// out x (in * kernel * kernel), taps row by row: the order of nninit's convolutions.
    Weights weight(Eigen::VectorXf& all) const { return {all.data() + first, out, inputs()}; }
    Weights bias(Eigen::VectorXf& all) const { return {all.data() + end() - out, out, 1}; }

    const Planes& forward(const Planes& input, Eigen::VectorXf& weights) {
        images = input.cols() / (side * side);
        columns.resize(inputs(), images * out_side() * out_side());
        each_line([&](auto row, auto at, auto channel, auto under) {
            columns.row(row).segment(at, out_side()) = input.row(channel)(under);
        });
        output.noalias() = weight(weights) * columns;
        output.colwise() += bias(weights).col(0);
        if (relu) output = output.cwiseMax(0.0F);
        return output;
    }

    /// Takes the derivatives by the output, sets the layer's part of `gradient` and returns the
    /// derivatives by the input.
    Planes backward(Planes error, Eigen::VectorXf& weights, Eigen::VectorXf& gradient) const {
        if (relu) error.array() *= (output.array() > 0).cast<float>();
        weight(gradient).noalias() = error * columns.transpose();
        bias(gradient) = error.rowwise().sum();
        const Planes by_columns = weight(weights).transpose() * error;
        Planes by_input = Planes::Zero(in, images * side * side);
        each_line([&](auto row, auto at, auto channel, auto under) {
            by_input.row(channel)(under) += by_columns.row(row).segment(at, out_side());
        });
        return by_input;
    }

    /// For each weight of an output channel and each line of output pixels: these stand in columns
    /// from (row, at) on, and the input pixels under the weight are (channel, under).
    void each_line(const auto& visit) const {
        for (Index row = 0; row < inputs(); ++row) {
            const Index down = row / kernel % kernel, across = row % kernel;
            for (Index line = 0; line < images * out_side(); ++line) {
                const Index y = line % out_side() * stride + down;
                visit(row, line * out_side(), row / (kernel * kernel),
                      Eigen::seqN((line / out_side() * side + y) * side + across, out_side(),
                                  stride));
            }
        }
    }
};

/// Two convolutions, perhaps a dense layer "extra" that keeps the number of features, and a dense
/// one. All weights lie in one vector, which is the caller's.
class Network {
public:
    std::vector<Layer> layers;

    Network(Index side, bool extra) {
        Index channels = 1, size = 0;
        const auto add = [&](const char* name, Index out, Index kernel, Index stride, bool relu) {
            layers.push_back({name, channels, side, out, kernel, stride, relu, size});
            channels = out;
            side = layers.back().out_side();
            size = layers.back().end();
        };
        add("conv1", 16, 5, 2, true);
        add("conv2", 32, 3, 2, true);
        if (extra) add("extra", channels * side * side, side, 1, true);
        add("fc", 10, side, 1, false);
    }

    /// 10 x images.
    Planes scores(const Planes& images, Eigen::VectorXf& weights) {
        Planes result = images;
        for (Layer& layer : layers) result = layer.forward(result, weights);
        return result;
    }

    /// The sum of the images' cross-entropies, and the gradient of their mean.
    double loss(const Planes& images, const std::vector<Index>& labels, Eigen::VectorXf& weights,
                Eigen::VectorXf& gradient) {
        Planes error = scores(images, weights);
        error.rowwise() -= error.colwise().maxCoeff().eval();
        error = error.array().exp();
        error.array().rowwise() /= error.colwise().sum().array().eval();
        double sum = 0;
        for (Index i = 0; i < error.cols(); ++i) {
            float& probability = error(labels[static_cast<std::size_t>(i)], i);
            sum -= std::log(static_cast<double>(probability) + 1e-30);
            probability -= 1;
        }
        error /= static_cast<float>(error.cols());
        for (std::size_t i = layers.size(); i-- > 0;)
            error = layers[i].backward(std::move(error), weights, gradient);
        return sum;
    }
};

} // namespace digits

#endif
