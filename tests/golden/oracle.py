#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The stream of specification.md, computed without the library.

    python3 oracle.py > golden.inc       prints the golden values
    python3 oracle.py --orthogonal > golden_orthogonal.inc    those of Orthogonal and NguyenWidrow
    python3 oracle.py --check            compares with exact quantiles (needs mpmath)

Both run ../quantile/fit.py for the tables of the quantile (which needs mpmath); --tables FILE reads
what it has printed instead. Every operation is one on integers, fractions or doubles (+ - * / and
sqrt, each correctly rounded); a rounding to another format goes through a fraction.
"""
import math
import re
import struct
import subprocess
import sys
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

INF = math.inf


# Formats


class Format:
    """A binary floating-point format; its values are kept as doubles."""

    def __init__(self, digits, min_exponent, max_exponent, to_bits, size):
        self.digits = digits
        self.min_exponent = min_exponent
        self.max_exponent = max_exponent
        self.bits = to_bits
        self.size = size
        self.max = math.ldexp(2**digits - 1, max_exponent - digits + 1)

    def rounded(self, x, to_integer):
        """x, a fraction with a power of two below, in whole units of the last digit."""
        if x == 0:
            return 0.0
        exponent = abs(x.numerator).bit_length() - x.denominator.bit_length()
        shift = max(exponent, self.min_exponent) - self.digits + 1
        units = to_integer(x / Fraction(2) ** shift)
        if units == 0:
            return math.copysign(0.0, x)
        if Fraction(abs(units)) * Fraction(2) ** shift >= Fraction(2) ** (self.max_exponent + 1):
            return math.copysign(INF, x)
        return math.ldexp(units, shift)

    def nearest(self, x):
        """T(x); ties to even, as round() of a fraction."""
        if isinstance(x, float) and (math.isinf(x) or x == 0 or self.digits == 53):
            return x
        return self.rounded(Fraction(x), round)

    def upward(self, x):
        """The smallest T >= x."""
        if math.isinf(x):
            return x
        y = self.rounded(Fraction(x), math.ceil)
        return -self.max if y == -INF else y

    def downward(self, x):
        """The largest T <= x."""
        return -self.upward(-x)

    def fma(self, x, y, z):
        """x * y + z, rounded once."""
        exact = Fraction(x) * Fraction(y) + Fraction(z)
        return self.nearest(exact) if exact else x * y + z  # an exact zero has its sign

    def add(self, x, y):
        return self.nearest(Fraction(x) + Fraction(y))

    def multiply(self, x, y):
        return self.nearest(Fraction(x) * Fraction(y))


def float_bits(x):
    return struct.unpack("<I", struct.pack("<f", x))[0]


FLOAT = Format(24, -126, 127, float_bits, 4)
DOUBLE = Format(53, -1022, 1023, lambda x: struct.unpack("<Q", struct.pack("<d", x))[0], 8)
HALF = Format(11, -14, 15, lambda x: struct.unpack("<H", struct.pack("<e", x))[0], 2)
BFLOAT16 = Format(8, -126, 127, lambda x: float_bits(x) >> 16, 2)



def float_add(x, y):
    total = x + y
    part = total - x
    exact = (x - (total - part)) + (y - part) == 0
    return float_of_double(total) if exact else FLOAT.nearest(Fraction(x) + Fraction(y))


def float_of_double(x):
    return struct.unpack("<f", struct.pack("<f", x))[0]


# Faster ways to the same. A sum of two floats, where exact in double, and a product of two floats,
# which always is, are rounded once from double; double has the machine's own operations.
FLOAT.add = float_add
FLOAT.multiply = lambda x, y: float_of_double(x * y)
DOUBLE.add = lambda x, y: x + y
DOUBLE.multiply = lambda x, y: x * y
DOUBLE.divide = lambda x, y: x / y


# Words


def philox(seed, block, stream):
    """The four words of a block."""
    mask = 2**32 - 1
    k0, k1 = seed & mask, seed >> 32
    c0, c1, c2, c3 = block & mask, block >> 32, stream & mask, stream >> 32
    for _ in range(10):
        p0, p1 = 0xD2511F53 * c0, 0xCD9E8D57 * c2
        c0, c1, c2, c3 = p1 >> 32 ^ c1 ^ k0, p1 & mask, p0 >> 32 ^ c3 ^ k1, p0 & mask
        k0, k1 = (k0 + 0x9E3779B9) & mask, (k1 + 0xBB67AE85) & mask
    return c0, c1, c2, c3


cached_philox = lru_cache(maxsize=16)(philox)


def word(seed, stream, position):
    return cached_philox(seed, position // 4, stream)[position % 4]


def hashed(tag, stream, x):
    w0, w1, _, _ = philox(0x6E6E696E69740000 + tag, x, stream)
    return w0 + 2**32 * w1


def stream_of_id(stream, i):
    return hashed(1, stream, i % 2**64) or 1


def stream_of_name(stream, name):
    h = hashed(2, stream, len(name))
    for k in range(0, len(name), 8):
        h = hashed(3, h, int.from_bytes(name[k : k + 8], "little"))
    return h or 1


# The functions in double

LN2 = float.fromhex("0x1.62e42fefa39efp-1")
LN2HI = float.fromhex("0x1.62e42fef00000p-1")
LN2LO = float.fromhex("0x1.473de6af278edp-34")
SQRT2PI = float.fromhex("0x1.40d931ff62706p+1")
LNSQRT2PI = float.fromhex("0x1.d67f1c864beb5p-1")


def scaled(y):
    u, k = math.frexp(y)
    u, k = 2 * u, k - 1
    return (u / 2, k + 1) if u > 1.4140625 else (u, k)


def log_of_scaled(u):
    s = (u - 1) / (u + 1)
    v = s * s
    r = 0.0
    for n in range(10, -1, -1):
        r = r * v + 1 / (2 * n + 1)
    return 2 * s * r


def log(y):
    u, k = scaled(y)
    return k * LN2 + log_of_scaled(u)


def exp_minus(y):
    k = math.floor(y / LN2 + 0.5)
    r = k * LN2HI - y + k * LN2LO
    v = 1.0
    for n in range(20, 0, -1):
        v = v * r / n + 1
    return math.ldexp(v, -k)


def mills(x, terms):
    m = x
    for k in range(terms, 0, -1):
        m = x + k / m
    return 1 / m


def upper_tail(x):
    """Q(x), x >= 0."""
    if x >= 37.5:
        return 0.0
    h = math.floor(x * 2.0**20) / 2.0**20
    f = exp_minus(h * h / 2) * exp_minus((x - h) * (x + h) / 2) / SQRT2PI
    if x >= 1.5:
        return f * mills(x, 200)
    t = s = x
    for k in range(1, 61):
        t = t * x * x / (2 * k + 1)
        s = s + t
    return 1 / 2 - f * s


def tail(h, l, e):
    p = float(h) + float(l) * 2.0**-64
    if p == 0:
        p = 2.0**-64
    u, k = scaled(p)
    x = (64 + e - k) * LN2 - log_of_scaled(u)
    z = math.sqrt(2 * x)
    z = z - log(z * SQRT2PI) / z
    for _ in range(4):
        m = mills(z, 40)
        z = z - ((z * z / 2 + LNSQRT2PI) - log(m) - x) * m
    return z


# The quantile


class Quantile:
    """An N-bit calculation in the operations of one format."""

    def __init__(self, bits, fmt, first, n_degree, d_degree):
        self.N = bits
        self.T = fmt
        self.F = first
        self.n_degree = n_degree
        self.d_degree = d_degree
        self.base = self.c = None  # the tables

    def segment(self, m):
        return (self.T.bits(self.T.nearest(m)) - self.F) // 2 ** (self.T.digits - 2)

    def z(self, h, l, normal, e=0):
        N, T = self.N, self.T
        sign, m = -1, h
        if e == 0 and h >= 2 ** (N - 1):
            sign, m, l = 1, 2**N - 1 - h, 2**N - 1 - l
        j = self.segment(m)
        if e > 0 or j < 0:
            mass = (m, l) if N == 64 else (m * 2**32 + l, 0)
            return sign * T.nearest(tail(*mass, e))
        assert j <= 31
        t = T.nearest(self.base[j] - 2 * m)
        if not normal:
            x = 2 ** (N - 1) - 1 - l
            t = T.add(t, T.nearest(x) * 2.0 ** -(N - 1))
        tau = t * 2.0**-N
        x = T.multiply(tau, tau) if j >= 30 else tau
        c = [row[j] for row in self.c]
        last = self.n_degree + 1
        q = c[last]
        for k in range(last - 1, 0, -1):
            q = T.add(T.multiply(q, x), c[k])
        if self.d_degree > 0:
            d = T.add(x, c[last + self.d_degree])
            for k in range(last + self.d_degree - 1, last, -1):
                d = T.add(T.multiply(d, x), c[k])
            q = T.divide(q, d)
        return sign * T.add(T.multiply(q, tau), tau if j >= 30 else c[0])

    def normal(self, w):
        """z of a word, or of the two words together."""
        return self.z(w, 2 ** (self.N - 1), True)


QUANTILE = {
    FLOAT: Quantile(32, FLOAT, 285 * 2**22 - 2456966, 5, 0),
    DOUBLE: Quantile(64, DOUBLE, 2141 * 2**51 - 1319073791107610, 4, 5),
}


def read_tables(path):
    """The tables as printed by fit.py, from the file or from fit.py itself."""
    if path is None:
        fit = Path(__file__).resolve().parent.parent / "quantile" / "fit.py"
        run = [sys.executable, str(fit)]
        text = subprocess.run(run, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True)
        text = text.stdout.decode()
    else:
        text = Path(path).read_text()
    for quantile, name in ((QUANTILE[FLOAT], "float"), (QUANTILE[DOUBLE], "double")):
        base = re.search(r"quantile_base_%s\[32\] =\s*\{(.*?)\};" % name, text, re.S).group(1)
        base = [int(v, 16) for v in re.findall(r"0x[0-9a-f]+", base)]
        assert len(base) == 32 and base[30] == base[31] == 2**quantile.N - 1
        rows = re.search(r"quantile_%s\[\d+\]\[32\] = \{(.*?)\};" % name, text, re.S).group(1)
        rows = [re.sub(r"F\b|,", " ", r).split() for r in re.findall(r"\{(.*?)\}", rows, re.S)]
        assert len(rows) == quantile.n_degree + quantile.d_degree + 2
        assert all(len(r) == 32 for r in rows)
        quantile.base = base
        quantile.c = [[float.fromhex(v) for v in r] for r in rows]


# Distributions. Each returns a function from a word to a value of the format T, or None where the
# parameters are refused. narrow is the target's own format: T, or half or bfloat16 over float.


def uniform(T, narrow, low, high):
    L, H = narrow.upward(low), narrow.downward(high)
    if L > H:
        return None
    mid = T.nearest(min(max(L / 2 + H / 2, L), H))
    half = min(Fraction(mid) - Fraction(L), Fraction(H) - Fraction(mid))
    assert half >= 0
    half = T.rounded(half, math.floor)
    N, d = (32, 24) if T is FLOAT else (64, 53)

    def value(w):
        u = Fraction(2 * (w // 2 ** (N - d)) + 1 - 2**d, 2**d)
        return T.fma(half, u, mid)

    return value


def normal(T, narrow, mean, stddev):
    s, m = T.nearest(stddev), T.nearest(mean)
    return lambda w: T.fma(s, QUANTILE[T].normal(w), m)


class Truncation:
    """The shares of an interval of the standard normal distribution."""

    def __init__(self, N, mean, stddev, low, high):
        self.N = N
        a = min(max((low - mean) / stddev, -64.0), 64.0)
        b = min(max((high - mean) / stddev, -64.0), 64.0)
        self.mirrored = a + b > 0
        if self.mirrored:
            a, b = -b, -a
        self.a, self.b = a, b
        A = upper_tail(-a)
        B = upper_tail(-b) if b <= 0 else 1 - upper_tail(b)
        D = B - A
        self.e = 0
        if 0 < B < 2.0**-12:
            self.e = -math.frexp(B)[1]
            assert 1 / 2 <= math.ldexp(B, self.e) < 1
        self.refused = math.ldexp(D, self.e) < 2.0**-20
        if self.refused:
            return
        F = math.floor(Fraction(D) * 2 ** (N + self.e))
        F = min(F, 2**32 - 1 if N == 32 else 2**64 - 2**11)
        self.width = F if F % 2 else F - 1
        if a == -b:
            self.start = 2 ** (2 * N - 1) - 2 ** (N - 1) * self.width
        else:
            self.start = math.floor(Fraction(A) * 2 ** (2 * N + self.e))

    def share(self, w):
        share = self.start + w * self.width + self.width // 2
        assert 0 <= share < 2 ** (2 * self.N)
        return share


def truncated(T, narrow, mean, stddev, low, high):
    quantile = QUANTILE[T]
    N = quantile.N
    interval = Truncation(N, mean, stddev, low, high)
    if interval.refused:
        return None
    s, m = T.nearest(stddev), T.nearest(mean)
    L, H = narrow.upward(low), narrow.downward(high)

    def value(w):
        if interval.mirrored:
            w = 2**N - 1 - w
        z = quantile.z(*divmod(interval.share(w), 2**N), False, interval.e)
        if interval.mirrored:
            z = -z
        return min(max(T.fma(s, z, m), L), H)

    return value


DISTRIBUTIONS = [uniform, normal, truncated]


def complex_parts(kind, parameters):
    """The parameters of the real and of the imaginary part."""
    r = math.sqrt(0.5)
    if kind is uniform:
        low, high = parameters
        c = low / 2 + high / 2
        h = (high / 2 - low / 2) * r
        return (c - h, c + h), (-h, h)
    if kind is normal:
        mean, stddev = parameters
        return (mean, stddev * r), (0.0, stddev * r)
    mean, stddev, low, high = parameters
    a, b = (low - mean) * r, (high - mean) * r
    return (mean, stddev * r, mean + a, mean + b), (0.0, stddev * r, a, b)


class Type:
    def __init__(self, name, T, narrow, is_complex=False):
        self.name, self.T, self.narrow, self.is_complex = name, T, narrow, is_complex


TYPES = [
    Type("float", FLOAT, FLOAT),
    Type("double", DOUBLE, DOUBLE),
    Type("half", FLOAT, HALF),
    Type("bfloat16", FLOAT, BFLOAT16),
    Type("complex<float>", FLOAT, FLOAT, True),
    Type("complex<double>", DOUBLE, DOUBLE, True),
]


def elements(kind, scalar, parameters, seed, stream, position, count):
    """The bits of the elements, those of a complex one in two; None where refused."""
    T, narrow = scalar.T, scalar.narrow
    parts = complex_parts(kind, parameters) if scalar.is_complex else [parameters]
    values = [kind(T, narrow, *p) for p in parts]
    if None in values:
        return None
    bits = []
    for real in range(count * len(parts)):
        if T is FLOAT:
            w = word(seed, stream, position + real)
        else:
            w = word(seed, stream, position + 2 * real)
            w += 2**32 * word(seed, stream, position + 2 * real + 1)
        bits.append(narrow.bits(narrow.nearest(values[real % len(parts)](w))))
    return bits


# Rules

MODES = [  # in the order of the golden file
    lambda n_in, n_out: n_in,
    lambda n_in, n_out: n_out,
    lambda n_in, n_out: (n_in + n_out) / 2,
    lambda n_in, n_out: math.sqrt(n_in * n_out),
]


def variance_scaling(kind, scale, n):
    """The bound of a uniform distribution, the stddev of the others."""
    if kind is uniform:
        return math.sqrt(3 * scale / n)
    if kind is normal:
        return math.sqrt(scale / n)
    return math.sqrt(scale / n) / 0.87962566103423978


def random_uniform(kind, mode, argument, n_in, n_out):
    return 1 / math.sqrt(n_in)


def glorot(kind, mode, gain, n_in, n_out):
    return variance_scaling(kind, gain * gain, (n_in + n_out) / 2)


def he(kind, mode, slope, n_in, n_out):
    return variance_scaling(kind, 2 / (1 + slope * slope), MODES[mode](n_in, n_out))


def lecun(kind, mode, argument, n_in, n_out):
    return variance_scaling(kind, 1.0, n_in)


def scaling(kind, mode, scale, n_in, n_out):
    return variance_scaling(kind, scale, MODES[mode](n_in, n_out))


RULES = [random_uniform, glorot, he, lecun, scaling]


# The golden file

LAYOUT = """\
// SPDX-License-Identifier: MIT
// Printed by tests/golden/oracle.py. Include at global scope after <cstddef>, <cstdint>, <limits>.
//
// kind: 0 Uniform(low, high), 1 Normal(mean, stddev), 2 TruncatedNormal(mean, stddev, low, high),
// with p[0], p[1], ... the parameters in that order. type: 0 float, 1 double, 2 half, 3 bfloat16,
// 4 complex<float>, 5 complex<double>. A value is given by its bits, a complex one by two in a row.
// The values of a golden::run are bits[first], bits[first + 1], ...: count elements from the word
// `position` of the stream; those of a golden::digest are the first `count` of seed 42, stream 0,
// as the 64-bit FNV-1a hash of their bytes, low byte first. The parameters of golden::refused are
// to be refused. golden::name and golden::id derive the stream `derived` from `stream`.
// which: 0 RandomUniform, 1 Glorot(argument = gain), 2 He(argument = slope), 3 LeCun,
// 4 VarianceScaling(argument = scale); mode: 0 fan in, 1 fan out, 2 mean, 3 geometric mean (-1: the
// rule's only one); bits[k]: the bound (kind 0) or the stddev (kinds 1 and 2) at fans[k].

// clang-format off
namespace golden {

inline constexpr double inf = std::numeric_limits<double>::infinity();

struct words { std::uint64_t seed, stream, position; std::uint32_t word[8]; };
struct name { std::uint64_t stream; char const* text; std::size_t size; std::uint64_t derived; };
struct id { std::uint64_t stream, value, derived; };
struct run { int kind, type; double p[4]; std::uint64_t seed, stream, position;
             std::size_t count, first; };
struct refusal { int kind, type; double p[4]; };
struct digest { int kind, type; double p[4]; std::size_t count; std::uint64_t hash; };
struct float_z { std::uint32_t word, bits; };   // Normal(0, 1) of a word
struct double_z { std::uint64_t word, bits; };  // the low half is drawn first
struct fan { double in, out; };
struct rule { int which, kind, mode; double argument; std::uint64_t bits[6]; };
"""

SEEDS = [0, 1, 42, 2**32, 2**64 - 1]
STREAMS = [0, 5, 2**64 - 3]
POSITIONS = [0, 1, 2**34 - 3, 2**40 + 2, 7, 2**34 + 1, 2**40 - 5]
DIGEST_COUNT = 20000

PARAMETERS = {
    uniform: [
        (-1.0, 1.0), (-0.05, 0.05), (0.0, 1.0), (1.0, 2.0), (-1e-40, 3e-40), (1e-30, 3e-30),
        (-1.7e308, 1.7e308), (-60000.0, 123456.789), (0.1, 0.1 + 2.0**-20), (1.5, 1.5),
    ],
    normal: [(0.0, 1.0), (0.0, 0.02), (3.0, 0.5), (-1e3, 1e-3), (0.7, 0.0),
             (0.0, 3e3), (0.0, 1e-39)],
    truncated: [
        (0.0, 1.0, -2.0, 2.0), (0.0, 1.0, -0.5, 3.0), (0.0, 1.0, 1.0, INF), (0.0, 1.0, -INF, -4.0),
        (1.0, 2.0, 0.0, 10.0), (0.0, 1.0, 8.0, 9.0), (0.0, 0.02, -0.04, 0.04),
        (0.3, 1.7, -INF, INF),
        (0.0, 1.0, -3.4, -3.3), (0.0, 1.0, -INF, -3.49), (2.0, 0.1, -1.6, -1.5),
        (0.1, 0.3, -0.5, 0.7),
    ],
}

REFUSED = [(uniform, (2.0, 1.0)), (uniform, (0.1, 0.1)), (truncated, (0.0, 1.0, 1.0, 1.0000001))]

DIGESTS = [
    (uniform, (-1.0, 1.0)), (normal, (0.0, 1.0)), (normal, (3.0, 0.5)),
    (truncated, (0.0, 1.0, -2.0, 2.0)), (truncated, (0.0, 1.0, -0.5, 3.0)),
    (truncated, (0.0, 1.0, 8.0, 9.0)),
]

NAMES = [
    b"", b"a", b"ab", b"weight", b"encoder.0.attn.q", b"1234567", b"12345678", b"123456789",
    b"abcdefghijklmnop", b"abcdefghijklmnopq", b"\0", b"a\0", b"\0\0\0\0\0\0\0\0", b"x\0y\0z",
    b"\xff\x80", "größe/重み".encode(), b"12345678\0",
]

IDS = [0, 1, 2**64 - 1, 2**63, 2**32, 2**32 - 1]

FANS = [(1.0, 3.0), (3.0, 7.5), (7.5, 1e-3), (1e-3, 12345678.0), (12345678.0, 1e300), (1e300, 1.0)]


def number(x):
    return x.hex() if math.isfinite(x) else "inf" if x > 0 else "-inf"


def integer(x):
    return f"{x:#x}" if x > 9 else str(x)


def initializer(parameters):
    return "{" + ", ".join(number(p) for p in parameters) + "}"


def text_literal(name):
    plain = b"abcdefghijklmnopqrstuvwxyz0123456789."
    return '"' + "".join(chr(c) if c in plain else f"\\{c:03o}" for c in name) + '"'


def print_array(declaration, items, width=118):
    print(f"\ninline constexpr {declaration}[] = {{")
    line = "   "
    for item in items:
        if len(line) + len(item) + 2 > width and line.strip():
            print(line)
            line = "   "
        line += f" {item},"
    print(line + "\n};")


def fnv1a(values, size):
    h = 0xCBF29CE484222325
    for v in values:
        for byte in v.to_bytes(size, "little"):
            h = (h ^ byte) * 0x100000001B3 % 2**64
    return h


def golden_words():
    streams = [0, 1, 2**32, 2**64 - 1]
    positions = [0, 8, 2**34 - 4, 2**34 - 3, 2**40, 2**63, 2**64 - 9]
    for k, seed in enumerate(SEEDS):
        for n, position in enumerate(positions):
            stream = streams[(k + n) % len(streams)] if n else 0
            w = ", ".join(f"{word(seed, stream, position + i):#x}" for i in range(8))
            yield f"{{{integer(seed)}, {integer(stream)}, {integer(position)}, {{{w}}}}}"


def golden_names():
    def entry(stream, name):
        derived = integer(stream_of_name(stream, name))
        return f"{{{integer(stream)}, {text_literal(name)}, {len(name)}, {derived}}}"

    for name in NAMES:
        yield entry(0, name)
    for stream in (stream_of_name(0, b"weight"), stream_of_id(0, 1), 2**64 - 1):
        for name in (b"", b"a", b"encoder.0.attn.q"):
            yield entry(stream, name)


def golden_ids():
    for stream in (0, stream_of_id(0, 2**64 - 1), stream_of_name(0, b"weight"), 2**64 - 1):
        for i in IDS:
            yield f"{{{integer(stream)}, {integer(i)}, {integer(stream_of_id(stream, i))}}}"


def golden_runs():
    """Descriptions, pool of bits, refusals."""
    runs, pool, refused = [], [], []
    turn = 0
    for kind in DISTRIBUTIONS:
        number_of_kind = DISTRIBUTIONS.index(kind)
        for parameters in PARAMETERS[kind] + [p for k, p in REFUSED if k is kind]:
            for number_of_type, scalar in enumerate(TYPES):
                head = f"{{{number_of_kind}, {number_of_type}, {initializer(parameters)}"
                seed, stream = SEEDS[turn % 5], STREAMS[turn // 7 % 3]
                position = POSITIONS[turn % 7]
                bits = elements(kind, scalar, parameters, seed, stream, position, 24)
                if bits is None:
                    refused.append(head + "}")
                    continue
                where = ", ".join(integer(v) for v in (seed, stream, position))
                runs.append(f"{head}, {where}, 24, {len(pool)}}}")
                pool += bits
                turn += 1
    for number_of_type, scalar in enumerate(TYPES):  # the last words of a stream
        words = (2 if scalar.T is DOUBLE else 1) * (2 if scalar.is_complex else 1)
        position = 2**64 - 1 - 12 * words
        bits = elements(normal, scalar, (0.0, 1.0), 42, 5, position, 12)
        head = f"{{1, {number_of_type}, {initializer((0.0, 1.0))}"
        runs.append(f"{head}, 42, 5, {integer(position)}, 12, {len(pool)}}}")
        pool += bits
    return runs, pool, refused


def boundary_words(quantile):
    """The words beside the boundaries of the segments, and some others."""
    N = quantile.N
    masses = {0, 1, 2, 3, 2 ** (N - 1) - 1, 2 ** (N - 1) - 2}
    for j in range(32):
        low, high = 0, 2 ** (N - 1) - 1
        while low < high:  # the smallest m of segment j
            middle = (low + high) // 2
            if quantile.segment(middle) >= j:
                high = middle
            else:
                low = middle + 1
        masses |= {low - 1, low}
        if j < 30:  # the middle of the segment
            masses |= {(quantile.base[j] + 1) // 2}
    masses = sorted(masses)
    return masses + [2**N - 1 - m for m in reversed(masses)]


def golden_z(T):
    quantile = QUANTILE[T]
    pairs = ((w, T.bits(quantile.normal(w))) for w in boundary_words(quantile))
    return [f"{{{integer(w)}, {integer(bits)}}}" for w, bits in pairs]


def golden_rules():
    cases = [(random_uniform, uniform, -1, 1.0)]
    for kind in DISTRIBUTIONS:
        cases += [(glorot, kind, -1, gain) for gain in (1.0, 5 / 3)]
        cases += [(he, kind, mode, slope) for mode in (0, 1) for slope in (0.0, 0.2, math.sqrt(5))]
        cases += [(lecun, kind, -1, 1.0)]
        cases += [(scaling, kind, mode, scale) for mode in range(4) for scale in (1.0, 2.0, 0.3)]
    for rule, kind, mode, argument in cases:
        values = (rule(kind, mode, argument, *fans) for fans in FANS)
        bits = ", ".join(integer(DOUBLE.bits(v)) for v in values)
        yield (f"{{{RULES.index(rule)}, {DISTRIBUTIONS.index(kind)}, {mode}, {number(argument)}, "
               f"{{{bits}}}}}")


def golden_digests():
    for kind, parameters in DIGESTS:
        for number_of_type, scalar in enumerate(TYPES):
            bits = elements(kind, scalar, parameters, 42, 0, 0, DIGEST_COUNT)
            h = integer(fnv1a(bits, scalar.narrow.size))
            yield (f"{{{DISTRIBUTIONS.index(kind)}, {number_of_type}, {initializer(parameters)}, "
                   f"{DIGEST_COUNT}, {h}}}")


def print_golden():
    print(LAYOUT, end="")
    print_array("words philox", golden_words())
    print_array("name names", golden_names())
    print_array("id ids", golden_ids())
    runs, pool, refused = golden_runs()
    print_array("run runs", runs)
    print_array("std::uint64_t bits", [integer(b) for b in pool])
    print_array("refusal refused", refused)
    print_array("digest digests", golden_digests())
    print_array("float_z float_quantiles", golden_z(FLOAT))
    print_array("double_z double_quantiles", golden_z(DOUBLE))
    print_array("fan fans", [f"{{{number(a)}, {number(b)}}}" for a, b in FANS])
    print_array("rule rules", golden_rules())
    print("\n} // namespace golden\n// clang-format on")


# Orthogonal, NguyenWidrow, and the power


def standard_normals(T, rows, cols):
    """Columns of values."""
    value = normal(T, T, 0.0, 1.0)
    return [[value(drawn(T, k * rows + i)) for i in range(rows)] for k in range(cols)]


def drawn(T, element):
    if T is FLOAT:
        return word(42, 0, element)
    return word(42, 0, 2 * element) + 2**32 * word(42, 0, 2 * element + 1)


def rounding(T):
    return float_of_double if T is FLOAT else float


def orthogonal(T, m, n):
    """The totals of step 4 and the signs, of m >= n."""
    to_T = rounding(T)
    x = standard_normals(T, m, n)
    v, sign = [], []
    for k in range(n):
        column = x[k]
        total = 0.0
        for i in range(k, m):
            total = total + column[i] * column[i]
        length = math.sqrt(total)
        negative = column[k] < 0
        pivot = to_T(column[k] - length if negative else column[k] + length)
        v.append([0.0] * k + [pivot] + column[k + 1 :])
        sign.append(1.0 if negative else -1.0)
    return reflected(T, v, m, n), sign


def reflected(T, v, m, n):
    """The totals of step 4 of n vectors of m elements."""
    to_T = rounding(T)
    S = [[0.0] * n for _ in range(n)]
    r = [0.0] * n
    for a in range(n):
        for b in range(a, n):
            G = None
            for start in range(0, m, 128):
                rows = range(max(start, b), min(start + 128, m))
                if len(rows) == 0:
                    continue
                total = 0.0
                for i in rows:
                    total = total + v[a][i] * v[b][i]
                G = total if G is None else G + total
            if a == b:
                r[b] = 2 / G if G else 0.0
            else:
                S[a][b] = to_T(G)
    M = [[0.0] * n for _ in range(n)]
    for j in range(n):
        for k in range(j, -1, -1):
            total = 0.0
            for l in range(j, k, -1):
                total = total + S[k][l] * M[l][j]
            M[k][j] = to_T((v[k][j] - total) * r[k])
    totals = [[0.0] * n for _ in range(m)]
    for i in range(m):
        for j in range(n):
            total = 0.0
            for k in range(min(i, j) + 1):
                total = total + v[k][i] * M[k][j]
            totals[i][j] = total - 1 if i == j else total
    return totals


def unitary(T, m, n, gain):
    """Rows of pairs, m >= n."""
    to_T = rounding(T)
    value = normal(T, T, 0.0, math.sqrt(0.5))

    def turned(p, q, c, s):
        return to_T(p * c - q * s), to_T(p * s + q * c)

    v, phases = [], []
    for k in range(n):
        x = [(value(drawn(T, 2 * (k * m + i))), value(drawn(T, 2 * (k * m + i) + 1)))
             for i in range(m)]
        total = 0.0
        for re, im in x[k:]:
            total = total + re * re
            total = total + im * im
        re, im = x[k]
        a = math.sqrt(re * re + im * im)
        c, s = re / a, im / a
        pivot = to_T(a + math.sqrt(total))
        even, odd = [0.0, 0.0] * k + [pivot, 0.0], [0.0, 0.0] * k + [0.0, pivot]
        for re, im in x[k + 1:]:
            p, q = turned(re, im, c, -s)
            even += [p, q]
            odd += [-q, p]
        v += [even, odd]
        phases.append((c, s))
    totals = reflected(T, v, 2 * m, 2 * n)
    return [[turned(to_T(-totals[2 * i][2 * j]), to_T(-totals[2 * i + 1][2 * j]),
                    phases[j][0] * -gain, phases[j][1] * -gain)
             for j in range(n)] for i in range(m)]


def golden_orthogonal():
    for m, n in [(1, 1), (17, 3), (64, 64), (200, 77), (300, 140)]:
        made = {T: orthogonal(T, m, n) for T in (FLOAT, DOUBLE)}
        for rows, cols in [(m, n)] + ([(n, m)] if (m, n) == (200, 77) else []):
            for type_number in (0, 1, 2):
                scalar = TYPES[type_number]
                totals, sign = made[scalar.T]
                for gain in (1.0, math.sqrt(2.0)):
                    def element(i, j):
                        exact = totals[i][j] * (sign[j] * -gain)
                        value = float_of_double(exact) if scalar.T is FLOAT else exact
                        return scalar.narrow.bits(scalar.narrow.nearest(value))

                    tall = rows == m
                    bits = [element(i, j) if tall else element(j, i)
                            for j in range(cols) for i in range(rows)]
                    yield (f"{{{type_number}, {rows}, {cols}, {number(gain)}, "
                           f"{integer(fnv1a(bits, scalar.narrow.size))}, "
                           f"{{{', '.join(integer(bits[k]) for k in (0, rows - 1, -1))}}}}}")
    for m, n, gain in [(1, 1, 1.0), (17, 3, math.sqrt(2.0)), (64, 64, 1.0), (100, 70, 1.0)]:
        for type_number in (4, 5):
            T = TYPES[type_number].T
            made = unitary(T, m, n, gain)
            for rows, cols in [(m, n)] + ([(n, m)] if (m, n) == (100, 70) else []):
                q = [made[i][j] if rows == m else made[j][i]
                     for j in range(cols) for i in range(rows)]
                parts = [T.bits(part) for pair in q for part in pair]
                yield (f"{{{type_number}, {rows}, {cols}, {number(gain)}, "
                       f"{integer(fnv1a(parts, T.size))}, "
                       f"{{{', '.join(integer(parts[k]) for k in (0, 2 * rows - 2, -2))}}}}}")


def fast_pair(a, b):
    s = a + b
    return s, b - (s - a)


def add_pairs(x, y):
    s = x[0] + y[0]
    t = s - x[0]
    e = (x[0] - (s - t)) + (y[0] - t)
    return fast_pair(s, e + (x[1] + y[1]))


def multiply_pairs(x, y):
    p = x[0] * y[0]
    e = DOUBLE.fma(x[0], y[0], -p)
    return fast_pair(p, e + (x[0] * y[1] + x[1] * y[0]))


def divide_pairs(x, y):
    q = x[0] / y[0]
    rest = add_pairs(x, multiply_pairs((-q, 0.0), y))
    return fast_pair(q, rest[0] / y[0])


def power(x, y):
    ln2 = (LN2, float.fromhex("0x1.abc9e3b39803fp-56"))
    lift = 0.0
    if x < 2.0**-1022:
        x, lift = x * 2.0**54, -54.0
    u, k = scaled(x)
    s = divide_pairs((u - 1, 0.0), fast_pair(1.0, u))
    w = multiply_pairs(s, s)
    r = (0.0, 0.0)
    for n in range(20, -1, -1):
        r = add_pairs(multiply_pairs(r, w), divide_pairs((1.0, 0.0), (2.0 * n + 1, 0.0)))
    ln = add_pairs(multiply_pairs((float(k), 0.0), ln2),
                   multiply_pairs(multiply_pairs((2.0, 0.0), s), r))
    ln = add_pairs(ln, multiply_pairs((lift, 0.0), ln2))
    E = multiply_pairs((min(max(y, -(2.0**1000)), 2.0**1000), 0.0), ln)
    if E[0] > 710:
        return INF
    if E[0] < -746:
        return 0.0
    k = math.floor(E[0] / LN2 + 0.5)
    r = add_pairs(E, multiply_pairs((float(-k), 0.0), ln2))
    v = (1.0, 0.0)
    for n in range(24, 0, -1):
        v = add_pairs(divide_pairs(multiply_pairs(v, r), (float(n), 0.0)), (1.0, 0.0))
    return math.ldexp(v[0], k)


def golden_powers():
    pairs = [(1.0, 0.1), (2.0, 0.5), (10.0, 1.0), (784.0, 1 / 10), (3.0, -2.5), (2.0**-1074, 0.25),
             (1e308, 1.0), (1e308, 2.0), (1e-300, 3.0), (0.5, 1e300), (1.5, 1e-300), (7.0, -384.0)]
    pairs += [(float(n_out), 1 / n_in) for n_out in (1, 2, 7, 100, 1000003)
              for n_in in (1, 2, 3, 13, 784)]
    for x, y in pairs:
        result = power(x, y)
        yield f"{{{number(x)}, {number(y)}, {integer(DOUBLE.bits(result))}}}"


def golden_nguyen_widrow():
    for type_number in (0, 1, 2):
        scalar = TYPES[type_number]
        T = scalar.T
        value = uniform(T, T, -1.0, 1.0)
        for rows, cols, factor in [(1, 1, 0.7), (5, 3, 0.7), (64, 100, 0.7), (33, 17, 1.5)]:
            beta = factor * power(float(rows), 1 / cols)
            bits = [0] * (rows * cols)
            for r in range(rows):
                u = [value(drawn(T, c * rows + r)) for c in range(cols)]
                total = 0.0
                for element in u:
                    total = total + element * element
                scale = T.nearest(beta / math.sqrt(total))
                for c in range(cols):
                    element = scalar.narrow.nearest(T.multiply(u[c], scale))
                    bits[c * rows + r] = scalar.narrow.bits(element)
            yield (f"{{{type_number}, {rows}, {cols}, {number(factor)}, {integer(DOUBLE.bits(beta))}, "
                   f"{integer(fnv1a(bits, scalar.narrow.size))}}}")


ORTHOGONAL_LAYOUT = """// SPDX-License-Identifier: MIT
// Printed by tests/golden/oracle.py --orthogonal. Include at global scope after <cstdint>.
//
// Seed 42, stream 0, from word 0 on. type: 0 float, 1 double, 2 half, 4 complex<float>,
// 5 complex<double>, of which some has real parts. A digest is the 64-bit FNV-1a
// hash of the elements' bytes, column-major, low byte first; some: the bits of the first element,
// of the last one of the first column, and of the last one. beta: bits.

// clang-format off
namespace golden {

struct orthogonal { int type, rows, cols; double gain; std::uint64_t digest, some[3]; };
struct power { double x, y; std::uint64_t bits; };
struct nguyen_widrow { int type, rows, cols; double factor; std::uint64_t beta, digest; };
"""


def print_golden_orthogonal():
    print(ORTHOGONAL_LAYOUT, end="")
    print_array("orthogonal orthogonals", golden_orthogonal())
    print_array("power powers", golden_powers())
    print_array("nguyen_widrow nguyen_widrows", golden_nguyen_widrow())
    print("\n} // namespace golden\n// clang-format on")


# The comparison with exact quantiles


def check():
    """Prints the largest errors; see the promises in the text."""
    import random
    import mpmath
    from mpmath import mp, mpf

    mp.prec = 240
    source = random.Random(20)
    upper = lambda x: mpmath.erfc(x / mpmath.sqrt(2)) / 2
    density = lambda x: mpmath.exp(-x * x / 2) / mpmath.sqrt(2 * mp.pi)

    def ulp(x, T):
        return mpf(2) ** (int(mpmath.frexp(abs(x))[1]) - T.digits)

    def refined(z, mass):
        """The upper quantile of mass, from a z that is nearly it."""
        step = (upper(z) - mass) / density(z)
        return z + step / (1 + z * step / 2)

    def error(z, mass, T):
        """Of a positive z, in ulp of the exact one."""
        z = mpf(z)
        true = refined(z, mass)
        return abs(z - true) / ulp(true, T)

    def show(text, worst):
        print(f"{text}: {mpmath.nstr(worst[0], 4)} at {worst[1]}")

    # The known answer of Philox4x32-10 for the digits of pi.
    answer = philox(0x299F31D0A4093822, 0x85A308D3243F6A88, 0x0370734413198A2E)
    print(f"Philox: {answer == (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1)}")

    # Constants.
    for name, value, true in (
        ("LN2", LN2, mpmath.log(2)), ("SQRT2PI", SQRT2PI, mpmath.sqrt(2 * mp.pi)),
        ("LNSQRT2PI", LNSQRT2PI, mpmath.log(2 * mp.pi) / 2),
        ("LN2LO", LN2LO, mpmath.log(2) - mpf(LN2HI)),
        ("stddev of the normal distribution cut at two", 0.87962566103423978,
         mpmath.sqrt(1 - 4 * density(mpf(2)) / (1 - 2 * upper(mpf(2))))),
    ):
        print(f"{name}: nearest double {float(true) == value}")
    for T in (FLOAT, DOUBLE):
        d, N = T.digits, QUANTILE[T].N
        offset = int(mpmath.nint((1 - 1 / mpmath.sqrt(2)) * 2 ** (d - 1)))
        first = T.bits(2.0 ** (N // 2 - 1 if N == 32 else N - 17)) - offset + 2 ** (d - 2)
        print(f"F of {N} bits: {QUANTILE[T].F == first}, segment of 2^{N - 1}: "
              f"{QUANTILE[T].segment(2 ** (N - 1))}")

    # Quantiles of words.
    for T in (FLOAT, DOUBLE):
        quantile = QUANTILE[T]
        N = quantile.N
        masses = set(m for m in boundary_words(quantile) if m < 2 ** (N - 1))
        for m in sorted(masses):
            masses |= {max(m + k, 0) for k in range(-40, 41) if m + k < 2 ** (N - 1)}
        masses |= {source.randrange(2 ** (N - 1)) for _ in range(20000)}
        for k in range(N - 1):
            masses |= {source.randrange(2**k, 2 ** (k + 1)) for _ in range(24000 // N)}
        for k in range(N - 1):
            masses |= {2**k, 2 ** (N - 1) - 2**k}
        worst = {"center": (0, 0), "segments": (0, 0), "tail": (0, 0)}
        asymmetric = []
        for m in sorted(masses):
            z = quantile.normal(2**N - 1 - m)
            if quantile.normal(m) != -z:
                asymmetric.append(m)
            j = quantile.segment(m)
            part = "tail" if j < 0 else "segments" if j < 30 else "center"
            worst[part] = max(worst[part], (error(z, (m + mpf(1) / 2) / mpf(2) ** N, T), m))
        print(f"quantile of {N} bits, {len(masses)} words and their complements, promised "
              f"{2 if N == 32 else 4} ulp:")
        for part in worst:
            show(f"    {part}, largest error in ulp", worst[part])
        print(f"    not odd: {len(asymmetric)} {asymmetric[:5]}")
        # The values must not decrease; a step down can only be at neighbors.
        down = []
        for m in sorted(masses):
            if m + 1 in masses and quantile.normal(m + 1) < quantile.normal(m):
                down.append(m)
        print(f"    decreasing: {len(down)} {down[:5]}")

    quantile = QUANTILE[FLOAT]
    asymmetric = [m for m in range(2**16) if quantile.normal(m) != -quantile.normal(2**32 - 1 - m)]
    down = [m for m in range(2**16) if quantile.normal(m + 1) < quantile.normal(m)]
    print(f"32 bits, the words below 2^16: not odd: {asymmetric}, decreasing: {down}")

    # The functions of the tail.
    for terms, points in ((40, (3.48, 3.5, 4.1, 4.26, 5.0, 10.0, 38.0)), (200, (2.0, 3.5, 10.0))):
        for x in points:
            true = upper(mpf(x)) / density(mpf(x))
            m = mpf(x)
            for k in range(terms, 0, -1):
                m = x + k / m
            print(f"mills({x}, {terms}): relative error "
                  f"{mpmath.nstr(abs(mills(x, terms) / true - 1), 3)}, of the fraction itself "
                  f"{mpmath.nstr(abs(1 / m / true - 1), 3)}")
    for e in (0, 12, 13, 14, 15, 16, 20, 50, 500, 1000, 1040):
        worst = (0, 0)
        for k in range(1000):
            least, most = (-46, -16.7) if e == 0 else (-20 if k % 2 else -1, 0)
            h, l = int(2 ** source.uniform(least, most) * 2**64), source.randrange(2**64)
            mass = (h + mpf(l) / mpf(2) ** 64) / mpf(2) ** (64 + e)
            worst = max(worst, (error(tail(h, l, e), mass, DOUBLE), h))
        show(f"tail, e = {e}, largest error in ulp of double", worst)
    for low, high in ((1e-9, 0.5), (0.5, 1), (1, 1.5), (1.5, 1.9), (1.9, 2), (2, 2.1), (2, 10),
                      (10, 37.5), (37.5, 37.65), (37.65, 38)):
        worst = (0, 0)
        for _ in range(600):
            x = source.uniform(low, high)
            worst = max(worst, (abs(upper_tail(x) / upper(mpf(x)) - 1), x))
        show(f"Q from {low} to {high}, largest relative error", worst)
    below = 2 - 2.0**-52
    print(f"Q(2) - Q(2 - 2^-52) = {upper_tail(2.0) - upper_tail(below)}, relative errors "
          f"{mpmath.nstr(upper_tail(2.0) / upper(mpf(2)) - 1, 3)}, "
          f"{mpmath.nstr(upper_tail(below) / upper(mpf(below)) - 1, 3)}")

    # Truncated distributions.
    for T in (FLOAT, DOUBLE):
        quantile = QUANTILE[T]
        N = quantile.N
        for parameters in PARAMETERS[truncated]:
            interval = Truncation(N, *parameters)
            mean, stddev, low, high = (mpf(p) for p in parameters)
            a, b = (low - mean) / stddev, (high - mean) / stddev
            if interval.mirrored:
                a, b = -b, -a
            A, B = upper(-a) if a > -mp.inf else mpf(0), upper(-b) if b < mp.inf else mpf(1)
            own = ideal = spread = (0, 0)
            words = [0, 1, 2, 2**N - 1, 2**N - 2, 2 ** (N - 1), 2 ** (N - 1) - 1]
            words += [source.randrange(2**N) for _ in range(300)]
            words += [2 ** source.randrange(N) + 1 for _ in range(30)]
            words += [2**N - 1 - 2 ** source.randrange(N) for _ in range(30)]
            previous = None
            for w in sorted(words):
                share = interval.share(w)
                z = quantile.z(*divmod(share, 2**N), False, interval.e)
                assert previous is None or z >= previous, (parameters, w)
                previous = z
                mass = (share + mpf(1) / 2) / mpf(2) ** (2 * N + interval.e)
                wanted = A + (B - A) * (w + mpf(1) / 2) / mpf(2) ** N
                own = max(own, (error(abs(z), 1 - mass if z > 0 else mass, T), w))
                ideal = max(ideal, (error(abs(z), 1 - wanted if z > 0 else wanted, T), w))
                spread = max(spread, (abs(upper(-mpf(z)) - wanted) / (B - A), w))
            print(f"truncated {parameters}, {N} bits, e = {interval.e}: z of the share within "
                  f"{mpmath.nstr(own[0], 3)} ulp (w = {own[1]}), of (w + 1/2) 2^-N of the "
                  f"interval within {mpmath.nstr(ideal[0], 3)} ulp (w = {ideal[1]}), Phi(z) within "
                  f"2^{mpmath.nstr(mpmath.log(spread[0], 2), 3)} of its mass")


def main():
    arguments = sys.argv[1:]
    tables = None
    if "--tables" in arguments:
        at = arguments.index("--tables")
        tables = arguments[at + 1]
        del arguments[at : at + 2]
    read_tables(tables)
    if arguments == ["--check"]:
        return check()
    if arguments == ["--orthogonal"]:
        return print_golden_orthogonal()
    if arguments:
        sys.exit(__doc__)
    print_golden()


if __name__ == "__main__":
    main()
