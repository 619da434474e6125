// SPDX-License-Identifier: MIT
#include "check.hpp"

using namespace expressions;

template <class Storage> void of_vector(const char* name) {
    Storage v(15);
    for (Index i = 0; i < v.size(); ++i) v[i] = Scalar(static_cast<float>(1000 + i));
    const std::string of = name;
    check((of + ", whole").c_str(), v, [](auto& w) -> auto& { return w; });
    check((of + ", head").c_str(), v, [](auto& w) { return w.head(7); });
    check((of + ", tail<5>").c_str(), v, [](auto& w) { return w.template tail<5>(); });
    check((of + ", segment").c_str(), v, [](auto& w) { return w.segment(2, 9); });
}

int main() {
    EXPRESSION(ColMajor, (w));
    EXPRESSION(RowMajor, (w));
    EXPRESSION(ColMajor, w.block(1, 2, 5, 6));
    EXPRESSION(RowMajor, w.block(1, 2, 5, 6));
    EXPRESSION(ColMajor, w.template block<4, 3>(2, 1));
    EXPRESSION(ColMajor, w.row(3));
    EXPRESSION(RowMajor, w.row(3));
    EXPRESSION(ColMajor, w.col(3));
    EXPRESSION(RowMajor, w.col(3));
    EXPRESSION(ColMajor, w.col(2).segment(1, 7));
    EXPRESSION(ColMajor, w.row(2).tail(7));
    EXPRESSION(ColMajor, w.topRows(5));
    EXPRESSION(RowMajor, w.bottomRows(5));
    EXPRESSION(ColMajor, w.template middleRows<3>(4));
    EXPRESSION(ColMajor, w.leftCols(5));
    EXPRESSION(RowMajor, w.rightCols(5));
    EXPRESSION(RowMajor, w.middleCols(3, 6));
    EXPRESSION(ColMajor, w.topLeftCorner(5, 4));
    EXPRESSION(RowMajor, w.bottomRightCorner(5, 4));
    EXPRESSION(ColMajor, w.template topRightCorner<3, 4>());
    EXPRESSION(ColMajor, w.block(1, 1, 9, 9).block(1, 2, 5, 6));
    of_vector<Eigen::Matrix<Scalar, Dynamic, 1>>("vector");
    of_vector<Eigen::Matrix<Scalar, 1, Dynamic>>("row vector");
    of_vector<Eigen::Array<Scalar, Dynamic, 1>>("array");

    using Small = Eigen::Matrix<Scalar, 3, 5>;
    check(
        "a fixed size", Small(Small::Constant(Scalar(1000))), [](auto& w) -> auto& { return w; });
    using SmallRow = Eigen::Matrix<Scalar, 4, 3, Eigen::RowMajor>;
    check(
        "a fixed size, row-major", SmallRow(SmallRow::Constant(Scalar(1000))),
        [](auto& w) -> auto& { return w; });
    using Unaligned = Eigen::Matrix<Scalar, 4, 4, Eigen::DontAlign>;
    check(
        "a fixed size, unaligned", Unaligned(Unaligned::Constant(Scalar(1000))),
        [](auto& w) -> auto& { return w; });
    using Bounded = Eigen::Matrix<Scalar, Dynamic, Dynamic, Eigen::ColMajor, 8, 9>;
    check(
        "a bounded size", Bounded(Bounded::Constant(5, 7, Scalar(1000))),
        [](auto& w) -> auto& { return w; });
    using BoundedRow = Eigen::Matrix<Scalar, Dynamic, 6, Eigen::RowMajor, 8, 6>;
    check(
        "a bounded size, row-major", BoundedRow(BoundedRow::Constant(5, 6, Scalar(1000))),
        [](auto& w) -> auto& { return w; });
    Matrix<> resized = sheet();
    resized.conservativeResize(7, 5);
    check(
        "resized", resized, [](auto& w) -> auto& { return w; });
    check(
        "no rows", Matrix<>(0, 5), [](auto& w) -> auto& { return w; });
    check(
        "no columns", Matrix<Eigen::RowMajor>(5, 0), [](auto& w) -> auto& { return w; });
    check("a block of nothing", sheet(), [](auto& w) { return w.block(2, 2, 0, 3); });
    return report("blocks");
}
