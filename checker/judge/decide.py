"""One equality, two judges: the normal form for all sizes, the evaluation at concrete ones.

*Proved* needs both.  A difference found by evaluation is *wrong*; where the two contradict each other
the answer is *undecided*, reason ``disagreement``: a defect of the checker, to be reported.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from math import prod

from sympy import Expr, Integer

from checker.calculus.conditions import conditions_of
from checker.calculus.context import Claim, Context, Range
from checker.calculus.derivative import replace_symbol
from checker.calculus.forms import subtract
from checker.calculus.graph import Dependencies
from checker.calculus.prover import Prover
from checker.calculus.ring import Budget, Outside
from checker.calculus.session import open_session
from checker.calculus.sums import Unsummable
from checker.calculus.terms import source
from checker.judge.disagreement import defect
from checker.judge.evaluate import Evaluation, EvaluationOptions, evaluate_claim
from checker.results import Judgement, Verdict


def _plain(term: Expr, context: Context) -> str:
    return source(term)


@dataclass(frozen=True)
class Options:
    """``latex`` prints a term for conditions; ``seconds`` and ``work`` bound each judge on its own.

    ``work_on_false`` is for a proof of what certainly differs: see :func:`after`.
    """

    latex: Callable[[Expr, Context], str] = _plain
    seconds: float = 4.0
    work: int = 400_000
    work_on_false: int = 1_000  # nine proofs in ten need half of it
    evaluation: EvaluationOptions = field(default_factory=EvaluationOptions)


@dataclass(frozen=True)
class Proof:
    """What the symbolic judge found: ``proved``, or why not (``reason`` is empty where it just did not close)."""

    proved: bool
    rests_on: tuple[int, ...] = ()
    conditions: tuple[str, ...] = ()
    reason: str = ""
    message: str = ""


def decide(
    claim: Claim, context: Context, options: Options | None = None, graph: Dependencies | None = None
) -> Judgement:
    """The verdict on ``claim.left = claim.right`` for all values of its free indices."""
    options = options or Options()
    start = time.perf_counter()
    evaluation = evaluate(claim, context, options)
    proof = prove(claim, context, after(evaluation, options), graph or Dependencies(context))
    judgement = verdict(proof, evaluation, context, claim)
    return replace(judgement, seconds=time.perf_counter() - start)


def after(evaluation: Evaluation, options: Options) -> Options:
    """What the symbolic judge may spend: little where the two sides certainly differ.

    It cannot find a proof then, unless one of the judges is defective; it looks as far as most proofs
    go, so that such a defect shows.
    """
    if evaluation.outcome != "differ":
        return options
    return replace(options, work=min(options.work, options.work_on_false))


def evaluate(claim: Claim, context: Context, options: Options) -> Evaluation:
    deadline = time.monotonic() + options.seconds
    return evaluate_claim(claim, context, replace(options.evaluation, deadline=deadline))


def verdict(proof: Proof, evaluation: Evaluation, context: Context, claim: Claim) -> Judgement:
    """Both findings, combined."""
    return replace(_verdict(proof, evaluation, context, claim), points=evaluation.points, tried=evaluation.sizes)


def _verdict(proof: Proof, evaluation: Evaluation, context: Context, claim: Claim) -> Judgement:
    if evaluation.outcome == "differ":
        if proof.proved:
            message = defect(claim, context, evaluation)
            return Judgement(
                Verdict.UNDECIDED, "disagreement", counterexample=evaluation.counterexample, message=message
            )
        return Judgement(Verdict.WRONG, "value", counterexample=evaluation.counterexample)
    if evaluation.outcome == "agree":
        if proof.proved:
            rests_on = tuple(context.hypotheses[k].text for k in proof.rests_on)
            return Judgement(Verdict.PROVED, rests_on=rests_on, conditions=proof.conditions)
        return Judgement(Verdict.TESTED, proof.reason or None, message=proof.message or None)
    return _unevaluated(proof, evaluation)


def _unevaluated(proof: Proof, evaluation: Evaluation) -> Judgement:
    """Without evaluation nothing is proved: the statement may hold only because it is empty."""
    reason, _, detail = evaluation.reason.partition(": ")
    known = reason if reason in ("budget", "outside") else "outside"
    detail = detail or evaluation.reason
    if proof.proved:
        message = f"the normal forms agree, but no evaluation confirms it: {detail}"
    else:
        message = "; ".join(m for m in (proof.message, detail) if m)
    return Judgement(Verdict.UNDECIDED, known, message=message)


# -------------------------------------------------------------------------------- the symbolic judge


def prove(claim: Claim, context: Context, options: Options, graph: Dependencies) -> Proof:
    """The symbolic judge alone: is the difference of the two sides zero, and on what does that rest?"""
    session = closed(claim, context, options, graph)
    if isinstance(session, Proof):
        return _place_by_place(claim, context, options, graph) or session
    needed = _needed(session.relied_on(), claim, context, options, graph)
    conditions = conditions_of(claim, context, graph, options.latex, session)
    return Proof(True, tuple(sorted(needed)), conditions)


MOST_PLACES = 64


def _place_by_place(claim: Claim, context: Context, options: Options, graph: Dependencies) -> Proof | None:
    """The proof at every value of the indices that have but a few, such as those of a matrix written out."""
    few = {x: values for x, r in claim.indices.items() if (values := _values(r))}
    if not few or prod(len(values) for values in few.values()) > MOST_PLACES:
        return None
    rest = {x: r for x, r in claim.indices.items() if x not in few}
    deadline = time.monotonic() + options.seconds
    proofs: list[Proof] = []
    for place in itertools.product(*few.values()):
        left, right = claim.left, claim.right
        for letter, value in zip(few, place, strict=True):
            left, right = (replace_symbol(side, letter, Integer(value)) for side in (left, right))
        left_over = deadline - time.monotonic()
        if left_over <= 0:
            return None
        proofs.append(prove(Claim(left, right, rest), context, replace(options, seconds=left_over), graph))
        if not proofs[-1].proved:
            return None
    rests_on = sorted({k for p in proofs for k in p.rests_on})
    return Proof(True, tuple(rests_on), tuple(dict.fromkeys(c for p in proofs for c in p.conditions)))


def _values(extent: Range) -> range:
    """The values of an index whose ends are numbers; empty for all others."""
    if isinstance(extent.lower, Integer) and isinstance(extent.upper, Integer):
        return range(int(extent.lower), int(extent.upper) + 1)
    return range(0)


def closed(
    claim: Claim, context: Context, options: Options, graph: Dependencies, without: frozenset[int] = frozenset()
) -> Prover | Proof:
    """The session in which the difference of the two sides became zero, or why none did."""
    deadline = time.monotonic() + options.seconds
    try:
        session = open_session(
            context,
            claim.indices,
            about=(claim.left, claim.right),
            without=without,
            deadline=deadline,
            work=options.work,
            graph=graph,
        )
        difference = subtract(session.form(claim.left, {}), session.form(claim.right, {}))
        attempt = session.prove_zero(difference)
    except Budget as error:
        return Proof(False, reason="budget", message=str(error))
    except (Outside, Unsummable) as error:
        return Proof(False, reason="outside", message=str(error))
    except ZeroDivisionError:
        return Proof(False, reason="outside", message="a division by zero")
    except RecursionError:
        return Proof(False, reason="budget", message="the normal form is nested too deep")
    return session if attempt.proved else Proof(False)


def _needed(
    used: frozenset[int], claim: Claim, context: Context, options: Options, graph: Dependencies
) -> frozenset[int]:
    """The hypotheses among ``used`` that the proof does not go through without.

    One that another stands in for, such as *symmetric* beside *positive definite*, is needed: its place must be taken.
    """
    used = frozenset(k for k in used if k >= 0)
    dropped: frozenset[int] = frozenset()
    for position in sorted(used):
        without = _proof_without(dropped | {position}, claim, context, options, graph)
        if without is not None and frozenset(k for k in without.relied_on() if k >= 0) <= used - dropped:
            dropped |= {position}
    return used - dropped


def _proof_without(
    sources: frozenset[int], claim: Claim, context: Context, options: Options, graph: Dependencies
) -> Prover | None:
    """The proof without these hypotheses, if there is one; none where the two sides differ without them.

    The evaluation spares a search that cannot succeed; it decides nothing where it finds no difference.
    """
    kept = tuple(h for k, h in enumerate(context.hypotheses) if k not in sources)
    evaluation = replace(options.evaluation, minimise=False)
    found = evaluate(claim, replace(context, hypotheses=kept), replace(options, evaluation=evaluation))
    if found.outcome == "differ":
        return None
    session = closed(claim, context, options, graph, sources)
    return session if isinstance(session, Prover) else None
