# SPDX-License-Identifier: MIT
# sh tests/run.sh: installs what the tests need (on Debian and Ubuntu, where it may), builds them and
# runs them. BUILD_DIR is heeded, and CXX and CXXFLAGS where that is a new directory.
set -eu
export LC_ALL=C.UTF-8 CDPATH=
root=$(cd "$(dirname "$0")/.." && pwd)
. "$root/.ci/need.sh"

need_build
need_library Catch2 catch2
need_tool python3 python3 # of neighbours
need_library CLI11 libcli11-dev # of examples/churn and examples/digits
install_missing
cmake -S "$root" -B "$build" -DCMAKE_BUILD_TYPE=Tests -DCMAKE_CXX_FLAGS_TESTS=-Og \
    -DNNINIT_TESTS=ON -DNNINIT_EXAMPLES=ON
cmake --build "$build" --parallel "$cores"
ctest --test-dir "$build" --no-tests=error --output-on-failure --parallel "$cores"
