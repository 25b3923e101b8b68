"""How a name is spelled, and what stands in its scripts.

A *spelling* is canonical LaTeX: ``w_{13}``, ``\\bar{z}_i``, ``x^{(1)}``, ``L_{\\text{total}}``, ``e(y)``.
Two trees with the same spelling are the same name; whether a script is part of a name or an index is for
the symbol table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction

from checker.language.surface import (
    Factors,
    Group,
    Hole,
    Name,
    Number,
    Scripted,
    Terms,
    Text,
    Tree,
)

TRANSPOSES = frozenset({"\\top", "T", "\\intercal", "\\mathsf{T}", "\\mathrm{T}", "\\transpose", "t", "Tr"})


def spell(tree: Tree) -> str | None:
    """The canonical spelling of a tree that may be a name, else None."""
    match tree:
        case Name():
            return tree.name
        case Scripted():
            return _spell_scripted(tree)
        case Group(kind="(", items=(inner,)) if isinstance(inner, (Name, Scripted)):
            return spell(inner)
        case Factors(factors=(Name() as function, Group(kind="(") as group), operators=("",)):
            return _spell_applied(function, group)
        case _:
            return None


def _spell_applied(function: Name, group: Group) -> str | None:
    inside = [spell(item) for item in group.items]
    return None if None in inside else f"{function.name}({', '.join(map(str, inside))})"


def _spell_scripted(tree: Scripted) -> str | None:
    base = spell(tree.base)
    if base is None or isinstance(tree.base, Group):
        return None
    below = spell_parts(tree.subscripts)
    above = spell_parts(tree.superscripts)
    if below is None or above is None:
        return None
    return with_scripts(base, below, above, tree.brackets, tree.primes)


def with_scripts(base: str, below: str = "", above: str = "", brackets: str = "", primes: int = 0) -> str:
    spelled = base + "'" * primes
    if below:
        spelled += f"_{_braced(below)}"
    if above:
        left, right = {"(": ("(", ")"), "[": ("[", "]")}.get(brackets, ("", ""))
        spelled += "^" + _braced(left + above + right)
    return spelled


def _braced(text: str) -> str:
    simple = len(text) == 1 or (text.startswith("\\") and text[1:].isalpha())
    return text if simple else "{" + text + "}"


def spell_parts(parts: Sequence[Tree]) -> str | None:
    """The parts of a script, joined by commas; None where one of them is no name or number."""
    if not parts:
        return ""
    spelled = [_spell_part(p) for p in parts]
    return None if None in spelled else ",".join(map(str, spelled))


def _spell_part(tree: Tree) -> str | None:
    match tree:
        case Number():
            return tree.text
        case Text():
            return f"\\text{{{tree.words.strip()}}}"
        case Name(upright=True):
            return f"\\text{{{tree.name}}}"
        case Name() | Scripted():
            return spell(tree)
        case Factors(operators=operators) if not any(operators):
            inside = [_spell_part(f) for f in tree.factors]
            return None if None in inside else _juxtaposed([str(s) for s in inside])
        case _:
            return None


def _juxtaposed(parts: Sequence[str]) -> str:
    text = ""
    for part in parts:
        gap = " " if text and part[0].isalpha() and text[-1].isalpha() and "\\" in text else ""
        text += gap + part
    return text


# ------------------------------------------------------------------------------------ what a script is


def is_square(tree: Scripted) -> bool:
    """``\\sigma^2``, ``\\sigma_j^2``: a square, or a name of its own for what is not negative."""
    parts = tree.superscripts
    return not tree.brackets and len(parts) == 1 and isinstance(parts[0], Number) and parts[0].value == 2


def squared(name: str) -> str:
    """The spelling of the square of a name without scripts above."""
    return with_scripts(name, "", "2")


def is_transpose(parts: Sequence[Tree]) -> bool:
    return len(parts) == 1 and isinstance(parts[0], Name) and parts[0].name in TRANSPOSES


def is_inverse(parts: Sequence[Tree]) -> bool:
    return len(parts) == 1 and _minus(parts[0], lambda t: isinstance(t, Number) and t.value == 1)


def is_inverse_transpose(parts: Sequence[Tree]) -> bool:
    return len(parts) == 1 and _minus(parts[0], lambda t: is_transpose((t,)))


def _minus(tree: Tree, test: Callable[[Tree], bool]) -> bool:
    match tree:
        case Terms(terms=(inner,), signs=(-1,)):
            return test(inner)
        case _:
            return False


def is_label(tree: Scripted) -> bool:
    """Whether the superscript is enclosed as a label, as in ``W^{(1)}`` and ``W^{[l]}``."""
    return tree.brackets in ("(", "[") and bool(tree.superscripts)


def is_concrete(part: Tree) -> bool:
    """A label part that names one thing: a number or a word."""
    match part:
        case Number() | Text() | Name(upright=True):
            return True
        case _:
            return False


def letters_in(tree: Tree) -> Iterator[str]:
    """The names that occur in an index expression, in order."""
    match tree:
        case Name():
            if not tree.upright:
                yield tree.name
        case Scripted():
            yield from letters_in(tree.base)
            for part in (*tree.subscripts, *tree.superscripts):
                yield from letters_in(part)
        case Factors():
            for part in tree.factors:
                yield from letters_in(part)
        case Terms():
            for part in tree.terms:
                yield from letters_in(part)
        case Group():
            for part in tree.items:
                yield from letters_in(part)
        case _:
            return


def slot_parts(parts: Sequence[Tree], expected: int | None) -> tuple[Tree, ...]:
    """The index slots a script's parts stand for: ``ij`` is two slots where two are expected, ``2i`` one.

    With ``expected`` None, letters side by side are slots of their own and a number before a letter is
    its factor.
    """
    if expected is not None and len(parts) == expected and not any(_is_letter_run(p) for p in parts):
        return tuple(parts)
    split = [s for part in parts for s in _juxtaposed_slots(part, expected is None)]
    if expected is not None and len(split) != expected:
        digits = [d for s in split for d in _digits(s)]
        if len(digits) == expected:
            return tuple(digits)
    return tuple(split)


def _is_letter_run(part: Tree) -> bool:
    """``ij``: no index expression is a product of letters, so these are slots of their own."""
    match part:
        case Factors(operators=operators) if not any(operators):
            return sum(not isinstance(f, Number) for f in part.factors) > 1
        case _:
            return False


def _juxtaposed_slots(part: Tree, keep_numbers: bool) -> list[Tree]:
    match part:
        case Factors(operators=operators) if not any(operators):
            if keep_numbers and isinstance(part.factors[0], Number):
                return [part]
            return list(part.factors)
        case _:
            return [part]


def _digits(part: Tree) -> list[Tree]:
    if isinstance(part, Number) and part.text.isdigit() and len(part.text) > 1:
        start = part.span[0]
        return [Number((start + n, start + n + 1), Fraction(d), d) for n, d in enumerate(part.text)]
    return [part]


def is_hole(tree: Tree) -> bool:
    return isinstance(tree, Hole)
