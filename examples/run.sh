# SPDX-License-Identifier: MIT
# sh examples/run.sh [options of churn] [table.csv]: installs what the examples need (on Debian and
# Ubuntu, where it may), builds and runs them, the smallest first. BUILD_DIR is heeded, and CXX where
# that is a new directory.
set -eu
export LC_ALL=C.UTF-8 CDPATH=
root=$(cd "$(dirname "$0")/.." && pwd)
. "$root/.ci/need.sh"
small="mlp_xor lstm transformer conv_layouts from_config regenerate custom_engine cpp17_bridge"

say() { printf '\n== %s\n' "$1"; }
compile() {
    cmake --build "$build" --parallel "$cores" --target "$@" >"$build/log" 2>&1 ||
        { cat "$build/log" >&2; exit 1; }
}
show() { # program, arguments...
    say "$1"
    program=$1
    shift
    "$build/examples/$program" "$@"
}
draw() { # gnuplot script, directory
    if command -v gnuplot >/dev/null; then
        gnuplot -c "$root/examples/$1" "$2"
        echo "pictures are there too"
    else
        echo "no pictures: gnuplot is not there; with it: gnuplot -c examples/$1 $2"
    fi
}

need_build
need_library CLI11 libcli11-dev
install_missing
# Without gnuplot, the studies lack only their pictures.
if ! command -v gnuplot >/dev/null && may_install; then
    (missing=" gnuplot-nox" && install_missing) || echo "gnuplot could not be installed" >&2
fi
cmake -S "$root" -B "$build" -DCMAKE_BUILD_TYPE=Release -DNNINIT_TESTS=OFF -DNNINIT_EXAMPLES=ON \
    >/dev/null
compile quickstart
show quickstart

say "next: eight programs of at most 60 lines each, compiled in about a minute; after them three"
echo "   studies, compiled in about a minute: signal, churn (75 s on two cores; --quick: 3 s), digits"
compile $small
for program in $small; do show "$program"; done

compile signal churn digits
show signal "$build/signal-results"
draw signal/signal.gnuplot "$build/signal-results"
show churn --output "$build/churn-results" "$@"
draw churn/churn.gnuplot "$build/churn-results"
show digits "$root/examples/digits/digits.conf"
