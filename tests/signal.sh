#!/bin/sh
# SPDX-License-Identifier: MIT
# Checks the signal example against the theory of wide networks, computed here on its own.
# usage: signal.sh path/of/signal path/of/signal.gnuplot scratch-directory
set -u
export LC_ALL=C.UTF-8 CDPATH=

[ $# -eq 3 ] || { echo "usage: signal.sh signal signal.gnuplot scratch-directory" >&2; exit 2; }
case $1 in /*) signal=$1 ;; *) signal=$PWD/$1 ;; esac
case $2 in /*) script=$2 ;; *) script=$PWD/$2 ;; esac
mkdir -p "$3" && cd "$3" || exit 2
rm -rf signal-test && mkdir signal-test && cd signal-test || exit 2

fail() {
    echo "FAILED: $1"
    echo "--- stdout"; head -n 20 out
    echo "--- stderr"; cat err
    exit 1
}

# passes NAME COMMAND...  rejects NAME COMMAND...: the command's result; its output on failure.
passes() { name=$1; shift; "$@" >out 2>err || fail "$name"; echo "ok: $name"; }
rejects() {
    name=$1
    shift
    "$@" >out 2>err
    code=$?
    [ $code -eq 1 ] || fail "$name: exit code $code, not 1"
    echo "ok: rejected: $name"
}

echo >file
rejects "a directory that cannot be" "$signal" file/results
grep -q '^signal: .*file/results' err || fail "the error does not name the directory"
"$signal" one two >out 2>err
[ $? -eq 2 ] || fail "two directories: not exit code 2"
grep -q '^usage: signal' err || fail "two directories: no usage"
[ -s out ] && fail "two directories: something on stdout"

"$signal" results >table 2>err || { mv table out; fail "exit code $?"; }
cp table out
[ -s err ] && fail "something on stderr"
[ "$(grep -c . results/signal.csv)" -eq $((1 + 8 * 9 * 51)) ] || fail "signal.csv: number of lines"
[ "$(grep -c . results/gallery.csv)" -eq $((1 + 9 * 40)) ] || fail "gallery.csv: number of lines"
grep -qi 'nan\|inf' results/*.csv && fail "a number is not finite"
sed -n '/^array rules/,/\]/p; /^array panels/,/\]/p' "$script" |
    grep -o '"[^"]*"' | tr -d '"' >names
[ "$(grep -c . names)" -eq 17 ] || fail "signal.gnuplot: not 8 rules and 9 panels"
while read -r name; do
    grep -q "\(,\|^\)$name," results/*.csv || fail "signal.gnuplot draws \"$name\", which no CSV has"
done <names
if command -v gnuplot >/dev/null; then
    gnuplot -c "$script" results >out 2>err || fail "gnuplot: exit code $?"
    [ -s err ] && fail "gnuplot: something on stderr"
    for name in linear sigmoid tanh relu leaky_relu selu gelu silu gallery; do
        [ -s "results/$name.png" ] || fail "$name.png is missing"
    done
else
    echo "NOT TESTED: pictures, as gnuplot is not there"
fi
# The table's numbers are those of the CSV: GlorotNormal (row 6) under relu (column 4).
awk -F, '$1 == "relu" && $2 == "GlorotNormal" && $3 == 50 { printf "%.1e %.1e\n", $4, $5 }
         $1 == "relu" && $2 == "GlorotNormal" && $3 == 0 { printf "%.1e\n", $7 }' results/signal.csv |
    tr '\n' ' ' >of_csv
awk '/^GlorotNormal  / { print $5 }' table >of_table
[ "$(tr ' ' '\n' <of_csv | grep . | sort)" = "$(sort of_table)" ] || fail "the table is not of the CSV"
echo "ok: files and table"

# The theory. In a wide layer the pre-activations of an input are normal of mean 0 and variance
# q = v a, where v = fan_in times the weights' variance and a the mean square of what comes in. So
# a becomes E f(sqrt(q) Z)^2, Z standard normal, and a gradient that does not depend on the weights
# is multiplied by v E f'(sqrt(q) Z)^2 on its way back. Derivatives are differences of f.
#
# With n = 256 units the logarithms of both stray. A layer adds (E f^4 / (E f^2)^2 - 1) / n to the
# variance of log a (5/n for ReLU, 2/n for a linear layer, as for the inputs themselves) and passes
# on the earlier error times s = dlog E f^2 / dlog q. It adds (3 E f'^4 / (E f'^2)^2 - 1) / n to that
# of the gradient, to whose standard deviation the forward error adds at most |c| times its own,
# c = dlog E f'^2 / dlog q. For any g, d/dlog q of E g(sqrt(q) Z) is E (Z^2 - 1) g / 2. Accepted are
# 5 standard deviations, of either sign, and as much again as the variance for the terms of second
# order (the mean of the logarithm is low by half of it). Orthogonal strays less than a normal. Where
# the standard deviation is above 3, nothing is tested: under gelu HeNormal begins near an unstable
# balance, and which side it falls to is chance.
cat >theory.awk <<'END'
function cdf(x,   t) { # Abramowitz and Stegun 26.2.17, to 1e-7
    if (x < 0) return 1 - cdf(-x)
    t = 1 / (1 + 0.2316419 * x)
    return 1 - exp(-x * x / 2) * 0.3989422804014327 * t * (0.319381530 + t * (-0.356563782 \
           + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))))
}
function expm1(x) { return x < 1e-5 && x > -1e-5 ? x + x * x / 2 : exp(x) - 1 }
function f(x) {
    if (name == "linear") return x
    if (name == "sigmoid") return 1 / (1 + exp(-x))
    if (name == "tanh") return expm1(2 * x) / (expm1(2 * x) + 2)
    if (name == "relu") return x > 0 ? x : 0
    if (name == "leaky_relu") return x > 0 ? x : x / 100
    if (name == "selu") return 1.0507009874 * (x > 0 ? x : 1.6732632423 * expm1(x))
    if (name == "gelu") return x * cdf(x)
    if (name == "silu") return x / (1 + exp(-x))
    print "no activation " name; exit 2
}
function moments(q,   z, x, y, d, p) {
    square = fourth = turn = steep = steeper = turn_back = 0
    for (z = -7.95; z < 8; z += 0.1) { # 0, where some f have a kink, lies between two points
        p = 0.1 * exp(-z * z / 2) * 0.3989422804014327
        x = sqrt(q) * z
        y = f(x); y *= y
        d = (f(x * 1.0001) - f(x * 0.9999)) / (0.0002 * x); d *= d
        square += p * y; fourth += p * y * y; turn += p * (z * z - 1) * y / 2
        steep += p * d; steeper += p * d * d; turn_back += p * (z * z - 1) * d / 2
    }
}
function off(measured, predicted, sd,   d) {
    if (sd > 3) { ++vague; return 0 }
    ++values
    d = log(measured / predicted); if (d < 0) d = -d
    return d > 5 * sd + sd * sd
}
BEGIN { n = 256; FS = "," }
NR > 1 && $2 != "equal weights 0.1" { a[$3] = $4; g[$3] = $7 }
NR > 1 && $3 == 50 && $2 != "equal weights 0.1" {
    name = $1
    moments(1)
    v = $2 == "Normal 0.01" ? n / 1e4 : $2 == "Normal 0.2" ? n / 25 : $2 == "RandomUniform" ? 1 / 3 \
      : $2 == "HeNormal" ? 2 / (1 + (name == "leaky_relu") / 1e4) : $2 ~ /gain/ ? 1 / square : 1
    v *= times
    wrong = 0
    forward = a[0]; variance = 2 / n
    for (l = 1; l <= 50; ++l) {
        moments(v * a[l - 1])
        shift[l] = (turn_back < 0 ? -turn_back : turn_back) / steep * sqrt(variance)
        kick[l] = (3 * steeper / (steep * steep) - 1) / n
        back[l] = v * steep
        moments(v * forward)
        forward = square
        variance = (turn / square) ^ 2 * variance + (fourth / (square * square) - 1) / n
        wrong += off(a[l], forward, sqrt(variance))
    }
    gradient = g[50]; kicks = shifts = 0
    for (l = 50; l >= 1; --l) {
        gradient *= back[l]; kicks += kick[l]; shifts += shift[l]
        wrong += off(g[l - 1], gradient, sqrt(kicks) + shifts)
    }
    ++cells
    if (wrong) { ++bad; print "not as predicted: " $1 ", " $2 ", " wrong " of 100 values" }
}
END {
    print cells " cells, " values " values, not tested for lack of precision: " vague + 0
    print bad + 0 " cells not as predicted"
    exit bad > 0
}
END

theory() { awk -v times="$1" -f theory.awk "$2"; }
passes "every layer, rule and activation as the theory says" theory 1 results/signal.csv
grep '^64 cells' out
awk '/^64 cells/ { exit !($3 >= 6350) }' out || fail "not nearly all of the 6400 values were tested"
rejects "weights of twice the variance" theory 2 results/signal.csv
grep -q '^64 cells not' out || fail "some cells accept weights of twice the variance"
sed 's/^gelu,/x,/; s/^silu,/gelu,/; s/^x,/silu,/' results/signal.csv >swapped.csv
rejects "gelu and silu confused" theory 1 swapped.csv
sed 's/^relu,/x,/; s/^linear,/relu,/; s/^x,/linear,/' results/signal.csv >swapped.csv
rejects "relu and linear confused" theory 1 swapped.csv

# The same in closed form, for a few. Under ReLU a layer multiplies both by v / 2, under sigmoid the
# gradient by at most v / 16, as the slope is at most 1/4; 250 / 256 is the variance of the logarithm.
closed() {
    awk -F, -v name="$1" -v divisor="$2" -v activation="$3" -v at_most="$4" '
        $1 == activation && $2 == name && $3 == 50 { a = $4 }
        $1 == activation && $2 == name && $3 == 0 { g = $7 }
        END {
            most = 5 * sqrt(250 / 256) + 250 / 256
            a = log(a) + 50 * log(divisor); g = log(g) + 50 * log(divisor)
            exit !(g < most && (at_most || (g > -most && a < most && a > -most)))
        }' results/signal.csv
}
passes "HeNormal keeps signal and gradient under relu" closed HeNormal 1 relu 0
passes "GlorotNormal halves them in each layer" closed GlorotNormal 2 relu 0
passes "RandomUniform leaves a sixth of them" closed RandomUniform 6 relu 0
passes "sigmoid leaves at most a sixteenth of the gradient" closed GlorotNormal 16 sigmoid 1
rejects "GlorotNormal as one that keeps them" closed GlorotNormal 1 relu 0
rejects "RandomUniform as one that halves them" closed RandomUniform 2 relu 0
rejects "HeNormal as one that halves them" closed HeNormal 2 relu 0
rejects "tanh as one that leaves a sixteenth" closed GlorotNormal 16 tanh 1

# An isometry: gain() is good to 1e-10, whose square after 50 layers is off by 1e-8.
isometry() {
    awk -F, -v name="$1" '
        function off(x, y) { return x / y - 1 > 1e-8 || y / x - 1 > 1e-8 }
        $1 == "linear" && $2 == name { a[$3] = $4; over[$3] = $5; g[$3] = $7; ++n }
        END {
            for (l = 0; l <= 50; ++l)
                wrong += off(a[l], a[0]) + off(over[l], over[0]) + off(g[l], g[50])
            exit n != 51 || wrong > 0
        }' results/signal.csv
}
passes "Orthogonal keeps lengths in linear layers" isometry "Orthogonal x gain"
rejects "GlorotNormal keeping lengths" isometry GlorotNormal

# Units of equal weights are equal but for roundings: sums of 256 products are good to 256 epsilons of
# the sum of magnitudes, some 20 times the typical sum at first, so the variance to 1e-24 of the
# mean square.
equal_units() {
    awk -F, -v name="$1" '$2 == name && $3 > 0 { ++n; wrong += $6 > 1e-20 * $4 }
                          END { exit n != 400 || wrong > 0 }' results/signal.csv
}
passes "equal weights make the units of a layer equal" equal_units "equal weights 0.1"
rejects "units equal under HeNormal" equal_units HeNormal

# Of the mean square of 32 standard normal inputs, their mean has 1/32, with a relative standard
# deviation of sqrt(2 / 256) over the units. In 50 sigmoid layers nothing but roundings stays of what
# differs between inputs. A unit of the first layer is dead under ReLU with probability 2^-32, one
# behind inputs that have become alike with nearly 1/2; 0.66 is 5 standard deviations of 256 above.
awk -F, '
    $3 == 0 { share = 1 - $5 / $4; wrong += share < 0.017 || share > 0.045; ++n }
    $3 == 50 && $1 == "sigmoid" { wrong += $5 > 1e-20 * $4; ++n }
    $2 != "equal weights 0.1" && $1 == "relu" && $3 == 1 { wrong += $8 != 0; ++n }
    $2 != "equal weights 0.1" && $1 == "relu" && $3 == 50 { wrong += !($8 > 0.1 && $8 < 0.66); ++n }
    $1 == "linear" { wrong += $8 != 0; ++n }
    END { exit n != 72 + 9 + 8 + 8 + 459 || wrong > 0 }' results/signal.csv ||
    fail "what differs between inputs, or the share of dead units"
echo "ok: what differs between inputs, and dead units"

# The bins of the gallery are within 5 standard deviations and 3 counts of their densities: among 360
# bins, the few with an expectation near 1 included, one is beyond with a probability below 1e-3.
gallery() {
    awk -F, -v times="$1" '
        NR > 1 && $4 > 0 && !($1 in all) { all[$1] = $3 / $4 }
        NR > 1 { panel[NR] = $1; count[NR] = $3; exact[NR] = $5 * times }
        END {
            for (i in panel) {
                e = exact[i] * all[panel[i]]; d = count[i] - e
                if (d * d > (5 * sqrt(e) + 3) ^ 2) bad[panel[i]] = 1
            }
            for (p in bad) print "not its density: " p
            for (p in bad) exit 1
        }' results/gallery.csv
}
passes "histograms of nine rules" gallery 1
rejects "densities 1.3 times too high" gallery 1.3
[ "$(grep -c . out)" -eq 9 ] || fail "some histograms accept densities 1.3 times too high"
