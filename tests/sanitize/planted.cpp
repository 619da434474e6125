// SPDX-License-Identifier: MIT
// One bug for each sanitizer, which must report it: <program> <bug>

#include <cstdint>
#include <cstdio>
#include <cstring>
#include <vector>

int main(int argc, char** argv) {
    const char* const bug = argc > 1 ? argv[1] : "";
    const auto is = [&](const char* name) { return std::strcmp(bug, name) == 0; };
    volatile int n = argc; // at least 1, and nothing that a compiler can see through
    if (is("address")) {
        std::vector<float> w(10);
        const float* const data = w.data();
        return data[9 + n] > 0 ? 3 : 4;
    }
    if (is("overflow")) {
        n = 0x7fffffff;
        n = n + argc;
    }
    if (is("divide")) {
        volatile double zero = 0;
        std::printf("%g\n", n / zero);
    }
    if (is("conversion")) {
        n = 70000;
        const std::int16_t narrow = n;
        std::printf("%d\n", narrow);
    }
    if (is("assertion")) {
        std::vector<float> w(10);
        w.reserve(20);
        return w[static_cast<std::size_t>(9 + n)] > 0 ? 3 : 4;
    }
    if (is("uninitialised")) {
        float* const w = new float[10];
        const bool positive = w[n] > 0;
        std::puts(positive ? "positive" : "not positive");
        delete[] w;
    }
    return 0;
}
