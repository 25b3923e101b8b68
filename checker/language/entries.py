"""What an entry of the symbol table means with the scripts beside it: elements, arrays, slices."""

from __future__ import annotations

from collections.abc import Sequence

from sympy import Expr, Integer

from checker.calculus import arrays, terms
from checker.calculus.arrays import Array
from checker.calculus.context import Range
from checker.calculus.shapes import range_text, upto
from checker.language import names
from checker.language.environment import Environment
from checker.language.faults import misindexed, misshapen, unreadable
from checker.language.slots import index_expression
from checker.language.surface import (
    Hole,
    Scripted,
    Tree,
)
from checker.language.symbols import Entry

# ------------------------------------------------------------------------------- what an entry means


def named(env: Environment, entry: Entry, tree: Tree, above: Sequence[Tree], below: Sequence[Tree]) -> Array:
    """The value of a known name with the scripts that are not part of it."""
    if entry.kind == "size":
        return _no_scripts(arrays.number(terms.size(entry.name)), tree, above, below, entry)
    if entry.kind == "index":
        return _no_scripts(arrays.number(env.index_symbol(entry.name)), tree, above, below, entry)
    if entry.slots is None:
        return _unknown(env, entry, tree)
    view = entry.view(env.layout)
    if view is None:
        raise unreadable(
            "ambiguous-shape", tree, f"{entry.name} is defined by a formula that has no meaning in {env.layout} layout"
        )
    above_slots = names.slot_parts(above, entry.above)
    if len(above_slots) != entry.above:
        raise _wrong_count(env, entry, tree, len(above_slots), entry.above, "superscript")
    below_slots, element = _below(entry, below)
    family = [index_expression(env, p) for p in above_slots]
    if not element:
        family += [index_expression(env, p) for p in below_slots]
    if len(family) != entry.family and not element:
        raise _wrong_count(env, entry, tree, len(below_slots), len(entry.slots) - entry.above, "subscript")
    if element:
        taken = entry.family - entry.above
        family += [index_expression(env, p) for p in below_slots[:taken]]
        below_slots = below_slots[taken:]
    _use_family(env, entry, family, tree)
    extents = _instantiated(entry, family)
    order = view.rows + view.columns
    if not element or not below_slots:
        return _whole(entry, tuple(family), extents, len(view.rows), order)
    value = _whole(entry, tuple(family), extents, len(view.rows), order)
    return picked(env, value, below_slots, tree, entry.name)


def _no_scripts(value: Array, tree: Tree, above: Sequence[Tree], below: Sequence[Tree], entry: Entry) -> Array:
    if above or below:
        raise unreadable(
            "unknown-symbol", tree, f"{entry.name} is an integer and has no indices or labels; declare this name"
        )
    return value


def _below(entry: Entry, below: Sequence[Tree]) -> tuple[tuple[Tree, ...], bool]:
    """The slots below, and whether they go down to an element (or a slice)."""
    total = len(entry.slots or ()) - entry.above
    family = entry.family - entry.above
    if not below:
        return (), total == 0
    whole = names.slot_parts(below, total)
    if len(whole) == total:
        return whole, True
    part = names.slot_parts(below, family)
    if family and len(part) == family:
        return part, False
    if total == 2 and len(whole) == 1 and any(r == upto(Integer(1)) for r in (entry.slots or ())[entry.family :]):
        return whole, True
    return whole, False


def _wrong_count(env: Environment, entry: Entry, tree: Tree, given: int, expected: int, where: str) -> Exception:
    if entry.origin == "inferred":
        return unreadable(
            "ambiguous-shape",
            tree,
            f"{entry.name} is used with {expected} and with {given} indices; "
            f'write "Let ${entry.name} \\in \\mathbb{{R}}^{{…}}$"',
        )
    if where == "subscript" and _is_a_name(tree):
        raise unreadable(
            "unknown-symbol",
            tree,
            f"{entry.name} is {_described(entry)}, and this is no element of it; "
            "if it is a name of its own, declare the whole name",
        )
    takes = f"no {where}" if expected == 0 else f"{expected} in its {where}, not {given}"
    message = f"{entry.name} is {_described(entry)} and takes {takes}"
    if entry.heading < env.table.heading:
        anew = f'if it is another {entry.name} here, write "Let ${entry.name} \\in \\mathbb{{R}}^{{…}}$" again'
        return unreadable("ambiguous-shape", tree, f"{message}, as declared under an earlier heading; {anew}")
    return misshapen(tree, message)


def _is_a_name(tree: Tree) -> bool:
    """``W_3``, ``W_{\\text{out}}``."""
    return isinstance(tree, Scripted) and bool(tree.subscripts) and all(names.is_concrete(p) for p in tree.subscripts)


def _described(entry: Entry) -> str:
    inner = [range_text(r) for r in (entry.slots or ())[entry.family :]]
    text = "a number" if not inner else " × ".join(inner) + (" vector" if len(inner) == 1 else " array")
    return text if not entry.family else f"{text} for each label"


def _use_family(env: Environment, entry: Entry, family: Sequence[Expr], tree: Tree) -> None:
    for expression, extent in zip(family, entry.slots or (), strict=False):
        env.indices.use(expression, extent, tree.span, entry.name)


def _instantiated(entry: Entry, family: Sequence[Expr]) -> list[Range]:
    inner = list((entry.slots or ())[entry.family :])
    values = {p: e for p, e in zip(entry.parameters, family, strict=False) if p != e}
    if not values:
        return inner
    return [Range(r.lower.xreplace(values), r.upper.xreplace(values)) for r in inner]


def _whole(
    entry: Entry, family: tuple[Expr, ...], extents: Sequence[Range], rows: int, order: tuple[int, ...]
) -> Array:
    """The array that a name means once its family slots are filled."""
    name = entry.name
    if not extents:
        value = terms.element(name, *family)
        return arrays.number(value)
    ordered = [extents[n] for n in order]
    identity = order == tuple(range(len(order)))

    def entry_at(at: tuple[Expr, ...]) -> Expr:
        if identity:
            return terms.element(name, *family, *at)
        placed = [at[order.index(n)] for n in range(len(order))]
        return terms.element(name, *family, *placed)

    return Array(tuple(ordered[:rows]), tuple(ordered[rows:]), entry_at, solid=len(extents) > 2)


def _unknown(env: Environment, entry: Entry, tree: Tree) -> Array:
    """A name of unknown shape: it takes the shape of what it meets, and that is written down."""
    name = entry.name
    return Array(
        (),
        (),
        lambda _: terms.scalar(name),
        any_shape=True,
        adopt=lambda model: env.inference.adopt(env.table, name, model),
    )


# ---------------------------------------------------------------------- elements of an expression


def pick(env: Environment, value: Array, parts: Sequence[Tree], tree: Tree) -> Array:
    """``(A B)_{ij}``, ``[x - y]_k``, ``\\operatorname{softmax}(z)_i``."""
    slots = names.slot_parts(parts, len(value.slots))
    return picked(env, value, slots, tree, "this expression")


def picked(env: Environment, value: Array, slots: Sequence[Tree], tree: Tree, where: str) -> Array:
    if value.any_shape:
        return value
    if len(slots) == 1 and len(value.slots) == 2:
        value = _flat(env, value)
    if len(slots) != len(value.slots):
        shape = arrays.describe(env.work, value)
        raise misindexed(tree, f"{where} is {shape}, which takes {len(value.slots)} indices, not {len(slots)}")
    if any(isinstance(s, Hole) for s in slots):
        return _slice(env, value, slots, tree, where)
    at = tuple(index_expression(env, s) for s in slots)
    for expression, extent in zip(at, value.slots, strict=True):
        env.indices.use(expression, extent, tree.span, where)
    return arrays.number_at(value, at)


def _flat(env: Environment, value: Array) -> Array:
    """A row or column of one, seen as having a single slot."""
    one = upto(Integer(1))
    if env.sizes.resolve(value.rows[0] if value.rows else one) == one and len(value.columns) == 1:
        return Array((), value.columns, lambda at: value.entry((Integer(1), *at)))
    if len(value.columns) == 1 and env.sizes.resolve(value.columns[0]) == one:
        return Array(value.rows, (), lambda at: value.entry((*at, Integer(1))))
    return value


def _slice(env: Environment, value: Array, slots: Sequence[Tree], tree: Tree, where: str) -> Array:
    fixed: dict[int, Expr] = {}
    for n, slot in enumerate(slots):
        if not isinstance(slot, Hole):
            fixed[n] = index_expression(env, slot)
            env.indices.use(fixed[n], value.slots[n], tree.span, where)
    rows = tuple(r for n, r in enumerate(value.rows) if n not in fixed)
    columns = tuple(r for n, r in enumerate(value.columns, len(value.rows)) if n not in fixed)

    def entry(at: tuple[Expr, ...]) -> Expr:
        rest = iter(at)
        return value.entry(tuple(fixed[n] if n in fixed else next(rest) for n in range(len(slots))))

    return Array(rows, columns, entry, solid=len(rows) + len(columns) > 2)
