// SPDX-License-Identifier: MIT

#ifndef NNINIT_SPAN_HPP
#define NNINIT_SPAN_HPP

#include <nninit/detail/axes.hpp>

#include <initializer_list>
#include <span>

namespace nninit::inline NNINIT_ABI {

/// Fills memory that is no Eigen type, by any rule:
///
///     std::vector<float> kernel(3 * 3 * 64 * 128);
///     fill(HeNormal{}, std::span(kernel), {3, 3, 64, 128}, rng, "HWIO");
///
/// The memory is row-major, its last axis fastest, as most libraries keep it. Letters, values and
/// errors are those of the tensor's fill in nninit/tensor.hpp: equal weights from equal streams.
/// \throws std::invalid_argument also if the memory has not as many elements as the shape.
template <class Rule, class Scalar, std::size_t extent, class Engine, class... Fact>
void fill(const Rule& rule, std::span<Scalar, extent> memory, std::span<const detail::Size> shape,
          Engine&& engine, std::string_view letters, const Fact&... facts) {
    static_assert(detail::Element<Scalar>::supported,
                  "nninit: the memory's type must be float, double, long double, Eigen::half, "
                  "Eigen::bfloat16 or std::complex of the first three, and not const");
    if constexpr (detail::Element<Scalar>::supported &&
                  detail::CheckArguments<Rule, Engine, Fact...>::ok) {
        std::array<std::int64_t, 8> sizes{};
        if (shape.size() > sizes.size()) detail::fail("the shape has more than 8 axes");
        bool fits = true;
        std::uint64_t product = 1;
        for (std::size_t i = 0; i < shape.size(); ++i) {
            const detail::U128 whole = detail::multiply(product, shape[i].magnitude);
            fits = fits && !shape[i].negative && whole.high == 0;
            product = whole.low;
            sizes[i] = static_cast<std::int64_t>(shape[i].magnitude);
        }
        if (!fits || product != memory.size())
            detail::fail("the memory has ", static_cast<double>(memory.size()),
                         " elements, which is not the product of the shape's sizes");
        const detail::TensorAxes axes(sizes.data(), shape.size(), letters, true);
        detail::fill_tensor(rule, memory.data(), axes, engine, facts...);
    }
}

/// The shape as a list, {3, 3, 64, 128}.
template <class Rule, class Scalar, std::size_t extent, class Engine, class... Fact>
void fill(const Rule& rule, std::span<Scalar, extent> memory,
          std::initializer_list<detail::Size> shape, Engine&& engine, std::string_view letters,
          const Fact&... facts) {
    nninit::fill(rule, memory, std::span<const detail::Size>(shape.begin(), shape.size()), engine,
                 letters, facts...);
}
/// The shape as a container of integers, known at run time.
template <class Rule, class Scalar, std::size_t extent, class Shape, class Engine, class... Fact>
requires std::integral<std::remove_cvref_t<decltype(*std::declval<const Shape&>().begin())>>
void fill(const Rule& rule, std::span<Scalar, extent> memory, const Shape& shape, Engine&& engine,
          std::string_view letters, const Fact&... facts) {
    const std::vector<detail::Size> sizes(shape.begin(), shape.end());
    nninit::fill(rule, memory, std::span<const detail::Size>(sizes), engine, letters, facts...);
}

} // namespace nninit::inline NNINIT_ABI

#endif
