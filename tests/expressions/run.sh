# SPDX-License-Identifier: MIT
# sh tests/expressions/run.sh [flags...]: fills every kind of expression that Eigen documents as
# writable by every rule and compares with a plain fill, for float, double, half and complex float.
# CXX, NNINIT_INCLUDE and EIGEN_INCLUDE are heeded; SCALARS and FILES choose a part.
set -eu
export LC_ALL=C.UTF-8 CDPATH=
here=$(cd "$(dirname "$0")" && pwd)
include=${NNINIT_INCLUDE:-$here/../../include}
eigen=${EIGEN_INCLUDE:-/usr/include/eigen3}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
wrong=0
for scalar in ${SCALARS:-float double Eigen::half std::complex<float>}; do
    for file in ${FILES:-blocks views maps slices}; do
        if ! ${CXX:-c++} -std=c++20 -O1 -DNDEBUG "-DSCALAR=$scalar" "$@" -I"$include" -isystem "$eigen" \
            "$here/$file.cpp" -o "$work/program" 2>"$work/log"; then
            echo "$scalar, $file: does not compile: $(grep -m1 error: "$work/log" | cut -c1-160)"
            wrong=1
        else
            echo "$scalar:"
            "$work/program" || wrong=1
        fi
    done
done
exit $wrong
