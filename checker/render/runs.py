"""A formula as runs of plain characters, raised and lowered: for drawings, whose text knows nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from xml.etree.ElementTree import Element

from checker.render import tex
from checker.render.mathml import converted, text_of, tidy, usable

WIDE = 0.56  # of the letter size: what a character takes on average
SMALLER = 0.7
ACCENTS = {
    "^": "\u0302", "ˆ": "\u0302", "~": "\u0303", "˜": "\u0303", "¯": "\u0304", "‾": "\u0304", "―": "\u0304",
    "_": "\u0304",
    "→": "\u20d7", "˙": "\u0307", "¨": "\u0308", "˘": "\u0306", "ˇ": "\u030c", "´": "\u0301", "`": "\u0300",
    "˚": "\u030a",
}  # fmt: skip
OVER = frozenset(ACCENTS.values())
NARROW = frozenset("ijlt.,;:'′()[]|!1 ")


@dataclass(frozen=True)
class Run:
    """``level``: 0 on the line, 1 raised, -1 lowered."""

    text: str
    level: int = 0
    italic: bool = False


def runs_of(source: str, macros: Iterable[tuple[str, int, str, str | None]] = ()) -> list[Run]:
    shown = tex.maths(tex.spelt_out(source, macros))
    root = converted(shown, False) if shown is not None else None
    if root is None or not all(map(usable, root.iter())):
        return [Run(source)]
    runs = list(joined(runs for element in tidy(list(root)) for runs in walk(element, 0)))
    return [replace(runs[0], text=runs[0].text.lstrip()), *runs[1:]] if runs else [Run(source)]


def joined(runs: Iterable[Run]) -> Iterator[Run]:
    """Neighbours of one kind made one run."""
    last: Run | None = None
    for run in runs:
        if last is not None and (last.level, last.italic) == (run.level, run.italic):
            last = Run(last.text + run.text, run.level, run.italic)
            continue
        if last is not None:
            yield last
        last = run
    if last is not None:
        yield last


def walk(element: Element, level: int) -> Iterator[Run]:
    children = list(element)
    match element.tag:
        case "mi" | "mn" | "mtext":
            yield Run(text_of(element), level, element.tag == "mi" and len(element.text or "") == 1)
        case "mo":
            space = " " if level == 0 and (element.text or "?") in "=+−-⊙" and element.get("form") != "prefix" else ""
            yield Run(f"{space}{text_of(element)}{space}", level)
        case "mspace":
            yield Run(" ", level)
        case "msub" | "munder":
            yield from scripted(children, level, (-1,))
        case "msup" if set((children[1].text or "?") + "".join(e.text or "" for e in children[1])) <= {"′"}:
            yield from (*walk(children[0], level), Run("′", level))
        case "mover" if (children[1].text or "") in ACCENTS:
            yield from accented(list(walk(children[0], level)), ACCENTS[children[1].text or ""])
        case "msup" | "mover":
            yield from scripted(children, level, (1,))
        case "msubsup" | "munderover":
            yield from scripted(children, level, (-1, 1))
        case "mfrac":
            yield from grouped(children[0], level, "+−-/ ")
            yield Run("/", level)
            yield from grouped(children[1], level)
        case "msqrt":
            yield Run("√", level)
            yield from (run for child in children for run in bracketed(walk(child, level), level))
        case _:
            yield from (run for child in children for run in walk(child, level))


def accented(runs: list[Run], accent: str) -> list[Run]:
    """An accent goes above the last letter."""
    return [*runs[:-1], replace(runs[-1], text=runs[-1].text + accent)] if runs else []


def scripted(children: list[Element], level: int, levels: tuple[int, ...]) -> Iterator[Run]:
    yield from walk(children[0], level)
    for child, step in zip(children[1:], levels, strict=False):
        yield from walk(child, level or step)


def grouped(element: Element, level: int, unless: str | None = None) -> Iterator[Run]:
    """In brackets unless it is one thing, or has none of these operators in it."""
    runs = list(walk(element, level))
    on_the_line = [run.text for run in runs if run.level == level]
    simple = len(element) < 2 if unless is None else not any(op in text for text in on_the_line for op in unless)
    return iter(runs) if simple else bracketed(iter(runs), level)


def bracketed(runs: Iterator[Run], level: int) -> Iterator[Run]:
    yield Run("(", level)
    yield from runs
    yield Run(")", level)


def width(runs: Iterable[Run], size: float) -> float:
    return sum(size * (SMALLER if run.level else 1) * sum(map(character_width, run.text)) for run in runs)


def character_width(c: str) -> float:
    return 0.0 if c in OVER else 0.34 if c in NARROW else WIDE
