# SPDX-License-Identifier: MIT
# sh tests/benchmark/orthogonal.sh old_include: Orthogonal by this tree's headers, by another tree's
# and by OpenBLAS (libopenblas-dev), in one program, one thread, at -O2, then at -O3 -march=native: the
# minimum of several rounds taken in turn. The last figure of a line is our AVX2 path over OpenBLAS
# with the kernels that it chose: OPENBLAS_CORETYPE, such as SkylakeX or Haswell, chooses others. CXX
# and EIGEN_INCLUDE are heeded.
set -eu
export LC_ALL=C.UTF-8 CDPATH=
here=$(cd "$(dirname "$0")" && pwd)
old=${1:?the include directory of the other tree}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export OPENBLAS_NUM_THREADS=1
all="${CXX:-g++} -std=c++20 -DNDEBUG -isystem ${EIGEN_INCLUDE:-/usr/include/eigen3}"
source=$here/orthogonal.cpp
$all -O2 -c "$source" -o "$work/main.o"
$all -O2 -DSIDE=lapack -DLAPACK -I"$here/../../include" -c "$source" -o "$work/lapack.o"
for level in -O2 "-O3 -march=native"; do
    echo "== $level, ${OPENBLAS_CORETYPE:-OpenBLAS' own choice of kernels}"
    $all $level -DSIDE=ours -DPATHS -I"$here/../../include" -c "$source" -o "$work/ours.o"
    $all $level -DSIDE=theirs -Dnninit=nninit_old -I"$old" -c "$source" -o "$work/theirs.o"
    $all "$work/main.o" "$work/ours.o" "$work/theirs.o" "$work/lapack.o" -o "$work/program" -lopenblas
    "$work/program"
done
