# SPDX-License-Identifier: MIT
# sh tests/coverage.sh: builds the unit tests for Clang's coverage, runs them, and prints for each
# header the share of lines and branches that they reach: a branch of a template counts as taken if
# one of its instances takes it. The report by line stays in BUILD_DIR/coverage.txt. CXX is a Clang
# with its llvm-cov and llvm-profdata (Debian: clang, llvm).
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
. "$root/.ci/need.sh"
build=${BUILD_DIR:-$root/build/coverage}
CXX=${CXX:-clang++}
export CXX

need_tool clang++ clang
[ -x "$("$CXX" -print-prog-name=llvm-cov 2>/dev/null)" ] || need_tool llvm-cov llvm
need_build
need_library Catch2 catch2
install_missing
tool() { "$CXX" -print-prog-name="$1"; }

build -DNNINIT_TESTS=ON -DNNINIT_EXAMPLES=OFF -DCMAKE_BUILD_TYPE=None \
    -DCMAKE_CXX_FLAGS="-O0 -fprofile-instr-generate -fcoverage-mapping"
rm -f "$build"/*.profraw
LLVM_PROFILE_FILE=$build/%p.profraw ctest --test-dir "$build" --parallel "$cores" --label-regex unit
"$(tool llvm-profdata)" merge -o "$build/all.profdata" "$build"/*.profraw
objects=$(printf -- '-object %s ' "$build"/tests/test_*)
"$(tool llvm-cov)" show $objects -instr-profile="$build/all.profdata" --show-branches=count \
    --show-instantiations=false "$root"/include >"$build/coverage.txt"
"$(tool llvm-cov)" report $objects -instr-profile="$build/all.profdata" --show-branch-summary \
    "$root"/include | sed 's/ *\([0-9.]*%\)/ \1/g'
