# SPDX-License-Identifier: MIT
# sh readme.sh quickstart compiler flags...: the README's first program is examples/quickstart.cpp,
# byte for byte, the line after it compiles it, and the text block is what it prints. Every other C++
# block compiles and runs in two ways: in a function of its own, with only the `rng`, `w` and `b` of
# the first program before it, and after the other blocks of its section, as one function. Lines of
# #include go to the top, and a block that begins with "void" is a function itself. The ini block is
# the file that the block after it reads. A block of xtensor's and OpenCV's memory is left out, and
# said so, where these are not installed.
set -eu
export LC_ALL=C.UTF-8 CDPATH=
here=$(cd "$(dirname "$0")" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
quickstart=$1
shift

block() { # language: its first block
    awk -v begin="^\`\`\`$1\$" '/^```$/ && inside { exit } inside; $0 ~ begin { inside = 1 }' \
        "$here/../README.md"
}

block cpp | diff - "$here/../examples/quickstart.cpp"
block text >"$scratch/expected"
"$quickstart" | diff "$scratch/expected" -
# The line that compiles it, where what it names is here.
if [ -e /usr/include/eigen3/Eigen/Core ] && command -v c++ >/dev/null; then
    ln -s "$here/../include" "$here/../examples" "$scratch"
    block sh >"$scratch/line.sh"
    (cd "$scratch" && sh line.sh) | diff "$scratch/expected" -
fi
block ini >"$scratch/rules.conf"

# Flags beside the compiler's for xtensor and OpenCV, if both are here.
others="-isystem /usr/include/opencv4 -lopencv_core"
printf '#include <opencv2/core.hpp>\n#include <xtensor/xtensor.hpp>\nint main() {}\n' \
    >"$scratch/others.cpp"
"$@" "$scratch/others.cpp" $others -o "$scratch/others" >"$scratch/log" 2>&1 || others=

awk -v others="$others" '
    function setting(name) {
        return "void " name "() {\n    const nninit::Philox rng(42);\n" \
               "    Eigen::MatrixXf w(128, 784);\n    Eigen::VectorXf b(128);\n"
    }
    function end_section() {
        if (section != "") { body = body setting("section_" ++sections) section "}\n"; section = "" }
    }
    function end_block() {
        if (!others && text ~ /(xt|cv)::/) return
        includes = includes included
        if (text ~ /^void /) { functions = functions text; return }
        # Of a section, this block may use what the one before it brought in by `using`.
        body = body setting("alone_" ++blocks) (text ~ /RowMajor/ ? row_major : "") text "}\n"
        section = section text
    }
    /^## / && !inside { end_section() }
    /^```cpp/ { inside = ++n > 1; text = included = ""; next }
    /^```/ { if (inside) end_block(); inside = 0; next }
    inside && /^#include/ { included = included $0 "\n"; next }
    inside && /^using RowMajor/ { row_major = $0 "\n" }
    inside { text = text $0 "\n" }
    END {
        end_section()
        print "#include <nninit/nninit.hpp>\n#include <cmath>"
        print "#include <iostream>\n#include <iterator>\n" includes "namespace {\n" functions body "}"
        print "int main() {"
        for (i = 1; i <= blocks; ++i) print "    alone_" i "();"
        for (i = 1; i <= sections; ++i) print "    section_" i "();"
        print "}"
    }' "$here/../README.md" >"$scratch/snippets.cpp"
"$@" -Wno-unused-variable -Wno-unused-but-set-variable -Wno-unused-function \
    "$scratch/snippets.cpp" $others -o "$scratch/snippets"
(cd "$scratch" && ./snippets >"$scratch/printed")
echo "$(grep -c '^void alone_' "$scratch/snippets.cpp") snippets and" \
    "$(grep -c '^void section_' "$scratch/snippets.cpp") sections compiled and run"
[ -n "$others" ] || echo "left out: the snippet of xtensor and OpenCV, which are not installed"
