// SPDX-License-Identifier: MIT
// Floating-point operations whose result does not depend on compiler, flags or hardware.

#ifndef NNINIT_DETAIL_ARITHMETIC_HPP
#define NNINIT_DETAIL_ARITHMETIC_HPP

#include <nninit/version.hpp>

#include <bit>
#include <cfloat>
#include <cmath>
#include <cstdint>
#include <type_traits>

#if FLT_EVAL_METHOD != 0 && FLT_EVAL_METHOD != 16
#error                                                                                             \
    "nninit: this target computes in a wider type than it stores (FLT_EVAL_METHOD is not 0), which changes results; on 32-bit x86 compile with -msse2 -mfpmath=sse"
#endif
#if defined(_M_FP_FAST)
#error "nninit: /fp:fast changes results and cannot be held off with this compiler; use /fp:precise"
#endif

static_assert(0.1 != static_cast<double>(0.1F), // -fsingle-precision-constant
              "nninit: the compiler reads double constants as float, which changes results");

namespace nninit::inline NNINIT_ABI::detail::inline NNINIT_COMPILER {

/// The value, with the optimiser kept from seeing where it came from: what is computed before and
/// after is neither contracted nor reordered, also under -ffast-math.
template <class T> inline T opaque(T value) {
#if defined(__GNUC__) && defined(__SSE2__)
    asm("" : "+x"(value));
    return value;
#elif defined(__GNUC__) && defined(__aarch64__)
    asm("" : "+w"(value));
    return value;
#elif defined(__GNUC__)
    asm("" : "+m"(value));
    return value;
#else
    const volatile T seen = value;
    return seen;
#endif
}

/// a / b and sqrt(a), rounded once. Under -ffast-math Clang on POWER, and under -mlow-precision-div
/// GCC on ARM, correct an estimate until it is nearly right, and MinGW's sqrt(), which is called at
/// -O0, rounds twice; there the instruction is spelled out.
/// Elsewhere -ffast-math may make two quotients by one number products with its reciprocal: each
/// division has a divisor of its own, of which the compiler cannot know that it is the other's.
inline double divide(double a, double b) {
#if defined(__GNUC__) && defined(__aarch64__)
    asm("fdiv %d0, %d1, %d2" : "=w"(a) : "w"(a), "w"(b));
    return a;
#elif defined(_ARCH_PPCSQ)
    asm("fdiv %0, %1, %2" : "=d"(a) : "d"(a), "d"(b));
    return a;
#elif defined(__GNUC__) && defined(__SSE2__)
    asm volatile("" : "+x"(b));
    return a / b;
#elif defined(__GNUC__)
    asm volatile("" : "+m"(b));
    return a / b;
#else
    const volatile double divisor = b;
    return a / divisor;
#endif
}
inline double square_root(double a) {
#if defined(__GNUC__) && defined(__aarch64__)
    asm("fsqrt %d0, %d1" : "=w"(a) : "w"(a));
    return a;
#elif defined(_ARCH_PPCSQ)
    asm("fsqrt %0, %1" : "=d"(a) : "d"(a));
    return a;
#elif defined(__GNUC__) && defined(__SSE2__)
    asm("sqrtsd %0, %0" : "+x"(a));
    return a;
#else
    return std::sqrt(a);
#endif
}

/// A double whose operations are each rounded once, in the order written.
struct Rounded {
    double value;

    Rounded(double x) : value(opaque(x)) {}

    friend Rounded operator+(Rounded a, Rounded b) { return a.value + b.value; }
    friend Rounded operator-(Rounded a, Rounded b) { return a.value - b.value; }
    friend Rounded operator*(Rounded a, Rounded b) { return a.value * b.value; }
    friend Rounded operator/(Rounded a, Rounded b) { return divide(a.value, b.value); }
    friend Rounded sqrt(Rounded a) { return square_root(a.value); }
};

/// The bits of x, hidden from the optimiser, and x taken by reference: under -ffast-math Clang 19
/// knows that no double passed by value is an infinity or a NaN, whatever its bits say.
inline std::uint64_t bits_of(const double& x) {
    auto bits = std::bit_cast<std::uint64_t>(x);
#if defined(__GNUC__)
    asm("" : "+m"(bits));
#endif
    return bits;
}

/// Neither an infinity nor a NaN, also under -ffast-math.
inline bool finite(const double& x) { return (bits_of(x) >> 52 & 0x7ff) != 0x7ff; }
inline bool infinite(const double& x) { return bits_of(x) << 1 == std::uint64_t{0x7ff} << 53; }

/// x, or the bound that it lies beyond. Under -ffast-math std::clamp may become an instruction that
/// takes one zero for the other; not so where the bound is hidden that x was compared to.
template <class T> T clamped(T x, T low, T high) {
    return x < low ? opaque(low) : high < x ? opaque(high) : x;
}

/// The integer part of a number in [0, 2^64), from its bits: compilers convert to std::uint64_t by
/// instructions that raise FE_INVALID.
inline std::uint64_t integer_part(double x) {
    const auto bits = std::bit_cast<std::uint64_t>(x);
    const int exponent = static_cast<int>(bits >> 52) - 1075;
    const std::uint64_t mantissa = (bits & 0xfffffffffffffU) | std::uint64_t{1} << 52;
    if (exponent >= 0) return mantissa << exponent;
    return exponent > -53 ? mantissa >> -exponent : 0;
}

/// The exact error of the sum s = fl(a + b) (Knuth's two-sum).
inline double sum_error(Rounded a, Rounded b, Rounded s) {
    const Rounded b_part = s - a;
    return ((a - (s - b_part)) + (b - b_part)).value;
}

/// The next representable number above (step = 1) or below (step = -1) a finite x.
template <class T> T neighbour(T x, int step) {
    using Bits =
        std::conditional_t<sizeof(T) == 8, std::uint64_t,
                           std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint16_t>>;
    constexpr auto sign = static_cast<Bits>(Bits{1} << (8 * sizeof(T) - 1));
    auto bits = std::bit_cast<Bits>(x);
    if (static_cast<Bits>(bits & ~sign) == 0)
        bits = static_cast<Bits>(step > 0 ? 1 : sign | 1);
    else
        bits = static_cast<Bits>(((bits & sign) != 0) == (step > 0) ? bits - 1 : bits + 1);
    return std::bit_cast<T>(bits);
}

/// The smallest T that is not below x, for x within T's range.
template <class T> T round_up(double x) {
    const T t = static_cast<T>(x);
    return static_cast<double>(t) < x ? neighbour(t, 1) : t;
}

/// The largest T that is not above x.
template <class T> T round_down(double x) {
    return static_cast<T>(-static_cast<double>(round_up<T>(-x)));
}

/// The largest T that is not above a - b.
template <class T> T subtract_down(double a, double b) {
    const Rounded difference = Rounded(a) - b;
    const T t = round_down<T>(difference.value);
    return static_cast<double>(t) == difference.value && sum_error(a, -b, difference) < 0
               ? neighbour(t, -1)
               : t;
}

} // namespace nninit::inline NNINIT_ABI::detail::inline NNINIT_COMPILER

#endif
