// SPDX-License-Identifier: MIT
// Complex matrices by the real routines. With the real and imaginary parts of an element in two
// rows, a complex vector v becomes the real vectors v and i v, which are orthogonal and of one
// length, and the complex reflection of v the product of their two real ones:
//
//     I - 2 v v^H / |v|^2  is  (I - 2 v v^T / |v|^2) (I - 2 iv iv^T / |v|^2)
//
// So m x n complex normals give 2n real vectors of 2m elements. A reflection does not change when
// its vector is turned by a phase: v is turned until its first element is real, so that i v begins
// with a 0 and the vectors stay a trapezoid.

#ifndef NNINIT_DETAIL_UNITARY_HPP
#define NNINIT_DETAIL_UNITARY_HPP

#include <nninit/detail/orthogonal.hpp>
#include <nninit/detail/power.hpp>

#include <complex>

namespace nninit::inline NNINIT_ABI::detail::inline NNINIT_COMPILER {

/// gain Q, unitary: used as the real Reflections are. Takes four times their memory.
template <class T> class Reflections<std::complex<T>> {
public:
    using Index = std::ptrdiff_t;
    static constexpr Index group = Reflections<T>::group / 2; ///< 64

    /// \throws std::bad_alloc if memory is lacking
    Reflections(Index rows, Index cols, int threads = 1)
        : rows_(rows), cols_(cols), real_(twice(rows), twice(cols), threads) {
        columns_.allocate(count(rows, (std::min)(cols, group)));
        phase_.allocate(count(cols, 1));
    }

    std::complex<T>* columns() { return columns_.get(); }

    /// Step 1: turns each column x_k by the phase of its element k, to the vectors v_k and i v_k.
    void reflect(Index first) {
        for (Index k = 0; k < width(first); ++k) turn(columns() + k * rows_, first + k, k);
        real_.keep_vectors(2 * first);
    }
    void solve() { real_.solve(); }

    /// Step 4. Of the real columns, that of i v_k repeats what the one of v_k says.
    void product(double gain, Index first, std::complex<T>* out, Index down, Index right) {
        real_.product(1, 2 * first, real_.columns(), 1, 2 * rows_);
        for (Index k = 0; k < width(first); ++k) {
            const T* const q = real_.columns() + 4 * rows_ * k;
            const Rounded c = phase(first + k).real() * -gain, s = phase(first + k).imag() * -gain;
            for (Index i = 0; i < rows_; ++i)
                out[i * down + k * right] = turned(q[2 * i], q[2 * i + 1], c, s);
        }
    }

private:
    static Index twice(Index n) { // what is too large to be counted stays too large
        return n > PTRDIFF_MAX / 2 ? PTRDIFF_MAX : 2 * n;
    }
    std::complex<double>& phase(Index k) { return phase_.get()[k]; }
    Index width(Index first) const { return (std::min)(Index{group}, cols_ - first); }

    static Rounded rounded(T x) { return static_cast<double>(x); }

    /// (x + i y) (c + i s)
    static std::complex<T> turned(T x, T y, Rounded c, Rounded s) {
        const Rounded re = rounded(x), im = rounded(y);
        return {static_cast<T>((re * c - im * s).value), static_cast<T>((re * s + im * c).value)};
    }

    void turn(const std::complex<T>* x, Index k, Index column) {
        const Rounded first = length(x + k, 1, 1), whole = length(x + k, rows_ - k, 1);
        const Rounded c = rounded(x[k].real()) / first, s = rounded(x[k].imag()) / first;
        phase(k) = {c.value, s.value};
        T *const v = real_.columns() + 4 * rows_ * column, *const iv = v + 2 * rows_;
        std::fill_n(v, 4 * rows_, T(0));
        v[2 * k] = iv[2 * k + 1] = static_cast<T>((first + whole).value);
        for (Index i = k + 1; i < rows_; ++i) {
            const std::complex<T> element = turned(x[i].real(), x[i].imag(), c, 0 - s);
            v[2 * i] = iv[2 * i + 1] = element.real();
            v[2 * i + 1] = element.imag();
            iv[2 * i] = -element.imag();
        }
    }

    Index rows_, cols_;
    Reflections<T> real_;
    Elements<std::complex<T>> columns_;
    Elements<std::complex<double>> phase_;
};

} // namespace nninit::inline NNINIT_ABI::detail::inline NNINIT_COMPILER

#endif
