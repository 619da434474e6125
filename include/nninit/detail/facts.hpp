// SPDX-License-Identifier: MIT
// What a call says after target and engine, as one value.

#ifndef NNINIT_DETAIL_FACTS_HPP
#define NNINIT_DETAIL_FACTS_HPP

#include <nninit/detail/memory.hpp>
#include <nninit/layers.hpp>

namespace nninit::inline NNINIT_ABI::detail::inline NNINIT_COMPILER {

/// How many weights a layer has, and outputs.
struct LayerSize {
    const char* name;
    double weights, out;
    bool dense = false;    // its matrix is out x in
    bool out_side = false; // its outputs are the rows of its matrix, or the columns
};

inline LayerSize size_of(const Dense& layer, const Fans& fans) {
    return {"Dense", fans.in * fans.out, number(layer.out), true};
}
inline LayerSize size_of(const Conv& layer, const Fans& fans) {
    return {"Conv", fans.in * number(layer.out), number(layer.out), false,
            layer.groups.magnitude == 1};
}
inline LayerSize size_of(const TransposedConv& layer, const Fans& fans) {
    return {"TransposedConv", fans.out * number(layer.in), number(layer.out)};
}
inline LayerSize size_of(const DepthwiseConv& layer, const Fans& fans) {
    return {"DepthwiseConv", fans.in * number(layer.out), number(layer.out)};
}
inline LayerSize size_of(const Layout& layout, const Fans&) {
    LayerSize size{"Layout", 1, 1};
    for (std::size_t i = 0; i < layout.letters.size(); ++i) {
        size.weights *= number(layout.sizes[i]);
        if (Layout::is_out(layout.letters[i])) size.out *= number(layout.sizes[i]);
    }
    return size;
}

/// What may follow target and engine at a call, in any order.
struct Facts {
    Window window;
    Fans fans;
    Conv conv; // without its stride where the layer is transposed or depthwise
    LayerSize layer{};
    // A tensor's layout, if nothing else says the fans, and what turns it into them: a pointer, so
    // that fills of matrices do not compile that.
    const Layout* layout = nullptr;
    Fans (*fans_of_layout)(const Layout&) = nullptr;
    const Axes* kernel = nullptr; // of a tensor: its axes, in the order of their letters
    bool has_window = false, has_fans = false, has_conv = false, has_layer = false;
    bool vector = false;   // the target is known as one at compile time
    bool is_matrix = true; // its axes are outputs and inputs of one layer,
    bool is_plain = true;  // without those of a kernel or of several layers

    template <class... Fact>
    explicit Facts(bool is_vector, const Fact&... facts) : vector(is_vector) {
        (add(facts), ...);
    }
    void add(const Window& w) {
        window = w;
        has_window = true;
    }
    void add(const Fans& f) {
        fans = f;
        has_fans = true;
    }
    void add(const Dense& d) { add_layer(d); }
    void add(const Conv& c) {
        add_layer(c);
        conv = c;
        has_conv = true;
    }
    void add(const TransposedConv& t) {
        add_layer(t);
        conv = {t.in, t.out, t.kernel, t.groups};
        has_conv = true;
    }
    void add(const DepthwiseConv& d) {
        add_layer(d);
        conv = {d.in, d.out, d.kernel, d.in};
        has_conv = true;
    }
    void add(const Layout& l) { add_layer(l); }
    template <class Other>
    void add(const Other& other) { // anything else that has fans, or an engine
        if constexpr (std::is_convertible_v<Other, Fans>) add(Fans(other));
    }

private:
    template <class Layer> void add_layer(const Layer& given) {
        add(Fans(given));
        layer = detail::size_of(given, fans);
        has_layer = true;
    }
};

/// Where the target stands in the whole.
inline Place place_of(std::int64_t rows, std::int64_t cols, const Facts& facts) {
    const auto height = static_cast<std::uint64_t>(rows), width = static_cast<std::uint64_t>(cols);
    if (!facts.has_window) return {height, width, 0, 0};
    const Window& window = facts.window;
    const auto refuse_negative = [](Size n, const char* name) {
        if (n.negative) fail({name, " must not be negative, but is ", number(n)});
    };
    refuse_negative(window.rows, "Window.rows");
    refuse_negative(window.cols, "Window.cols");
    refuse_negative(window.row, "Window.row");
    refuse_negative(window.col, "Window.col");
    const auto inside = [](Size whole, Size first, std::uint64_t size, const char* what) {
        if (size > whole.magnitude || first.magnitude > whole.magnitude - size)
            fail({"a block of ", static_cast<double>(size), " ", what, " at ",
                  static_cast<double>(first.magnitude), " does not fit in a whole of ",
                  static_cast<double>(whole.magnitude), " ", what});
    };
    inside(window.rows, window.row, height, "rows");
    inside(window.cols, window.col, width, "columns");
    return {window.rows.magnitude, window.cols.magnitude, window.row.magnitude,
            window.col.magnitude};
}

/// Refuses a layer that cannot be the target's. The target must hold as many weights as the layer,
/// those of an output in a row or a column, or be its bias. `structured` rules fill the layer's
/// matrix, out x the rest, and nothing else.
inline void check_layer(const Facts& facts, std::int64_t rows, std::int64_t cols, bool structured) {
    if (!facts.has_layer || rows == 0 || cols == 0) return;
    const auto [name, weights, out, dense, out_side] = facts.layer;
    const Place place = place_of(rows, cols, facts);
    const auto height = static_cast<double>(place.whole_rows);
    const auto width = static_cast<double>(place.whole_cols);
    const bool vector = height == 1 || width == 1;
    const bool is_matrix = height == out && height * width == weights;
    if (structured && !is_matrix)
        fail({"this rule fills the matrix of a layer, here ", out, " x ", divide(weights, out),
              ", but the target is ", height, " x ", width,
              height * width != weights ? ""
              : width == out            ? "; pass w.transpose()"
                                        : "; pass an Eigen::Map of it"});
    if (is_matrix || (vector && height * width == out)) return;
    const bool fits = !dense && (!out_side || height == out || width == out);
    if (height * width == weights && (vector || fits)) return;
    fail({"this ", name, " has ", weights, " weights and out = ", out, ", but the target is ",
          height, " x ", width,
          dense ? "; for a matrix stored (in, out) pass w.transpose(), for a part of a layer its "
                  "nninit::Fans"
                : "; for a part of a layer pass its nninit::Fans"});
}

} // namespace nninit::inline NNINIT_ABI::detail::inline NNINIT_COMPILER

#endif
