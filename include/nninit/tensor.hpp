// SPDX-License-Identifier: MIT
// Weights in Eigen::Tensor and Eigen::TensorMap. Not part of nninit.hpp, because Eigen's tensors
// are an unsupported module.

#ifndef NNINIT_TENSOR_HPP
#define NNINIT_TENSOR_HPP

#include <nninit/convolution.hpp>

#include <unsupported/Eigen/CXX11/Tensor>

#include <numeric>
#include <vector>

namespace nninit::inline NNINIT_ABI {
namespace detail::inline NNINIT_COMPILER {

/// A tensor's axes as the rows and columns of its weight matrix, and where each row and each column
/// begins in memory.
struct TensorView {
    std::vector<Eigen::Index> rows{0}, cols{0};
    Conv conv{.in = 1, .out = 1}; // if is_conv
    Fans fans;
    bool is_conv = false;

    template <class Tensor> TensorView(const Tensor& tensor, std::string_view letters) {
        constexpr auto rank = static_cast<std::size_t>(Tensor::NumDimensions);
        constexpr bool row_major = int{Tensor::Layout} == int{Eigen::RowMajor};
        if (letters.size() != rank)
            fail("the layout \"" + std::string(letters) + "\" has ",
                 static_cast<double>(letters.size()), " letters, but the tensor has ",
                 static_cast<double>(rank), " axes");
        std::vector<Eigen::Index> strides(rank);
        Eigen::Index stride = 1;
        for (std::size_t i = 0; i < rank; ++i) {
            const std::size_t axis = row_major ? rank - 1 - i : i;
            strides[axis] = stride;
            stride *= tensor.dimension(static_cast<unsigned>(axis));
        }
        // Rows: output channels. Columns: layers, input channels, and the kernel's axes in the
        // order of their letters; the last axis fastest.
        std::vector<std::size_t> order(rank);
        std::iota(order.begin(), order.end(), std::size_t{0});
        const auto place = [&](std::size_t axis) {
            const char c = letters[axis];
            return Layout::is_out(c)  ? -3
                   : c == 'B'         ? -2
                   : Layout::is_in(c) ? -1
                                      : int{static_cast<unsigned char>(c)};
        };
        std::stable_sort(order.begin(), order.end(),
                         [&](std::size_t a, std::size_t b) { return place(a) < place(b); });
        Layout layout{letters};
        std::size_t kernel_axes = 0;
        bool has_in = false, has_out = false, has_layers = false;
        for (const std::size_t axis : order) {
            const auto size = tensor.dimension(static_cast<unsigned>(axis));
            const int kind = place(axis);
            layout.sizes[axis % 8] = size;
            std::vector<Eigen::Index>& offsets = kind == -3 ? rows : cols;
            std::vector<Eigen::Index> next;
            for (const Eigen::Index offset : offsets)
                for (Eigen::Index k = 0; k < size; ++k) next.push_back(offset + k * strides[axis]);
            offsets = std::move(next);
            has_out |= kind == -3;
            has_layers |= kind == -2;
            has_in |= kind == -1;
            if (kind == -3) conv.out.magnitude *= static_cast<std::uint64_t>(size);
            if (kind == -1) conv.in.magnitude *= static_cast<std::uint64_t>(size);
            if (kind >= 0 && kernel_axes++ < 3) conv.kernel[kernel_axes - 1] = size;
        }
        if (stride == 0 || !has_in || !has_out) return; // a rule that needs fans refuses 0
        fans = layout;
        is_conv = kernel_axes <= 3 && !has_layers;
    }
};

/// Whether offsets are multiples of the first step.
inline bool regular(const std::vector<Eigen::Index>& offsets) {
    for (std::size_t i = 0; i < offsets.size(); ++i)
        if (offsets[i] != static_cast<Eigen::Index>(i) * offsets[1 % offsets.size()]) return false;
    return true;
}

} // namespace detail::inline NNINIT_COMPILER

/// Fills a tensor, or a map of one, by any rule: fill(HeNormal{}, k, rng, "HWIO"). The letters name
/// the axes as in Layout, and give the fans; facts after them replace those. A weight's value does
/// not depend on the order of the axes or on the storage: it is that of the matrix of output
/// channels x (input channels, kernel), the columns in the order of OIHW with the last axis
/// fastest.
///
/// Where the tensor is that matrix in memory (OI, IO, a row-major OIHW, a column-major WHCN), it is
/// filled in place; else by a copy. \throws std::invalid_argument as Layout and as the rule.
template <class Rule, class Tensor, class Engine, class... Fact>
void fill(const Rule& rule, Tensor&& tensor, Engine&& engine, std::string_view letters,
          const Fact&... facts) {
    using Expression = std::remove_reference_t<Tensor>;
    using Scalar = typename Expression::Scalar;
    static_assert(std::is_same_v<decltype(tensor.data()), Scalar*>,
                  "nninit: the tensor is const or has no memory of its own");
    const detail::TensorView view(tensor, letters);
    const auto apply = [&](auto&& matrix) {
        if constexpr (sizeof...(Fact) != 0) {
            rule(matrix, engine, facts...);
        } else if (view.is_conv) {
            rule(matrix, engine, view.conv);
        } else if constexpr (detail::ConvRule<Rule>) {
            detail::fail("the layout \"" + std::string(letters) +
                         "\" is not that of a convolution over one to three axes");
        } else {
            rule(matrix, engine, view.fans);
        }
    };
    using Matrix = Eigen::Matrix<Scalar, -1, -1>;
    const auto rows = static_cast<Eigen::Index>(view.rows.size());
    const auto cols = static_cast<Eigen::Index>(view.cols.size());
    if (rows * cols == 0) return apply(Matrix(rows, cols));
    if (detail::regular(view.rows) && detail::regular(view.cols)) {
        const Eigen::Stride<-1, -1> strides(cols > 1 ? view.cols[1] : rows,
                                            rows > 1 ? view.rows[1] : 1);
        return apply(
            Eigen::Map<Matrix, 0, Eigen::Stride<-1, -1>>(tensor.data(), rows, cols, strides));
    }
    Matrix matrix(rows, cols);
    apply(matrix);
    for (std::size_t c = 0; c < view.cols.size(); ++c)
        for (std::size_t r = 0; r < view.rows.size(); ++r)
            tensor.data()[view.rows[r] + view.cols[c]] =
                matrix(static_cast<Eigen::Index>(r), static_cast<Eigen::Index>(c));
}

} // namespace nninit::inline NNINIT_ABI

#endif
