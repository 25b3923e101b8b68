"""A third way to the truth of a claim: float64 arrays, complex steps and finite differences.

It shares no code with either judge, only the term and context types; it is slower than one and less
certain than the other, and is there to catch both of them out.
"""

from benchmarks.thirdway.truth import Truth, truth

__all__ = ["Truth", "truth"]
