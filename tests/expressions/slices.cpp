// SPDX-License-Identifier: MIT
#include "check.hpp"

#include <array>

using namespace expressions;
using Eigen::fix;
using Eigen::lastN;
using Eigen::seq;
using Eigen::seqN;

int main() {
    EXPRESSION(ColMajor, w(seq(1, 5), all));
    EXPRESSION(RowMajor, w(all, seq(2, last - 1)));
    EXPRESSION(ColMajor, w(all, 3));
    EXPRESSION(ColMajor, w(2, all));
    EXPRESSION(ColMajor, w(lastN(3), lastN(4)));
    EXPRESSION(ColMajor, w(seqN(1, fix<4>), seqN(2, fix<3>)));
    EXPRESSION(ColMajor, w(std::vector<int>{4, 0, 7}, all));
    EXPRESSION(RowMajor, w(std::vector<int>{4, 0, 7}, std::vector<int>{1, 9, 3, 5}));
    EXPRESSION(ColMajor, w(all, std::array<int, 3>{5, 2, 8}));
    EXPRESSION(ColMajor, w(Eigen::Array3i(5, 2, 8), seq(1, 4)));
    EXPRESSION(ColMajor, w(std::vector<int>{4, 0, 7}, all).transpose());
    EXPRESSION(ColMajor, w.col(1)(std::vector<int>{4, 0, 7}));
#ifndef NO_STEPS
    EXPRESSION(ColMajor, w(seq(0, 5, 2), all));
    EXPRESSION(RowMajor, w(seq(0, 5, 2), all));
    EXPRESSION(ColMajor, w(seq(0, 5, fix<2>), all));
    EXPRESSION(ColMajor, w(seq(5, 0, -2), all));
    EXPRESSION(RowMajor, w(seq(5, 0, fix<-1>), seq(0, 9, 3)));
    EXPRESSION(ColMajor, w(all, seq(0, last, 2)));
    EXPRESSION(ColMajor, w(lastN(3, 2), all));
    EXPRESSION(ColMajor, w(lastN(fix<3>, fix<2>), seqN(1, 4, 3)));
    EXPRESSION(ColMajor, w(3, seq(0, 8, 2)));
    EXPRESSION(ColMajor, w.col(2)(seq(0, 7, 2)));
    EXPRESSION(ColMajor, w(seq(0, 5, 2), all).transpose());
    EXPRESSION(ColMajor, w(seq(0, 5, 2), all).array());
    // Not blocks and rows of slices with a step, which Eigen does not compile.
    EXPRESSION(ColMajor, w.block(1, 1, 8, 9)(seq(0, 6, 2), seq(8, 0, -2)));
    Eigen::Matrix<Scalar, Dynamic, 1> b(9);
    for (Index i = 0; i < b.size(); ++i) b[i] = Scalar(static_cast<float>(1000 + i));
    check("b(seq(0, 7, 2))", b, [](auto& v) { return v(seq(0, 7, 2)); });
    check("b(seq(8, 0, fix<-2>))", b, [](auto& v) { return v(seq(8, 0, fix<-2>)); });
#endif
    return report("slices");
}
