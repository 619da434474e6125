# SPDX-License-Identifier: MIT
# sh check.sh source compiler flags...: compiles the source twice. As it stands (the control) it must
# compile; with -DREFUSED it must not, and the first error must match the regular expression that the
# source gives behind "// REFUSED: ".
set -eu
source=$1
shift
sentence=$(sed -n 's|^// REFUSED: ||p' "$source")
[ -n "$sentence" ] || { echo "$source lacks its line // REFUSED: <regular expression>"; exit 1; }

"$@" -fsyntax-only "$source" || { echo "the control does not compile"; exit 1; }
if output=$("$@" -fsyntax-only -DREFUSED "$source" 2>&1); then
    echo "it compiles with -DREFUSED"
    exit 1
fi
printf '%s\n' "$output" | grep -m1 'error: ' | grep -E -- "$sentence" || {
    printf '%s\n' "$output" "the first error does not match: $sentence"
    exit 1
}
