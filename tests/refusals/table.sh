# SPDX-License-Identifier: MIT
# sh tests/refusals/table.sh [mistakes]: the table of mistakes: each mistake with each rule, and the
# first line that g++ and clang++ (or COMPILERS) say. A line that does not begin with the library's
# own sentence is marked "!", and the script fails. Without an argument, the sources of this folder
# come after the mistakes below. NNINIT_INCLUDE and EIGEN_INCLUDE are heeded; RULES takes a part.
set -eu
export LC_ALL=C.UTF-8 CDPATH=
here=$(cd "$(dirname "$0")" && pwd)
include=${NNINIT_INCLUDE:-$here/../../include}
eigen=${EIGEN_INCLUDE:-/usr/include/eigen3}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

compilers=
for c in ${COMPILERS:-g++ clang++}; do
    command -v "$c" >/dev/null || { echo "left out: $c is missing"; continue; }
    compilers="$compilers $c"
    cat >"$work/all.hpp" <<'SOURCE'
#include <nninit/nninit.hpp>
#include <nninit/tensor.hpp>
#include <Eigen/SparseCore>
#include <random>
#include <vector>
SOURCE
    $c -std=c++20 -I"$include" -isystem "$eigen" -x c++-header "$work/all.hpp" -o "$work/$c.pch"
done

wrong=0 lines=0
say() { # mistake, source, flags...
    what=$1 source=$2
    shift 2
    for c in $compilers; do
        case $c in
        clang*) header="-include-pch $work/$c.pch" ;;
        *) mkdir -p "$work/$c" && ln -sf "$work/$c.pch" "$work/$c/all.hpp.gch" && header="-I$work/$c -include all.hpp" ;;
        esac
        mark='!'
        if $c -std=c++20 -I"$include" -isystem "$eigen" $header "$@" -fsyntax-only "$source" >"$work/log" 2>&1
        then
            first="(compiles)"
        else
            first=$(grep -m1 'error: ' "$work/log" | sed 's/.*error: //; s/static_assert failed[^"]*"/"/; s/static assertion failed[^:]*: //' | cut -c1-150)
            case $first in *"nninit: "*) mark=' ' ;; esac
        fi
        lines=$((lines + 1))
        [ "$mark" = ' ' ] || wrong=$((wrong + 1))
        printf '%s %-46s %-8s %s\n' "$mark" "$what" "$c" "$first"
    done
}

# A rule as it is called: RULE(target, engine, facts...).
rules=${RULES:-HeNormal Zeros Identity Dirac Orthogonal Sparse Lsuv Initializer tensor}
macro_of() {
    case $1 in
    Lsuv) echo 'nninit::Lsuv{}(__VA_ARGS__, [] { return Eigen::MatrixXf(); })' ;;
    Initializer) echo 'nninit::by_name("normal")(__VA_ARGS__)' ;;
    tensor) echo 'nninit::fill(nninit::HeNormal{}, __VA_ARGS__)' ;;
    Dirac) echo 'nninit::Dirac{}(__VA_ARGS__)' ;;
    *) echo "nninit::$1{}(__VA_ARGS__)" ;;
    esac
}
try() { # mistake, rules that it is one for, lines of code with RULE(...)
    mistake=$1 for_rules=$2
    shift 2
    for rule in $rules; do
        case " $for_rules " in *" $rule "*) ;; *) continue ;; esac
        {
            echo "#define RULE(...) $(macro_of $rule)"
            echo 'using namespace nninit;'
            echo 'void f(Eigen::MatrixXf& w, Eigen::MatrixXf& b, Philox& rng, const Philox& fixed, Eigen::VectorXf& v,'
            echo '       Eigen::Tensor<float, 2>& t, const Eigen::Tensor<float, 2>& ct) {'
            echo '    static_cast<void>(sizeof(w) + sizeof(b) + sizeof(rng) + sizeof(fixed) + sizeof(v) + sizeof(t) + sizeof(ct));'
            for line in "$@"; do echo "    $line"; done
            echo '}'
        } >"$work/mistake.cpp"
        say "$mistake: $rule" "$work/mistake.cpp"
    done
}
dense="HeNormal Zeros Identity Orthogonal Sparse Lsuv Initializer"
drawn="HeNormal Orthogonal Sparse Lsuv Initializer"
try "engine and target swapped" "$drawn Zeros Identity" 'RULE(rng, w);'
try "engine and target swapped" "tensor" 'RULE(rng, t, "OI");'
try "engine and target swapped" "Dirac" 'RULE(rng, w, Conv{.in = 3, .out = 3});'
try "std::vector" "$dense" 'std::vector<float> x(9); RULE(x, rng);'
try "std::vector" "tensor" 'std::vector<float> x(9); RULE(x, rng, "OI");'
try "std::vector" "Dirac" 'std::vector<float> x(9); RULE(x, Conv{.in = 3, .out = 3});'
try "float[16]" "$dense" 'float x[16]; RULE(x, rng);'
try "float[16]" "tensor" 'float x[16]; RULE(x, rng, "OI");'
try "a pointer" "$dense" 'float* x = w.data(); RULE(x, rng);'
try "a pointer" "tensor" 'float* x = w.data(); RULE(x, rng, "OI");'
try "no engine" "$drawn" 'RULE(w);'
try "no engine" "tensor" 'RULE(t, "OI");'
try "const target" "$dense" 'const Eigen::MatrixXf& c = w; RULE(c, rng);'
try "const target" "tensor" 'RULE(ct, rng, "OI");'
try "const target" "Dirac" 'const Eigen::MatrixXf& c = w; RULE(c, Conv{.in = 3, .out = 3});'
try "const engine" "$drawn" 'RULE(w, fixed);'
try "const engine" "tensor" 'RULE(t, fixed, "OI");'
try "integer matrix" "$dense" 'Eigen::MatrixXi x(3, 3); RULE(x, rng);'
try "integer matrix" "tensor" 'Eigen::Tensor<int, 2> x(3, 3); RULE(x, rng, "OI");'
try "integer matrix" "Dirac" 'Eigen::MatrixXi x(3, 3); RULE(x, Conv{.in = 3, .out = 3});'
try "vector without facts" "HeNormal Orthogonal Sparse Identity" 'RULE(v, rng);'
try "sparse matrix" "$dense" 'Eigen::SparseMatrix<float> x(3, 3); RULE(x, rng);'
try "sparse matrix" "Dirac" 'Eigen::SparseMatrix<float> x(3, 3); RULE(x, Conv{.in = 3, .out = 3});'
try "a product" "$dense" 'RULE(w * b, rng);'
try "a sum" "$dense" 'RULE(w + b, rng);'
try "a sum" "Dirac" 'RULE(w + b, Conv{.in = 3, .out = 3});'
try "a temporary" "$dense" 'RULE(Eigen::MatrixXf(3, 3), rng);'
try "a temporary" "Dirac" 'RULE(Eigen::MatrixXf(3, 3), Conv{.in = 3, .out = 3});'
try "seed instead of engine" "$drawn" 'RULE(w, 42);'
try "seed instead of engine" "tensor" 'RULE(t, 42, "OI");'
try "{.in = ..} as fact" "HeNormal Zeros Identity Orthogonal Sparse Initializer" \
    'RULE(w, rng, {.in = 784, .out = 128});'
try "{.in = ..} as fact" "Dirac" 'RULE(w, {.in = 3, .out = 3, .kernel = {3, 3}});'
try "{.in = ..} as fact" "tensor" 'RULE(t, rng, "OI", {.in = 784, .out = 128});'
try "Dirac without Conv" "Dirac" 'RULE(w);'
try "Window with mt19937" "HeNormal Initializer" \
    'std::mt19937 mt; RULE(w, mt, Window{.rows = 9, .cols = 9, .row = 0, .col = 0});'
try "Window with mt19937" "Orthogonal Sparse" \
    'std::mt19937 mt; RULE(w, mt, Window{.rows = 9, .cols = 9, .row = 0, .col = 0});'

if [ "${1:-}" != mistakes ]; then
    for source in "$here"/*.cpp; do
        say "$(basename "$source" .cpp)" "$source" -DREFUSED
    done
fi
echo "$lines lines, $wrong that are not the library's sentence"
[ $wrong = 0 ]
