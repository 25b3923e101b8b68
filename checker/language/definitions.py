"""Definitions: ``A = D W``, ``A_{ij} = …``, ``d^{(k)} = …``, ``a_L = …``, ``\\sigma(x) = …``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import sympy
from sympy import Expr, Symbol, oo
from sympy.logic.boolalg import Boolean, true

from checker.calculus import arrays, terms
from checker.calculus.arrays import Array
from checker.calculus.context import Definition, FunctionDefinition, Hypothesis, Range
from checker.calculus.shapes import ShapeError, UnknownSize, is_hole
from checker.language import names
from checker.language.circles import refuse_circle
from checker.language.conditions_said import Restrictions, restrictions
from checker.language.desk import Desk, range_of_label, union
from checker.language.environment import Environment
from checker.language.faults import Misread, misindexed, misshapen, unreadable
from checker.language.patterns import Body, Pattern, is_letter, read_pattern, settle, use_declared
from checker.language.reading import LAYOUTS
from checker.language.sentences import Condition
from checker.language.surface import Group, Name, Relation, Scripted, Tree
from checker.language.symbols import Entry, Redeclared, View, both_layouts, own_function, usual_view
from checker.language.targets import Target, target_of
from checker.language.walk import descend


@dataclass(frozen=True)
class Defined:
    """A finished definition: the head and the body as terms in each layout."""

    name: str
    head: Expr
    bodies: dict[str, Expr]
    indices: dict[Symbol, Range]


Outcome = Defined | list[Hypothesis] | None


# ---------------------------------------------------------------------------------------- defining


def define(
    desk: Desk, target: Target, tree: Tree, right: Tree, conditions: Sequence[Condition], start: int, text: str
) -> Defined:
    """Read a definition and put it into the table.  Raises ``Misread``."""
    desk.table.without_signature(target.name)
    if target.parameters is not None:
        _refuse_restricted(target, conditions)
        return _define_function(desk, target, target.parameters, tree, right, start, text)
    return _define_name(desk, target, tree, right, conditions, start, text)


# ---- functions


def _refuse_restricted(target: Target, conditions: Sequence[Condition]) -> None:
    """``r(t) = t`` *if* t > 0: half of a definition."""
    parameters = {names.spell(p) for p in target.parameters or ()}
    for condition in conditions:
        if isinstance(condition.tree, Relation) and any(names.spell(n) in parameters for n in descend(condition.tree)):
            raise unreadable(
                "syntax",
                condition.tree,
                f"this defines {target.name} for some arguments only; write all cases with \\begin{{cases}}",
            )


def _define_function(
    desk: Desk, target: Target, parameters: tuple[Tree, ...], tree: Tree, right: Tree, start: int, text: str
) -> Defined:
    _refuse_second(desk, target.name, tree, desk.table.functions)
    spelled = tuple(names.spell(p) for p in parameters)
    known = (desk.table.entries.get(str(p)) for p in spelled)
    if any(entry is not None and entry.slots for entry in known) or _takes_arrays(spelled, right):
        quantity = _as_quantity(desk, target, spelled, tree, right, start, text)
        if quantity is not None:
            return quantity
    env = desk.environment([tree, right], desk.main_layout)
    symbols = []
    for parameter, name in zip(parameters, spelled, strict=True):
        if not isinstance(parameter, Name) or name is None:
            raise unreadable("syntax", parameter, "a parameter of a function is a single letter")
        symbols.append(terms.scalar(name))
        env.bound[name] = symbols[-1]
    value = env.lower(env, right)
    if not arrays.is_number(env.work, value):
        shape = arrays.describe(env.work, value)
        raise misshapen(
            right,
            f"the value of the function {target.name} is {shape}; only functions with a number as value can be defined",
        )
    body = arrays.scalar_term(value)
    _refuse_free(env, right)
    desk.table.define_function(FunctionDefinition(target.name, tuple(symbols), body), desk.table.heading)
    head = terms.apply(own_function(target.name), *symbols)
    return Defined(target.name, head, dict.fromkeys(LAYOUTS, body), {})


def _takes_arrays(spelled: tuple[str | None, ...], right: Tree) -> bool:
    """``m(a, b) = \\sum_i (a_i - b_i)^2``: the elements of a parameter stand in the formula."""
    for node in descend(right):
        if isinstance(node, Scripted) and isinstance(node.base, Name) and node.base.name in spelled:
            inside = bool(node.subscripts) or names.is_transpose(node.superscripts)
            if inside and names.spell(node) not in spelled:
                return True
    return False


def _as_quantity(
    desk: Desk, target: Target, spelled: tuple[str | None, ...], tree: Tree, right: Tree, start: int, text: str
) -> Defined | None:
    """``f(x) = \\|A x - b\\|^2`` for a declared vector x: a quantity that depends on x, not a function of numbers.

    None where the right side is one formula for a number x as well (``\\sigma(x) = …``).
    """
    if all(p is not None for p in spelled) and _reads_as_number(desk, spelled, right):
        return None
    defined = _define_name(desk, Target(target.name), tree, right, (), start, text)
    desk.table.arguments[target.name] = tuple(str(p) for p in spelled)
    return defined


def _reads_as_number(desk: Desk, spelled: tuple[str | None, ...], right: Tree) -> bool:
    env = desk.environment([right], desk.main_layout)
    if any(isinstance(node, Group) and node.kind == "||" for node in descend(right)):
        return False
    if any(isinstance(n, Scripted) and names.is_transpose(n.superscripts) for n in descend(right)):
        return False
    for name in spelled:
        env.bound[str(name)] = terms.scalar(str(name))
    try:
        return arrays.is_number(env.work, env.lower(env, right))
    except Misread:
        return False


def _refuse_second(desk: Desk, name: str, tree: Tree, known: object) -> None:
    if name in desk.table.functions and desk.table.elementwise.get(name) == desk.table.heading:
        raise unreadable(
            "syntax",
            tree,
            f"the function {name} is defined twice under one heading; use another letter or a new heading",
        )


def _refuse_free(env: Environment, right: Tree) -> None:
    loose = [
        s
        for s in env.indices.free
        if env.table.entries.get(str(s)) is None or env.table.entries[str(s)].kind != "index"
    ]
    if loose:
        raise misindexed(
            right, f"the index {loose[0]} stands on the right side only; a definition cannot leave it open"
        )


def _define_name(
    desk: Desk, target: Target, tree: Tree, right: Tree, conditions: Sequence[Condition], start: int, text: str
) -> Defined:
    _check_new(desk, target, tree)
    _replace_older(desk, target)
    try:
        return _defined(desk, target, tree, right, conditions, start, text)
    except Misread:
        entry = desk.table.entries.get(target.name)
        if entry is None or entry.origin != "declared" or entry.heading == desk.table.heading:
            raise
    desk.inference.declared(target.name)  # another quantity than the one declared under an earlier heading
    desk.table.drop(target.name)
    return _defined(desk, target, tree, right, conditions, start, text)


def _defined(
    desk: Desk, target: Target, tree: Tree, right: Tree, conditions: Sequence[Condition], start: int, text: str
) -> Defined:
    main = _read(desk, target, tree, right, conditions, desk.main_layout)
    other_layout = next(x for x in LAYOUTS if x != desk.main_layout)
    other = None
    if main is None or main.env.layout_matters:
        try:
            other = _read(desk, target, tree, right, conditions, other_layout)
        except Misread:
            other = None
    return _finish(desk, target, tree, right, main, other, start, text)


def _check_new(desk: Desk, target: Target, tree: Tree) -> None:
    name = target.name
    entry = desk.table.entries.get(name)
    if entry is not None and entry.kind != "tensor" and not desk.table.retire(name):
        raise unreadable("syntax", tree, f"{name} is an integer already; use another letter")
    if name in desk.table.depends and entry is not None and entry.heading == desk.table.heading:
        raise unreadable("syntax", tree, f"{name} was said to be an unknown function; it cannot be defined as well")


def _replace_older(desk: Desk, target: Target) -> None:
    """Defining a name again under a later heading drops all that was said of it before."""
    table, name = desk.table, target.name
    older = name in table.definitions and table.defined_under.get(name, 0) < table.heading
    entry = table.entries.get(name)
    stale = entry is not None and entry.origin == "declared" and entry.heading == table.heading
    whole = not any(names.is_concrete(p) for p in (*target.above, *target.below))
    if (older and whole and not stale) or (entry is not None and _is_another(desk, entry, target)):
        desk.inference.declared(name)
        table.drop(name)
    root = name.removesuffix("^2")
    if root != name and root in table.entries:  # \sigma was met under an earlier heading only
        desk.inference.declared(root)
        table.drop(root)


def _is_another(desk: Desk, entry: Entry, target: Target) -> bool:
    """``\\mu_j = …`` where \\mu was declared as a number under an earlier heading."""
    if entry.heading == desk.table.heading or entry.origin == "inferred" or entry.slots is None:
        return False
    given = len(names.slot_parts(target.above, entry.above)) + len(_below(entry, target))
    return bool(target.above or target.below) and given not in (entry.family, len(entry.slots))


def _below(entry: Entry, target: Target) -> tuple[Tree, ...]:
    return names.slot_parts(target.below, len(entry.slots or ()) - entry.above or None)


def _read(desk: Desk, target: Target, tree: Tree, right: Tree, conditions: Sequence[Condition], layout: str) -> Body:
    env = desk.environment([tree, right], layout)
    recursive = target.name not in desk.table.entries and mentions(right, target.name)
    if recursive:
        env.pending = frozenset({target.name})
        trial = _read_in(desk, env, target, tree, right, conditions)
        _enter_trial(desk, target, trial)
        env = desk.environment([tree, right], layout)
    return _read_in(desk, env, target, tree, right, conditions)


def try_out(
    desk: Desk,
    target: Target,
    tree: Tree,
    right: Tree,
    conditions: Sequence[Condition],
    pending: frozenset[str],
    back: bool,
) -> bool:
    """Give a name the shape that its definition has with the names still to come as anything; False if it has none.

    ``back``: it is met a step before the labels that it is defined for.
    """
    if target.name in desk.table.entries or target.parameters is not None:
        return False
    env = desk.environment([tree, right], desk.main_layout)
    env.pending = frozenset(name for name in pending if name not in desk.table.entries)
    granted, functions = dict(desk.table.granted), dict(desk.table.granted_functions)
    try:
        trial = _read_in(desk, env, target, tree, right, conditions)
    finally:
        desk.table.granted, desk.table.granted_functions = granted, functions
    if trial.value.any_shape:
        return False
    _enter_trial(desk, target, trial, int(back))
    return True


def widen_to(desk: Desk, left: Tree, conditions: Sequence[Condition]) -> None:
    """A name declared at one label only (A^{(0)}) that is about to be defined at others has them all."""
    target = target_of(desk, left, None, conditions)
    if target is None or not target.above:
        return
    env = desk.environment([left], desk.main_layout)
    stated = restrictions(env, conditions)
    pattern = read_pattern(desk, env, target, left, stated)
    _widen(desk, target.name, pattern, {**_label_ranges(desk, pattern), **stated.ranges})


def _label_ranges(desk: Desk, pattern: Pattern) -> dict[str, Range]:
    return {str(x): r for x in pattern.letters if (r := range_of_label(desk, str(x))) is not None}


def mentions(right: Tree, name: str) -> bool:
    return any(isinstance(n, (Name, Scripted)) and _root(n) == name for n in descend(right))


def _root(tree: Tree) -> str | None:
    return tree.base.name if isinstance(tree, Scripted) and isinstance(tree.base, Name) else names.spell(tree)


def _enter_trial(desk: Desk, target: Target, trial: Body, back: int = 1) -> None:
    """The shape of a name that is defined by itself (h_t by h_{t-1}), as the rest of its definition gives it."""
    entry = _new_entry(desk, target, trial, trial.env.layout, 0)
    slots = list(entry.slots or ())
    for n, extent in enumerate(slots[: entry.family]):
        if extent.lower != -oo and not is_hole(desk.sizes.resolve(extent)):
            slots[n] = Range(extent.lower - back, extent.upper)
    desk.table.put(replace(entry, slots=tuple(slots), origin="inferred"))


def _widen(desk: Desk, name: str, pattern: Pattern, stated: Mapping[str, Range]) -> None:
    """A name that was declared at one label only (h^{(0)}) and is now defined at others has them all."""
    entry = desk.table.entries.get(name)
    if entry is None or not entry.parameters or entry.slots is None or entry.origin not in ("declared", "defined"):
        return
    slots, parameters = list(entry.slots), list(entry.parameters)
    for n, slot in enumerate(pattern.slots[: len(parameters)]):
        if str(parameters[n]) == "_" and isinstance(slot, Symbol) and str(slot) in stated:
            if entry.family:
                slots[entry.family :] = [_at_label(desk, r, slots[n].lower, slot) for r in slots[entry.family :]]
            slots[n] = union(desk, slots[n], stated[str(slot)])
            parameters[n] = slot
    if slots != list(entry.slots):
        desk.table.put(replace(entry, slots=tuple(slots), parameters=tuple(parameters)))


def _refuse_endless(desk: Desk, target: Target, pattern: Pattern, stated: Restrictions, tree: Tree) -> None:
    """Beside $a_0 = 1$, what $a_k = a_{k-1} + 1$ defines has no end unless something says one."""
    entry = desk.table.entries.get(target.name)
    if entry is None or entry.origin != "defined":
        return
    for slot, extent in zip(pattern.slots, entry.slots or (), strict=False):
        single = extent.lower == extent.upper and extent.lower.is_Integer
        if single and slot in pattern.letters and str(slot) not in stated.ranges:
            message = f'nothing tells how far {slot} runs; add "for ${slot} = 1, \\dots, n$"'
            raise unreadable("ambiguous-shape", tree, message)


def _at_label(desk: Desk, extent: Range, place: Expr, label: Symbol) -> Range:
    """``d_0`` becomes ``d_l`` where d is a size for each label."""
    sized = {
        size: terms.element(terms.name_of(size), label)
        for size in extent.upper.atoms(sympy.Indexed)
        if size.indices == (place,) and desk.table.entries[terms.name_of(size)].kind == "sizes"
    }
    return Range(extent.lower, extent.upper.xreplace(sized))


def _read_in(
    desk: Desk, env: Environment, target: Target, tree: Tree, right: Tree, conditions: Sequence[Condition]
) -> Body:
    stated = restrictions(env, conditions)
    pattern = read_pattern(desk, env, target, tree, stated)
    _widen(desk, target.name, pattern, {**_label_ranges(desk, pattern), **stated.ranges})
    _refuse_endless(desk, target, pattern, stated, tree)
    opened = [(letter, env.indices.open(letter)) for letter in pattern.letters]
    try:
        for letter in pattern.letters:
            if str(letter) in stated.ranges:
                env.indices.ranges[letter] = stated.ranges[str(letter)]
        use_declared(desk, env, target, pattern, tree)
        value = env.lower(env, right)
        settle(env, pattern, tree)
    finally:
        for letter, outer in reversed(opened):
            env.indices.close(letter, outer)
    for letter in pattern.letters:  # *for* k ≥ 1 has met it before it ran
        env.indices.free.pop(letter, None)
    _refuse_free(env, right)
    return Body(env, pattern, value)


def _new_entry(desk: Desk, target: Target, body: Body, layout: str, start: int) -> Entry:
    """The entry of a name as its definition gives it."""
    env, pattern, value = body.env, body.pattern, body.value
    outer = tuple(_slot_range(env, pattern, slot) for slot in pattern.slots)
    inner = () if arrays.is_number(env.work, value) else value.slots
    above = len(names.slot_parts(target.above, None)) if target.above else 0
    parameters = tuple(s if isinstance(s, Symbol) and s in pattern.ranges else Symbol("_") for s in pattern.slots)
    family = len(outer) if inner else _family_of(outer, above)
    labels = above or (family if inner else 0)
    view = (
        usual_view(len(outer) - family)
        if not inner
        else View(tuple(range(len(value.rows))), tuple(range(len(value.rows), len(value.slots))))
    )
    return Entry(
        target.name,
        slots=outer + inner,
        family=family,
        above=above,
        labels=labels,
        parameters=parameters,
        views=None if view == usual_view(len(outer) + len(inner) - family) else both_layouts(view),
        origin="defined",
        start=start,
        heading=desk.table.heading,
    )


def _family_of(outer: tuple[Range, ...], above: int) -> int:
    """Slots over all integers are always written out, like labels."""
    endless = [n for n, r in enumerate(outer) if r.lower == -oo or r.upper == oo]
    return max([above, *(n + 1 for n in endless)]) if endless else above


def _slot_range(env: Environment, pattern: Pattern, slot: Expr) -> Range:
    if slot in pattern.ranges:
        return pattern.ranges[slot]
    return Range(slot, slot)


def _finish(
    desk: Desk,
    target: Target,
    tree: Tree,
    right: Tree,
    main: Body,
    other: Body | None,
    start: int,
    text: str,
) -> Defined:
    entry = desk.table.entries.get(target.name)
    if entry is not None and entry.origin in ("inferred",):
        entry = None
    layout = desk.main_layout
    if entry is None:
        entry = _new_entry(desk, target, main, layout, start)
        entry = _with_other_layout(entry, main, other, layout)
        entry = _with_steps(desk, entry, main)
        _refuse_holes(desk, entry, main, right)
        _put(desk, entry, tree)
    else:
        _refuse_redefinition(desk, entry, main.pattern, tree)
        _check_shape(entry, main, right)
    bodies = {layout: _definition(desk, entry, target, main, layout, right)}
    body, pattern, indices = bodies[layout]
    refuse_circle(desk, target.name, pattern, body, right)
    desk.table.define(Definition(target.name, pattern, body, _condition(entry, main)), text)
    head = terms.element(target.name, *pattern)
    per_layout = dict.fromkeys(LAYOUTS, body)
    return Defined(target.name, head, per_layout, indices)


def _with_other_layout(entry: Entry, main: Body, other: Body | None, layout: str) -> Entry:
    """How the name looks in the layout that its definition was not read in."""
    if not main.env.layout_matters:
        return entry
    second = next(x for x in LAYOUTS if x != layout)
    first_view = entry.view(layout)
    assert first_view is not None
    views = {layout: first_view}
    if other is not None:
        a, b = main.value, other.value
        if (len(a.rows), len(a.columns)) == (len(b.columns), len(b.rows)):
            views[second] = View(first_view.columns, first_view.rows)
        elif (len(a.rows), len(a.columns)) == (len(b.rows), len(b.columns)):
            views[second] = first_view
    if other is not None and len(main.value.rows) == len(main.value.columns) == 1:
        views[second] = _matrix_view(main, other, first_view)
    return replace(entry, views=views)


def _refuse_holes(desk: Desk, entry: Entry, main: Body, right: Tree) -> None:
    """A size that the definition leaves open, and that no undeclared name could still tell."""
    if any(is_hole(desk.sizes.resolve(r)) for r in entry.slots or ()) and not desk.inference.found:
        raise unreadable(
            "ambiguous-shape",
            right,
            f"the size of {entry.name} is not determined; write \\mathbf{{1}}_n or I_n, "
            f'or "Let ${entry.name} \\in \\mathbb{{R}}^{{n}}$"',
        )


def _matrix_view(main: Body, other: Body, view: View) -> View:
    """A matrix whose other reading is its transpose is seen transposed."""
    i, j = main.env.work.letters.several(2)
    try:
        same = main.value.entry((i, j)) == other.value.entry((i, j))
    except UnknownSize:
        same = True
    return view if same else View(view.columns, view.rows)


def _with_steps(desk: Desk, entry: Entry, body: Body) -> Entry:
    """The range of a slot that the definition itself reaches back or ahead in (h_{t-1} in h_t)."""
    known = desk.table.entries.get(entry.name)
    if known is None or known.slots is None or not entry.family or entry.slots is None:
        return entry
    slots = tuple(k if n < entry.family else s for n, (s, k) in enumerate(zip(entry.slots, known.slots, strict=False)))
    return replace(entry, slots=slots) if len(slots) == len(entry.slots) else entry


def _put(desk: Desk, entry: Entry, tree: Tree) -> None:
    desk.inference.declared(entry.name)
    desk.table.put(replace(entry, slots=tuple(desk.sizes.resolve(r) for r in entry.slots or ())))


def _refuse_redefinition(desk: Desk, entry: Entry, pattern: Pattern, tree: Tree) -> None:
    """A second definition of the same slots under one heading; under a later one it replaces the first."""
    same = [d for d in desk.table.definitions.get(entry.name, ()) if _same_slots(d, pattern)]
    if not same:
        return
    raise Redeclared(entry.name, entry.start)


def _same_slots(definition: Definition, pattern: Pattern) -> bool:
    fixed_old = [p for p in definition.pattern if not is_letter(p)]
    fixed_new = [p for p in pattern.slots if not is_letter(p)]
    if definition.condition != true or pattern.guards:
        return False
    return not fixed_old and not fixed_new


def _check_shape(entry: Entry, body: Body, right: Tree) -> None:
    """The declared shape against that of the right side."""
    env, value = body.env, body.value
    inner = entry.slots or ()
    rest = list(inner[len(body.pattern.slots) :])
    if value.any_shape:
        return
    view = entry.view(env.layout) or usual_view(len(rest))
    family = {p: s for p, s in zip(entry.parameters, body.pattern.slots, strict=False) if p != s}
    placed = [Range(r.lower.xreplace(family), r.upper.xreplace(family)) for r in rest]
    if len(rest) == entry.inner:
        declared = Array(tuple(placed[n] for n in view.rows), tuple(placed[n] for n in view.columns), value.entry)
    else:
        declared = Array(tuple(placed), (), value.entry)
    if not arrays.fits(env.work, declared, value):
        wanted, found = arrays.describe(env.work, declared), arrays.describe(env.work, value)
        raise misshapen(right, f"{entry.name} was declared as {wanted}, but this is {found}")


def _definition(
    desk: Desk, entry: Entry, target: Target, body: Body, layout: str, right: Tree
) -> tuple[Expr, tuple[Expr, ...], dict[Symbol, Range]]:
    """Body, pattern and ranges, with fresh letters for the slots of the array."""
    env, value = body.env, body.value
    rest = (entry.slots or ())[len(body.pattern.slots) :]
    letters = env.work.letters.several(len(rest))
    family = {p: s for p, s in zip(entry.parameters, body.pattern.slots, strict=False) if p != s}
    placed = [Range(r.lower.xreplace(family), r.upper.xreplace(family)) for r in rest]
    view = entry.view(layout) or usual_view(len(rest))
    try:
        if len(rest) != entry.inner or not rest:
            term = arrays.scalar_term(value) if not rest else value.entry(letters)
        else:
            model = Array(tuple(placed[n] for n in view.rows), tuple(placed[n] for n in view.columns), value.entry)
            shaped = arrays.shaped_like(env.work, value, model)
            term = shaped.entry(tuple(letters[n] for n in (*view.rows, *view.columns)))
    except UnknownSize as error:
        raise unreadable(
            "ambiguous-shape", right, "the size of a vector of ones or of an identity is not determined here"
        ) from error
    except ShapeError as error:
        raise misshapen(right, str(error)) from error
    indices = dict(body.pattern.ranges)
    indices.update(zip(letters, placed, strict=True))
    return term, (*body.pattern.slots, *letters), indices


def _condition(entry: Entry, body: Body) -> Boolean:
    """Where the definition holds: the parts of the slots' ranges that it speaks of."""
    parts = list(body.pattern.guards)
    for slot, extent in zip(body.pattern.slots, entry.slots or (), strict=False):
        stated = body.pattern.ranges.get(slot)
        if stated is None or is_hole(extent):
            continue
        if stated.lower != extent.lower and stated.lower != -oo:
            parts.append(sympy.Ge(slot, stated.lower, evaluate=False))
        if stated.upper != extent.upper and stated.upper != oo:
            parts.append(sympy.Le(slot, stated.upper, evaluate=False))
    if not parts:
        return true
    return parts[0] if len(parts) == 1 else sympy.And(*parts, evaluate=False)
