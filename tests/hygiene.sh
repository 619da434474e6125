# SPDX-License-Identifier: MIT
# sh hygiene.sh compiler flags...: the headers under the options that programs are compiled with. Of
# two sets of options each compiles one half of a program; the halves, linked in both orders, must
# print the hash of the first pair. Then the macros of others, and those that the headers leave behind
# (names with __ are made by the compiler for another processor).
set -eu
export LC_ALL=C.UTF-8 CDPATH=
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# By way of a file, in which a path may have a space.
for word in "$@"; do printf '"%s"\n' "$word"; done | sed 1d >"$work/flags"
compiler="$1 @$work/flags"
first=

pair() { # options of one half, options of the other
    $compiler $1 -DPART=one -DOTHER=two -c "$here/hygiene.cpp" -o "$work/one.o"
    $compiler $2 -DPART=two -c "$here/hygiene.cpp" -o "$work/two.o"
    for order in "one.o two.o" "two.o one.o"; do
        (cd "$work" && $compiler $order -o halves)
        hash=$("$work/halves")
        [ "${first:=$hash}" = "$hash" ] || { echo "[$1] with [$2]: $hash, not $first"; exit 1; }
    done
    echo "[$1] with [$2]: $hash"
}

# windows.h's, <complex.h>'s, Unreal Engine's, old Arduino's and others'. Function-like, so that
# min( and max( do not compile. The standard headers do not bear them, and come first.
cat >"$work/min_max.hpp" <<'END'
#include <Eigen/Dense>
#include <unsupported/Eigen/CXX11/Tensor>
#include <bit>
#include <locale>
#include <memory>
#include <optional>
#include <random>
#include <span>
#include <sstream>
#include <stdexcept>
#include <variant>
#define min(a, b) (((a) < (b)) ? (a) : (b))
#define max(a, b) (((a) > (b)) ? (a) : (b))
#define near
#define far
#define check(expression) static_cast<void>(0)
#define verify(expression) static_cast<void>(0)
#define I _Complex_I
#define U(x) L##x
#define PI 3.14159265f
#define TEXT(x) x
#define abs(x) ((x) > 0 ? (x) : -(x))
#define round(x) ((x) >= 0 ? (long)((x) + 0.5) : (long)((x)-0.5))
#define barrier() __asm__ volatile("" ::: "memory")
#define always_inline static inline __attribute__((__always_inline__))
#define noinline __attribute__((__noinline__))
#define cold __attribute__((__cold__))
END
# -O3 as a Release is built, where GCC warns of more; in the other half, warnings that others ask for.
others="-Wsign-conversion -Wswitch-enum -Wswitch-default -Wmissing-braces -Wnull-dereference"
pair "-std=c++20 $others -fno-exceptions -fno-rtti -DWITH_TENSOR -include $work/min_max.hpp" "-std=c++2b -O3"
# -w, as GCC 12 warns of its own AVX-512 header.
pair -DEIGEN_DONT_VECTORIZE "-DEIGEN_MAX_ALIGN_BYTES=0 -O2 -march=native -w"
echo 'int smallest = std::min(1, 2);' >"$work/control.cpp"
if $compiler -include "$work/min_max.hpp" -fsyntax-only "$work/control.cpp" 2>/dev/null; then
    echo "the macros min and max refuse nothing"
    exit 1
fi

left_behind() { # source
    $compiler -E -dD "$1" | awk '/^# [0-9]+ "/ { ours = /include\/nninit\// }
        /^#define / && ours { sub(/\(.*/, "", $2); left[$2] = 1 }
        /^#undef / { delete left[$2] }
        END { for (name in left) if (name !~ /^(__|NNINIT_([A-Z0-9_]+_HPP|VERSION_(MAJOR|MINOR|PATCH)|ABI|COMPILER|VECTORS|COLD|OPTIMIZE)$)/) print name }'
}
mkdir -p "$work/include/nninit"
echo '#define NNINIT_LEFT(x) x' >"$work/include/nninit/left.hpp"
printf '#include "include/nninit/left.hpp"\n#include <nninit/nninit.hpp>\n' >"$work/leaks.cpp"
left=$(left_behind "$work/leaks.cpp")
[ "$left" = NNINIT_LEFT ] || { echo "macros left behind, and the control: $left"; exit 1; }
echo "no macro is left behind but the guards and the version's"
