#!/bin/sh
# SPDX-License-Identifier: MIT
# Checks the churn example: its command line, its reading of tables and what it writes.
# usage: churn.sh path/of/churn scratch-directory
set -u

[ $# -eq 2 ] || { echo "usage: churn.sh path/of/churn scratch-directory" >&2; exit 2; }
case $1 in /*) churn=$1 ;; *) churn=$PWD/$1 ;; esac
mkdir -p "$2" && cd "$2" || exit 2
rm -rf churn-test && mkdir churn-test && cd churn-test || exit 2

fail() {
    echo "FAILED: $1"
    echo "--- stdout"; head -n 20 out
    echo "--- stderr"; cat err
    exit 1
}

# refuses NAME EXIT-CODE TEXT ARGUMENT...: churn ends so and says TEXT on stderr, nothing on stdout.
refuses() {
    name=$1 code=$2 text=$3
    shift 3
    "$churn" "$@" >out 2>err
    got=$?
    [ $got -eq "$code" ] || fail "$name: exit code $got, not $code"
    grep -qF -- "$text" err || fail "$name: stderr lacks: $text"
    [ -s out ] && fail "$name: something on stdout"
    echo "ok: $name"
}

# same NAME ARGUMENT...: churn gives the same output and files on table.csv as on plain.csv.
study() { "$churn" --seeds 2 --epochs 2 --deep-seeds 1 --deep-epochs 1 --output results "$@"; }
same() {
    name=$1
    shift
    rm -rf results
    study "$@" table.csv >out 2>err || fail "$name: exit code $?"
    [ -s err ] && fail "$name: something on stderr"
    cmp -s out expected.out || fail "$name: another report than for the plain file"
    cmp -s results/curves.csv expected.csv || fail "$name: other losses than for the plain file"
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

# The command line.

"$churn" --help >out 2>err || fail "--help: exit code $?"
grep -q '^usage: churn' out || fail "--help: no usage"
[ -s err ] && fail "--help: something on stderr"
echo "ok: --help"

refuses "an unknown option" 2 "there is no option --sedes" --sedes 3
refuses "a missing value" 2 "--seeds needs a value" --seeds
refuses "no seeds" 2 "--seeds needs a whole number from 1" --seeds 0
refuses "a word for a number" 2 "not \"many\"" --epochs many
refuses "a negative number" 2 "not \"-1\"" --threads -1
refuses "a number with a tail" 2 "not \"3x\"" --deep-seeds 3x
refuses "a huge number" 2 "not \"99999999999999999999\"" --deep-epochs 99999999999999999999
refuses "a target of nan" 2 "not \"nan\"" --target-loss nan
refuses "two tables" 2 "one table only" plain.csv plain.csv
refuses "a table that is not there" 1 "nowhere.csv: cannot be opened" nowhere.csv
refuses "a directory for a table" 1 "reading failed" .
echo >file
refuses "an output directory that cannot be" 1 "file/results" --output file/results plain.csv

# Wrong tables. bad NAME TEXT: table.csv is refused.

bad() { refuses "$1" 1 "table.csv: $2" --quick table.csv; }
cell() { awk -F, -v OFS=, "NR == $1 { \$$2 = \"$3\" } 1" plain.csv >table.csv; }

: >table.csv
bad "an empty file" "the file is empty"
printf '\357\273\277' >table.csv
bad "nothing but a byte order mark" "the file is empty"
head -n 1 plain.csv >table.csv
bad "a header only" "only 0 rows of customers"
cell 1 7 Years
bad "a missing column" "line 1: the header has no column Age"
cell 1 8 Age
bad "a column twice" "line 1: the header has two columns Age"
cell 9 15 surplus
bad "a field too many" "line 9: 15 fields, but the header has 14"
awk 'NR == 12 { sub(/,[^,]*$/, "") } 1' plain.csv >table.csv
bad "a field too few" "line 12: 13 fields, but the header has 14"
for text in old nan inf -inf 0x10 1e999 1e39 4,2 1.2.3 -- '4 2' ' 42' 42x ''; do
    case $text in *,*) field="\\\"$text\\\"" ;; *) field=$text ;; esac
    cell 5 7 "$field"
    bad "an age of \"$text\"" "line 5: Age is \"$text\", which is not a finite number"
done
cell 7 5 Italy
bad "an unknown country" "line 7: Geography is \"Italy\"; it must be"
cell 7 6 female
bad "an unknown gender" "line 7: Gender is \"female\"; it must be"
cell 201 14 2
bad "a third answer" "line 201: Exited is \"2\"; it must be 0 or 1"
awk -F, -v OFS=, 'NR > 1 { $14 = 1 } 1' plain.csv >table.csv
bad "nobody who stays" "Exited is the same in all training rows"
cell 6 3 '\"Smith'
bad "quotes without an end" "line 6: a quoted field is never closed"
cell 6 3 'Smi\"th'
bad "a quote inside a field" "line 6: a quote inside a field"
cell 6 3 '\"Smi\"th'
bad "text after a quote" "line 6: text after the closing quote"
{ cell 6 3 '\"Smith\nand\nSons\"'; awk -F, -v OFS=, '/^10,/ { $7 = "old" } 1' table.csv >t; mv t table.csv; }
bad "a wrong age below a field of three lines" "line 13: Age is \"old\""
tr '\n' '\r' <table.csv >t && mv t table.csv
bad "the same with CR line ends" "line 13: Age is \"old\""
awk -F, -v OFS=, 'NR == 4 { $4 = "" } { print $0 "\r" }' plain.csv >table.csv
bad "an empty field with CR LF line ends" "line 4: CreditScore is \"\""

# The same table written in other ways. The plain one comes first; one thread.

cp plain.csv table.csv
study --threads 1 table.csv >expected.out 2>err || fail "the plain file: exit code $?"
[ -s err ] && fail "the plain file: something on stderr, which is no terminal"
mv results/curves.csv expected.csv
# The list of the files at the end is the same each time.
[ "$(grep -c . expected.csv)" -eq $((1 + 28 * (2 * 3 + 2))) ] || fail "curves.csv: number of lines"
[ "$(grep -c . results/runs.csv)" -eq $((1 + 28 * (2 + 1))) ] || fail "runs.csv: number of lines"
[ -z "$(find results -name '*.part' -o -name 'churn-trial')" ] || fail "unfinished files are left"
tr -d '\n -~' <expected.out | tr -d '\t' | grep -q . && fail "control characters in a pipe"
echo "ok: the plain file, nothing of the progress in a pipe"

same "two threads" --threads 2
same "five threads" --threads 5
awk '{ print $0 "\r" }' plain.csv >table.csv
same "CR LF line ends"
tr '\n' '\r' <plain.csv >table.csv
same "CR line ends"
awk 'NR > 1 { printf "\n" } { printf "%s", $0 }' plain.csv >table.csv
same "no line end at the end"
{ printf '\357\273\277'; awk '{ print $0 "\n" }' plain.csv; } >table.csv
same "a byte order mark and empty lines"
sed 's/\([^,]*\)/"\1"/g' plain.csv >table.csv
same "all fields in quotes"
cell 6 3 '\"Smith, \"\"Sons\"\"\n& Co\"'
same "commas, quotes and a line end inside quotes"
awk -F, '{ for (i = NF; i > 3; --i) printf "%s,", $i; print "more" NR }' plain.csv >table.csv
same "columns in another order, some left out and one more"
sed 's/\.5,/.50e0,/' plain.csv >table.csv
same "numbers with an exponent"

grep -q 'Table: table.csv' expected.out || fail "the report does not name its table"
study --epochs 1 --seeds 1 >out 2>err || fail "the synthetic table: exit code $?"
grep -q 'Table: synthetic' out || fail "the report does not say that the table is synthetic"
awk '/of the training customers left/ { rate = $1 } END { exit !(rate > 0.19 && rate < 0.22) }' out ||
    fail "the synthetic table: not about one in five leaves"
echo "ok: the synthetic table"
