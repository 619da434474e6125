# SPDX-License-Identifier: MIT
# sh tests/coverage.sh: builds the tests for GCC's coverage, runs those that call the headers, and
# prints the share of lines of include/ that they reach (gcovr). BUILD_DIR and CXX are heeded.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
. "$root/.ci/need.sh"
build=${BUILD_DIR:-$root/build/coverage}

need_build
need_library Catch2 catch2
need_tool gcovr gcovr
install_missing
build -DNNINIT_TESTS=ON -DNNINIT_EXAMPLES=OFF -DCMAKE_BUILD_TYPE=None -DCMAKE_CXX_FLAGS="-O0 --coverage"
ctest --test-dir "$build" --parallel "$cores" --exclude-regex 'package|hygiene|bits|documentation|refuses'
gcovr --root "$root" --filter "$root/include/" --object-directory "$build" --exclude-throw-branches
