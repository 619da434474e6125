# SPDX-License-Identifier: MIT
# sh tests/bits/run.sh [quick]: builds bits.cpp with every compiler and many flags, runs it on every
# path of this machine, and prints one line per cell: "same" if its hash is the first cell's. nvcc, if
# there is one, compiles it as CUDA. The control, the same algorithms with contraction allowed, must
# differ. Fails if a cell differs or the control does not. `quick` takes one GCC, one Clang, two cells
# a path, one control and fewer types. COMPILERS names others than those that are found;
# EIGEN_INCLUDE says where Eigen is (default /usr/include/eigen3).
set -eu
export LC_ALL=C.UTF-8 CDPATH=
root=$(cd "$(dirname "$0")/../.." && pwd)
eigen=${EIGEN_INCLUDE:-/usr/include/eigen3}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cells=0 first= wrong=0

say() { # compiler, flags, path, threads, verdict
    printf '%-12s %-42s %-9s %-3s %s\n' "$@"
}

# The program compiled with flags, run on each path with so many threads.
cell() { # compiler, flags, threads
    if ! "$1" -std=c++20 $2 -I"${include:-$root/include}" -isystem "$eigen" \
        "$root/tests/bits/bits.cpp" -o "$work/bits" >"$work/log" 2>&1; then
        error=$(grep -m1 error "$work/log" | cut -c1-80)
        case $2 in *openmp*) echo '#include <omp.h>' ;; *) echo '#include <string>' ;; esac >"$work/empty.cpp"
        if "$1" -std=c++20 $2 -c "$work/empty.cpp" -o "$work/empty.o" 2>/dev/null; then
            say "$1" "$2" - - "DOES NOT COMPILE: $error"
            wrong=$((wrong + 1)) cells=$((cells + 1))
        else
            say "$1" "$2" - - "left out: it has not these flags: $error"
        fi
        return
    fi
    for path in ${paths:-avx512 avx2 portable}; do
        code=0
        "$work/bits" $path $3 >"$work/out" 2>&1 || code=$?
        if [ $code = 3 ]; then
            say "$1" "$2" $path $3 "$(tail -n 1 "$work/out")"
            continue
        fi
        last=$(tail -n 1 "$work/out")
        hash=${last##* } rest=${last% *}
        values=${rest##* }
        cells=$((cells + 1))
        [ -n "$first" ] || { first=$hash; cp "$work/out" "$work/first"; }
        if [ $code != 0 ] || [ "$hash" != "${expect:-$first}" ]; then
            say "$1" "$2" $path $3 "$values values $hash DIFFERENT"
            diff "$work/first" "$work/out" | grep '^>' | head -n 3 || :
            wrong=$((wrong + 1))
        else
            say "$1" "$2" $path $3 "$values values $hash same"
        fi
    done
}

has() { command -v "$1" >/dev/null; }

versions="g++-11 g++-13 g++-14 g++-15 clang++-15 clang++-16 clang++-17 clang++-18 clang++-19"
[ "${1:-}" != quick ] || versions=
compilers=
for c in ${COMPILERS:-g++ clang++ $versions}; do
    [ $c = nvcc ] || ! has $c || compilers="$compilers $c"
done
if [ "${1:-}" = quick ]; then
    for c in $compilers; do
        flags="-Ofast -march=native -fopenmp" threads=3
        case $c in clang*)
            flags=-Ofast threads=1
            if echo '#include <string>' | $c -stdlib=libc++ -x c++ -fsyntax-only - 2>/dev/null; then
                flags="$flags -stdlib=libc++"
            else
                echo "left out: $c has no libc++ here"
            fi
            ;;
        esac
        cell $c "$flags -DFEW_TYPES" $threads
    done
else
    for c in $compilers; do
        for flags in -O0 -Og -O1 -O2 -O3 -Os -Ofast "-O2 -ffast-math" "-O2 -march=x86-64" \
            "-O2 -march=x86-64-v2" "-O2 -march=x86-64-v3" "-O2 -march=x86-64-v4" \
            "-O2 -march=native" "-O3 -march=native -ffp-contract=fast" \
            "-O3 -march=native -ffp-contract=off" "-Ofast -march=native" "-O2 -flto"; do
            cell $c "$flags" 1
        done
        for threads in 1 2 3 7; do cell $c "-O2 -fopenmp" $threads; done
        case $c in clang*) cell $c "-O2 -stdlib=libc++" 1 ;; esac
    done
    # By its host code, on the portable path. Eigen's own annotations are what 20012 is about.
    nvcc=$(PATH=$PATH:/usr/local/cuda/bin command -v nvcc || echo nvcc)
    case " ${COMPILERS:-nvcc} " in *" nvcc "*)
        paths=portable cell "$nvcc" "-O2 -x cu -diag-suppress 20012" 1 ;;
    esac
    unset paths
fi
few=
[ "${1:-}" != quick ] || few="-DFEW_TYPES -DONE_TYPE"
good=$cells good_wrong=$wrong
[ $good != 0 ] || { echo "no compiler that this script knows works here"; exit 1; }

# The control: without the barriers, the compiler may fuse a product and a sum.
cp -r "$root/include" "$work/include"
for file in arithmetic.hpp simd/tile.hpp; do
    kept=$work/include/nninit/detail/$file
    cp "$kept" "$work/barriers"
    sed -i '/asm("" : "+[xwvm]"(v\(alue\)\?));/d' "$kept"
    ! cmp -s "$kept" "$work/barriers" || { echo "the control finds no barrier in $file"; exit 1; }
done
for c in $compilers; do
    echo "control, which must differ:"
    include=$work/include paths=portable wrong=0
    cell $c "-O2 -mfma -ffp-contract=fast $few" 1
    # Its own lines: its last hash may be of fewer types.
    grep -v '^all ' "$work/out" | grep -vqxFf "$work/first" ||
        { echo "the control does not differ"; exit 1; }
    unset include paths
    [ "${1:-}" != quick ] || break
done
echo "$good cells, $good_wrong with another hash; the controls differ"
[ $good_wrong = 0 ]
