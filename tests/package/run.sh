# SPDX-License-Identifier: MIT
# sh run.sh cmake eigen_include: builds the stranger's program once in each way of getting nninit; it
# must print the same everywhere. The scratch path has a space in it.
set -eu
export LC_ALL=C.UTF-8 CDPATH=
cmake=$1 eigen=$2
here=$(cd "$(dirname "$0")" && pwd)
nninit=$(cd "$here/../.." && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir "$scratch/a b"
cd "$scratch/a b"

expected=
compare() { # way, program
    output=$("$2")
    printf '%s: %s\n' "$1" "$output"
    [ "$output" = "${expected:=$output}" ] || { echo "not the same as before"; exit 1; }
}

quietly() { "$@" >log 2>&1 || { cat log; exit 1; }; }

stranger() { # way, options of cmake...
    way=$1
    shift
    quietly "$cmake" -S "$here" -B "$way" "$@"
    quietly "$cmake" --build "$way"
    compare "$way" "./$way/stranger"
}

cp -r "$nninit/include" copied
"${CXX:-c++}" -std=c++20 -I copied -I "$eigen" "$here/main.cpp" -o copy_of_include
compare copy_of_include ./copy_of_include

# The headers in a directory of their own, as packages of several versions have it.
quietly "$cmake" -S "$nninit" -B build -DNNINIT_TESTS=OFF -DNNINIT_EXAMPLES=OFF \
    -DCMAKE_INSTALL_INCLUDEDIR=include/of-nninit
quietly "$cmake" --install build --prefix "$PWD/installed"
mv installed moved
for file in include/of-nninit/nninit/nninit.hpp share/doc/nninit/LICENSE; do
    [ -e "moved/$file" ] || { echo "$file is not installed"; exit 1; }
done
version=$(sed -n 's/^project(nninit VERSION \([0-9]*\.[0-9]*\).*/\1/p' "$nninit/CMakeLists.txt")
stranger find_package -DWAY=find_package -DCMAKE_PREFIX_PATH="$PWD/moved" -DVERSION="$version"
stranger build_directory_in_tree_eigen -DWAY=find_package -DCMAKE_PREFIX_PATH="$PWD/build" \
    -DVERSION="$version" -DEIGEN_INCLUDE="$eigen"
if "$cmake" -S "$here" -B older -DWAY=find_package -DCMAKE_PREFIX_PATH="$PWD/moved" \
    -DVERSION=0.2 >log 2>&1; then
    echo "release $version passes for 0.2, whose minor version is another"
    exit 1
fi
if command -v pkg-config >/dev/null && pkg-config --exists eigen3; then
    # Written behind a copy without a space: pkg-config's words are split.
    cp -r moved "$scratch/moved"
    flags=$(PKG_CONFIG_PATH="$scratch/moved/share/pkgconfig" pkg-config --cflags nninit)
    "${CXX:-c++}" -std=c++20 $flags "$here/main.cpp" -o pkg_config
    compare pkg_config ./pkg_config
else
    echo "pkg_config: left out, pkg-config or its eigen3 is missing"
fi
stranger add_subdirectory -DWAY=add_subdirectory -DNNINIT="$nninit"
stranger FetchContent_in_tree_eigen -DWAY=FetchContent -DNNINIT="$nninit" -DEIGEN_INCLUDE="$eigen"
