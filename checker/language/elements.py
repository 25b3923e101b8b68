"""Names and their scripts: elements of tensors, whole arrays, slices, elements of expressions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import sympy
from sympy import Expr, Integer

from checker.calculus import matrices, terms
from checker.calculus.context import Range
from checker.calculus.functions import call
from checker.calculus.matrices import Array
from checker.calculus.shapes import ShapeError, range_text, upto
from checker.language import names
from checker.language.environment import Environment, is_integer_term
from checker.language.faults import misindexed, misshapen, outside, unreadable
from checker.language.surface import (
    Factors,
    Fraction_,
    Group,
    Hole,
    Name,
    Number,
    Relation,
    Scripted,
    Terms,
    Tree,
)
from checker.language.symbols import Entry

LARGEST_INDEX = 10**6

# --------------------------------------------------------------------------------- index expressions


def index_expression(env: Environment, tree: Tree) -> Expr:
    """What stands in an index slot: affine in letters, sizes and integer elements."""
    match tree:
        case Number():
            return _integer(tree)
        case Name():
            return _index_name(env, tree)
        case Terms():
            return sympy.Add(*(s * index_expression(env, t) for t, s in zip(tree.terms, tree.signs, strict=True)))
        case Factors():
            return _index_product(env, tree)
        case Group(kind="(" | "[" | "{", items=(inner,)):
            return index_expression(env, inner)
        case Scripted():
            return _integer_element(env, tree)
        case _:
            raise unreadable("syntax", tree, "this cannot stand as an index; write a letter, a number or such as i + 1")


def _integer(tree: Number) -> Expr:
    if tree.value.denominator != 1 or abs(tree.value) > LARGEST_INDEX:
        raise unreadable("syntax", tree, f"{tree.text} is no index; an index is a small integer")
    return Integer(tree.value.numerator)


def _index_name(env: Environment, tree: Name) -> Expr:
    if tree.upright and tree.name not in env.table.entries:
        raise unreadable(
            "unknown-symbol", tree, f"{tree.name} is neither an index nor part of a name; declare the whole name"
        )
    if tree.name == "\\infty":
        return sympy.oo
    entry = env.table.entries.get(tree.name)
    if tree.name not in env.bound and entry is not None and _is_real_number(entry):
        raise unreadable(
            "ambiguous-shape",
            tree,
            f'{tree.name} is a real number; as an index it needs another letter, or "Let ${tree.name}$ be an integer"',
        )
    symbol = env.index_symbol(tree.name)
    if not is_integer_term(symbol):
        raise unreadable("ambiguous-shape", tree, f"{tree.name} is a real number here and cannot be an index")
    return symbol


def _is_real_number(entry: Entry) -> bool:
    return entry.kind == "tensor" and entry.slots == () and entry.origin != "inferred" and not entry.integer


def _index_product(env: Environment, tree: Factors) -> Expr:
    if any(op not in ("", "\\cdot", "\\times", "*") for op in tree.operators):
        raise outside(tree, "an index must be a sum of letters times whole numbers")
    factors = [index_expression(env, f) for f in tree.factors]
    if sum(not isinstance(f, Integer) for f in factors) > 1:
        raise outside(tree, "a product of two letters cannot stand as an index")
    return sympy.Mul(*factors)


def _integer_element(env: Environment, tree: Scripted) -> Expr:
    spelled = names.spell(tree)
    if spelled is not None and spelled in env.table.entries:
        entry = env.table.entries[spelled]
        if entry.kind in ("size", "index"):
            return terms.size(spelled) if entry.kind == "size" else env.index_symbol(spelled)
    base = tree.base
    if not isinstance(base, Name):
        raise outside(tree, "this cannot stand as an index")
    found = env.table.entries.get(base.name)
    if found is None and names.spell(tree) is not None and not _has_index_letters(env, tree):
        return env.size_symbol(str(names.spell(tree)), tree)
    if found is None:
        found = env.inference.entry(env.table, base.name, len(names.slot_parts(tree.subscripts, None)), tree)
    if found.kind == "tensor" and not found.integer and found.origin != "inferred":
        raise unreadable(
            "ambiguous-shape",
            tree,
            f"{names.spell(tree) or base.name} stands as an index but is real; say that it is an integer",
        )
    return matrices.scalar_term(named(env, found, tree, tree.superscripts, tree.subscripts))


def _has_index_letters(env: Environment, tree: Scripted) -> bool:
    letters = [x for part in tree.subscripts for x in names.letters_in(part)]
    return any(x in env.bound or _is_index_letter(env, x) for x in letters)


# ---------------------------------------------------------------------------------------- bare names

_CONSTANTS = frozenset({"e", "\\pi", "I", "\\mathbf{1}", "\\mathbf{0}", "\\mathbb{1}", "\\mathbb{I}", "\\infty"})


def lower_name(env: Environment, tree: Name) -> Array:
    name = tree.name
    if name in env.bound:
        return matrices.number(env.bound[name])
    if name in env.pending:
        return matrices.anything_zero()
    entry = env.table.entries.get(name)
    if entry is not None and entry.origin != "inferred":
        return named(env, entry, tree, (), ())
    if (name in env.letters and not tree.upright) or env.is_index(name):
        return matrices.number(env.index_symbol(name))
    if name in _CONSTANTS:
        return _constant(env, tree)
    _refuse_dropped(env, name, tree)
    if tree.upright:
        raise unreadable("unknown-symbol", tree, f'"{name}" has no meaning here; declare it with "Let ${name} = …$"')
    if env.is_function(name) and entry is None:
        raise unreadable("unknown-symbol", tree, f"{name} is a function and needs an argument here")
    return named(env, env.inference.entry(env.table, name, None, tree), tree, (), ())


def _refuse_dropped(env: Environment, name: str, tree: Tree) -> None:
    cause = env.table.dropped.get(name)
    if cause is not None:
        raise unreadable(
            "unknown-symbol",
            tree,
            f"{name} was defined by {cause}, which has been declared anew since; define {name} again",
        )


def _constant(env: Environment, tree: Name) -> Array:
    match tree.name:
        case "e":
            return matrices.number(sympy.E)
        case "\\pi":
            return matrices.number(sympy.pi)
        case "I" | "\\mathbb{I}":
            return matrices.identity(env.work)
        case "\\mathbf{1}" | "\\mathbb{1}":
            return matrices.ones(env.work)
        case "\\mathbf{0}":
            return matrices.anything_zero()
        case _:
            raise outside(tree, f"{tree.name} is not a number")


# ---------------------------------------------------------------------------------- scripted names


def lower_scripted(env: Environment, tree: Scripted) -> Array:
    base = tree.base
    if isinstance(base, Name):
        return _scripted_name(env, tree, base)
    spelled = names.spell(tree)
    if spelled is not None and spelled in env.table.entries:
        return named(env, env.table.entries[spelled], tree, (), ())
    if isinstance(base, Scripted) and not tree.superscripts and not tree.primes:
        joined = _joined(base, tree)
        if joined is not None:
            return lower_scripted(env, joined)
    return scripted_value(env, env.lower(env, base), tree)


def _joined(inner: Scripted, outer: Scripted) -> Scripted | None:
    """``{W^{(l)}}_{ij}`` as one scripted name."""
    if inner.subscripts or not isinstance(inner.base, Name):
        return None
    return Scripted(outer.span, inner.base, outer.subscripts, inner.superscripts, inner.brackets, inner.primes)


def scripted_value(env: Environment, value: Array, tree: Scripted) -> Array:
    """Scripts on a value: powers, transposes, inverses, then elements (a power comes after the element)."""
    if names.is_label(tree):
        raise unreadable("syntax", tree, "a label in brackets can only stand on a name")
    if tree.primes:
        raise unreadable("syntax", tree, "a prime can only stand on the name of a function")
    if not tree.superscripts:
        return pick(env, value, tree.subscripts, tree)
    if matrices.is_number(env.work, value) or not _is_matrix_word(tree.superscripts):
        picked = pick(env, value, tree.subscripts, tree) if tree.subscripts else value
        return raised(env, picked, tree)
    changed = raised(env, value, tree)
    return pick(env, changed, tree.subscripts, tree) if tree.subscripts else changed


def _is_matrix_word(parts: Sequence[Tree]) -> bool:
    return names.is_transpose(parts) or names.is_inverse(parts) or names.is_inverse_transpose(parts)


def _scripted_name(env: Environment, tree: Scripted, base: Name) -> Array:
    if base.name in env.pending:
        return matrices.anything_zero()
    if base.name in env.bound and names.spell(tree) not in env.table.entries:
        return scripted_value(env, matrices.number(env.bound[base.name]), tree)
    if _is_bracketed_power(env, tree, base):
        tree = replace(tree, brackets="")
    entry, above, below = _resolve(env, tree, base)
    if entry is None:
        return _special(env, tree, base)
    primes = 0
    if above and not _takes_label(entry, tree):
        whole = named(env, entry, tree, (), below) if not _is_matrix_word(above) else named(env, entry, tree, (), ())
        rest = below if _is_matrix_word(above) else ()
        return scripted_value(env, whole, Scripted(tree.span, base, rest, above, "", primes))
    return named(env, entry, tree, above, below)


def _is_bracketed_power(env: Environment, tree: Scripted, base: Name) -> bool:
    """``x^{(p-1)}`` of a declared name without labels, with an exponent that is no index."""
    entry = env.table.entries.get(base.name)
    if not names.is_label(tree) or entry is None or entry.origin == "inferred" or entry.above:
        return False
    letters = [x for part in tree.superscripts for x in names.letters_in(part)]
    known = [env.table.entries.get(x) for x in letters]
    return bool(letters) and all(e is not None and e.kind == "tensor" and e.slots == () for e in known)


def _takes_label(entry: Entry, tree: Scripted) -> bool:
    if names.is_label(tree):
        return True
    return entry.above > 0 and not _is_matrix_word(tree.superscripts)


def _resolve(env: Environment, tree: Scripted, base: Name) -> tuple[Entry | None, tuple[Tree, ...], tuple[Tree, ...]]:
    """The entry a scripted name means, with the scripts that are not part of its name."""
    entries = env.table.entries
    root = base.name + "'" * tree.primes
    below, above = names.spell_parts(tree.subscripts), names.spell_parts(tree.superscripts)
    labelled = names.is_label(tree)
    if below is not None and above is not None:
        full = entries.get(names.with_scripts(root, below, above, tree.brackets))
        if full is not None:
            return full, (), ()
    if labelled and above is not None:
        with_label = entries.get(names.with_scripts(root, "", above, tree.brackets))
        if with_label is not None:
            return with_label, (), tree.subscripts
    if tree.subscripts and below is not None:
        with_index = entries.get(names.with_scripts(root, below))
        if with_index is not None:
            return with_index, tree.superscripts, ()
    entry = entries.get(root)
    fits = entry is not None and (entry.above > 0 or not labelled)
    if entry is not None and fits and (entry.origin != "inferred" or not tree.subscripts or entry.slots):
        return entry, tree.superscripts, tree.subscripts
    return None, tree.superscripts, tree.subscripts


def _special(env: Environment, tree: Scripted, base: Name) -> Array:
    """A scripted name that no entry explains: a constant, Kronecker's delta, or an undeclared name."""
    name = base.name
    if tree.primes:
        raise unreadable("unknown-symbol", tree, f"{name}' is neither declared nor followed by an argument")
    if name in env.bound or (env.is_index(name) and not tree.subscripts and not names.is_label(tree)):
        return scripted_value(env, lower_name(env, base), tree)
    if name == "e" and tree.superscripts and not tree.subscripts and not names.is_label(tree):
        return _exponential(env, tree)
    if name == "\\delta" and not names.is_label(tree) and len(names.slot_parts(tree.subscripts, 2)) == 2:
        return _kronecker(env, tree)
    if name in ("\\mathbf{1}", "\\mathbb{1}", "1") and tree.subscripts:
        return _scripted_one(env, tree)
    if name in ("I", "\\mathbb{I}") and tree.subscripts:
        return _scripted_identity(env, tree, base)
    if name in _CONSTANTS and not tree.subscripts and not names.is_label(tree):
        return scripted_value(env, _constant(env, base), tree)
    if name == "e" and len(tree.subscripts) == 1 and not tree.superscripts:
        return matrices.unit_vector(env.work, index_expression(env, tree.subscripts[0]))
    return _undeclared(env, tree, base)


def _exponential(env: Environment, tree: Scripted) -> Array:
    exponent = env.lower(env, _only(tree.superscripts, tree))
    if matrices.is_square(env.work, exponent) and not matrices.is_number(env.work, exponent):
        raise outside(tree, "the exponential of a matrix; write \\exp and say that it is applied elementwise")
    return matrices.elementwise(lambda x: call("exp", x), exponent)


def _only(parts: Sequence[Tree], tree: Tree) -> Tree:
    if len(parts) != 1:
        raise unreadable("syntax", tree, "one expression is expected in this superscript")
    return parts[0]


def _kronecker(env: Environment, tree: Scripted) -> Array:
    left, right = (index_expression(env, p) for p in names.slot_parts(tree.subscripts, 2))
    env.indices.link(left, right)
    return _powered(env, matrices.number(terms.delta(left, right)), tree)


def _powered(env: Environment, value: Array, tree: Scripted) -> Array:
    return raised(env, value, tree) if tree.superscripts else value


def _scripted_one(env: Environment, tree: Scripted) -> Array:
    part = tree.subscripts[0]
    if isinstance(part, (Relation, Group)):
        return _powered(
            env, env.lower(env, Factors(tree.span, (Name(tree.span, "\\mathbf{1}"), _in_group(part)), ("",))), tree
        )
    length = size_expression(env, part)
    ones = Array((upto(length),), (), lambda _: Integer(1))
    return _powered(env, ones, tree)


def _in_group(part: Tree) -> Group:
    return part if isinstance(part, Group) else Group(part.span, "[", (part,))


def _scripted_identity(env: Environment, tree: Scripted, base: Name) -> Array:
    parts = names.slot_parts(tree.subscripts, 2)
    if len(parts) == 2:
        return _kronecker(env, tree)
    extent = upto(size_expression(env, parts[0]))
    identity = Array((extent,), (extent,), lambda at: terms.delta(at[0], at[1]))
    return _powered(env, identity, tree)


def _undeclared(env: Environment, tree: Scripted, base: Name) -> Array:
    """A scripted name that nothing declares: scripts of index letters are slots, others part of the name."""
    root = base.name
    above: tuple[Tree, ...] = tree.superscripts
    if names.is_label(tree):
        spelled = names.spell_parts(above)
        if spelled is None or root in env.families:
            raise unreadable(
                "ambiguous-shape",
                tree,
                f"nothing says what {root} with this label is; "
                f'write "Let ${root}^{{(k)}} \\in \\mathbb{{R}}^{{n}}$ for $k = 1, \\dots, L$"',
            )
        root, above = names.with_scripts(root, "", spelled, tree.brackets), ()
    below = tree.subscripts
    if below and not _all_indices(env, below):
        spelled_below = names.spell_parts(below)
        if spelled_below is None:
            raise unreadable(
                "unknown-symbol", tree, f"nothing says what the subscript of {root} means; declare the name"
            )
        root, below = names.with_scripts(root, spelled_below), ()
    _refuse_dropped(env, root, tree)
    if base.upright and root not in env.table.entries:
        raise unreadable("unknown-symbol", tree, f'"{root}" has no meaning here; declare it')
    rank = len(names.slot_parts(below, None)) if below else None
    entry = env.inference.entry(env.table, root, rank, tree)
    if above:
        _refuse_layer(env, tree, root)
        whole = named(env, entry, tree, (), below)
        return scripted_value(env, whole, Scripted(tree.span, base, (), above))
    return named(env, entry, tree, (), below)


def _refuse_layer(env: Environment, tree: Scripted, root: str) -> None:
    """``w^l``: on a name that nothing declares, a layer letter may be a label or a power."""
    letters = [x for part in tree.superscripts for x in names.letters_in(part)]
    if letters and all(x in ("l", "L", "\\ell") for x in letters):
        raise unreadable(
            "ambiguous-shape",
            tree,
            f"whether this superscript of {root} is a label or a power is not clear; write {root}^{{({letters[0]})}} "
            f'or "Let ${root}^{{{letters[0]}}} \\in \\mathbb{{R}}^{{n}}$ for ${letters[0]} = 1, \\dots, L$"',
        )


def _all_indices(env: Environment, parts: Sequence[Tree]) -> bool:
    letters = [x for part in parts for x in names.letters_in(part)]
    if any(names.is_concrete(p) and not isinstance(p, Number) for p in parts):
        return False
    return bool(letters) and all(_is_index_letter(env, x) for x in letters)


def _is_index_letter(env: Environment, letter: str) -> bool:
    if letter in env.bound:
        return is_integer_term(env.bound[letter])
    entry = env.table.entries.get(letter)
    if entry is not None and entry.kind in ("index", "size"):
        return True
    if letter in env.index_letters:
        return True
    return entry is None and letter in _USUAL_INDICES


_USUAL_INDICES = frozenset("ijklmnpqrst")

# ------------------------------------------------------------------------------- what an entry means


def named(env: Environment, entry: Entry, tree: Tree, above: Sequence[Tree], below: Sequence[Tree]) -> Array:
    """The value of a known name with the scripts that are not part of it."""
    if entry.kind == "size":
        return _no_scripts(matrices.number(terms.size(entry.name)), tree, above, below, entry)
    if entry.kind == "index":
        return _no_scripts(matrices.number(env.index_symbol(entry.name)), tree, above, below, entry)
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
    if expected == 0:
        return misshapen(tree, f"{entry.name} is {_described(entry)} and takes no {where}")
    return misshapen(tree, f"{entry.name} is {_described(entry)} and takes {expected} in its {where}, not {given}")


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
        return matrices.number(value)
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
        shape = matrices.describe(env.work, value)
        raise misindexed(tree, f"{where} is {shape}, which takes {len(value.slots)} indices, not {len(slots)}")
    if any(isinstance(s, Hole) for s in slots):
        return _slice(env, value, slots, tree, where)
    at = tuple(index_expression(env, s) for s in slots)
    for expression, extent in zip(at, value.slots, strict=True):
        env.indices.use(expression, extent, tree.span, where)
    return matrices.number_at(value, at)


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


# --------------------------------------------------------------------------------------------- powers


def raised(env: Environment, value: Array, tree: Scripted) -> Array:
    """A superscript that is no label: transpose, inverse, power."""
    parts = tree.superscripts
    work = env.work
    try:
        if names.is_transpose(parts):
            _refuse_unknown_transpose(env, value, tree)
            return matrices.transposed(work, value)
        if names.is_inverse_transpose(parts):
            return matrices.transposed(work, matrices.inverse(work, value))
        if names.is_inverse(parts):
            return matrices.inverse(work, value)
        part = _only(parts, tree)
        if value.any_shape or matrices.is_number(work, value):
            exponent = env.lower(env, part)
            return _number_power(env, value, exponent, tree)
        return _array_power(env, value, part, tree)
    except ShapeError as error:
        raise misshapen(tree, str(error)) from error


def _refuse_unknown_transpose(env: Environment, value: Array, tree: Scripted) -> None:
    """A transposed name that nothing gives a shape is no number."""
    name = names.spell(tree.base)
    entry = env.table.entries.get(name or "")
    if entry is not None and entry.origin == "inferred" and entry.slots == () and matrices.is_number(env.work, value):
        raise unreadable(
            "ambiguous-shape",
            tree,
            f'{name} is transposed, but nothing tells its shape; write "Let ${name} \\in \\mathbb{{R}}^{{n}}$"',
        )


def _number_power(env: Environment, value: Array, exponent: Array, tree: Tree) -> Array:
    if not matrices.is_number(env.work, exponent):
        raise misshapen(tree, f"the exponent is {matrices.describe(env.work, exponent)}, not a number")
    base = matrices.as_number(env.work, value)
    return Array(
        (),
        (),
        lambda _: terms.power(matrices.scalar_term(base), matrices.scalar_term(exponent)),
        literal=base.literal and exponent.literal,
    )


def _array_power(env: Environment, value: Array, part: Tree, tree: Tree) -> Array:
    if not matrices.is_square(env.work, value):
        shape = matrices.describe(env.work, value)
        raise misshapen(tree, f"{shape} has no power; for powers of the elements write x \\odot x or name the index")
    exponent = _matrix_exponent(env, part)
    return matrices.matrix_power(env.work, value, exponent)


def _matrix_exponent(env: Environment, part: Tree) -> Expr:
    match part:
        case Number(value=value) if value.denominator != 1:
            raise outside(part, "a fractional power of a matrix")
        case Fraction_():
            raise outside(part, "a fractional power of a matrix")
        case _:
            return index_expression(env, part)


# ----------------------------------------------------------------------------------------------- sizes


def size_expression(env: Environment, tree: Tree) -> Expr:
    """A size as written in a shape or at the end of a range: ``n``, ``784``, ``2L``, ``T+K-1``, ``n_{k-1}``."""
    match tree:
        case Number():
            return _integer(tree)
        case Name(name="\\infty"):
            return sympy.oo
        case Name():
            return env.size_symbol(tree.name, tree)
        case Terms():
            return sympy.Add(*(s * size_expression(env, t) for t, s in zip(tree.terms, tree.signs, strict=True)))
        case Factors():
            return _size_product(env, tree)
        case Group(kind="(", items=(inner,)):
            return size_expression(env, inner)
        case Scripted():
            return _scripted_size(env, tree)
        case _:
            raise unreadable("syntax", tree, "this is no size; write a letter, a number or such as n + 1")


def _size_product(env: Environment, tree: Factors) -> Expr:
    if any(op not in ("", "\\cdot", "\\times", "*") for op in tree.operators):
        raise outside(tree, "a size must be a sum of letters times whole numbers")
    return sympy.Mul(*(size_expression(env, f) for f in tree.factors))


def _scripted_size(env: Environment, tree: Scripted) -> Expr:
    spelled = names.spell(tree)
    base = tree.base
    if isinstance(base, Name):
        entry = env.table.entries.get(base.name)
        if entry is not None and (entry.kind == "sizes" or entry.integer):
            return matrices.scalar_term(named(env, entry, tree, tree.superscripts, tree.subscripts))
    if spelled is None:
        raise unreadable("syntax", tree, "this is no size")
    return env.size_symbol(spelled, tree)


def fraction_term(value: Fraction) -> Expr:
    return terms.number(f"{value.numerator}/{value.denominator}")
