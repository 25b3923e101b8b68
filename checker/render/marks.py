"""The symbol and the colour of every verdict; the word always stands beside them."""

from __future__ import annotations

from dataclasses import dataclass

from checker.results import Line, Verdict
from checker.tally import fails


@dataclass(frozen=True)
class Mark:
    symbol: str
    ascii: str
    colour: str


MARKS = {
    Verdict.PROVED: Mark("✓", "+", "green"),
    Verdict.TESTED: Mark("≈", "~", "yellow"),
    Verdict.WRONG: Mark("✗", "x", "red"),
    Verdict.CARRIED: Mark("↳", ">", "magenta"),
    Verdict.UNDECIDED: Mark("?", "?", "yellow"),
    Verdict.UNREADABLE: Mark("!", "!", "yellow"),
}
DEFINITION = Mark("≔", ":", "cyan")
ASIDE = Mark("·", "-", "dim")
UNEXPECTED = "bold red"
AS_EXPECTED = "dim"


@dataclass(frozen=True)
class Theme:
    """What the output can show: ``unicode`` if its encoding has our symbols."""

    unicode: bool = True

    def symbol(self, mark: Mark) -> str:
        return mark.symbol if self.unicode else mark.ascii

    @property
    def bar(self) -> str:
        return "│" if self.unicode else "|"

    @property
    def ellipsis(self) -> str:
        return "…" if self.unicode else "..."

    @property
    def dot(self) -> str:
        return "·" if self.unicode else "-"


def mark_of(line: Line) -> Mark:
    return MARKS[line.judgement.verdict] if line.judgement is not None else DEFINITION


def style_of(line: Line, strict: bool) -> str:
    """Red shouts only where something is not as expected; a stated *wrong* is calm."""
    if fails(line, strict):
        return UNEXPECTED
    if line.judgement is not None and line.expected is not None and line.judgement.verdict is not Verdict.PROVED:
        return "cyan"
    return mark_of(line).colour
