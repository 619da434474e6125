// SPDX-License-Identifier: MIT
#ifndef CHURN_NETWORK_HPP
#define CHURN_NETWORK_HPP

#include <nninit/nninit.hpp>

#include <Eigen/Core>
#include <array>
#include <cmath>
#include <string>

namespace churn {

inline constexpr int input_count = 11;
inline constexpr int batch_rows = 32;

/// One value per customer of a batch.
using BatchColumn = Eigen::Array<float, batch_rows, 1>;

/// 32 customers, one in each row. A batch that has fewer is filled up with rows whose share is 0,
/// so that all sizes are known to the compiler.
struct Batch {
    Eigen::Matrix<float, batch_rows, input_count> inputs;
    BatchColumn exited; ///< 1 for a customer who left, else 0
    BatchColumn share;  ///< weight in the mean: 1 / (number of customers in the batch)
};

// A hidden activation f. slope(y) is f'(x), told from y = f(x); He is told the slope
// for negative x.

struct Sigmoid {
    static constexpr double negative_slope = 0;
    static auto value(const auto& x) { return x.logistic(); }
    static auto slope(const auto& y) { return y * (1.0F - y); }
};

struct Tanh {
    static constexpr double negative_slope = 0;
    static auto value(const auto& x) { return x.tanh(); }
    static auto slope(const auto& y) { return 1.0F - y.square(); }
};

struct Relu {
    static constexpr double negative_slope = 0;
    static auto value(const auto& x) { return x.max(0.0F); }
    static auto slope(const auto& y) { return (y > 0.0F).template cast<float>(); }
};

struct LeakyRelu {
    static constexpr double negative_slope = 0.01;
    static auto value(const auto& x) { return x.max(0.01F * x); }
    static auto slope(const auto& y) {
        return (y > 0.0F).template cast<float>() * (1.0F - 0.01F) + 0.01F;
    }
};

/// Binary cross-entropy of one customer or of many, from the logit z of leaving and the truth:
/// log(1 + exp(z)) - exited * z, written so that exp cannot overflow.
auto cross_entropy(const auto& logit, const auto& exited) {
    return logit.max(0.0F) - logit * exited + (-logit.abs()).exp().log1p();
}

/// 11 inputs, HiddenLayers layers of Width units, one sigmoid output.
///
/// All weights and biases live in one vector, so that an optimizer is a line on vectors. A layer
/// looks at its part of it: y = x W^T + b with one customer per row of x, W of shape (out, in).
template <int Width, int HiddenLayers, class Activation> class Network {
public:
    static constexpr int first_size = Width * input_count + Width;
    static constexpr int middle_size = Width * Width + Width;
    static constexpr int last_offset = first_size + (HiddenLayers - 1) * middle_size;
    static constexpr int parameter_count = last_offset + Width + 1;
    using Parameters = Eigen::Matrix<float, parameter_count, 1>;

    Parameters parameters;

    /// Fills each weight matrix by the rule and sets the biases to 0. Every matrix has a stream
    /// named after it: its values depend on the seed and on its name, not on what was filled
    /// before it.
    void initialize(const auto& rule, const nninit::Philox& rng) {
        parameters.setZero();
        float* data = parameters.data();
        int inputs = input_count;
        for (int layer = 1; layer <= HiddenLayers + 1; ++layer) {
            const int outputs = layer <= HiddenLayers ? Width : 1;
            Eigen::Map<Eigen::MatrixXf> weight(data, outputs, inputs);
            rule(weight, rng.stream("layer" + std::to_string(layer) + ".weight"));
            data += outputs * inputs + outputs;
            inputs = outputs;
        }
    }

    /// The logits of a batch; the hidden outputs are kept for gradient().
    BatchColumn forward(const Batch& batch) {
        const auto first = layer<Width, input_count>(parameters, 0);
        activate(first, batch.inputs, hidden_[0]);
        for (int i = 1; i < HiddenLayers; ++i)
            activate(layer<Width, Width>(parameters, middle_offset(i)), hidden_[at(i - 1)],
                     hidden_[at(i)]);
        const auto last = layer<1, Width>(parameters, last_offset);
        return ((hidden_.back() * last.weight.transpose()).array() + last.bias(0)).eval();
    }

    /// Backpropagation: the derivative of the batch's mean cross-entropy by every parameter.
    void gradient(const Batch& batch, Parameters& result) {
        const BatchColumn probability = forward(batch).logistic();
        const Eigen::Matrix<float, batch_rows, 1> error =
            (probability - batch.exited) * batch.share;

        auto last = layer<1, Width>(result, last_offset);
        last.weight.noalias() = error.transpose() * hidden_.back();
        last.bias(0) = error.sum();
        Hidden delta = error * layer<1, Width>(parameters, last_offset).weight;
        delta.array() *= Activation::slope(hidden_.back().array());

        for (int i = HiddenLayers - 1; i > 0; --i) {
            auto middle = layer<Width, Width>(result, middle_offset(i));
            const Hidden& input = hidden_[at(i - 1)];
            multiply(delta.transpose(), input, middle.weight);
            middle.bias = delta.colwise().sum();
            multiply(delta, layer<Width, Width>(parameters, middle_offset(i)).weight, scratch_);
            delta.array() = scratch_.array() * Activation::slope(input.array());
        }

        auto first = layer<Width, input_count>(result, 0);
        multiply(delta.transpose(), batch.inputs, first.weight);
        first.bias = delta.colwise().sum();
    }

private:
    using Hidden = Eigen::Matrix<float, batch_rows, Width>;

    template <class Weight, class Bias> struct Layer {
        Eigen::Map<Weight> weight;
        Eigen::Map<Bias> bias;
    };

    template <int Out, int In> static auto layer(Parameters& all, int offset) {
        return Layer<Eigen::Matrix<float, Out, In>, Eigen::Matrix<float, 1, Out>>{
            Eigen::Map<Eigen::Matrix<float, Out, In>>(all.data() + offset),
            Eigen::Map<Eigen::Matrix<float, 1, Out>>(all.data() + offset + Out * In)};
    }

    static constexpr int middle_offset(int i) { return first_size + (i - 1) * middle_size; }
    static constexpr std::size_t at(int i) { return static_cast<std::size_t>(i); }

    // Eigen's blocked product pays from some 16 columns on; below that, plain loops are faster.
    static void multiply(const auto& a, const auto& b, auto& result) {
        if constexpr (Width < 16)
            result.noalias() = a.lazyProduct(b);
        else
            result.noalias() = a * b;
    }

    void activate(const auto& dense, const auto& input, Hidden& output) {
        multiply(input, dense.weight.transpose(), scratch_);
        scratch_.rowwise() += dense.bias;
        output.array() = Activation::value(scratch_.array());
    }

    std::array<Hidden, static_cast<std::size_t>(HiddenLayers)> hidden_;
    Hidden scratch_;
};

/// Plain stochastic gradient descent.
template <class Parameters> struct Sgd {
    float learning_rate = 0.05F;

    void step(Parameters& parameters, const Parameters& gradient) {
        parameters -= learning_rate * gradient;
    }
};

/// Adam with Keras' defaults (Kingma and Ba, "Adam: a method for stochastic optimization", ICLR
/// 2015, algorithm 1 with the bias corrections moved into the learning rate, section 2).
template <class Parameters> struct Adam {
    float learning_rate = 0.001F;
    float beta1 = 0.9F;
    float beta2 = 0.999F;
    float epsilon = 1e-7F;
    Parameters mean = Parameters::Zero();
    Parameters square = Parameters::Zero();
    float beta1_power = 1.0F;
    float beta2_power = 1.0F;

    void step(Parameters& parameters, const Parameters& gradient) {
        mean = beta1 * mean + (1.0F - beta1) * gradient;
        square = beta2 * square + (1.0F - beta2) * gradient.cwiseAbs2();
        beta1_power *= beta1;
        beta2_power *= beta2;
        const float rate = learning_rate * std::sqrt(1.0F - beta2_power) / (1.0F - beta1_power);
        parameters.array() -= rate * mean.array() / (square.array().sqrt() + epsilon);
    }
};

} // namespace churn

#endif
