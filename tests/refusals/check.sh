# SPDX-License-Identifier: MIT
# sh check.sh source compiler flags...: with -DREFUSED the source must not compile, and the first
# error must match the regular expression that the source gives behind "// REFUSED: ".
# sh check.sh controls compiler flags...: as they stand, all sources of this folder must compile.
set -eu
export LC_ALL=C.UTF-8 CDPATH=
here=$(cd "$(dirname "$0")" && pwd)
source=$1
shift
if [ "$source" = controls ]; then
    { # each in a namespace of its own, behind the headers of all
        sed -n 's/^#include/&/p' "$here"/*.cpp | sort -u
        for file in "$here"/*.cpp; do
            printf 'namespace %s {\n#include "%s"\n}\n' "$(basename "$file" .cpp)" "$file"
        done
    } | "$@" -fsyntax-only -x c++ -
    exit
fi
sentence=$(sed -n 's|^// REFUSED: ||p' "$source")
[ -n "$sentence" ] || { echo "$source lacks its line // REFUSED: <regular expression>"; exit 1; }
if output=$("$@" -fsyntax-only -DREFUSED "$source" 2>&1); then
    echo "it compiles with -DREFUSED"
    exit 1
fi
printf '%s\n' "$output" | grep -m1 'error: ' | grep -E -- "$sentence" || {
    printf '%s\n' "$output" "the first error does not match: $sentence"
    exit 1
}
