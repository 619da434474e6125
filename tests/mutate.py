# SPDX-License-Identifier: MIT
"""Breaks the headers on purpose, one place at a time, and asks the unit tests whether they notice.

    python3 tests/mutate.py --count 200 --seed 1      # 200 places drawn from all
    python3 tests/mutate.py --only fans.hpp:42        # all mutants of a line (or file)
    python3 tests/mutate.py --list                    # only print them

Each mutant changes one token: a number by one (a fraction by a thousandth), a comparison, a sign, a
shift, a bit or logical operation, an index, a boolean. Comments, strings, preprocessor lines and
static_asserts stay; of the tables, TABLE_SAMPLE numbers are taken. A mutant is killed when a unit
test fails or runs for RUN_LIMIT (all of them take 15 seconds); one that does not compile counts for
nothing.

The tests take minutes to compile, so the mutants are first compiled together, each behind a switch
that an environment variable turns on. A mutant that has no switch there (see Together), or that no
test reaches at run time, is then compiled alone. --retry compiles the survivors alone as well, as
constant expressions do not see the switch.

The log (JSON lines) is read at the start: a stopped run goes on where it was.
"""
import argparse
import collections
import contextlib
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

ROOT = pathlib.Path(__file__).resolve().parent.parent
TABLES = {"quantile_table.hpp"}
TABLE_SAMPLE = 20
OTHER_MACHINES = {"lanes_neon.hpp": "aarch64"}  # not compiled elsewhere: no test could notice
COMPILE_LIMIT, RUN_LIMIT = 300, 60  # seconds
MEMORY_LIMIT = 8 << 30  # bytes, for each process
# What a mutant is behind its switch: pick<7>(3, 4) for a number, `a + Plus<7>{} + b` for an operator,
# which keeps the precedence of the original. A constant expression sees the original.
SWITCH = """
#ifndef NNINIT_SWITCH
#define NNINIT_SWITCH
#include <cstdio>
#include <cstdlib>
#include <type_traits>
namespace nninit_switch {
inline const char* const named = std::getenv("NNINIT_MUTANT");
inline const int chosen = named != nullptr ? std::atoi(named) : -1;
inline bool reached = false;
inline struct Report { ~Report() { if (reached) std::fputs("\\nREACHED\\n", stderr); } } report;
// Inline, as a function for another instruction set passes vectors in another way.
#define NNINIT_INLINE [[gnu::always_inline]] constexpr
template <int id> bool live() { return (id == chosen) && (reached = true); }
template <int id> constexpr bool on() { return !std::is_constant_evaluated() && live<id>(); }
template <int id, class T> constexpr T pick(T a, T b) { return on<id>() ? b : a; }
template <int id> struct Minus_ {};
template <int id, class T> NNINIT_INLINE auto operator*(Minus_<id>, const T& x) {
    if (on<id>()) return decltype(-x)(x);
    return -x;
}
template <int id> struct Not_ {};
template <int id, class T> NNINIT_INLINE bool operator==(Not_<id>, const T& x) {
    return on<id>() ? bool(x) : !x;
}
#define NNINIT_SWITCHED(Name, op, other)                                                       \\
    template <int id> struct Name {};                                                          \\
    template <int id, class A> struct Name##Of { const A& a; };                                \\
    template <int id, class A> NNINIT_INLINE auto operator op(const A& a, Name<id>) {          \\
        return Name##Of<id, A>{a};                                                             \\
    }                                                                                          \\
    template <int id, class A, class B>                                                        \\
    NNINIT_INLINE auto operator op(Name##Of<id, A> l, const B& b) {                            \\
        if (on<id>()) return decltype(l.a op b)(l.a other b);                                  \\
        return l.a op b;                                                                       \\
    }
SWITCHES
}
#endif
"""
NAMES = {"<": "Less", "<=": "LessEqual", ">": "Greater", ">=": "GreaterEqual", "==": "Equal",
         "!=": "Unequal", "+": "Plus", "-": "Minus", "*": "Times", "/": "Over", "%": "Modulo",
         "<<": "Left", ">>": "Right", "&": "And", "|": "Or", "^": "Xor"}

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


def run(command, limit, **variables):
    """The exit code and the output, or None and the output after the limit."""
    process = subprocess.Popen(command, env=os.environ | variables, start_new_session=True,
                               text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                               errors="replace")
    try:
        output, _ = process.communicate(timeout=limit)
        return process.returncode, output
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGTERM)
        return None, process.communicate()[0]


def note(kills, mutant, test):
    kills.update([(pathlib.Path(mutant["file"]).stem, test), ("", test)])


class Tree:
    """A copy of the tree with its own build."""

    def __init__(self, scratch):
        self.tree, self.build, self.known = scratch / "tree", scratch / "build", {}
        shutil.copytree(ROOT, self.tree, ignore=shutil.ignore_patterns("build*", ".git"))

    def configure(self, flags):
        generator = ["-G", "Ninja"] if shutil.which("ninja") else []
        self.must(["cmake", "-S", self.tree, "-B", self.build, *generator, "-DNNINIT_EXAMPLES=OFF",
                   "-DCMAKE_CXX_FLAGS=" + flags])

    def order(self, mutant, kills):
        """The tests, those first that have killed most in this file, then in all."""
        stem = pathlib.Path(mutant["file"]).stem
        return sorted(self.commands(), key=lambda t: (-kills[stem, t], t != stem, -kills["", t]))

    def attempt(self, test, mutant, kills, **variables):
        """What a test says of a mutant (or None), and its output."""
        abort = ["--abort"] if test != "independence" else []
        code, output = run(self.commands()[test] + abort, RUN_LIMIT, **variables)
        if code != 0:
            note(kills, mutant, test)
        return ("timeout" if code is None else "killed" if code != 0 else None), output

    def commands(self):
        """The unit tests; what runs one is told only once it is built."""
        if not self.known or None in self.known.values():
            output = self.must(["ctest", "--test-dir", self.build, "-L", "unit", "--show-only=json-v1"])
            self.known = {test["name"]: test.get("command") for test in json.loads(output)["tests"]}
        return self.known

    def must(self, command):
        code, output = run(command, None)
        if code != 0:
            raise RuntimeError(f"fails without any mutant: {' '.join(map(str, command))}\n"
                               + output[-3000:])
        return output


class Alone(Tree):
    """Compiles one mutant after another, until a test fails."""

    def __init__(self, scratch):
        super().__init__(scratch)
        self.configure("-O1")

    def verdict(self, mutant, kills):
        path = self.tree / mutant["file"]
        text = path.read_text()
        path.write_text(text[:mutant["start"]] + mutant["new"] + text[mutant["end"]:])
        try:
            for test in self.order(mutant, kills):
                code, _ = run(["cmake", "--build", self.build, "--target", "test_" + test],
                              COMPILE_LIMIT)
                if code != 0:
                    return "does not compile", test
                verdict, _ = self.attempt(test, mutant, kills)
                if verdict:
                    return verdict, test
            return "survived", ""
        finally:
            path.write_text(text)


def switched(text, mutant, id):
    """What stands for the mutant's token `text` where it can be switched on, or None."""
    new, scope = mutant["new"], "::nninit_switch::"
    if re.match(r"[\w.(:]", text):
        return f"{scope}pick<{id}>({text}, {new})"
    if new == "":
        return {"-": f"{scope}Minus_<{id}>{{}} * ", "!": f"{scope}Not_<{id}>{{}} == "}.get(text)
    return f"{text} {scope}{NAMES[text]}<{id}>{{}} {text}" if text in NAMES else None


def ids_in(text):
    return {int(id) for id in re.findall(r"nninit_switch::\w+<(\d+)", text)}


class Together(Tree):
    """All mutants in one build, each behind a switch; but not && and || (the switch would evaluate
    both sides), what assigns, and what stands where the compiler takes no switch.
    """

    def __init__(self, scratch, mutants):
        super().__init__(scratch)
        self.mutants, self.without = mutants, set()  # numbers of those that have no switch
        header = self.tree / "include" / "nninit" / "mutant_switch.hpp"
        header.write_text(SWITCH.replace("SWITCHES", "\n".join(
            f"NNINIT_SWITCHED({name}, {op}, {SWAPS[op][0]})" for op, name in NAMES.items())))
        flags = "-O1 -w -Wno-narrowing -fpermissive"
        self.configure(flags)
        self.configure(flags + " -fsyntax-only")  # now that the compiler has passed CMake's check
        while True:
            self.write()
            refused = self.refused(self.compile()[1])
            if not refused:
                break
            self.without |= refused
            print(f"{len(self.without)} without a switch", flush=True)
        self.configure(flags)
        code, output = self.compile()
        if code != 0:
            raise RuntimeError("the switches do not compile:\n" + output[-3000:])
        for command in self.commands().values():
            self.must(command)

    def compile(self):
        go_on = ["-k0"] if shutil.which("ninja") else ["-k"]
        tests = ["test_" + name for name in self.commands()]
        return run(["cmake", "--build", self.build, "--parallel", str(os.cpu_count()),
                    "--target", *tests, "--", *go_on], None)

    def write(self):
        """The headers with the switches."""
        self.switched = {}
        files = {str(p.relative_to(ROOT)): [] for p in (ROOT / "include").rglob("*.hpp")}
        for id, m in enumerate(self.mutants):
            if id not in self.without:
                files.setdefault(m["file"], []).append((id, m))
        for file, inside in files.items():
            text = (ROOT / file).read_text()
            spans = {}
            for id, m in inside:
                span = m["start"], m["end"]
                code = switched(spans.get(span, text[slice(*span)]), m, id)
                if code:
                    spans[span] = code
                    self.switched[id] = m
            for (start, end), code in sorted(spans.items(), reverse=True):
                text = text[:start] + code + text[end:]
            if file.endswith(".hpp"):
                text = "#include <nninit/mutant_switch.hpp>\n#line 1\n" + text
            if file.endswith("several.inl"):  # what no target's code is inlined in may call it
                text = text.replace("[[gnu::always_inline]]", "")
            path = self.tree / file
            if path.read_text() != text:
                path.write_text(text)

    def refused(self, output):
        """The switches that the compiler's errors name, or those in the lines that they name."""
        wrong, context = set(), []
        for row in output.splitlines():
            if "In instantiation" in row or "In substitution" in row:
                context = []
            context.append(row)
            if "error: " in row and "include/nninit" in row:
                ids = ids_in("\n".join(context)) & set(self.switched)
                wrong |= ids or self.innermost([row, *context])
                context = []
        # An error may name them only in its notes.
        return wrong or ids_in(output if "error: " in output else "") & set(self.switched)

    def innermost(self, rows):
        for row in rows:
            if place := re.search(r"(include/nninit/[\w/]+\.(?:hpp|inl)):(\d+)", row):
                here = {id for id, m in self.switched.items()
                        if (m["file"], m["line"]) == (place[1], int(place[2]))}
                if here:
                    return here
        return set()

    def verdict(self, id, kills):
        """Also says whether a test reached the mutant."""
        mutant, reached = self.switched[id], False
        for test in self.order(mutant, kills):
            verdict, output = self.attempt(test, mutant, kills, NNINIT_MUTANT=str(id))
            if verdict:
                return verdict, test, True
            reached = reached or "REACHED" in output
        return "survived", "", reached


def identity(mutant):
    return mutant["file"], mutant["line"], mutant["column"], mutant["before"], mutant["after"]


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, help="draw so many (default: all)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", metavar="FILE[:LINE]")
    parser.add_argument("--list", action="store_true", help="print the mutants and stop")
    parser.add_argument("--alone", action="store_true", help="without the build of all together")
    parser.add_argument("--retry", action="store_true", help="try the log's survivors again, alone")
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
    waiting = [m for m in mutants if identity(m) not in done]
    kills, lock = collections.Counter(), threading.Lock()
    for m in done.values():
        if m["verdict"] in ("killed", "timeout"):
            note(kills, m, m["test"])

    def conclude(mutant, verdict, test):
        mutant["verdict"], mutant["test"] = verdict, test
        with lock, options.log.open("a") as log:
            done[identity(mutant)] = mutant
            log.write(json.dumps(mutant) + "\n")
            print(f"{verdict:17}{test:15}{mutant['file']}:{mutant['line']}", flush=True)

    def share(work, items):
        """work(i, items) in each of the threads i, which take the items from one queue."""
        rest = queue.SimpleQueue()
        for item in items:
            rest.put(item)
        threads = [threading.Thread(target=work, args=[i, rest], daemon=True)
                   for i in range(options.jobs)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def switch(_, ids):
        with contextlib.suppress(queue.Empty):
            while True:
                id = ids.get_nowait()
                verdict, test, reached = together.verdict(id, kills)
                if reached:
                    conclude(together.switched[id], verdict, test)

    def compile_alone(i, alone):
        tree = Alone(pathlib.Path(scratch) / str(i))
        with contextlib.suppress(queue.Empty):
            while True:
                mutant = alone.get_nowait()
                conclude(mutant, *tree.verdict(mutant, kills))

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    with tempfile.TemporaryDirectory() as scratch:
        if waiting and not (options.alone or options.retry):
            together = Together(pathlib.Path(scratch) / "together", waiting)
            share(switch, together.switched)
        alone = [m for m in waiting if identity(m) not in done]
        if alone:
            print(f"{len(alone)} to compile alone", flush=True)
            share(compile_alone, alone)

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
