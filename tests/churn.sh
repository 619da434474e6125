#!/bin/sh
# SPDX-License-Identifier: MIT
# Checks the churn example: its options, its reading of tables and what it writes.
# usage: churn.sh path/of/churn path/of/churn.gnuplot scratch-directory
set -u
export LC_ALL=C.UTF-8 CDPATH=

[ $# -eq 3 ] || { echo "usage: churn.sh churn churn.gnuplot scratch-directory" >&2; exit 2; }
case $1 in /*) churn=$1 ;; *) churn=$PWD/$1 ;; esac
case $2 in /*) script=$2 ;; *) script=$PWD/$2 ;; esac
mkdir -p "$3" && cd "$3" || exit 2
rm -rf churn-test && mkdir churn-test && cd churn-test || exit 2

fail() {
    echo "FAILED: $1"
    echo "--- stdout"; head -n 20 out
    echo "--- stderr"; cat err
    exit 1
}

# refuses NAME TEXT ARGUMENT...: churn fails, says TEXT, and nothing on stdout.
refuses() {
    name=$1 text=$2
    shift 2
    "$churn" "$@" >out 2>err && fail "$name: exit code 0"
    grep -qF -- "$text" err || fail "$name: stderr lacks: $text"
    [ -s out ] && fail "$name: something on stdout"
    echo "ok: $name"
}

# A table of 200 customers; all that matters is that it is not constant.
awk 'BEGIN {
    print "RowNumber,CustomerId,Surname,CreditScore,Geography,Gender,Age,Tenure,Balance," \
          "NumOfProducts,HasCrCard,IsActiveMember,EstimatedSalary,Exited"
    split("France Germany Spain", country, " ")
    for (i = 1; i <= 200; ++i)
        printf("%d,%d,Name%d,%d,%s,%s,%d,%d,%d.5,%d,%d,%d,%d.25,%d\n", i, 1000 + i, i,
               400 + i * 37 % 400, country[i % 3 + 1], i % 2 ? "Male" : "Female", 18 + i * 13 % 60,
               i % 11, i * 7919 % 200000, i % 4 + 1, i % 5 > 1, i % 7 > 3, i * 3571 % 190000,
               i * 13 % 60 > 40)
}' >plain.csv

refuses "no seeds" "--seeds" --seeds 0
refuses "a word for a number" "--epochs" --epochs many
refuses "a negative target" "--target-loss" --target-loss -1
refuses "two tables" "plain.csv" plain.csv plain.csv
refuses "a table that is not there" "nowhere.csv: cannot be read" nowhere.csv
echo >file
refuses "an output directory that cannot be" "file/results" --output file/results plain.csv

# Wrong tables. bad NAME TEXT: table.csv is refused.

bad() { refuses "$1" "table.csv$2" --quick table.csv; }
cell() { awk -F, -v OFS=, "NR == $1 { \$$2 = \"$3\" } 1" plain.csv >table.csv; }

: >table.csv
bad "an empty file" ": cannot be read, or has fewer than 10 customers"
head -n 1 plain.csv >table.csv
bad "a header only" ": cannot be read, or has fewer than 10 customers"
cell 1 7 Years
bad "a missing column" ", line 1: there is no column Age"
cell 1 8 Age
bad "a column twice" ", line 1: there is no column Tenure"
cell 1 1 Age
bad "a needless column twice" ", line 2: 14 fields for 13 different columns"
cell 9 15 surplus
bad "a field too many" ", line 9: 15 fields for 14 different columns"
awk 'NR == 12 { sub(/,[^,]*$/, "") } 1' plain.csv >table.csv
bad "a field too few" ", line 12: 13 fields for 14 different columns"
for text in old nan inf -inf 0x10 1e999 1e39 1.2.3 -- '4 2' ' 42' 42x ''; do
    cell 5 7 "$text"
    bad "an age of \"$text\"" ", line 5: Age is \"$text\", which is not a number"
done
cell 7 5 Italy
bad "an unknown country" ", line 7: Geography is \"Italy\", which is not Germany or France or Spain"
cell 7 6 female
bad "an unknown gender" ", line 7: Gender is \"female\", which is not Male or Female"
cell 201 14 2
bad "a third answer" ", line 201: Exited is \"2\", which is not 1 or 0"
awk -F, -v OFS=, 'NR > 1 { $14 = 1 } 1' plain.csv >table.csv
"$churn" --quick table.csv >out 2>err && fail "nobody who stays: exit code 0"
grep -q 'Exited is the same in all training rows' err || fail "nobody who stays"

# The same table written in other ways. The plain one comes first, on one thread.

study() { "$churn" --seeds 2 --epochs 2 --deep-seeds 1 --deep-epochs 1 --output results "$@"; }
same() {
    name=$1
    shift
    rm -rf results
    study "$@" table.csv >out 2>err || fail "$name: exit code $?"
    cmp -s out expected.out || fail "$name: another report than for the plain file"
    cmp -s results/curves.csv expected.csv || fail "$name: other losses than for the plain file"
    echo "ok: $name"
}
cp plain.csv table.csv
study --threads 1 table.csv >out 2>err || fail "the plain file: exit code $?"
[ -s err ] && fail "the plain file: something on stderr"
cp out expected.out
mv results/curves.csv expected.csv
[ "$(grep -c . expected.csv)" -eq $((1 + 28 * (2 * 3 + 2))) ] || fail "curves.csv: number of lines"
[ "$(grep -c . results/runs.csv)" -eq $((1 + 28 * (2 + 1))) ] || fail "runs.csv: number of lines"
[ "$(grep -c . results/bands.csv)" -eq $((1 + 28 * (3 + 2) + 2 * 4 * 2)) ] ||
    fail "bands.csv: number of lines"
[ "$(grep -c 'too few seeds' out)" -eq 2 ] || fail "so few seeds were ranked"
echo "ok: the plain file"
if command -v gnuplot >/dev/null; then
    gnuplot -c "$script" results >out 2>err || fail "gnuplot: exit code $?"
    [ -s err ] && fail "gnuplot: something on stderr"
    [ -s results/small.png ] && [ -s results/deep.png ] || fail "pictures are missing"
else
    echo "NOT TESTED: pictures, as gnuplot is not there"
fi

same "five threads" --threads 5
awk '{ print $0 "\r" }' plain.csv >table.csv
same "CR LF line ends"
sed 's/$/\n/' plain.csv >table.csv
same "empty lines"
awk 'NR > 1 { printf "\n" } { printf "%s", $0 }' plain.csv >table.csv
same "no line end at the end"
awk -F, '{ for (i = NF; i > 3; --i) printf "%s,", $i; print "more" NR }' plain.csv >table.csv
same "columns in another order, some left out and one more"
sed 's/\.5,/.50e0,/' plain.csv >table.csv
same "numbers with an exponent"
awk -F, -v OFS=, 'NR == 3 { $7 += 1 } 1' plain.csv >table.csv
study table.csv >out 2>err || fail "another age: exit code $?"
cmp -s results/curves.csv expected.csv && fail "another age gives the same losses"
echo "ok: another age gives other losses"

"$churn" --seeds 5 --epochs 1 --deep-seeds 0 --output results >out 2>err ||
    fail "the synthetic table: exit code $?"
grep -q 'Table: synthetic' out || fail "the report does not say that the table is synthetic"
grep -q 'too few seeds' out && fail "five seeds are not ranked"
awk '/of the training customers left/ { rate = $1 } END { exit !(rate > 0.19 && rate < 0.22) }' out ||
    fail "the synthetic table: not about one in five leaves"
echo "ok: the synthetic table"
