# SPDX-License-Identifier: MIT
# sh tests/planted.sh [number...]: plants again, one at a time in a copy of the headers, faults that
# earlier releases had and foreign programs met, and runs the check that must find it; one line each.
# A test that no longer compiles does not count as one that finds, nor does a check that fails on the
# headers as they are. Fails if a fault goes unseen. CXX, EIGEN_INCLUDE and FINDINGS are heeded;
# numbers choose some of the faults.
set -eu
export LC_ALL=C.UTF-8 CDPATH=
root=$(cd "$(dirname "$0")/.." && pwd)
cxx=${CXX:-g++}
eigen=${EIGEN_INCLUDE:-/usr/include/eigen3}
chosen=" $* "
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export NNINIT_INCLUDE="$work/include" CXX="$cxx"
number=0 faults=0 unseen=0

# -- the checks: each fails, by what it prints last, if it finds the fault ------------------------

with() { # compiler, check...
    compile="$1 -std=c++20 -O1 -I$work/include -isystem $eigen"
    shift
    "$@"
}
program() { # source, flags...
    source=$1
    shift
    $compile "$@" "$root/tests/$source.cpp" -o "$work/program" -pthread >"$work/compiled" 2>&1 || {
        echo "DOES NOT COMPILE: $(grep -m1 error "$work/compiled")"
        return 1
    }
    "$work/program"
}
unit() { # test, flags...
    name=$1
    shift
    program "$name.test" -include "$work/catch.hpp" "$work/main.o" "$@"
}
refused() { # source of refusals/
    sh "$root/tests/refusals/check.sh" "$root/tests/refusals/$1.cpp" $compile
}
script() { sh "$root/tests/$1.sh" ${2:-}; }
macros() { MACROS=no script macros/run; }
expressions() { SCALARS=float FILES=$1 script expressions/run; }
hygiene() { sh "$root/tests/hygiene.sh" $compile; }
bits() { include=$work/include script bits/run quick; }

copy_headers() {
    rm -rf "$work/include"
    cp -r "$root/include" "$work/include"
}
passes_without_faults() { # check...; each runs once
    grep -qxF "$*" "$work/passing" && return
    copy_headers
    (with "$cxx" "$@") >"$work/log" 2>&1 || return
    echo "$*" >>"$work/passing"
}
change_header() { # fails if that leaves it as it was
    copy_headers
    cp "$header" "$work/before"
    sed -i "$change" "$header"
    ! cmp -s "$work/before" "$header"
}
plant() { # fault, header, sed script, check...
    fault=$1 header=$work/include/nninit/$2 change=$3
    shift 3
    number=$((number + 1))
    case $chosen in "  " | *" $number "*) ;; *) return 0 ;; esac
    if [ "$1" = with ] && ! command -v "$2" >/dev/null; then
        echo "$number $fault: left out, there is no $2"
        return
    fi
    faults=$((faults + 1))
    found=yes
    if ! passes_without_faults "$@"; then
        found="NOT KNOWN, the check fails without it"
    elif ! change_header; then
        found="NOT PLANTED, $(basename "$header") has changed"
    elif (with "$cxx" "$@") >"$work/log" 2>&1; then
        found="NOT FOUND"
    elif grep -q 'DOES NOT COMPILE' "$work/log"; then
        found="$(grep 'DOES NOT COMPILE' "$work/log" | cut -c1-150)"
    fi
    if [ "$found" = yes ]; then
        echo "$number $fault: found, $*"
    else
        echo "$number $fault: $found ($*)"
        unseen=$((unseen + 1))
    fi
}

: >"$work/passing"
cp "$root/tests/catch.hpp" "$work/catch.hpp"
if echo '#include <catch2/catch_all.hpp>' | $cxx -std=c++20 -E -x c++ - >/dev/null 2>&1; then
    echo '#include <catch2/catch_session.hpp>
int main(int n, char** words) { return Catch::Session().run(n, words); }' >"$work/main.cpp"
    $cxx -std=c++20 -c "$work/main.cpp" -o "$work/main.o"
else
    printf '#define CATCH_CONFIG_MAIN\n#include <catch2/catch.hpp>\n' >"$work/main.cpp"
    $cxx -std=c++20 -c "$work/main.cpp" -o "$work/main.o"
fi

# -- the faults -----------------------------------------------------------------------------------

plant "tensors under a row-major default write outside" detail/memory.hpp \
    's/memory{values.data(), rows, cols, 1, rows}/memory{values.data(), rows, cols, 1, EIGEN_DEFAULT_MATRIX_STORAGE_ORDER_OPTION == 0 ? rows : cols + 1}/' \
    macros
plant "a user's namespace takes the library's call" detail/fill.hpp \
    's/detail::with_source(engine, /with_source(engine, /' script neighbours/run
plant "a user's function is asked for a matrix' memory" detail/memory.hpp \
    's/write(detail::memory_of(target))/write(memory_of(target))/' script neighbours/run
plant "a temporary is filled" detail/fill.hpp 's/static_assert(!temporary, /static_assert(true, /' \
    refused temporary_matrix
plant "a vector takes a convolution's structured rule" detail/facts.hpp \
    's/if (structured \&\& !is_matrix)/if (false)/' unit foreign
plant "a layer of another size is believed" detail/facts.hpp \
    's/    fail({"this ", name/    if (false) fail({"this ", name/' unit foreign
plant "Lsuv leaves NaN" lsuv.hpp 's/most <= static_cast<double>((std::numeric_limits<Real>::max)())/true/' \
    unit foreign
plant "a stddev near 0 puts a truncated value on the wrong bound" detail/truncation.hpp \
    's/std::copysign(64.0, distance.value)/std::copysign(64.0, x)/' unit foreign
plant "a slice with a step counts as memory" detail/memory.hpp \
    's/^    target.data();$//; s/^    target.innerStride();$//; s/^    target.outerStride();$//' \
    expressions slices
plant "integers are filled" detail/fill.hpp 's/static_assert(Element<Scalar>::supported/static_assert(true || Element<Scalar>::supported/' \
    refused integer_constant
plant "Constant of half is rounded twice" constant.hpp 's/if constexpr (sizeof(Real) == 2)/if constexpr (false)/' \
    unit foreign
plant "describe squares 1e200" describe.hpp 's/if (!(most > 0) || (most > 0x1p-400/if (true || (most > 0x1p-400/' unit foreign
plant "Uniform between two numbers" distributions.hpp 's/- shorter > (most/- shorter > 1e300 + (most/' \
    unit foreign
plant "DeltaOrthogonal writes -0" convolution.hpp 's/weight == 0 ? Scalar(0)/false ? Scalar(0)/' unit foreign
plant "1e-400 is read as 0" detail/decimal.hpp 's/if (kept + exponent < -325) return too_small/if (kept + exponent < -325) return x = 0, nullptr/' \
    unit by_name
plant "a state is not read with noskipws" philox.hpp 's/(in, Stream::dec | Stream::skipws)/(in, in.flags())/' \
    unit philox
plant "no error handler, no sentence" error.hpp \
    's/handler == nullptr ? print_error : handler/handler/' program null_handler -fno-exceptions
plant "Keras' bounds count from 0" by_name.hpp 's/(Rounded(normal->mean) + Rounded(deviations) \* Rounded(normal->stddev))/(Rounded(normal->mean) + Rounded(deviations))/' \
    unit by_name
plant "2^30 coefficients leave an int" detail/write.hpp \
    's/to_.rows \* to_.cols, 1, to_.down/static_cast<int>(2 * to_.rows * to_.cols) \/ 2, 1, to_.down/' \
    program long/int_index
plant "a name's memory runs out unseen" by_name.hpp 's/inline Initializer by_name(std::string_view text) {/inline Initializer by_name(std::string_view text) noexcept {/' \
    unit failed_allocation
plant "Sparse allocates after it has written" sparse.hpp \
    's/^ *detail::Places places.*//; s/^\( *detail::fill_distribution(Normal{0, .*\)$/\1 detail::Places places(static_cast<std::size_t>(memory.cols));/' \
    unit failed_allocation
plant "-ffast-math changes Sparse's number of zeros" sparse.hpp \
    's/detail::Rounded share = detail::Rounded(sparsity)/double share = sparsity/; s/(share \* (1 - 0x1p-50)).value/share * (1 - 0x1p-50)/' \
    unit sparse -O2 -ffast-math
plant "-ffast-math takes one zero for the other" distributions.hpp \
    's/detail::clamped(middle/std::clamp(middle/' with clang++ unit error -O2 -ffast-math
plant "-ffast-math hides infinities from Clang 19" detail/arithmetic.hpp \
    's/asm("" : "+m"(bits));//; s/const double& x/double x/' \
    with clang++-19 unit error -O2 -ffast-math
plant "the product of an empty shape's sizes leaves 63 bits" detail/axes.hpp \
    's/stride.high != 0 || stride.low >> 63 != 0/false/' unit span -fsanitize=undefined -fno-sanitize-recover
plant "an engine's position() ends the program" detail/source.hpp \
    's/ noexcept(engine.position()) \&\&/ true \&\&/; s/copy.seek(position);/& static_cast<void>(copy.position());/' \
    program throwing_position -fopenmp
plant "objects share names, whatever their compiler and exceptions" version.hpp \
    's/#define NNINIT_COMPILER clang/#define NNINIT_COMPILER gcc/; s/v0_3_0_no_exceptions/v0_3_0/' \
    script mixtures/run quick
plant "a fill raises FE_INVALID" detail/arithmetic.hpp \
    's/^    const int exponent = static_cast<int>(bits >> 52) - 1075;/    if (x >= 0) return static_cast<std::uint64_t>(x);\n&/' \
    with clang++ unit traps
plant "a fill takes 24 KB of stack" detail/write.hpp 's/T buffer\[tile_words \/ per_value\]/T buffer[6 * tile_words]/' \
    program stack/stack -O2 -Wl,-z,now
plant "Orthogonal's sums are fused" detail/simd/tile.hpp \
    's/asm("" : "+[xwvm]"(v));//' bits
plant "a macro of windows.h meets a name" detail/facts.hpp 's/\bis_matrix\b/near/g' hygiene
plant "the reader skips no draw of a narrow engine" engine.hpp 's/if (x <= most) return x;/return x \& most;/' \
    unit engine

echo "$faults faults, $unseen unseen"
[ $unseen = 0 ]
