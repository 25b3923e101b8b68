"""One slip made in a true formula: text in, text out, on purpose without the checker's own parser.

Every mutator yields (kind, start, end, text): ``text`` in place of ``start``..``end``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

Mutant = tuple[str, int, int, str]
Mutator = Callable[[str], Iterator[Mutant]]

NAME = r"(?:\\(?:alpha|beta|gamma|delta|theta|lambda|mu|nu|phi|hat\{\w\}|bar\{\w\})|[A-Za-z])"
SCRIPT = r"(?:_(?:\{[^{}]*\}|\w)|\^\{\(\w\)\})"
ATOM = re.compile(rf"(?<![\\A-Za-z{{_^])(?P<atom>{NAME}{SCRIPT}+|{NAME})(?![A-Za-z_^(\\]|\s*\()")


def signs(text: str) -> Iterator[Mutant]:
    for found in re.finditer(r"(?<=[\w})\]] )[+-](?= )", text):
        yield "sign", found.start(), found.end(), "-" if found[0] == "+" else "+"
    if text.startswith("-"):
        yield "sign", 0, 1, ""
    elif not re.search(r" [+-] ", text) and "\\begin" not in text:
        yield "sign", 0, 0, "-"


def numbers(text: str) -> Iterator[Mutant]:
    for found in re.finditer(r"\\frac\{1\}\{(?:\w|2)\} |(?<![\w{(^_.\\}=])2 ", text):
        yield "factor", found.start(), found.end(), ""
    if not re.search(r" [+-] |\\begin", text) and not text.startswith("-"):
        yield "factor", 0, 0, "2 "


def transposes(text: str) -> Iterator[Mutant]:
    for found in re.finditer(r"\^\\top|\^\{-\\top\}|\^T\b", text):
        yield "transpose", found.start(), found.end(), "^{-1}" if "-" in found[0] else ""
    for found in re.finditer(r"(?<![\\A-Za-z{_])[A-Z](?= [A-Z(a-z]| *$|\))", text):
        yield "transpose", found.end(), found.end(), "^\\top"


def orders(text: str) -> Iterator[Mutant]:
    for found in re.finditer(
        r"(?<![\\A-Za-z_^{])([A-Z](?:\^\\top|\^\{-1\})?) ([A-Z](?:\^\\top|\^\{-1\})?)(?![_\w^])", text
    ):
        yield "order", found.start(), found.end(), f"{found[2]} {found[1]}"


def indices(text: str) -> Iterator[Mutant]:
    for found in re.finditer(r"_\{([a-z])([a-z])\}", text):
        if found[1] != found[2]:
            yield "index", found.start(), found.end(), f"_{{{found[2]}{found[1]}}}"
    letters = sorted({x for s in re.findall(r"_\{?([a-z]{1,2})\}?(?!\w)", text) for x in s})
    for found in re.finditer(r"(?<=[A-Za-z}])_([a-z])(?![\w{])", text):
        for other in letters:
            if other != found[1]:
                yield "index", found.start(1), found.end(1), other


def derivatives(text: str) -> Iterator[Mutant]:
    for found in re.finditer(r"(?<=[a-z])'(?=\()", text):
        yield "derivative", found.start(), found.end(), ""
    for found in re.finditer(r"\\(sin|cos)(?=[ (])", text):
        yield "derivative", found.start(), found.end(), "\\cos" if found[1] == "sin" else "\\sin"


def factors(text: str) -> Iterator[Mutant]:
    atoms = list(ATOM.finditer(text))
    for found in atoms:
        before, after = text[: found.start()].rstrip()[-1:], text[found.end() :].lstrip()[:1]
        if (before in ")}" or before.isalnum()) and before and (after in ")}+-" or not after):
            yield "missing-factor", found.start(), found.end(), ""
        yield "extra-factor", found.end(), found.end(), f" {found[0]}"


def terms(text: str) -> Iterator[Mutant]:
    cuts = list(top_level(text))
    if not cuts or text.startswith("\\begin"):
        return
    ends = [*cuts[1:], len(text)]
    for start, end in zip(cuts, ends, strict=True):
        yield "missing-term", start, end, ""


def top_level(text: str) -> Iterator[int]:
    """Places of + and - outside of all brackets."""
    depth = 0
    for n, c in enumerate(text):
        depth += (c in "({[") - (c in ")}]")
        if depth == 0 and text[n : n + 3] in (" + ", " - ") and "\\sum" not in text[:n]:
            yield n


def powers(text: str) -> Iterator[Mutant]:
    for found in re.finditer(r"(?<=[\w})])\^2(?!\d)", text):
        yield "power", found.start(), found.end(), ""
        yield "power", found.start(), found.end(), "^3"


def sums(text: str) -> Iterator[Mutant]:
    for found in re.finditer(r"\\sum_\{[^{}]*\}(?:\^(?:\{[^{}]*\}|\w))? ?", text):
        yield "missing-sum", found.start(), found.end(), ""
    for found in re.finditer(r"(?<=\\sum_\{\w=)1(?=\})", text):
        yield "range", found.start(), found.end(), "2"


def labels(text: str) -> Iterator[Mutant]:
    for found in re.finditer(r"(?<=\^\{\()([1-9])(?=\)\})", text):
        yield "label", found.start(), found.end(), str(int(found[0]) + 1)
        yield "label", found.start(), found.end(), str(int(found[0]) - 1)


def complements(text: str) -> Iterator[Mutant]:
    for found in re.finditer(r"\(1 - ([^()+\- ]+)\)", text):
        yield "one-minus", found.start(), found.end(), found[1]


def arguments(text: str) -> Iterator[Mutant]:
    for found in re.finditer(r"(?<=e\^\{)-", text):
        yield "argument", found.start(), found.end(), ""
    for found in re.finditer(r"(?<=e\^\{)(?=[a-z])", text):
        yield "argument", found.start(), found.end(), "-"


MUTATORS: tuple[Mutator, ...] = (
    signs,
    numbers,
    transposes,
    orders,
    indices,
    derivatives,
    factors,
    terms,
    powers,
    sums,
    labels,
    complements,
    arguments,
)


def mutants(text: str) -> Iterator[Mutant]:
    for mutator in MUTATORS:
        yield from mutator(text)


def applied(text: str, mutant: Mutant) -> str:
    _, start, end, new = mutant
    return (text[:start] + new + text[end:]).strip()
