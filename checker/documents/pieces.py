"""What the two readers make of a file, and the sentences are made from: a flat row of pieces.

A ``Stretch`` is text taken from the file in one or more runs (line prefixes and markup left out) that
still knows where each of its characters stands.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from checker.documents.model import Formula, Heading, Macro, Problem, Words


class Stretch(NamedTuple):
    """``places[k]`` is the place in the file of ``text[marks[k]]``; between marks both count on together."""

    text: str
    marks: tuple[int, ...]
    places: tuple[int, ...]

    @classmethod
    def of(cls, runs: list[tuple[int, str]]) -> Stretch:
        if len(runs) == 1:
            return cls(runs[0][1], (0,), (runs[0][0],))
        marks: list[int] = []
        places: list[int] = []
        length = 0
        for place, text in runs:
            if not text:
                continue
            if not marks or place != places[-1] + length - marks[-1]:
                marks.append(length)
                places.append(place)
            length += len(text)
        return cls("".join(text for _, text in runs), tuple(marks), tuple(places))

    def place(self, position: int) -> int:
        """The place of ``text[position]``; for the end, one past the last character."""
        if len(self.marks) == 1:
            return self.places[0] + position
        if position >= len(self.text):
            return self.place(len(self.text) - 1) + 1
        run = bisect_right(self.marks, position) - 1
        return self.places[run] + position - self.marks[run]

    def runs(self) -> Iterator[tuple[int, str]]:
        ends = (*self.marks[1:], len(self.text))
        for mark, place, end in zip(self.marks, self.places, ends, strict=True):
            yield place, self.text[mark:end]

    def cut(self, start: int, end: int) -> Stretch:
        if start == 0 and end == len(self.text):
            return self
        if len(self.marks) == 1:
            return Stretch(self.text[start:end], self.marks, (self.places[0] + start,))
        first = bisect_right(self.marks, start) - 1
        last = bisect_right(self.marks, max(start, end - 1))
        marks = tuple(max(0, mark - start) for mark in self.marks[first:last])
        places = tuple(self.place(start + mark) for mark in marks)
        return Stretch(self.text[start:end], marks, places)

    def trimmed_left(self) -> Stretch:
        return self.cut(len(self.text) - len(self.text.lstrip()), len(self.text))

    def trimmed(self) -> Stretch:
        left = len(self.text) - len(self.text.lstrip())
        return self.cut(left, max(left, len(self.text.rstrip())))

    def words(self) -> Words:
        return Words(self.text, self.place(0))

    def offsets(self) -> tuple[int, ...] | range:
        """The places of all characters and of the end, as ``Formula`` wants them."""
        if len(self.marks) == 1:
            return range(self.places[0], self.places[0] + len(self.text) + 1)
        places = [place + i for place, run in self.runs() for i in range(len(run))]
        return (*places, places[-1] + 1)


@dataclass(frozen=True)
class Note:
    """The inside of a comment that begins with ``checker:``, ``expect:`` or ``id:``; ``start`` is the comment's.

    ``own_line``: nothing stands before it on its line.
    """

    body: Stretch
    start: int
    own_line: bool


@dataclass(frozen=True)
class Break:
    """The end of a paragraph; a hard one is more than a blank line: a list item, a rule, a code block, a table cell."""

    hard: bool = False


Piece = Stretch | Formula | Note | Break | Heading | Problem


@dataclass(frozen=True)
class Scan:
    """A whole file in pieces.  ``title`` is the one stated outside the headings, or empty."""

    pieces: tuple[Piece, ...]
    macros: tuple[Macro, ...]
    title: str
