# SPDX-License-Identifier: MIT
# sh tests/bits/platforms.sh: builds bits.cpp for other processors and systems with Debian's cross
# compilers, runs it under qemu-user, wine and node, and prints one line per cell: platform, flags,
# path, number of values, hash, and "same" if the hash is the first cell's. The control, the same
# algorithms with contraction allowed, must differ. A platform whose compiler or emulator is missing
# is left out, and said so; `sh tests/bits/platforms.sh install` installs them all first (Debian).
# PLATFORMS chooses some by their first word, such as "aarch64 s390x"; EXPECT is the hash that they
# must have (default: the first cell's). EIGEN_INCLUDE says where Eigen is (default
# /usr/include/eigen3).
set -eu
export LC_ALL=C.UTF-8 CDPATH=
root=$(cd "$(dirname "$0")/../.." && pwd)
eigen=${EIGEN_INCLUDE:-/usr/include/eigen3}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if [ "${1:-}" = install ]; then
    apt-get update -qq
    apt-get install -qq --no-install-recommends g++ clang libc++-dev libc++abi-dev libeigen3-dev \
        qemu-user g++-i686-linux-gnu g++-aarch64-linux-gnu g++-arm-linux-gnueabihf \
        g++-riscv64-linux-gnu g++-powerpc64le-linux-gnu g++-s390x-linux-gnu \
        g++-mips64el-linux-gnuabi64 g++-mingw-w64-x86-64-posix wine wine64 nodejs \
        lld wasi-libc libc++-14-dev-wasm32 libc++abi-14-dev-wasm32 libclang-rt-14-dev-wasm32 >/dev/null
fi
cells=0 left_out=0 wrong=0 first=${EXPECT:-}

say() { printf '%-18s %-34s %-9s %s\n' "$@"; }

cell() { # platform, path, runner, compiler, flags...
    platform=$1 path=$2 runner=$3 compiler=$4
    shift 4
    case " ${PLATFORMS:-${platform%% *}} " in *" ${platform%% *} "*) ;; *) return ;; esac
    for tool in $runner $compiler; do
        case $tool in -* | */* | *=*) continue ;; esac
        command -v "$tool" >/dev/null && continue
        say "$platform" "$*" "$path" "left out: there is no $tool"
        left_out=$((left_out + 1))
        return
    done
    case $compiler in *mingw*) program=$work/bits.exe ;; *) program=$work/bits ;; esac
    if ! $compiler -std=c++20 "$@" -I"${include:-$root/include}" -isystem "$eigen" \
        "$root/tests/bits/bits.cpp" -o "$program" >"$work/log" 2>&1; then
        if ! echo '#include <string>' | $compiler -std=c++20 "$@" -x c++ -c - -o "$work/empty.o" 2>/dev/null
        then
            say "$platform" "$*" "$path" "left out: there is no standard library"
            left_out=$((left_out + 1))
            return
        fi
        say "$platform" "$*" "$path" "DOES NOT COMPILE: $(grep -m1 error "$work/log" | cut -c1-100)"
        wrong=$((wrong + 1))
        return
    fi
    code=0
    $runner "$program" "$path" >"$work/out" 2>"$work/log" || code=$?
    tr -d '\r' <"$work/out" >"$work/clean"
    last=$(tail -n 1 "$work/clean")
    if [ $code = 3 ]; then
        say "$platform" "$*" "$path" "$last"
        left_out=$((left_out + 1))
        return
    fi
    hash=${last##* } rest=${last% *}
    cells=$((cells + 1))
    [ -n "$first" ] || first=$hash
    [ -e "$work/first" ] || cp "$work/clean" "$work/first"
    verdict=same
    [ $code = 0 ] && [ "$hash" = "$first" ] || { verdict=DIFFERENT; wrong=$((wrong + 1)); }
    say "$platform" "$*" "$path" "${rest##* } values $hash $verdict"
    [ $verdict = same ] || diff "$work/first" "$work/clean" | grep '^>' | head -n "${show:-40}" || :
}

for path in avx512 avx2 portable; do cell x86-64 $path "" g++ -O2; done
for path in avx512 avx2 portable; do cell x86-64 $path "" clang++ -Ofast; done
cell "x86-64 libc++" avx2 "" clang++ -O2 -stdlib=libc++
# Machines with AVX2 and no more, and with SSE alone, choose their paths.
for cpu in Haswell Conroe; do
    cell "x86-64 $cpu" own "env QEMU_CPU=$cpu qemu-x86_64" g++ -O2 -static
done
cell i686 portable qemu-i386 i686-linux-gnu-g++ -O2 -msse2 -mfpmath=sse -static
for flags in -O2 "-O3 -ffast-math"; do
    for path in neon portable; do
        cell aarch64 $path qemu-aarch64 aarch64-linux-gnu-g++ $flags -static
    done
    cell riscv64 portable qemu-riscv64 riscv64-linux-gnu-g++ $flags -static
    cell ppc64le portable qemu-ppc64le powerpc64le-linux-gnu-g++ $flags -static
    cell "s390x big-endian" portable qemu-s390x s390x-linux-gnu-g++ $flags -static
done
for path in neon portable; do
    cell aarch64 $path qemu-aarch64 aarch64-linux-gnu-g++ -Ofast -mlow-precision-div \
        -mlow-precision-sqrt -static
done
# Without optimisation, but for the kernels.
cell aarch64 neon qemu-aarch64 aarch64-linux-gnu-g++ -O0 -static
cell armhf portable qemu-arm arm-linux-gnueabihf-g++ -O2 -static
cell mips64el portable qemu-mips64el mips64el-linux-gnuabi64-g++ -O2 -static
for path in avx512 avx2 portable; do
    cell "Windows, wine" $path wine x86_64-w64-mingw32-g++-posix -O2 -static
done
# MinGW's own sqrt() and fma() round twice; at -O0 they are called.
cell "Windows, wine" portable wine x86_64-w64-mingw32-g++-posix -O0 -mfma -static
cat >"$work/wasi.mjs" <<'END'
import { WASI } from 'node:wasi';
import { readFileSync } from 'node:fs';
const wasi = new WASI({ version: 'preview1', args: process.argv.slice(2), returnOnExit: true });
const module = new WebAssembly.Module(readFileSync(process.argv[2]));
process.exit(wasi.start(new WebAssembly.Instance(module, wasi.getImportObject())));
END
cell "WebAssembly, node" portable "node --no-warnings $work/wasi.mjs" clang++ --target=wasm32-wasi \
    -fno-exceptions -stdlib=libc++ -O2

# Under -ffast-math Clang estimates quotients and roots on POWER, unless they are spelled out. The
# estimates of qemu are exact, so that no hash would show them; the instructions do.
estimates() { # include directory
    clang++ --target=powerpc64le-linux-gnu -std=c++20 -O2 -ffast-math -I"$1" -isystem "$eigen" \
        -S "$root/tests/bits/bits.cpp" -o "$work/power.s" 2>"$work/log" || return 0
    grep -cE 'xsr(sqrt)?e[ds]p' "$work/power.s" || :
}
if [ -n "${PLATFORMS:-}" ]; then
    power=no
elif command -v clang++ >/dev/null && command -v powerpc64le-linux-gnu-g++ >/dev/null; then
    found=$(estimates "$root/include")
    say ppc64le "clang++ -O2 -ffast-math" portable "${found:-not compiled, so unknown} estimates"
    [ "$found" = 0 ] || wrong=$((wrong + 1))
    power=yes
else
    say ppc64le "clang++ -O2 -ffast-math" portable "left out: there is no compiler"
    left_out=$((left_out + 1)) power=no
fi

echo "control, which must differ:"
good=$cells good_wrong=$wrong wrong=0 show=3
cp -r "$root/include" "$work/include"
for file in arithmetic.hpp simd/tile.hpp; do
    kept=$work/include/nninit/detail/$file
    cp "$kept" "$work/barriers"
    sed -i '/asm("" : "+[xwvm]"(v\(alue\)\?));/d' "$kept"
    ! cmp -s "$kept" "$work/barriers" || { echo "the control finds no barrier in $file"; exit 1; }
done
include=$work/include
cell aarch64 portable qemu-aarch64 aarch64-linux-gnu-g++ -O3 -ffp-contract=fast -static
cell x86-64 portable "" g++ -O2 -mfma -ffp-contract=fast
[ $wrong = 0 ] && { echo "no control differs"; exit 1; }
if [ $power = yes ]; then
    sed -i 's/_ARCH_PPCSQ/NO_MACHINE/' "$include/nninit/detail/arithmetic.hpp"
    found=$(estimates "$include")
    say ppc64le "clang++ -O2 -ffast-math" portable "$found estimates"
    [ "$found" -gt 0 ] || { echo "the control has no estimates"; exit 1; }
fi
echo "$good cells, $good_wrong with another hash or none, $left_out left out"
[ $good_wrong = 0 ]
