"""Dots in a parsed formula: sums, products, vectors and matrices whose general member they show.

``x_1 + x_2 + \\dots + x_n`` becomes the sum of x_k over k = 1, …, n.  Dots that show no member stay as they are; what
holds them cannot be read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, replace
from typing import Any

from checker.language.series import Series, continued, same, series, tree_of
from checker.language.surface import (
    BigOperator,
    Call,
    Dotted,
    Ellipsis_,
    Factors,
    Group,
    Hole,
    MatrixLiteral,
    Name,
    ParsedFormula,
    Relation,
    Scripted,
    Span,
    Terms,
    Tree,
)
from checker.language.walk import descend

_LETTERS = ("\\iota", "\\kappa", "\\nu", "\\upsilon", "\\varsigma", "\\varpi")  # hardly ever indices of an author
_MULTIPLYING = frozenset({"", "\\cdot", "\\times", "*", "."})


def read_dots(formula: ParsedFormula) -> ParsedFormula:
    """The formula with every run of dots that shows its general member put into words that can be read."""
    chains = tuple(
        tuple(row if row.tree is None else replace(row, tree=_written_out(row.tree)) for row in chain)
        for chain in formula.chains
    )
    return replace(formula, chains=chains)


def _written_out(tree: Tree) -> Tree:
    if not any(isinstance(node, Ellipsis_) for node in descend(tree)):
        return tree
    used = {node.name for node in descend(tree) if isinstance(node, Name)}
    free = [x for x in _LETTERS if x not in used]
    return tree if len(free) < 2 else _rewritten(tree, free)


def _rewritten(tree: Tree, letters: Sequence[str]) -> Tree:
    inner = _inside(tree, letters)
    rule = _RULES.get(type(inner))
    return inner if rule is None else rule(inner, letters)


def _inside(tree: Tree, letters: Sequence[str]) -> Tree:
    """The tree with its parts rewritten; the arguments of a function stay a list."""
    if isinstance(tree, Relation) or (isinstance(tree, Group) and tree.kind not in ("(", "[", "|", "||")):
        return tree
    arguments = _argument_lists(tree)
    changes: dict[str, Any] = {}
    for field in fields(tree):
        old = getattr(tree, field.name)
        new = _rewritten_value(old, letters, arguments)
        if new is not old:
            changes[field.name] = new
    return replace(tree, **changes) if changes else tree


def _rewritten_value(value: object, letters: Sequence[str], arguments: Sequence[Tree]) -> object:
    if isinstance(value, Tree):
        if any(value is a for a in arguments):
            return _inside(value, letters)
        return _rewritten(value, letters)
    if isinstance(value, tuple) and any(isinstance(x, (Tree, tuple)) for x in value):
        return tuple(_rewritten_value(x, letters, arguments) for x in value)
    return value


def _argument_lists(tree: Tree) -> list[Tree]:
    """Groups that stand right behind a name: ``f(x_1, \\dots, x_n)``."""
    if not isinstance(tree, Factors):
        return []
    pairs = zip(tree.factors, tree.operators, tree.factors[1:], strict=False)
    return [g for head, op, g in pairs if op == "" and isinstance(g, Group) and isinstance(head, (Name, Scripted))]


# --------------------------------------------------------------------------------- sums and products


def _sum(tree: Tree, letters: Sequence[str]) -> Tree:
    assert isinstance(tree, Terms)
    at = _place(tree.terms)
    if at is None or len(set(tree.signs[at - 1 : at + 2])) > 1:
        return tree
    found = series(tree.terms[at - 1], tree.terms[at + 1], letters[0])
    if found is None:
        return tree
    sign = tree.signs[at]
    earlier = [t for t, s in zip(tree.terms[: at - 1], tree.signs, strict=False) if s == sign]
    if len(earlier) < at - 1:
        earlier = []
    more = continued(found, earlier[::-1], found.first.moved(-_way(found)), -_way(found))
    if more < len(earlier) and _belongs(found, tree.terms[at + 1], earlier[-1 - more]):
        return tree  # x_1 + x_3 + … + x_n
    total = _over("sum", found, more, (tree.terms[at - 1 - more].span[0], tree.terms[at + 1].span[1]))
    kept = slice(0, at - 1 - more)
    terms = (*tree.terms[kept], total, *tree.terms[at + 2 :])
    signs = (*tree.signs[kept], sign, *tree.signs[at + 2 :])
    return total if signs == (1,) else replace(tree, terms=terms, signs=signs)


def _place(parts: Sequence[Tree]) -> int | None:
    """Where the dots stand, if they stand once and between others."""
    places = [n for n, part in enumerate(parts) if isinstance(part, Ellipsis_)]
    return places[0] if len(places) == 1 and 0 < places[0] < len(parts) - 1 else None


def _way(found: Series) -> int:
    """Whether the members go up (1 … n) or down (n … 1)."""
    down = found.last.atom is None and (found.first.atom is not None or found.first.offset > found.last.offset)
    return -1 if down else 1


def _over(operator: str, found: Series, more: int, span: Span) -> BigOperator:
    first = found.first.moved(-more * _way(found))
    low, high = (first, found.last) if _way(found) > 0 else (found.last, first)
    below = Relation(span, (Name(span, found.letter), tree_of(low, span)), ("=",))
    return BigOperator(span, operator, (below,), tree_of(high, span), found.body)


def _product(tree: Tree, letters: Sequence[str]) -> Tree:
    assert isinstance(tree, Factors)
    at = _place(tree.factors)
    if at is None or not _multiplies(tree, at):
        return tree
    for width in (1, 2):
        changed = _product_of(tree, at, width, letters)
        if changed is not None:
            return changed
    return tree


def _multiplies(tree: Factors, at: int) -> bool:
    around = tree.operators[at - 1 : at + 1]
    dots = tree.factors[at]
    assert isinstance(dots, Ellipsis_)
    return set(around) <= _MULTIPLYING and (dots.mark == "\\cdots" or "" not in around)


def _product_of(tree: Factors, at: int, width: int, letters: Sequence[str]) -> Tree | None:
    """``width`` factors make one member (``f(x_1) f(x_2) \\cdots f(x_n)`` has two each)."""
    first, last = tree.factors[max(at - width, 0) : at], tree.factors[at + 1 : at + 1 + width]
    if len(first) < width or len(last) < width:
        return None
    found = series(_together(first), _together(last), letters[0])
    if found is None:
        return None
    earlier = []
    start = at - width
    while start >= width and set(tree.operators[start - width : start]) <= _MULTIPLYING:
        earlier.append(_together(tree.factors[start - width : start]))
        start -= width
    way = _way(found)
    more = continued(found, earlier, found.first.moved(-way), -way)
    begin, end = at - width * (1 + more), at + 1 + width
    product = _over("prod", found, more, (tree.factors[begin].span[0], tree.factors[end - 1].span[1]))
    factors = (*tree.factors[:begin], product, *tree.factors[end:])
    operators = (*tree.operators[:begin], *tree.operators[end - 1 :])
    return product if len(factors) == 1 else replace(tree, factors=factors, operators=operators)


def _together(factors: Sequence[Tree]) -> Tree:
    if len(factors) == 1:
        return factors[0]
    return Factors((factors[0].span[0], factors[-1].span[1]), tuple(factors), ("",) * (len(factors) - 1))


def _extreme(tree: Tree, letters: Sequence[str]) -> Tree:
    """``\\max(x_1, \\dots, x_n)``."""
    assert isinstance(tree, Call)
    at = _place(tree.arguments)
    if (
        tree.function.name not in ("max", "min")
        or tree.scripts is not None
        or at is None
        or at + 2 != len(tree.arguments)
    ):
        return tree
    found = listed(tree.arguments, letters[0])
    return tree if found is None else _over(tree.function.name, found, 0, tree.span)


# ------------------------------------------------------------------------------- vectors and matrices


def listed(items: Sequence[Tree], letter: str) -> Series | None:
    """The series that a list shows: all members before the dots, one or more behind."""
    at = _place(items)
    if at is None:
        return None
    found = series(items[0], items[-1], letter)
    if found is None:
        return None
    before, after = items[:at], items[at + 1 :]
    fits = continued(found, before, found.first, 1) == len(before)
    fits = fits and continued(found, after[::-1], found.last, -1) == len(after)
    return found if fits and _way(found) > 0 else None


def _ends(found: Series, span: Span) -> tuple[Tree, Tree]:
    return tree_of(found.first, span), tree_of(found.last, span)


def _list(tree: Tree, letters: Sequence[str]) -> Tree:
    """``(x_1, \\dots, x_n)``: the vector of these."""
    assert isinstance(tree, Group)
    if tree.kind not in ("(", "["):
        return tree
    found = listed(tree.items, letters[0])
    if found is None:
        return tree
    return Dotted(tree.span, ((found.body,),), found.letter, _ends(found, tree.span), listed=True)


def _matrix(tree: Tree, letters: Sequence[str]) -> Tree:
    assert isinstance(tree, MatrixLiteral)
    if not any(isinstance(cell, Ellipsis_) for row in tree.rows for cell in row):
        return tree
    rows = [Group(tree.span, ",", row) for row in _full_rows(tree)]
    down = _general(rows, letters[0])
    if down is None:
        return tree
    general, row_series = down
    cells: list[tuple[Tree, ...]] = []
    column_series: Series | None = None
    for row in general:
        assert isinstance(row, Group)
        across = _general(row.items, letters[1])
        if across is None:
            return tree
        entries, one = across
        if cells and one != column_series and not _same_ends(one, column_series):
            return tree
        cells.append(tuple(entries))
        column_series = one
    if any(isinstance(node, (Ellipsis_, Hole)) for row_ in cells for cell in row_ for node in descend(cell)):
        return tree
    result = Dotted(tree.span, tuple(cells))
    if row_series is not None:
        result = replace(result, row=row_series.letter, rows=_ends(row_series, tree.span))
    if column_series is not None:
        result = replace(result, column=column_series.letter, columns=_ends(column_series, tree.span))
    return result


def _same_ends(one: Series | None, other: Series | None) -> bool:
    if one is None or other is None:
        return one is other
    return (one.first, one.last, one.letter) == (other.first, other.last, other.letter)


def _full_rows(tree: MatrixLiteral) -> list[tuple[Tree, ...]]:
    """The rows; one that is nothing but dots is a single cell of dots."""
    rows: list[tuple[Tree, ...]] = []
    for row in tree.rows:
        if all(isinstance(cell, (Ellipsis_, Hole)) for cell in row):
            rows.append((Ellipsis_(row[0].span),))
        else:
            rows.append(row)
    return rows


def _general(parts: Sequence[Tree], letter: str) -> tuple[list[Tree], Series | None] | None:
    """The parts themselves, or the general one where dots stand between them; None where they show none."""
    dots = [n for n, part in enumerate(parts) if _is_dots(part)]
    if not dots:
        return list(parts), None
    if not 0 < dots[0] <= dots[-1] < len(parts) - 1:
        return None
    plain = [*parts[: dots[0]], Ellipsis_(parts[dots[0]].span), *parts[dots[-1] + 1 :]]
    found = listed(plain, letter)
    between = [p for p in parts[dots[0] : dots[-1]] if not _is_dots(p)]
    if found is None or not all(_belongs(found, parts[0], p) for p in between):
        return None
    return [found.body], found


def _belongs(found: Series, one: Tree, some: Tree) -> bool:
    """``x_l`` between the dots of ``x_1, \\dots, x_l, \\dots, x_n``: it differs from a member as members do."""
    other = series(one, some, found.letter)
    return other is not None and other.first in (found.first, found.last) and same(other.body, found.body)


def _is_dots(part: Tree) -> bool:
    match part:
        case Ellipsis_():
            return True
        case Group(kind=",", items=(Ellipsis_(),)):
            return True
        case _:
            return False


_RULES: Mapping[type[Tree], Callable[[Tree, Sequence[str]], Tree]] = {
    Terms: _sum,
    Factors: _product,
    Call: _extreme,
    Group: _list,
    MatrixLiteral: _matrix,
}
