# SPDX-License-Identifier: MIT
# sh tests/benchmark/against.sh old_include [EigenRand]: this tree's headers (NNINIT_INCLUDE, default
# ../../include) against another tree's in one program, with g++ and clang++, at -O2 and -O0; and
# beside EigenRand (https://github.com/bab2min/EigenRand, the folder that holds EigenRand/EigenRand) at
# -O3 -march=native without AVX-512, ours at -O2. COMPILERS and LEVELS choose a part. Then the worst
# shape over the best of this tree.
set -eu
export LC_ALL=C.UTF-8 CDPATH=
here=$(cd "$(dirname "$0")" && pwd)
include=${NNINIT_INCLUDE:-$here/../../include}
eigen=${EIGEN_INCLUDE:-/usr/include/eigen3}
old=${1:?the include directory of the other tree}
rand=${2:-}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for c in ${COMPILERS:-g++ clang++}; do
    command -v "$c" >/dev/null || { echo "left out: $c is missing"; continue; }
    all="$c -std=c++20 -DNDEBUG -isystem $eigen"
    $all -O2 -c "$here/against.cpp" -o "$work/against.o"
    for level in ${LEVELS:--O2 -O0}; do
        echo "== $c $level, the other tree: $old"
        $all $level -I"$include" -DSIDE=ours -c "$here/side.cpp" -o "$work/ours.o"
        $all $level -I"$old" -DSIDE=theirs -Dnninit=nninit_old -c "$here/side.cpp" -o "$work/theirs.o"
        $c "$work/against.o" "$work/ours.o" "$work/theirs.o" -o "$work/against"
        case $level in
        -O0) "$work/against" 0 100 10000 ;; # 10^7 values would take ten minutes
        *) "$work/against" ;;
        esac
    done
    if [ -n "$rand" ]; then
        # With AVX-512, EigenRand 0.6 does not come back from some fills of normal doubles.
        echo "== $c -O2, beside EigenRand at -O3 -march=native -mno-avx512f"
        $all -O2 -I"$include" -DSIDE=ours -c "$here/side.cpp" -o "$work/ours.o"
        $all -w -O3 -march=native -mno-avx512f -isystem "$rand" -c "$here/eigenrand.cpp" -o "$work/theirs.o"
        $c "$work/against.o" "$work/ours.o" "$work/theirs.o" -o "$work/against"
        "$work/against" 0 10000 1000000 10000000
    fi
    echo "== $c -O2, shapes"
    $all -O2 -I"$include" "$here/shapes.cpp" -o "$work/shapes"
    "$work/shapes"
done
