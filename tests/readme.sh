# SPDX-License-Identifier: MIT
# sh readme.sh quickstart: the README's first program is examples/quickstart.cpp, byte for byte, and
# the block after it is what that program prints.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
scratch=$(mktemp)
trap 'rm -f "$scratch"' EXIT

block() { # 1: the first C++ block, 2: the block after it
    awk -v wanted="$1" '/^```/ { inside = !inside; if (inside && (n || /cpp/)) ++n; next }
                        inside && n == wanted' "$here/../README.md"
}

block 1 | diff - "$here/../examples/quickstart.cpp"
block 2 >"$scratch"
"$1" | diff "$scratch" -
