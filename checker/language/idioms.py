"""Ways of writing that only the whole document shows, put into the form that everything after them knows.

* ``dW = …`` as an equation of its own: dW is a name (the gradient by W), wherever the two letters stand together.
* ``W^l``, ``a^{l-1}``, ``b^{l}``: where the letter of a layer stands above several names, it is a label (``W^{(l)}``).
* ``\\lossFunction``, which another file defines: a letter, if it never has an argument.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from checker.documents.model import Formula, Macro
from checker.language.surface import Factors, Name, Number, ParsedFormula, Row, Scripted, Terms, Tree
from checker.language.tokens import LETTER_MACRO, is_known_command
from checker.language.vocabulary import bold_letter
from checker.language.walk import descend, mapped

_LAYERS = frozenset({"l", "L", "\\ell"})
_SEVERAL = 2  # names
_CAPITALS = frozenset({"KL", "CE"})  # losses that go by two letters, where they are an equation's left side


@dataclass(frozen=True)
class Idioms:
    """``gradients``: the letters behind a d that makes a name of them.  ``layers``: letters that are labels above."""

    gradients: frozenset[str] = frozenset()
    layers: frozenset[str] = frozenset()

    def applied(self, parsed: ParsedFormula) -> ParsedFormula:
        if not self.gradients and not self.layers:
            return parsed
        chains = tuple(tuple(map(self._row, chain)) for chain in parsed.chains)
        asides = tuple(replace(a, trees=tuple(mapped(t, self._changed) for t in a.trees)) for a in parsed.asides)
        return replace(parsed, chains=chains, asides=asides)

    def _row(self, row: Row) -> Row:
        return row if row.tree is None else replace(row, tree=mapped(row.tree, self._changed))

    def _changed(self, tree: Tree) -> Tree:
        match tree:
            case Factors() if self.gradients:
                return _joined(tree, self.gradients)
            case Scripted(base=Name(), brackets="") if self.layers and _layer(tree) in self.layers:
                return replace(tree, brackets="(")
            case _:
                return tree


def idioms_of(formulas: Iterable[ParsedFormula]) -> Idioms:
    heads: set[str] = set()
    labelled: dict[str, set[str]] = {}
    bare: set[str] = set()
    for formula in formulas:
        for chain in formula.chains:
            trees = [row.tree for row in chain if row.tree is not None]
            if len(trees) > 1 and (name := _gradient(trees[0])) is not None:
                heads.add(name)
            for tree in trees:
                _look(tree, labelled, bare)
    layers = {x for x, names in labelled.items() if len(names) >= _SEVERAL and x not in bare}
    shifted = {"l": "L", "L": "l"}
    layers |= {shifted[x] for x in layers if x in shifted and shifted[x] in labelled and shifted[x] not in bare}
    return Idioms(frozenset(heads), frozenset(layers))


def _look(tree: Tree, labelled: dict[str, set[str]], bare: set[str]) -> None:
    scripts: set[int] = set()
    for node in descend(tree):
        match node:
            case Scripted():
                scripts |= {id(x) for part in (*node.subscripts, *node.superscripts) for x in descend(part)}
                letter = _layer(node)
                if letter is not None and isinstance(node.base, Name) and not node.brackets:
                    labelled.setdefault(letter, set()).add(node.base.name)
            case Name() if node.name == "l" and id(node) not in scripts:
                bare.add(node.name)
            case _:
                pass


def _layer(tree: Scripted) -> str | None:
    """``l`` of ``W^l`` and ``a^{l-1}``; e^l is a power."""
    if len(tree.superscripts) != 1 or not isinstance(tree.base, Name) or tree.base.name == "e":
        return None
    part = tree.superscripts[0]
    names = [part] if isinstance(part, Name) else []
    if isinstance(part, Terms) and all(isinstance(t, (Name, Number)) for t in part.terms):
        names = [t for t in part.terms if isinstance(t, Name)]
    found = {n.name for n in names}
    return next(iter(found)) if len(found) == 1 and found <= _LAYERS else None


# ---------------------------------------------------------------------------------- gradients as names


def _gradient(head: Tree) -> str | None:
    """W of a left side that is ``dW`` or ``dW^{[l]}``; KL of one that is ``KL``."""
    match head:
        case Factors(factors=(Name(name="d") as d, inner), operators=("",)) if not d.style:
            letter = inner.base if isinstance(inner, Scripted) else inner
            return letter.name if isinstance(letter, Name) and letter.span[0] == d.span[1] else None
        case Factors(factors=(Name() as first, Name() as second), operators=("",)) if not first.style:
            word = first.name + second.name
            return word if word in _CAPITALS and second.span[0] == first.span[1] else None
        case _:
            return None


def _joined(tree: Factors, letters: frozenset[str]) -> Tree:
    factors: list[Tree] = []
    operators: list[str] = []
    at = 0
    while at < len(tree.factors):
        pair = Factors(tree.span, tree.factors[at : at + 2], tree.operators[at : at + 1])
        if at + 1 < len(tree.factors) and _gradient(pair) in letters:
            factors.append(_named(tree.factors[at], tree.factors[at + 1]))
            at += 2
        else:
            factors.append(tree.factors[at])
            at += 1
        if at < len(tree.factors):
            operators.append(tree.operators[at - 1])
    if len(factors) == len(tree.factors):
        return tree
    return factors[0] if len(factors) == 1 else Factors(tree.span, tuple(factors), tuple(operators))


def _named(d: Tree, inner: Tree) -> Tree:
    span = (d.span[0], inner.span[1])
    if isinstance(inner, Scripted) and isinstance(inner.base, Name):
        base = Name((d.span[0], inner.base.span[1]), f"d{inner.base.name}", style=inner.base.style)
        return replace(inner, span=span, base=base)
    assert isinstance(inner, Name)
    return replace(inner, span=span, name=f"d{inner.name}")


# --------------------------------------------------------------------------------- commands of other files

_COMMAND = re.compile(r"(\\[A-Za-z]{2,})\s*([\[{]?)")


def _is_letter(name: str, count: int) -> bool:
    return count >= _SEVERAL or bold_letter(name) is not None


def letters_of_other_files(formulas: Sequence[Formula], macros: Iterable[str]) -> dict[str, Macro]:
    """Commands that nothing defines and that stand alone wherever they stand, several times: letters."""
    counts: dict[str, int] = {}
    known = set(macros)
    for formula in formulas:
        for match in _COMMAND.finditer(formula.text):
            name = match[1]
            if name in known or is_known_command(name):
                continue
            if match[2]:
                known.add(name)
            counts[name] = counts.get(name, 0) + 1
    return {n: Macro(n, 0, LETTER_MACRO) for n, count in counts.items() if _is_letter(n, count) and n not in known}
