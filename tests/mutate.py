# SPDX-License-Identifier: MIT
"""Breaks the headers on purpose, one place at a time, and asks the unit tests whether they notice.

    python3 tests/mutate.py --count 200 --seed 1      # 200 places drawn from all
    python3 tests/mutate.py --only fans.hpp:42        # all mutants of a line (or file)
    python3 tests/mutate.py --list                    # only print them

Each mutant changes one token: a number by one (a fraction by a thousandth), a comparison, a sign, a
shift, a bit or logical operation, an index, a boolean. Comments, strings, preprocessor lines and
static_asserts stay; of the tables, TABLE_SAMPLE numbers are taken. A mutant is killed when a unit
test fails or outlasts ten times its usual run; one that does not compile counts for nothing. The
log (JSON lines) is read at the start: a stopped run goes on where it was.
"""
import argparse
import hashlib
import json
import os
import pathlib
import platform
import queue
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
TABLES = {"quantile_table.hpp"}
TABLE_SAMPLE = 20
OTHER_MACHINES = {"lanes_neon.hpp": "aarch64"}  # not compiled elsewhere: no test could notice
COMPILE_LIMIT = 300  # seconds
MEMORY_LIMIT = 8 << 30  # bytes, for each process
# Not in the project itself: it would hide an #include that a test lacks.
PRECOMPILED = """
target_precompile_headers(include_all PRIVATE <Eigen/Dense> catch.hpp)
get_property(tests DIRECTORY PROPERTY BUILDSYSTEM_TARGETS)
list(FILTER tests INCLUDE REGEX ^test_)
list(REMOVE_ITEM tests test_allocation test_independence) # compiled with flags of their own
foreach(test IN LISTS tests)
  target_precompile_headers(${test} REUSE_FROM include_all)
endforeach()
"""

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
          (re.compile(r"(?<=[\w)\]]\[)\w*[A-Za-z_]\w*(?=\])"), r"\g<0> + 1")]


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


def run(command, limit, cwd=None):
    """The exit code and the output, or None and the output after the limit."""
    process = subprocess.Popen(command, cwd=cwd, start_new_session=True, text=True,
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT, errors="replace")
    try:
        output, _ = process.communicate(timeout=limit)
        return process.returncode, output
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGTERM)
        return None, process.communicate()[0]


class Worker:
    """A copy of the tree with its own build."""

    def __init__(self, scratch):
        self.tree, self.build = scratch / "tree", scratch / "build"
        shutil.copytree(ROOT, self.tree, ignore=shutil.ignore_patterns("build*", ".git"))
        generator = ["-G", "Ninja"] if shutil.which("ninja") else []
        with (self.tree / "tests" / "CMakeLists.txt").open("a") as lists:
            lists.write(PRECOMPILED)
        self.must(["cmake", "-S", self.tree, "-B", self.build, *generator, "-DNNINIT_EXAMPLES=OFF",
                   "-DCMAKE_CXX_FLAGS=-O1"])
        # A test's command is told only once it is built.
        self.tests = {name: 0 for name, _ in self.listed()}  # name: seconds
        for name in self.tests:
            self.must(self.building(name))
        self.commands = dict(self.listed())
        for name, command in self.commands.items():
            started = time.monotonic()
            self.must(command)
            self.tests[name] = time.monotonic() - started

    def listed(self):
        output = self.must(["ctest", "--test-dir", self.build, "-L", "unit", "--show-only=json-v1"])
        return [(test["name"], test.get("command")) for test in json.loads(output)["tests"]]

    def must(self, command):
        code, output = run(command, None)
        if code != 0:
            raise RuntimeError(f"fails without any mutant: {' '.join(map(str, command))}\n"
                               + output[-3000:])
        return output

    def building(self, test):
        return ["cmake", "--build", self.build, "--target", "test_" + test]

    def verdict(self, mutant, kills):
        path = self.tree / mutant["file"]
        text = path.read_text()
        path.write_text(text[:mutant["start"]] + mutant["new"] + text[mutant["end"]:])
        stem = path.stem
        try:
            for test in sorted(self.tests, key=lambda t: (t != stem, -kills.get((stem, t), 0),
                                                          self.tests[t])):
                code, _ = run(self.building(test), COMPILE_LIMIT)
                if code != 0:
                    return "does not compile", test
                abort = ["--abort"] if test != "independence" else []
                code, _ = run(self.commands[test] + abort, 10 * self.tests[test] + 5)
                if code != 0:
                    kills[stem, test] = kills.get((stem, test), 0) + 1
                    return "killed" if code is not None else "timeout", test
            return "survived", ""
        finally:
            path.write_text(text)


def identity(mutant):
    return mutant["file"], mutant["line"], mutant["column"], mutant["before"], mutant["after"]


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, help="draw so many (default: all)")
    parser.add_argument("--seed", type=int, default=1)
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

    options.log.parent.mkdir(parents=True, exist_ok=True)
    options.log.touch()
    done = {identity(m): m for m in map(json.loads, options.log.read_text().splitlines())
            if not (options.retry and m["verdict"] == "survived")}
    waiting, kills, lock = queue.SimpleQueue(), {}, threading.Lock()
    for m in mutants:
        if identity(m) not in done:
            waiting.put(m)

    def work(scratch):
        worker = Worker(pathlib.Path(scratch))
        while True:
            try:
                mutant = waiting.get_nowait()
            except queue.Empty:
                return
            mutant["verdict"], mutant["test"] = worker.verdict(mutant, kills)
            with lock, options.log.open("a") as log:
                done[identity(mutant)] = mutant
                log.write(json.dumps(mutant) + "\n")
                print(f"{mutant['verdict']:17}{mutant['test']:15}{mutant['file']}:{mutant['line']}"
                      f"  {waiting.qsize()} left", flush=True)

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    if not waiting.empty():
        with tempfile.TemporaryDirectory() as scratch:
            threads = [threading.Thread(target=work, args=[f"{scratch}/{i}"], daemon=True)
                       for i in range(options.jobs)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()

    verdicts = [done[identity(m)] for m in mutants if identity(m) in done]
    for verdict in ("killed", "timeout", "does not compile", "survived"):
        print(f"{verdict}: {sum(m['verdict'] == verdict for m in verdicts)}")
    for m in verdicts:
        if m["verdict"] == "survived":
            print(f"\n{m['file']}:{m['line']}:{m['column']}\n  - {m['before']}\n  + {m['after']}")
    if len(verdicts) < len(mutants):
        sys.exit(f"{len(mutants) - len(verdicts)} were not tried")


if __name__ == "__main__":
    main()
