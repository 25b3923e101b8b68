"""Index hygiene: which letters are indices, what range each runs over, and who steps out of it.

Every slot that an index expression fills is recorded as a *use*.  When a binder closes, or when the
statement ends, the uses of a letter give its range or, where the range is stated, are checked against it.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, field
from typing import NamedTuple

from sympy import Expr, Integer, Symbol, oo

from checker.calculus.context import Range
from checker.calculus.shapes import INTEGERS, Sizes, is_hole, linear, range_text
from checker.language.faults import Misread

End = Callable[[Range], Expr]


class Use(NamedTuple):
    """``expression`` stands in a slot that runs over ``extent``."""

    expression: Expr
    extent: Range
    span: tuple[int, int]
    where: str  # the name whose slot it is
    side: int = 0
    checked_only: bool = False  # made from another use at an end of a range; says nothing of the letter's own


@dataclass
class Indices:
    """The index letters of one statement."""

    sizes: Sizes
    uses: dict[Symbol, list[Use]] = field(default_factory=dict)  # of letters that are bound or free here
    links: list[tuple[Symbol, Symbol]] = field(default_factory=list)
    hints: dict[Symbol, Range] = field(default_factory=dict)  # from letters compared with
    ranges: dict[Symbol, Range] = field(default_factory=dict)  # stated or found, of letters in scope
    free: dict[Symbol, None] = field(default_factory=dict)  # in order of appearance
    stated: dict[Symbol, Range] = field(default_factory=dict)  # ranges of free letters that the text gives
    side: int = 0  # which side of a chain is being read
    blamed: int = 0  # the side whose use of an index went wrong last

    def copy(self) -> Indices:
        """What is known so far, to be gone on with apart."""
        found = copy(self)
        found.uses = {letter: list(uses) for letter, uses in self.uses.items()}
        found.links, found.hints, found.ranges = list(self.links), dict(self.hints), dict(self.ranges)
        found.free, found.stated = dict(self.free), dict(self.stated)
        return found

    # ------------------------------------------------------------------------------------- recording

    def forget(self, side: int) -> None:
        """Drop all uses of one side of a chain."""
        for letter in self.uses:
            self.uses[letter] = [u for u in self.uses[letter] if u.side != side]
        self.ranges = {x: r for x, r in self.ranges.items() if x not in self.free or x in self.stated}

    def use(self, expression: Expr, extent: Range, span: tuple[int, int], where: str) -> None:
        use = Use(expression, extent, span, where, self.side)
        letters = self._letters(expression)
        if not letters:
            self._check_constant(use)
        for letter in letters:
            self.uses[letter].append(use)

    def link(self, left: Expr, right: Expr) -> None:
        """Two bare indices that are compared with each other run over one range, unless said otherwise."""
        if left in self.uses and right in self.uses:
            self.links.append((left, right))

    def open(self, letter: Symbol) -> tuple[list[Use] | None, Range | None]:
        """Begin the scope of a bound letter; returns what to give back to ``close``."""
        outer = (self.uses.get(letter), self.ranges.pop(letter, None))
        self.uses[letter] = []
        return outer

    def close(self, letter: Symbol, outer: tuple[list[Use] | None, Range | None]) -> None:
        """End it.  Uses that the letter shares with others are kept for those at the ends of its range."""
        extent = self.ranges.pop(letter, None)
        self._settle_links(letter, extent)
        shared = [u for u in self.uses.pop(letter) if u.expression != letter]
        for use in shared:
            for other in self._letters(use.expression):
                self.uses[other] = [u for u in self.uses[other] if u is not use]
                self.uses[other] += self._at_ends(use, letter, extent)
                if use.extent == INTEGERS:
                    self.hints.setdefault(other, INTEGERS)
        if outer[0] is not None:
            self.uses[letter] = outer[0]
        if outer[1] is not None:
            self.ranges[letter] = outer[1]

    def _letters(self, expression: Expr) -> list[Symbol]:
        if isinstance(expression, Symbol):
            return [expression] if expression in self.uses else []
        return sorted((s for s in expression.free_symbols if s in self.uses), key=lambda s: s.name)

    def _at_ends(self, use: Use, letter: Symbol, extent: Range | None) -> list[Use]:
        if extent is None or is_hole(self.sizes.resolve(extent)):
            return []
        known = self.sizes.resolve(extent)
        ends = [e for e in (known.lower, known.upper) if e not in (oo, -oo)]
        return [use._replace(expression=use.expression.xreplace({letter: e}), checked_only=True) for e in ends]

    def _settle_links(self, letter: Symbol, extent: Range | None) -> None:
        for left, right in self.links:
            if letter in (left, right) and extent is not None:
                self.hints.setdefault(right if left == letter else left, extent)
        self.links = [pair for pair in self.links if letter not in pair]

    def free_letter(self, letter: Symbol) -> None:
        if letter not in self.uses:
            self.uses[letter] = []
            self.free[letter] = None

    def linked_range(self, letter: Symbol) -> Range | None:
        """The range of a letter that this one is compared with."""
        for left, right in self.links:
            if letter in (left, right):
                found = self.ranges.get(right if left == letter else left)
                if found is not None:
                    return found
        return self.hints.get(letter)

    def range_of_linked(self, letter: Symbol) -> Range | None:
        """The range of a letter that this one is compared with, also where only its slots tell it."""
        others = [right if left == letter else left for left, right in self.links if letter in (left, right)]
        found = (self.range_from_uses(other) for other in others if other != letter and other in self.uses)
        return self.linked_range(letter) or next((r for r in found if r is not None), None)

    # ------------------------------------------------------------------------------------- concluding

    def range_from_uses(self, letter: Symbol) -> Range | None:
        """The range that the slots of a letter give it; None where it stands in none."""
        found: Range | None = None
        own = [u for u in self.uses[letter] if not u.checked_only]
        for use in own:
            if use.expression == letter:
                found = use.extent if found is None else self._meet(letter, found, use)
        shifted = [u for u in own if u.expression != letter]
        for use in shifted:
            inverted = self._inverted(letter, use)
            if inverted is not None and not self._open_ended(use):
                found = inverted if found is None else self._narrowed(found, inverted)
        return found

    def _open_ended(self, use: Use) -> bool:
        return is_hole(self.sizes.resolve(use.extent))

    def _meet(self, letter: Symbol, found: Range, use: Use) -> Range:
        if self.sizes.unify(found, use.extent):
            return found
        narrowed = self.common(found, self.sizes.resolve(use.extent))
        if narrowed is None:
            raise self._blame(use)(
                "wrong",
                "index",
                use.span,
                f"the index {letter} runs over {self._text(found)} elsewhere, "
                f"but over {self._text(use.extent)} in {use.where}",
            )
        return narrowed

    def _blame(self, use: Use) -> type[Misread]:
        self.blamed = use.side
        return Misread

    def _text(self, extent: Range) -> str:
        found = self.sizes.resolve(extent)
        text = range_text(found)
        return text if ".." in text or is_hole(found) else f"1..{text}"

    def common(self, left: Range, right: Range) -> Range | None:
        """The integers in both, where the ends can be compared."""
        left = self.sizes.resolve(left)
        lower = self._larger(left.lower, right.lower)
        upper = self._smaller(left.upper, right.upper)
        return None if lower is None or upper is None else Range(lower, upper)

    def _larger(self, a: Expr, b: Expr) -> Expr | None:
        if a == b or b == -oo:
            return a
        if a == -oo:
            return b
        if self.sizes.nonnegative(a - b):
            return a
        return b if self.sizes.nonnegative(b - a) else None

    def _smaller(self, a: Expr, b: Expr) -> Expr | None:
        if a == b or b == oo:
            return a
        if a == oo:
            return b
        if self.sizes.nonnegative(a - b):
            return b
        return a if self.sizes.nonnegative(b - a) else None

    def _narrowed(self, found: Range, inverted: Range) -> Range:
        both = self.common(found, inverted)
        return found if both is None else both

    def _inverted(self, letter: Symbol, use: Use) -> Range | None:
        """Where ``letter`` may be if ``±letter + constant`` stays in its slot."""
        parts = linear(use.expression)
        extent = self.sizes.resolve(use.extent)
        if parts is None or is_hole(extent):
            return None
        coefficient = parts[1].get(letter, 0)
        rest = use.expression - coefficient * letter
        if coefficient not in (1, -1) or any(s in self.uses for s in rest.free_symbols):
            return None
        ends = (extent.lower - rest, extent.upper - rest)
        return Range(*ends) if coefficient == 1 else Range(-ends[1], -ends[0])

    def check_stated(self, letter: Symbol, stated: Range) -> None:
        """The uses of a letter against the range that was stated for it."""
        self.ranges[letter] = stated
        self._hint_at_ends(letter, stated)
        for use in self.uses[letter]:
            if use.expression == letter and not use.checked_only:
                self._check_bare(letter, stated, use)
            else:
                self._check_shifted(use)

    def _hint_at_ends(self, letter: Symbol, stated: Range) -> None:
        """A letter that ends the range of another (Σ_{k ≤ i} x_k) runs over that one's slot, if nothing else tells."""
        for end in (stated.lower, stated.upper):
            for use in self.uses[letter]:
                extent = self.sizes.resolve(use.extent)
                if end in self.uses and use.expression == letter and not is_hole(extent):
                    self.hints.setdefault(end, extent)

    def _check_bare(self, letter: Symbol, stated: Range, use: Use) -> None:
        extent, stated = self.sizes.resolve(use.extent), self.sizes.resolve(stated)
        if is_hole(extent):
            if not any(s in self.uses for s in stated.lower.free_symbols | stated.upper.free_symbols):
                self.sizes.unify(extent, stated)
            return
        if extent == stated:
            return
        lower = self._least_value(stated.lower)
        upper = self._greatest_value(stated.upper)
        low_fits = lower is None or extent.lower == -oo or not self._negative(lower - extent.lower)
        high_fits = upper is None or extent.upper == oo or self._not_beyond(upper, extent.upper)
        if not low_fits or not high_fits:
            raise self._blame(use)(
                "wrong",
                "index",
                use.span,
                f"the index {letter} runs over {self._text(stated)}, "
                f"but {use.where} has only {self._text(extent)} there",
            )

    def _negative(self, difference: Expr) -> bool:
        return difference == -oo or self.sizes.positive(-difference)

    def _not_beyond(self, upper: Expr, end: Expr) -> bool:
        if upper == oo:
            return False
        difference = upper - end
        if self.sizes.positive(difference):
            return False
        return not (_is_plain_size(upper) and _is_plain_size(end) and upper != end)

    def _check_shifted(self, use: Use) -> None:
        extent = self.sizes.resolve(use.extent)
        if is_hole(extent):
            return
        low, high = self._least_value(use.expression), self._greatest_value(use.expression)
        below = low is not None and extent.lower != -oo and self._negative(low - extent.lower)
        above = high is not None and extent.upper != oo and (high == oo or self.sizes.positive(high - extent.upper))
        if below or above:
            raise self._blame(use)(
                "wrong",
                "index",
                use.span,
                f"the index {use.expression} leaves the range {self._text(extent)} of {use.where}",
            )

    def _check_constant(self, use: Use) -> None:
        extent = self.sizes.resolve(use.extent)
        if is_hole(extent) or use.expression.is_Indexed:
            return
        outside = (extent.lower != -oo and self.sizes.positive(extent.lower - use.expression)) or (
            extent.upper != oo and self.sizes.positive(use.expression - extent.upper)
        )
        if outside:
            raise self._blame(use)(
                "wrong",
                "index",
                use.span,
                f"{use.where} has no element {use.expression}: its indices run over {self._text(extent)}",
            )

    def _least_value(self, expression: Expr) -> Expr | None:
        return self._extreme(expression, lambda r: r.lower, lambda r: r.upper)

    def _greatest_value(self, expression: Expr) -> Expr | None:
        return self._extreme(expression, lambda r: r.upper, lambda r: r.lower)

    def _extreme(self, expression: Expr, up: End, down: End) -> Expr | None:
        """The extreme value of a linear expression over the ranges known so far."""
        if expression in (oo, -oo):
            return expression
        parts = linear(expression)
        if parts is None:
            return None
        total: Expr = Integer(parts[0])
        for atom, coefficient in parts[1].items():
            extent = self.ranges.get(atom) if isinstance(atom, Symbol) else None
            if extent is None:
                if atom in self.uses:
                    return None
                total += coefficient * atom
                continue
            end = up(extent) if coefficient > 0 else down(extent)
            inner = end if end in (oo, -oo) else self._extreme(end, *((up, down) if coefficient > 0 else (down, up)))
            if inner is None:
                return None
            total += coefficient * inner
        return total

    def conclude(self) -> dict[Symbol, Range]:
        """The ranges of the free letters; a letter in no slot takes the range of one it is compared with."""
        for letter in self.free:
            if letter in self.ranges:
                self.check_stated(letter, self.ranges[letter])
            else:
                found = self.range_from_uses(letter)
                if found is not None:
                    self.ranges[letter] = found
        self._spread_links()
        for letter in self.free:
            if letter not in self.ranges:
                self._refuse_scaled(letter)
                self.ranges[letter] = Range(-oo, oo)
        for letter in self.free:
            for use in self.uses[letter]:
                if use.expression != letter or use.checked_only:
                    self._check_shifted(use)
        return {letter: self.ranges[letter] for letter in self.free}

    def _refuse_scaled(self, letter: Symbol) -> None:
        """A letter that only stands in slots as part of a longer expression has no range of its own."""
        for use in self.uses[letter]:
            extent = self.sizes.resolve(use.extent)
            if not is_hole(extent) and not use.expression.is_Indexed and (extent.lower, extent.upper) != (-oo, oo):
                self.blamed = use.side
                raise Misread(
                    "unreadable",
                    "ambiguous-shape",
                    use.span,
                    f'nothing tells what {letter} runs over; add "for ${letter} = 1, \\dots, n$"',
                )

    def _spread_links(self) -> None:
        changed = True
        for letter, extent in self.hints.items():
            if letter in self.free:
                self.ranges.setdefault(letter, extent)
        while changed:
            changed = False
            for left, right in self.links:
                for one, other in ((left, right), (right, left)):
                    if one in self.free and one not in self.ranges and other in self.ranges:
                        self.ranges[one] = self.ranges[other]
                        changed = True


def _is_plain_size(expression: Expr) -> bool:
    return isinstance(expression, (Symbol, Integer))
