// SPDX-License-Identifier: MIT

#ifndef NNINIT_LAYERS_HPP
#define NNINIT_LAYERS_HPP

#include <nninit/fans.hpp>

#include <string>
#include <string_view>

namespace nninit::inline NNINIT_ABI {

/// A fully connected layer: fan_in = in, fan_out = out. \throws std::invalid_argument for a size
/// below 1.
struct Dense {
    detail::Size in, out;

    operator Fans() const {
        return {detail::positive(in, "Dense.in"), detail::positive(out, "Dense.out")};
    }
};

/// A convolution over one to three axes, in groups:
/// fan_in = prod(kernel) in / groups, fan_out = prod(kernel) out / groups / prod(stride). Kernel,
/// groups and stride are 1 where they are left out.
/// \throws std::invalid_argument for a size below 1, groups that do not divide in and out, or not
/// as many strides as the kernel has axes: .kernel = {3, 3}, .stride = {2, 2}.
struct Conv {
    detail::Size in, out;
    detail::Axes kernel{};
    detail::Size groups = 1;
    detail::Axes stride{};

    operator Fans() const {
        const double field = detail::product(kernel, "Conv.kernel");
        const double g = detail::positive(groups, "Conv.groups");
        const double from = detail::positive(in, "Conv.in"), to = detail::positive(out, "Conv.out");
        return {field * detail::quotient(from, g, "Conv.in", "groups"),
                detail::divide(field * detail::quotient(to, g, "Conv.out", "groups"),
                               detail::strides(stride, kernel, "Conv.stride"))};
    }
};

/// A transposed convolution, its fans counted by the way the data flows:
/// fan_in = prod(kernel) in / groups / prod(stride), fan_out = prod(kernel) out / groups.
/// \throws std::invalid_argument as Conv.
struct TransposedConv {
    detail::Size in, out;
    detail::Axes kernel{};
    detail::Size groups = 1;
    detail::Axes stride{};

    operator Fans() const {
        const double field = detail::product(kernel, "TransposedConv.kernel");
        const double g = detail::positive(groups, "TransposedConv.groups");
        const double from = detail::positive(in, "TransposedConv.in");
        const double to = detail::positive(out, "TransposedConv.out");
        return {detail::divide(field * detail::quotient(from, g, "TransposedConv.in", "groups"),
                               detail::strides(stride, kernel, "TransposedConv.stride")),
                field * detail::quotient(to, g, "TransposedConv.out", "groups")};
    }
};

/// A depthwise convolution, each of `in` channels making out / in channels of its own:
/// fan_in = prod(kernel), fan_out = prod(kernel) out / in / prod(stride).
/// \throws std::invalid_argument for a size below 1, in that does not divide out, or strides as
/// Conv.
struct DepthwiseConv {
    detail::Size in, out;
    detail::Axes kernel{};
    detail::Axes stride{};

    operator Fans() const {
        const double field = detail::product(kernel, "DepthwiseConv.kernel");
        const double from = detail::positive(in, "DepthwiseConv.in");
        const double to = detail::positive(out, "DepthwiseConv.out");
        return {field, detail::divide(field * detail::quotient(to, from, "DepthwiseConv.out", "in"),
                                      detail::strides(stride, kernel, "DepthwiseConv.stride"))};
    }
};

/// A tensor by its axes, a letter and a size for each: O or N are output channels, I or C input
/// channels, B counts layers that are kept in one tensor and is left out, any other letter is an
/// axis of the kernel, and so are o and i. Layout{"HWIO", {3, 3, 64, 128}}; Layout{"IOO", {512, 8,
/// 64}} for 8 heads. 8 letters at most, which must live as long as the Layout: it has no copy.
/// fan_in = prod(I) prod(kernel), fan_out = prod(O) prod(kernel).
/// \throws std::invalid_argument for a size below 1, letters and sizes of different number, an axis
/// of the kernel twice, or no input or output channels.
struct Layout {
    std::string_view letters;
    std::array<detail::Size, 8> sizes{};

    static constexpr bool is_out(char letter) { return letter == 'O' || letter == 'N'; }
    static constexpr bool is_in(char letter) { return letter == 'I' || letter == 'C'; }

    /// Refuses letters with an axis of the kernel twice.
    void check_letters() const {
        for (std::size_t i = 0; i < letters.size(); ++i) {
            const char letter = letters[i];
            if (letter != 'B' && !is_in(letter) && !is_out(letter) &&
                letters.find(letter, i + 1) != letters.npos)
                detail::fail({"the layout ", detail::quoted(letters), " has the axis ",
                              std::string(1, letter), " twice"});
        }
    }

    operator Fans() const {
        const auto refuse = [this](const char* what) {
            detail::fail({"the layout ", detail::quoted(letters), what});
        };
        if (letters.size() > sizes.size()) refuse(" has more than 8 letters");
        check_letters();
        Fans fans{1, 1};
        bool has_in = false, has_out = false;
        for (std::size_t i = 0; i < letters.size(); ++i) {
            const double size = detail::positive(sizes[i], "each size of a Layout");
            const char letter = letters[i];
            if (letter == 'B') continue;
            const bool out = is_out(letter), in = is_in(letter);
            has_in |= in;
            has_out |= out;
            if (!out) fans.in *= size;
            if (!in) fans.out *= size;
        }
        for (std::size_t i = letters.size(); i < sizes.size(); ++i)
            if (sizes[i].magnitude != 0) refuse(" has more sizes than letters");
        if (!has_in) refuse(" has no input channels, a capital I or C");
        if (!has_out) refuse(" has no output channels, a capital O or N");
        return fans;
    }
};

/// Where a block stands in a matrix of rows x cols that need not exist anywhere as a whole: its
/// first coefficient is the whole's (row, col). A fill with a window writes what the whole would
/// hold there, takes the fans from the whole's shape if no layer is passed, and leaves the engine
/// as if the whole had been filled. Rules that take words need a CounterEngine; Orthogonal, Sparse,
/// NguyenWidrow and rules of convolutions refuse it. \throws std::invalid_argument if a number is
/// negative or the block does not fit in the whole.
struct Window {
    detail::Size rows, cols, row = 0, col = 0;
};

} // namespace nninit::inline NNINIT_ABI

#endif
