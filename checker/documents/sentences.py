"""Pieces to sentences.

A sentence ends at ``.``, ``!``, ``?`` (not in abbreviations, numbers or formulas), at a heading, at the end of its
paragraph, or at a display that ends with a period.  A display belongs to the sentence that introduces it,
also over a blank line, if that sentence has no final punctuation and ends in words or in a condition; the sentence goes
on behind the display unless the words there begin with a capital.

Comments stand in the sentence they touch: the one before them; or the one after them, when a blank line parts
them from the former and none from the latter, or when they stand on lines of their own between a finished
sentence and a display right below.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from checker.documents.cases import CONDITION_WORD, is_comparison
from checker.documents.formulas import asks_for_more, continues_chain, ends_sentence, leaves_chain_open
from checker.documents.model import Formula, Heading, Problem
from checker.documents.pieces import Break, Note, Piece, Stretch

Part = Stretch | Formula
Aside = Note | Problem


@dataclass(frozen=True)
class Sentence:
    """``asides``: the comments and problems in it, each with the number of parts before it."""

    parts: tuple[Part, ...]
    asides: tuple[tuple[int, Aside], ...] = ()


@dataclass
class _Draft:
    parts: list[Part] = field(default_factory=list)
    asides: list[tuple[int, Aside]] = field(default_factory=list)
    ended: bool = False  # final punctuation was seen
    broken: bool = False  # a paragraph ended since the last part
    parted: bool = False  # by more than a blank line

    def last(self) -> Part | None:
        """The last part that is not white space."""
        for part in reversed(self.parts):
            if isinstance(part, Formula) or part.text.strip():
                return part
        return None

    def sentence(self) -> Sentence:
        return Sentence(tuple(self.parts), tuple(self.asides))


def split_sentences(pieces: tuple[Piece, ...]) -> Iterator[Sentence | Heading]:
    splitter = _Splitter()
    for piece in pieces:
        yield from splitter.take(piece)
    yield from splitter.finish()


class _Splitter:
    def __init__(self) -> None:
        self.draft = _Draft()
        self.waiting: list[Aside] = []  # perhaps of the next sentence

    def take(self, piece: Piece) -> Iterator[Sentence | Heading]:
        match piece:
            case Stretch():
                for stretch, ends in _split_stretch(piece):
                    yield from self._words(stretch, ends)
            case Formula():
                yield from self._formula(piece)
            case Break():
                self._settle_waiting()
                self.draft.broken = True
                self.draft.parted = self.draft.parted or piece.hard
            case Note() | Problem():
                self._aside(piece)
            case Heading():
                yield from self.finish()
                yield piece

    def finish(self) -> Iterator[Sentence]:
        self._settle_waiting()
        yield from self._close()

    def _close(self) -> Iterator[Sentence]:
        if self.draft.parts or self.draft.asides:
            yield self.draft.sentence()
        self.draft = _Draft()
        self.draft.asides = [(0, aside) for aside in self.waiting]
        self.waiting = []

    # Comments

    def _aside(self, aside: Aside) -> None:
        draft = self.draft
        if draft.parts and (draft.broken or self.waiting or self._stands_apart(aside)):
            self.waiting.append(aside)
        else:
            draft.asides.append((len(draft.parts), aside))

    def _stands_apart(self, aside: Aside) -> bool:
        last = self.draft.last()
        after_display = isinstance(last, Formula) and last.display
        return self.draft.ended and not after_display and isinstance(aside, Note) and aside.own_line

    def _settle_waiting(self) -> None:
        """Comments with a blank line on both sides belong to what stands before them."""
        if self.waiting:
            self.draft.asides += [(len(self.draft.parts), aside) for aside in self.waiting]
            self.waiting = []

    # Formulas

    def _formula(self, formula: Formula) -> Iterator[Sentence]:
        if not self._goes_on_with(formula):
            if not self.draft.broken and not formula.display:
                self._settle_waiting()
            yield from self._close()
        self._settle_waiting()
        self.draft.parts.append(formula)
        self.draft.broken = self.draft.parted = False
        self.draft.ended = formula.display and ends_sentence(formula.text)

    def _goes_on_with(self, formula: Formula) -> bool:
        draft = self.draft
        last = draft.last()
        if last is None or draft.ended:
            return not draft.ended and not draft.broken
        if isinstance(last, Formula) and last.display:
            if formula.display and (continues_chain(formula.text) or leaves_chain_open(last.text)):
                return True
            return asks_for_more(last.text) and (formula.display or not draft.broken)
        if not draft.broken:
            return True
        return formula.display and (isinstance(last, Stretch) or self._ends_in_a_condition(last))

    def _ends_in_a_condition(self, last: Formula) -> bool:
        before = [part for part in self.draft.parts if part is not last][-1:]
        words = before[0].text if before and isinstance(before[0], Stretch) else ""
        return is_comparison(last.text) and CONDITION_WORD.search(words) is not None

    # Words

    def _words(self, words: Stretch, ends: bool) -> Iterator[Sentence]:
        if not words.text.strip():
            if self.draft.parts and not self.draft.ended:
                self.draft.parts.append(words)
            return
        if not self._goes_on_with_words(words.text.lstrip()):
            if not self.draft.broken:
                self._settle_waiting()
            yield from self._close()
        self._settle_waiting()
        self.draft.parts.append(words if self.draft.parts else words.trimmed_left())
        self.draft.broken = self.draft.parted = False
        self.draft.ended = ends

    def _goes_on_with_words(self, words: str) -> bool:
        draft = self.draft
        last = draft.last()
        if draft.ended:
            return words in _CLOSING
        if last is None:
            return not draft.broken
        if isinstance(last, Formula) and last.display:
            caseless = words[0].isalpha() and not words[0].islower() and not words.startswith(_WHERE)
            return not (words[0].isupper() or draft.parted or (draft.broken and (words[0] in "([" or caseless)))
        if draft.broken:
            return False
        inside = isinstance(last, Formula) and last.text.endswith(".") and words[0].isupper()
        return not inside


_WHERE = ("其中", "ここで", "여기서")  # in scripts without capitals, only these go on behind a blank line
_CLOSING = frozenset(".,;)")
_STOP = re.compile(r"[.!?][)\]\"'”’»]*(?=\s|\Z)|[。！？]")
_LONGEST_ABBREVIATION = 12
_ABBREVIATION = re.compile(
    r"(?:\A|[\s(\[~–—-])(?:e\.g|i\.e|i\.i\.d|w\.r\.t|w\.l\.o\.g|a\.k\.a|s\.t|cf|eqs?|eqns?|figs?|secs?|ch|chap|thms?|lem|defs?"
    r"|cor|props?|refs?|nos?|pp?|vs|resp|approx|incl|viz|al|dr|prof|st|vol|ex|tab|app|wrt|esp|etc)\.\Z",
    re.IGNORECASE,
)
_LOWER_OPENING = re.compile(
    r"(?:let|given|define|denote|where|with|suppose|assume|consider|here|then|hence|thus|so|therefore|we have|to show"
    r"|show that)\b"
)


def _split_stretch(stretch: Stretch) -> Iterator[tuple[Stretch, bool]]:
    """The parts of a run of prose that belong to different sentences, and whether each ends its sentence."""
    text = stretch.text
    start, first = 0, len(text) - len(text.lstrip())
    for match in _STOP.finditer(text):
        if match.start() <= first or _is_stop(text, match):  # right behind a formula it is no abbreviation
            yield stretch.cut(start, match.end()), True
            start = match.end()
    if start < len(text):
        yield stretch.cut(start, len(text)), False


def _is_stop(text: str, match: re.Match[str]) -> bool:
    if match[0][0] != ".":
        return True
    if text[match.start() - 1 : match.start()] == ".":  # an ellipsis
        return False
    before = text[max(0, match.start() - _LONGEST_ABBREVIATION) : match.start() + 1]
    following = text[match.end() : match.end() + 20].lstrip()
    if _ABBREVIATION.search(before):
        return before.endswith("etc.") and following[:1].isupper()
    return not following[:1].islower() or bool(_LOWER_OPENING.match(following))
