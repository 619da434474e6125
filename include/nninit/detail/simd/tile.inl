// SPDX-License-Identifier: MIT
// The vector routines of detail/orthogonal.hpp, written once. tile.hpp includes this file
// inside the namespace and the target region of each instruction set, which provides
//   F64, width           a vector of doubles, and how many they are
//   tall, wide           sums side by side: 4 * tall rows of 2 * wide vectors, as registers allow
//   opaque(v)            v, with the optimiser kept from seeing where it came from
//   multiply_add(x, y, s)   x y + s with one rounding or two; called where x y is exact
//   load_floats(p), store_floats(p, v)   `width` floats, as doubles and rounded from doubles
//   rounded_to_float(v)  each lane rounded to float and back

[[gnu::__always_inline__]] inline F64 load(const double* p) {
    F64 v;
    std::memcpy(&v, p, sizeof v);
    return v;
}
[[gnu::__always_inline__]] inline void store(double* p, F64 v) { std::memcpy(p, &v, sizeof v); }
[[gnu::__always_inline__]] inline F64 splat(double x) { return opaque(x - F64{}); }

/// sum + x y: the product exact if T is float, else rounded before the sum is.
template <class T> [[gnu::__always_inline__]] inline F64 plus_product(F64 x, F64 y, F64 sum) {
    if constexpr (sizeof(T) == 4)
        return multiply_add(x, y, sum);
    else
        return opaque(sum + opaque(x * y));
}
template <class T> [[gnu::__always_inline__]] inline F64 rounded(F64 v) {
    if constexpr (sizeof(T) == 4)
        return rounded_to_float(v);
    else
        return v;
}

/// Sums of 4 rows and 2 vectors. Members, not an array: GCC moves arrays of vectors about.
template <class T> struct Sums {
    F64 a0{}, a1{}, b0{}, b1{}, c0{}, c1{}, d0{}, d1{};

    [[gnu::__always_inline__]] void load_from(const double* p) {
        a0 = load(p), a1 = load(p + width);
        b0 = load(p + side), b1 = load(p + side + width);
        c0 = load(p + 2 * side), c1 = load(p + 2 * side + width);
        d0 = load(p + 3 * side), d1 = load(p + 3 * side + width);
    }
    [[gnu::__always_inline__]] void store_to(double* p) const {
        store(p, a0), store(p + width, a1);
        store(p + side, b0), store(p + side + width, b1);
        store(p + 2 * side, c0), store(p + 2 * side + width, c1);
        store(p + 3 * side, d0), store(p + 3 * side + width, d1);
    }
    [[gnu::__always_inline__]] void add_to(double* p) const {
        Sums total;
        total.load_from(p);
        total.a0 += a0, total.a1 += a1, total.b0 += b0, total.b1 += b1;
        total.c0 += c0, total.c1 += c1, total.d0 += d0, total.d1 += d1;
        total.store_to(p);
    }
    [[gnu::__always_inline__]] void add(F64 x0, F64 x1, F64 ya, F64 yb, F64 yc, F64 yd) {
        a0 = plus_product<T>(x0, ya, a0), a1 = plus_product<T>(x1, ya, a1);
        b0 = plus_product<T>(x0, yb, b0), b1 = plus_product<T>(x1, yb, b1);
        c0 = plus_product<T>(x0, yc, c0), c1 = plus_product<T>(x1, yc, c1);
        d0 = plus_product<T>(x0, yd, d0), d1 = plus_product<T>(x1, yd, d1);
    }
};

/// See TileRoutines::tile.
template <class T>
void tile(const double* x, const double* y, std::ptrdiff_t step, std::ptrdiff_t length,
          double* sums, Start start) {
    for (int row = 0; row < side; row += 4 * tall)
        for (int lane = 0; lane < side; lane += 2 * wide * width) {
            double* const out = sums + row * side + lane;
            Sums<T> s, below, beside;
            if (start == Start::resumed) {
                s.load_from(out);
                if constexpr (tall == 2) below.load_from(out + 4 * side);
                if constexpr (wide == 2) beside.load_from(out + 2 * width);
            }
            const double *p = x + lane, *q = y + row;
            for (std::ptrdiff_t k = 0; k < length; ++k) {
                const F64 x0 = load(p), x1 = load(p + width);
                const F64 ya = splat(q[0]), yb = splat(q[1]), yc = splat(q[2]), yd = splat(q[3]);
                s.add(x0, x1, ya, yb, yc, yd);
                if constexpr (tall == 2)
                    below.add(x0, x1, splat(q[4]), splat(q[5]), splat(q[6]), splat(q[7]));
                if constexpr (wide == 2)
                    beside.add(load(p + 2 * width), load(p + 3 * width), ya, yb, yc, yd);
                p += step;
                q += step;
            }
            if (start == Start::added) {
                s.add_to(out);
                if constexpr (tall == 2) below.add_to(out + 4 * side);
                if constexpr (wide == 2) beside.add_to(out + 2 * width);
            } else {
                s.store_to(out);
                if constexpr (tall == 2) below.store_to(out + 4 * side);
                if constexpr (wide == 2) beside.store_to(out + 2 * width);
            }
        }
}

/// See TileRoutines::solve.
template <class T>
void solve(const double* v, const double* s, const double* reciprocal, double* m) {
    for (int l = side - 1; l >= 0; --l)
        for (int lane = 0; lane < side; lane += width) {
            const F64 difference = opaque(load(v + l * side + lane) - load(m + l * side + lane));
            const F64 solved = rounded<T>(opaque(difference * splat(reciprocal[l])));
            store(m + l * side + lane, solved);
            for (int k = 0; k < l; ++k) {
                double* const total = m + k * side + lane;
                store(total, plus_product<T>(splat(s[l * side + k]), solved, load(total)));
            }
        }
}

/// See TileRoutines::widen and narrow.
template <class T> void widen(const T* from, double* to, std::ptrdiff_t n) {
    for (std::ptrdiff_t i = 0; i < n; i += width)
        if constexpr (sizeof(T) == 4)
            store(to + i, load_floats(from + i));
        else
            store(to + i, load(from + i));
}
template <class T> void narrow(const double* from, T* to, std::ptrdiff_t n) {
    for (std::ptrdiff_t i = 0; i < n; i += width)
        if constexpr (sizeof(T) == 4)
            store_floats(to + i, load(from + i));
        else
            store(to + i, load(from + i));
}
