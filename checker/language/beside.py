"""What stands beside a claim and speaks of its quantities: shapes, and quantities that are given for it.

``a = b, \\quad \\forall z \\in \\mathbb{R}^n`` says what z is; *If* $C = A B$, *then* … says what C is.
Neither lets a letter run, so neither is a condition on indices.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from checker.documents.model import Formula
from checker.language.declarations import take_in
from checker.language.desk import Desk
from checker.language.faults import unreadable
from checker.language.sentences import Condition, Piece, Saying
from checker.language.surface import Asides, Group, Name, Number, ParsedFormula, Relation, Row, Terms, Tree
from checker.language.symbols import Redeclared
from checker.language.walk import descend

Parsed = tuple[Formula, ParsedFormula]

_REALS = frozenset({"\\mathbb{R}", "\\R", "\\Re"})


# ------------------------------------------------------------------------------------------ shapes


def shapes_taken(desk: Desk, parsed: Sequence[Parsed]) -> list[Parsed]:
    """Take in the shapes said beside the formulas; what is left does not mention them.  Raises ``Misread``."""
    return [(formula, _without_shapes(desk, formula, found)) for formula, found in parsed]


def _without_shapes(desk: Desk, formula: Formula, found: ParsedFormula) -> ParsedFormula:
    if not any(_is_shape(tree) for aside in found.asides for tree in aside.trees):
        return found
    return replace(found, asides=tuple(_aside_without(desk, formula, aside) for aside in found.asides))


def _aside_without(desk: Desk, formula: Formula, aside: Asides) -> Asides:
    for tree in aside.trees:
        if _is_shape(tree):
            assert isinstance(tree, Relation)
            _take(desk, "shape", Condition(tree, formula))
    return replace(aside, trees=tuple(t for t in aside.trees if not _is_shape(t)))


def _is_shape(tree: Tree) -> bool:
    match tree:
        case Relation(operands=(_, right), operators=("\\in",)):
            return any(isinstance(node, Name) and node.name in _REALS for node in descend(right))
        case _:
            return False


# ------------------------------------------------------------------------------------------ givens


def parted(desk: Desk, conditions: Iterable[Condition]) -> tuple[list[Condition], list[Condition]]:
    """Conditions that say what a quantity is, and all others."""
    every = list(conditions)
    given = [c for c in every if _says_what(desk, c.tree)]
    return given, [c for c in every if c not in given]


def _says_what(desk: Desk, tree: Tree) -> bool:
    """``C = A B``: a name that is no index, and an expression that is not made of indices."""
    match tree:
        case Relation(operands=(Name() as name, right), operators=("=",)):
            entry = desk.table.entries.get(name.name)
            if name.name in desk.survey.index_letters or (entry is not None and entry.kind != "tensor"):
                return False
            return not _is_of_letters(right) or any(_is_array(desk, node) for node in descend(right))
        case _:
            return False


def _is_array(desk: Desk, tree: Tree) -> bool:
    """A name that is known to be an array."""
    if not isinstance(tree, Name):
        return False
    entry = desk.table.entries.get(tree.name)
    return entry is not None and entry.kind == "tensor" and bool(entry.slots)


def _is_of_letters(tree: Tree) -> bool:
    """A number, a letter, a list of them, or a sum of letters and numbers: what an index may equal."""
    match tree:
        case Number() | Name():
            return True
        case Group(items=items):
            return len(items) > 1 or all(_is_of_letters(i) for i in items)
        case Terms():
            return all(_is_of_letters(t) for t in tree.terms)
        case _:
            return False


@contextmanager
def given(desk: Desk, conditions: Sequence[Condition]) -> Iterator[None]:
    """Read on with what the conditions say; a name that meant something before means it again afterwards.

    Raises ``Misread`` where a condition cannot be taken in.
    """
    table, epochs = desk.table, dict(desk.inference.epochs)
    known = [name for c in conditions if (name := _name_given(c)) in table.definitions or name in table.depends]
    if known:
        desk.table = table.copy()
        for name in known:
            desk.inference.declared(name)
            desk.table.drop(name)
    try:
        for condition in conditions:
            _take(desk, "definition", condition)
        yield
    finally:
        if known:
            desk.table, desk.inference.epochs = table, epochs


def _name_given(condition: Condition) -> str:
    assert isinstance(condition.tree, Relation)
    assert isinstance(condition.tree.operands[0], Name)
    return condition.tree.operands[0].name


def _take(desk: Desk, kind: str, condition: Condition) -> None:
    tree = condition.tree
    assert isinstance(tree, Relation)
    left, right = tree.operands
    rows = (Row(None, left, left.span), Row(tree.operators[0], right, right.span))
    try:
        take_in(desk, Saying(kind, (Piece(condition.formula, rows),)), condition.formula.start)
    except Redeclared as problem:
        raise unreadable("syntax", tree, _again(desk, problem)) from problem


def _again(desk: Desk, problem: Redeclared) -> str:
    line = desk.lines.place(problem.first)[0]
    return (
        f"{problem.name} was declared differently under the same heading (line {line}); "
        "use another letter or a new heading"
    )
