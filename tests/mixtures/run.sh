# SPDX-License-Identifier: MIT
# sh tests/mixtures/run.sh [quick]: links objects of g++ and clang++, of three sets of flags, with and
# without exceptions, with and without OpenMP, in every rotation of their order, so that each object's
# copies of inline functions are once those that the program keeps. Every object has to give the bits
# that it gives alone, on every path, and its refusals: an exception that it and the program can
# catch, or the handler and an abort. Then the same as shared libraries with -fvisibility=hidden.
# `quick` takes three objects of two compilers, two of them without exceptions, of which one is
# optimised, so that each has inlined other functions. NNINIT_INCLUDE names the headers (default
# ../../include), NNINIT_OTHER those of another version of the library to be mixed with, EIGEN_INCLUDE
# Eigen. Eigen's own matrices take memory in one way without AVX and in another with it, and crash
# where the two meet, with or without this library: EIGEN_MAX_ALIGN_BYTES makes it one way.
set -eu
export LC_ALL=C.UTF-8 CDPATH=
here=$(cd "$(dirname "$0")" && pwd)
include=${NNINIT_INCLUDE:-$here/../../include}
eigen=${EIGEN_INCLUDE:-/usr/include/eigen3}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
programs=0 wrong=0

has() { command -v "$1" >/dev/null; }
left_out() { echo "left out: $*"; }

names=-DWITH_NAMES
[ "${1:-}" != quick ] || names=
object() { # name, set, compiler, flags...: name.o
    name=$1 set=$2
    shift 2
    "$@" -std=c++20 -DNDEBUG -DEIGEN_MAX_ALIGN_BYTES=64 -DPART="$name" -DSET="$set" $names -I"${headers:-$include}" \
        -isystem "$eigen" -c "$here/part.cpp" -o "$work/$name.o" 2>"$work/log" || {
        left_out "$name ($*): $(grep -m1 error "$work/log" | cut -c1-100)"
        return 1
    }
}

# Runs what was linked, with the reference, and says so.
verdict() { # what, arguments of the program...
    what=$1
    shift
    programs=$((programs + 1))
    if "$work/program" -r "$work/reference" "$@" >"$work/out" 2>&1; then
        printf '%-58s same bits, refusals in order\n' "$what"
    else
        printf '%-58s WRONG in %d places\n' "$what" "$(grep -c : "$work/out")"
        head -n 4 "$work/out"
        wrong=$((wrong + 1))
    fi
}

# All rotations of the order of so many objects.
rotations() { # title, names...
    title=$1
    shift
    for first in "$@"; do
        list= files=
        for name in "$@"; do files="$files $work/$name.o"; done
        if ! $linker "$work/main.o" $files -rdynamic -ldl -o "$work/program" 2>"$work/log"; then
            echo "$title, $1 first: does not link: $(grep -m1 -v '^$' "$work/log" | cut -c1-120)"
            wrong=$((wrong + 1))
        else
            verdict "$title, $1 first"
        fi
        moved=$1
        shift
        set -- "$@" "$moved"
    done
}

compilers=
for c in g++ clang++; do
    if has $c; then compilers="$compilers $c"; else left_out "$c is missing"; fi
done
[ -n "$compilers" ] || exit 0
set -- "${1:-}" $compilers
quick=$1 main_compiler=$2
linker=$main_compiler
$main_compiler -std=c++20 -O1 -c "$here/main.cpp" -o "$work/main.o"

# The reference: each set alone.
: >"$work/reference"
alone() { # names...
    for name in "$@"; do
        $linker "$work/main.o" "$work/$name.o" -rdynamic -ldl -o "$work/program"
        if ! "$work/program" -o "$work/reference" >"$work/out" 2>&1; then
            echo "an object alone is wrong:"; cat "$work/out"; exit 1
        fi
    done
    sort -u "$work/reference" -o "$work/reference"
    [ "$(cut -d= -f1 "$work/reference" | sort -u | wc -l)" = "$(wc -l <"$work/reference")" ] ||
        { echo "an object's paths, or two objects, differ"; exit 1; }
}

avx2=
if $main_compiler -mavx2 -mfma -E -x c++ /dev/null >/dev/null 2>&1 && grep -qw avx2 /proc/cpuinfo 2>/dev/null
then avx2="-mavx2 -mfma"; else left_out "the flags of AVX2: not this machine's"; fi

if [ "$quick" = quick ]; then
    set -- $compilers
    if object none 0 $1 -O0 -fno-exceptions && object too 0 ${2:-$1} -O1 -fno-exceptions &&
        object with 1 ${2:-$1} -O1; then
        alone none too with
        rotations "$1 and ${2:-$1} without exceptions, ${2:-$1}" none too with
    else
        wrong=1 # every compiler has these flags
    fi
    echo "$programs programs, $wrong wrong"
    exit "$wrong"
fi

object alone0 0 $main_compiler -O1
object alone1 1 $main_compiler -O1
alone alone0 alone1

# Pairs of compilers: what one has with a sequential engine, the other with Philox.
if has g++ && has clang++; then
    object g_o2 0 g++ -O2 && object c_o2 1 clang++ -O2 && rotations "two compilers" g_o2 c_o2
    object c_o0 0 clang++ -O0 && object g_o0 1 g++ -O0 && rotations "two compilers" c_o0 g_o0
fi
# With and without exceptions.
for c in $compilers; do
    object ${c%++}_none 0 $c -O1 -fno-exceptions && object ${c%++}_with 1 $c -O1 &&
        rotations "exceptions or none" ${c%++}_none ${c%++}_with
done

all=
for c in $compilers; do
    n=0
    for flags in -O0 "-O2 $avx2" "-Ofast -march=native"; do
        for mode in "" -fno-exceptions; do
            for set in 0 1; do
                n=$((n + 1))
                ! object "${c%++}_$n" $set $c $flags $mode || all="$all ${c%++}_$n"
            done
        done
    done
done
rotations "all flags" $all

# Another version of the library.
if [ -n "${NNINIT_OTHER:-}" ]; then
    headers=$NNINIT_OTHER
    list=
    for c in $compilers; do
        ! object "${c%++}_other" 0 $c -O2 || list="$list ${c%++}_other"
    done
    unset headers
    for c in $compilers; do
        ! object "${c%++}_this" 1 $c -O2 || list="$list ${c%++}_this"
    done
    rotations "another version" $list
else
    left_out "another version of the library: NNINIT_OTHER names its headers"
fi

# OpenMP in one of them.
if echo 'int main() {}' >"$work/empty.cpp" && $main_compiler -fopenmp "$work/empty.cpp" -o "$work/empty" 2>/dev/null
then
    object threads 0 $main_compiler -O1 -fopenmp && object alone 1 $main_compiler -O1 &&
        linker="$main_compiler -fopenmp" && rotations "OpenMP or not" threads alone
    linker=$main_compiler
else
    left_out "OpenMP: $main_compiler has none here"
fi

# Shared libraries, each a copy of its own of the library, loaded twice.
shared="-fPIC -fvisibility=hidden"
list=
for c in $compilers; do
    ! object "${c%++}_shared" 0 $c -O1 $shared || list="$list ${c%++}_shared"
    ! object "${c%++}_shared_none" 1 $c -O1 -fno-exceptions $shared || list="$list ${c%++}_shared_none"
done
libraries=
for name in $list; do
    $linker -shared "$work/$name.o" -o "$work/$name.so"
    cp "$work/$name.so" "$work/$name.again.so"
    libraries="$libraries $work/$name.so $work/$name.again.so"
done
$linker "$work/main.o" -rdynamic -ldl -o "$work/program"
verdict "shared libraries, each twice" $libraries
for name in $list; do
    verdict "$name loaded, closed and loaded" "$work/$name.so" close "$work/$name.so"
done

echo "$programs programs, $wrong wrong"
[ "$wrong" = 0 ]
