# SPDX-License-Identifier: MIT
# sh tests/cost/compile.sh [rounds]: what a source file that uses the library costs: user seconds to
# compile (the minimum of so many rounds, default 5, all files interleaved), the ratio to a file with
# <Eigen/Dense> and setRandom(), size of the object, peak memory, number of functions. For g++ and
# clang++, or the COMPILERS named, at -O0 and -O2.
#
# sh tests/cost/compile.sh quick: fails if what does not vary from run to run exceeds its limit: size
# of the object and number of functions, g++ -O0.
#
# NNINIT_INCLUDE names other headers than ../../include, EIGEN_INCLUDE another Eigen, FILES a part of
# the files.
set -eu
export LC_ALL=C.UTF-8 CDPATH=
here=$(cd "$(dirname "$0")" && pwd)
include=${NNINIT_INCLUDE:-$here/../../include}
eigen=${EIGEN_INCLUDE:-/usr/include/eigen3}
files=${FILES:-"include he_normal five_rules shapes by_name orthogonal"}

# Of the object at -O0: KB, and functions in it, a little above what they are with GCC 12. Another
# version's standard library may add 15 %.
limits="
include       56  115
he_normal    225  270
five_rules   265  325
shapes       545  715
by_name     1135 1450
orthogonal   290  350
"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

compile() { # compiler, optimisation, file
    $1 -std=c++20 "$2" -DNDEBUG -I"$include" -isystem "$eigen" -c "$here/$3.cpp" -o "$work/object.o"
}
kilobytes() { echo $((($(wc -c <"$work/object.o") + 512) / 1024)); }
functions() { nm "$work/object.o" | grep -c ' [TtWi] '; }

if [ "${1:-}" = quick ]; then
    command -v g++ >/dev/null || { echo "left out: g++ is missing"; exit 0; }
    case $(g++ -dumpversion) in 12*) percent=100 ;; *) percent=115 ;; esac
    echo "$limits" | {
        failed=0
        while read -r file most_kb most_functions; do
            case " $files " in *" $file "*) ;; *) continue ;; esac
            [ -n "$file" ] || continue
            most_kb=$((most_kb * percent / 100)) most_functions=$((most_functions * percent / 100))
            compile g++ -O0 "$file"
            kb=$(kilobytes) n=$(functions)
            verdict=ok
            if [ "$kb" -gt "$most_kb" ] || [ "$n" -gt "$most_functions" ]; then
                verdict="TOO MUCH: at most $most_kb KB and $most_functions functions"
                failed=1
            fi
            printf '%-12s %6d KB %6d functions  %s\n' "$file" "$kb" "$n" "$verdict"
        done
        exit $failed
    }
    exit
fi

rounds=${1:-5}
compilers=
for c in ${COMPILERS:-g++ clang++}; do
    if command -v "$c" >/dev/null; then compilers="$compilers $c"; else echo "left out: $c is missing"; fi
done
for round in $(seq "$rounds"); do
    for compiler in $compilers; do
        for optimisation in -O0 -O2; do
            for file in baseline $files; do
                cost=$(python3 "$here/measure.py" $compiler -std=c++20 $optimisation -DNDEBUG \
                    -I"$include" -isystem "$eigen" -c "$here/$file.cpp" -o "$work/object.o")
                echo "$compiler $optimisation $file $cost $(kilobytes) $(functions)" >>"$work/costs"
            done
        done
    done
done
awk -v rounds="$rounds" '
    {
        cell = $1 " " $2
        key = cell " " $3
        if (!(cell in cells)) { cells[cell] = 1; cell_order[++n_cells] = cell }
        if (!($3 in known)) { known[$3] = 1; file_order[++n_files] = $3 }
        if (!(key in seconds) || $4 < seconds[key]) seconds[key] = $4
        if (!(key in memory) || $5 < memory[key]) memory[key] = $5
        kb[key] = $6; functions[key] = $7
    }
    END {
        print "minimum of " rounds
        printf "%-13s%-12s %8s %6s %8s %9s %9s\n", "", "file", "seconds", "ratio", "object", "memory",
               "functions"
        for (c = 1; c <= n_cells; ++c)
            for (f = 1; f <= n_files; ++f) {
                cell = cell_order[c]
                key = cell " " file_order[f]
                printf "%-13s%-12s %8.2f %6.2f %5d KB %6d MB %9d\n", f == 1 ? cell : "",
                       file_order[f], seconds[key], seconds[key] / seconds[cell " baseline"], kb[key],
                       memory[key] / 1024, functions[key]
            }
    }' "$work/costs"
