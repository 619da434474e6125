// SPDX-License-Identifier: MIT
// Prints one hash of fills by every kind of rule and target, tensors too. It must be the same under
// each of Eigen's macros, and every fill of a tensor must write all of it and nothing else.
#include <nninit/nninit.hpp>
#include <nninit/tensor.hpp>

#include <cstdio>
#include <cstring>
#include <random>
#include <string>
#include <vector>

namespace {

using namespace nninit;

unsigned long long state = 0xcbf29ce484222325;
int wrong = 0;

template <class T> void add(const T& x) {
    unsigned char bytes[sizeof(T)];
    std::memcpy(bytes, &x, sizeof bytes);
    for (const unsigned char byte : bytes) state = (state ^ byte) * 0x100000001b3;
}

template <class Matrix> void add_all(const Matrix& w) {
    using Index = decltype(w.rows());
    for (Index c = 0; c < w.cols(); ++c)
        for (Index r = 0; r < w.rows(); ++r) add(w(r, c));
}

// Orders are written out: EIGEN_DEFAULT_TO_ROW_MAJOR changes what is not.
template <class Scalar, int order>
using Matrix = Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic, order>;

template <class Scalar, int order> [[maybe_unused]] void fills() {
    Matrix<Scalar, order> w(37, 22);
    Philox rng(3);
    HeNormal{}(w, rng);
    add_all(w);
    Uniform{.low = -1}(w.block(1, 2, 30, 11), rng);
    add_all(w);
    TruncatedNormal{}(w.transpose(), rng);
    add_all(w);
    Normal{}(w, std::mt19937(1));
    add_all(w);
    Identity{.gain = 2}(w);
    add_all(w);
    Sparse{}(w, rng);
    add_all(w);
    Dirac{}(w.block(0, 0, 36, 18), Conv{.in = 6, .out = 36, .kernel = {3}});
    add_all(w);
    Orthogonal{}(w, rng); // its bits may depend on vectorisation in releases that promise no more
    const Matrix<double, order> d = w.template cast<double>();
    if (!((d.transpose() * d).isIdentity(1e-4))) ++wrong, std::puts("Orthogonal is not");
    add(rng.position());
}

template <int order> void tensors() {
    for (const char* letters : {"OI", "IO"}) {
        std::vector<float> memory(30 * 50 + 2, 1000.0F);
        Eigen::TensorMap<Eigen::Tensor<float, 2, order>> r(memory.data() + 1, 30, 50);
        fill(HeNormal{}, r, Philox(5), letters);
        Matrix<float, Eigen::ColMajor> w(*letters == 'O' ? 30 : 50, *letters == 'O' ? 50 : 30);
        HeNormal{}(w, Philox(5));
        bool right = memory.front() == 1000.0F && memory.back() == 1000.0F;
        for (int i = 0; i < 30; ++i)
            for (int j = 0; j < 50; ++j)
                right = right && r(i, j) == (*letters == 'O' ? w(i, j) : w(j, i));
        if (!right) ++wrong, std::printf("tensor %s, order %d: not its matrix\n", letters, order);
    }
    for (const char* letters : {"OIHW", "HWIO", "WHCN", "OHWI"}) {
        Eigen::Tensor<float, 4, order> t(4, 3, 2, 5);
        fill(GlorotUniform{}, t, Philox(6), letters);
        for (int i = 0; i < 4; ++i)
            for (int j = 0; j < 3; ++j)
                for (int k = 0; k < 2; ++k)
                    for (int l = 0; l < 5; ++l) add(t(i, j, k, l));
    }
}

} // namespace

int main() {
#ifndef TENSORS
    fills<float, Eigen::ColMajor>();
    fills<float, Eigen::RowMajor>();
#ifndef FEW
    fills<double, Eigen::ColMajor>();
#endif
    by_name("keras:he_normal");
    const auto made = make<Matrix<float, Eigen::RowMajor>>(HeNormal{}, Philox(9), 31, 17);
    add_all(made);
    Eigen::MatrixXf plain(13, 17); // of the default order, whichever it is
    by_name("he_uniform")(plain, Philox(10));
    add_all(plain);
#endif
    tensors<Eigen::ColMajor>();
    tensors<Eigen::RowMajor>();
    std::printf("%016llx\n", state);
    return wrong != 0;
}
