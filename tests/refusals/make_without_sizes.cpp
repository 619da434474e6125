// SPDX-License-Identifier: MIT
// REFUSED: nninit: only a matrix of fixed size is made without rows and columns
#include <nninit/nninit.hpp>

Eigen::VectorXf make() {
#ifdef REFUSED
    return nninit::make<Eigen::VectorXf>(nninit::Zeros{});
#else
    return nninit::make<Eigen::Vector3f>(nninit::Zeros{});
#endif
}
