# SPDX-License-Identifier: MIT
# sh tests/cuda.sh quickstart nvcc eigen: examples/quickstart.cpp, compiled by nvcc as CUDA without a
# warning about a header of the library, prints what the quickstart given prints.
set -eu
export LC_ALL=C.UTF-8 CDPATH=
cd "$(dirname "$0")/.." # nvcc does not take a path with an apostrophe
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$2" -std=c++20 -O1 -x cu -Iinclude -isystem "$3" examples/quickstart.cpp \
    -o "$work/quickstart" >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
! grep -A3 'include/nninit/' "$work/log"
"$1" >"$work/expected"
"$work/quickstart" | diff "$work/expected" -
