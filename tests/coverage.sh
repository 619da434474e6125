# SPDX-License-Identifier: MIT
# sh tests/coverage.sh: builds the unit tests for Clang's coverage, runs them, and prints the lines of
# include/ that they never reach, the conditions that are never true or never false in any instance
# of a template, and the totals. The report stays in BUILD_DIR/coverage.txt. CXX is a Clang with its
# llvm-cov and llvm-profdata (Debian: clang, llvm).
set -eu
export LC_ALL=C.UTF-8 CDPATH=
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

# Clang leaves out of the report what comes from a precompiled header.
cmake -S "$root" -B "$build" -DCMAKE_DISABLE_PRECOMPILE_HEADERS=ON -DNNINIT_TESTS=ON \
    -DNNINIT_EXAMPLES=OFF -DCMAKE_BUILD_TYPE=None \
    -DCMAKE_CXX_FLAGS="-O0 -fprofile-instr-generate -fcoverage-mapping"
cmake --build "$build" --parallel "$cores" --target unit_tests test_error
rm -f "$build"/*.profraw
LLVM_PROFILE_FILE=$build/%p.profraw ctest --test-dir "$build" --parallel "$cores" --label-regex unit
LLVM_PROFILE_FILE=$build/error.profraw "$build/tests/test_error" # ctest's is another, by -ffast-math
"$(tool llvm-profdata)" merge -o "$build/all.profdata" "$build"/*.profraw
set -- "$build"/tests/test_* "$build"/tests/unit_?
"$(tool llvm-cov)" show "$1" $(shift && printf -- '-object %s ' "$@") \
    -instr-profile="$build/all.profdata" --show-branches=count --show-instantiations=false \
    "$root/include" >"$build/coverage.txt"
awk '
    /^\// { sub(/.*\/include\//, ""); sub(/:$/, ""); file = $0; next }
    /^ *[0-9]+\| *[0-9.]+[kMG]?\|/ {
        split($0, cell, "|")
        here = file ":" cell[1] + 0
        if (here in code) next
        code[here] = substr($0, length(cell[1] "|" cell[2] "|") + 1)
        ++lines
        if (cell[2] + 0 == 0) print here ": never" code[here] " (" ++missed ")"
    }
    /Branch \([0-9:]+\): \[True/ {
        match($0, /[0-9]+:[0-9]+/)
        where = file ":" substr($0, RSTART, RLENGTH)
        if (!(where in taken)) order[++conditions] = where
        split($0, count, /True: |, False: |\]/)
        taken[where] = taken[where] (count[2] == "0" ? "" : "t") (count[3] == "0" ? "" : "f")
    }
    END {
        for (i = 1; i <= conditions; ++i) {
            where = here = order[i]
            sub(/:[0-9]+$/, "", here)
            if (taken[where] !~ /t/) print where ": never true" code[here] " (" ++open ")"
            if (taken[where] !~ /f/) print where ": never false" code[here] " (" ++open ")"
        }
        printf "%d of %d lines, %d of %d branches\n", lines - missed, lines, 2 * conditions - open,
            2 * conditions
    }' "$build/coverage.txt"
