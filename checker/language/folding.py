"""Parts of one definition that another one names: ŷ = σ(w⊤x + b) goes through z = w⊤x + b, however it is written."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping

from sympy import Add, Basic, Expr, Indexed, Mul, Product, Sum, Symbol
from sympy.logic.boolalg import true

from checker.calculus import terms
from checker.calculus.context import Definition

MOST_ARGUMENTS = 5  # of a sum or product whose order is not known
_Found = Mapping[Symbol, Basic]


def folded(body: Expr, definition: Definition) -> Expr | None:
    """``body`` with the name of a definition in the place of what it stands for; None where that does not occur.

    The two are equal wherever the definition holds, so it must hold for all indices.
    """
    if definition.condition != true or not definition.body.args or isinstance(definition.body, Indexed):
        return None
    if not all(isinstance(slot, Symbol) for slot in definition.pattern):
        return None
    found = _folded(body, definition)
    return found if found != body else None


def _folded(term: Basic, definition: Definition) -> Basic:
    wanted = frozenset(slot for slot in definition.pattern if isinstance(slot, Symbol))
    match = next(_matches(definition.body, term, wanted, {}, {}), None)
    if match is not None and wanted <= match.keys():
        return terms.element(definition.name, *(match[slot] for slot in definition.pattern))
    if isinstance(term, terms.Partial):
        return term
    arguments = [_folded(a, definition) for a in term.args]
    return term if all(a is b for a, b in zip(arguments, term.args, strict=True)) else term.func(*arguments)


def _matches(
    pattern: Basic, term: Basic, wanted: frozenset[Symbol], found: _Found, bound: Mapping[Symbol, Symbol]
) -> Iterator[_Found]:
    """The ways to put terms for the wanted letters of a pattern; ``bound``: its bound letters and those of the term."""
    if isinstance(pattern, Symbol):
        yield from _letter_matches(pattern, term, wanted, found, bound)
    elif not pattern.args:
        if pattern == term:
            yield found
    elif type(pattern) is not type(term) or len(pattern.args) != len(term.args):
        return
    elif isinstance(pattern, Sum | Product):
        yield from _binder_matches(pattern, term, wanted, found, bound)
    elif isinstance(pattern, Add | Mul) and len(pattern.args) <= MOST_ARGUMENTS:
        for order in itertools.permutations(term.args):
            yield from _all_match(pattern.args, order, wanted, found, bound)
    else:
        yield from _all_match(pattern.args, term.args, wanted, found, bound)


def _letter_matches(
    letter: Symbol, term: Basic, wanted: frozenset[Symbol], found: _Found, bound: Mapping[Symbol, Symbol]
) -> Iterator[_Found]:
    if letter in bound:
        if bound[letter] == term:
            yield found
    elif letter in wanted:
        if term.free_symbols & set(bound.values()):
            return
        if letter not in found:
            yield {**found, letter: term}
        elif found[letter] == term:
            yield found
    elif letter == term and term not in bound.values():
        yield found


def _binder_matches(
    pattern: Basic, term: Basic, wanted: frozenset[Symbol], found: _Found, bound: Mapping[Symbol, Symbol]
) -> Iterator[_Found]:
    (one, *lower), (other, *upper) = pattern.args[1], term.args[1]
    for ends in _all_match(lower, upper, wanted, found, bound):
        yield from _matches(pattern.args[0], term.args[0], wanted - {one}, ends, {**bound, one: other})


def _all_match(
    patterns: tuple[Basic, ...] | list[Basic],
    given: tuple[Basic, ...] | list[Basic],
    wanted: frozenset[Symbol],
    found: _Found,
    bound: Mapping[Symbol, Symbol],
) -> Iterator[_Found]:
    if not patterns:
        yield found
        return
    for first in _matches(patterns[0], given[0], wanted, found, bound):
        yield from _all_match(patterns[1:], given[1:], wanted, first, bound)
