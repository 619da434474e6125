# SPDX-License-Identifier: MIT
"""Breaks the headers on purpose, one place at a time, and asks the unit tests whether they notice.

    python3 tests/mutate.py --count 200 --seed 1      # 200 places drawn from all
    python3 tests/mutate.py --minutes 10              # as many of them as fit
    python3 tests/mutate.py --only fans.hpp:42        # all mutants of a line (or file)
    python3 tests/mutate.py --list                    # only print them

Each mutant changes one token: a number by one (a fraction by a thousandth), a comparison, a sign, a
shift, a bit or logical operation, an index, a boolean; or leaves out a statement. Comments, strings,
preprocessor lines and static_asserts stay; of the tables, TABLE_SAMPLE numbers are taken. A mutant is
killed when a unit test fails or runs for five times its usual time; one that does not compile counts
for nothing.

First each test is compiled for coverage and run. A mutant is then tried by the tests that run its line
(by those that read its header, if no test runs it: what exists for the compiler only), those first
that have killed most in its file and compile fastest, until one fails. Compiled at -O0, with Eigen and
Catch2 precompiled. The first part's result stays in the log's folder until the tree changes.

The log (JSON lines) is read at the start: a stopped run goes on where it was. survivors.txt beside
this file says why some survive: lines of `file | before | after | reason`.
"""
import argparse
import collections
import gzip
import hashlib
import json
import os
import pathlib
import platform
import queue
import re
import resource
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
EIGEN = os.environ.get("EIGEN_INCLUDE", "/usr/include/eigen3")
CXX = shlex.split(os.environ.get("CXX", "g++"))
TABLES = {"quantile_table.hpp"}
TABLE_SAMPLE = 20
OTHER_MACHINES = {"neon.hpp": "aarch64", "avx2.hpp": "x86_64", "avx512.hpp": "x86_64"}
OWN_EIGEN = {"allocation", "foreign"}  # these define what Eigen reads
COMPILE_LIMIT, LEAST_RUN_LIMIT = 300, 10  # seconds
MEMORY_LIMIT = 8 << 30  # bytes, for each process

SKIPPED = re.compile(
    r'//[^\n]*|/\*.*?\*/|R"(\w*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"'
    r"|(?<![0-9a-fA-F])'(?:\\.|[^'\\\n])+'"
    r"|^[ \t]*\#(?:\\\n|[^\n])*|\bstatic_assert\((?:[^;\"]|\"[^\"]*\")*;|\[\[.*?\]\]"
    r"|\btemplate <[^;{]*?>(?=\s)", re.S | re.M)
NUMBER = re.compile(
    r"(?<![\w.])(0[xX][0-9a-fA-F.']+(?:[pP][+-]?\d+)?|0[bB][01']+"
    r"|(?:\d[\d']*\.?[\d']*|\.\d+)(?:[eE][+-]?\d+)?)([uUlLzZfF]*)(?![\w.])")
# clang-format sets spaces around a binary operator, and none around template brackets, references
# and unary operators.
BINARY = re.compile(r"(?<=[\w)\]}] )(<=>|<<=|>>=|[-+*/%&|^]=|<<|>>|[=!<>]=|&&|\|\||[-+*/%&|^<>])(?=\s)")
SWAPS = {"<": ["<="], "<=": ["<"], ">": [">="], ">=": [">"], "==": ["!="], "!=": ["=="],
         "&&": ["||"], "||": ["&&"], "+": ["-"], "-": ["+"], "*": ["/"], "/": ["*"], "%": ["/"],
         "<<": [">>"], ">>": ["<<"], "&": ["|"], "|": ["&"], "^": ["|"], "+=": ["-="],
         "-=": ["+="], "*=": ["/="], "/=": ["*="], "%=": ["/="], "<<=": [">>="], ">>=": ["<<="],
         "&=": ["|="], "|=": ["&="], "^=": ["|="]}
OTHERS = [(re.compile(r"\btrue\b"), "false"), (re.compile(r"\bfalse\b"), "true"),
          (re.compile(r"\+\+"), "--"), (re.compile(r"--"), "++"),
          (re.compile(r"(?<=[(,={\[] )-(?=[\w(])|(?<=[(\[{])-(?=[\w(])|(?<=return )-(?=[\w(])"), ""),
          (re.compile(r"(?<![\w)\]])[!~](?=[\w(:])"), ""),
          (re.compile(r"(?<=[\w)\]]\[)\w*[A-Za-z_]\w*(?=\])"), r"\g<0> + 1"),
          (re.compile(r"(?<=    )(?!(?:return|using|typedef|friend|throw|template|else|case|do|while"
                      r"|for|if)\b)(?:(?:[\w.:\[\]]|->|\([^;(){}]*\))+ [-+*/%|&^<>]*= [^;{}]*;"
                      r"|(?:\w|[.:]|->)+\([^;{}]*\);|(?:\+\+|--)\w+;)(?=\n)"), ";")]


def changed_numbers(digits, suffix):
    if re.search(r"[.pP]|(?<!x)[eE](?=[+-]?\d+$)", digits) and not re.match(r"0[xX][^.pP]*$", digits):
        zero = not re.search(r"[1-9a-fA-F]", re.sub(r"^0[xX]|[pPeE][+-]?\d+$", "", digits))
        return ["1.0" + suffix] if zero else [f"({digits}{suffix} * 1.001{suffix})"]
    value = int(digits.replace("'", ""), 0) if not re.fullmatch(r"0\d+", digits) else int(digits, 8)
    form = hex if digits[:2] in ("0x", "0X") else str
    return [form(near) + suffix for near in (value + 1, value - 1) if near >= 0]


def mutants_of(path):
    text = path.read_text()
    masked = SKIPPED.sub(lambda m: re.sub(r"[^\n]", " ", m.group()), text)
    found = []
    for m in NUMBER.finditer(masked):
        found += [(m.start(), m.end(), new) for new in changed_numbers(*m.groups())]
    for m in BINARY.finditer(masked):
        found += [(m.start(), m.end(), new) for new in SWAPS.get(m.group(), [])]
    for pattern, new in OTHERS:
        found += [(m.start(), m.end(), m.expand(new)) for m in pattern.finditer(masked)]
    mutants = []
    for start, end, new in sorted(found):
        line_start, line_end = text.rfind("\n", 0, start) + 1, text.find("\n", end)
        mutants.append({"file": str(path.relative_to(ROOT)), "line": text.count("\n", 0, start) + 1,
                        "column": start - line_start + 1, "start": start, "end": end, "new": new,
                        "before": text[line_start:line_end].strip(),
                        "after": (text[line_start:start] + new + text[end:line_end]).strip()})
    return mutants


def choose(options):
    def rank(draw):
        """An order that does not change with the lines around a mutant, or with other files."""
        keys = "file", "column", "before", "after"
        return lambda m: hashlib.sha256(repr([draw, *map(m.get, keys)]).encode()).digest()

    chosen = []
    for path in sorted(p for p in (ROOT / "include").rglob("*") if p.suffix in (".hpp", ".inl")):
        if OTHER_MACHINES.get(path.name, platform.machine()) != platform.machine():
            continue
        mutants = mutants_of(path)
        if path.name in TABLES:
            mutants = sorted(mutants, key=rank("table"))[:TABLE_SAMPLE]
        chosen += mutants
    if options.only:
        name, _, line = options.only.partition(":")
        return [m for m in chosen if m["file"].endswith(name) and line in ("", str(m["line"]))]
    if options.count and options.count < len(chosen):
        chosen = sorted(sorted(chosen, key=rank(options.seed))[:options.count],
                        key=lambda m: (m["file"], m["start"]))
    return chosen


def run(command, limit=None, cwd=None):
    """The exit code and the output, or None and the output after the limit."""
    process = subprocess.Popen([str(word) for word in command], start_new_session=True,
                               text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                               errors="replace", cwd=cwd)
    try:
        output, _ = process.communicate(timeout=limit)
        return process.returncode, output
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        return None, process.communicate()[0]


def note(kills, mutant, test):
    kills.update([(pathlib.Path(mutant["file"]).stem, test), ("", test)])


def must(command, cwd=None):
    code, output = run(command, cwd=cwd)
    if code != 0:
        raise RuntimeError(f"fails without any mutant: {' '.join(map(str, command))}\n"
                           + output[-3000:])
    return output


def tests():
    return {p.name.removesuffix(".test.cpp"): p for p in sorted((ROOT / "tests").glob("*.test.cpp"))}


class Build:
    """Tests compiled one by one against a copy of include/."""

    def __init__(self, scratch, *flags):
        scratch.mkdir(parents=True)
        self.scratch, self.include = scratch, scratch / "include"
        shutil.copytree(ROOT / "include", self.include)
        self.flags = [*CXX, "-std=c++20", "-O0", "-w", *flags, "-I", self.include, "-isystem", EIGEN]
        (scratch / "main.cpp").write_text(
            "#if __has_include(<catch2/catch_all.hpp>)\n#else\n#define CATCH_CONFIG_MAIN\n"
            "#include <catch2/catch.hpp>\n#endif\n")
        must([*self.flags, "-c", scratch / "main.cpp", "-o", scratch / "main.o"], cwd=scratch)
        self.libraries = [] if "main" in must(["nm", scratch / "main.o"]) else ["-lCatch2Main",
                                                                               "-lCatch2"]
        (scratch / "pre.hpp").write_text(
            f'#include <Eigen/Dense>\n#include "{ROOT}/tests/catch.hpp"\n'
            + "".join(f"#include <{name}>\n" for name in ("random", "sstream", "variant", "vector")))
        must([*self.flags, "-x", "c++-header", scratch / "pre.hpp"], cwd=scratch)

    def compile(self, test, source, limit=COMPILE_LIMIT):
        """The exit code and the program."""
        before = [] if test in OWN_EIGEN else ["-include", self.scratch / "pre.hpp"]
        code, output = run([*self.flags, *before, source, self.scratch / "main.o", *self.libraries,
                            "-o", self.scratch / test], limit, cwd=self.scratch)
        return code, output


def survey(folder):
    """For each test its time to compile and to run, the headers it reads and the lines it runs."""
    files = [p for top in ("include", "tests") for p in sorted((ROOT / top).rglob("*.?pp"))]
    files += sorted((ROOT / "include").rglob("*.inl"))
    state = hashlib.sha256(b"".join(p.read_bytes() for p in files)).hexdigest()[:16]
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / f"survey-{state}.json"
    found = json.loads(kept.read_text()) if kept.exists() else {}
    if not set(tests()) - set(found):
        return {test: k for test, k in found.items() if k}
    with tempfile.TemporaryDirectory() as scratch:
        build = Build(pathlib.Path(scratch) / "coverage", "--coverage")
        for test, source in tests().items():
            if test in found:
                continue
            kept.write_text(json.dumps(found))
            found[test] = None  # if it fails by itself
            begin = time.monotonic()
            code, output = build.compile(test, source)
            if code != 0:
                print(f"{test} does not compile and is left out:\n{output[-600:]}", flush=True)
                continue
            compiled = time.monotonic()
            code, output = run([build.scratch / test], 600, cwd=build.scratch)
            if code != 0:
                print(f"{test} fails without a mutant and is left out:\n{output[-600:]}", flush=True)
                continue
            ran = time.monotonic() - compiled
            data = next(iter(build.scratch.glob(f"*{source.stem}.gcda")))
            run(["gcov", "--json-format", data], cwd=build.scratch)
            lines, code_lines = collections.defaultdict(set), collections.defaultdict(set)
            for report in build.scratch.glob("*.gcov.json.gz"):
                for file in json.loads(gzip.decompress(report.read_bytes()))["files"]:
                    name = os.path.relpath(build.scratch / file["file"], build.scratch)
                    if name.startswith("include/nninit"):
                        for line in file["lines"]:
                            code_lines[name].add(line["line_number"])
                            if line["count"] != 0:
                                lines[name].add(line["line_number"])
                report.unlink()
            reads = re.findall(r"include/nninit/[\w/.]+",
                               must([*build.flags, "-MM", source], cwd=build.scratch))
            found[test] = {"compile": compiled - begin, "run": ran, "reads": sorted(set(reads)),
                           "lines": {k: sorted(v) for k, v in lines.items()},
                           "code": {k: sorted(v) for k, v in code_lines.items()}}
            print(f"{test}: compiled in {compiled - begin:.0f} s, ran {ran:.1f} s", flush=True)
            (build.scratch / test).unlink()
    kept.write_text(json.dumps(found))
    return {test: k for test, k in found.items() if k}


def candidates(known, mutant, kills):
    """The tests that may notice, those first that most likely do, and soonest."""
    file, line, stem = mutant["file"], mutant["line"], pathlib.Path(mutant["file"]).stem
    chosen = [t for t, k in known.items() if line in k["lines"].get(file, ())]
    if not chosen and not any(line in k["code"].get(file, ()) for k in known.values()):
        chosen = [t for t, k in known.items() if file in k["reads"]]
    return sorted(chosen, key=lambda t: (-kills[stem, t], t != stem,
                                         known[t]["compile"] + known[t]["run"]))


def verdict(build, known, mutant, kills):
    path = build.scratch / mutant["file"]
    text = path.read_text()
    path.write_text(text[:mutant["start"]] + mutant["new"] + text[mutant["end"]:])
    try:
        for test in candidates(known, mutant, kills):
            code, _ = build.compile(test, tests()[test])
            if code != 0:
                return "does not compile", test
            limit = max(LEAST_RUN_LIMIT, 5 * known[test]["run"])
            code, _ = run([build.scratch / test, "--abort"], limit, cwd=build.scratch)
            if code != 0:
                note(kills, mutant, test)
                return ("timeout" if code is None else "killed"), test
        return "survived", ""
    finally:
        path.write_text(text)


def identity(mutant):
    return mutant["file"], mutant["line"], mutant["column"], mutant["before"], mutant["after"]


def reasons():
    file = ROOT / "tests" / "survivors.txt"
    rows = file.read_text().splitlines() if file.exists() else []
    parts = [[part.strip() for part in row.split(" | ")] for row in rows if not row.startswith("#")]
    return {tuple(part[:3]): part[3] for part in parts if len(part) == 4}


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, help="draw so many (default: all)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, help="begin no mutant after so long")
    parser.add_argument("--only", metavar="FILE[:LINE]")
    parser.add_argument("--list", action="store_true", help="print the mutants and stop")
    parser.add_argument("--retry", action="store_true", help="try the log's survivors again")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--log", type=pathlib.Path, default=ROOT / "build" / "mutants.jsonl")
    options = parser.parse_args()

    mutants = choose(options)
    if options.list:
        for m in mutants:
            print(f"{m['file']}:{m['line']}:{m['column']}: {m['before']}  ->  {m['after']}")
        return print(f"{len(mutants)} mutants")

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    options.log.parent.mkdir(parents=True, exist_ok=True)
    options.log.touch()
    known = survey(options.log.parent)
    begin = time.monotonic()
    done = {identity(m): m for m in map(json.loads, options.log.read_text().splitlines())
            if not (options.retry and m["verdict"] == "survived")}
    waiting = queue.SimpleQueue()
    for m in sorted((m for m in mutants if identity(m) not in done),
                    key=lambda m: hashlib.sha256(repr(identity(m)).encode()).digest()):
        waiting.put(m)  # mixed, so that a stopped run is a sample, too
    kills, lock = collections.Counter(), threading.Lock()
    for m in done.values():
        if m["verdict"] in ("killed", "timeout"):
            note(kills, m, m["test"])

    def work(scratch):
        build = Build(scratch)
        while options.minutes is None or time.monotonic() - begin < 60 * options.minutes:
            try:
                mutant = waiting.get_nowait()
            except queue.Empty:
                return
            started = time.monotonic()
            mutant["verdict"], mutant["test"] = verdict(build, known, mutant, kills)
            mutant["seconds"] = round(time.monotonic() - started, 1)
            with lock, options.log.open("a") as log:
                done[identity(mutant)] = mutant
                log.write(json.dumps(mutant) + "\n")
                print(f"{mutant['verdict']:17}{mutant['test']:15}{mutant['file']}:{mutant['line']} "
                      f"{mutant['seconds']} s", flush=True)

    with tempfile.TemporaryDirectory() as scratch:
        threads = [threading.Thread(target=work, args=[pathlib.Path(scratch) / str(i)], daemon=True)
                   for i in range(options.jobs)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    verdicts = [done[identity(m)] for m in mutants if identity(m) in done]
    count = collections.Counter(m["verdict"] for m in verdicts)
    said, explained = reasons(), 0
    for m in verdicts:
        if m["verdict"] == "survived":
            reason = said.get((m["file"], m["before"], m["after"]))
            explained += reason is not None
            print(f"\n{m['file']}:{m['line']}:{m['column']}\n  - {m['before']}\n  + {m['after']}"
                  f"\n  {reason or 'no reason known'}")
    found = count["killed"] + count["timeout"]
    compiled = found + count["survived"]
    seconds = sorted(m.get("seconds", 0) for m in verdicts) or [0]
    print(f"\n{len(verdicts)} of {len(mutants)} mutants tried, {count['does not compile']} do not "
          f"compile; of {compiled} others {found} are found ({count['timeout']} by their time), "
          f"{100 * found / max(compiled, 1):.1f} %; {count['survived']} survive, {explained} explained; "
          f"median {seconds[len(seconds) // 2]} s")
    if explained < count["survived"]:
        sys.exit("some survive without a reason")


if __name__ == "__main__":
    main()
