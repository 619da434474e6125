# SPDX-License-Identifier: MIT
# sh eigen_versions.sh tree...: the tests that touch Eigen most, and the hash of the bits, with each of
# several unpacked Eigen source trees. One line a tree. Needs Catch2; CXX is heeded.
set -eu
export LC_ALL=C.UTF-8 CDPATH=
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
[ $# != 0 ] || { echo "usage: sh $0 eigen-3.4.0 eigen-5.0.0 ..."; exit 2; }
catch=
if ! echo '#include <catch2/catch_all.hpp>' | ${CXX:-c++} -std=c++20 -fsyntax-only -x c++ - 2>/dev/null; then
    printf '#define CATCH_CONFIG_MAIN\n#include <catch2/catch.hpp>\n' >"$work/main.cpp"
    ${CXX:-c++} -std=c++20 -c "$work/main.cpp" -o "$work/main.o"
    catch=$work/main.o
fi
# GCC 12 takes numbers of Eigen 5 to be uninitialised.
compile() { # arguments...
    ${CXX:-c++} -std=c++20 -O1 -Wall -Wextra -Werror -Wno-maybe-uninitialized \
        -I"$here/../include" -isystem "$tree" "$@"
}
first= failed=0
for tree; do
    # World, major and minor until 3.4; from 5 on major, minor and patch.
    version=$(echo '#include <Eigen/Core>
        version EIGEN_WORLD_VERSION EIGEN_MAJOR_VERSION EIGEN_MINOR_VERSION EIGEN_PATCH_VERSION' |
        compile -E -P -x c++ - |
        awk '$1 == "version" { print $3 < 5 ? $2 "." $3 "." $4 : $3 "." $4 "." $5 }')
    verdict=
    compile -c "$here/include_all.cpp" -o "$work/include_all.o"
    for test in calls fill orthogonal convolution tensor describe; do
        compile "$here/$test.test.cpp" "$work/include_all.o" ${catch:--lCatch2Main -lCatch2} \
            -o "$work/test" 2>"$work/log" && "$work/test" >"$work/log" ||
            { verdict="$verdict $test FAILS"; tail -n 30 "$work/log"; }
    done
    compile "$here/bits/bits.cpp" -o "$work/bits"
    hash=$("$work/bits" portable 1 | awk 'END { print $3 }')
    [ "${first:=$hash}" = "$hash" ] || verdict="$verdict another hash"
    echo "Eigen $version: bits $hash,${verdict:- tests pass}"
    [ -z "$verdict" ] || failed=1
done
exit $failed
