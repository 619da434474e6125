# SPDX-License-Identifier: MIT
# sh tests/neighbours/run.sh [flags...]: fills with types of a namespace that has a greedy template
# for every name the library calls. CXX, NNINIT_INCLUDE and EIGEN_INCLUDE are heeded.
set -eu
export LC_ALL=C.UTF-8 CDPATH=
here=$(cd "$(dirname "$0")" && pwd)
include=${NNINIT_INCLUDE:-$here/../../include}
eigen=${EIGEN_INCLUDE:-/usr/include/eigen3}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 "$here/names.py" "$include/nninit" | sed 's/.*/NAME(&)/' >"$work/names.inc"
echo "$(wc -l <"$work/names.inc") names"
# Control: the list has what the library is known to call.
grep -q 'NAME(fail)' "$work/names.inc" || { echo "the list lacks fail"; exit 1; }
${CXX:-c++} -std=c++20 -O0 "$@" -I"$work" -I"$include" -isystem "$eigen" "$here/neighbours.cpp" \
    -o "$work/program" 2>"$work/log" || {
    echo "does not compile:"
    grep -E "error|required from here" "$work/log" | head -n 8 | cut -c1-180
    exit 1
}
"$work/program"
