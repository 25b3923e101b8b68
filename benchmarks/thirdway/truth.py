"""Whether a claim is true, as far as float64 at a handful of points can tell."""

from __future__ import annotations

import time
import traceback
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
from sympy import Basic, Integer, Symbol

from benchmarks.nodes import remade
from benchmarks.thirdway.evaluate import NEVER_ENDS, NO_TIME, evaluate
from benchmarks.thirdway.functions import Unsupported
from benchmarks.thirdway.hypotheses import concerning, grid, inside, said, satisfy
from benchmarks.thirdway.world import World, names_in
from checker.calculus.context import Claim, Context, Range
from checker.calculus.terms import Partial

EQUAL, DIFFERENT = 1e-7, 1e-4  # relative; what lies between is left open
LOOSE, CLEARLY = 1e-5, 1e-2  # for derivatives of derivatives, where differences stand inside differences
FLOOR = 1e-3  # what is smaller than this (1 for derivatives of derivatives) is compared absolutely
LARGEST = 1e7
SIZES = ((3, 4, 5, 6), (4, 3, 3, 5), (3, 3, 4, 3), (2, 3, 2, 4), (1, 2, 1, 1), (2, 1, 3, 2))
MOODS = ("mixed", "positive", "wide", "small")
SMALLEST_LITERAL = 8  # sizes given as numbers from this on are replaced by small ones
MOST_PLACES = 48  # values of the free indices that are looked at
SECONDS = 1.0  # for one point
FEWEST_PLACES = 12  # … and index values, before the search for a difference is given up
FEWEST = 2  # points that must agree before a claim is called true


@dataclass(frozen=True)
class Truth:
    """``value`` is None where it could not be found out; ``points`` counts the comparisons made.

    ``error`` names a failure of this evaluator itself: at such a point it is no witness, whatever it found at others.
    """

    value: bool | None
    points: int
    why: str = ""
    error: str = ""


def truth(claim: Claim, context: Context, seed: int = 0, most: int = 4, exact: bool = False) -> Truth:
    """Compare both sides at up to ``most`` points; one clear difference is enough for *false*.

    Sizes such as 784 are replaced by small ones; ``exact`` keeps them.
    """
    if not exact:
        claim, context = shrunk(claim, context)
    agreeing, points, why, error = 0, 0, "", ""
    for world in worlds(context, seed, max(24, 2 * most)):
        if agreeing >= most and points >= FEWEST_PLACES:
            break
        world.deadline = time.monotonic() + SECONDS
        try:
            compared, differs, unclear = compare(world, claim)
        except Unsupported as refusal:
            why = str(refusal)
            if why in (NO_TIME, NEVER_ENDS):
                break
            continue
        except RecursionError:
            why = NEVER_ENDS
            break
        except Exception as failure:  # noqa: BLE001  # a defect of this evaluator must not lose the run
            why = error = named(failure)
            continue
        points += compared
        if differs:
            return Truth(False, points, error=error)
        if unclear:
            why = "a difference too small to tell"
            continue
        agreeing += compared > 0
    if agreeing >= FEWEST and (_nested(claim) or not why.startswith("a difference")):
        return Truth(True, points, error=error)
    return Truth(None, points, why or "no point was found", error)


def named(failure: Exception) -> str:
    """``TypeError (evaluate.py, in _sum)``."""
    frame = traceback.extract_tb(failure.__traceback__)[-1]
    own = [f for f in traceback.extract_tb(failure.__traceback__) if "thirdway" in f.filename]
    frame = own[-1] if own else frame
    return f"{type(failure).__name__} ({Path(frame.filename).name}, in {frame.name})"


def worlds(context: Context, seed: int, number: int = 24) -> Iterator[World]:
    for k in range(number):
        mood = MOODS[k % 4]
        yield World(context, 1000 * seed + k, SIZES[k % len(SIZES)], mood)


def compare(world: World, claim: Claim) -> tuple[int, bool, bool]:
    """How many index values were compared; whether some certainly differ; whether some are in between."""
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if not satisfy(world, claim):
            return 0, False, False
        indices = dict(claim.indices)
        for symbol in read_by_definitions(world, claim):
            if not fix(world, symbol, indices.pop(symbol)):
                return 0, False, False
        scope = thinned(world, grid(world, indices))
        if any(not a.size for a in scope.values()):
            return 0, False, False
        allowed = inside(world, indices, scope)
        for hypothesis in concerning(world, claim):
            free = set().union(*(t.free_symbols for t in _terms(hypothesis))) & set(indices)
            if free - set(hypothesis.indices):
                outer = {s: a for s, a in scope.items() if s not in hypothesis.indices}
                if not hypothesis.indices:
                    allowed = allowed & said(world, hypothesis, {**outer})
        left, right = (evaluate(world, side, scope, len(scope)) for side in (claim.left, claim.right))
        if np.iscomplexobj(left) or np.iscomplexobj(right):
            left, right = np.real(left), np.real(right)
        scale = (1.0 if _nested(claim) else FLOOR) + np.maximum(np.abs(left), np.abs(right))
        if np.any(np.isfinite(scale) & (scale >= LARGEST)):
            return 0, False, False  # what cancels there cancels in float64 only by luck
        seen = np.isfinite(left) & np.isfinite(right) & allowed
        gap = np.where(seen, np.abs(left - right) / scale, 0)
    equal, different = (LOOSE, CLEARLY) if _nested(claim) else (EQUAL, DIFFERENT)
    return int(np.sum(seen)), bool(np.any(gap > different)), bool(np.any(gap > equal))


def read_by_definitions(world: World, claim: Claim) -> list[Symbol]:
    """Free indices of the claim that definitions mention without binding them (a class y in the loss)."""
    names = names_in(claim.left) | names_in(claim.right)
    names = names.union(*(world.reach(n) for n in names))
    found: set[Symbol] = set()
    for name in names:
        for definition in world.definitions(name):
            bound = {s for s in definition.pattern if isinstance(s, Symbol)}
            found |= (definition.body.free_symbols | definition.condition.free_symbols) - bound
    return sorted(found & set(claim.indices), key=str)


def fix(world: World, symbol: Symbol, range_: Range) -> bool:
    """Give an index one value for the whole point; False where its range is empty."""
    values = grid(world, {symbol: range_})[symbol]
    if not values.size:
        return False
    world.integers[symbol.name] = int(values[(world.seed + crc32(symbol.name.encode())) % len(values)])
    world.tables.clear()
    return True


def thinned(world: World, scope: dict[Symbol, np.ndarray]) -> dict[Symbol, np.ndarray]:
    """Some values of every index, so that there are not too many places to look at."""
    counts = [a.size for a in scope.values()]
    most = next(k for k in (99, 5, 4, 3, 2, 1) if k == 1 or np.prod([min(k, c) for c in counts]) <= MOST_PLACES)
    random = np.random.default_rng((world.seed, 5))
    return {s: a if a.size <= most else random.choice(a, most, replace=False) for s, a in scope.items()}


def shrunk(claim: Claim, context: Context) -> tuple[Claim, Context]:
    """The same statement with small sizes in place of numbers such as 784."""
    literals = {
        int(node)
        for variable in context.variables.values()
        for slot in variable.slots
        for bound in (slot.lower, slot.upper)
        for node in bound.atoms(Integer)
        if node >= SMALLEST_LITERAL
    }
    if not literals:
        return claim, context
    small = {Integer(n): Integer(3 + k % 3) for k, n in enumerate(sorted(literals))}

    def moved(value: Any) -> Any:
        """Any piece of a claim or context, its terms with the numbers replaced."""
        if isinstance(value, Basic):
            return _renumbered(value, small)
        if isinstance(value, tuple):
            return tuple(moved(v) for v in value)
        if isinstance(value, Mapping):
            return {k: moved(v) for k, v in value.items()}
        if is_dataclass(value) and not isinstance(value, type):
            return replace(value, **{f.name: moved(getattr(value, f.name)) for f in fields(value)})
        return value

    return moved(claim), moved(context)


def _renumbered(term: Basic, small: Mapping[Basic, Basic]) -> Basic:
    if term in small:
        return small[term]
    if not term.args or not term.atoms(Integer) & set(small):
        return term
    return remade(term, [_renumbered(a, small) for a in term.args])


def _terms(hypothesis: object) -> Iterator[object]:
    from benchmarks.thirdway.hypotheses import terms_of

    return terms_of(hypothesis)  # type: ignore[arg-type]


def _nested(claim: Claim) -> bool:
    return any(
        len(node.variables) > 1 or node.expression.atoms(Partial)
        for side in (claim.left, claim.right)
        for node in side.atoms(Partial)
    )
