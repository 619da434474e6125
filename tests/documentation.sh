# SPDX-License-Identifier: MIT
# sh documentation.sh directory: writes the reference of the public headers, with the README as its
# first page, to directory/html by Doxygen. Any warning is an error, and so is a public type or
# function without a text; of a struct's members the text above the struct speaks. Each header's
# entities belong to one of the groups below, which each begin with an example.
set -eu
export LC_ALL=C.UTF-8 CDPATH=
mkdir -p "$1"
directory=$(cd "$1" && pwd)
work=$(mktemp -d) # Doxygen splits names at spaces, which this has not
trap 'rm -rf "$work"' EXIT
cd "$(dirname "$0")/.."

reference() { # further settings
    cat - <<END | doxygen - 2>"$work/log"
PROJECT_NAME = nninit
OUTPUT_DIRECTORY = "$directory"
INPUT = README.md $(echo include/nninit/*.hpp) $work/groups.dox
IMAGE_PATH = examples/signal tests/benchmark
EXCLUDE_SYMBOLS = nninit::detail nninit::detail::*
USE_MDFILE_AS_MAINPAGE = README.md
INPUT_FILTER = "sh $work/filter.sh"
JAVADOC_AUTOBRIEF = YES
GENERATE_LATEX = NO
HAVE_DOT = NO
QUIET = YES
$1
END
}

# What Doxygen reads: headers without the macros around namespaces, without the overload that refuses a
# layer without its name, with sizes as the integers that they stand for, each in its group; of
# Markdown, links that lead to no page of the reference as their words alone.
cat >"$work/filter.sh" <<'END'
case $1 in
*.md) sed -E '/^```/,/^```$/!s/([^!]|^)\[([^]]*)\]\((#|LICENSE|[a-z_/.]*tests|[a-z_/.]*examples|[a-z0-9_]+(\/|\.cpp|\)))[^)]*\)?/\1\2/g' "$1"; exit ;;
*/activation.hpp | */by_name.hpp | */registry.hpp | */scheme.hpp) group=choosing ;;
*/fans.hpp | */layers.hpp) group=layers ;;
*/philox.hpp | */engine.hpp) group=engines ;;
*/describe.hpp | */error.hpp | */version.hpp) group=looking ;;
*/make.hpp | */span.hpp | */tensor.hpp) group=filling ;;
*/nninit.hpp | *.dox) cat "$1"; exit ;;
*) group=rules ;;
esac
sed -zE 's/    template <class Target(, class Engine>\n[^\n]*|>[^\n]*)detail::Unnamed<Target>\) const \{\}\n//g' "$1" |
    sed -E "s/detail::Size/integer/g; s/detail::Axes/integers/g; s/inline NNINIT_COMPILER/internal/g; s/ detail::internal \{/ detail {/
    s/namespace nninit::inline NNINIT_ABI \{\$/namespace nninit { \/** @addtogroup $group *\/ \/** @{ *\//
    s/^\} \/\/ namespace nninit::inline NNINIT_ABI\$/\/** @} *\/ }/"
END

# Doxygen looks at a namespace's functions only where the namespace has a text.
cat >"$work/groups.dox" <<'END'
/** @namespace nninit
Everything that is public. */
/** @defgroup rules Rules
How weights are drawn. A rule is an aggregate of its parameters, called with target, engine, facts:
@code
nninit::HeNormal{.negative_slope = 0.2}(w, rng.stream("hidden.weight"));
@endcode */
/** @defgroup layers Layers
What a layer's size says about fan_in and fan_out:
@code
nninit::HeNormal{}(w, rng.stream("conv"), nninit::Conv{.in = 64, .out = 128, .kernel = {3, 3}});
@endcode */
/** @defgroup engines Engines
Where random words come from; a stream for each parameter's name:
@code
const nninit::Philox rng(42);
nninit::Normal{.stddev = 0.02}(w, rng.stream("embedding"));
@endcode */
/** @defgroup filling Filling and making
New matrices, tensors and other memory:
@code
auto w = nninit::make<Eigen::MatrixXf>(nninit::HeNormal{}, rng.stream("hidden.weight"), 128, 784);
nninit::fill(nninit::HeNormal{}, std::span(memory), {128, 784}, rng.stream("w"), "OI");
@endcode */
/** @defgroup choosing Choosing a rule
By activation, by name, or by a file of patterns:
@code
nninit::recommended(nninit::activation("relu"))(w, rng.stream("hidden.weight"));
nninit::by_name("torch:linear")(w, rng.stream("fc.weight"));
@endcode */
/** @defgroup looking Looking at weights, errors, versions
@code
std::cout << nninit::describe(w) << '\n';
@endcode */
END
reference "GENERATE_HTML = NO
GENERATE_XML = YES"
without_text=$(grep -vE 'of (struct|class) nninit::[A-Za-z:]+ is not documented' "$work/log" || :)
[ -z "$without_text" ] || { echo "$without_text"; exit 1; }
reference "EXTRACT_ALL = YES
WARN_AS_ERROR = FAIL_ON_WARNINGS" || { cat "$work/log"; exit 1; }
echo "$(find "$directory/html" -name 'structnninit*.html' | grep -vc members) types in $directory/html/index.html"
