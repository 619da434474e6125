# SPDX-License-Identifier: MIT
# What tests/run.sh and examples/run.sh share: they source this, name what they need, and install
# what of it is missing where they may.

missing=
# CMake heeds it for a new build directory only.
CMAKE_GENERATOR=${CMAKE_GENERATOR:-Ninja}
export CMAKE_GENERATOR

need_tool() { # command, Debian package
    command -v "$1" >/dev/null || missing="$missing $2"
}

need_library() { # CMake package, Debian package
    dpkg-query -W -f '${Status}' "$2" 2>/dev/null | grep -q 'ok installed' ||
        cmake_finds "$1" || missing="$missing $2"
}

cmake_finds() {
    probe=$(mktemp -d) || exit 1
    printf 'cmake_minimum_required(VERSION 3.22)\nproject(probe CXX)\nfind_package(%s REQUIRED)\n' \
        "$1" >"$probe/CMakeLists.txt"
    cmake -S "$probe" -B "$probe" >/dev/null 2>&1 && found=true || found=false
    rm -rf "$probe"
    $found
}

need_build() {
    if [ -n "${CXX:-}" ]; then
        command -v "${CXX%% *}" >/dev/null || { echo "the compiler CXX=$CXX is missing" >&2; exit 1; }
    else
        need_tool c++ g++
    fi
    need_tool cmake cmake
    [ "$CMAKE_GENERATOR" != Ninja ] || need_tool ninja ninja-build
    need_library Eigen3 libeigen3-dev
}

may_install() {
    command -v apt-get >/dev/null || return 1
    [ "$(id -u)" != 0 ] || { sudo=; return 0; }
    sudo=sudo
    command -v sudo >/dev/null && { sudo -n true 2>/dev/null || [ -t 0 ]; }
}

install_missing() {
    [ -n "$missing" ] || return 0
    if ! may_install; then
        echo "missing:$missing (the names are Debian's and Ubuntu's)" >&2
        echo "Installing takes apt-get and root or sudo; install them yourself and run this again." >&2
        exit 1
    fi
    echo "installing:$missing"
    $sudo apt-get update -qq
    $sudo env DEBIAN_FRONTEND=noninteractive \
        apt-get install -qq --no-install-recommends $missing >/dev/null
}

build=${BUILD_DIR:-$root/build}
cores=$(getconf _NPROCESSORS_ONLN)
