// SPDX-License-Identifier: MIT

#ifndef NNINIT_FILL_HPP
#define NNINIT_FILL_HPP

#include <nninit/detail/target.hpp>
#include <nninit/detail/values.hpp>
#include <nninit/fans.hpp>

#include <optional>
#include <variant>

#if !EIGEN_VERSION_AT_LEAST(3, 4, 0)
#error "nninit: Eigen 3.4.0 or newer is needed"
#endif

namespace nninit {

/// Where a block stands in a matrix of rows x cols that need not exist anywhere as a whole: its
/// first coefficient is the whole's (row, col). A fill with a window writes what the whole would
/// hold there, takes the fans from the whole's shape, and leaves the engine as if the whole had
/// been filled. It needs a CounterEngine.
struct Window {
    detail::Size rows, cols, row, col;
};

namespace detail {

template <class Rule>
concept FanRule = requires(const Rule& rule, const Fans& fans) {
    rule.given(fans);
};

template <class Rule>
concept ConstantRule = requires(const Rule& rule) {
    rule.template constant<float>();
};

template <class Expression>
concept DenseWithCoefficients = requires(Expression& target) {
    []<class Derived>(const Eigen::DenseBase<Derived>&) {}(target);
    target.coeffRef(0, 0);
};

/// What may follow target and engine at a call, in any order.
struct Facts {
    std::optional<Window> window;
    std::optional<Fans> fans;

    template <class... Fact> explicit Facts(const Fact&... facts) { (add(facts), ...); }
    void add(const Window& w) { window = w; }
    void add(const Fans& f) { fans = f; }
};

/// The fact of the wanted type among the arguments after a target.
template <class Wanted, class... Rest> std::optional<Wanted> fact(const Rest&... rest) {
    std::optional<Wanted> found;
    [[maybe_unused]] const auto look = [&](const auto& argument) {
        if constexpr (std::is_same_v<std::remove_cvref_t<decltype(argument)>, Wanted>)
            found = argument;
    };
    (look(rest), ...);
    return found;
}

template <class Target> Place place(const Target& target, const std::optional<Window>& window) {
    const auto rows = static_cast<std::uint64_t>(target.rows());
    const auto cols = static_cast<std::uint64_t>(target.cols());
    if (!window) return {rows, cols, 0, 0};
    const auto check = [](Size n, const char* name) {
        if (n.negative) fail(name, " must not be negative, but is ", number(n));
    };
    check(window->rows, "Window.rows");
    check(window->cols, "Window.cols");
    check(window->row, "Window.row");
    check(window->col, "Window.col");
    const auto inside = [](Size whole, Size first, std::uint64_t size, const char* what) {
        if (size > whole.magnitude || first.magnitude > whole.magnitude - size)
            fail("a block of ", static_cast<double>(size), " ", what, " at ",
                 static_cast<double>(first.magnitude), " does not fit in a whole of ",
                 static_cast<double>(whole.magnitude), " ", what);
    };
    inside(window->rows, window->row, rows, "rows");
    inside(window->cols, window->col, cols, "columns");
    return {window->rows.magnitude, window->cols.magnitude, window->row.magnitude,
            window->col.magnitude};
}

/// The words that the whole takes; refused if the last one has no position of 64 bits.
inline std::uint64_t words_of(const Place& place, std::uint64_t per_element,
                              std::uint64_t position) {
    const U128 elements = multiply(place.whole_rows, place.whole_cols);
    const U128 words = multiply(elements.low, per_element);
    if (elements.high != 0 || words.high != 0 || words.low > ~position)
        fail("a matrix of ", static_cast<double>(place.whole_rows), " x ",
             static_cast<double>(place.whole_cols),
             " takes more words than the stream has left; use another stream");
    return words.low;
}

template <class Scalar, class Source, class Target, class Map>
void write_values(Target& target, const Place& place, const Source& source, const Map& real,
                  const Map& imaginary, bool same) {
    write(target, place, Producer<Scalar, Source, Map>(source, real, imaginary, same));
}

template <class Distribution, class Target, class Engine>
void fill_distribution(const Distribution& distribution, Target& target, Engine& engine,
                       const Facts& facts) {
    using Scalar = typename Target::Scalar;
    using E = Element<Scalar>;
    constexpr bool is_complex = E::reals == 2;
    // Everything that can be refused is refused here, before the first write and draw.
    if constexpr (is_complex) // so that errors speak of the numbers that were written
        static_cast<void>(distribution.template rounded<typename E::Real, typename E::Compute>());
    const Distribution part = is_complex ? distribution.real_part() : distribution;
    const Distribution other = is_complex ? distribution.imaginary_part() : distribution;
    const auto real = part.template rounded<typename E::Real, typename E::Compute>();
    const auto imaginary = other.template rounded<typename E::Real, typename E::Compute>();
    const bool same = part == other;
    const Place at = place(target, facts.window);
    if constexpr (CounterEngine<Engine>) {
        const std::uint64_t start = engine.position();
        const std::uint64_t words = words_of(at, E::words, start);
        if (target.size() != 0) {
            if constexpr (std::is_same_v<Engine, Philox>)
                write_values<Scalar>(target, at, PhiloxSource(engine), real, imaginary, same);
            else
                write_values<Scalar>(target, at, CounterSource<Engine>(engine), real, imaginary,
                                     same);
        }
        engine.seek(start + words);
    } else if (target.size() != 0) {
        write_values<Scalar>(target, at, DrawnSource<Engine>(engine), real, imaginary, same);
    }
}

/// Refuses, at compile time, a call that no rule can serve.
template <class Target, class Engine, class... Fact> constexpr void check_call() {
    using Expression = std::remove_reference_t<Target>;
    static_assert(DenseWithCoefficients<Expression>,
                  "nninit: the target must be a writable dense Eigen matrix, array, vector, Map, "
                  "Ref or block; wrap other memory in an Eigen::Map");
    static_assert(std::is_assignable_v<decltype(std::declval<Expression&>().coeffRef(0, 0)),
                                       typename Expression::Scalar>,
                  "nninit: the target is const");
    static_assert(
        Element<typename Expression::Scalar>::supported,
        "nninit: the target's scalar type must be float, double, long double, Eigen::half, "
        "Eigen::bfloat16 or std::complex of the first three");
    using Generator = std::remove_reference_t<Engine>;
    static_assert(BitGenerator<Generator>,
                  "nninit: the second argument must be a random number engine that is not const, "
                  "such as nninit::Philox or std::mt19937");
    static_assert((... && (std::is_convertible_v<Fact, Fans> || std::is_same_v<Fact, Window>)),
                  "nninit: after the engine come layer facts: Fans, a layer such as Dense or Conv, "
                  "or a Window");
    static_assert(!(... || std::is_same_v<Fact, Window>) || CounterEngine<Generator>,
                  "nninit: a Window needs a counter-based engine, such as nninit::Philox");
}

template <class Rule, class Target, class Engine, class... Fact>
void fill(const Rule& rule, Target&& target, Engine&& engine, const Fact&... fact) {
    check_call<Target, Engine, Fact...>();
    using Expression = std::remove_reference_t<Target>;
    const Facts facts(fact...);
    if constexpr (FanRule<Rule>) {
        static_assert(sizeof...(Fact) != 0 || !Expression::IsVectorAtCompileTime,
                      "nninit: a vector has no fan_in and fan_out of its own; pass the layer, such "
                      "as nninit::Dense{.in = 784, .out = 128}, or fill a bias with nninit::Zeros");
        Fans fans = facts.fans.value_or(Fans{});
        if (target.size() == 0)
            fans = {1, 1};
        else if (!facts.fans && facts.window)
            fans = {static_cast<double>(facts.window->cols.magnitude),
                    static_cast<double>(facts.window->rows.magnitude)};
        else if (!facts.fans)
            fans = {static_cast<double>(target.cols()), static_cast<double>(target.rows())};
        fill_given(rule.given(fans), target, engine, facts);
    } else {
        fill_given(rule, target, engine, facts);
    }
}

template <class... Distribution, class Target, class Engine>
void fill_given(const std::variant<Distribution...>& distribution, Target& target, Engine& engine,
                const Facts& facts) {
    std::visit([&](const auto& d) { fill_distribution(d, target, engine, facts); }, distribution);
}
template <class Distribution, class Target, class Engine>
void fill_given(const Distribution& distribution, Target& target, Engine& engine,
                const Facts& facts) {
    fill_distribution(distribution, target, engine, facts);
}

} // namespace detail

/// A new matrix of rows x cols, filled by the rule: make<Eigen::MatrixXf>(HeNormal{}, rng, 10,
/// 128). Facts are those of the rule's call. \throws std::invalid_argument for a negative size, and
/// as the rule.
template <class Matrix, class Rule, class Engine, class... Fact>
[[nodiscard]] Matrix make(const Rule& rule, Engine&& engine, detail::Size rows, detail::Size cols,
                          const Fact&... facts) {
    constexpr auto most = static_cast<std::uint64_t>((std::numeric_limits<Eigen::Index>::max)());
    if (rows.negative) detail::fail("make: rows must not be negative, but is ", number(rows));
    if (cols.negative) detail::fail("make: cols must not be negative, but is ", number(cols));
    if (rows.magnitude > most || cols.magnitude > most ||
        detail::multiply(rows.magnitude, cols.magnitude).high != 0 ||
        rows.magnitude * cols.magnitude > most / sizeof(typename Matrix::Scalar))
        detail::fail("make: a matrix of ", static_cast<double>(rows.magnitude), " x ",
                     static_cast<double>(cols.magnitude), " does not fit in memory");
    const auto check = [](int fixed, int limit, detail::Size size, const char* what) {
        const auto differs = static_cast<std::uint64_t>(fixed) != size.magnitude;
        if (fixed != Eigen::Dynamic && differs)
            detail::fail("make: the matrix type has ", fixed, " ", what, ", not ", number(size));
        if (limit != Eigen::Dynamic && static_cast<std::uint64_t>(limit) < size.magnitude)
            detail::fail("make: the matrix type has at most ", limit, " ", what, ", not ",
                         number(size));
    };
    check(Matrix::RowsAtCompileTime, Matrix::MaxRowsAtCompileTime, rows, "rows");
    check(Matrix::ColsAtCompileTime, Matrix::MaxColsAtCompileTime, cols, "columns");
    Matrix matrix(static_cast<Eigen::Index>(rows.magnitude),
                  static_cast<Eigen::Index>(cols.magnitude));
    rule(matrix, engine, facts...);
    return matrix;
}

} // namespace nninit

#endif
