"""Declaring sentences: which formula is said to be what.

A sentence is a run of formulas and words.  Words are read only where they are one of a few phrases; all
others are prose and are passed over, never guessed at.  The result is a list of *sayings*; what they
do to the symbol table is for :mod:`checker.language.declarations`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from checker.calculus.context import Property
from checker.documents.model import Declaration, Formula, Words
from checker.language.faults import Misread
from checker.language.names import letters_in, spell
from checker.language.phrases import (
    ALL_INTEGERS,
    AS_SIZE,
    ASSIGNING,
    CONDITION,
    FUNCTION_OF,
    HINGE,
    IN_SET,
    JOINER,
    OF_SIZE,
    SIZED,
    SUPPOSING,
    meaning,
    plain,
    says_array,
    split,
)
from checker.language.reservations import ARROWS, CASE, reserved_before, reserved_behind
from checker.language.surface import (
    Asides,
    Ellipsis_,
    Factors,
    Group,
    Name,
    ParsedFormula,
    Relation,
    Row,
    Scripted,
    Tree,
)

Parse = Callable[[Formula], ParsedFormula]


@dataclass(frozen=True)
class Piece:
    """One chain of one formula."""

    formula: Formula
    rows: tuple[Row, ...]

    @property
    def head(self) -> Tree | None:
        return self.rows[0].tree

    @property
    def is_bare(self) -> bool:
        return len(self.rows) == 1

    @property
    def span(self) -> tuple[int, int]:
        return (self.rows[0].span[0], self.rows[-1].span[1])

    @property
    def latex(self) -> str:
        start, end = self.span
        return self.formula.text[start:end].strip()


@dataclass(frozen=True)
class Condition:
    """*for all* i, *for* i < j, *for* k = 1, …, L; ``integers`` where *all integers* was said."""

    tree: Tree
    formula: Formula
    integers: bool = False
    reserved: str = ""  # *unless*, *or*, *except for*: words with which it cannot be read


@dataclass(frozen=True)
class Saying:
    """One thing said.  ``kind`` is a key of ``declarations.APPLY``; ``pieces`` what it is said of."""

    kind: str
    pieces: tuple[Piece, ...] = ()
    arguments: tuple[Piece, ...] = ()
    conditions: tuple[Condition, ...] = ()
    properties: tuple[Property, ...] = ()
    supposed: bool = False  # after *Assume* or *Suppose*
    case: bool = False  # *the case* $x > 0$
    problem: Misread | None = None


# -------------------------------------------------------------------------------------- the sentence


@dataclass
class _Sentence:
    """The state while one sentence is read from left to right."""

    supposed: bool
    clause: list[Piece] = field(default_factory=list)  # since the last *let*, *where* …
    subject: list[Piece] = field(default_factory=list)  # joined by commas and *and* only
    conditions: list[Condition] = field(default_factory=list)
    sayings: list[Saying] = field(default_factory=list)
    expecting: str = "piece"  # or "condition", "argument"
    functions: list[Piece] = field(default_factory=list)  # what is said to be a function
    arguments: list[Piece] = field(default_factory=list)
    integers: bool = False
    predicated: list[Piece] = field(default_factory=list)
    sized: list[Piece] = field(default_factory=list)  # *A is an* $m \\times n$ *matrix*: A
    size: Piece | None = None  # … and $m \\times n$
    certain: bool = False  # the words before it have said that it is a size
    case: bool = False  # *the case* $x > 0$ was spoken of
    hinged: bool = False  # the condition that is expected stands behind *if* or *whenever*
    reserved: bool = False  # *or*, *unless*, *it is false that*: see ``reservations``
    since: int = 0  # how many sayings there were when the clause began


def sayings_of(declaration: Declaration, parse: Parse) -> list[Saying]:
    """What a sentence says, in an order in which it can be taken in: functions and sizes first."""
    state = _Sentence(declaration.opening in ("assume", "suppose"))
    if declaration.opening == "layout" or _words_only(declaration):
        return []
    for part in declaration.parts:
        if isinstance(part, Words):
            _take_words(state, plain(part.text))
        else:
            _take_formula(state, part, parse)
    _take_size_words(state, "")
    _close_arguments(state)
    _flush(state)
    return sorted(_with_bounds(state.sayings), key=_order)


_FIRST = frozenset({"elementwise", "rowwise", "integer", "positive integer", "range", "signature"})


_SECOND = frozenset({"shape", "sized", "real", "positive", "sequence"})


_LAST = frozenset({"property", "relation"})


def _order(saying: Saying) -> int:
    """Functions and integers first, then shapes, then definitions as they stand, then assumptions."""
    return 0 if saying.kind in _FIRST else 1 if saying.kind in _SECOND else 3 if saying.kind in _LAST else 2


def _with_bounds(sayings: Sequence[Saying]) -> list[Saying]:
    """*k is an integer with* ``1 \\le k \\le L``: the bounds belong to the integer."""
    integers = [s for s in sayings if s.kind in ("integer", "positive integer")]
    result = list(sayings)
    for integer in integers:
        own = {spell(p.head) for p in integer.pieces if p.head is not None}
        bounds = [s for s in result if s.kind == "relation" and _bounds_one_of(s.pieces[0], own)]
        if bounds:
            result = [s for s in result if s not in bounds]
            conditions = integer.conditions or tuple(c for s in bounds for c in s.conditions)
            joined = replace(integer, arguments=tuple(s.pieces[0] for s in bounds), conditions=conditions)
            result[result.index(integer)] = joined
    return result


def _bounds_one_of(piece: Piece, names_: set[str | None]) -> bool:
    operators = {row.relation for row in piece.rows[1:]}
    return operators <= {"<", "\\le", ">", "\\ge"} and any(
        row.tree is not None and spell(row.tree) in names_ and spell(row.tree) is not None for row in piece.rows
    )


def _words_only(declaration: Declaration) -> bool:
    return all(isinstance(p, Words) for p in declaration.parts)


def _take_formula(state: _Sentence, formula: Formula, parse: Parse) -> None:
    try:
        parsed = parse(formula)
    except Misread as problem:
        state.sayings.append(
            Saying("problem", (Piece(formula, (Row(None, None, (0, len(formula.text))),)),), problem=problem)
        )
        return
    for n, rows in enumerate(parsed.chains):
        link = parsed.links[n] if n < len(parsed.links) else ""
        if n and link not in ("", ",", ";", "\\quad", "\\\\", "and"):
            _take_words(state, link)
        state.reserved = state.reserved or bool(n and link in ARROWS)
        _take_piece(state, Piece(formula, rows))
    for aside in parsed.asides:
        _take_aside(state, formula, aside)


def _take_aside(state: _Sentence, formula: Formula, aside: Asides) -> None:
    integers = any(ALL_INTEGERS.search(plain(w)) for w in aside.words)
    state.conditions += [Condition(tree, formula, integers) for tree in aside.trees]


def _take_piece(state: _Sentence, piece: Piece) -> None:
    if state.expecting == "size":
        state.expecting = "piece"
        if piece.is_bare and state.sized:
            state.size = piece
            return
    if state.expecting == "argument":
        if piece.is_bare:
            state.arguments.append(piece)
            return
        if piece.rows[1].relation == "\\in":  # a function of $A \\in \\mathbb{R}^{m \\times n}$
            state.arguments.append(Piece(piece.formula, piece.rows[:1]))
            state.clause.append(piece)
            return
        _close_arguments(state)
    if state.expecting == "condition" and piece.head is not None:
        state.reserved = state.reserved or (state.hinged and piece.is_bare)  # *if A is*, *whenever A …*: no range
        if _is_condition(piece) and not (state.conditions and _is_shape(piece)):
            state.conditions.append(Condition(_as_tree(piece), piece.formula, state.integers))
            return
        state.expecting = "piece"
        _flush(state)
    state.clause.append(piece)
    state.subject.append(piece)


def _is_condition(piece: Piece) -> bool:
    """A letter, a range of a letter, or a comparison of letters."""
    if piece.is_bare:
        return isinstance(piece.head, (Name, Group))
    if any(row.relation not in ("=", "<", "\\le", ">", "\\ge", "\\ne", "\\in") for row in piece.rows[1:]):
        return False
    trees = [row.tree for row in piece.rows if row.tree is not None]
    if piece.rows[1].relation in ("=", "\\in"):
        is_range = isinstance(trees[1], (Group, Name)) or piece.rows[1].relation == "\\in"
        return _is_letters(trees[0]) and is_range
    return all(not isinstance(t, Factors) for t in trees) and any(isinstance(t, Name) for t in trees)


def _is_letters(tree: Tree) -> bool:
    """A letter, or several as in ``i, j = 1, \\dots, n``."""
    return isinstance(tree, Name) or (
        isinstance(tree, Group) and tree.kind == "," and all(isinstance(item, Name) for item in tree.items)
    )


def _is_shape(piece: Piece) -> bool:
    """``X \\in \\mathbb{R}^{n}``, which goes on declaring after *for* n = 1, …, N."""
    if piece.is_bare or piece.rows[1].relation != "\\in":
        return False
    which = piece.rows[1].tree
    base = which.base if isinstance(which, Scripted) else which
    return isinstance(base, Name) and base.name in ("\\mathbb{R}", "\\R")


def _as_tree(piece: Piece) -> Tree:
    trees = tuple(row.tree for row in piece.rows if row.tree is not None)
    if len(trees) == 1:
        return trees[0]
    return Relation(piece.span, trees, tuple(str(row.relation) for row in piece.rows[1:]))


def _take_words(state: _Sentence, text: str) -> None:
    _take_size_words(state, text)
    _take_reservations(state, text)
    if JOINER.match(text):
        return
    if state.expecting == "argument":
        last = _next_function(state, text)
        _close_arguments(state)
        if last is not None:
            state.functions, state.expecting = [last], "argument"
            return
    state.expecting = "piece"
    head, broken, tail = split(text)
    _predicate(state, head)
    if broken:
        _flush(state)
        state.reserved = reserved_before(tail) or reserved_before(text)
        state.supposed = state.supposed if not re.search(r"\b(let|define|denote|where)\b", broken) else False
        if SUPPOSING.search(broken):
            state.supposed = True
        _opening(state, tail)
    else:
        _opening(state, head)
        if state.expecting == "piece" and not ASSIGNING.search(head):
            state.subject = []


def _take_reservations(state: _Sentence, text: str) -> None:
    first = not state.clause and not state.subject
    state.case = state.case or CASE.search(text) is not None
    state.reserved = state.reserved or reserved_before(text) or (not first and reserved_behind(text))


def _take_size_words(state: _Sentence, text: str) -> None:
    """*A be an* $m \\times n$ *matrix*, *x is a vector of length* $n$, *x be a vector in* $\\mathbb{R}^n$."""
    if state.size is not None:
        if SIZED.search(text) or state.certain:
            state.sayings.append(Saying("sized", tuple(state.sized), (state.size,)))
            state.predicated += state.sized
        state.size, state.sized = None, []
    stripped = text.rstrip(" ,")
    bare = [p for p in _spoken_of(state.subject) if p.is_bare and p not in state.predicated]
    if bare and (AS_SIZE.search(stripped) or OF_SIZE.search(stripped) or IN_SET.search(stripped)):
        state.sized = bare
        state.certain = AS_SIZE.search(stripped) is None


def _opening(state: _Sentence, text: str) -> None:
    """What the words right before the next formula announce."""
    stripped = text.rstrip(" ,")
    if FUNCTION_OF.search(stripped) and state.functions:
        state.expecting = "argument"
    elif state.sized and (AS_SIZE.search(stripped) or OF_SIZE.search(stripped) or IN_SET.search(stripped)):
        state.expecting = "size"
    elif CONDITION.search(stripped):
        state.expecting = "condition"
        state.integers = ALL_INTEGERS.search(stripped) is not None
        state.hinged = HINGE.search(stripped) is not None


def _predicate(state: _Sentence, text: str) -> None:
    """A phrase that says something of the formulas before it."""
    subject = _spoken_of(state.subject)
    if not subject or not text:
        return
    kind, properties = meaning(text)
    subject = _meant(subject, kind, text)
    if kind in ("integer", "positive integer") and all(_is_range(p) for p in subject):
        return
    if kind == "function":
        state.functions = list(subject)
    elif kind == "rowwise":
        state.sayings.append(Saying("rowwise", subject))
    elif kind:
        said = Saying(kind, subject, properties=properties, supposed=state.supposed)
        state.sayings.append(said)
    elif says_array(text) and not state.sized and any(p.is_bare for p in subject):
        state.sayings.append(Saying("array", tuple(p for p in subject if p.is_bare)))
    if kind and kind != "function":
        state.predicated += [p for p in subject if p.is_bare or kind in ("integer", "positive integer")]
        state.subject = []
        if CONDITION.search(text.rstrip(" ,")) or kind == "sequence":
            state.expecting = "condition"
            state.integers = ALL_INTEGERS.search(text.rstrip(" ,")) is not None
            state.hinged = HINGE.search(text.rstrip(" ,")) is not None


def _meant(subject: tuple[Piece, ...], kind: str, text: str) -> tuple[Piece, ...]:
    """Of what is joined by *and* that which a phrase can be said of.

    $A \\in \\mathbb{R}^{n \\times n}$ *and* $k \\ge 1$ *be an integer*: k alone; *… and* $B$ *is symmetric*: B alone.
    """
    if kind == "property" and text.startswith("is ") and len(subject) > 1:
        return subject[-1:]
    if kind in ("integer", "positive integer", "real", "positive"):
        return tuple(p for p in subject if not _is_array(p)) or subject
    return subject


def _is_array(piece: Piece) -> bool:
    """``A \\in \\mathbb{R}^{m \\times n}``"""
    return not piece.is_bare and piece.rows[1].relation == "\\in" and isinstance(piece.rows[1].tree, Scripted)


def _spoken_of(subject: Sequence[Piece]) -> tuple[Piece, ...]:
    """After relations, the bare names at the end; otherwise all (``$k \\ge 1$ is an integer``)."""
    bare = list(subject)
    while bare and any(not p.is_bare for p in bare):
        bare = bare[1:]
    return tuple(bare or subject)


def _next_function(state: _Sentence, text: str) -> Piece | None:
    """``u`` in *y is a function of u and u a function of x*, *… and u of x*: no argument but the next function."""
    also = FUNCTION_OF.search(text.rstrip(" ,")) or text.strip() == "of"
    return state.arguments.pop() if also and len(state.arguments) > 1 else None


def _close_arguments(state: _Sentence) -> None:
    if state.functions and state.arguments:
        state.sayings.append(Saying("function", tuple(state.functions), tuple(state.arguments)))
        state.predicated += [p for p in state.functions if p.is_bare]
    state.functions, state.arguments = [], []
    if state.expecting == "argument":
        state.expecting = "piece"
        state.subject = []


def _flush(state: _Sentence) -> None:
    """End a clause: its formulas become shapes, ranges, definitions and relations."""
    waiting: list[Piece] = []
    for piece in (part for whole in state.clause for part in _in_a_set(whole)):
        if piece.is_bare:
            waiting.append(piece)
            continue
        relation = piece.rows[1].relation
        if piece in state.predicated and relation not in ("=", ":=", "\\in"):
            continue
        if relation == "\\in":
            of = tuple(p for p in waiting if p not in state.predicated and p not in state.functions)
            state.sayings.append(
                Saying("shape", (*of, piece), conditions=tuple(state.conditions), supposed=state.supposed)
            )
        elif _is_range(piece):
            state.sayings.append(Saying("range", (piece,), conditions=tuple(state.conditions)))
        else:
            kind = _kind_of(piece, state.supposed)
            said = Saying(kind, (piece,), conditions=tuple(state.conditions), supposed=state.supposed, case=state.case)
            state.sayings.append(said)
        waiting = []
    _attach_conditions(state)
    if state.reserved:
        state.sayings[state.since :] = [_taken_back(s) for s in state.sayings[state.since :]]
    if state.clause:  # what is said before anything is declared holds for what follows
        state.conditions = []
    state.clause, state.subject = [], []
    state.reserved, state.since = False, len(state.sayings)


def _in_a_set(piece: Piece) -> tuple[Piece, ...]:
    """``v = A x \\in \\mathbb{R}^m``: a shape and a definition."""
    relations = tuple(row.relation for row in piece.rows[1:])
    if relations not in (("=", "\\in"), (":=", "\\in")):
        return (piece,)
    return replace(piece, rows=(piece.rows[0], piece.rows[2])), replace(piece, rows=piece.rows[:2])


def _taken_back(saying: Saying) -> Saying:
    """An assumption under a reservation is not read at all; shapes and the like stay."""
    if saying.kind not in ("relation", "property", "positive"):
        return saying
    message = "the words around this assumption (or, unless, not …) are not read; write an assumption that always holds"
    problem = Misread("unreadable", "words", saying.pieces[0].span, message)
    return replace(saying, kind="problem", problem=problem)


def _attach_conditions(state: _Sentence) -> None:
    """Conditions also belong to what was said in words in the same clause (*integers for i = 1, …, m*)."""
    if not state.conditions:
        return
    mine = {id(p) for p in state.clause}
    state.sayings = [
        replace(s, conditions=tuple(state.conditions))
        if not s.conditions and any(id(p) in mine for p in s.pieces)
        else s
        for s in state.sayings
    ]


def _is_range(piece: Piece) -> bool:
    """``k = 1, \\dots, K``."""
    match piece.rows:
        case (Row(tree=Name()), Row(relation="=", tree=Group(kind=",", items=items))):
            return any(isinstance(i, Ellipsis_) for i in items)
        case _:
            return False


def _kind_of(piece: Piece, supposed: bool) -> str:
    if piece.rows[1].relation == ":":
        return "signature"
    if supposed or any(row.relation not in ("=", ":=", "\\equiv") for row in piece.rows[1:]):
        return "relation"
    return "definition"


def named_letters(conditions: Sequence[Condition]) -> list[str]:
    """The letters that conditions speak of."""
    found: list[str] = []
    for condition in conditions:
        tree = condition.tree
        parts = tree.operands if isinstance(tree, Relation) else (tree,)
        found += [x for part in parts if isinstance(part, (Name, Scripted, Group)) for x in letters_in(part)]
    return found
