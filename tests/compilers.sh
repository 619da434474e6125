# SPDX-License-Identifier: MIT
# sh tests/compilers.sh: the unit tests, compiled with -O2 by each GCC and Clang that is there, and the
# refusals with -ffast-math; one line for each compiler. Fails if a test does. COMPILERS names others.
set -eu
export LC_ALL=C.UTF-8 CDPATH=
root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
compilers=0 wrong=0

tests() { # compiler; says what became of them
    cmake -S "$root" -B "$work/build" -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_COMPILER="$1" \
        -DCMAKE_CXX_FLAGS_RELEASE=-O2 -DNNINIT_TESTS=ON -DNNINIT_EXAMPLES=OFF >"$work/log" 2>&1 &&
        cmake --build "$work/build" --parallel "$(getconf _NPROCESSORS_ONLN)" --target unit_tests \
            error >"$work/log" 2>&1 ||
        { echo "DOES NOT COMPILE: $(grep -m1 -i error "$work/log")"; return 1; }
    { ctest --test-dir "$work/build" -L unit --no-tests=error --output-on-failure &&
        ctest --test-dir "$work/build" -R '^error$' --no-tests=error --output-on-failure; } \
        >"$work/log" 2>&1 || { echo "FAILS"; grep -A3 'FAILED:$' "$work/log"; return 1; }
    echo "$(grep -c ' Passed ' "$work/log") tests pass"
}

versions="g++-11 g++-13 g++-14 g++-15 clang++-15 clang++-16 clang++-17 clang++-18 clang++-19"
for c in ${COMPILERS:-g++ clang++ $versions}; do
    command -v "$c" >/dev/null || continue
    compilers=$((compilers + 1))
    printf '%s: ' "$c"
    tests "$c" || wrong=$((wrong + 1))
    rm -rf "$work/build"
done
echo "$compilers compilers, $wrong by which a test fails"
[ $compilers != 0 ] && [ $wrong = 0 ]
