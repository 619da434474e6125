# SPDX-License-Identifier: MIT
# sh examples/run.sh [options of churn] [table.csv]: installs what the examples need (on Debian and
# Ubuntu, where it may), builds them, and runs quickstart and the signal and churn studies, which name the
# files that they write. BUILD_DIR and CXX are heeded.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
. "$root/.ci/need.sh"

need_build
# Without gnuplot, the studies lack only their pictures.
! may_install || need_tool gnuplot gnuplot-nox
install_missing
build -DNNINIT_TESTS=OFF -DNNINIT_EXAMPLES=ON
"$build/examples/quickstart"
"$build/examples/signal" "$build/signal-results"
"$build/examples/churn" --output "$build/churn-results" "$@"
