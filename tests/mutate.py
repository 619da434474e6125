# SPDX-License-Identifier: MIT
"""Breaks the headers on purpose, one place at a time, and asks the unit tests whether they notice.

    python3 tests/mutate.py                           # all places
    python3 tests/mutate.py --count 200 --seed 1      # 200 drawn from all
    python3 tests/mutate.py --minutes 10              # as many as fit
    python3 tests/mutate.py --only fans.hpp:42        # all mutants of a line (or file)
    python3 tests/mutate.py --list                    # only print them

Each mutant changes one token: a number by one (a fraction by a thousandth), a comparison, a sign, a
shift, a bit or logical operation, an index, a boolean; or leaves out a statement. Comments, strings,
preprocessor lines and static_asserts stay, and so does what this machine's compiler does not see; of
the tables, TABLE_SAMPLE numbers are taken. A mutant is killed when a unit test fails or runs for ten
times its usual time; one that does not compile counts for nothing.

All mutants are compiled into the unit tests at once: `a < b` becomes `(on(17) ? a <= b : a < b)`, for
which libclang (Debian's python3-clang) says where the operands begin and end, and the number of the
one that is on is read from the environment. First each test case is run alone, and notes which places
it comes by. A mutant is then tried by these cases, the quickest first, until one fails; those that
take more than LONG_CASE seconds only when all others are through, and not for a mutant whose survival
has a reason. What cannot be written in this way, or is worked out by the compiler alone, is compiled
by itself into three tests, whose quick cases are run, and what survives these into all, eight mutants
at a time: where a test fails, halves of them tell which one it finds. Those that have a reason are
tried by quick cases alone, 32 at a time. In a place that both compiler and program work out, the
program's is changed.

The log (JSON lines) is read at the start: a stopped run goes on where it was. survivors.txt beside
this file says why some survive: a line `= reason`, and behind it the mutants that it is about, as
`file: line`, in which {old -> new} is the change.
"""
import argparse
import collections
import concurrent.futures
import hashlib
import json
import os
import pathlib
import platform
import re
import resource
import shlex
import signal
import shutil
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
OTHER_MACHINES = {"neon.hpp": "aarch64", "avx2.hpp": "x86_64", "avx512.hpp": "x86_64",
                  "x86.inl": "x86_64"}
OWN = {"allocation", "bad_alloc", "failed_allocation", "foreign", "version"}  # programs of their own
COMPILE_LIMIT, LEAST_RUN_LIMIT, LONG_CASE = 600, 3, 1  # seconds
UNOPTIMIZED = 30  # times a case's seconds, after which a test that is not optimized is stopped
JOBS = len(os.sched_getaffinity(0))
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
OPERATOR = re.compile(r"<<=|>>=|[-+*/%&|^=!<>]=|<<|>>|&&|\|\||\+\+|--|[-+*/%&|^<>!~]")
OTHERS = [(re.compile(r"\btrue\b"), "false"), (re.compile(r"\bfalse\b"), "true"),
          (re.compile(r"\+\+"), "--"), (re.compile(r"--"), "++"),
          (re.compile(r"(?<=[(,={\[] )-(?=[\w(])|(?<=[(\[{])-(?=[\w(])|(?<=return )-(?=[\w(])"), ""),
          (re.compile(r"(?<![\w)\]])[!~](?=[\w(:])(?!\w+\(\) \{)"), ""),
          (re.compile(r"(?<=[\w)\]]\[)\w*[A-Za-z_]\w*(?=\])"), r"\g<0> + 1"),
          (re.compile(r"(?<=    )(?!(?:return|using|typedef|friend|throw|template|else|case|do|while"
                      r"|for|if)\b)(?:(?:[\w.:\[\]]|->|\([^;(){}]*\))+ [-+*/%|&^<>]*= (?!default|delete)[^;{}]*;"
                      r"|(?:\w|[.:]|->)+\([^;{}]*\);|(?:\+\+|--)\w+;)(?=\n)"), ";")]

# The size of an array, as its declaration says it: a larger one is no fault.
DECLARED = re.compile(r"^ *(alignas\(\w+\) |const )?(?!return|throw|else)[\w:]+(<.*>)?\*? (\w+\[\w+\], )*\w+\[$")


def changed_numbers(digits, suffix):
    if re.search(r"[.pP]|(?<!x)[eE](?=[+-]?\d+$)", digits) and not re.match(r"0[xX][^.pP]*$", digits):
        zero = not re.search(r"[1-9a-fA-F]", re.sub(r"^0[xX]|[pPeE][+-]?\d+$", "", digits))
        return ["1.0" + suffix] if zero else [f"({digits}{suffix} * 1.001{suffix})"]
    value = int(digits.replace("'", ""), 0) if not re.fullmatch(r"0\d+", digits) else int(digits, 8)
    form = hex if digits[:2] in ("0x", "0X") else str
    return [form(near) + suffix for near in (value + 1, value - 1) if near >= 0]


def mutants_of(path):
    text = path.read_text("latin-1")
    masked = SKIPPED.sub(lambda m: re.sub(r"[^\n]", " ", m.group()), text)
    found = []
    for m in NUMBER.finditer(masked):
        found += [(m.start(), m.end(), new) for new in changed_numbers(*m.groups())]
    for m in BINARY.finditer(masked):
        found += [(m.start(), m.end(), new) for new in SWAPS.get(m.group(), [])]
    for pattern, new in OTHERS:
        found += [(m.start(), m.end(), m.expand(new)) for m in pattern.finditer(masked)
                  if not DECLARED.search(masked[masked.rfind("\n", 0, m.start()) + 1:m.start()])]
    mutants = []
    for start, end, new in sorted(found):
        line_start, line_end = text.rfind("\n", 0, start) + 1, text.find("\n", end)
        mutants.append({"file": str(path.relative_to(ROOT)), "line": text.count("\n", 0, start) + 1,
                        "column": start - line_start + 1, "start": start, "end": end, "new": new,
                        "before": text[line_start:line_end].strip(),
                        "after": (text[line_start:start] + new + text[end:line_end]).strip(),
                        "marked": f"{text[line_start:start]}{{{text[start:end]} -> {new}}}"
                                  f"{text[end:line_end]}"})
    return mutants


def identity(mutant):
    return tuple(mutant[key] for key in ("file", "line", "column", "before", "after"))


def rank(draw):
    """An order that does not change with the lines around a mutant, or with other files."""
    keys = "file", "column", "before", "after"
    return lambda m: hashlib.sha256(repr([draw, *map(m.get, keys)]).encode()).digest()


def all_mutants():
    found = []
    for path in sorted(p for p in (ROOT / "include").rglob("*") if p.suffix in (".hpp", ".inl")):
        if OTHER_MACHINES.get(path.name, platform.machine()) == platform.machine():
            mutants = mutants_of(path)
            found += sorted(mutants, key=rank("table"))[:TABLE_SAMPLE] if path.name in TABLES else mutants
    return found


def choose(mutants, options):
    if options.only:
        name, _, line = options.only.partition(":")
        return [m for m in mutants if m["file"].endswith(name) and line in ("", str(m["line"]))]
    return sorted(mutants, key=rank(options.seed))[:options.count]


def operators(files):
    """The text that each operator and its operands take, as Clang reads it: {file: {offset: range}}."""
    sys.path.append("/usr/lib/python3/dist-packages")
    from clang import cindex

    text = "#include <unsupported/Eigen/CXX11/Tensor>\n" + "".join(
        f"#include <nninit/{p.name}>\n" for p in sorted((ROOT / "include/nninit").glob("*.hpp")))
    unit = cindex.Index.create().parse(
        "all.cpp", ["-std=c++20", f"-I{ROOT}/include", "-isystem", EIGEN],
        unsaved_files=[("all.cpp", text)])
    kinds = cindex.CursorKind
    wanted = {k.value for k in (kinds.BINARY_OPERATOR, kinds.UNARY_OPERATOR, kinds.CALL_EXPR,
                                kinds.COMPOUND_ASSIGNMENT_OPERATOR)}
    texts = {str(ROOT / name): (ROOT / name).read_text("latin-1") for name in files}
    found = {name: {} for name in files}

    def visit(cursor):
        for child in cursor.get_children():
            start, end = child.extent.start, child.extent.end
            path = os.path.normpath(start.file.name) if start.file else ""
            if cursor == unit.cursor and "/nninit/" not in path:
                continue
            if path in texts and child._kind_id in wanted:  # .kind does not know all of them
                text = texts[path]
                ends = [(c.extent.start.offset, c.extent.end.offset) for c in child.get_children()]
                ends = [(s, e) for s, e in ends if not OPERATOR.fullmatch(text[s:e])]
                if len(ends) == 2:  # between its operands
                    at, to = ends[0][1], ends[1][0]
                elif len(ends) == 1:  # before its operand, or behind it
                    at, to = max((start.offset, ends[0][0]), (ends[0][1], end.offset),
                                 key=lambda gap: gap[1] - gap[0])
                else:
                    at = to = 0
                if OPERATOR.fullmatch(text[at:to].strip()):
                    at += len(text[at:to]) - len(text[at:to].lstrip())
                    found[os.path.relpath(path, ROOT)][at] = start.offset, end.offset
            visit(child)

    visit(unit.cursor)
    return found


def classify(mutants, spans, text):
    """Gives each mutant the kind and range of what is written for it; kind None: not in this way."""
    for m in mutants:
        m["kind"], m["range"] = None, (m["start"], m["end"])
        old = text[m["start"]:m["end"]]
        if re.match(r"[\d.]", old) or old in ("true", "false"):
            m["kind"] = "leaf"
        elif m["new"] == ";":
            m["kind"] = "statement"
        elif m["new"].endswith(" + 1"):  # a parameter's bound is none, which is deduced from it
            m["kind"] = None if re.search(r"\(&\w*\)\[$", text[:m["start"]]) else "index"
        elif m["start"] in spans:
            m["range"] = start, end = spans[m["start"]]
            if start == m["start"] or end == m["end"]:
                m["kind"] = "unary"
            elif "..." not in text[start:end]:
                m["kind"] = "logical" if old in ("&&", "||") else "binary"
        if re.search(r"//|/\*|^\s*#", text[slice(*m["range"])], re.M):
            m["kind"] = None


def written(text, mutants):
    """The text with all mutants in it, of which nninit_mutant::on(id) chooses one. It has as many lines."""
    nodes = collections.defaultdict(list)
    for m in mutants:
        nodes[m["range"], m["kind"], m["start"]].append(m)
    nodes = sorted(nodes.items(), key=lambda n: (n[0][0][0], -n[0][0][1], n[0][2]))

    def render(start, end, nodes):
        out, at = "", start
        while nodes:
            (s, e), kind, _ = nodes[0][0]
            inner = [n for n in nodes[1:] if n[0][0][0] < e]
            form = " ".join(one(kind, s, e, nodes[0][1], inner).split("\n"))
            out += text[at:s] + form + "\n" * text.count("\n", s, e)
            at, nodes = e, nodes[1 + len(inner):]
        return out + text[at:end]

    def one(kind, s, e, group, inner):
        m = group[0]
        on, old, new = f"nninit_mutant::on({m['id']})", text[m["start"]:m["end"]], m["new"]
        if kind == "leaf":
            rest = text[s:e]
            for m in group:
                rest = f"(nninit_mutant::on({m['id']}) ? {m['new']} : {rest})"
            return rest
        if kind == "index":
            return f"{text[s:e]} + {on}"
        if kind == "statement":
            return f"{{ if ({on}) ; else {{ {render(s, e, inner)} }} }}"
        left = render(s, m["start"], [n for n in inner if n[0][0][1] <= m["start"]])
        right = render(m["end"], e, [n for n in inner if n[0][0][0] >= m["end"]])
        if kind == "unary":
            return f"({on} ? ({left}{new}{right}) : ({left}{old}{right}))"
        if old == "&&":
            return f"(bool({left}) != {on} ? bool({right}) : {on})"
        if old == "||":
            return f"(bool({left}) == {on} ? bool({right}) : !{on})"
        return f"({on} ? ({left}) {new} ({right}) : ({left}) {old} ({right}))"

    return render(0, len(text), nodes)


SWITCH = """
#include <cstdio>
#include <cstdlib>
#include <type_traits>
namespace nninit_mutant {
struct State {
    unsigned active = std::getenv("MUTANT") ? std::atoi(std::getenv("MUTANT")) : 0;
    unsigned char reached[COUNT] = {};
    ~State() {
        const char* name = std::getenv("REACHED");
        std::FILE* file = name ? std::fopen(name, "w") : nullptr;
        if (!file) return;
        for (unsigned i = 0; i < COUNT; ++i)
            if (reached[i]) std::fprintf(file, "%u\\n", i);
        std::fclose(file);
    }
};
inline State state;
constexpr bool on(unsigned id) {
    if (std::is_constant_evaluated()) return false;
    state.reached[id] = 1;
    return state.active == id;
}
}
"""


def run(command, limit=None, **environment):
    """The exit code and the output, or None and the output after the limit."""
    process = subprocess.Popen([str(word) for word in command], start_new_session=True, text=True,
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT, errors="replace",
                               env={**os.environ, **environment})
    try:
        output, _ = process.communicate(timeout=limit)
        return process.returncode, output
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        return None, process.communicate()[0]


def must(command):
    code, output = run(command)
    if code != 0:
        raise RuntimeError(f"fails without any mutant: {' '.join(map(str, command))}\n{output[-3000:]}")
    return output


class Build:
    """A copy of include/ and the programs of the unit tests."""

    def __init__(self, folder, *flags):
        self.folder, self.include = folder, folder / "include"
        folder.mkdir(parents=True)
        version = re.search(r"project\(nninit VERSION (\S+)", (ROOT / "CMakeLists.txt").read_text())[1]
        shutil.copytree(ROOT / "include", self.include)
        self.flags = [*CXX, "-std=c++20", "-w", f'-DPROJECT_VERSION="{version}"', *flags, "-I", self.include,
                      "-I", ROOT / "tests", "-isystem", EIGEN, "-pthread"]
        tests = {p.name.removesuffix(".test.cpp"): p for p in sorted((ROOT / "tests").glob("*.test.cpp"))}
        self.sources = {name: path for name, path in tests.items() if name in OWN}
        together = [name for name in tests if name not in OWN]
        for i in range(2):
            names = together[i::2]
            includes = dict.fromkeys(line for name in names for line in tests[name].read_text().splitlines()
                                     if line.startswith("#include"))
            self.sources[f"unit_{i}"] = folder / f"unit_{i}.cpp"
            self.sources[f"unit_{i}"].write_text("\n".join(includes) + "".join(
                f'\nnamespace {name}_test {{\n#include "{tests[name]}"\n}}' for name in names) + "\n")
        self.tests = tests
        (folder / "main.cpp").write_text(
            "#if __has_include(<catch2/catch_all.hpp>)\n#else\n#define CATCH_CONFIG_MAIN\n"
            "#include <catch2/catch.hpp>\n#endif\n")
        must([*CXX, "-std=c++20", "-w", "-c", folder / "main.cpp", "-o", folder / "main.o"])
        self.libraries = [] if "main" in must(["nm", folder / "main.o"]) else ["-lCatch2Main", "-lCatch2"]

    def compile(self, source, program):
        return run([*self.flags, source, self.folder / "main.o", *self.libraries, "-o",
                    self.folder / program], COMPILE_LIMIT)


def seen_lines(build):
    """The lines of the headers that the compiler sees after preprocessing."""
    seen, file, line = collections.defaultdict(set), "", 0
    for source in build.sources.values():
        for row in must([*build.flags, "-E", source]).split("\n"):
            if m := re.match(r'# (\d+) "(.*?)"', row):
                line, file = int(m[1]), os.path.relpath(m[2], build.folder)
                continue
            if row.strip():
                seen[file].add(line)
            line += 1
    return seen


def compile_together(folder, texts, mutants):
    """Compiles the unit tests with all mutants in them that can be; returns the build and these."""
    spans = operators(texts)
    for name, text in texts.items():
        classify([m for m in mutants if m["file"] == name], spans[name], text)
    inside = [m for m in mutants if m["kind"]]
    for number, m in enumerate(inside, 1):
        m["id"] = number
    build = Build(folder)
    (folder / "switch.hpp").write_text(SWITCH.replace("COUNT", str(len(inside) + 1)))
    build.flags += ["-include", folder / "switch.hpp", "-fmax-errors=0"]

    def errors(kind, programs):
        """The places that do not compile, and the programs that do not."""
        places, wrong = set(), []
        for name, text in texts.items():
            (folder / name).write_text(written(text, [m for m in inside if m["file"] == name]), "latin-1")
        with concurrent.futures.ThreadPoolExecutor(JOBS) as pool:
            outcomes = list(pool.map(lambda p: run([*build.flags, "-O0", "-fsyntax-only",
                                                    build.sources[p]]), programs))
        for program, (code, output) in zip(programs, outcomes):
            if "internal compiler error" in output:
                print(f"{program} is left out: {output[output.index('internal compiler'):][:100]}")
                del build.sources[program]
            elif code != 0:
                found = re.findall(rf"^(\S*?include/nninit/[^\s:]+):(\d+):\d+: {kind}:", output, re.M)
                if not found:
                    raise RuntimeError(output[:5000])
                places |= {(os.path.relpath(p, folder), int(n)) for p, n in found}
                wrong.append(program)
        return places, wrong

    kind, known, programs = "error", set(), list(build.sources)
    while programs:
        places, programs = errors(kind, programs)
        blamed = []
        for file, line in places:
            text = texts[file]
            here = [m for m in inside if m["file"] == file and text.count("\n", 0, m["range"][0])
                    < line <= text.count("\n", 0, m["range"][1]) + 1]
            operations = [m for m in here if m["kind"] not in ("leaf", "index")]
            blamed += operations if operations and (file, line) not in known else here
        known |= places
        for m in blamed:
            m["kind"] = None
        inside = [m for m in inside if m["kind"]]
        print(f"{len(places)} lines do not compile with their mutants; {len(inside)} are left", flush=True)
        if programs and not blamed and kind == "note":
            raise RuntimeError(f"no mutant is to blame for the errors at {places}")
        kind = "error" if blamed else "note"
    build.flags += ["-O1"]
    with concurrent.futures.ThreadPoolExecutor(JOBS) as pool:
        for code, output in pool.map(lambda s: build.compile(s[1], s[0]), build.sources.items()):
            if code != 0:
                raise RuntimeError(output[-3000:])
    return build, inside


def cases_of(build):
    """Each test case: program, name, seconds, and the mutants whose place it comes by."""
    cases = []
    for program in build.sources:
        listed = run([build.folder / program, "--list-test-names-only"])[1].splitlines()
        for name in filter(None, map(str.strip, listed)):
            pattern = re.sub(r"([\\,\[])", r"\\\1", name)
            (build.folder / "reached").unlink(missing_ok=True)
            begin = time.monotonic()
            code, output = run([build.folder / program, pattern], REACHED=str(build.folder / "reached"))
            seconds = time.monotonic() - begin
            if code != 0 or "1 test case" not in output:
                print(f"left out, as it fails without a mutant: {program}, {name}\n{output[-500:]}")
                continue
            reached = set(map(int, (build.folder / "reached").read_text().split()))
            cases.append({"program": str(build.folder / program), "name": name, "pattern": pattern,
                          "seconds": seconds, "reached": reached})
    return cases


def together(folder, texts, mutants):
    """The programs with all mutants in them, and their test cases; kept in the folder as they are."""
    sources = [p for top in ("include", "tests") for p in sorted((ROOT / top).rglob("*.?pp"))]
    state = hashlib.sha256(b"".join(p.read_bytes() for p in [*sources, pathlib.Path(__file__)])).hexdigest()
    kept = folder / "kept.json"
    if kept.exists() and (found := json.loads(kept.read_text()))["state"] == state:
        for case in found["cases"]:
            case["reached"] = {tuple(place): id for *place, id in case["reached"]}
        return found["cases"]
    shutil.rmtree(folder, ignore_errors=True)
    build, inside = compile_together(folder, texts, mutants)
    places = {m["id"]: identity(m) for m in inside}
    cases = cases_of(build)
    kept.write_text(json.dumps({"state": state, "cases": [
        case | {"reached": [(*places[id], id) for id in case["reached"]]} for case in cases]}))
    for case in cases:
        case["reached"] = {places[id]: id for id in case["reached"]}
    print(f"{len(mutants)} mutants, {len(inside)} of them in one program, {len(cases)} test cases",
          flush=True)
    return cases


def test_texts():
    return {p.name.removesuffix(".test.cpp"): p.read_text() for p in (ROOT / "tests").glob("*.test.cpp")}


def has_case(text, name):
    return f'"{name}"' in text


class Alone:
    """Compiles mutants: one into its header's test and those that kill most, eight into all tests."""

    def __init__(self, folder, texts, cases):
        self.build, self.texts = Build(folder, "-O0"), texts
        self.seconds = collections.defaultdict(lambda: 1)  # that each test took last
        self.quick = collections.defaultdict(list)  # the patterns of a test's, or a program's, quick cases
        self.limit = collections.defaultdict(lambda: LEAST_RUN_LIMIT)
        sources = test_texts()
        for case in cases:
            names, quick = {pathlib.Path(case["program"]).name}, case["seconds"] <= LONG_CASE
            if quick:
                names |= {test for test, text in sources.items() if has_case(text, case["name"])}
            for name in names:
                self.limit[name] += UNOPTIMIZED * case["seconds"]
                if quick:
                    self.quick[name].append(case["pattern"])
        (folder / "pre.hpp").write_text(f'#include <Eigen/Dense>\n#include "{ROOT}/tests/catch.hpp"\n')
        must([*self.build.flags, "-x", "c++-header", folder / "pre.hpp"])

    def few(self, mutant, kills):
        """Tries the tests that find most in the same header for their seconds, and then in all."""
        stem = pathlib.Path(mutant["file"]).stem
        names = [name for name in self.build.tests if name not in OWN]
        first = sorted(names, key=lambda t: (-kills[stem, t] / self.seconds[t], t != stem, -kills["", t]))[:3]
        sources = {name: self.build.tests[name] for name in first}
        verdict, test = self.verdict([mutant], sources, ["-include", self.build.folder / "pre.hpp"], self.quick)
        if verdict in ("killed", "timeout"):
            kills.update([(stem, test), ("", test)])
        return verdict, test

    def all(self, mutants, quick):
        """Of each, its verdict and the test that gave it."""
        verdicts = []
        for name, source in (self.build.tests if quick else self.build.sources).items():
            cases = {name: self.quick[name] if quick else []}
            if quick and not cases[name]:
                continue
            header = ["-include", self.build.folder / "pre.hpp"] if name not in OWN else []
            found = self.failing(mutants, {name: source}, header if quick else ["-O1"], cases)
            mutants = [m for m in mutants if m not in [mutant for mutant, *_ in found]]
            verdicts += found
        return verdicts + [(m, "survived", "") for m in mutants]

    def failing(self, mutants, source, extra, cases):
        """Those that a test finds: where it fails with all of them, halves tell which."""
        verdict = self.verdict(mutants, source, extra, cases) if mutants else ("survived", "")
        if verdict[0] == "survived":
            return []
        if len(mutants) == 1:
            return [(mutants[0], *verdict)]
        half = len(mutants) // 2
        return [found for part in (mutants[:half], mutants[half:])
                for found in self.failing(part, source, extra, cases)]

    def verdict(self, mutants, sources, extra, cases):
        changed = {m["file"]: self.texts[m["file"]] for m in mutants}
        for m in sorted(mutants, key=lambda m: -m["start"]):
            text = changed[m["file"]]
            changed[m["file"]] = text[:m["start"]] + m["new"] + text[m["end"]:]
        flags = list(self.build.flags)
        self.build.flags += extra
        try:
            for name, text in changed.items():
                (self.build.folder / name).write_text(text, "latin-1")
            for test, source in sources.items():
                begin = time.monotonic()
                code, _ = self.build.compile(source, test)
                if code != 0:
                    return "does not compile", test
                code, _ = run([self.build.folder / test, ",".join(cases.get(test, [])), "--abort"],
                              self.limit[test])
                self.seconds[test] = time.monotonic() - begin
                if code != 0:
                    return ("timeout" if code is None else "killed"), test
            return "survived", ""
        finally:
            self.build.flags = flags
            for name in changed:
                (self.build.folder / name).write_text(self.texts[name], "latin-1")


def kills_of(done):
    """How many mutants of a header (and of all, "") each test has found, whose cases the log names."""
    texts = test_texts()
    found = collections.Counter((pathlib.Path(m["file"]).stem, m["test"])
                                for m in done if m["verdict"] in ("killed", "timeout"))
    kills = collections.Counter()
    for (stem, case), n in found.items():
        for test, text in texts.items():
            if test == case or has_case(text, case):
                kills[stem, test] += n
                kills["", test] += n
    return kills


def groups_of(mutants, most):
    """So many at most, whose texts do not overlap."""
    groups = []
    for m in mutants:
        fitting = (group for group in groups if len(group) < most and all(
            m["file"] != o["file"] or m["end"] <= o["start"] or o["end"] <= m["start"] for o in group))
        group = next(fitting, None)
        if group is None:
            groups.append(group := [])
        group.append(m)
    return groups


def try_together(mutant, cases, kills):
    """By these cases: the verdict and the case that gave it."""
    stem, place = pathlib.Path(mutant["file"]).stem, identity(mutant)
    for case in sorted((c for c in cases if place in c["reached"]),
                       key=lambda c: c["seconds"] / (1 + kills[stem, c["name"]])):
        code, _ = run([case["program"], case["pattern"]],
                      max(LEAST_RUN_LIMIT, 10 * case["seconds"]), MUTANT=str(case["reached"][place]))
        if code != 0:
            kills[stem, case["name"]] += 1
            return ("timeout" if code is None else "killed"), case["name"]
    return "survived", ""


def reasons():
    file, said, reason = ROOT / "tests" / "survivors.txt", {}, ""
    for row in file.read_text().splitlines() if file.exists() else []:
        if row.startswith("= "):
            reason = row[2:]
        elif row and not row.startswith("#"):
            said[row] = reason
    return said


def reason_of(mutant, said):
    return said.get(" ".join(f"{mutant['file']}: {mutant['marked']}".split()))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, help="how many mutants to draw (default: all)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, help="begin no mutant after so long")
    parser.add_argument("--only", help="all mutants of a file, or of a line as file:line")
    parser.add_argument("--list", action="store_true", help="print the mutants and stop")
    parser.add_argument("--retry", action="store_true", help="try the log's survivors again")
    parser.add_argument("--jobs", type=int, default=JOBS)
    parser.add_argument("--log", type=pathlib.Path, default=ROOT / "build" / "mutants.jsonl")
    options = parser.parse_args()

    mutants = all_mutants()
    texts = {name: (ROOT / name).read_text("latin-1") for name in {m["file"] for m in mutants}}
    with tempfile.TemporaryDirectory() as scratch:
        seen = seen_lines(Build(pathlib.Path(scratch) / "plain"))
    every = [m for m in mutants if m["line"] in seen[m["file"]]]
    mutants = choose(every, options)
    if options.list:
        for m in mutants:
            print(f"{m['file']}:{m['line']}:{m['column']}: {m['before']}  ->  {m['after']}")
        return print(f"{len(mutants)} mutants")
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    options.log.parent.mkdir(parents=True, exist_ok=True)
    options.log.touch()
    begin = time.monotonic()
    records = list(map(json.loads, options.log.read_text().splitlines()))
    undecided = {identity(m) for m in records if m["verdict"] == "undecided"}
    done = {identity(m): m for m in records if m["verdict"] != "undecided"
            and not (options.retry and m["verdict"] == "survived")}
    lock, kills = threading.Lock(), collections.Counter()

    def finish(mutant, verdict, test, started):
        kept = {key: mutant[key] for key in ("file", "line", "column", "before", "after")}
        kept |= {"verdict": verdict, "test": test, "seconds": round(time.monotonic() - started, 1)}
        with lock, options.log.open("a") as log:
            if verdict != "undecided":
                done[identity(mutant)] = kept
            log.write(json.dumps(kept) + "\n")
            print(f"{verdict:17}{test[:40]:42}{mutant['file']}:{mutant['line']} {kept['seconds']} s",
                  flush=True)

    def in_parallel(work, waiting, last=True):
        """Returns those that survive; if this try is not the last, they are undecided in the log."""
        survivors = [] if last else [m for m in waiting if identity(m) in undecided]
        waiting = iter([m for m in waiting if last or identity(m) not in undecided])

        def go(worker):
            while options.minutes is None or time.monotonic() - begin < 60 * options.minutes:
                with lock:
                    item = next(waiting, None)
                if item is None:
                    return
                started = time.monotonic()
                for mutant, verdict, test in work(worker, item):
                    if verdict == "survived":
                        survivors.append(mutant)
                        verdict = "survived" if last else "undecided"
                    finish(mutant, verdict, test, started)

        with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
            list(pool.map(go, range(options.jobs)))
        return survivors

    left = sorted((m for m in mutants if identity(m) not in done), key=rank("order"))
    if left:
        cases = together(options.log.parent / "mutants", texts, every)
        reached = set().union(*(case["reached"] for case in cases))
        quick = [case for case in cases if case["seconds"] <= LONG_CASE]
        long = [case for case in cases if case["seconds"] > LONG_CASE]
        said = reasons()
        survivors = in_parallel(lambda _, m: [(m, *try_together(m, quick, kills))],
                                [m for m in left if identity(m) in reached], last=False)
        in_parallel(lambda _, m: [(m, "survived", "") if reason_of(m, said) else
                                  (m, *try_together(m, long, kills))], survivors)
        with tempfile.TemporaryDirectory() as scratch:
            alone = [Alone(pathlib.Path(scratch) / str(i), texts, cases) for i in range(options.jobs)]
            by_test = kills_of(done.values())
            apart = [m for m in left if identity(m) not in reached]
            known = [m for m in apart if reason_of(m, said)]
            survivors = in_parallel(lambda i, m: [(m, *alone[i].few(m, by_test))],
                                    [m for m in apart if not reason_of(m, said)], last=False)
            in_parallel(lambda i, group: alone[i].all(group, True), groups_of(known, 32))
            in_parallel(lambda i, group: alone[i].all(group, False), groups_of(survivors, 8))

    tried = [m for m in mutants if identity(m) in done]
    count = collections.Counter(done[identity(m)]["verdict"] for m in tried)
    said, explained = reasons(), 0
    for m in tried:
        if done[identity(m)]["verdict"] == "survived":
            reason = reason_of(m, said)
            explained += reason is not None
            print(f"\n{m['file']}:{m['line']}:{m['column']}\n  - {m['before']}\n  + {m['after']}"
                  f"\n  {reason or 'no reason known'}")
        elif reason_of(m, said) and done[identity(m)]["verdict"] in ("killed", "timeout"):
            print(f"\n{m['file']}:{m['line']}: found, though its text has a reason: {m['marked']}")
    found = count["killed"] + count["timeout"]
    compiled = found + count["survived"]
    now = sum(identity(m) in done for m in left)
    print(f"\n{len(tried)} of {len(mutants)} mutants tried ({now} in this run), {count['does not compile']} "
          f"do not compile; of {compiled} others {found} are found ({count['timeout']} by their time), "
          f"{100 * found / max(compiled, 1):.1f} %; {count['survived']} survive, {explained} explained")
    if explained < count["survived"]:
        sys.exit("some survive without a reason")


if __name__ == "__main__":
    main()
