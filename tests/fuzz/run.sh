# SPDX-License-Identifier: MIT
# sh tests/fuzz/run.sh [seconds] [target...]: runs each libFuzzer target for so many seconds (60)
# with ASan and UBSan, one line each. Before that it plants bugs in copies of the headers, one at a
# time, and each must be found within 60 seconds (PLANTED=no leaves them out). Fails if a target finds
# something, or does not find a planted bug. CXX is a Clang with libFuzzer; NNINIT_INCLUDE and
# EIGEN_INCLUDE name other headers. What was found stays in FINDINGS (default: a new directory).
set -eu
export LC_ALL=C.UTF-8 CDPATH=
root=$(cd "$(dirname "$0")/../.." && pwd)
include=${NNINIT_INCLUDE:-$root/include}
cxx=${CXX:-clang++}
eigen=${EIGEN_INCLUDE:-/usr/include/eigen3}
seconds=${1:-60}
[ $# = 0 ] || shift
targets=${*:-text calls fill}
findings=${FINDINGS:-$(mktemp -d)}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
wrong=0

cp "$root/tests/fuzz/ignore.txt" "$work" # to a path without spaces
# No alignment check: Eigen 3.4.0's own pset1<Packet2cf> would stop it.
checks="-g1 -fsanitize=address,undefined,float-divide-by-zero,implicit-conversion
    -fno-sanitize=alignment -fno-sanitize-recover=all
    -fsanitize-ignorelist=$work/ignore.txt"
target() { # name, include directory, sanitizers
    "$cxx" -std=c++20 -O1 -D_GLIBCXX_ASSERTIONS -fsanitize=fuzzer $3 -I"$2" -isystem "$eigen" \
        "$root/tests/fuzz/$1.cpp" -o "$work/$1"
}

# Runs a target; its last status line is left in $status.
attack() { # name, seconds
    code=0
    "$work/$1" -max_total_time="$2" -max_len=256 -timeout=20 -rss_limit_mb=4096 \
        -len_control=0 -artifact_prefix="$findings/$1-" >"$work/log" 2>&1 || code=$?
    status=$(grep -E '^#[0-9]+' "$work/log" | tail -n 1 | tr '\t' ' ' | sed 's/ corp:.*//')
    found=$(grep -m1 -E '^FINDING|runtime error|ERROR: ' "$work/log" | cut -c1-120 || :)
}

planted() { # target, header, sed script, what it breaks
    [ "${PLANTED:-yes}" != no ] || return 0
    rm -rf "$work/include"
    cp -r "$include" "$work/include"
    sed -i "$3" "$work/include/nninit/$2"
    if cmp -s "$include/nninit/$2" "$work/include/nninit/$2"; then
        echo "$1: planted: $4: NOT PLANTED, $2 has changed"
        wrong=1
        return
    fi
    target "$1" "$work/include" "" # the properties must find it, without sanitizers
    attack "$1" 60
    if [ $code = 0 ]; then
        echo "$1: planted: $4: NOT FOUND $status"
        wrong=1
    else
        echo "$1: planted: $4: found: $found"
    fi
}

for name in $targets; do
    case $name in
    text)
        planted text distributions.hpp '0,/visit("stddev", self.stddev);/s///' \
            "by_name drops a parameter"
        planted text philox.hpp 's/fits = fits && number <= (end - digit) \/ 10/fits = true/' \
            "a state beyond 64 bits is read"
        ;;
    calls)
        planted calls detail/memory.hpp 's/Expression::IsRowMajor ? outer : inner/inner/' \
            "a view of row-major memory is taken for column-major"
        planted calls detail/memory.hpp 's/target.coeffRef(r, c) = buffer.memory(r, c)/target.coeffRef(r, c) = buffer.memory(r, target.cols() - 1 - c)/' \
            "a target without memory of its own is filled from the last column on"
        planted calls engine.hpp 's/if (x <= most) return x;/return x \& most;/' \
            "draws beyond a power of two are not skipped"
        planted calls detail/facts.hpp 's/if (structured \&\& !is_matrix)/if (false)/' \
            "a structured rule takes a layer of any shape"
        planted calls detail/facts.hpp 's/    fail({"this ", name/    if (false) fail({"this ", name/' \
            "a layer of another size is believed"
        planted calls philox.hpp 's/(in, Stream::dec | Stream::skipws)/(in, in.flags())/' \
            "a state is not read with noskipws"
        planted calls describe.hpp 's/if (!(most > 0) || (most > 0x1p-400/if (true || (most > 0x1p-400/' \
            "describe squares 1e200"
        planted calls lsuv.hpp 's/most <= static_cast<double>((std::numeric_limits<Real>::max)())/true/' \
            "Lsuv leaves infinite weights"
        ;;
    fill)
        planted fill detail/write.hpp 's/whole_rows : 0; r < h; ++r) {/whole_rows : 0; r < h - h % 2; ++r) {/' \
            "a tile drops its last row when the height is odd"
        planted fill detail/write.hpp 's/begin\[i + k\] = static_cast/begin[i + k] = runs == 3 ? 0 : static_cast/' \
            "a column of a tile takes its neighbour's values"
        planted fill detail/source.hpp 's/first\[vectors++\] = from\[i\] \/ 4 + k \* blocks/first[vectors++] = from[i] \/ 4 + k/' \
            "the second vector of a run repeats blocks of the first"
        planted fill detail/memory.hpp 's/const std::int64_t inner = target.innerStride(), outer/const std::int64_t inner = 1, outer/' \
            "a target's inner stride counts as 1"
        planted fill detail/simd/values.inl \
            's/clamped(x, splat(law.low), splat(law.high))/clamped(x, splat(law.low), splat(std::numeric_limits<T>::max()))/' \
            "a truncated value is not kept below its upper bound"
        planted fill nguyen_widrow.hpp '/detail::check_range<Real>(0,/,/for a row/d' \
            "NguyenWidrow's factor for a row may be infinite"
        ;;
    esac
    target "$name" "$include" "$checks"
    attack "$name" "$seconds"
    if [ $code = 0 ]; then
        echo "$name: $seconds s, nothing found, $status"
    else
        echo "$name: FOUND: ${found:-ended with code $code}, input in $findings"
        wrong=1
    fi
done
exit $wrong
