# SPDX-License-Identifier: MIT
# sh tests/evidence.sh [part...]: runs the long checks (all, or the parts named) on the tree as it is
# and writes tests/results.md, one row for each: its figure, whether it holds (or is measured, where
# there is no limit), and the time it took. What was done for these very files is not run again, so
# that a stopped run goes on where it was, on another machine too: each row of results.md ends with a
# hash of the part's own files and of include/ without its comments and the width of its white
# space. Logs are kept in EVIDENCE_DIR (default build/evidence). AGAIN=yes runs the parts anew. A check
# whose tools are missing is listed as not run. Fails if a part does. Parts and what bounds them:
#
#   bits platforms sweep statistics fuzz mutants sanitizers threads mixtures macros expressions
#   neighbours refusals planted eigen compilers cost speed orthogonal stack coverage clang-tidy
#
#   FUZZ_MINUTES   of fills (20), and a third of it of calls and of text
#   MUTANTS        how many, drawn by the seed MUTANT_SEED (all, 1), none after MUTANT_MINUTES
#   SWEEP_STEP     every n-th block (1)
#   EIGEN_TREES    unpacked Eigen sources
#   NNINIT_OTHER   the headers of another version, for mixtures
#   OLD_INCLUDE    the headers to be faster than, and EIGENRAND, that library's tree
set -eu
export LC_ALL=C.UTF-8 CDPATH=
root=$(cd "$(dirname "$0")/.." && pwd)
cd "$root"
eigen=${EIGEN_INCLUDE:-/usr/include/eigen3}
all="bits platforms sweep statistics fuzz mutants sanitizers threads mixtures macros expressions
    neighbours refusals planted eigen compilers cost speed orthogonal stack coverage clang-tidy"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

if commit=$(git rev-parse --short=12 HEAD 2>/dev/null); then
    changes=$(git status --porcelain -- . ':!tests/results.md')
    [ -z "$changes" ] || commit="$commit and changes that are not committed"
else
    commit=none
fi

# What a part's result depends on, beside include/.
files_of() {
    unit="CMakeLists.txt tests/CMakeLists.txt tests/golden $(echo tests/*.?pp)"
    case $1 in
    bits) echo tests/bits/bits.cpp tests/bits/run.sh ;;
    platforms) echo tests/bits/bits.cpp tests/bits/platforms.sh ;;
    sweep) echo tests/quantile ;;
    statistics) echo tests/statistics tests/statistics.hpp ;;
    speed | orthogonal) echo tests/benchmark ;;
    cost | expressions | fuzz | macros | mixtures | neighbours | refusals | stack) echo "tests/$1" ;;
    mutants) echo $unit tests/mutate.py ;;
    sanitizers | threads) echo $unit tests/sanitize tests/sanitize.sh ;;
    eigen) echo $unit tests/bits/bits.cpp tests/eigen_versions.sh ;;
    coverage) echo $unit tests/coverage.sh ;;
    compilers) echo $unit tests/compilers.sh tests/statistics/independence.cpp ;;
    clang-tidy) echo $unit examples .clang-tidy ;;
    planted)
        echo $unit tests/planted.sh tests/hygiene.sh tests/bits/bits.cpp tests/bits/run.sh
        for name in expressions long macros mixtures neighbours refusals stack; do
            echo "tests/$name"
        done
        ;;
    esac
}
hash_of() { # part
    {
        find include -type f | sort | xargs sed 's://.*::' | tr -s '[:space:]' ' '
        find $(files_of "$1") -type f ! -name '*.md' ! -name survivors.txt | sort | xargs cksum
    } | cksum | cut -d ' ' -f 1
}
row_of() { # part: its row of results.md, if that is of these files
    grep "^| $1 |.* | $(hash_of "$1") |$" "$work/rows"
}

has() { command -v "$1" >/dev/null; }

# Runs a part's command. Its figure: the last line that matches, with how many of the others say
# "left out".
run() { # part, what it shows, pattern of the figure, command...
    part=$1 what=$2 pattern=$3
    shift 3
    echo "$part: $(date '+%H:%M:%S')"
    begin=$(date +%s) code=0
    "$@" >"$state/log" 2>&1 || code=$?
    seconds=$(($(date +%s) - begin))
    figure=$(grep -E "$pattern" "$state/log" | tail -n "$lines" | tr -s ' ' | tr '|' '/' |
        sed '$!s/$/<br>/' | tr -d '\n' || :)
    out=$(grep -vE "$pattern" "$state/log" | grep -ciE 'left out|not run' || :)
    [ "$out" = 0 ] || figure="$figure ($out left out)"
    verdict=$good
    [ $code = 0 ] || verdict="**FAILS** (exit $code)"
    if [ -z "$figure" ]; then
        figure="no figure; $(tail -n 1 "$state/log" | tr '|' '/' | cut -c1-120)"
        verdict="**FAILS**"
    fi
    row "$figure" "$verdict" "$seconds"
}

row() { # figure, verdict, seconds
    grep -v "^| $part |" "$work/rows" >"$work/others" || :
    echo "| $part | $what | $1 | $2 | $3 s | $(date -u '+%Y-%m-%d') | $hash |" |
        cat "$work/others" - >"$work/rows"
    echo "$part: $2, $3 s: $1"
}

not_run() { # part, what it shows, why
    part=$1 what=$2
    row "$3" "not run" 0
}

needs() { # part, what it shows, commands...; fails if one is missing
    name=$1 shows=$2
    shift 2
    for tool; do
        has "$tool" || { not_run "$name" "$shows" "there is no $tool"; return 1; }
    done
}

do_part() {
    lines=1 good=holds
    case $1 in
    bits)
        lines=2
        run bits "one hash for all compilers, flags, paths and threads" 'values .* same|cells, ' \
            sh tests/bits/run.sh
        ;;
    platforms)
        run platforms "one hash for all processors and systems" 'cells, ' sh tests/bits/platforms.sh
        ;;
    sweep)
        what="every word of the float normal"
        needs sweep "$what" g++ || return 0
        run sweep "$what" 'words: largest error|^law, values times 1:' sh -c '
            g++ -std=c++20 -O2 -fopenmp -Iinclude -isystem "$1" tests/quantile/sweep.cpp -o "$2/sweep" &&
                "$2/sweep" "$3"' sh "$eigen" "$work" "${SWEEP_STEP:-1}"
        ;;
    statistics)
        what="laws and independence; dieharder"
        needs statistics "$what" dieharder || return 0
        lines=2
        run statistics "$what" 'p-values, |checks' sh tests/statistics/run.sh
        ;;
    fuzz)
        what="hostile inputs; planted bugs"
        minutes=${FUZZ_MINUTES:-20}
        needs fuzz "$what" clang++ || return 0
        lines=20
        run fuzz "$what" ': (planted|FOUND|[0-9]+ s, )' \
            env FINDINGS="$state" sh -c '
                sh tests/fuzz/run.sh "$1" fill || wrong=1
                sh tests/fuzz/run.sh "$2" calls text && [ -z "${wrong:-}" ]' sh $((minutes * 60)) $((minutes * 20))
        ;;
    mutants)
        what="mutants of the headers"
        needs mutants "$what" python3 g++ || return 0
        if ! PYTHONPATH=/usr/lib/python3/dist-packages python3 -c 'import clang.cindex' 2>/dev/null; then
            not_run mutants "$what" "there is no python3-clang"
            return 0
        fi
        run mutants "$what" 'mutants tried' python3 tests/mutate.py --log "$state/mutants.jsonl" \
            --seed "${MUTANT_SEED:-1}" ${MUTANTS:+--count "$MUTANTS"} \
            ${MUTANT_MINUTES:+--minutes "$MUTANT_MINUTES"}
        ;;
    sanitizers)
        what="unit tests under ASan, UBSan and memcheck"
        needs sanitizers "$what" clang++ cmake || return 0
        run sanitizers "$what" 'checks, ' sh tests/sanitize.sh address valgrind
        ;;
    threads)
        what="fills of threads under TSan"
        needs threads "$what" clang++ || return 0
        run threads "$what" 'checks, ' sh tests/sanitize.sh threads
        ;;
    mixtures)
        what="objects of several compilers and flags in one program"
        run mixtures "$what" 'programs, ' sh tests/mixtures/run.sh
        ;;
    macros)
        what="one hash under each of Eigen's macros"
        lines=20
        run macros "$what" ':' sh tests/macros/run.sh
        ;;
    expressions)
        what="every expression that can be written"
        lines=16
        run expressions "$what" 'kinds|expressions|fills|same|WRONG|compile' sh tests/expressions/run.sh
        ;;
    neighbours)
        what="names of a greedy namespace"
        lines=3
        run neighbours "$what" . sh tests/neighbours/run.sh
        ;;
    refusals)
        run refusals "the first line of each compiler for each mistake" 'lines, ' sh tests/refusals/table.sh
        ;;
    planted)
        run planted "faults that foreign programs met, planted again" 'faults, ' sh tests/planted.sh
        ;;
    eigen)
        what="versions of Eigen"
        if [ -z "${EIGEN_TREES:-}" ]; then
            not_run eigen "$what" "EIGEN_TREES names no unpacked sources"
            return 0
        fi
        lines=9
        run eigen "$what" '^Eigen ' sh tests/eigen_versions.sh $EIGEN_TREES
        ;;
    compilers)
        lines=9
        run compilers "unit tests by each compiler" '^[cg][^ ]*: |compilers, ' sh tests/compilers.sh
        ;;
    cost)
        lines=40 good=measured
        run cost "seconds to compile, against Eigen alone" '[0-9] KB' sh tests/cost/compile.sh
        ;;
    speed)
        what="ns per value of 10^7, ours and the other's: minima, medians, ratio"
        if [ -z "${OLD_INCLUDE:-}" ]; then
            not_run speed "$what" "OLD_INCLUDE names no other tree"
            return 0
        fi
        lines=90 good=measured
        run speed "$what" '^==| 10000000 |^largest|^worst' \
            sh tests/benchmark/against.sh "$OLD_INCLUDE" ${EIGENRAND:-}
        ;;
    orthogonal)
        what="Orthogonal against another tree and OpenBLAS"
        if [ -z "${OLD_INCLUDE:-}" ] ||
            ! echo 'int main() {}' | g++ -x c++ - -lopenblas -o "$work/blas" 2>/dev/null; then
            not_run orthogonal "$what" "OLD_INCLUDE names no other tree, or there is no libopenblas-dev"
            return 0
        fi
        lines=24 good=measured
        run orthogonal "$what" '^==|LAPACK' sh tests/benchmark/orthogonal.sh "$OLD_INCLUDE"
        ;;
    stack)
        what="bytes of stack that a fill takes"
        needs stack "$what" g++ || return 0
        lines=2
        run stack "$what" '^largest' sh -c '
            for c in g++ clang++; do
                command -v $c || { echo "$c left out"; continue; }
                $c -std=c++20 -O2 -Wl,-z,now -Iinclude -isystem "$1" tests/stack/stack.cpp \
                    -o "$2/stack" -pthread && "$2/stack" || exit
            done' sh "$eigen" "$work"
        ;;
    coverage)
        what="lines and branches of include/ that unit tests run"
        needs coverage "$what" clang++ cmake || return 0
        run coverage "$what" 'lines, ' env BUILD_DIR="$work/coverage" sh tests/coverage.sh
        ;;
    clang-tidy)
        what="clang-tidy and Clang's warnings on tests and examples"
        needs clang-tidy "$what" clang-tidy || return 0
        run clang-tidy "$what" 'files, ' sh -c '
            n=0 wrong=0
            for file in tests/*.cpp examples/*.cpp; do
                n=$((n + 1))
                clang-tidy --quiet --warnings-as-errors="*" "$file" -- -std=c++20 \
                    -Wdocumentation $(grep -o -- "-W[a-z-]*" CMakeLists.txt) \
                    "-DPROJECT_VERSION=\"\"" -I"$PWD/include" -isystem "$1" || wrong=$((wrong + 1))
            done
            echo "$n files, $wrong with a warning"
            [ $wrong = 0 ]' sh "$eigen"
        ;;
    *)
        echo "there is no part $1; there are" $all >&2
        exit 2
        ;;
    esac
}

write() {
    {
        echo "# Results of tests/evidence.sh"
        echo
        echo "Commit: $commit. Each part ran on the day beside it, on this commit's include/ (or on one that"
        echo "differs in comments and line breaks alone) and its own files, whose hash ends the row, or else"
        echo "on those of an older commit, which its verdict says."
        machine=$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo 2>/dev/null | head -n 1 || :)
        echo "Machine of the last part: $(getconf _NPROCESSORS_ONLN) x ${machine:-$(uname -m)}, $(uname -s) $(uname -m)."
        printf 'Compilers:'
        for c in g++ g++-11 g++-13 g++-14 clang++ clang++-16 clang++-19; do
            ! has $c || printf ' %s,' "$($c --version | head -n 1)"
        done
        echo " no others."
        echo
        echo "| part | what | figure | verdict | time | day | files |"
        echo "|---|---|---|---|---|---|---|"
        for part in $all; do
            row_of "$part" ||
                grep "^| $part |" "$work/rows" | sed -E 's/\| (holds|measured) \|/| \1, of older files |/' |
                grep . || echo "| $part | | | not run | | | |"
        done
    } >"$work/results"
    cp "$work/results" tests/results.md
}

grep '^| [a-z]' tests/results.md >"$work/rows" 2>/dev/null || :
for name in ${*:-$all}; do
    hash=$(hash_of "$name")
    state=${EVIDENCE_DIR:-$root/build/evidence}/$name-$hash
    mkdir -p "$state"
    if [ "${AGAIN:-}" != yes ] && row_of "$name" | grep -qE '\| (holds|measured) \|'; then
        echo "$name: done before"
    else
        do_part "$name"
    fi
    write
done
! grep -q 'FAILS' tests/results.md
