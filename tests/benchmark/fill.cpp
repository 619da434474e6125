// SPDX-License-Identifier: MIT
// Times fills of one thread and two, on every path of this machine, against memset, the words alone
// and what else a user might reach for; all in one run, because times drift.

#include <nninit/nninit.hpp>

#include <benchmark/benchmark.h>

#if defined(WITH_BOOST)
#include <boost/random/mersenne_twister.hpp>
#include <boost/random/normal_distribution.hpp>
#endif

#if defined(WITH_TORCH)
#include <torch/torch.h>
#endif

#include <cstdio>
#include <map>
#include <random>
#include <string>
#include <vector>

namespace {

using nninit::detail::Path;

// 256 is a matrix of 16 x 16.
constexpr Eigen::Index sizes[] = {100, 256, 10'000, 1'000'000, 10'000'000, 100'000'000};

/// Times `fill` on a vector of each size. The first fill, which has the system map the memory, is
/// not timed.
template <class Scalar, class Fill> void add(const std::string& name, Fill fill) {
    for (const Eigen::Index size : sizes) {
        const auto run = [fill, size](benchmark::State& state) mutable {
            Eigen::Matrix<Scalar, Eigen::Dynamic, 1> v(size);
            fill(v);
            for (auto _ : state) {
                fill(v);
                benchmark::DoNotOptimize(v.data());
                benchmark::ClobberMemory();
            }
        };
        benchmark::RegisterBenchmark((name + '/' + std::to_string(size)).c_str(), run)
            ->MinTime(0.02)
            ->Repetitions(5)
            ->UseRealTime()
            ->ReportAggregatesOnly();
    }
}

struct Setting {
    Path path;
    int threads;
    std::string name;
};

template <class Scalar, class Distribution>
void add(const std::string& name, const Setting& setting, const Distribution& distribution) {
    add<Scalar>(name + ", " + setting.name, [=, rng = nninit::Philox(1)](auto& v) mutable {
        nninit::detail::path() = setting.path;
        Eigen::setNbThreads(setting.threads);
        distribution(v, rng); // goes on in the stream, so that slow words come as often as they do
    });
}

void add_ours(const Setting& setting) {
    const nninit::Uniform uniform{.low = -0.1, .high = 0.1};
    const nninit::Normal normal{.stddev = 0.1};
    const auto truncated = nninit::TruncatedNormal::within(2, normal);
    add<float>("uniform float", setting, uniform);
    add<float>("normal float", setting, normal);
    add<float>("truncated float", setting, truncated);
    add<double>("uniform double", setting, uniform);
    add<double>("normal double", setting, normal);
    add<double>("truncated double", setting, truncated);
    // Row-major squares, as near to the size as they come: of sides that are multiples of 4, as
    // most layers' are, and of odd ones.
    for (const int odd : {0, 1}) {
        const std::string name = odd ? "normal float, row-major, odd" : "normal float, row-major";
        add<float>(name, setting, [=](auto& v, auto& rng) {
            using RowMajor = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
            const auto root = static_cast<Eigen::Index>(std::sqrt(static_cast<double>(v.size())));
            const Eigen::Index side = root / 4 * 4 - odd;
            Eigen::Map<RowMajor> square(v.data(), side, side);
            normal(square, rng);
        });
    }
}

template <class Engine, class Distribution> auto one_by_one(Distribution distribution) {
    return [distribution, engine = Engine(1)](auto& v) mutable {
        for (auto& x : v) x = distribution(engine);
    };
}

/// Collects the medians and prints them as one table.
class Table : public benchmark::BenchmarkReporter {
    std::vector<std::string> names_;
    std::map<std::string, std::map<Eigen::Index, double>> median_;

public:
    bool ReportContext(const Context&) override { return true; }
    void ReportRuns(const std::vector<Run>& runs) override {
        for (const Run& run : runs) {
            const std::string& full = run.run_name.function_name;
            if (run.aggregate_name != "median") continue;
            const auto slash = full.rfind('/');
            const std::string name = full.substr(0, slash);
            const Eigen::Index size = std::stol(full.substr(slash + 1));
            if (median_.find(name) == median_.end()) names_.push_back(name);
            median_[name][size] = run.GetAdjustedRealTime() / static_cast<double>(size);
            std::fprintf(stderr, "\r%-60s", full.c_str());
        }
    }
    void Finalize() override {
        std::fprintf(stderr, "\r%-60s\r", "");
        std::printf("ns per value (times memset of as many bytes), median of 5\n%-40s", "");
        for (const Eigen::Index size : sizes) std::printf("%17td", size);
        std::printf("\n");
        for (const std::string& name : names_) {
            std::printf("%-40s", name.c_str());
            const bool wide = name.find("double") != std::string::npos;
            for (const Eigen::Index size : sizes) {
                const double time = median_[name][size];
                const double memset = median_["memset"][size] * (wide ? 2 : 1);
                std::printf("%9.3f", time);
                memset > 0 ? std::printf(" (%5.1f)", time / memset) : std::printf("%8s", "");
            }
            std::printf("\n");
        }
    }
};

} // namespace

int main(int argc, char** argv) {
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;

    add<float>("memset", [](auto& v) {
        std::memset(v.data(), 1, static_cast<std::size_t>(v.size()) * sizeof(float));
    });
    const Path widest = nninit::detail::widest_path();
    add<float>("Philox words alone", [=](auto& v) {
        // As a fill takes them, but written to memory.
        nninit::detail::path() = widest;
        const nninit::detail::Source source(nninit::Philox(1));
        const std::size_t n = static_cast<std::size_t>(v.size()), at_once = 512;
        std::uint32_t words[at_once + 32];
        for (std::size_t i = 0; i < n; i += at_once) {
            const std::size_t m = std::min(at_once, n - i);
            source.words(i, words, m);
            std::memcpy(v.data() + i, words, m * sizeof(float));
        }
    });
    const std::pair<Path, const char*> paths[] = {{Path::avx512, "AVX-512"},
                                                  {Path::avx2, "AVX2"},
                                                  {Path::neon, "NEON"},
                                                  {Path::portable, "portable"}};
    for (const auto& [path, name] : paths)
        if (nninit::detail::has(path)) add_ours({path, 1, name});
#if defined(_OPENMP)
    add_ours({widest, 2, "2 threads"});
#endif
    add<float>("std::mt19937, std::uniform",
               one_by_one<std::mt19937>(std::uniform_real_distribution<float>(-0.1F, 0.1F)));
    add<float>("std::mt19937, std::normal",
               one_by_one<std::mt19937>(std::normal_distribution<float>(0, 0.1F)));
    add<double>("std::mt19937, std::normal, double",
                one_by_one<std::mt19937>(std::normal_distribution<double>(0, 0.1)));
#if defined(WITH_BOOST)
    add<float>(
        "Boost's mt19937 and normal (ziggurat)",
        one_by_one<boost::random::mt19937>(boost::random::normal_distribution<float>(0, 0.1F)));
#endif
    add<float>("Eigen's setRandom (uniform)", [](auto& v) { v.setRandom(); });
#if defined(WITH_TORCH)
    torch::set_num_threads(1);
    const auto tensor = [](auto& v) { return torch::from_blob(v.data(), v.size()); };
    add<float>("libtorch's uniform_", [=](auto& v) { tensor(v).uniform_(-0.1, 0.1); });
    add<float>("libtorch's normal_", [=](auto& v) { tensor(v).normal_(0, 0.1); });
#endif

    Table table;
    benchmark::RunSpecifiedBenchmarks(&table);
}
