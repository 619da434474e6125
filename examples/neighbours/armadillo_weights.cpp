// SPDX-License-Identifier: MIT
// Weights in Armadillo's matrices: a Map over their memory is all it takes. Checks that they are
// those of an Eigen matrix of the same name and seed.
#include <nninit/nninit.hpp>

#include <armadillo>
#include <iostream>

template <class T> auto map(arma::Mat<T>& m) {
    return Eigen::Map<Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic>>(
        m.memptr(), static_cast<Eigen::Index>(m.n_rows), static_cast<Eigen::Index>(m.n_cols));
}

int main() {
    const nninit::Philox rng(42);
    arma::fmat w(128, 784);
    arma::mat recurrent(64, 64);
    nninit::HeNormal{}(map(w), rng.stream("hidden.weight"));
    nninit::Orthogonal{}(map(recurrent), rng.stream("recurrent.weight"));

    const auto expected =
        nninit::make<Eigen::MatrixXf>(nninit::HeNormal{}, rng.stream("hidden.weight"), 128, 784);
    const bool same = map(w) == expected;
    const double error = arma::norm(recurrent.t() * recurrent - arma::eye(64, 64), "inf");
    std::cout << "hidden.weight     " << nninit::describe(map(w)) << '\n'
              << "as Eigen's        " << (same ? "yes" : "NO") << '\n'
              << "recurrent.weight  |W'W - I| = " << error << '\n';
    return same && error < 1e-12 ? 0 : 1;
}
