// SPDX-License-Identifier: MIT
// Floats of a vector of four or more doubles, for tile.inl; included by each instruction set that
// has these, behind `opaque`.

typedef float F32 __attribute__((vector_size(sizeof(F64) / 2)));

[[gnu::__always_inline__]] inline F64 load_floats(const float* p) {
    F32 v;
    std::memcpy(&v, p, sizeof v);
    return __builtin_convertvector(v, F64);
}
[[gnu::__always_inline__]] inline void store_floats(float* p, F64 v) {
    const F32 rounded = __builtin_convertvector(v, F32);
    std::memcpy(p, &rounded, sizeof rounded);
}
[[gnu::__always_inline__]] inline F64 rounded_to_float(F64 v) {
    return __builtin_convertvector(opaque(__builtin_convertvector(v, F32)), F64);
}
