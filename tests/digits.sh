#!/bin/sh
# SPDX-License-Identifier: MIT
# Checks the digits example: learning, checkpoints, the rules file, the reading of IDX files.
# usage: digits.sh path/of/digits path/of/digits.conf scratch-directory
set -u
export LC_ALL=C.UTF-8 CDPATH=

[ $# -eq 3 ] || { echo "usage: digits.sh digits digits.conf scratch-directory" >&2; exit 2; }
case $1 in /*) digits=$1 ;; *) digits=$PWD/$1 ;; esac
case $2 in /*) config=$2 ;; *) config=$PWD/$2 ;; esac
mkdir -p "$3" && cd "$3" || exit 2
rm -rf digits-test && mkdir digits-test && cd digits-test || exit 2

fail() {
    echo "FAILED: $1"
    echo "--- stdout"; head -n 20 out
    echo "--- stderr"; cat err
    exit 1
}

# run NAME ARGUMENT...: digits ends well and says nothing on stderr.
run() {
    name=$1
    shift
    "$digits" "$@" >out 2>err || fail "$name: exit code $?"
    [ -s err ] && fail "$name: something on stderr"
    echo "ok: $name"
}

# refuses NAME TEXT ARGUMENT...: digits ends with 1, says TEXT on stderr, and has not trained.
refuses() {
    name=$1 text=$2
    shift 2
    "$digits" "$@" >out 2>err
    got=$?
    [ $got -eq 1 ] || fail "$name: exit code $got, not 1"
    grep -qF -- "$text" err || fail "$name: stderr lacks: $text"
    grep -q '^epoch' out && fail "$name: trained before"
    echo "ok: $name"
}

final() { sed -n 's/^all weights: hash //p' out; }
reached() { sed -n 's/^epoch.*accuracy //p' out | tail -n 1; }
above() { awk -v x="$(reached)" -v bound="$1" 'BEGIN { exit !(x != "" && x > bound) }'; }

# Learning. Measured: 0.985 of 4000. The standard error there is sqrt(0.985 0.015 / 4000) = 0.002;
# 0.97 leaves 7 of them for compilers, which round differently. Without random weights, no signal
# comes to the last layer, and one answer for all is right for exactly a tenth.

run "three epochs" "$config" --images 10000
above 0.97 || fail "three epochs: accuracy $(reached)"

printf '*.weight = zeros\n* = zeros\n' >zeros.conf
run "weights of zero" zeros.conf --images 10000 --epochs 1
[ "$(reached)" = 0.1000 ] || fail "weights of zero: accuracy $(reached)"

# Checkpoints.

run "an uninterrupted run" "$config" --images 1000
uninterrupted=$(final)
[ -n "$uninterrupted" ] || fail "an uninterrupted run: no hash"
run "one epoch" "$config" --images 1000 --epochs 1 --checkpoint state
[ "$(final)" != "$uninterrupted" ] || fail "one epoch gives the weights of three"
cp state kept
run "going on" "$config" --images 1000 --checkpoint state --resume
[ "$(final)" = "$uninterrupted" ] || fail "going on: other weights than without an interruption"
[ "$(grep -c '^epoch' out)" -eq 2 ] || fail "going on: not two epochs"
[ ! -e state.part ] || fail "going on: an unfinished file is left"
run "going on after the last" zeros.conf --images 1000 --checkpoint state --resume
[ "$(final)" = "$uninterrupted" ] || fail "going on after the last: other weights"

resume() { refuses "$1" "state: $2" "$config" --images "${3:-1000}" --checkpoint state --resume; }
size=$(($(wc -c <kept)))
for at in 30 "$((size / 3))" "$((size - 1))"; do
    cp kept state
    byte=$(od -An -tu1 -j "$at" -N 1 kept)
    printf "\\$(printf %o $(((byte + 1) % 256)))" | dd of=state bs=1 seek="$at" conv=notrunc 2>dd
    cmp -s kept state && fail "byte $at was not changed"
    resume "a checkpoint with byte $at changed" "is cut short or damaged"
done
for length in 28 1000 "$((size - 1))"; do
    head -c "$length" kept >state
    resume "a checkpoint of $length bytes" "is cut short or damaged"
done
{ cat kept; echo; } >state
resume "a checkpoint and a byte" "is cut short or damaged"
cp "$config" state
resume "a foreign file" "is not a checkpoint of this program"
cp kept state
resume "a checkpoint of other images" "is of another run" 999
refuses "a checkpoint of another network" "state: is of another run" "$config" --images 1000 \
    --checkpoint state --resume --extra-layer
rm state
resume "a checkpoint that is not there" "cannot be read"
refuses "a checkpoint that cannot be written" "nowhere/state.part: cannot be written" "$config" \
    --images 1 --checkpoint nowhere/state

# One layer more. The hashes of the other parameters are the same, and hashes do differ.

run "the initial weights" "$config" --images 1 --epochs 0
sed -n '/ x .*hash/p' out >without
run "those with a layer more" "$config" --images 1 --epochs 0 --extra-layer
sed -n '/ x .*hash/p' out >with
grep -q '^extra.weight .*orthogonal' with || fail "there is no layer more"
grep -v '^extra' with | cmp -s - without || fail "a layer more changes the others"
sed 's/he_normal/he_uniform/' "$config" >other.conf
run "those of another rule" other.conf --images 1 --epochs 0
sed -n '/ x .*hash/p' out | cmp -s - without && fail "another rule gives the same hashes"

# The rules are told the layers: by hand, sqrt(2 / fan) of fan_in 5 5 1 and of fan_out
# 3 3 32 / (2 2), and sqrt(2 / (128 + 10)). Normal values of the same streams, so the same hashes.

printf '%s\n' 'conv1* = he_normal' 'conv2* = he_normal(mode=fan_out)' 'fc* = glorot_normal' \
    >fans.conf
run "rules of fans" fans.conf --images 1 --epochs 0
sed -n 's/ x .*hash \([0-9a-f]*\).*/\1/p' out >fans
printf '%s\n' 'conv1* = normal(stddev=0.28284271247461901)' \
    'conv2* = normal(stddev=0.16666666666666667)' 'fc* = normal(stddev=0.12038585308576920)' \
    >numbers.conf
run "the same by numbers" numbers.conf --images 1 --epochs 0
sed -n 's/ x .*hash \([0-9a-f]*\).*/\1/p' out >got
[ "$(grep -c . fans)" -eq 6 ] && cmp -s got fans || fail "wrong fans"

# The rules file. rules NAME TEXT: rules.conf is refused.

rules() { refuses "$1" "rules.conf: $2" rules.conf --images 1; }
printf '# rules\n* = he_norml\n' >rules.conf
rules "a wrong name" 'nninit: line 2: there is no initializer "he_norml"'
printf '* = he_normal(gain=2)\n' >rules.conf
rules "a wrong parameter" 'nninit: line 1: "he_normal" has no parameter "gain"'
printf '*.bias = zeros\n\nfc.* = normal(stddev=-1)\n* = zeros' >rules.conf
rules "a wrong value" 'nninit: line 3: "normal(stddev=-1)": stddev must not be negative'
printf '*.bias = zeros\nconv1.weight = zeros\n* = dirac\n' >rules.conf
rules "a rule that does not suit a layer" 'nninit: "fc.weight": this initializer fills a convol'
printf '* = zeros\n* zeros # =\n' >rules.conf
rules "a line without =" 'nninit: line 2: "* zeros" should be pattern = initializer'
printf ' = zeros\n' >rules.conf
rules "a line without a pattern" 'nninit: line 1: "= zeros" should be'
printf '*.weight = ones\nconv1.bia = ones\nfc.bia = ones\nf.bias = ones\n*c = ones\n' >rules.conf
rules "a parameter without a pattern" 'nninit: no pattern of the Scheme matches "conv1.bias"'
printf '** = zeros\nfc.bias = ones\n' >rules.conf
rules "a line that no name reaches" 'nninit: line 2: no name reaches "fc.bias"'
refuses "no rules" "nowhere.conf: cannot be read" nowhere.conf --images 1

printf 'c*v1*.w*t* = ones\r\n\tconv* =constant( value = 2 )#\n**=zeros\n' >rules.conf
run "the first pattern that matches" rules.conf --images 1 --epochs 0
sed -n 's/ .*hash [0-9a-f]* / /p' out >got
printf '%s\n' "conv1.weight ones" "conv1.bias constant(value=2)" "conv2.weight constant(value=2)" \
    "conv2.bias constant(value=2)" "fc.weight zeros" "fc.bias zeros" | cmp -s - got ||
    fail "the first pattern that matches: $(cat got)"

# IDX files: two images of 11 x 11, the first black, the second white, with the labels 3 and 9.

pixels() { head -c 121 /dev/zero | tr '\0' "$1"; }
four='\0\0\0'
for part in train t10k; do
    { printf "\\0\\0\\10\\3$four\\2$four\\13$four\\13"; pixels '\0'; pixels '\377'; } \
        >$part-images-idx3-ubyte
    printf "\\0\\0\\10\\1$four\\2\\3\\11" >$part-labels-idx1-ubyte
done
run "IDX files" "$config" . --epochs 40
grep -q '^2 images of 11 x 11 to train on, 2 to test on$' out || fail "IDX files: other sizes"
[ "$(reached)" = 1.0000 ] || fail "IDX files: accuracy $(reached)"
printf "\\0\\0\\10\\1$four\\2\\11\\3" >t10k-labels-idx1-ubyte
run "IDX files with the answers exchanged" "$config" . --epochs 40
[ "$(reached)" = 0.0000 ] || fail "exchanged answers: accuracy $(reached)"

# idx NAME TEXT: the labels in train-labels-idx1-ubyte, or the images, are refused.
idx() { refuses "$1" "./train-$2" "$config" .; }
labels() { printf "$1" >train-labels-idx1-ubyte; }
labels "\\0\\0\\10\\1$four\\2\\3\\12"
idx "a label of 10" "labels-idx1-ubyte: a label is not within 0 and 9"
labels "\\0\\0\\10\\1$four\\1\\3"
idx "too few labels" "labels-idx1-ubyte: 1 labels for 2 images"
labels "\\0\\0\\10\\3$four\\2\\3\\11"
idx "labels of three axes" "labels-idx1-ubyte: is not an IDX file of bytes, of rank 1"
labels "\\0\\0\\10\\1$four\\2\\3"
idx "labels cut short" "labels-idx1-ubyte: has 9 bytes, which its header contradicts"
labels "\\0\\0\\10\\1$four\\2\\3\\11"
mv train-images-idx3-ubyte whole
head -c 257 whole >train-images-idx3-ubyte
idx "images cut short" "images-idx3-ubyte: has 257 bytes, which its header contradicts"
head -c 15 whole >train-images-idx3-ubyte
idx "a header cut short" "images-idx3-ubyte: is not an IDX file"
{ printf "\\0\\0\\10\\3$four\\2$four\\12$four\\12"; head -c 200 /dev/zero; } \
    >train-images-idx3-ubyte
idx "images of 10 x 10" "images-idx3-ubyte: the images must be square, of 11 x 11"
rm train-images-idx3-ubyte
idx "no images" "images-idx3-ubyte: cannot be read"
