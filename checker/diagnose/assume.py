"""Hypotheses under which a wrong line would be true, from a closed list."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sympy import Integer, Symbol, preorder_traversal
from sympy.core.relational import StrictGreaterThan

from checker.calculus import terms
from checker.calculus.context import Claim, Context, Hypothesis, Matrix, Property, Range, Variable
from checker.calculus.terms import Partial
from checker.judge.decide import Options, decide
from checker.judge.probe import probe
from checker.judge.statement import names_in
from checker.results import Verdict

MOST = 36
MOST_DECIDED = 4


@dataclass(frozen=True)
class Assumption:
    """A hypothesis with its name in words."""

    word: str
    hypothesis: Hypothesis


Rule = Callable[[str, Variable], Iterator[Assumption]]
Rules = Sequence[tuple[Rule, bool]]


def assumed(
    claim: Claim, context: Context, options: Options, spent: Callable[[], bool], deadline: float, rules: Rules
) -> tuple[Assumption, bool] | None:
    """The first hypothesis of some rules under which the claim is proved (else tested), and whether it is proved."""
    tested, decided = None, 0
    for assumption in list(assumptions(claim, context, rules))[:MOST]:
        if spent() or decided >= MOST_DECIDED:
            break
        wider = replace(context, hypotheses=(*context.hypotheses, assumption.hypothesis))
        if not probe(claim, wider, [claim.right], deadline).passing:
            continue
        decided += 1
        judgement = decide(claim, wider, options)
        if judgement.verdict is Verdict.PROVED and assumption.hypothesis.text in judgement.rests_on:
            return assumption, True
        if judgement.verdict is Verdict.TESTED:
            tested = tested or assumption
    return None if tested is None else (tested, False)


def assumptions(claim: Claim, context: Context, rules: Rules) -> Iterator[Assumption]:
    """Every hypothesis of some rules about every undefined quantity that the claim comes down to."""
    names = leaves(claim, context)
    varied = varied_in(claim)
    for rule, also_varied in rules:
        for name in names:
            variable = context.variables.get(name, Variable(name))
            plain = not variable.integer and not variable.parameters and not variable.labels
            if plain and (also_varied or name not in varied):
                yield from rule(name, variable)


def varied_in(claim: Claim) -> set[str]:
    """The names that the claim differentiates by: no equation holds of them."""
    partials = (node for side in (claim.left, claim.right) for node in preorder_traversal(side))
    return {n for node in partials if isinstance(node, Partial) for v in node.args[1:] for n in names_in(v)}


def leaves(claim: Claim, context: Context) -> list[str]:
    found: dict[str, None] = {}
    todo = [*sorted(names_in(claim.right)), *sorted(names_in(claim.left))]
    seen: set[str] = set()
    while todo:
        name = todo.pop(0)
        if name in seen or name.endswith("()"):
            continue
        seen.add(name)
        definitions = context.definitions.get(name, ())
        for definition in definitions:
            todo += sorted(names_in(definition.body))
        if not definitions and name not in context.depends:
            found[name] = None
    return list(found)


# ------------------------------------------------------------------------------------------- rules


def letters(variable: Variable) -> tuple[Symbol, ...]:
    return tuple(terms.index(f"{letter}") for letter in ("i", "j")[: len(variable.slots)])


def is_finite(extent: Range) -> bool:
    return extent.lower == 1 and not extent.upper.is_infinite


def sums_to(value: int, word: str) -> Callable[[str, Variable], Iterator[Assumption]]:
    """The elements of a vector, of each row or of each column, add up to a number."""

    def rule(name: str, variable: Variable) -> Iterator[Assumption]:
        if not 1 <= len(variable.slots) <= 2 or not all(map(is_finite, variable.slots)):
            return
        symbols = letters(variable)
        body = terms.element(name, *symbols)
        for place in reversed(range(len(symbols))):
            bound, extent = symbols[place], variable.slots[place]
            rest = {s: r for s, r in zip(symbols, variable.slots, strict=True) if s != bound}
            total = terms.sum_over(body, bound, extent.lower, extent.upper)
            scripts = "".join(map(str, symbols))
            script = scripts if len(scripts) == 1 else f"{{{scripts}}}"
            text = f"\\sum_{bound} {name}_{script} = {value}"
            yield Assumption(word, Hypothesis(text, equation=(total, Integer(value)), indices=rest))

    return rule


def has(kind: Property, word: str, text: str) -> Callable[[str, Variable], Iterator[Assumption]]:
    def rule(name: str, variable: Variable) -> Iterator[Assumption]:
        if len(variable.slots) != 2 or variable.slots[0] != variable.slots[1] or not is_finite(variable.slots[0]):
            return
        row, column = letters(variable)
        extent = variable.slots[0].upper
        matrix = Matrix(row, column, extent, extent, terms.element(name, row, column))
        yield Assumption(word, Hypothesis(text.format(name=name), property=kind, matrix=matrix))

    return rule


def one_hot(name: str, variable: Variable) -> Iterator[Assumption]:
    if len(variable.slots) != 1 or not is_finite(variable.slots[0]):
        return
    (row,) = letters(variable)
    matrix = Matrix(row, terms.index("j"), variable.slots[0].upper, Integer(1), terms.element(name, row))
    text = f"{name} \\text{{ is one-hot}}"
    yield Assumption("one-hot", Hypothesis(text, property=Property.ONE_HOT, matrix=matrix))


def positive(name: str, variable: Variable) -> Iterator[Assumption]:
    if len(variable.slots) > 2 or not all(map(is_finite, variable.slots)):
        return
    symbols = letters(variable)
    body = terms.element(name, *symbols) if symbols else terms.scalar(name)
    scripts = "".join(map(str, symbols))
    script = f"_{scripts}" if len(scripts) == 1 else f"_{{{scripts}}}" if scripts else ""
    text = f"{name}{script} > 0"
    ranges: Mapping[Symbol, Range] = dict(zip(symbols, variable.slots, strict=True))
    yield Assumption("positive", Hypothesis(text, relation=StrictGreaterThan(body, 0), indices=ranges))


# Each with whether it may be said of what a derivative is taken by.
LIKELY: Rules = (
    (has(Property.SYMMETRIC, "symmetric", "{name} = {name}^\\top"), True),
    (sums_to(1, "a sum of 1"), False),
    (sums_to(0, "zero mean"), False),
    (has(Property.ORTHOGONAL, "orthogonal", "{name} \\text{{ is orthogonal}}"), True),
)
SPECIAL: Rules = ((one_hot, False), (positive, True))  # under which much is true that is not meant
