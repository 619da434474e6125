// SPDX-License-Identifier: MIT
// What AVX2 and AVX-512 spell alike. Included by each, in its namespace, behind vectors.inl. The
// constraint "v" is any vector register; without AVX-512 it means the same as "x".

template <class V> NNINIT_INLINE V opaque(V v) {
    asm("" : "+v"(v));
    return v;
}
NNINIT_INLINE F64 divide(F64 a, F64 b) { return a / b; }
NNINIT_INLINE F32 fma(F32 a, F32 b, F32 c) {
    asm("vfmadd213ps %2, %1, %0" : "+v"(b) : "v"(a), "v"(c));
    return b;
}
NNINIT_INLINE F64 fma(F64 a, F64 b, F64 c) {
    asm("vfmadd213pd %2, %1, %0" : "+v"(b) : "v"(a), "v"(c));
    return b;
}
NNINIT_INLINE F32 clamped(F32 x, F32 low, F32 high) {
    asm("vmaxps %0, %1, %0" : "+v"(x) : "v"(low));
    asm("vminps %0, %1, %0" : "+v"(x) : "v"(high));
    return x;
}
NNINIT_INLINE F64 clamped(F64 x, F64 low, F64 high) {
    asm("vmaxpd %0, %1, %0" : "+v"(x) : "v"(low));
    asm("vminpd %0, %1, %0" : "+v"(x) : "v"(high));
    return x;
}
NNINIT_INLINE U64 multiply(U64 a, U64 b) {
    U64 product;
    asm("vpmuludq %2, %1, %0" : "=v"(product) : "v"(a), "v"(b));
    return product;
}
/// Of 128 bits at a time, the lower 64 of both, or the upper.
NNINIT_INLINE U64 lower_lanes(U64 first, U64 second) {
    asm("vpunpcklqdq %1, %0, %0" : "+v"(first) : "v"(second));
    return first;
}
NNINIT_INLINE U64 upper_lanes(U64 first, U64 second) {
    asm("vpunpckhqdq %1, %0, %0" : "+v"(first) : "v"(second));
    return first;
}
