"""``X = \\begin{bmatrix} x_{11} & \\dots \\\\ \\vdots \\end{bmatrix}``: an array set out in entries of its own.

It says how large X is, and that ``x_{ij}`` is another way to write its element.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sympy import Integer

from checker.calculus.context import Range
from checker.calculus.shapes import upto
from checker.language import names
from checker.language.declared_shapes import enter
from checker.language.desk import Desk
from checker.language.faults import Misread
from checker.language.operators import range_end
from checker.language.powers import is_list
from checker.language.surface import Dotted, Group, MatrixLiteral, Name, Number, Scripted, Tree
from checker.language.symbols import Entry


@dataclass(frozen=True)
class _Grid:
    """The name whose elements stand in an array, and how far each of its indices runs (None: to ``ends``)."""

    base: str
    extents: tuple[int | Tree, ...]


def take_entries(desk: Desk, head: Tree, right: Tree, start: int) -> str | None:
    """Take in that an array is set out in its own entries; returns its name, or None where the equation is another."""
    grid = _grid(right)
    if grid is None or not isinstance(head, Name) or grid.base.lower() != head.name.lower():
        return None
    own = desk.table.entries.get(head.name)
    if own is not None and own.kind != "tensor":
        return None
    fresh = own is None or own.origin == "inferred"
    if grid.base != head.name and (not _may_be_renamed(desk, grid.base) or (is_list(right) and fresh)):
        return None
    if grid.base == head.name and head.name in desk.table.definitions:
        return None
    if fresh:
        slots = _slots(desk, grid, right)
        if slots is None:
            return None
        enter(desk, Entry(head.name, slots=slots, origin="declared", start=start, heading=desk.table.heading))
    elif own is None or own.family or len(own.slots or ()) != len(grid.extents) or _differs(desk, own, grid):
        return None
    if grid.base != head.name:
        desk.inference.declared(grid.base)
        desk.table.name_also(grid.base, head.name)
    return head.name


def _may_be_renamed(desk: Desk, name: str) -> bool:
    """Whether nothing was said of a name in this section."""
    entry = desk.table.entries.get(name)
    if name in desk.table.functions or name in desk.table.depends:
        return False
    return entry is None or entry.origin == "inferred" or entry.heading < desk.table.heading


def _slots(desk: Desk, grid: _Grid, right: Tree) -> tuple[Range, ...] | None:
    env = desk.environment([right], desk.main_layout)
    try:
        return tuple(upto(Integer(e) if isinstance(e, int) else range_end(env, e)) for e in grid.extents)
    except Misread:
        return None


def _differs(desk: Desk, own: Entry, grid: _Grid) -> bool:
    """Whether a known array has another number of rows or columns than are written out (n may be 2)."""
    known = [desk.sizes.resolve(r).upper for r in own.slots or ()]
    pairs = zip(known, grid.extents, strict=True)
    return any(isinstance(k, Integer) and isinstance(e, int) and int(k) != e for k, e in pairs)


# ------------------------------------------------------------------------------------------- the grid


def _grid(tree: Tree) -> _Grid | None:
    match tree:
        case Scripted(base=base, superscripts=above, subscripts=()) if names.is_transpose(above) and is_list(base):
            return _grid(base)
        case Group(items=items) if is_list(tree):
            return _written([[item] for item in items])
        case MatrixLiteral(rows=rows):
            return _written(rows)
        case Dotted():
            return _dotted(tree)
        case _:
            return None


def _written(rows: Sequence[Sequence[Tree]]) -> _Grid | None:
    """All entries are there: each must stand in its place."""
    height, width = len(rows), len(rows[0])
    found = [_element(cell) for row in rows for cell in row]
    bases = {base for base, _ in found}
    if len(bases) != 1 or None in bases or height * width < 2:
        return None
    count = {len(slots) for _, slots in found}
    places = [(r, c) for r in range(1, height + 1) for c in range(1, width + 1)]
    for (_, slots), (row, column) in zip(found, places, strict=True):
        expected = (row, column) if len(slots) == 2 else (row,) if width == 1 else (column,)
        if [int(s.value) for s in slots if isinstance(s, Number)] != list(expected):
            return None
    (base,) = bases
    assert base is not None
    if count == {2}:
        return _Grid(base, (height, width))
    return _Grid(base, (height,)) if count == {1} and width == 1 else None


def _dotted(tree: Dotted) -> _Grid | None:
    """The general entry, with the letters that run in their places."""
    if len(tree.cells) != 1 or len(tree.cells[0]) != 1:
        return None
    base, slots = _element(tree.cells[0][0])
    letters = [letter for letter in (tree.row, tree.column) if letter]
    if base is None or [s.name if isinstance(s, Name) else None for s in slots] != letters:
        return None
    if len(letters) == 1 and not tree.row:
        return None
    ends = [e for e in (tree.rows, tree.columns) if e]
    if not all(isinstance(low, Number) and low.value == 1 for low, _ in ends):
        return None
    return _Grid(base, tuple(high for _, high in ends))


def _element(cell: Tree) -> tuple[str | None, tuple[Tree, ...]]:
    """``x_{12}`` as x and (1, 2)."""
    match cell:
        case Scripted(base=Name(name=name), subscripts=below, superscripts=(), primes=0) if below:
            slots = names.slot_parts(below, 2)
            return name, slots if len(slots) == 2 else names.slot_parts(below, 1)
        case _:
            return None, ()
