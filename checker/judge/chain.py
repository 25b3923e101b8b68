"""The lines of a chain: each against the head, and against the line before.

A mistake is counted once: a line that differs from the head but follows from an earlier wrong line is
*carried*; one that is true again after a mistake *rejoins*.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sympy import Expr, Symbol

from checker.calculus.context import Claim, Context, Range
from checker.calculus.graph import Dependencies
from checker.judge.decide import Options, Proof, decide, evaluate, prove, verdict
from checker.results import Judgement, Verdict

HOLDS = (Verdict.PROVED, Verdict.TESTED)
FALSE = (Verdict.WRONG, Verdict.CARRIED)


def judge_chain(
    sides: Sequence[Expr | Judgement],
    indices: Mapping[Symbol, Range],
    context: Context,
    options: Options | None = None,
) -> list[Judgement]:
    """One judgement for each side after the head.

    A ``Judgement`` in place of a term stands for a side that has none (it could not be read, or its
    shape cannot fit); it is passed through.
    """
    return _Chain(sides, indices, context, options or Options()).judge()


class _Chain:
    def __init__(
        self,
        sides: Sequence[Expr | Judgement],
        indices: Mapping[Symbol, Range],
        context: Context,
        options: Options,
    ) -> None:
        self.sides, self.indices, self.context, self.options = sides, indices, context, options
        self.graph = Dependencies(context)
        self.found: list[Judgement] = []

    def judge(self) -> list[Judgement]:
        for k in range(1, len(self.sides)):
            side = self.sides[k]
            self.found.append(side if isinstance(side, Judgement) else self._line(k, side))
        return self.found

    def _line(self, k: int, side: Expr) -> Judgement:
        head = self.sides[0]
        if isinstance(head, Judgement):
            return head
        judgement = self._by_step(k, head, side) or decide(
            self._claim(head, side), self.context, self.options, self.graph
        )
        if judgement.verdict in HOLDS:
            return replace(judgement, rejoins=self._comes_back())
        if judgement.verdict is Verdict.WRONG and self._follows(k, side):
            return replace(judgement, verdict=Verdict.CARRIED, reason=None)
        return judgement

    def _comes_back(self) -> bool:
        """Whether the line is the first true one after a mistake."""
        before = next((j for j in reversed(self.found) if j.verdict in (*HOLDS, *FALSE)), None)
        return before is not None and before.verdict in FALSE

    def _claim(self, left: Expr, right: Expr) -> Claim:
        return Claim(left, right, self.indices)

    def _by_step(self, k: int, head: Expr, side: Expr) -> Judgement | None:
        """Equal to the line before, which is proved and rests on nothing: then equal to the head."""
        if k < 2:
            return None
        before, known = self.sides[k - 1], self.found[k - 2]
        if isinstance(before, Judgement) or known.verdict is not Verdict.PROVED or known.rests_on:
            return None
        proof = prove(self._claim(before, side), self.context, self.options, self.graph)
        if not proof.proved or proof.rests_on:
            return None
        conditions = tuple(dict.fromkeys((*known.conditions, *proof.conditions)))
        whole = Proof(True, conditions=conditions)
        claim = self._claim(head, side)
        return verdict(whole, evaluate(claim, self.context, self.options), self.context, claim)

    def _follows(self, k: int, side: Expr) -> bool:
        """Whether a wrong line is what the wrong line before it says."""
        if k < 2 or self.found[k - 2].verdict not in FALSE:
            return False
        before = self.sides[k - 1]
        if isinstance(before, Judgement):
            return False
        return decide(self._claim(before, side), self.context, self.options, self.graph).verdict in HOLDS
