// SPDX-License-Identifier: MIT
// 128-bit integers, and a fused multiply-add from integers alone.

#ifndef NNINIT_DETAIL_FMA_HPP
#define NNINIT_DETAIL_FMA_HPP

#include <nninit/detail/arithmetic.hpp>

#include <utility>

namespace nninit::inline NNINIT_ABI::detail::inline NNINIT_COMPILER {

struct U128 {
    std::uint64_t high, low;

    friend bool operator==(U128, U128) = default;
    friend U128 operator+(U128 a, U128 b) {
        const std::uint64_t sum = a.low + b.low;
        return {a.high + b.high + (sum < a.low), sum};
    }
    friend U128 operator-(U128 a, U128 b) {
        return {a.high - b.high - (a.low < b.low), a.low - b.low};
    }
    friend bool operator<(U128 a, U128 b) {
        return a.high != b.high ? a.high < b.high : a.low < b.low;
    }
    friend U128 operator<<(U128 a, int n) {
        if (n == 0) return a;
        if (n >= 64) return {n >= 128 ? 0 : a.low << (n - 64), 0};
        return {a.high << n | a.low >> (64 - n), a.low << n};
    }
    /// Shifts right; a lost bit that is 1 sets the lowest bit.
    friend U128 shift_sticky(U128 a, int n) {
        if (n == 0) return a;
        if (n >= 128) return {0, std::uint64_t{(a.high | a.low) != 0}};
        const U128 lost = a << (128 - n);
        const U128 kept = n >= 64 ? U128{0, n == 64 ? a.high : a.high >> (n - 64)}
                                  : U128{a.high >> n, a.high << (64 - n) | a.low >> n};
        return {kept.high, kept.low | std::uint64_t{(lost.high | lost.low) != 0}};
    }
};

inline U128 multiply_by_halves(std::uint64_t a, std::uint64_t b) {
    const std::uint64_t a0 = a & 0xffffffff, a1 = a >> 32, b0 = b & 0xffffffff, b1 = b >> 32;
    const std::uint64_t middle = a1 * b0 + (a0 * b0 >> 32);
    const std::uint64_t other = a0 * b1 + (middle & 0xffffffff);
    return {a1 * b1 + (middle >> 32) + (other >> 32), a * b};
}

inline U128 multiply(std::uint64_t a, std::uint64_t b) {
#if defined(__SIZEOF_INT128__) && defined(NNINIT_VECTORS)
    __extension__ typedef unsigned __int128 Wide;
    const Wide p = static_cast<Wide>(a) * b;
    return {static_cast<std::uint64_t>(p >> 64), static_cast<std::uint64_t>(p)};
#else
    return multiply_by_halves(a, b);
#endif
}

/// a * b + c with one rounding, from integers alone. Finite arguments; |result| below the largest
/// finite double.
inline double fma_from_integers(double a, double b, double c) {
    struct Parts {
        std::uint64_t mantissa;
        int exponent;
        bool negative;
        explicit Parts(double x) {
            const auto bits = std::bit_cast<std::uint64_t>(x);
            const int field = static_cast<int>(bits >> 52 & 0x7ff);
            mantissa = (bits & 0xfffffffffffffU) | std::uint64_t{field != 0} << 52;
            exponent = field + (field == 0) - 1075;
            negative = bits >> 63 != 0;
        }
    };
    const Parts x(a), y(b), z(c);
    // Both terms with their leading one at bit 125, so that a sum fits and 19 low bits are free.
    struct Term {
        U128 m;
        int exponent;
        Term(U128 value, int e) : m(value), exponent(e) {
            const int zeros =
                value.high != 0 ? std::countl_zero(value.high) : 64 + std::countl_zero(value.low);
            if (zeros == 128) return;
            m = zeros < 2 ? shift_sticky(m, 2 - zeros) : m << (zeros - 2);
            exponent -= zeros - 2;
        }
    };
    Term p(multiply(x.mantissa, y.mantissa), x.exponent + y.exponent);
    Term q({0, z.mantissa}, z.exponent);
    bool negative = x.negative != y.negative, other = z.negative;
    if ((p.m.high | p.m.low) == 0) return c;
    if ((q.m.high | q.m.low) != 0) {
        if (p.exponent < q.exponent || (p.exponent == q.exponent && p.m < q.m)) {
            std::swap(p, q);
            std::swap(negative, other);
        }
        q.m = shift_sticky(q.m, p.exponent - q.exponent);
        p = Term(negative == other ? p.m + q.m : p.m - q.m, p.exponent);
        if ((p.m.high | p.m.low) == 0) return 0.0;
    }
    // 126 bits: 53 stay, or fewer where the result is subnormal.
    int drop = 126 - 53;
    if (p.exponent + drop < -1074) drop = -1074 - p.exponent;
    const U128 kept = shift_sticky(p.m, drop - 2);
    std::uint64_t rounded = kept.low >> 2;
    rounded += (kept.low & 3) > 2 || ((kept.low & 3) == 2 && (rounded & 1) != 0);
    const int exponent = p.exponent + drop;
    const std::uint64_t bits = rounded >> 52 == 0
                                   ? rounded
                                   : rounded + (static_cast<std::uint64_t>(exponent + 1074) << 52);
    return std::bit_cast<double>(bits | std::uint64_t{negative} << 63);
}

/// a * b + c with one rounding. Not std::fma, which at -O0 is a function of the C library: MinGW's
/// rounds twice.
inline double fma(double a, double b, double c) {
#if defined(__FP_FAST_FMA)
    return __builtin_fma(a, b, c);
#else
    if (c != 0) return fma_from_integers(a, b, c);
    const double product = opaque(opaque(a) * opaque(b));
    // Zeros add up to the right sign; -ffast-math must not see that c is one.
    return a == 0 || b == 0 ? opaque(product + opaque(c)) : product;
#endif
}

inline float fma(float a, float b, float c) {
#if defined(__FP_FAST_FMAF)
    return __builtin_fmaf(a, b, c);
#else
    // The product is exact. Rounding the sum twice goes wrong only if the first rounding lands
    // half-way between two floats, or if the float is subnormal: then the sum is made odd.
    const Rounded product = static_cast<double>(a) * static_cast<double>(b);
    Rounded sum = product + static_cast<double>(c);
    const auto bits = std::bit_cast<std::uint64_t>(sum.value);
    if ((bits & 0x1fffffff) == 0x10000000 || (bits >> 52 & 0x7ff) < 1023 - 126) [[unlikely]] {
        const double error = sum_error(product, static_cast<double>(c), sum);
        if (error != 0 && (bits & 1) == 0)
            sum = std::bit_cast<double>((error > 0) == (sum.value > 0) ? bits + 1 : bits - 1);
    }
    return opaque(static_cast<float>(sum.value));
#endif
}

} // namespace nninit::inline NNINIT_ABI::detail::inline NNINIT_COMPILER

#endif
