# SPDX-License-Identifier: MIT
# names.py include: every name that the headers write in front of a parenthesis or of template
# arguments, one a line: what the library may call as a free function.
import pathlib
import re
import sys

keywords = set("""alignas alignof and asm auto bool break case catch char class concept const
consteval constexpr constinit continue decltype default defined delete do double else enum explicit
export extern false float for friend goto if inline int long mutable namespace new noexcept not
operator or private protected public register requires return short signed sizeof static
static_assert static_cast reinterpret_cast const_cast struct switch template this throw true try
typedef typeid typename union unsigned using virtual void volatile while xor __attribute__ __asm__
defined pragma error __has_builtin __has_include __has_feature __has_attribute __typeof__ _Pragma
main assert""".split())
names = set()
for path in pathlib.Path(sys.argv[1]).rglob("*"):
    if path.suffix not in (".hpp", ".inl", ".h", ".inc"):
        continue
    text = re.sub(r"//[^\n]*|/\*.*?\*/", "", path.read_text(), flags=re.S)
    text = re.sub(r'"(\\.|[^"\\\n])*"|^\s*#[^\n]*(\\\n[^\n]*)*', "", text, flags=re.M)
    names |= set(re.findall(r"\b([a-z_][A-Za-z0-9_]*)\s*[(<]", text))
for name in sorted(names - keywords):
    # Not the compiler's own, nor the reserved ones.
    if not name.startswith("_") and not name.startswith("EIGEN"):
        print(name)
