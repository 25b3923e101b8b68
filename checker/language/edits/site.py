"""Places in a formula where something can be changed, and what stands there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from checker.calculus.functions import elementary, standard
from checker.language import names
from checker.language.surface import (
    BigOperator,
    Call,
    Cases,
    Derivative,
    Factors,
    Fraction_,
    Group,
    Logic,
    MatrixLiteral,
    Name,
    Relation,
    Root,
    Scripted,
    Terms,
    Tree,
)
from checker.language.symbols import Entry, Table

VALUE, EXPONENT, ARGUMENT, INDEX, LABEL, RANGE, CONDITION, DERIVATIVE = (
    "value",
    "exponent",
    "argument",
    "index",
    "label",
    "range",
    "condition",
    "derivative",
)
MATHEMATICAL = (VALUE, EXPONENT, ARGUMENT)  # zones that hold quantities
LONGEST_SHOWN = 48


@dataclass(frozen=True)
class Edit:
    """``text`` in place of ``start``..``end`` of the formula.  ``rank``: the smaller, the more common the slip."""

    slip: str
    start: int
    end: int
    text: str
    said: str
    rank: int


@dataclass(frozen=True)
class Site:
    """A tree with what it stands in: ``parents`` from the outside in, ``bound`` the letters of sums around it."""

    tree: Tree
    zone: str
    parents: tuple[Tree, ...] = ()
    bound: tuple[str, ...] = ()


@dataclass
class Paper:
    """One side of an equation as written, and what its words mean."""

    text: str
    tree: Tree
    head: Tree
    table: Table
    free: tuple[str, ...] = ()  # index letters of the head
    letters: tuple[str, ...] = ()  # all index letters of the statement
    others: tuple[str, ...] = ()  # texts of the document that may be missing here
    extents: Mapping[str, tuple[str, str]] = field(default_factory=dict)  # letters with the bounds of their range
    sites: list[Site] = field(default_factory=list)

    def source(self, tree: Tree) -> str:
        return self.text[tree.span[0] : tree.span[1]]

    def shown(self, tree: Tree) -> str:
        return shortened(self.source(tree))

    def is_function(self, tree: Tree) -> bool:
        """``\\varphi``, ``\\sigma'``, ``f_k``: a name that is applied, not multiplied."""
        name = function_name(tree)
        if name is None:
            return False
        return name in self.table.elementwise or name in self.table.functions or known_function(name)

    def entry(self, tree: Tree) -> Entry | None:
        """What is known of the name that stands here, with whatever scripts."""
        spelled = names.spell(tree)
        if spelled is not None and spelled in self.table.entries:
            return self.table.entries[spelled]
        if (stem := self.stem(tree)) is not None:
            return self.table.entries[stem[0]]
        if isinstance(tree, Group) and len(tree.items) == 1:
            return self.entry(tree.items[0])
        return self.entry(tree.base) if isinstance(tree, Scripted) else None

    def is_name(self, tree: Tree) -> bool:
        """Whether a tree with scripts is a name as a whole, transposed or not: ``W_{xh}``, ``W_1^\\top``."""
        spelled = names.spell(tree)
        return (spelled is not None and spelled in self.table.entries) or self.stem(tree) is not None

    def stem(self, tree: Tree) -> tuple[str, str] | None:
        """The name with a subscript that is transposed or inverted here, and its source: ``W_1`` in ``W_1^\\top``."""
        if not isinstance(tree, Scripted) or not tree.subscripts or not is_matrix_mark(tree.superscripts):
            return None
        spelled = names.spell(replace(tree, superscripts=()))
        end, mark = tree.subscripts[-1].span[1], tree.superscripts[0].span[0]
        if spelled not in self.table.entries or end > mark:
            return None
        while self.text[end : end + 1] == "}" and end < mark:
            end += 1
        return spelled, self.text[tree.span[0] : end]

    def units(self, product: Factors) -> list[tuple[Tree, ...]]:
        """The factors of a product, a function together with its argument."""
        found: list[tuple[Tree, ...]] = []
        for n, factor in enumerate(product.factors):
            before = found[-1] if found else ()
            joined = n > 0 and not product.operators[n - 1] and len(before) == 1 and is_bracket(factor)
            if joined and self.is_function(before[0]):
                found[-1] = (*before, factor)
            else:
                found.append((factor,))
        return found

    def rank(self, tree: Tree) -> int:
        """About how many open slots a tree has; 0 is a number."""
        match tree:
            case Name():
                entry = self.table.entries.get(tree.name)
                return entry.inner if entry is not None and entry.kind == "tensor" else _word_rank(tree.name)
            case Scripted():
                return self._scripted_rank(tree)
            case Group(kind="|" | "||"):
                return 0
            case Group() | Terms() | MatrixLiteral():
                inner = tree.items if isinstance(tree, Group) else tree.terms if isinstance(tree, Terms) else ()
                return max((self.rank(t) for t in inner), default=2)
            case Factors():
                return self._product_rank(tree)
            case Fraction_():
                return self.rank(tree.numerator)
            case Root():
                return self.rank(tree.radicand)
            case Derivative():
                own = self.rank(tree.operand) if tree.operand is not None else 0
                return own + sum(self.rank(v) for v in tree.variables)
            case BigOperator():
                return self.rank(tree.body)
            case Call():
                if tree.function.name in ("tr", "det", "Tr", "trace"):
                    return 0
                own = max((self.rank(a) for a in tree.arguments), default=0)
                return 2 if tree.function.name in ("diag", "Diag") else own
            case _:
                return 0

    def _scripted_rank(self, tree: Scripted) -> int:
        if (stem := self.stem(tree)) is not None:
            return self.table.entries[stem[0]].inner
        if names.is_transpose(tree.superscripts) or names.is_inverse_transpose(tree.superscripts):
            own = self.rank(tree.base)
        else:
            entry = self.entry(tree)
            if self.is_name(tree) and entry is not None:
                return entry.inner
            if entry is not None and not isinstance(tree.base, Group):
                slots = len(names.slot_parts(tree.subscripts, None)) if tree.subscripts else 0
                labels = len(tree.superscripts) if names.is_label(tree) else 0
                return max(0, len(entry.slots or ()) - slots - labels)
            own = self.rank(tree.base)
        return max(0, own - len(names.slot_parts(tree.subscripts, None))) if tree.subscripts else own

    def _product_rank(self, tree: Factors) -> int:
        ranks = [r for unit in self.units(tree) if (r := self.rank(unit[-1])) > 0]
        return max(ranks, default=0)


def _word_rank(name: str) -> int:
    return 2 if name in ("I", "\\mathbf{I}") else 1 if name in ("\\mathbf{1}", "\\mathbf{0}") else 0


def known_function(name: str) -> bool:
    return elementary(name) is not None or standard(name) is not None


def function_name(tree: Tree) -> str | None:
    match tree:
        case Name():
            return tree.name
        case Scripted(base=Name() as base):
            return base.name
        case _:
            return None


def is_bracket(tree: Tree) -> bool:
    inner = tree.base if isinstance(tree, Scripted) else tree
    return isinstance(inner, Group) and inner.kind in ("(", "[", "{")


def shortened(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1] + "…"


_COMMAND_AT_END = re.compile(r"\\[A-Za-z]+$")


def glued(*parts: str) -> str:
    """The parts side by side, with a space where a command would swallow a letter."""
    text = ""
    for part in parts:
        gap = " " if part[:1].isalpha() and _COMMAND_AT_END.search(text) else ""
        text += gap + part
    return text


def applied(paper: Paper, edits: tuple[Edit, ...]) -> str:
    """The side with the edits made; they do not overlap."""
    start, end = paper.tree.span
    at, parts = start, []
    for edit in sorted(edits, key=lambda e: e.start):
        parts += [paper.text[at : edit.start], edit.text]
        at = edit.end
    return glued(*parts, paper.text[at:end]).strip()


# ------------------------------------------------------------------------------------------ walking


def sites(paper: Paper, tree: Tree, zone: str = VALUE) -> Iterator[Site]:
    """Every tree in ``tree`` with its zone, parents first."""
    stack = [Site(tree, zone)]
    while stack:
        site = stack.pop()
        yield site
        inner = [Site(child, zone, (*site.parents, site.tree), bound) for child, zone, bound in _inside(paper, site)]
        stack.extend(reversed(inner))


_Inner = Iterator[tuple[Tree, str, tuple[str, ...]]]


def _inside(paper: Paper, site: Site) -> _Inner:
    tree, zone, bound = site.tree, site.zone, site.bound
    match tree:
        case Scripted():
            yield from _inside_scripted(paper, tree, zone, bound)
        case Factors():
            for unit in paper.units(tree):
                yield unit[0], zone, bound
                for argument in unit[1:]:
                    yield argument, ARGUMENT if zone in MATHEMATICAL else zone, bound
        case Terms():
            yield from ((t, zone, bound) for t in tree.terms)
        case Group():
            inner = CONDITION if any(isinstance(i, (Relation, Logic)) for i in tree.items) else zone
            yield from ((t, inner, bound) for t in tree.items)
        case Fraction_():
            yield tree.numerator, zone, bound
            yield tree.denominator, zone, bound
        case Root():
            yield tree.radicand, zone, bound
        case Derivative():
            parts = (*((tree.operand,) if tree.operand is not None else ()), *tree.variables)
            yield from ((t, DERIVATIVE, bound) for t in parts)
        case BigOperator():
            yield from ((t, RANGE, bound) for t in tree.lower)
            if tree.upper is not None:
                yield tree.upper, RANGE, bound
            yield tree.body, zone, (*bound, *bound_letters(tree))
        case Call():
            yield from ((t, ARGUMENT if zone in MATHEMATICAL else zone, bound) for t in tree.arguments)
        case Cases():
            for value, condition in tree.rows:
                yield value, zone, bound
                if condition is not None:
                    yield condition, CONDITION, bound
        case MatrixLiteral():
            yield from ((t, zone, bound) for row in tree.rows for t in row)
        case Relation() | Logic():
            yield from ((t, zone, bound) for t in tree.operands)
        case _:
            return


def _inside_scripted(paper: Paper, tree: Scripted, zone: str, bound: tuple[str, ...]) -> _Inner:
    if paper.is_name(tree):
        return
    if not isinstance(tree.base, Name):
        yield tree.base, zone, bound
    yield from ((part, INDEX, bound) for part in tree.subscripts)
    parts = tree.superscripts
    if names.is_label(tree):
        yield from ((part, LABEL, bound) for part in parts)
    elif is_exponential(tree) or not (
        names.is_transpose(parts) or names.is_inverse(parts) or names.is_inverse_transpose(parts)
    ):
        entry = paper.entry(tree)
        inner = LABEL if entry is not None and entry.above else EXPONENT
        yield from ((part, inner, bound) for part in parts)


def is_matrix_mark(parts: tuple[Tree, ...]) -> bool:
    return names.is_transpose(parts) or names.is_inverse(parts) or names.is_inverse_transpose(parts)


def is_exponential(tree: Scripted) -> bool:
    return isinstance(tree.base, Name) and tree.base.name == "e"


def bound_letters(tree: BigOperator) -> tuple[str, ...]:
    parts = [p.operands[0] if isinstance(p, Relation) else p for p in tree.lower]
    return tuple(x for p in parts for x in names.letters_in(p))


def parent(site: Site) -> Tree | None:
    return site.parents[-1] if site.parents else None


def letter_tokens(tree: Tree) -> Iterator[Name]:
    """The names in an index expression, in order."""
    match tree:
        case Name():
            if not tree.upright:
                yield tree
        case Factors() | Terms():
            for part in tree.factors if isinstance(tree, Factors) else tree.terms:
                yield from letter_tokens(part)
        case Group():
            for part in tree.items:
                yield from letter_tokens(part)
        case _:
            return
