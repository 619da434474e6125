# SPDX-License-Identifier: MIT
# sh tests/run.sh: installs what the tests need (on Debian and Ubuntu, where it may), builds them and
# runs them. BUILD_DIR and CXX are heeded.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
. "$root/.ci/need.sh"

need_build
need_library Catch2 catch2
need_tool python3 python3 # of neighbours
need_library CLI11 libcli11-dev # of examples/churn and examples/digits
install_missing
build -DNNINIT_TESTS=ON -DNNINIT_EXAMPLES=ON -DCMAKE_CXX_FLAGS_RELEASE=-Og
ctest --test-dir "$build" --no-tests=error --output-on-failure --parallel "$cores"
