# SPDX-License-Identifier: MIT
# sh readme.sh quickstart compiler flags...: the README's first program is examples/quickstart.cpp,
# byte for byte, and the block after it is what that program prints. Every other C++ block compiles
# and runs in the order of the README, each in a scope of its own. A block of xtensor's and OpenCV's
# memory is left out, and said so, where these are not installed.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
quickstart=$1
shift

block() { # 1: the first C++ block, 2: the block after it
    awk -v wanted="$1" '/^```/ { inside = !inside; if (inside && (n || /cpp/)) ++n; next }
                        inside && n == wanted' "$here/../README.md"
}

block 1 | diff - "$here/../examples/quickstart.cpp"
block 2 >"$scratch/expected"
"$quickstart" | diff "$scratch/expected" -

# Flags beside the compiler's for xtensor and OpenCV, if both are here.
others="-isystem /usr/include/opencv4 -lopencv_core"
printf '#include <opencv2/core.hpp>\n#include <xtensor/xtensor.hpp>\nint main() {}\n' \
    >"$scratch/others.cpp"
"$@" "$scratch/others.cpp" $others -o "$scratch/others" >"$scratch/log" 2>&1 || others=

{
    [ -z "$others" ] || head -n 2 "$scratch/others.cpp"
    cat <<'END'
#include <nninit/nninit.hpp>
#include <nninit/tensor.hpp>
#include <cmath>
#include <sstream>
#include <vector>
int main() {
    nninit::Philox rng(42);
    Eigen::MatrixXf w(128, 784), k(128, 64 * 9), block(16, 16);
    Eigen::VectorXf b(128);
END
    awk -v others="$others" '
        /^```cpp/ { inside = ++n > 1; text = ""; next }
        /^```/ { if (inside && (others || text !~ /(xt|cv)::/)) print "{\n" text "}"; inside = 0; next }
        inside { text = text $0 "\n" }' "$here/../README.md"
    cat <<'END'
    return w.allFinite() && k.allFinite() && b.allFinite() && (block.array() != 0).any() ? 0 : 1;
}
END
} >"$scratch/snippets.cpp"
"$@" -Wno-unused-variable -Wno-unused-but-set-variable "$scratch/snippets.cpp" $others \
    -o "$scratch/snippets"
"$scratch/snippets"
echo "$(grep -c '^{$' "$scratch/snippets.cpp") snippets compiled and run"
[ -n "$others" ] || echo "left out: the snippet of xtensor and OpenCV, which are not installed"
