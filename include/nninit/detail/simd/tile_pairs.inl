// SPDX-License-Identifier: MIT
// Floats of a vector of two doubles, for tile.inl; included by each instruction set that has these.

[[gnu::__always_inline__]] inline F64 load_floats(const float* p) {
    return F64{static_cast<double>(p[0]), static_cast<double>(p[1])};
}
[[gnu::__always_inline__]] inline void store_floats(float* p, F64 v) {
    p[0] = static_cast<float>(v[0]);
    p[1] = static_cast<float>(v[1]);
}
[[gnu::__always_inline__]] inline F64 rounded_to_float(F64 v) {
    return F64{static_cast<double>(detail::opaque(static_cast<float>(v[0]))),
               static_cast<double>(detail::opaque(static_cast<float>(v[1])))};
}
