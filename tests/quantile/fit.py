#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Fits the tables of include/nninit/detail/quantile_table.hpp and prints the header.

    python3 tests/quantile/fit.py > include/nninit/detail/quantile_table.hpp

The standard normal quantile z(p), 0 < p < 1/2 (upper tail, z > 0), is cut into 32 segments of the
tail mass p, a half octave each. With tau = b - 2p, b = twice the mass at a point in the middle:

    z = c0 + tau N(tau) / D(tau)          segments 0 to 29
    z = tau + tau N(tau^2) / D(tau^2)     segments 30 and 31, b = 1

float: N of degree 5, D = 1. double: N of degree 4, D of degree 5 and monic. The polynomial that
this quotient replaced was of degree 12: with tau and c0 13 multiplications, 13 additions and 14
looks into the table, each waiting for the one before. The quotient takes 9, 10 and 11, in two
chains, and one division.

The table holds b 2^W - 1, so that the word's own half unit is in it.

The segment of a mass is read off the bits of the float (double) nearest to m, the 31 (63) high
bits of p 2^W below the leading one: (bits + offset) >> shift. Adding 1 - 1/sqrt(2) to the mantissa
moves the boundaries to equal ratios. b is chosen so that c0 is within 1/64 ulp of a representable
number. The largest error of each rounded N and D, evaluated exactly, goes to stderr in ulp.
Needs mpmath (Debian: python3-mpmath).
"""
import sys
from mpmath import mp, mpf, sqrt, erfinv, erfc, log, exp, pi, cos, nint, frexp, ldexp
from mpmath import lu_solve, matrix, nstr

mp.prec = 260


def upper_quantile(p):
    """z with Q(z) = p, for 0 < p <= 1/2, by Halley's iteration from the asymptotic value."""
    if p > mpf("0.05"):
        return sqrt(mpf(2)) * erfinv(1 - 2 * p)
    z = sqrt(-2 * log(p))
    z -= log(z * sqrt(2 * pi)) / z
    while True:
        step = (erfc(z / sqrt(mpf(2))) / 2 - p) / (exp(-z * z / 2) / sqrt(2 * pi))
        step = step / (1 + z * step / 2)
        z += step
        if abs(step) < mpf(2) ** -80 * z:  # cubic convergence: the next step is below 2^-230
            return z


def rounded(x, digits):
    mantissa, exponent = frexp(x)
    return ldexp(nint(ldexp(mantissa, digits)), int(exponent) - digits)


def ulp(x, digits):
    return ldexp(mpf(1), int(frexp(x)[1]) - digits)


def interpolate(f, low, high, top, bottom):
    """The coefficients of N, of degree `top`, and those of D, monic of degree `bottom`, but for its
    1: N/D goes through f at Chebyshev nodes of (low, high), moved by a millionth. (None of them
    falls on tau = 0 any more, where f is 0 / 0, but the floats' table was made so.) Outside the
    centre, low < 0, a quotient leaves out the node in the middle: its error is multiplied by tau,
    which is 0 there. That nearly halves the largest error."""
    n = top + 1 + bottom
    m = n + (bottom != 0 and low < 0)
    nodes = [cos(pi * (2 * k + 1) / (2 * m)) for k in range(m) if m == n or 2 * k + 1 != m]
    assert len(nodes) == n
    mid, half = (low + high) / 2, (high - low) / 2
    a = matrix(n, n)
    b = matrix(n, 1)
    scale = max(abs(low), abs(high))
    for r in range(n):  # N(x) - f(x) D(x) = 0
        x = mid + half * (nodes[r] + mpf(2) ** -20)
        y = f(x)
        for c in range(top + 1):
            a[r, c] = (x / scale) ** c
        for c in range(bottom):
            a[r, top + 1 + c] = -y * (x / scale) ** c
        b[r] = y * (x / scale) ** bottom
    solved = lu_solve(a, b)
    return [solved[c] * scale ** (bottom - (c if c <= top else c - top - 1)) for c in range(n)]


def evaluate(coefficients, x):
    y = mpf(0)
    for c in reversed(coefficients):
        y = y * x + c
    return y


def fit(word, digits, top, bottom):
    offset = int(nint((1 - 1 / sqrt(mpf(2))) * 2 ** (digits - 1)))

    def boundary(index):  # the smallest value of segment 31 - k, k below the top, as mass
        bits = ((2 * (word - 1) - (31 - index)) << (digits - 2)) - offset
        value = ldexp(mpf(2 ** (digits - 1) + bits % 2 ** (digits - 1)), bits // 2 ** (digits - 1) - digits + 1)
        return value / mpf(2) ** word

    rows = []
    worst = mpf(0)
    for index in range(32):
        low = boundary(index)
        high = boundary(index + 1) if index < 31 else mpf(1) / 2
        if index >= 30:
            low = boundary(30)
            b = 2**word
            f = lambda t: upper_quantile((1 - sqrt(t)) / 2) / sqrt(t) - 1
            row = [mpf(0)] + [
                rounded(c, digits)
                for c in interpolate(f, mpf(2) ** -40, (1 - 2 * low) ** 2, top, bottom)
            ]
        else:
            middle = int((low + high) * 2**word)
            for k in range(1000):
                b = middle + (k // 2 if k % 2 else -k // 2)
                c0 = upper_quantile(mpf(b) / 2 ** (word + 1))
                if abs(rounded(c0, digits) - c0) < ulp(c0, digits) / 64:
                    break
            else:
                raise ValueError("no middle of segment %d will do" % index)
            mass = mpf(b) / 2**word
            head = rounded(c0, digits)
            f = lambda tau: (upper_quantile((mass - tau) / 2) - c0) / tau
            row = [head] + [
                rounded(c, digits)
                for c in interpolate(f, mass - 2 * high, mass - 2 * low, top, bottom)
            ]
        error = mpf(0)
        for k in range(101):
            p = low + (high - low) * k / 100
            tau = mpf(b) / 2**word - 2 * p
            at = tau * tau if index >= 30 else tau
            quotient = evaluate(row[1 : top + 2], at) / evaluate(row[top + 2 :] + [mpf(1)], at)
            z = quotient * tau + (tau if index >= 30 else row[0])
            exact = upper_quantile(p)
            error = max(error, abs(z - exact) / ulp(exact, digits))
        worst = max(worst, error)
        print(f"word {word} segment {index:2}: p from {nstr(low, 6)} to {nstr(high, 6)}, "
              f"error {nstr(error, 3)} ulp", file=sys.stderr)
        rows.append((b, row))
    print(f"word {word}: largest error {nstr(worst, 3)} ulp", file=sys.stderr)
    return rows


def literal(x, digits):
    if digits == 53:
        return float(x).hex()
    mantissa, exponent = frexp(x)
    m = int(ldexp(mantissa, 24))
    return f"{'-' if m < 0 else ''}0x{abs(m):x}p{int(exponent) - 24}F"


def lines(values, per_line):
    """The values as the lines of an initializer."""
    rows = [", ".join(values[i : i + per_line]) for i in range(0, len(values), per_line)]
    return ",\n     ".join(rows)


def table(word, digits, top, bottom, scalar, per_line):
    rows = fit(word, digits, top, bottom)
    terms = 1 + top + 1 + bottom  # c0, N from its constant up, and D so but for its last, the 1
    base = lines([f"0x{(b - 1) % 2**word:x}U{'LL' * (word > 32)}" for b, _ in rows], per_line)
    print(f"inline constexpr std::uint{word}_t quantile_base_{scalar}[32] =\n    {{{base}}};\n")
    print(f"inline constexpr {scalar} quantile_{scalar}[{terms}][32] = {{")
    for k in range(terms):
        print(f"    {{{lines([literal(row[k], digits) for _, row in rows], per_line)}}},")
    print("};")


def main():
    print("""// SPDX-License-Identifier: MIT
// Printed by tests/quantile/fit.py, which says what the numbers are and how they were found.

#ifndef NNINIT_DETAIL_QUANTILE_TABLE_HPP
#define NNINIT_DETAIL_QUANTILE_TABLE_HPP

#include <cstdint>

namespace nninit::detail {

// clang-format off
""")
    table(32, 24, 5, 0, "float", 8)
    print()
    table(64, 53, 4, 5, "double", 4)
    print("""
// clang-format on

} // namespace nninit::detail

#endif""")


if __name__ == "__main__":
    main()
