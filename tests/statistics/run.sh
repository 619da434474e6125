# SPDX-License-Identifier: MIT
# sh tests/statistics/run.sh [install]: builds independence.cpp and words.cpp, runs the first, and
# pipes each source of the second into dieharder's tests, one line per source. With "install", gets
# what is missing from Debian's archive. CXX and EIGEN_INCLUDE (default /usr/include/eigen3) are
# heeded. Takes 15 minutes.
#
# dieharder says FAILED of a p-value below 1e-6 or above 1 - 1e-6, and WEAK below 0.005 or above
# 0.995. A right source has none of the first (one in 500,000 p-values by chance) and about one in
# 100 of the second; so many that chance gives them less than once in 1e6 runs are an error too. The
# p-values of one test hang together (sts_serial has 30 of 59), so that the number of WEAK ones
# scatters more than the binomial law says: openssl's AES-128 in counter mode has 9 in 354, put
# through the same. The seeds are fixed: a verdict does not change from run to run. A control must
# have a FAILED.
set -eu
export LC_ALL=C.UTF-8 CDPATH=
root=$(cd "$(dirname "$0")/../.." && pwd)
. "$root/.ci/need.sh"
eigen=${EIGEN_INCLUDE:-/usr/include/eigen3}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

[ -n "${CXX:-}" ] || need_tool c++ g++
[ -d "$eigen" ] || missing="$missing libeigen3-dev"
need_tool dieharder dieharder
if [ "${1:-}" = install ]; then
    install_missing
elif [ -n "$missing" ]; then
    echo "missing:$missing (Debian's names); sh tests/statistics/run.sh install gets them" >&2
    exit 1
fi

for program in independence words; do
    ${CXX:-c++} -std=c++20 -O2 -I"$root/include" -isystem "$eigen" \
        "$root/tests/statistics/$program.cpp" -o "$work/$program"
done
wrong=0
"$work/independence" || wrong=1

# All of dieharder's tests but 5, 6, 7 and 14, which its authors call suspect, and 17, which takes
# as long as all others. Each gets words of a seed of its own.
tests="0 1 2 3 4 8 9 10 11 12 13 15 16 100 101 102 200:8 201:5 202:5 203:8 204 205 206 207 208 209"

p_values() { # source, tests...: lines of "p verdict test tuple"
    source=$1
    shift
    for test in "$@"; do
        tuple=
        case $test in *:*) tuple="-n ${test#*:}" ;; esac
        "$work/words" "$source" "${test%:*}" |
            dieharder -g 200 -d "${test%:*}" $tuple -c , -D test_name -D ntuple -D pvalues \
                -D assessment -D no_whitespace >"$work/output" 2>&1 || :
        [ -s "$work/output" ] || echo ",,0,nothing" >"$work/output"
        awk -F, '{ print $3, $4, $1, $2 }' "$work/output"
    done
}

line='%-9s %8s %10s %10s %6s %8s  %s\n'
printf "$line" source p-values smallest largest WEAK FAILED verdict
row() { # source, verdict if nothing has failed, verdict if something has
    awk -v source="$1" -v fine="$2" -v failed="$3" -v format="$line" '
        $2 !~ /^(PASSED|WEAK|FAILED)$/ { strange = 1 }
        NR == 1 || $1 < least { least = $1 }
        NR == 1 || $1 > most { most = $1 }
        { ++count[$2] }
        $2 != "PASSED" { list = list sprintf("    %-6s %s %s, p %s\n", $2, $3, $4, $1) }
        END {
            verdict = NR == 0 || strange ? "NO RESULT" : count["FAILED"] ? failed : fine
            printf format "%s", source, NR, least, most, count["WEAK"] + 0, count["FAILED"] + 0,
                verdict, list
            exit verdict ~ /^[A-Z ]+$/
        }' "$work/results" || wrong=1
}
for source in stream reversed low names ids seeds; do
    p_values $source $tests >"$work/results"
    row $source passed REJECTED
    cat "$work/results" >>"$work/all"
done
for source in lagged lcg; do
    p_values $source 0 4 8 >"$work/results"
    row "$source" PASSED "rejected, as a control must be"
done

# The chance of so many WEAK ones or more, of the binomial law of n p-values at 0.01.
awk '$2 == "WEAK" { ++weak }
     END {
         term = 0.99 ^ NR
         for (k = 0; k < weak; ++k) { below += term; term *= (NR - k) / (k + 1) * 0.01 / 0.99 }
         printf "%d p-values, %d WEAK where chance gives %.1f: probability of so many %.2g\n", NR,
             weak, NR / 100, 1 - below
         exit 1 - below < 1e-6
     }' "$work/all" || wrong=1
exit $wrong
