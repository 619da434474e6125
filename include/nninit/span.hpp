// SPDX-License-Identifier: MIT

#ifndef NNINIT_SPAN_HPP
#define NNINIT_SPAN_HPP

#include <nninit/detail/axes.hpp>

#include <initializer_list>
#include <span>

namespace nninit::inline NNINIT_ABI {

namespace detail::inline NNINIT_COMPILER {

/// A span's fill, with the sizes of the shape from `first` to `last`.
template <class Rule, class Scalar, std::size_t extent, class Iterator, class Engine, class... Fact>
void fill_span(const Rule& rule, std::span<Scalar, extent> memory, Iterator first, Iterator last,
               Engine& engine, std::string_view letters, const Fact&... facts) {
    static_assert(Element<Scalar>::supported,
                  "nninit: the memory's type must be float, double, long double, Eigen::half, "
                  "Eigen::bfloat16 or std::complex of the first three, and not const");
    if constexpr (Element<Scalar>::supported && CheckArguments<Rule, Engine, Fact...>::ok) {
        std::array<std::int64_t, 8> sizes{};
        std::size_t rank = 0;
        for (; first != last; ++first, ++rank) {
            if (rank == sizes.size()) fail({"the shape has more than 8 axes"});
            const Size size = *first;
            if (size.negative) fail({"the shape has a negative size, ", number(size)});
            if (size.magnitude >> 63 != 0) fail({"the shape has a size of ", number(size)});
            sizes[rank] = static_cast<std::int64_t>(size.magnitude);
        }
        const TensorAxes axes(sizes.data(), rank, letters, true);
        if (static_cast<std::uint64_t>(axes.elements) != memory.size())
            fail({"the memory has ", static_cast<double>(memory.size()),
                  " elements, which is not the product of the shape's sizes"});
        detail::fill_tensor(rule, memory.data(), axes, engine, facts...);
    }
}

template <class Shape>
concept IntegerContainer = requires(const Shape& shape) {
    static_cast<Size>(*shape.begin());
    shape.end();
};

/// Whether a shape, an engine and letters come after the memory.
template <class... Rest> inline constexpr bool has_letters = false;
template <class Shape, class Engine, class Letters, class... Fact>
inline constexpr bool has_letters<Shape, Engine, Letters, Fact...> =
    IntegerContainer<Shape>&& std::is_convertible_v<Letters, std::string_view>;

template <class Tensor>
concept HasAxes = requires(Tensor& tensor) {
    tensor.dimensions();
};
template <class Span>
concept HasExtent = requires {
    std::remove_reference_t<Span>::extent;
};
template <class Other>
concept NoMemory = !HasAxes<Other> && !HasExtent<Other>;

template <class Rule> void refuse_span() {
    constexpr bool complete = std::is_void_v<Rule>; // never
    static_assert(complete,
                  "nninit: memory is filled by fill(rule, std::span(memory), {3, 3, 64, 128}, "
                  "engine, \"HWIO\"), the sizes in braces or in a container of integers");
}
/// What is no span, nor a tensor.
template <class Rule, class Other> void refuse_target() {
    constexpr bool matrix = DenseWithCoefficients<std::remove_reference_t<Other>>;
    static_assert(!matrix, "nninit: a matrix is filled by the rule itself, HeNormal{}(w, engine); "
                           "fill is for spans of row-major memory, and for tensors");
    if constexpr (!matrix) detail::refuse_span<Rule>();
}

} // namespace detail::inline NNINIT_COMPILER

/// Fills memory that is no Eigen type, by any rule:
///
///     std::vector<float> kernel(3 * 3 * 64 * 128);
///     fill(HeNormal{}, std::span(kernel), {3, 3, 64, 128}, rng, "HWIO");
///
/// The memory is row-major, its last axis fastest, as most libraries keep it. Letters, values and
/// errors are those of the tensor's fill in nninit/tensor.hpp: equal weights from equal streams.
/// \throws std::invalid_argument also if the memory has not as many elements as the shape.
template <class Rule, class Scalar, std::size_t extent, class Engine, class... Fact>
void fill(const Rule& rule, std::span<Scalar, extent> memory,
          std::initializer_list<detail::Size> shape, Engine&& engine, std::string_view letters,
          const Fact&... facts) {
    detail::fill_span(rule, memory, shape.begin(), shape.end(), engine, letters, facts...);
}
/// The same with a shape that is a container of integers, known at run time.
template <class Rule, class Scalar, std::size_t extent, class Shape, class Engine, class... Fact>
requires detail::IntegerContainer<Shape>
void fill(const Rule& rule, std::span<Scalar, extent> memory, const Shape& shape, Engine&& engine,
          std::string_view letters, const Fact&... facts) {
    detail::fill_span(rule, memory, shape.begin(), shape.end(), engine, letters, facts...);
}
/// Without an engine or letters: refused, at compile time.
template <class Rule, class Scalar, std::size_t extent, class... Rest>
requires(!detail::has_letters<std::initializer_list<detail::Size>, Rest...>) void fill(
    const Rule&, std::span<Scalar, extent>, std::initializer_list<detail::Size>, const Rest&...) {
    detail::refuse_span<Rule>();
}
/// The same, without a shape in braces.
template <class Rule, class Scalar, std::size_t extent, class... Rest>
requires(!detail::has_letters<Rest...>) void fill(const Rule&, std::span<Scalar, extent>,
                                                  const Rest&...) {
    detail::refuse_span<Rule>();
}
/// Without a span: refused, at compile time.
template <class Rule, detail::NoMemory Other, class... Rest>
void fill(const Rule&, Other&&, std::initializer_list<detail::Size>, const Rest&...) {
    detail::refuse_target<Rule, Other>();
}
/// The same, without a shape in braces.
template <class Rule, detail::NoMemory Other, detail::IntegerContainer Shape, class Engine,
          class... Fact>
void fill(const Rule&, Other&&, const Shape&, Engine&&, std::string_view, const Fact&...) {
    detail::refuse_target<Rule, Other>();
}

} // namespace nninit::inline NNINIT_ABI

#endif
