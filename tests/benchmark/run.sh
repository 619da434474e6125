# SPDX-License-Identifier: MIT
# sh tests/benchmark/run.sh [options of Google Benchmark]: installs what it needs (on Debian and
# Ubuntu, where it may), builds with plain -O2, and prints one table of ns per value.
# BUILD_DIR and CXX are heeded. --benchmark_filter=normal takes a part of it.
set -eu
export LC_ALL=C.UTF-8 CDPATH=
root=$(cd "$(dirname "$0")/../.." && pwd)
. "$root/.ci/need.sh"
build=${BUILD_DIR:-$root/build/benchmark}

need_build
need_library benchmark libbenchmark-dev
need_library Boost libboost-dev
install_missing
build -DNNINIT_TESTS=OFF -DNNINIT_EXAMPLES=OFF -DNNINIT_BENCHMARK=ON \
    -DCMAKE_CXX_FLAGS_RELEASE="-O2 -DNDEBUG"
"$build/tests/benchmark/fill_benchmark" "$@"
