// SPDX-License-Identifier: MIT
// From an engine and a distribution to the values of any scalar type, a run of elements at a time.

#ifndef NNINIT_DETAIL_VALUES_HPP
#define NNINIT_DETAIL_VALUES_HPP

#include <nninit/detail/kernels.hpp>
#include <nninit/engine.hpp>
#include <nninit/philox.hpp>

#include <Eigen/Core>

#include <complex>

namespace nninit::detail {

/// What a scalar is made of: `reals` numbers of type Real, each computed as Compute.
template <class Scalar> struct Element { static constexpr bool supported = false; };
template <class T, class C> struct RealElement {
    using Real = T;
    using Compute = C;
    static constexpr bool supported = true;
    static constexpr std::size_t reals = 1;
    static constexpr std::size_t words = sizeof(C) / 4;
};
template <> struct Element<float> : RealElement<float, float> {};
template <> struct Element<double> : RealElement<double, double> {};
template <> struct Element<long double> : RealElement<long double, double> {};
template <> struct Element<Eigen::half> : RealElement<Eigen::half, float> {};
template <> struct Element<Eigen::bfloat16> : RealElement<Eigen::bfloat16, float> {};
template <class T>
requires std::is_floating_point_v<T>
struct Element<std::complex<T>> : Element<T> {
    static constexpr std::size_t reals = 2;
    static constexpr std::size_t words = 2 * Element<T>::words;
};

inline constexpr std::size_t chunk = 256; // values that pass through a buffer at a time

/// The words of a Philox stream after the engine's position.
class PhiloxSource {
    Philox engine_;

public:
    static constexpr bool random_access = true, parallel = true;
    explicit PhiloxSource(const Philox& engine) : engine_(engine) {}

    /// How many words of its block come before a word.
    std::uint64_t lead(std::uint64_t word) const { return (engine_.position() + word) % 4; }

    void words(std::uint64_t first, std::uint32_t* out, std::size_t n) const {
        philox_values(WordMap{}, engine_.seed_value(), engine_.stream_value(),
                      engine_.position() + first, out, n);
    }
    template <class Map>
    void values(const Map& map, std::uint64_t first, typename Map::Value* out,
                std::size_t n) const {
        constexpr std::size_t per_value = sizeof(typename Map::Value) / 4;
        philox_values(map, engine_.seed_value(), engine_.stream_value(),
                      engine_.position() + first * per_value, out, n);
    }
    /// Whether the values of the words from `first` to `last` can be had by rows().
    template <class Map>
    bool in_rows(const Map& map, std::uint64_t first, std::uint64_t last,
                 std::uint64_t apart) const {
        return has_rows(map) && lead(first) == 0 && apart % 4 == 0 &&
               run_end(engine_.position() + first) == run_end(engine_.position() + last);
    }
    template <class Map>
    void rows(const Map& map, std::uint64_t first, std::uint64_t apart, typename Map::Value* out,
              std::ptrdiff_t row, std::size_t cols) const {
        philox_rows(map, engine_.seed_value(), engine_.stream_value(), engine_.position() + first,
                    apart, out, row, cols);
    }
};

/// The words of the user's own counter-based engine.
template <class Engine> class CounterSource {
    Engine engine_;

public:
    static constexpr bool random_access = true;
    static constexpr bool parallel = noexcept(std::declval<Engine&>()())&& noexcept(
                                         std::declval<Engine&>().seek(std::uint64_t{})) &&
                                     std::is_nothrow_copy_constructible_v<Engine>;
    explicit CounterSource(const Engine& engine) : engine_(engine) {}

    void words(std::uint64_t first, std::uint32_t* out, std::size_t n) const {
        Engine engine = engine_;
        engine.seek(engine_.position() + first);
        for (std::size_t i = 0; i < n; ++i) out[i] = static_cast<std::uint32_t>(engine());
    }
};

/// The words of any other engine, which must be asked for in order.
template <class Engine> class DrawnSource {
    mutable WordReader<Engine> reader_;

public:
    static constexpr bool random_access = false, parallel = false;
    explicit DrawnSource(Engine& engine) : reader_(engine) {}

    void words(std::uint64_t, std::uint32_t* out, std::size_t n) const {
        for (std::size_t i = 0; i < n; ++i) out[i] = reader_();
    }
};

/// Produces the elements of a target; for complex ones `imaginary` makes the second parts.
template <class Scalar, class Source, class Map> class Producer {
    using E = Element<Scalar>;
    using Real = typename E::Real;
    using Compute = typename E::Compute;
    static constexpr std::size_t per_value = sizeof(Compute) / 4;
    static constexpr bool direct = requires(const Source& source, const Map& map, Real* out) {
        source.values(map, 0, out, 0);
    };

    const Source& source_;
    Map real_, imaginary_;
    bool same_;

    void reals(std::uint64_t first, Real* out, std::size_t n) const {
        if constexpr (direct)
            if (same_) return source_.values(real_, first, out, n);
        if constexpr (!direct || E::reals == 2) through_buffers(first, out, n);
    }
    void through_buffers(std::uint64_t first, Real* out, std::size_t n) const {
        std::uint32_t words[chunk * per_value];
        Compute values[chunk], others[chunk];
        for (std::size_t i = 0; i < n; i += chunk) {
            const std::size_t m = (std::min)(chunk, n - i);
            source_.words((first + i) * per_value, words, m * per_value);
            word_values(real_, words, values, m);
            if (!same_) {
                word_values(imaginary_, words, others, m);
                for (std::size_t k = 1; k < m; k += 2) values[k] = others[k];
            }
            for (std::size_t k = 0; k < m; ++k) out[i + k] = static_cast<Real>(values[k]);
        }
    }

public:
    static constexpr bool random_access = Source::random_access, parallel = Source::parallel;

    Producer(const Source& source, const Map& real, const Map& imaginary, bool same)
        : source_(source), real_(real), imaginary_(imaginary), same_(same) {}

    /// How many rows of row-major memory rows() fills, `apart` elements lying from one column to
    /// the next; 0 where the elements from `first` to `last` do not allow it.
    std::size_t rows_at_once(std::uint64_t first, std::uint64_t last, std::uint64_t apart) const {
        if constexpr (requires(Real * out) { source_.rows(real_, 0, 0, out, 0, 0); }) {
            constexpr std::uint64_t words = E::words;
            const bool fit = source_.in_rows(real_, first * words, last * words, apart * words);
            return std::is_same_v<Scalar, Compute> && fit ? 4 / words : 0;
        }
        return 0;
    }
    void rows(std::uint64_t first, std::uint64_t apart, Scalar* out, std::ptrdiff_t row,
              std::size_t cols) const {
        if constexpr (requires { source_.rows(real_, 0, 0, out, 0, 0); })
            source_.rows(real_, first * E::words, apart * E::words, out, row, cols);
    }
    /// Elements first to first + n - 1 of the whole.
    void operator()(std::uint64_t first, Scalar* out, std::size_t n) const {
        reals(first * E::reals, reinterpret_cast<Real*>(out), n * E::reals);
    }
};

} // namespace nninit::detail

#endif
