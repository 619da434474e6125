// SPDX-License-Identifier: MIT
#include "check.hpp"

using namespace expressions;
using Eigen::InnerStride;
using Eigen::Map;
using Eigen::OuterStride;
using Eigen::Ref;
using Eigen::Stride;

template <class To, class Storage> To to(Storage& w) { return To(w); }

int main() {
    using Any = Stride<Dynamic, Dynamic>;
    using Row = Matrix<Eigen::RowMajor>;
    EXPRESSION(ColMajor, Map<Matrix<>>(w.data(), 7, 9));
    EXPRESSION(ColMajor, Map<Row>(w.data(), 7, 9));
    EXPRESSION(ColMajor, Map<Matrix<>, Eigen::Aligned16>(w.data(), 8, 9));
    EXPRESSION(ColMajor, Map<Row, Eigen::AlignedMax>(w.data(), 8, 9));
    EXPRESSION(ColMajor, Map<Matrix<>, 0, OuterStride<>>(w.data() + 1, 7, 9, OuterStride<>(11)));
    EXPRESSION(ColMajor, Map<Row, 0, OuterStride<>>(w.data() + 1, 7, 9, OuterStride<>(11)));
    EXPRESSION(ColMajor, Map<Matrix<>, 0, Any>(w.data(), 4, 5, Any(17, 3)));
    EXPRESSION(ColMajor, Map<Matrix<>, 0, Any>(w.data(), 4, 5, Any(3, 17)));
    EXPRESSION(ColMajor, Map<Row, 0, Any>(w.data(), 4, 5, Any(3, 17)));
    EXPRESSION(ColMajor, Map<Row, 0, Any>(w.data(), 4, 5, Any(31, 2)));
    EXPRESSION(ColMajor, Map<Matrix<>, 0, Stride<20, 2>>(w.data(), 4, 5));
    EXPRESSION(ColMajor, Map<Matrix<>, 0, InnerStride<2>>(w.data(), 4, 5));
    EXPRESSION(ColMajor, Map<Eigen::Matrix<Scalar, Dynamic, 1>, 0, InnerStride<>>(
                             w.data(), 9, InnerStride<>(5)));
    EXPRESSION(ColMajor, Map<Eigen::Matrix<Scalar, 1, Dynamic>>(w.data() + 3, 20));
    EXPRESSION(ColMajor, Map<Eigen::Array<Scalar, Dynamic, Dynamic>>(w.data() + 3, 5, 6));
    EXPRESSION(ColMajor, Map<Eigen::Matrix<Scalar, 3, 4>>(w.data() + 3));
    EXPRESSION(ColMajor, Map<Matrix<>>(w.data(), 7, 9).block(1, 1, 3, 4).transpose());
#ifdef NDEBUG // Eigen asserts that strides are not negative, though all else works
    EXPRESSION(ColMajor, Map<Matrix<>, 0, Any>(w.data() + w.size() - 1, 4, 5, Any(-17, -3)));
    EXPRESSION(ColMajor, Map<Matrix<>, 0, Any>(w.data() + 100, 4, 5, Any(-17, 3)));
    EXPRESSION(ColMajor, Map<Row, 0, Any>(w.data() + 4, 4, 5, Any(17, -1)));
    EXPRESSION(ColMajor, Map<Matrix<>, 0, Any>(w.data() + 3, 4, 5, Any(17, -1)));
#endif
    EXPRESSION(ColMajor, to<Ref<Matrix<>>>(w));
    EXPRESSION(RowMajor, to<Ref<Row>>(w));
    check("Ref of a block", sheet(), [](auto& w) {
        auto block = w.block(1, 2, 5, 6);
        return Ref<Matrix<>>(block);
    });
    check("Ref with any stride of a transpose", sheet(), [](auto& w) {
        auto transposed = w.transpose();
        return Ref<Row, 0, Any>(transposed);
    });
    check("Ref of a row", sheet(), [](auto& w) {
        auto row = w.row(2);
        return Ref<Eigen::Matrix<Scalar, 1, Dynamic>, 0, InnerStride<>>(row);
    });
    check("Ref of a column", sheet(), [](auto& w) {
        auto column = w.col(2);
        return Ref<Eigen::Matrix<Scalar, Dynamic, 1>>(column);
    });
    return report("maps");
}
