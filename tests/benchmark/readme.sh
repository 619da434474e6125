# SPDX-License-Identifier: MIT
# sh tests/benchmark/readme.sh [rounds [picture.png]]: the README's first table: a matrix of 1000 x
# 1000 floats filled in four ways, each a file of its own compiled with plain -O2: ns per value and
# user seconds to compile the file, the minimum of so many rounds (default 9), taken in turn; and, by
# gnuplot, a picture of it. CXX and EIGEN_INCLUDE are heeded.
set -eu
export LC_ALL=C.UTF-8 CDPATH=
here=$(cd "$(dirname "$0")" && pwd)
root=$here/../..
rounds=${1:-9}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

file() { # name, headers in quotes, body
    {
        printf '#include <Eigen/Dense>\n'
        printf '#include <%s>\n' $2
        printf 'void fill(Eigen::MatrixXf& w) {\n%s\n}\n' "$3"
    } >"$work/$1.cpp"
}
file setRandom cstdlib 'w.setRandom();'
file std random 'static std::mt19937 engine(42);
    static std::normal_distribution<float> normal(0, 0.05F);
    for (float& x : w.reshaped()) x = normal(engine);'
file HeNormal nninit/nninit.hpp 'static nninit::Philox rng(42);
    nninit::HeNormal{}(w, rng);'
file HeUniform nninit/nninit.hpp 'static nninit::Philox rng(42);
    nninit::HeUniform{}(w, rng);'
ways="setRandom std HeUniform HeNormal"

cat >"$work/main.cpp" <<'END'
#include <Eigen/Dense>
#include <chrono>
#include <cstdio>
void fill(Eigen::MatrixXf& w);
int main() {
    Eigen::MatrixXf w(1000, 1000);
    fill(w); // the system maps the memory
    double least = 1e9;
    for (int i = 0; i < 5; ++i) {
        const auto begin = std::chrono::steady_clock::now();
        fill(w);
        const std::chrono::duration<double, std::nano> taken = std::chrono::steady_clock::now() - begin;
        if (taken.count() < least) least = taken.count();
    }
    std::printf("%.3f\n", least / 1e6);
}
END
compile="${CXX:-c++} -std=c++20 -O2 -isystem ${EIGEN_INCLUDE:-/usr/include/eigen3}"
$compile -c "$work/main.cpp" -o "$work/main.o"
for round in $(seq "$rounds"); do
    for way in $ways; do
        seconds=$(python3 "$root/tests/cost/measure.py" $compile -I"$root/include" \
            -c "$work/$way.cpp" -o "$work/$way.o")
        [ -e "$work/$way" ] || $compile "$work/main.o" "$work/$way.o" -o "$work/$way"
        echo "$way $("$work/$way") ${seconds% *}" >>"$work/all"
    done
done
awk -v ways="$ways" '
    !($1 in ns) || $2 < ns[$1] { ns[$1] = $2 }
    !($1 in seconds) || $3 < seconds[$1] { seconds[$1] = $3 }
    END {
        printf "%-10s %12s %16s\n", "", "ns per value", "seconds to compile"
        for (i = 1; i <= split(ways, way, " "); ++i)
            printf "%-10s %12.2f %16.2f\n", way[i], ns[way[i]], seconds[way[i]]
    }' "$work/all" | tee "$work/table"
[ -z "${2:-}" ] || gnuplot -c "$here/readme.gnuplot" "$work/table" "$2"
