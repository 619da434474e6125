# SPDX-License-Identifier: MIT
# sh tests/bits/peers.sh: builds peers.cpp with every compiler, standard library and processor that
# is here, and prints how many different matrices came out of each generator; fails if nninit's are
# not one. Needs g++; uses clang++ with libc++, and cross compilers with qemu-user, where they are.
# EIGEN_INCLUDE says where Eigen is (default /usr/include/eigen3).
set -eu
export LC_ALL=C.UTF-8 CDPATH=
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
builds=0

build() { # runner, compiler, flags...
    runner=$1 compiler=$2
    shift 2
    for tool in $runner $compiler; do
        command -v "$tool" >/dev/null || { echo "left out: there is no $tool"; return; }
    done
    if ! $compiler -std=c++20 "$@" -I"$here/../../include" \
        -isystem "${EIGEN_INCLUDE:-/usr/include/eigen3}" "$here/peers.cpp" -o "$work/peers" 2>"$work/log"; then
        echo "left out: $compiler $* does not compile: $(grep -m1 error "$work/log")"
        return
    fi
    $runner "$work/peers" >>"$work/all" || { echo "$compiler $* does not run"; exit 1; }
    builds=$((builds + 1))
}

for flags in -O0 -O2 "-O3 -march=native" -Ofast; do
    build "" g++ $flags
    build "" clang++ $flags
    build "" clang++ $flags -stdlib=libc++
done
build qemu-aarch64 aarch64-linux-gnu-g++ -O2 -static
build qemu-s390x s390x-linux-gnu-g++ -O2 -static
build qemu-i386 i686-linux-gnu-g++ -O2 -msse2 -mfpmath=sse -static
echo "different matrices from $builds builds:"
sort -u "$work/all" | cut -d" " -f1 | uniq -c
[ "$(sort -u "$work/all" | grep -c HeNormal)" = 1 ]
