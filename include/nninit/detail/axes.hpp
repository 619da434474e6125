// SPDX-License-Identifier: MIT
// Memory of up to 8 axes as a weight matrix: output channels x (layers, input channels,
// kernel), the last axis fastest.

#ifndef NNINIT_DETAIL_AXES_HPP
#define NNINIT_DETAIL_AXES_HPP

#include <nninit/convolution.hpp>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace nninit::inline NNINIT_ABI::detail::inline NNINIT_COMPILER {

struct StridedAxis {
    std::int64_t size, stride;
};

/// Axes that are counted together, the last one fastest.
struct JointAxes {
    std::array<StridedAxis, 8> axes{};
    std::size_t rank = 0;

    std::int64_t size() const {
        std::int64_t product = 1;
        for (std::size_t i = 0; i < rank; ++i) product *= axes[i].size;
        return product;
    }
    std::int64_t step() const { return rank == 0 ? 0 : axes[rank - 1].stride; }
    /// Whether the joint axis has a constant step.
    bool regular() const {
        for (std::size_t i = 0; i + 1 < rank; ++i)
            if (axes[i].stride != axes[i + 1].stride * axes[i + 1].size) return false;
        return true;
    }
    std::int64_t offset(std::int64_t index) const {
        std::int64_t sum = 0;
        for (std::size_t i = rank; i-- > 0; index /= axes[i].size)
            sum += index % axes[i].size * axes[i].stride;
        return sum;
    }
};

/// A tensor's axes, by the letters of a Layout.
struct TensorAxes {
    Layout layout;
    JointAxes rows, cols;
    Conv conv{.in = 1, .out = 1}; // if is_conv; its kernel if that is given
    bool is_conv = false;
    bool is_matrix = false; // of outputs and inputs of one layer
    bool is_plain = false;  // of these alone
    std::int64_t elements = 1;

    /// Row-major memory if `last_fastest`, else column-major.
    TensorAxes(const std::int64_t* sizes, std::size_t rank, std::string_view letters,
               bool last_fastest)
        : layout{letters} {
        if (letters.size() != rank)
            fail({"the layout ", quoted(letters), " has ", static_cast<double>(letters.size()),
                  " letters, but the tensor has ", static_cast<double>(rank), " axes"});
        if (rank > layout.sizes.size())
            fail({"the layout ", quoted(letters), " has more than 8 letters"});
        layout.check_letters();
        std::array<StridedAxis, 8> axes{};
        U128 stride{0, 1}; // the product of the sizes before, but for those of 0
        for (std::size_t i = 0; i < rank; ++i) {
            const std::size_t axis = last_fastest ? rank - 1 - i : i;
            const std::int64_t size = sizes[axis];
            axes[axis] = {size, static_cast<std::int64_t>(stride.low)};
            layout.sizes[axis] = size;
            stride = multiply(stride.low, size == 0 ? 1 : static_cast<std::uint64_t>(size));
            if (stride.high != 0 || stride.low >> 63 != 0)
                fail({"the product of the sizes is 2^63 or more"});
            if (size == 0) elements = 0;
        }
        elements *= static_cast<std::int64_t>(stride.low);
        // Columns: layers, input channels, and the kernel's axes in the order of their letters.
        std::array<std::size_t, 8> order{{0, 1, 2, 3, 4, 5, 6, 7}};
        const auto place = [&](std::size_t axis) {
            const char c = letters[axis];
            return Layout::is_out(c)  ? -3
                   : c == 'B'         ? -2
                   : Layout::is_in(c) ? -1
                                      : int{static_cast<unsigned char>(c)};
        };
        for (std::size_t i = 1; i < rank; ++i) // a stable sort that allocates nothing
            for (std::size_t k = i; k > 0 && place(order[k]) < place(order[k - 1]); --k)
                std::swap(order[k], order[k - 1]);
        std::size_t kernel_axes = 0;
        bool has_in = false, has_out = false, has_layers = false;
        for (std::size_t i = 0; i < rank; ++i) {
            const std::size_t axis = order[i];
            const bool out = Layout::is_out(letters[axis]), in = Layout::is_in(letters[axis]);
            JointAxes& joint = out ? rows : cols;
            joint.axes[joint.rank++] = axes[axis];
            has_out |= out;
            has_in |= in;
            has_layers |= letters[axis] == 'B';
            const auto size = static_cast<std::uint64_t>(sizes[axis]);
            if (out) conv.out.magnitude *= size;
            if (in) conv.in.magnitude *= size;
            if (!out && !in && letters[axis] != 'B' && kernel_axes++ < 3)
                conv.kernel.sizes[kernel_axes - 1] = size;
        }
        is_matrix = has_in && has_out && !has_layers;
        is_plain = is_matrix && kernel_axes == 0;
        const bool has_fans = elements != 0 && has_in && has_out;
        is_conv = has_fans && kernel_axes <= 3 && !has_layers;
        conv.kernel.given = kernel_axes <= 3 ? kernel_axes : 0;
        if (has_fans) static_cast<void>(Fans(layout)); // for its refusals
    }

    template <class... Fact> Facts facts(const Fact&... given) const {
        Facts facts(false, given...);
        if constexpr (sizeof...(Fact) == 0) {
            if (is_conv) {
                facts.add(conv);
            } else {
                facts.layout = &layout;
                facts.fans_of_layout = [](const Layout& of) { return Fans(of); };
            }
        }
        facts.is_matrix = is_matrix;
        facts.is_plain = is_plain;
        if (conv.kernel.given != 0) facts.kernel = &conv.kernel;
        return facts;
    }
};

/// Fills the memory of a tensor by any rule: in place where its axes are those of a matrix, else
/// by way of one.
template <class Scalar, class Rule, class Engine, class... Fact>
void fill_tensor(const Rule& rule, Scalar* data, const TensorAxes& axes, Engine& engine,
                 const Fact&... given) {
    if constexpr (ConvRule<Rule>)
        if (sizeof...(Fact) == 0 && !axes.is_conv)
            fail({"the layout ", quoted(axes.layout.letters),
                  " is not that of a convolution over one to three axes, or a size is 0"});
    const Facts facts = axes.facts(given...);
    const std::int64_t rows = axes.rows.size(), cols = axes.cols.size();
    detail::with_source(engine, [&](Source& source) {
        if (rows * cols == 0 || (axes.rows.regular() && axes.cols.regular()))
            return detail::fill_memory(
                rule, Memory<Scalar>{data, rows, cols, axes.rows.step(), axes.cols.step()}, source,
                facts);
        Buffer<Scalar> buffer(rows, cols);
        std::vector<std::int64_t> down(static_cast<std::size_t>(rows));
        for (std::size_t r = 0; r < down.size(); ++r)
            down[r] = axes.rows.offset(static_cast<std::int64_t>(r));
        detail::fill_memory(rule, buffer.memory, source, facts);
        for (std::int64_t c = 0; c < cols; ++c) {
            Scalar* const column = data + axes.cols.offset(c);
            for (std::int64_t r = 0; r < rows; ++r)
                column[down[static_cast<std::size_t>(r)]] = buffer.memory(r, c);
        }
    });
}

} // namespace nninit::inline NNINIT_ABI::detail::inline NNINIT_COMPILER

#endif
