// SPDX-License-Identifier: MIT
// Half of a program whose two halves are compiled with different options: see hygiene.sh. PART is
// the name of this half's function; the half that knows the OTHER has main() and compares. Targets
// are Maps, because Eigen's own matrices do not bear halves of different alignment.
#include <nninit/nninit.hpp>
#ifdef WITH_TENSOR
#include <nninit/tensor.hpp>
#endif

#include <bit>
#include <cstdint>
#include <cstdio>
#include <random>
#include <vector>

namespace {

template <class Matrix, class Rule>
void add(std::uint64_t& hash, const Rule& rule, Eigen::Index rows, Eigen::Index cols) {
    using Scalar = typename Matrix::Scalar;
    std::vector<Scalar> memory(static_cast<std::size_t>(rows * cols));
    Eigen::Map<Matrix> w(memory.data(), rows, cols);
    const auto add_values = [&] {
        for (const Scalar x : memory)
            hash = (hash ^ std::bit_cast<std::uint64_t>(static_cast<double>(x))) * 0x100000001b3;
    };
    rule(w, nninit::Philox(42).stream("w"));
    add_values();
    std::mt19937_64 twister(42);
    rule(w, twister);
    add_values();
}

} // namespace

#ifdef WITH_TENSOR // once, for what text needs
const nninit::Scheme scheme = nninit::Scheme::read("* = keras:truncated_normal");
#endif

std::uint64_t PART() {
    std::uint64_t hash = 0xcbf29ce484222325;
    add<Eigen::MatrixXd>(hash, nninit::RandomUniform{}, 67, 41);
    add<Eigen::Matrix<float, -1, -1, Eigen::RowMajor>>(hash, nninit::HeNormal{}, 33, 17);
    add<Eigen::Matrix4d>(hash, nninit::TruncatedNormal{}, 4, 4);
    return hash;
}

#ifdef OTHER
std::uint64_t OTHER();
int main() {
    const std::uint64_t here = PART(), there = OTHER();
    std::printf("%016llx\n", static_cast<unsigned long long>(here));
    return here == there ? 0 : 1;
}
#endif
