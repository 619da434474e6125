// SPDX-License-Identifier: MIT
#include "check.hpp"

using namespace expressions;

int main() {
    EXPRESSION(ColMajor, w.transpose());
    EXPRESSION(RowMajor, w.transpose());
    EXPRESSION(ColMajor, w.reverse());
    EXPRESSION(RowMajor, w.reverse());
    EXPRESSION(ColMajor, w.colwise().reverse());
    EXPRESSION(ColMajor, w.rowwise().reverse());
    EXPRESSION(ColMajor, w.diagonal());
    EXPRESSION(RowMajor, w.diagonal(2));
    EXPRESSION(ColMajor, w.template diagonal<-1>());
    EXPRESSION(ColMajor, w.array());
    EXPRESSION(RowMajor, w.array());
    EXPRESSION(ColMajor, w.array().matrix());
    EXPRESSION(ColMajor, w.reshaped(8, 21));
    EXPRESSION(ColMajor, w.reshaped());
    EXPRESSION(RowMajor, w.reshaped(8, 21));
    EXPRESSION(ColMajor, w.template reshaped<Eigen::RowMajor>(21, 8));
    EXPRESSION(ColMajor, w.template reshaped<Eigen::AutoOrder>());
    EXPRESSION(ColMajor, w.block(1, 2, 6, 8).reshaped(4, 12));
    EXPRESSION(ColMajor, w.block(1, 2, 5, 6).transpose());
    EXPRESSION(ColMajor, w.transpose().block(1, 2, 5, 6).reverse());
    EXPRESSION(ColMajor, w.reverse().transpose().row(2));
    EXPRESSION(ColMajor, w.transpose().array().topRows(3));
    EXPRESSION(ColMajor, w.col(3).reverse());
    EXPRESSION(ColMajor, w.row(3).transpose());
    EXPRESSION(ColMajor, w.row(3).array().reverse().head(4));
    EXPRESSION(ColMajor, w.block(2, 2, 6, 6).diagonal().reverse());
    Eigen::Array<Scalar, Dynamic, Dynamic> a = sheet().array();
    check(
        "an array", a, [](auto& w) -> auto& { return w; });
    check("matrix() of an array", a, [](auto& w) { return w.matrix(); });
    check("matrix().transpose() of an array", a, [](auto& w) { return w.matrix().transpose(); });
    check("a block of an array", a, [](auto& w) { return w.block(1, 2, 5, 6); });
    if constexpr (Eigen::NumTraits<Scalar>::IsComplex != 0) {
#ifndef NO_PARTS
        EXPRESSION(ColMajor, w.real());
        EXPRESSION(ColMajor, w.imag());
        EXPRESSION(RowMajor, w.imag());
        EXPRESSION(ColMajor, w.block(1, 2, 5, 6).real());
        EXPRESSION(ColMajor, w.real().transpose());
        EXPRESSION(ColMajor, w.row(2).imag());
        check("imag() of an array", a, [](auto& w) { return w.imag(); });
#endif
    }
    return report("views");
}
