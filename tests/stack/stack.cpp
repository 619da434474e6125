// SPDX-License-Identifier: MIT
// stack [most]: the stack that a fill takes, in bytes, by path, order and scalar: a thread's stack
// is painted, the fill runs there, and what has lost its paint is counted. Fails if a figure
// exceeds `most` (default 16384). Link with -Wl,-z,now: the dynamic linker takes stack at a first
// call.
#include <nninit/nninit.hpp>

#include <complex>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <memory>
#include <pthread.h>
#include <random>
#include <string>
#include <vector>

namespace {

using namespace nninit;

constexpr std::size_t stack_size = std::size_t{1} << 20;
constexpr unsigned char paint = 0xa5;

std::size_t taken(const std::function<void()>& body) {
    static unsigned char* const stack =
        static_cast<unsigned char*>(std::aligned_alloc(4096, stack_size));
    std::memset(stack, paint, stack_size);
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstack(&attributes, stack, stack_size);
    pthread_t thread{};
    void* (*const run)(void*) = [](void* p) -> void* {
        (*static_cast<const std::function<void()>*>(p))();
        return nullptr;
    };
    if (pthread_create(&thread, &attributes, run, const_cast<std::function<void()>*>(&body)) != 0)
        std::abort();
    pthread_join(thread, nullptr);
    std::size_t untouched = 0;
    while (untouched < stack_size && stack[untouched] == paint) ++untouched;
    return stack_size - untouched;
}

std::size_t most = 16384, largest = 0;
std::string largest_name;

void measure(const std::string& name, const std::function<void()>& body) {
    using detail::Path;
    static const std::size_t empty = taken([] {});
    std::printf("%-46s", name.c_str());
    for (const Path path : {Path::portable, Path::neon, Path::avx2, Path::avx512}) {
        if (!detail::has(path)) continue;
        detail::path() = path;
        body(); // so that what happens only once has happened
        const std::size_t bytes = taken(body) - empty;
        if (bytes > largest) largest = bytes, largest_name = name;
        std::printf(" %8zu%s", bytes, bytes > most ? "!" : " ");
    }
    std::printf("\n");
}

template <class Scalar, int order, class Engine>
void measure_all(const std::string& what, const Engine& engine) {
    // Odd sides, sides of whole blocks, and a few rows of a large matrix.
    static const TruncatedNormal tail{0, 1, 5, 8};
    for (const int size : {101, 96}) {
        const auto w = std::make_shared<Eigen::Matrix<Scalar, -1, -1, order>>(size, size);
        const auto rng = std::make_shared<Engine>(engine);
        const std::string shape = what + ", " + std::to_string(size);
        measure("uniform " + shape, [=] { Uniform{}(*w, *rng); });
        measure("normal " + shape, [=] { Normal{}(*w, *rng); });
        measure("truncated " + shape, [=] { TruncatedNormal{}(*w, *rng); });
        measure("truncated tail " + shape, [=] { tail(*w, *rng); });
        measure("normal block of " + shape, [=] { Normal{}(w->block(1, 1, 3, size - 1), *rng); });
    }
}

} // namespace

int main(int argc, char** argv) {
    if (argc > 1) most = static_cast<std::size_t>(std::atol(argv[1]));
    Eigen::setNbThreads(1);
    std::printf("%-46s", "bytes of stack");
    for (const char* path : {"portable", "neon", "avx2", "avx512"}) {
        static int number = 0;
        if (detail::has(static_cast<detail::Path>(number++))) std::printf(" %8s ", path);
    }
    std::printf("\n");
    const std::size_t array = taken([] {
        char bytes[20000];
        std::snprintf(bytes, sizeof bytes, "%19999d", 1);
        if (bytes[19998] != '1') std::abort();
    });
    measure_all<float, Eigen::ColMajor>("float", Philox(1));
    measure_all<float, Eigen::RowMajor>("float row-major", Philox(1));
    measure_all<double, Eigen::ColMajor>("double", Philox(1));
    measure_all<double, Eigen::RowMajor>("double row-major", Philox(1));
    measure_all<float, Eigen::RowMajor>("float row-major mt19937", std::mt19937(1));
    measure_all<Eigen::half, Eigen::RowMajor>("half row-major", Philox(1));
    measure_all<std::complex<double>, Eigen::RowMajor>("complex double row-major", Philox(1));
    const auto w = std::make_shared<Eigen::MatrixXf>(64, 64);
    const auto v = std::make_shared<Eigen::MatrixXd>(64, 64);
    measure("orthogonal float, 64", [=] { Orthogonal{}(*w, Philox(1)); });
    measure("orthogonal double, 64", [=] { Orthogonal{}(*v, Philox(1)); });
    measure("sparse float, 64", [=] { Sparse{}(*w, Philox(1)); });
    measure("Nguyen-Widrow float, 64", [=] { NguyenWidrow{}(*w, Philox(1)); });
    measure("reversed float, 64", [=] { Normal{}(w->reverse(), Philox(1)); });
    std::printf("largest: %zu bytes, %s (limit %zu)\n", largest, largest_name.c_str(), most);
    if (array < 20000) return std::puts("the control, an array of 20000 bytes, was not seen"), 1;
    return largest > most;
}
