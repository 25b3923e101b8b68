"""What can be seen of names before anything is read: labels with letters, indices that are shifted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from checker.language import names
from checker.language.boldness import bold_names
from checker.language.repeated import uses_convention
from checker.language.surface import (
    BigOperator,
    Factors,
    Group,
    Name,
    Number,
    ParsedFormula,
    Relation,
    Row,
    Scripted,
    Terms,
    Tree,
)
from checker.language.walk import descend


@dataclass(frozen=True)
class Survey:
    """Facts about spelling in the whole document.

    ``families``: names that some occurrence gives a label with a letter (``W^{(k)}``).  ``stepped``: names with a
    shifted subscript (``a_{k-1}``); ``steps``: the letters in these.  ``running``: names with a letter in the
    subscript that an operator around them binds (``\\sum_n x_n``), with the letter.  ``counts``: sizes that carry the
    letter of a label (``n_k``).  ``index_letters``: letters that some operator binds or a Kronecker delta carries.
    ``silent``: the summation convention is used, though nothing declares it.
    ``tops``: capital letters that stand as labels (``a^{(L)}``) and nowhere by themselves: the last layer.
    ``from_zero``: names with a label 0 (``a^{(0)}``).
    ``activations``: the text speaks of functions that are applied to every entry.
    ``applied``: names that stand before parentheses, and what stands in these (``J(\\theta)``, ``f(x, 2)``).
    ``bold``: names that are set in bold somewhere.
    """

    families: frozenset[str] = frozenset()
    stepped: frozenset[str] = frozenset()
    steps: frozenset[str] = frozenset()
    running: frozenset[tuple[str, str]] = frozenset()
    counts: frozenset[str] = frozenset()
    index_letters: frozenset[str] = frozenset()
    applied: Mapping[str, frozenset[tuple[str, ...]]] = field(default_factory=dict)
    silent: bool = False
    bold: frozenset[str] = frozenset()
    activations: bool = False
    tops: frozenset[str] = frozenset()
    from_zero: frozenset[str] = frozenset()


def survey(formulas: Sequence[ParsedFormula]) -> Survey:
    families: set[str] = set()
    stepped: set[str] = set()
    steps: set[str] = set()
    running: set[tuple[str, str]] = set()
    counts: set[str] = set()
    letters: set[str] = set()
    finite: set[str] = set()
    bold: set[str] = set()
    symbolic: list[tuple[str, frozenset[str]]] = []
    applied: dict[str, set[tuple[str, ...]]] = {}
    for formula in formulas:
        for chain in formula.chains:
            finite |= _finite_letter(chain)
            counts |= _counts(chain)
            for row in chain:
                if row.tree is not None:
                    nodes = descend(row.tree)
                    _visit(nodes, symbolic, stepped, letters)
                    steps |= _step_letters(nodes)
                    running |= _running(nodes)
                    bold |= bold_names(nodes)
                    _applications(nodes, applied)
        for aside in formula.asides:
            for tree in aside.trees:
                finite |= _finite_relation(tree)
    families |= {base for base, used in symbolic if not used <= finite}
    return Survey(
        frozenset(families),
        frozenset(stepped),
        frozenset(steps),
        frozenset(running),
        frozenset(counts),
        frozenset(letters),
        {name: frozenset(found) for name, found in applied.items()},
        uses_convention(formulas),
        frozenset(bold),
        tops=_tops(formulas),
        from_zero=_from_zero(formulas),
    )


def _tops(formulas: Sequence[ParsedFormula]) -> frozenset[str]:
    labels: set[str] = set()
    alone: set[str] = set()
    for formula in formulas:
        for tree in (row.tree for chain in formula.chains for row in chain if row.tree is not None):
            scripts: set[int] = set()
            for node in descend(tree):
                if isinstance(node, Scripted):
                    scripts |= {id(x) for part in (*node.subscripts, *node.superscripts) for x in descend(part)}
                    if names.is_label(node) and isinstance(node.superscripts[0], Name):
                        labels.add(node.superscripts[0].name)
                elif isinstance(node, Name) and id(node) not in scripts:
                    alone.add(node.name)
    return frozenset(x for x in labels - alone if len(x) == 1 and x.isupper())


def _from_zero(formulas: Sequence[ParsedFormula]) -> frozenset[str]:
    trees = (row.tree for f in formulas for chain in f.chains for row in chain if row.tree is not None)
    return frozenset(
        node.base.name
        for tree in trees
        for node in descend(tree)
        if isinstance(node, Scripted) and isinstance(node.base, Name) and names.is_label(node)
        if any(isinstance(part, Number) and part.value == 0 for part in node.superscripts)
    )


def _applications(nodes: Sequence[Tree], applied: dict[str, set[tuple[str, ...]]]) -> None:
    for node in nodes:
        if not isinstance(node, Factors):
            continue
        for head, operator, group in zip(node.factors, node.operators, node.factors[1:], strict=False):
            group = group.base if isinstance(group, Scripted) else group
            if operator or not isinstance(group, Group) or group.kind != "(" or not isinstance(head, (Name, Scripted)):
                continue
            plain = head.base.name if isinstance(head, Scripted) and isinstance(head.base, Name) else None
            name = plain if isinstance(head, Scripted) and head.primes else names.spell(head)
            if name is not None:
                inside = ("'",) if isinstance(head, Scripted) and head.primes else _spelled(group)
                applied.setdefault(name, set()).add(inside)


def _spelled(group: Group) -> tuple[str, ...]:
    return tuple((names.spell(item) or "") if isinstance(item, (Name, Scripted)) else "" for item in group.items)


def _visit(
    nodes: Sequence[Tree], symbolic: list[tuple[str, frozenset[str]]], stepped: set[str], letters: set[str]
) -> None:
    for node in nodes:
        if isinstance(node, Scripted) and isinstance(node.base, Name):
            base = node.base.name
            if names.is_label(node) and base != "e":
                used = frozenset(x for part in node.superscripts for x in names.letters_in(part))
                if used and not all(names.is_concrete(p) for p in node.superscripts):
                    symbolic.append((base, used))
            if any(_is_shift(p) for p in node.subscripts):
                stepped.add(base)
            if base == "\\delta":
                letters.update(x for part in node.subscripts for x in names.letters_in(part))
        elif isinstance(node, BigOperator):
            letters.update(_bound_letters(node))


def _step_letters(nodes: Sequence[Tree]) -> set[str]:
    """The letters of shifted subscripts: t of ``h_{t-1}``."""
    scripted = (n for n in nodes if isinstance(n, Scripted) and isinstance(n.base, Name))
    return {x for n in scripted for part in n.subscripts if _is_shift(part) for x in names.letters_in(part)}


def _running(nodes: Sequence[Tree]) -> set[tuple[str, str]]:
    """Names with a letter in their subscript that a sum, a product or a maximum around them binds."""
    found = set()
    for node in nodes:
        if not isinstance(node, BigOperator):
            continue
        bound = set(_bound_letters(node))
        for inner in descend(node.body):
            if isinstance(inner, Scripted) and isinstance(inner.base, Name):
                letters = (x for part in inner.subscripts for x in names.letters_in(part))
                found |= {(inner.base.name, x) for x in letters if x in bound}
    return found


def _bound_letters(node: BigOperator) -> list[str]:
    parts = [p.operands[0] if isinstance(p, Relation) else p for p in node.lower]
    return [x for p in parts if isinstance(p, (Name, Factors)) for x in names.letters_in(p)]


def _is_shift(part: Tree) -> bool:
    return isinstance(part, Terms) and any(isinstance(t, Number) for t in part.terms)


def _counts(chain: tuple[Row, ...]) -> set[str]:
    """Size names in ``X^{(k)} \\in \\mathbb{R}^{n_k}`` that carry a letter of X's scripts."""
    if len(chain) != 2 or chain[1].relation != "\\in" or chain[0].tree is None or chain[1].tree is None:
        return set()
    left = set()
    for node in descend(chain[0].tree):
        if isinstance(node, Scripted):
            left |= {x for part in (*node.subscripts, *node.superscripts) for x in names.letters_in(part)}
    found = set()
    for node in descend(chain[1].tree):
        if isinstance(node, Scripted) and isinstance(node.base, Name) and node.base.name not in ("\\mathbb{R}", "\\R"):
            parts = node.superscripts if names.is_label(node) else node.subscripts
            used = {x for part in parts for x in names.letters_in(part)}
            if used & left or any(_is_shift(p) for p in parts):
                found.add(node.base.name)
    return found


def _finite_letter(chain: tuple[Row, ...]) -> set[str]:
    """``r = 1, 2`` and ``r \\in \\{1, 2\\}``: a letter that stands for a few numbers."""
    match chain:
        case (Row(tree=Name() as letter), Row(relation="=" | "\\in", tree=Group(kind="," | "{", items=items))):
            return {letter.name} if all(isinstance(i, Number) for i in items) else set()
        case _:
            return set()


def _finite_relation(tree: Tree) -> set[str]:
    match tree:
        case Relation(operands=(Name() as letter, Group(items=items)), operators=("=" | "\\in",)):
            return {letter.name} if all(isinstance(i, Number) for i in items) else set()
        case _:
            return set()


def finite_values(tree: Tree) -> tuple[str, tuple[Number, ...]] | None:
    """The letter and its values, for a condition such as ``r = 1, 2``."""
    match tree:
        case Relation(operands=(Name() as letter, Group(items=items)), operators=("=" | "\\in",)):
            if all(isinstance(i, Number) for i in items):
                return letter.name, tuple(i for i in items if isinstance(i, Number))
    return None
