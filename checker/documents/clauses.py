"""A sentence cut into clauses: what declares, what claims, what only tells."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from checker.documents.cases import CONDITION_BEHIND, CONDITION_WORD, is_comparison
from checker.documents.formulas import top_relations
from checker.documents.model import Formula
from checker.documents.pieces import Stretch
from checker.documents.sentences import Part

_DECLARING = re.compile(
    r"(let|given|define|denote|where|with(?!\s+respect)|suppose|assume|consider|here)\b", re.IGNORECASE
)
_CLAIMING = re.compile(r"(then|hence|thus|so(?!\s+that)|therefore|we\s+have|to\s+show|show\s+that)\b", re.IGNORECASE)


@dataclass
class Clause:
    """``role`` is declare, claim or prose; ``parts`` carry their number in the sentence.

    ``limits`` are the inline formulas that only say when or why, by number, with the word that says so:
    *for* $i \\ne j$, *since* $a = b$.
    ``inner``: the clause stands inside a sentence of another role.
    """

    role: str
    opening: str
    start: int
    parts: list[tuple[int, Part]] = field(default_factory=list)
    limits: dict[int, str] = field(default_factory=dict)
    inner: bool = False

    def has_formula(self) -> bool:
        return any(isinstance(part, Formula) for _, part in self.parts)


def split_clauses(parts: tuple[Part, ...]) -> tuple[Clause, ...]:
    return _Splitter(parts).split()


def only_tells(parts: tuple[Part, ...]) -> bool:
    """Is the whole sentence prose?  True of most, and quickly seen: no display, no opening, no *let*."""
    words = [part.text for part in parts if isinstance(part, Stretch)]
    if any(isinstance(part, Formula) and part.display for part in parts) or any("let" in text for text in words):
        return False
    return not (parts and isinstance(parts[0], Stretch)) or _opening(parts[0].text).role == "prose"


# The first word

_LEADING = re.compile(r"[\W_]*(?:\(?(?:[a-z]|[ivx]{1,4}|\d{1,3})[.)]\s+|[A-Z][a-z]+(?:\s+[\d.]+)?:\s+(?=[A-Z]))?")
_LET_US = re.compile(r"let(?:\s+us|['’]s|\s+me)\b\s*", re.IGNORECASE)
_ADVERB = re.compile(
    r"(?:now|next|also|further|furthermore|moreover|finally|again|first|second|secondly|and|but|similarly|likewise|"
    r"additionally|in addition|for simplicity|as before|as usual|we)\b,?\s*",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class _Opening:
    role: str
    word: str = ""
    start: int = 0
    end: int = 0


def _opening(text: str) -> _Opening:
    """How a sentence begins: *Now let*, *We define*, *Let us assume* declare; *Let us compute* only tells."""
    leading = _LEADING.match(text)
    position = leading.end() if leading else 0
    while True:
        if match := _CLAIMING.match(text, position):
            return _Opening("claim", match[1].lower(), match.start(), match.end())
        if match := _LET_US.match(text, position) or _ADVERB.match(text, position):
            position = match.end()
        elif match := _DECLARING.match(text, position):
            return _Opening("declare", match[1].lower(), match.start(), match.end())
        else:
            return _Opening("prose")


# Where one clause ends and another begins

_CLAIM_INSIDE = re.compile(
    r"(?:[,;:—–]\s*(?:and\s+|but\s+)?|(?P<bare>\A\s*))(?P<word>then|hence|thus|therefore|so(?!\s+that))\b"
    r"|\b(?P<have>we\s+have)\b",
    re.IGNORECASE,
)
_DECLARATION_INSIDE = re.compile(
    r"(?<![\w-])(?P<let>let)\b(?!\s+(?:us|me)\b|['’]s)|(?:[,;(—–]\s*|--\s*|(?P<bare>\A\s*))(?P<word>where|with(?!\s+respect))\b",
    re.IGNORECASE,
)
# A display after these openings is claimed, not declared, when the words before it say so: *Given $x$, the output is*.
_PREPOSITIONS = frozenset(("given", "with", "where", "here", "consider"))
_TURNS_TO_CLAIM = re.compile(
    r",\s*(?!(?:and|or|let|with|where|which|that|for|say)\b)\w|\bwe\s+(?:get|obtain|find|see|compute|arrive|can|may)\b",
    re.IGNORECASE,
)
_LIMIT = re.compile(
    r"\b((?:for\s+)?(?:all|each|every|any|some)(?:\s+[a-z]+)?|for|if|when|whenever|unless|provided(?:\s+that)?|"
    r"since|because|as|using|from|at|given|in|of|via|into|where|with|(?<!given )by)\s*\Z",
    re.IGNORECASE,
)
# What may follow a condition with a comma or *and* alone and be one as well: $j = 2$, but not $a_{ij} = 0$.
_CONDITION_SHAPED = re.compile(
    r"\s*\\?[A-Za-z]+\s*(?:\Z|[,=<>]|\\(?:ne|neq|le|leq|leqslant|ge|geq|geqslant|lt|gt|in)\b)"
)
_LONGEST_LIMIT = 40
# *except for*, *not only if*, *… and for*: the word keeps what stands before it, and the claim cannot be read with it.
_RESERVATION = re.compile(
    r"\b((?:not|except|excluding|even|either|or|whether|nor)(?:\s+(?:only|also|just))?)\s*\Z", re.IGNORECASE
)
_ANOTHER_LIMIT = re.compile(r"\s*[,;]?\s*(and|as well as)\s+(?:also\s+)?\Z", re.IGNORECASE)
_WORD = re.compile(r"\w")
_JOINT = re.compile(r"\s*[,;]?\s*(and|or)?\s*\Z", re.IGNORECASE)


_FOR_WHAT = re.compile(r"[\W_]*for(?:\s+(?:all|each|every|any))?(?:\s+[a-z]+)?\s*\Z", re.IGNORECASE)


def _says_for_what(clause: Clause) -> bool:
    """*For* $l = 1, \\dots, L$, before *let*: for what is declared then."""
    parts = [part for _, part in clause.parts]
    if clause.role == "declare" or not clause.has_formula() or not isinstance(parts[0], Stretch):
        return False
    words = [part.text for part in parts if isinstance(part, Stretch)]
    return _FOR_WHAT.match(words[0]) is not None and all(_JOINT.match(text) for text in words[1:])


class _Splitter:
    def __init__(self, parts: tuple[Part, ...]) -> None:
        self.parts = parts
        self.has_display = any(isinstance(part, Formula) and part.display for part in parts)
        self.last_formula = max((n for n, part in enumerate(parts) if isinstance(part, Formula)), default=-1)
        self.clauses: list[Clause] = []
        self.outer = "prose"  # the role to go back to after an inner declaration

    def split(self) -> tuple[Clause, ...]:
        for number, part in enumerate(self.parts):
            if isinstance(part, Formula):
                self._formula(number, part)
            else:
                self._words(number, part)
        return tuple(clause for clause in self.clauses if clause.parts or clause.role == "declare")

    def _begin(self, role: str, opening: str, start: int, inner: bool = False) -> None:
        self.clauses.append(Clause(role, opening, start, inner=inner))

    def _add(self, number: int, part: Part) -> None:
        if not self.clauses:
            self._begin("prose", "", part.start if isinstance(part, Formula) else part.place(0))
        if isinstance(part, Formula) or part.text:
            self.clauses[-1].parts.append((number, part))

    # Words

    def _words(self, number: int, words: Stretch) -> None:
        self._say_behind(number, words)
        position = 0
        if not self.clauses and words.text.strip():
            position = self._open(words)
        while position < len(words.text):
            position = self._up_to_next_clause(number, words, position)

    def _say_behind(self, number: int, words: Stretch) -> None:
        """In some languages the word that makes a condition stands behind it."""
        before = self.parts[number - 1] if number > 0 else None
        if not isinstance(before, Formula) or before.display or not self.clauses:
            return
        if CONDITION_BEHIND.match(words.text) and is_comparison(before.text):
            self.clauses[-1].limits.setdefault(number - 1, "if")

    def _open(self, words: Stretch) -> int:
        """The sentence's first clause; returns where its words begin (a declaration's opening is left out)."""
        opening = _opening(words.text)
        self._begin(opening.role, opening.word, words.place(opening.start))
        self.outer = "claim" if opening.role == "claim" else "prose"
        return opening.end if opening.role == "declare" else 0

    def _up_to_next_clause(self, number: int, words: Stretch, position: int) -> int:
        end = len(words.text)
        if not self.clauses:
            self._add(number, words.cut(position, end))
            return end
        switch = self._switch(number, words.text, position)
        if switch is None:
            self._add(number, words.cut(position, end))
            return end
        role, word, start, after = switch
        if position < start:
            self._add(number, words.cut(position, start))
        before = self.clauses[-1]
        self._begin(role, word, words.place(start), inner=True)
        if role == "declare" and _says_for_what(before):
            self.clauses[-1].parts, before.parts = before.parts, []
        if role == "claim":
            self.outer = "claim"
            self._add(number, words.cut(start, after))
        return after

    def _switch(self, number: int, text: str, position: int) -> tuple[str, str, int, int] | None:
        """The next place where the words go over to another role: role, opening, start, end of the opening."""
        declaring = self.clauses[-1].role == "declare"
        after_formula = number > 0 and isinstance(self.parts[number - 1], Formula)
        for match in (_CLAIM_INSIDE if declaring else _DECLARATION_INSIDE).finditer(text, position):
            if match["bare"] is not None and not after_formula:
                continue
            if declaring and match["have"] and not self.clauses[-1].has_formula():  # suppose we have …
                continue
            name = next(name for name in ("word", "have", "let") if name in match.re.groupindex and match[name])
            if declaring:
                return "claim", match[name].lower(), match.start(name), match.end(name)
            if self._declares(match[name].lower(), number, text, match.end(name)):
                return "declare", match[name].lower(), match.start(name), match.end(name)
        return None

    def _declares(self, word: str, number: int, text: str, end: int) -> bool:
        """*let* always; *where* and *with* beside a claim or a display, *with* only before a relation."""
        if word == "let":
            return True
        if number > self.last_formula or not (self.has_display or self.outer == "claim"):
            return False
        following = next(n for n, part in enumerate(self.parts[number:], number) if isinstance(part, Formula))
        formula = self.parts[following]
        assert isinstance(formula, Formula)
        if word == "with" and formula.display:  # *with* $$…$$, but not *with equal indices* $$…$$
            return not _WORD.search(text, end) and following == number + 1
        return word == "where" or top_relations(formula.text).any

    # Formulas

    def _formula(self, number: int, formula: Formula) -> None:
        if self.clauses and self.clauses[-1].role == "declare" and formula.display:
            self._end_declaration_before(self.clauses[-1])
        self._add(number, formula)
        clause = self.clauses[-1]
        if clause.role != "declare" and not formula.display and (word := self._limit(clause)):
            clause.limits[number] = word

    def _end_declaration_before(self, clause: Clause) -> None:
        """A display goes to a clause of its own when the words before it turn to a claim."""
        if clause.opening not in _PREPOSITIONS:
            return
        kept = len(clause.parts)
        while kept > 0 and isinstance(clause.parts[kept - 1][1], Stretch):
            kept -= 1
        words = clause.parts[kept:]
        text = "".join(part.text for _, part in words if isinstance(part, Stretch))
        if not _TURNS_TO_CLAIM.search(text):
            return
        if kept == 0:  # nothing is declared
            clause.role, clause.opening = self.outer, ""
            return
        del clause.parts[kept:]
        first = words[0][1]
        self._begin(self.outer, "", first.start if isinstance(first, Formula) else first.place(0), inner=True)
        self.clauses[-1].parts += words

    def _limit(self, clause: Clause) -> str | None:
        """The *for*, *if*, *since* … before the last part, or before the one that it is joined to by *and*."""
        if len(clause.parts) < 2:
            return None
        number, before = clause.parts[-2]
        if isinstance(before, Formula):
            return clause.limits.get(number)
        text = before.text[-_LONGEST_LIMIT:]
        if limit := _LIMIT.search(text):
            said = " ".join(limit[1].lower().split())
            return self._reserved(clause, text[: limit.start()]) + said
        last = clause.parts[-1][1]
        if isinstance(last, Formula) and is_comparison(last.text) and CONDITION_WORD.search(before.text):
            return "if"
        if isinstance(last, Formula) and not _CONDITION_SHAPED.match(last.text):
            return None
        if len(clause.parts) > 2 and (joint := _JOINT.match(before.text)) and (joint[1] or self._has_claimed(clause)):
            before_it = clause.limits.get(clause.parts[-3][0])
            return f"or {before_it}" if before_it and (joint[1] or "").lower() == "or" else before_it
        return None

    def _reserved(self, clause: Clause, text: str) -> str:
        """What stands before the *for* and changes what it says, with a space behind it; mostly nothing."""
        if found := _RESERVATION.search(text):
            return " ".join(found[1].lower().split()) + " "
        if len(clause.parts) > 2 and clause.parts[-3][0] in clause.limits and _ANOTHER_LIMIT.match(text):
            return "and "
        return ""

    def _has_claimed(self, clause: Clause) -> bool:
        """In *then $a = b$ for $i$, $j$* the last is a limit; in *then for $i$, $a = b$* it is the claim."""
        return any(isinstance(part, Formula) and number not in clause.limits for number, part in clause.parts[:-1])
