"""Names and their scripts: elements of tensors, whole arrays, slices, elements of expressions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import sympy
from sympy import Expr, Integer, Rational

from checker.calculus import arrays, matrices, terms
from checker.calculus.arrays import Array
from checker.calculus.functions import call
from checker.calculus.shapes import upto
from checker.language import names
from checker.language.entries import named, pick
from checker.language.environment import Environment
from checker.language.faults import outside, unreadable
from checker.language.powers import is_inverse_transpose, is_transpose, only, raised
from checker.language.slots import index_expression, is_index_letter, size_expression
from checker.language.surface import (
    Factors,
    Group,
    Hole,
    Name,
    Number,
    Relation,
    Scripted,
    Tree,
)
from checker.language.symbols import Entry

# ---------------------------------------------------------------------------------------- bare names


_CONSTANTS = frozenset({"e", "\\pi", "I", "\\mathbf{1}", "\\mathbf{0}", "\\mathbb{1}", "\\mathbb{I}", "\\infty"})


def lower_name(env: Environment, tree: Name) -> Array:
    name = tree.name
    if name in env.bound:
        return arrays.number(env.bound[name])
    if name in env.pending:
        return arrays.anything_zero()
    entry = env.table.entries.get(name)
    if entry is not None and entry.origin != "inferred" and (tree.upright or not env.is_reused(name)):
        return named(env, entry, tree, (), ())
    if (name in env.letters and not tree.upright) or env.is_index(name):
        return arrays.number(env.index_symbol(name))
    if name in _CONSTANTS:
        return _constant(env, tree)
    _refuse_dropped(env, name, tree)
    if tree.upright:
        raise unreadable("unknown-symbol", tree, f'"{name}" has no meaning here; declare it with "Let ${name} = …$"')
    if env.is_function(name) and entry is None:
        raise unreadable("unknown-symbol", tree, f"{name} is a function and needs an argument here")
    root = _root_of_square(env, tree, tree, ())
    if root is not None:
        return root
    entry = env.inference.entry(env.table, name, None, tree)
    why = _no_number(env, tree)
    if why is not None and entry.slots == ():
        raise unreadable(
            "ambiguous-shape",
            tree,
            f'{name} is {why}, but nothing tells its shape; write "Let ${name} \\in \\mathbb{{R}}^{{n}}$"',
        )
    return named(env, entry, tree, (), ())


def _no_number(env: Environment, tree: Name) -> str | None:
    """What shows that a name is an array, although nothing tells its shape."""
    if tree.style == "bold":
        return "set in bold"
    if tree.name in env.inference.unsaid.arrays:
        return "transposed"
    heading = env.table.said_arrays.get(tree.name)
    return "said to be an array" if heading is not None and env.table.stands_under(heading) else None


def _refuse_dropped(env: Environment, name: str, tree: Tree) -> None:
    cause = env.table.dropped.get(name)
    if cause is not None:
        raise unreadable(
            "unknown-symbol",
            tree,
            f"{name} was defined by {cause}, which has been declared anew since; define {name} again",
        )


def _root_of_square(env: Environment, tree: Tree, base: Name, below: tuple[Tree, ...]) -> Array | None:
    """``\\sigma_j`` where \\sigma_j^2 has been defined and \\sigma_j has not: its root."""
    square = Scripted(tree.span, base, below, (Number(tree.span, Fraction(2), "2"),))
    if not {str(names.spell(square)), names.squared(base.name)} & env.table.entries.keys():
        return None
    return arrays.elementwise(lambda x: terms.power(x, terms.number("1/2")), lower_scripted(env, square))


def _constant(env: Environment, tree: Name) -> Array:
    match tree.name:
        case "e":
            return arrays.number(sympy.E)
        case "\\pi":
            return arrays.number(sympy.pi)
        case "I" | "\\mathbb{I}":
            return matrices.identity(env.work)
        case "\\mathbf{1}" | "\\mathbb{1}":
            return matrices.ones(env.work)
        case "\\mathbf{0}":
            return arrays.anything_zero()
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
    if arrays.is_number(env.work, value) or not _is_matrix_word(env, tree.superscripts):
        picked = pick(env, value, tree.subscripts, tree) if tree.subscripts else value
        return raised(env, picked, tree)
    changed = raised(env, value, tree)
    return pick(env, changed, tree.subscripts, tree) if tree.subscripts else changed


def _is_matrix_word(env: Environment, parts: Sequence[Tree]) -> bool:
    return is_transpose(env, parts) or names.is_inverse(parts) or is_inverse_transpose(env, parts)


def _scripted_name(env: Environment, tree: Scripted, base: Name) -> Array:
    if base.name in env.pending:
        return arrays.anything_zero()
    if base.name in env.bound and names.spell(tree) not in env.table.entries:
        return scripted_value(env, arrays.number(env.bound[base.name]), tree)
    if _is_bracketed_power(env, tree, base):
        tree = replace(tree, brackets="")
    entry, above, below = _resolve(env, tree, base)
    if entry is None:
        return _special(env, tree, base)
    if base.name == "\\delta" and _must_be_kronecker(entry, above, below):
        return _kronecker(env, tree)
    if base.name == "e" and _is_exponential(env, entry, tree, above, below):
        return _exponential(env, tree)
    if above and not _takes_label(env, entry, tree):
        first = not _is_matrix_word(env, above) or entry.family > 0 or any(isinstance(p, Hole) for p in below)
        whole = named(env, entry, tree, (), below if first else ())
        known = replace(base, name=entry.name)
        return scripted_value(env, whole, Scripted(tree.span, known, () if first else below, above))
    return named(env, entry, tree, above, below)


def _is_bracketed_power(env: Environment, tree: Scripted, base: Name) -> bool:
    """``x^{(p-1)}`` of a declared name without labels, with an exponent that is no index."""
    entry = env.table.entries.get(base.name)
    if not names.is_label(tree) or entry is None or entry.origin == "inferred" or entry.above:
        return False
    letters = [x for part in tree.superscripts for x in names.letters_in(part)]
    known = [env.table.entries.get(x) for x in letters]
    return bool(letters) and all(e is not None and e.kind == "tensor" and e.slots == () for e in known)


def _is_exponential(
    env: Environment, entry: Entry, tree: Scripted, above: tuple[Tree, ...], below: tuple[Tree, ...]
) -> bool:
    """``e^{x_i}`` beside a vector e, which has no power."""
    plain = bool(entry.slots and above) and not below
    return plain and not _is_matrix_word(env, above) and not _takes_label(env, entry, tree)


def _takes_label(env: Environment, entry: Entry, tree: Scripted) -> bool:
    return names.is_label(tree) or (entry.above > 0 and not _is_matrix_word(env, tree.superscripts))


def _resolve(env: Environment, tree: Scripted, base: Name) -> tuple[Entry | None, tuple[Tree, ...], tuple[Tree, ...]]:
    """The entry a scripted name means, with the scripts that are not part of its name."""
    entries = env.table.entries
    root = base.name + "'" * tree.primes
    below, above = names.spell_parts(tree.subscripts), names.spell_parts(tree.superscripts)
    labelled = names.is_label(tree)
    if below is not None and above is not None:
        full = entries.get(names.with_scripts(root, below, above, tree.brackets))
        if full is not None:
            _refuse_captured(env, tree)
            return full, (), ()
    if labelled and above is not None:
        with_label = entries.get(names.with_scripts(root, "", above, tree.brackets))
        if with_label is not None:
            return with_label, (), tree.subscripts
    if tree.subscripts and below is not None:
        with_index = entries.get(names.with_scripts(root, below))
        if with_index is not None:
            _refuse_captured(env, tree)
            return with_index, tree.superscripts, ()
    if names.is_square(tree) and root not in entries:
        square = entries.get(names.squared(root))
        if square is not None:
            return square, (), tree.subscripts
    entry = entries.get(root)
    if entry is not None and is_numbered_anew(entry, tree, env.table.heading):
        entry = None
    fits = entry is not None and (entry.above > 0 or not labelled)
    if entry is not None and fits and (entry.origin != "inferred" or not tree.subscripts or entry.slots):
        return entry, tree.superscripts, tree.subscripts
    return None, tree.superscripts, tree.subscripts


def _refuse_captured(env: Environment, tree: Scripted) -> None:
    """``\\sum_t \\ell_t`` of a name ``\\ell_t``, which is one quantity as far as the document says."""
    for part in names.slot_parts(tree.subscripts, None):
        if isinstance(part, Name) and part.name in env.bound and not part.upright:
            spelled = names.spell(tree)
            raise unreadable(
                "ambiguous-shape",
                tree,
                f"{spelled} was introduced as the name of one quantity, but {part.name} runs here; "
                f'say it of each: "for ${part.name} = 1, \\dots, n$"',
            )


def is_numbered_anew(entry: Entry, tree: Scripted, heading: int) -> bool:
    """``W_1`` and ``W_2`` in a later section than the matrix W: matrices of their own, no parts of it."""
    number = len(tree.subscripts) == 1 and isinstance(tree.subscripts[0], Number)
    return number and entry.kind == "tensor" and entry.heading < heading and entry.inner == 2 and not entry.family


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
    if name == "e" and len(tree.subscripts) == 1 and (not tree.superscripts or _is_matrix_word(env, tree.superscripts)):
        unit = matrices.unit_vector(env.work, index_expression(env, tree.subscripts[0]))
        return raised(env, unit, tree) if tree.superscripts else unit
    return _undeclared(env, tree, base)


def _exponential(env: Environment, tree: Scripted) -> Array:
    exponent = env.lower(env, only(tree.superscripts, tree))
    if arrays.is_square(env.work, exponent) and not arrays.is_number(env.work, exponent):
        raise outside(tree, "the exponential of a matrix; write \\exp and say that it is applied elementwise")
    return arrays.elementwise(lambda x: call("exp", x), exponent)


def _must_be_kronecker(entry: Entry, above: tuple[Tree, ...], below: tuple[Tree, ...]) -> bool:
    """``\\delta_{ij}`` beside a number \\delta, or an error vector, which takes one index, and its label."""
    if above or entry.slots is None or len(names.slot_parts(below, 2)) != 2:
        return False
    return entry.above > 0 or len(entry.slots) <= 1


def _kronecker(env: Environment, tree: Scripted) -> Array:
    if isinstance(tree.base, Name) and tree.base.name in env.table.lost:
        what = f"the document says of {tree.base.name} what cannot be taken in, so it may not be Kronecker's"
        raise unreadable("unknown-symbol", tree, f"{what}; mend that sentence first")
    left, right = (index_expression(env, p) for p in names.slot_parts(tree.subscripts, 2))
    env.indices.link(left, right)
    return _powered(env, arrays.number(terms.delta(left, right)), tree)


def _powered(env: Environment, value: Array, tree: Scripted) -> Array:
    return raised(env, value, tree) if tree.superscripts else value


def _scripted_one(env: Environment, tree: Scripted) -> Array:
    part = tree.subscripts[0]
    if isinstance(part, (Relation, Group)):
        return _powered(
            env, env.lower(env, Factors(tree.span, (Name(tree.span, "\\mathbf{1}"), _in_group(part)), ("",))), tree
        )
    sizes = [upto(size_expression(env, p)) for p in _factors_of_a_size(tree.subscripts)]
    ones = Array((sizes[0],), tuple(sizes[1:]), lambda _: Integer(1))
    return _powered(env, ones, tree)


def _factors_of_a_size(parts: Sequence[Tree]) -> tuple[Tree, ...]:
    """``1_n``, ``1_{m, n}``, ``1_{m \\times n}``."""
    match parts:
        case (Factors(factors=factors, operators=("\\times",)),):
            return factors
        case (_,) | (_, _):
            return tuple(parts)
        case _:
            raise unreadable("syntax", parts[0], "a vector or matrix of ones takes one or two sizes")


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
        whole = _family(env, tree, base) if root in env.families else None
        if whole is not None:
            return whole
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
    square = _root_of_square(env, tree, base, tree.subscripts) if not names.is_label(tree) else None
    if square is not None:
        return scripted_value(env, square, replace(tree, subscripts=())) if tree.superscripts else square
    _refuse_dropped(env, root, tree)
    if base.upright and root not in env.table.entries:
        raise unreadable("unknown-symbol", tree, f'"{root}" has no meaning here; declare it')
    rank = len(names.slot_parts(below, None)) if below else None
    entry = env.inference.entry(env.table, root, rank, tree)
    if above:
        _refuse_layer(env, tree, root)
        whole = named(env, entry, tree, (), below)
        return scripted_value(env, whole, Scripted(tree.span, replace(base, name=entry.name), (), above))
    return named(env, entry, tree, (), below)


def _family(env: Environment, tree: Scripted, base: Name) -> Array | None:
    """``W^{(l)}`` and ``W_{ij}^{(l)}`` that nothing declares, where the formulas of the document tell its rank."""
    name, below = base.name, tree.subscripts
    if below and not _all_indices(env, below):
        spelled = names.spell_parts(below)
        if spelled is None:
            return None
        name, below = names.with_scripts(name, spelled), ()
    if base.upright or name in env.table.dropped:
        return None
    rank = len(names.slot_parts(below, None)) if below else None
    entry = env.inference.family(env.table, name, rank, tree)
    return None if entry is None else named(env, entry, tree, tree.superscripts, below)


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
    return bool(letters) and all(is_index_letter(env, x) for x in letters)


def fraction_term(value: Fraction) -> Expr:
    return Integer(value.numerator) if value.denominator == 1 else Rational(value.numerator, value.denominator)
