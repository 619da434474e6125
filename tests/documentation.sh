# SPDX-License-Identifier: MIT
# sh documentation.sh directory: writes the reference of the public headers, with the README as its
# first page, to directory/html by Doxygen. Any warning is an error, and so is a public type or
# function without a text; of a struct's members the text above the struct speaks.
set -eu
mkdir -p "$1"
directory=$(cd "$1" && pwd)
cd "$(dirname "$0")/.."

reference() { # further settings
    cat - <<END | doxygen - 2>"$directory/log"
PROJECT_NAME = nninit
OUTPUT_DIRECTORY = $directory
INPUT = README.md include/nninit $directory/namespace.dox
EXCLUDE = include/nninit/detail
EXCLUDE_SYMBOLS = nninit::detail nninit::detail::*
USE_MDFILE_AS_MAINPAGE = README.md
FILE_PATTERNS = *.hpp
JAVADOC_AUTOBRIEF = YES
GENERATE_LATEX = NO
HAVE_DOT = NO
QUIET = YES
$1
END
}

# Doxygen looks at a namespace's functions only where the namespace has a text.
printf '/** @namespace nninit\nEverything that is public. */\n' >"$directory/namespace.dox"
reference "GENERATE_HTML = NO
GENERATE_XML = YES"
without_text=$(grep -vE 'of (struct|class) nninit::[A-Za-z:]+ is not documented' "$directory/log" || :)
[ -z "$without_text" ] || { echo "$without_text"; exit 1; }
reference "EXTRACT_ALL = YES
WARN_AS_ERROR = FAIL_ON_WARNINGS" || { cat "$directory/log"; exit 1; }
echo "$(find "$directory/html" -name 'structnninit*.html' | grep -vc members) types in $directory/html/index.html"
