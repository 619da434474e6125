// SPDX-License-Identifier: MIT
// independence [quick]: whether fills have the law of their rule, whether values of different
// indices, rows, names, ids and seeds are independent, and whether matrices have the singular
// values of random ones. Takes a minute or two; "quick" takes the independence only, of fewer
// values.
//
//   c++ -std=c++20 -O2 -Iinclude -I/usr/include/eigen3 tests/statistics/independence.cpp
//   ./a.out
//
// One line per check: the number of values, the statistic, its law if all is well, the threshold
// and the p-value p; then the p-value of the negative control, the same statistic of something
// slightly wrong, which must be below alpha; and the probability that the check misses what is
// wrong there, which must be below alpha as well. Each check raises a false alarm with probability
// alpha = 1e-6, all N of them with N alpha at most. The seeds are fixed: a verdict stays until a
// value changes.
//
// The discrepancy of the controls is d = 1 % for 2^23 values, and as many standard deviations of
// the statistic for fewer: d = 0.01 sqrt(2^23 / n). The probability of a miss, with t the
// threshold:
//   N(0, 1)       shifted by s:         Phi(t - s)
//   chi^2 of k    noncentrality L:      Phi((t - k - L) / sqrt(2 (k + 2 L)))
//   DKW           true distance D:      2 exp(-2 n (D - t)^2), the same inequality
//   A^2           true norm A:          sqrt(3) exp(-(sqrt(n) A - sqrt(t))^2), as A^2 is the square
//                                       of a norm, and norms obey the triangle inequality
//   Poisson       mean m instead:       Phi((t - m) / sqrt(m))

#include "../statistics.hpp"

#include <nninit/nninit.hpp>

#include <Eigen/Eigenvalues>

#include <cstdio>
#include <cstring>
#include <string>

namespace {

using namespace nninit;
using tests::normal_share;
using Sample = std::vector<double>;

constexpr double alpha = 1e-6;
int checks = 0, failures = 0;
double smallest = 1, largest_miss = 0;

// -- laws of statistics --------------------------------------------------------------------------

/// The sum of Poisson's probabilities of k, k + step, k + 2 step, ... where they fall.
double poisson_tail(double k, int step, double mean) {
    double sum = 0, term = 0;
    do {
        term = std::exp(k * std::log(mean) - mean - std::lgamma(k + 1));
        sum += term;
        k += step;
    } while (k >= 0 && term > sum * 1e-17);
    return sum;
}

/// The law of a statistic if all is well: the probability of what is at least as strange, and of a
/// miss at a threshold and a given discrepancy.
struct Null {
    std::string name;
    std::function<double(double)> p;
    std::function<double(double, double)> miss;
    double start = 0; // where the threshold is above

    double threshold() const {
        double low = start, high = start + 1;
        while (p(high) >= alpha) high = start + 2 * (high - start);
        for (int i = 0; i < 80; ++i) {
            const double middle = (low + high) / 2;
            (p(middle) < alpha ? high : low) = middle;
        }
        return high;
    }
};

Null standard_normal() {
    return {"N(0,1)", [](double z) { return std::erfc(std::abs(z) / std::sqrt(2.0)); },
            [](double t, double shift) { return normal_share(t - std::abs(shift)); }};
}

/// Of an even number of degrees of freedom k: P(chi^2 > x) = P(Poisson(x / 2) < k / 2). Two-sided,
/// as a fit can also be too good.
Null chi_squared(std::size_t freedom) {
    const auto k = static_cast<double>(freedom);
    return {
        "chi2(" + std::to_string(freedom) + ")",
        [=](double x) {
            const double tail =
                x > k ? poisson_tail(k / 2 - 1, -1, x / 2) : poisson_tail(k / 2, 1, x / 2);
            return std::min(1.0, 2 * tail);
        },
        [=](double t, double L) { return normal_share((t - k - L) / std::sqrt(2 * (k + 2 * L))); },
        k};
}

Null poisson(double mean) {
    char name[40];
    std::snprintf(name, sizeof name, "Poisson(%.3g)", mean);
    return {name,
            [=](double n) { return std::min(1.0, 2 * poisson_tail(n, n > mean ? 1 : -1, mean)); },
            [](double t, double m) { return normal_share((t - m) / std::sqrt(m)); }, mean};
}

/// Kolmogorov's distance of n values: P(distance > d) <= 2 exp(-2 n d^2), by Dvoretzky, Kiefer and
/// Wolfowitz with Massart's constant.
Null dkw(double n) {
    const auto bound = [=](double d) { return std::min(1.0, 2 * std::exp(-2 * n * d * d)); };
    return {"DKW", bound, [=](double t, double d) { return d > t ? bound(d - t) : 1; }};
}

/// Anderson and Darling's A^2 is near a sum of chi^2_1 / (j (j + 1)), j >= 1. With R that of
/// j >= 2: as P(chi^2_1 > x) <= exp(-x / 2), P(A^2 > x) <= E exp(R - x), and E exp(R) is the
/// product of (1 - 2 / (j (j + 1)))^(-1/2), which is sqrt(3). The bound is 2 to 7 times too large.
Null anderson_darling(double n) {
    const auto bound = [](double x) { return std::min(1.0, std::sqrt(3.0) * std::exp(-x)); };
    return {"A2", bound, [=](double t, double norm) {
                const double root = std::sqrt(n) * norm - std::sqrt(t);
                return root > 0 ? bound(root * root) : 1;
            }};
}

/// The largest eigenvalue of a real Wishart matrix, centred and scaled as Johnstone does (Annals of
/// Statistics 29, 2001). The tails of Tracy and Widom's F1 are exp(-2/3 s^(3/2)) / (4 sqrt(pi)
/// s^(3/2)) to the right and exp(-|s|^3 / 24) to the left, but for a power of s: what is used here
/// is not below either for |s| > 1.
Null tracy_widom(double spread_of_wrong) {
    return {"TW1",
            [](double s) {
                const double x = std::abs(s);
                return std::min(1.0, s > 0 ? std::exp(-2.0 / 3 * std::pow(x, 1.5))
                                           : std::exp(-x * x * x / 24));
            },
            [=](double t, double shift) { return normal_share((t - shift) / spread_of_wrong); }};
}

struct Control {
    std::string name;
    double statistic, discrepancy;
};

void check(const std::string& name, double n, double statistic, const Null& null,
           const Control& control) {
    const double p = null.p(statistic), control_p = null.p(control.statistic);
    const double t = null.threshold(), miss = null.miss(t, control.discrepancy);
    const bool holds = std::isfinite(statistic) && p >= alpha, rejected = control_p < alpha,
               sharp = miss < alpha;
    std::printf("%-51s %8.0f %11.5g %-13s %8.4g p %-8.2g %-6s| %-28s p %-8.1g %-8s miss %.0e%s\n",
                name.c_str(), n, statistic, null.name.c_str(), t, p, holds ? "holds" : "FAILS",
                control.name.c_str(), control_p, rejected ? "rejected" : "PASSES", miss,
                sharp ? "" : " TOO LARGE");
    ++checks;
    failures += !holds || !rejected || !sharp;
    smallest = std::min(smallest, p);
    largest_miss = std::max(largest_miss, miss);
}

/// A statistic of something quite wrong, which must be rejected.
void check_wrong(const std::string& name, double n, double statistic, const Null& null) {
    const double p = null.p(statistic);
    std::printf("%-51s %8.0f %11.5g %-13s %8.4g p %-8.2g %s\n", name.c_str(), n, statistic,
                null.name.c_str(), null.threshold(), p,
                p < alpha ? "rejected, as a control must be" : "PASSES");
    failures += p >= alpha;
}

// -- the law of a fill ---------------------------------------------------------------------------

/// A law by its density, up to a factor, and its distribution function.
struct Law {
    double low, high;
    std::function<double(double)> density, share;

    /// E f(X), by Simpson's rule.
    template <class Function> double mean_of(const Function& f) const {
        constexpr int intervals = 20000;
        double sum = 0, mass = 0;
        for (int i = 0; i <= intervals; ++i) {
            const double x = low + (high - low) * i / intervals;
            const double weight = (i == 0 || i == intervals ? 1 : i % 2 != 0 ? 4 : 2) * density(x);
            sum += weight * f(x);
            mass += weight;
        }
        return sum / mass;
    }
    double quantile(double p) const {
        double a = low, b = high;
        for (int i = 0; i < 100; ++i) (share((a + b) / 2) < p ? a : b) = (a + b) / 2;
        return (a + b) / 2;
    }
};

Law uniform_law(double low, double high) {
    return {low, high, [](double) { return 1; }, tests::uniform_law(low, high).share};
}

Law normal_law(double stddev, double low, double high) { // bounds in standard deviations
    const double a = normal_share(low), b = normal_share(high);
    return {
        low * stddev, high * stddev,
        [=](double x) { return std::exp(-x * x / (2 * stddev * stddev)); },
        [=](double x) { return std::clamp((normal_share(x / stddev) - a) / (b - a), 0.0, 1.0); }};
}
Law normal_law(double stddev) { return normal_law(stddev, -12, 12); }

/// Of a sorted sample: DKW's distance, A^2, and chi^2 on 257 bins of equal shares.
struct Fit {
    double distance = 0, a2 = 0, chi2 = 0;

    Fit(const Sample& sorted, const Law& law) {
        constexpr std::size_t bins = 257;
        std::vector<double> counts(bins, 0.0);
        const auto size = sorted.size();
        const auto n = static_cast<double>(size);
        Sample u(size);
        for (std::size_t i = 0; i < size; ++i) {
            u[i] = law.share(sorted[i]);
            const double below = static_cast<double>(i) / n;
            distance = std::max({distance, u[i] - below, below + 1 / n - u[i]});
            ++counts[std::min(static_cast<std::size_t>(u[i] * bins), bins - 1)];
        }
        // A float can be the bound itself, whose logarithm would be infinite.
        for (double& x : u) x = std::clamp(x, 1e-12, 1 - 1e-12);
        for (std::size_t i = 0; i < size; ++i)
            a2 -= (2 * static_cast<double>(i) + 1) / n *
                  (std::log(u[i]) + std::log1p(-u[size - 1 - i]));
        a2 -= n;
        const double expected = n / bins;
        for (const double count : counts)
            chi2 += (count - expected) * (count - expected) / expected;
    }
};

/// The k-th moment about the law's mean, in its standard deviations, less what it must be, in
/// the deviation that it has: sqrt((m_2k - m_k^2) / n). Near N(0, 1): of 2^23 fourth powers of a
/// normal, the most skewed sum here, the skewness is 0.0035, which adds 7 % to alpha.
struct Moments {
    double mean, stddev, m[9];

    explicit Moments(const Law& law) : mean(law.mean_of([](double x) { return x; })), stddev(1) {
        for (int pass = 0; pass < 2; ++pass) { // the first for the deviation only
            for (int k = 0; k <= 8; ++k)
                m[k] = law.mean_of([&](double x) { return std::pow((x - mean) / stddev, k); });
            if (pass == 0) stddev = std::sqrt(m[2]);
        }
    }
    double deviation(int k, double moment, double n) const {
        return (moment - m[k]) * std::sqrt(n / (m[2 * k] - m[k] * m[k]));
    }
    double of(const Sample& sample, int k) const {
        double sum = 0;
        for (const double x : sample) {
            const double d = (x - mean) / stddev, square = d * d;
            sum += k == 1 ? d : k == 2 ? square : k == 3 ? square * d : square * square;
        }
        const auto n = static_cast<double>(sample.size());
        return deviation(k, sum / n, n);
    }
};

/// Mean and third moment find a mean wrong by 0.01 standard deviations; the others a scale wrong by
/// 1 %, here values too small. `wrong_factor` makes the variance of the standard deviation.
template <class Scalar, class Rule>
void check_law(const std::string& name, const Rule& rule, const Law& law, double wrong_factor) {
    const auto w = make<Eigen::Matrix<Scalar, -1, -1>>(rule, Philox(1).stream(name), 4096, 2048);
    Sample sample = tests::parts(w);
    std::sort(sample.begin(), sample.end());
    const auto n = static_cast<double>(sample.size());
    const Moments moments(law);
    const auto wrong = [&](double factor, double shift) {
        Sample result = sample;
        for (double& x : result) x = x * factor + shift;
        return result;
    };
    const double factor = 1 / 1.01, shift = 0.01 * moments.stddev;
    const Sample small = wrong(factor, 0), shifted = wrong(1, shift);
    const std::string type = sizeof(Scalar) == 4 ? "float " : "double ", full = type + name;

    const char* const names[] = {"", ": mean", ": variance", ": third moment", ": fourth moment"};
    for (int k = 1; k <= 4; ++k) {
        const bool odd = k % 2 != 0;
        const double moment = law.mean_of([&](double x) {
            const double y = odd ? x + shift : x * factor;
            return std::pow((y - moments.mean) / moments.stddev, k);
        });
        check(full + names[k], n, moments.of(sample, k), standard_normal(),
              {odd ? "mean off by 0.01 stddev" : "1 % of scale",
               moments.of(odd ? shifted : small, k), moments.deviation(k, moment, n)});
    }
    if (wrong_factor != 1)
        check_wrong(full + ": the variance for the stddev", n,
                    moments.of(wrong(wrong_factor, 0), 2), standard_normal());

    // How far the distribution function of the values that are too small is from the law's.
    const auto gap = [&](double x) { return law.share(x / factor) - law.share(x); };
    double distance = 0, chi2 = 0;
    const double norm = std::sqrt(law.mean_of([&](double x) {
        distance = std::max(distance, std::abs(gap(x)));
        const double u = law.share(x), weight = u * (1 - u);
        return weight > 0 ? gap(x) * gap(x) / weight : 0;
    }));
    for (int i = 0; i < 257; ++i) {
        const auto edge = [&](int k) {
            return k == 0 || k == 257 ? 0 : gap(law.quantile(k / 257.0));
        };
        chi2 += n * 257 * std::pow(edge(i + 1) - edge(i), 2);
    }
    const Fit fit(sample, law), control(small, law);
    check(full + ": Kolmogorov-Smirnov", n, fit.distance, dkw(n),
          {"1 % of scale", control.distance, distance});
    check(full + ": Anderson-Darling", n, fit.a2, anderson_darling(n),
          {"1 % of scale", control.a2, norm});
    check(full + ": 257 equal bins", n, fit.chi2, chi_squared(256),
          {"1 % of scale", control.chi2, chi2});
}

template <class Scalar> void check_laws() {
    check_law<Scalar>("Normal", Normal{}, normal_law(1), 1);
    check_law<Scalar>("Uniform(-1, 1)", Uniform{.low = -1, .high = 1}, uniform_law(-1, 1), 1);
    check_law<Scalar>("TruncatedNormal", TruncatedNormal{}, normal_law(1, -2, 2), 1);
    check_law<Scalar>("TruncatedNormal(-0.5, 3)", TruncatedNormal{.low = -0.5, .high = 3},
                      normal_law(1, -0.5, 3), 1);
    // fan_in = 2048, fan_out = 4096
    const double he = std::sqrt(2.0 / 2048), glorot = std::sqrt(6.0 / (2048 + 4096));
    // The stddev of a normal within 2 deviations: sqrt(1 - 4 phi(2) / (2 Phi(2) - 1)).
    const double lecun = std::sqrt(1.0 / 2048) / 0.87962566103423978;
    check_law<Scalar>("HeNormal", HeNormal{}, normal_law(he), he);
    check_law<Scalar>("GlorotUniform", GlorotUniform{}, uniform_law(-glorot, glorot),
                      glorot / std::sqrt(3.0));
    check_law<Scalar>("LeCun, truncated", VarianceScaling{.distribution = Shape::truncated},
                      normal_law(lecun, -2, 2), std::sqrt(1.0 / 2048));
}

// -- independence --------------------------------------------------------------------------------

/// Over several lags, the sum of r^2 and s^2: r = sum x_i x_(i + lag) / sqrt(pairs) of values of
/// mean 0 and variance 1, s the same of their squares, brought to mean 0 and variance 1. Each is
/// near N(0, 1), and all are uncorrelated, as the law is symmetric. A correlation of d between
/// values at one lag adds pairs d^2 to r^2.
double correlation(const Sample& values, const std::vector<std::size_t>& lags) {
    double square = 0, fourth = 0;
    for (const double x : values) {
        square += x * x;
        fourth += x * x * x * x;
    }
    const auto n = static_cast<double>(values.size());
    const double spread = std::sqrt(fourth / n - square / n * (square / n));
    Sample squares = values;
    for (double& x : squares) x = (x * x - square / n) / spread;
    double sum = 0;
    for (const std::size_t lag : lags) {
        double r = 0, s = 0;
        for (std::size_t i = 0; i + lag < values.size(); ++i) {
            r += values[i] * values[i + lag];
            s += squares[i] * squares[i + lag];
        }
        sum += (r * r + s * s) / (n - static_cast<double>(lag)) / (square / n * (square / n));
    }
    return sum;
}

/// The control has d of the value at the first lag mixed in.
void check_lags(const std::string& name, const Sample& values,
                const std::vector<std::size_t>& lags) {
    const auto n = static_cast<double>(values.size());
    const double d = 0.01 * std::sqrt(0x1p23 / n);
    Sample mixed = values;
    for (std::size_t i = lags[0]; i < mixed.size(); ++i) mixed[i] += d * values[i - lags[0]];
    char control[40];
    std::snprintf(control, sizeof control, "%.2g %% correlated", 100 * d);
    check(name, n, correlation(values, lags), chi_squared(2 * lags.size()),
          {control, correlation(mixed, lags), n * d * d});
}

/// Fills of `size` values each by the engines that engine(0), engine(1), ... gives, one behind the
/// other: so values of the same index are `size` apart.
template <class Scalar, class Engine>
Sample fills(std::size_t total, std::size_t size, Engine engine) {
    Sample all;
    all.reserve(total);
    Eigen::Matrix<Scalar, -1, 1> w(static_cast<Eigen::Index>(size));
    for (std::size_t i = 0; i < total / size; ++i) {
        Normal{}(w, engine(i));
        for (const Scalar x : w) all.push_back(static_cast<double>(x));
    }
    return all;
}

/// Engines that follow each other in some sense: at the same index, and one beside, of engines that
/// are 1, 2, 4, ... 128 apart.
template <class Scalar, class Engine>
void check_engines(const std::string& name, std::size_t total, Engine engine) {
    for (const std::size_t size : {std::size_t{1024}, std::size_t{1}}) {
        std::vector<std::size_t> lags;
        for (std::size_t k = 1; k <= 128; k *= 2) {
            lags.push_back(k * size);
            if (size > 1) lags.insert(lags.end(), {k * size - 1, k * size + 1});
        }
        const std::string type = sizeof(Scalar) == 4 ? "float " : "double ";
        check_lags(type + name + (size > 1 ? ", 1024 of each" : ", 1 of each"),
                   fills<Scalar>(total, size, engine), lags);
    }
}

template <class Scalar> void check_independence(std::size_t total) {
    const std::string type = sizeof(Scalar) == 4 ? "float " : "double ";
    const auto filled = [](auto w) {
        Normal{}(w, Philox(2).stream("lags"));
        return Sample(w.data(), w.data() + w.size()); // as they lie in memory
    };
    const auto n = static_cast<Eigen::Index>(total);
    std::vector<std::size_t> near, powers;
    for (std::size_t lag = 1; lag <= 64; ++lag) near.push_back(lag);
    for (std::size_t lag = 128; lag < total; lag *= 2) powers.push_back(lag);
    const Sample vector = filled(Eigen::Matrix<Scalar, -1, 1>(n));
    check_lags(type + "one stream, lags 1 to 64", vector, near);
    check_lags(type + "one stream, lags of powers of two", vector, powers);

    // Neighbours in a row, in a column and in both diagonals, and lags of the other side.
    const Eigen::Index rows = 1021, cols = n / rows;
    const auto r = static_cast<std::size_t>(rows), c = static_cast<std::size_t>(cols);
    check_lags(type + "neighbours in a column-major matrix",
               filled(Eigen::Matrix<Scalar, -1, -1>(rows, cols)), {1, r, r - 1, r + 1, c, c - 1});
    check_lags(type + "neighbours in a row-major matrix",
               filled(Eigen::Matrix<Scalar, -1, -1, Eigen::RowMajor>(rows, cols)),
               {1, c, c - 1, c + 1, r, r - 1});

    const Sample shifted = fills<Scalar>(total, 1024, [rng = Philox(3)](std::size_t i) mutable {
        rng.seek(i * sizeof(Scalar) / 4);
        return rng;
    });
    check_wrong(type + "one stream, each time a value further", double(total),
                correlation(shifted, {1024, 1023, 1025}), chi_squared(6));

    const Philox root(3);
    check_engines<Scalar>("consecutive seeds", total, [](std::size_t i) { return Philox(i); });
    // Each run of 64 begins at a seed of its own, and flips one bit after the other.
    check_engines<Scalar>("seeds that differ in one bit", total, [](std::size_t i) {
        return Philox((i / 64 * 0x9e3779b97f4a7c15) ^ ((std::uint64_t{1} << (i % 64)) - 1));
    });
    check_engines<Scalar>("consecutive ids", total, [=](std::size_t i) { return root.stream(i); });
    check_engines<Scalar>("consecutive names", total,
                          [=](std::size_t i) { return root.stream("layer." + std::to_string(i)); });
    check_engines<Scalar>("layers of one shape", total, [=](std::size_t i) {
        const char* const names[] = {".attn.q", ".attn.k", ".attn.v", ".attn.out"};
        return root.stream("encoder." + std::to_string(i / 4) + names[i % 4]);
    });
    check_engines<Scalar>("parent and child", total, [rng = root](std::size_t) mutable {
        const Philox parent = rng;
        rng = rng.stream("child");
        return parent;
    });
}

// -- collisions ----------------------------------------------------------------------------------

/// n less the number of different values.
template <class Word> double collisions(std::vector<Word> words) {
    std::sort(words.begin(), words.end());
    return static_cast<double>(words.end() - std::unique(words.begin(), words.end()));
}

/// The number of collisions among n words of so many bits: near Poisson's law, of the mean
/// n - N (1 - (1 - 1 / N)^n), N = 2^bits. The control has a lesser number of bits.
template <class Word>
void check_collisions(const std::string& name, const std::vector<Word>& words, int bits,
                      const std::string& control_name, const std::vector<Word>& control,
                      int control_bits) {
    const auto n = static_cast<double>(words.size());
    const auto mean = [=](int b) {
        const double N = std::ldexp(1.0, b), x = n * std::log1p(-1 / N);
        return b > 40 ? n * n / 2 / N : n + N * std::expm1(x);
    };
    check(name, n, collisions(words), poisson(mean(bits)),
          {control_name, collisions(control), mean(control_bits)});
}

void check_streams(std::size_t n) {
    const Philox root(4);
    for (const bool named : {true, false}) {
        std::vector<std::uint64_t> numbers;
        for (std::size_t i = 0; i < n; ++i)
            numbers.push_back((named ? root.stream("layer." + std::to_string(i)) : root.stream(i))
                                  .stream_value());
        const auto part = [&](int from, int bits) {
            std::vector<std::uint64_t> result = numbers;
            for (std::uint64_t& x : result) x = x >> from & (~std::uint64_t{0} >> (64 - bits));
            return result;
        };
        const std::string what = named ? "numbers of names" : "numbers of ids";
        check_collisions(what, numbers, 64, "28 of 64 bits lost", part(0, 36), 36);
        for (const int from : {0, 16, 32})
            check_collisions(what + ", bits from " + std::to_string(from), part(from, 32), 32,
                             "1 of 32 bits lost", part(from, 31), 31);
    }
    std::vector<std::uint32_t> words(n), lost(n);
    Philox rng = root.stream("words");
    for (std::size_t i = 0; i < n; ++i) lost[i] = (words[i] = rng()) & ~1U;
    check_collisions("words of one stream", words, 32, "1 of 32 bits lost", lost, 31);
}

// -- singular values -----------------------------------------------------------------------------

/// T_1(x), ..., T_6(x), Chebyshev's polynomials.
Eigen::ArrayXd chebyshev(double x) {
    Eigen::ArrayXd t(7);
    t[0] = 1;
    t[1] = x;
    for (int k = 2; k <= 6; ++k) t[k] = 2 * x * t[k - 1] - t[k - 2];
    return t.tail(6);
}

/// The squared singular values of a HeNormal fill, by those of X X^T / n, X being p x n with p <= n
/// and of unit variance. They follow Marchenko and Pastur's law with c = p / n, within
/// (1 +- sqrt(c))^2. Checked are
/// - the law: over x = (value - 1 - c) / (2 sqrt(c)) the sums of T_k are near independent normals
///   of variance k / 2, and of mean p E T_k + (1 + (-1)^k) / 4 (Johansson, Duke Math. J. 91, 1998;
///   Bai and Silverstein, Annals of Probability 32, 2004), which makes a chi^2 of k = 1 to 6
///   (T_k grows outside [-1, 1], so that a k not far below p^(1/3) sees more of the edge than
///   that);
/// - the small ones: log det(X X^T) is a sum of logarithms of independent chi^2 of n, n - 1, ...
///   n - p + 1 degrees of freedom (Bartlett);
/// - the largest: Tracy and Widom's law.
template <class Matrix> void check_spectrum(const std::string& name, Matrix w) {
    const auto fan_in = static_cast<double>(w.cols());
    HeNormal{}(w, Philox(5).stream(name));
    Eigen::MatrixXd x = w.template cast<double>() / std::sqrt(2 / fan_in);
    if (x.rows() > x.cols()) x.transposeInPlace();
    const auto p = static_cast<double>(x.rows()), n = static_cast<double>(x.cols()), c = p / n;
    const auto gram = [&](const Eigen::MatrixXd& m) -> Eigen::MatrixXd {
        return m * m.transpose() / n;
    };
    const auto values = [](const Eigen::MatrixXd& m) -> Eigen::ArrayXd {
        return Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>(m, Eigen::EigenvaluesOnly)
            .eigenvalues();
    };
    const Eigen::ArrayXd spectrum = values(gram(x));

    const double scale = 1 / 1.01 / 1.01;
    const auto sums = [&](double factor) {
        Eigen::ArrayXd sum = Eigen::ArrayXd::Zero(6);
        for (const double value : spectrum)
            sum += chebyshev((value * factor - 1 - c) / (2 * std::sqrt(c)));
        return sum;
    };
    // The law's density in the angle of x = cos(angle), by the trapezoidal rule.
    const auto expected = [&](double factor) {
        constexpr int steps = 4000;
        Eigen::ArrayXd sum = Eigen::ArrayXd::Zero(6);
        for (int i = 1; i < steps; ++i) {
            const double angle = std::acos(-1.0) * i / steps;
            const double value = 1 + c + 2 * std::sqrt(c) * std::cos(angle);
            sum += 2 * std::pow(std::sin(angle), 2) / value / steps *
                   chebyshev((value * factor - 1 - c) / (2 * std::sqrt(c)));
        }
        return Eigen::ArrayXd(p * sum);
    };
    const Eigen::ArrayXd k = Eigen::ArrayXd::LinSpaced(6, 1, 6), mean = expected(1);
    const auto distance = [&](const Eigen::ArrayXd& sum) {
        double result = 0;
        for (int i = 0; i < 6; ++i) // k = i + 1
            result += std::pow(sum[i] - mean[i] - (i % 2 != 0 ? 0.5 : 0), 2) / (k[i] / 2);
        return result;
    };
    check(name + ": Marchenko-Pastur", p, distance(sums(1)), chi_squared(6),
          {"1 % of scale", distance(sums(scale)),
           ((expected(scale) - mean).square() / (k / 2)).sum()});

    // digamma(a) = log(a) - 1 / (2 a) - 1 / (12 a^2), trigamma(a) = 1 / a + 1 / (2 a^2), each but
    // for a^-3 / 6 and less: a >= 250 here.
    double log_mean = -p * std::log(n), log_variance = 0;
    for (double freedom = n; freedom > n - p; --freedom) {
        const double a = freedom / 2;
        log_mean += std::log(2 * a) - 1 / (2 * a) - 1 / (12 * a * a);
        log_variance += 1 / a + 1 / (2 * a * a);
    }
    const auto log_det = [&](const Eigen::MatrixXd& m) {
        const Eigen::MatrixXd lower = gram(m).llt().matrixL();
        return (2 * lower.diagonal().array().log().sum() - log_mean) / std::sqrt(log_variance);
    };
    Eigen::MatrixXd wrong = x;
    wrong.row(1) = x.row(0) + 1e-3 * x.row(1); // of determinant 1e-3 as a map of the rows
    check(
        name + ": determinant", p, log_det(x), standard_normal(),
        {"a row 0.1 % from a copy", log_det(wrong), 2 * std::log(1e-3) / std::sqrt(log_variance)});

    // Johnstone's centre and scale. With an eigenvalue l = 1 + 0.01 (p - 1) of the covariance, the
    // largest is near l (1 + c / (l - 1)) and of variance 2 l^2 (1 - c / (l - 1)^2) / n (Paul,
    // Statistica Sinica 17, 2007).
    const double root = std::sqrt(n - 1) + std::sqrt(p), centre = root * root / n;
    const double unit = root * std::cbrt(1 / std::sqrt(n - 1) + 1 / std::sqrt(p)) / n;
    const double l = 1 + 0.01 * (p - 1);
    wrong = std::sqrt(0.99) * x;
    wrong.rowwise() += 0.1 * make<Eigen::MatrixXd>(Normal{}, Philox(6), 1, x.cols()).row(0);
    const auto largest = [&](double value) { return (value - centre) / unit; };
    check(name + ": largest", p, largest(spectrum.maxCoeff()),
          tracy_widom(l * std::sqrt(2 * (1 - c / (l - 1) / (l - 1)) / n) / unit),
          {"rows 1 % correlated", largest(values(gram(wrong)).maxCoeff()),
           largest(l * (1 + c / (l - 1)))});
}

} // namespace

int main(int argc, char** argv) {
    const bool quick = argc > 1 && std::strcmp(argv[1], "quick") == 0;
    if (argc > 1 && !quick) {
        std::fputs("usage: independence [quick]\n", stderr);
        return 2;
    }
    if (!quick) {
        check_laws<float>();
        check_laws<double>();
        check_spectrum("float 2000 x 1000", Eigen::MatrixXf(2000, 1000));
        check_spectrum("double 1000 x 2000",
                       Eigen::Matrix<double, -1, -1, Eigen::RowMajor>(1000, 2000));
    }
    const std::size_t n = quick ? 1 << 18 : 1 << 23;
    check_independence<float>(n);
    check_independence<double>(n);
    check_streams(1 << 21);
    std::printf("%d checks, %d failures; smallest p %.2g; false alarms of all: below %.1e; largest "
                "probability of a miss %.1e\n",
                checks, failures, smallest, checks * alpha, largest_miss);
    return failures != 0;
}
