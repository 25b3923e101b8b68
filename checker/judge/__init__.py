"""Verdicts: the normal form and the independent evaluation, together."""

from checker.judge.chain import judge_chain
from checker.judge.decide import Options, decide

__all__ = ["Options", "decide", "judge_chain"]
