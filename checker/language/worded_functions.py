"""*the sigmoid function* $\\sigma$, *where* $\\varphi$ *is the hyperbolic tangent*: words that tell functions."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from checker.calculus.context import FunctionDefinition
from checker.calculus.functions import call, elementary, standard
from checker.calculus.terms import scalar
from checker.documents.model import Formula, Words
from checker.language.surface import Factors, Group, Name, ParsedFormula, ParseError, Scripted, Tree
from checker.language.walk import mapped

_MEANINGS: Mapping[str, str] = {
    r"(?:logistic\s+)?sigmoid|(?:standard\s+)?logistic|sigmoid\w*|сигмоид\w*|sigmoïde|sigmoide": "sigmoid",
    r"hyperbolic\s+tangent|tanh|tangente\s+hyperbolique": "tanh",
    r"relu|rectified\s+linear(?:\s+unit)?|rectifier": "relu",
    r"softplus": "softplus",
    r"gelu": "gelu",
    r"silu|swish": "silu",
    r"(?:gauss(?:ian)?\s+)?error": "erf",
    r"softmax": "softmax",
}
_KIND = r"(?:\s+(?:activation|transfer|link|squashing|non-?linear\w*))*(?:\s+(?:function|activation|non-?linearity))?"
_WORD = "|".join(f"(?P<w{n}>{pattern})" for n, pattern in enumerate(_MEANINGS))
_BEFORE = re.compile(rf"(?<!\w)(?:{_WORD}){_KIND}\s*[,:(]?\s*\Z", re.IGNORECASE)
_BEHIND = re.compile(
    rf"\s*(?:\(\s*\))?\s*(?:is|denotes|being|represents|means|stands\s+for|refers\s+to)\s+"
    rf"(?:again\s+|here\s+|always\s+)?(?:an?\s+|the\s+)?(?:{_WORD})(?!\w){_KIND}(?!\s+(?:of|with|applied\s+to)\s*\Z)",
    re.IGNORECASE,
)


def functions_in_words(
    sentences: Iterable[Sequence[Words | Formula]], parsed: Mapping[int, ParsedFormula | ParseError]
) -> dict[str, str]:
    """Names of functions, and the function that some sentence says each of them is."""
    found: dict[str, str] = {}
    for parts in sentences:
        for number, part in enumerate(parts):
            name = _function_alone(parsed.get(id(part))) if isinstance(part, Formula) else None
            if name is None or elementary(name) is not None:
                continue
            before = parts[number - 1] if number else None
            behind = parts[number + 1] if number + 1 < len(parts) else None
            match = _BEFORE.search(before.text) if isinstance(before, Words) else None
            if match is None and isinstance(behind, Words):
                match = _BEHIND.match(behind.text)
            if match is not None:
                found.setdefault(name, _meaning(match))
    return found


def _meaning(match: re.Match[str]) -> str:
    number = next(n for n in range(len(_MEANINGS)) if match[f"w{n}"] is not None)
    return tuple(_MEANINGS.values())[number]


def _function_alone(formula: ParsedFormula | ParseError | None) -> str | None:
    r"""σ of ``\sigma``, ``\sigma(\cdot)``, ``\sigma(x)``, standing by itself."""
    if not isinstance(formula, ParsedFormula) or len(formula.chains) != 1 or len(formula.chains[0]) != 1:
        return None
    match formula.chains[0][0].tree:
        case Name(upright=False, name=name):
            return name
        case Factors(factors=(Name(upright=False, name=name), Group(kind="(")), operators=("",)):
            return name
        case _:
            return None


def definition_in_words(name: str, meaning: str) -> FunctionDefinition | None:
    """A function by the author's name for it; None for one that is not of numbers."""
    known = standard(meaning)
    if known is not None:
        return replace(known, name=name)
    if elementary(meaning) is None:
        return None
    x = scalar("x")
    return FunctionDefinition(name, (x,), call(meaning, x))


def with_softmax(parsed: ParsedFormula, names: frozenset[str]) -> ParsedFormula:
    """The formula with softmax for the names that words say are softmax."""
    if not names:
        return parsed

    def changed(tree: Tree) -> Tree:
        if not isinstance(tree, Factors):
            return tree
        factors = list(tree.factors)
        for n, (head, following) in enumerate(itertools.pairwise(factors)):
            group = following.base if isinstance(following, Scripted) else following
            if isinstance(head, Name) and head.name in names and isinstance(group, Group) and not tree.operators[n]:
                factors[n] = replace(head, name="softmax", upright=True)
        return replace(tree, factors=tuple(factors))

    chains = tuple(
        tuple(row if row.tree is None else replace(row, tree=mapped(row.tree, changed)) for row in chain)
        for chain in parsed.chains
    )
    return replace(parsed, chains=chains)
