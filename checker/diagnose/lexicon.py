"""The paper of one side: what its words mean, and which words of the document may be missing in it."""

from __future__ import annotations

from collections.abc import Iterator

from checker.language import names
from checker.language.again import Again
from checker.language.edits import Paper
from checker.language.edits.site import bound_letters, letter_tokens
from checker.language.sides import Part
from checker.language.surface import BigOperator, Call, Factors, Group, Name, Relation, Row, Scripted, Tree
from checker.language.symbols import Entry
from checker.language.walk import descend

MOST_NAMES = 14
MOST_LETTERS = 3
MOST_TEXTS = 48
LONGEST = 60


def paper_of(again: Again, left: Part, right: Part) -> Paper:
    table = again.desk.table
    paper = Paper(right.formula.text, right.tree, left.tree, table)
    inner = bound_in(left.tree)
    paper.free = tuple(x for x in dict.fromkeys(index_letters(paper, left.tree)) if x not in inner)
    own = tuple(dict.fromkeys((*index_letters(paper, right.tree), *bound_in(right.tree))))
    about = (x for part in again.parts for x in index_letters(paper, part.tree))
    paper.letters = tuple(dict.fromkeys((*paper.free, *own, *about)))
    paper.others = tuple(dict.fromkeys(missing_texts(paper, again, own)))[:MOST_TEXTS]
    return paper


def index_letters(paper: Paper, tree: Tree) -> Iterator[str]:
    for node in descend(tree):
        if isinstance(node, Scripted) and not paper.is_name(node):
            labels = node.superscripts if names.is_label(node) else ()
            for part in (*node.subscripts, *labels):
                yield from (t.name for t in letter_tokens(part) if not is_size(paper, t.name))
        elif isinstance(node, Relation):
            for operand in node.operands:
                if isinstance(operand, Name) and operand.name in paper.letters:
                    yield operand.name


def is_size(paper: Paper, name: str) -> bool:
    entry = paper.table.entries.get(name)
    return entry is not None and entry.kind not in ("index",)


def bound_in(tree: Tree) -> tuple[str, ...]:
    return tuple(x for node in descend(tree) if isinstance(node, BigOperator) for x in bound_letters(node))


# ------------------------------------------------------------------------------- what may be missing


def missing_texts(paper: Paper, again: Again, own: tuple[str, ...]) -> Iterator[str]:
    """Factors and terms that may be missing: deltas, factors about, names, derivatives of functions."""
    letters = tuple(dict.fromkeys((*paper.free, *own)))[:MOST_LETTERS]
    if len(paper.free) > 1:
        yield from (f"\\delta_{{{glue(x, y)}}}" for n, x in enumerate(letters) for y in letters[n + 1 :])
    for part in again.parts[1:]:
        yield from pieces(paper, part.formula.text, part.tree)
    yield from inner_functions(paper, again, letters)
    matrix = paper.rank(paper.tree) > 0
    recent = [e for e in reversed(paper.table.entries.values()) if e.kind == "tensor"][:MOST_NAMES]
    for entry in sorted(recent, key=lambda e: -mentions(paper, again, e.name)):
        yield from spelled(entry, letters, matrix)
    yield from (n for n, e in paper.table.entries.items() if e.kind == "size")


def mentions(paper: Paper, again: Again, name: str) -> int:
    """2 for a name on the side itself, 1 for one in the statement."""
    if any(spells(node, name) for node in descend(paper.tree)):
        return 2
    return int(any(spells(node, name) for part in again.parts for node in descend(part.tree)))


def spells(node: Tree, name: str) -> bool:
    return isinstance(node, (Name, Scripted)) and names.spell(node) == name


def pieces(paper: Paper, text: str, tree: Tree) -> Iterator[str]:
    """The factors of another line of the chain."""
    other = Paper(text, tree, paper.head, paper.table)
    for node in descend(tree):
        if isinstance(node, Factors):
            for unit in other.units(node):
                source = text[unit[0].span[0] : unit[-1].span[1]]
                if len(source) <= LONGEST and source != other.source(node):
                    yield source


def spelled(entry: Entry, letters: tuple[str, ...], matrix: bool) -> Iterator[str]:
    """A name, or its elements at the letters about."""
    if matrix or entry.inner == 0:
        if entry.family == 0:
            yield entry.name
            if entry.inner > 0:
                yield f"{entry.name}^\\top"
        return
    if entry.family:
        return
    if entry.inner == 1:
        yield from (f"{entry.name}_{x}" if len(x) == 1 else f"{entry.name}_{{{x}}}" for x in letters)
    elif entry.inner == 2:
        yield from (f"{entry.name}_{{{glue(x, y)}}}" for x in letters for y in letters if x != y)


def glue(first: str, second: str) -> str:
    return f"{first} {second}" if first.startswith("\\") else f"{first}{second}"


def inner_functions(paper: Paper, again: Again, letters: tuple[str, ...]) -> Iterator[str]:
    """``\\varphi'(z_i)`` for every function that a definition applies, and derivatives of what is applied here."""
    for entry in reversed(paper.table.entries.values()):
        if entry.text is None or len(entry.text) > 4 * LONGEST:
            continue
        rows = again.rows(entry.text)
        for row in rows[1:]:
            if row.tree is not None:
                yield from applications(paper, entry.text, row, letters)


def applications(paper: Paper, text: str, row: Row, letters: tuple[str, ...]) -> Iterator[str]:
    assert row.tree is not None, row
    other = Paper(text, row.tree, paper.head, paper.table)
    own = tuple(dict.fromkeys(index_letters(paper, row.tree)))
    for node in descend(row.tree):
        if isinstance(node, Factors):
            for unit in other.units(node):
                if len(unit) == 2:
                    function = other.source(unit[0]) + "'"
                    yield from with_letters(function + other.source(unit[1]), own, letters)
                    yield from (f"{function}({x})" for x in elements(paper, unit[1], letters))
        elif isinstance(node, Call) and len(node.arguments) == 1 and node.scripts is None:
            derivative = {"sin": "\\cos", "cos": "\\sin", "sinh": "\\cosh", "cosh": "\\sinh"}.get(node.function.name)
            if derivative:
                yield from with_letters(f"{derivative}({other.source(node.arguments[0])})", own, letters)


def elements(paper: Paper, argument: Tree, letters: tuple[str, ...]) -> Iterator[str]:
    """``z_i`` for the argument of ``\\varphi(z)``, where z is a vector."""
    inner = argument.items[0] if isinstance(argument, Group) and len(argument.items) == 1 else argument
    entry = paper.entry(inner) if isinstance(inner, (Name, Scripted)) else None
    if entry is not None and not entry.family:
        yield from spelled(entry, letters, False)


def with_letters(source: str, own: tuple[str, ...], letters: tuple[str, ...]) -> Iterator[str]:
    if len(source) > LONGEST:
        return
    yield source
    if len(own) == 1 and len(own[0]) == 1:
        for letter in letters:
            if letter != own[0]:
                yield source.replace(f"_{own[0]}", f"_{letter}").replace(f"_{{{own[0]}}}", f"_{{{letter}}}")
