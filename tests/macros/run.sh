# SPDX-License-Identifier: MIT
# sh tests/macros/run.sh [flags...]: one hash under each of Eigen's macros, and tensors under
# AddressSanitizer where their default order is row-major. CXX, NNINIT_INCLUDE and EIGEN_INCLUDE are
# heeded; MACROS chooses a part, or none of them by `no`.
set -eu
export LC_ALL=C.UTF-8 CDPATH=
here=$(cd "$(dirname "$0")" && pwd)
include=${NNINIT_INCLUDE:-$here/../../include}
eigen=${EIGEN_INCLUDE:-/usr/include/eigen3}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
first= wrong=0

# Tensors alone, and only where memory is watched.
if ${CXX:-c++} -std=c++20 -O0 -DTENSORS -DEIGEN_DEFAULT_TO_ROW_MAJOR -fsanitize=address "$@" -I"$include" \
    -isystem "$eigen" "$here/macros.cpp" -o "$work/program" -pthread 2>"$work/log"; then
    if "$work/program" >"$work/out" 2>&1; then
        echo "tensors, row-major by default, with AddressSanitizer: in order"
    else
        echo "tensors, row-major by default: WRONG: $(grep -m1 -E 'ERROR|not' "$work/out" | cut -c1-120)"
        wrong=1
    fi
else
    echo "left out: tensors with AddressSanitizer: $(grep -m1 error "$work/log" | cut -c1-100)"
fi
[ "${MACROS:-}" != no ] || exit $wrong
for macro in none ${MACROS:-EIGEN_DEFAULT_TO_ROW_MAJOR EIGEN_DEFAULT_DENSE_INDEX_TYPE=int \
    EIGEN_NO_AUTOMATIC_RESIZING EIGEN_INITIALIZE_MATRICES_BY_NAN EIGEN_INITIALIZE_MATRICES_BY_ZERO \
    EIGEN_DONT_ALIGN EIGEN_MAX_CPP_VER=11 EIGEN_DONT_VECTORIZE EIGEN_USE_THREADS EIGEN_NO_DEBUG \
    EIGEN_NO_IO EIGEN_FAST_MATH=0 EIGEN_STACK_ALLOCATION_LIMIT=0}; do
    flag=-D$macro
    [ "$macro" != none ] || flag=
    if ! ${CXX:-c++} -std=c++20 -O0 $flag "$@" -I"$include" -isystem "$eigen" \
        "$here/macros.cpp" -o "$work/program" -pthread 2>"$work/log"; then
        echo "$macro: does not compile: $(grep -m1 error: "$work/log" | cut -c1-160)"
        wrong=1
        continue
    fi
    code=0
    "$work/program" >"$work/out" 2>&1 || code=$?
    hash=$(tail -n 1 "$work/out")
    [ -n "$first" ] || first=$hash
    if [ $code != 0 ] || [ "$hash" != "$first" ]; then
        echo "$macro: WRONG (exit $code): $(grep -m1 -E 'ERROR|not|[0-9a-f]{16}' "$work/out" | cut -c1-120)"
        wrong=1
    else
        echo "$macro: $hash"
    fi
done
exit $wrong
