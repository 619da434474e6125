// SPDX-License-Identifier: MIT
// What each of the objects beside each other in one benchmark offers. Includes nothing of nninit.
#ifndef NNINIT_TESTS_BENCHMARK_SIDE_HPP
#define NNINIT_TESTS_BENCHMARK_SIDE_HPP

enum Law { uniform, normal, truncated };

struct Side {
    const char* name;
    bool (*path)(bool avx512); // false: AVX2
    void (*floats)(Law law, float* out, long n);
    void (*doubles)(Law law, double* out, long n);
    void (*row_major)(Law law, float* out, long rows, long cols);
};

extern const Side ours, theirs;

#endif
