"""Numbers, columns, rows and matrices: whether a formula fits, seen from the ranks of its names alone.

No sizes, no entries: a *kind* says whether something has rows and whether it has columns.  None stands for what
cannot be told; it fits everything.  The kinds of a formula say how many of its operations do not fit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from checker.calculus.functions import elementary, standard
from checker.language import names
from checker.language.surface import (
    BigOperator,
    Call,
    Derivative,
    Factors,
    Fraction_,
    Group,
    Name,
    Number,
    Root,
    Scripted,
    Terms,
    Tree,
)

Kind = tuple[bool, bool]
NUMBER, COLUMN, ROW, MATRIX = (False, False), (True, False), (False, True), (True, True)
OF_RANK: Mapping[int, Kind] = {0: NUMBER, 1: COLUMN, 2: MATRIX}

_LOOSE = frozenset({"\\odot", "\\circ", "\\oslash"})
_TIGHT = frozenset({"", ".", "\\cdot", "\\times", "*", "@", "\\bullet"})
_TO_A_NUMBER = frozenset({"tr", "Tr", "trace", "Trace", "det", "Det", "sum", "Sum", "mean", "logsumexp", "LSE", "lse"})
_DIAGONAL = frozenset({"diag", "Diag"})
_SAME = frozenset({"softmax", "Softmax", "logsoftmax", "LogSoftmax"})

# The kind of a name with the scripts that belong to it, and the superscripts that are left: transposes, powers.
Resolve = Callable[[Name | Scripted], tuple[Kind | None, tuple[Tree, ...]]]
IsFunction = Callable[[Tree], bool]


@dataclass
class Kinds:
    """The kinds in one formula; ``misfits`` counts the operations that do not fit."""

    resolve: Resolve
    is_function: IsFunction
    numerator: bool = False  # the layout: whether a derivative by a column is a row
    bound: set[str] = field(default_factory=set)
    misfits: int = 0

    def of(self, tree: Tree) -> Kind | None:
        rule = _RULES.get(type(tree))
        return rule(self, tree) if rule is not None else None

    def equated(self, left: Tree, right: Tree) -> None:
        """Take an equation in: its sides are of one kind, unless one of them is a number in digits."""
        a, b = self.of(left), self.of(right)
        if not _is_literal(left) and not _is_literal(right):
            self._same([a, b])

    def _misfit(self) -> None:
        self.misfits += 1

    def _same(self, kinds: Sequence[Kind | None]) -> Kind | None:
        told = [k for k in kinds if k is not None]
        if any(k != told[0] for k in told):
            self._misfit()
            return None
        return told[0] if told else None

    # ------------------------------------------------------------------------------------- names

    def _number(self, tree: Number) -> Kind | None:
        return NUMBER

    def _name(self, tree: Name) -> Kind | None:
        return NUMBER if tree.name in self.bound else self.resolve(tree)[0]

    def _scripted(self, tree: Scripted) -> Kind | None:
        if isinstance(tree.base, Name):
            if tree.base.name in self.bound:
                return NUMBER
            kind, above = self.resolve(tree)
            return self._raised(kind, above)
        kind = self._raised(self.of(tree.base), () if names.is_label(tree) else tree.superscripts)
        if not tree.subscripts or kind is None:
            return kind
        left = sum(kind) - len(names.slot_parts(tree.subscripts, None))
        return NUMBER if left == 0 else None

    def _raised(self, kind: Kind | None, above: tuple[Tree, ...]) -> Kind | None:
        if not above or kind is None:
            return kind
        if names.is_transpose(above):
            if kind == NUMBER:
                self._misfit()
            return kind[1], kind[0]
        if kind in (NUMBER, MATRIX):
            return kind
        self._misfit()  # neither an inverse nor a power
        return None

    # -------------------------------------------------------------------------------- operations

    def _group(self, tree: Group) -> Kind | None:
        kinds = [self.of(item) for item in tree.items]
        if tree.kind in ("||", "<"):
            if kinds and kinds[0] == NUMBER and tree.kind == "||":
                self._misfit()
            return NUMBER
        if len(kinds) != 1:
            return None
        if tree.kind == "|":
            return NUMBER if kinds[0] in (NUMBER, MATRIX) else None
        return kinds[0] if tree.kind in ("(", "[", "{") else None

    def _factors(self, tree: Factors) -> Kind | None:
        units, operators = self._units(tree)
        runs, loose = [units[0]], []
        for operator, kind in zip(operators, units[1:], strict=True):
            if operator in _TIGHT:
                runs[-1] = self._product(runs[-1], kind)
            elif operator == "/":
                if kind not in (None, NUMBER):
                    self._misfit()
            else:
                loose.append(operator)
                runs.append(kind)
        if not loose:
            return runs[0]
        if not all(operator in _LOOSE for operator in loose):
            return None
        return self._same([k for k in runs if k != NUMBER]) if any(k != NUMBER for k in runs) else NUMBER

    def _units(self, tree: Factors) -> tuple[list[Kind | None], list[str]]:
        """The kinds of the factors, a function and its argument taken together."""
        kinds: list[Kind | None] = []
        operators: list[str] = []
        at = 0
        while at < len(tree.factors):
            width = 1
            following = tree.factors[at + 1] if at + 1 < len(tree.factors) and tree.operators[at] == "" else None
            group = following.base if isinstance(following, Scripted) else following
            if isinstance(group, Group) and self.is_function(tree.factors[at]):
                kinds.append(self._elementwise(group.items) if group is following else None)
                width = 2
            else:
                kinds.append(self.of(tree.factors[at]))
            if at + width < len(tree.factors):
                operators.append(tree.operators[at + width - 1])
            at += width
        return kinds, operators

    def _elementwise(self, arguments: Sequence[Tree]) -> Kind | None:
        kinds = [self.of(a) for a in arguments]
        return kinds[0] if len(kinds) == 1 else None

    def _product(self, a: Kind | None, b: Kind | None) -> Kind | None:
        if a is None or b is None:
            return None
        if NUMBER in (a, b):
            return b if a == NUMBER else a
        if a[1] != b[0]:
            self._misfit()
            return None
        return a[0], b[1]

    def _terms(self, tree: Terms) -> Kind | None:
        kinds = [(self.of(t), _is_literal(t)) for t in tree.terms]
        arrays = [k for k, literal in kinds if not literal]
        return self._same(arrays) if arrays else NUMBER

    def _fraction(self, tree: Fraction_) -> Kind | None:
        below = self.of(tree.denominator)
        above = self.of(tree.numerator)
        if below not in (None, NUMBER):
            self._misfit()
        return above

    def _root(self, tree: Root) -> Kind | None:
        return self.of(tree.radicand)

    def _call(self, tree: Call) -> Kind | None:
        name = tree.function.name
        kinds = [self.of(a) for a in tree.arguments]
        if name in _TO_A_NUMBER:
            return NUMBER
        kind = kinds[0] if len(kinds) == 1 else None
        if name in _DIAGONAL:
            return {COLUMN: MATRIX, MATRIX: COLUMN}.get(kind) if kind is not None else None
        if tree.scripts is not None and (tree.scripts.subscripts or tree.scripts.superscripts):
            return None
        return kind if name in _SAME or elementary(name) is not None or standard(name) is not None else None

    def _big(self, tree: BigOperator) -> Kind | None:
        letters = {x for part in tree.lower for x in names.letters_in(_bound_part(part))} - self.bound
        self.bound |= letters
        kind = self.of(tree.body)
        self.bound -= letters
        return kind if tree.operator in ("sum", "prod") else None

    def _derivative(self, tree: Derivative) -> Kind | None:
        if tree.operand is None or not tree.variables:
            return None
        above = self.of(tree.operand)
        by = [self.of(v) for v in tree.variables]
        if above is None or None in by:
            return None
        arrays = [k for k in by if k is not None and k != NUMBER]
        if not arrays:
            return above
        if above == NUMBER and len(arrays) == 1:
            return (arrays[0][1], arrays[0][0]) if self.numerator and arrays[0] != MATRIX else arrays[0]
        if (arrays == [COLUMN] and above == COLUMN) or (above == NUMBER and arrays == [COLUMN, COLUMN]):
            return MATRIX
        if MATRIX in (above, *arrays) and above != NUMBER:
            self._misfit()  # it has no rows and columns
        return None


def _bound_part(part: Tree) -> Tree:
    operands = getattr(part, "operands", None)
    return operands[0] if operands else part


def _is_literal(tree: Tree) -> bool:
    match tree:
        case Number():
            return True
        case Fraction_():
            return _is_literal(tree.numerator) and _is_literal(tree.denominator)
        case Factors():
            return all(_is_literal(f) for f in tree.factors)
        case Terms():
            return all(_is_literal(t) for t in tree.terms)
        case Name():
            return tree.name in ("\\mathbf{0}", "\\mathbf{1}", "\\mathbb{1}")
        case _:
            return False


_RULES: Mapping[type, Callable[..., Kind | None]] = {
    Number: Kinds._number,
    Name: Kinds._name,
    Scripted: Kinds._scripted,
    Group: Kinds._group,
    Factors: Kinds._factors,
    Terms: Kinds._terms,
    Fraction_: Kinds._fraction,
    Root: Kinds._root,
    Call: Kinds._call,
    BigOperator: Kinds._big,
    Derivative: Kinds._derivative,
}
