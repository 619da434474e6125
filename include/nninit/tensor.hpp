// SPDX-License-Identifier: MIT
// Weights in Eigen::Tensor and Eigen::TensorMap. Not part of nninit.hpp, because Eigen's tensors
// are an unsupported module; nninit/span.hpp fills other memory of up to 8 axes.

#ifndef NNINIT_TENSOR_HPP
#define NNINIT_TENSOR_HPP

#include <nninit/span.hpp>

#include <unsupported/Eigen/CXX11/Tensor>

namespace nninit::inline NNINIT_ABI {

namespace detail::inline NNINIT_COMPILER {

template <class Plain, int options, template <class> class Pointer>
std::true_type is_view(const Eigen::TensorMap<Plain, options, Pointer>*);
std::false_type is_view(const void*);
template <class Tensor>
concept TensorView = decltype(detail::is_view(static_cast<Tensor*>(nullptr)))::value;

} // namespace detail::inline NNINIT_COMPILER

/// Fills a tensor, or a map of one, by any rule: fill(HeNormal{}, k, rng, "HWIO"). The letters name
/// the axes as in Layout, and give the fans of a layer without strides and groups; another layer
/// follows them: fill(HeNormal{}, k, rng, "HWIO", DepthwiseConv{...}), k of 3 x 3 x 64 x 1. A
/// weight's value does not depend on the order of the axes or on the storage: it is that of the
/// matrix of output channels x (input channels, kernel), the kernel's axes in the order of the
/// alphabet and the last one fastest, as OIHW and OIDHW say it: rows are H and columns W, not Y and
/// X.
///
/// Where the tensor is that matrix in memory (OI, IO, a row-major OIHW, a column-major WHCN), it is
/// filled in place; else by a copy. \throws std::invalid_argument as the rule and as Layout; but
/// letters without inputs or outputs suit Constant, Zeros, Ones, the distributions and, if a layer
/// or Fans follow, rules of fans; B does not suit Identity nor rules of a whole matrix or of a
/// convolution; and an empty tensor is left alone by all but rules of a convolution, which refuse
/// it.
template <class Rule, detail::HasAxes Tensor, class Engine, class... Fact>
void fill(const Rule& rule, Tensor&& tensor, Engine&& engine, std::string_view letters,
          const Fact&... facts) {
    using Expression = std::remove_reference_t<Tensor>;
    using Scalar = typename Expression::Scalar;
    constexpr bool writable = std::is_same_v<decltype(tensor.data()), Scalar*>;
    constexpr bool temporary =
        !std::is_lvalue_reference_v<Tensor> && !detail::TensorView<Expression>;
    static_assert(!temporary, "nninit: the target is a temporary tensor, which would be filled and "
                              "thrown away; fill a variable, or an Eigen::TensorMap of its memory");
    static_assert(writable, "nninit: the tensor is const or has no memory of its own");
    static_assert(detail::Element<Scalar>::supported,
                  "nninit: the tensor's scalar type must be float, double, long double, "
                  "Eigen::half, Eigen::bfloat16 or std::complex of the first three");
    if constexpr (writable && !temporary && detail::CheckArguments<Rule, Engine, Fact...>::ok) {
        constexpr auto rank = static_cast<std::size_t>(Expression::NumDimensions);
        std::array<std::int64_t, rank + 1> sizes{};
        for (std::size_t i = 0; i < rank; ++i)
            sizes[i] = static_cast<std::int64_t>(tensor.dimension(static_cast<unsigned>(i)));
        const detail::TensorAxes axes(sizes.data(), rank, letters,
                                      int{Expression::Layout} == int{Eigen::RowMajor});
        detail::fill_tensor(rule, tensor.data(), axes, engine, facts...);
    }
}

/// With a layer in braces, without its name: refused, at compile time.
template <class Rule, class Tensor, class Engine>
void fill(const Rule&, Tensor&&, Engine&&, std::string_view, detail::Unnamed<Tensor>) {}
/// Without a tensor: refused, at compile time.
template <class Rule, detail::NoMemory Other, class Engine, class... Fact>
void fill(const Rule&, Other&&, Engine&&, std::string_view, const Fact&...) {
    detail::refuse_target<Rule, Other>();
}
/// Without an engine: refused, at compile time.
template <class Rule, detail::HasAxes Tensor> void fill(const Rule&, Tensor&&, std::string_view) {
    static_cast<void>(detail::CheckArguments<Rule, detail::NoEngine>::ok);
}

} // namespace nninit::inline NNINIT_ABI

#endif
