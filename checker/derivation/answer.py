"""What was derived, as plain data: LaTeX and sentences."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Step:
    """A chain of equal sides, each LaTeX; each line has its reason."""

    about: str
    head: str
    lines: tuple[str, ...]
    reasons: tuple[str, ...]

    @property
    def why(self) -> str:
        """One sentence for the whole chain."""
        return f"{self.about}: {'; '.join(dict.fromkeys(self.reasons))}."


@dataclass(frozen=True)
class Derivation:
    """A derivative with its derivation; every line printed is proved unless ``proved`` is False.

    ``result`` is ``left = right`` as the last formula has it; ``notation`` is ``matrix`` or ``index``.
    ``unproved`` are the lines that were left out.  ``conditions`` say where it holds, ``rests_on`` what it uses.
    """

    of: str
    by: tuple[str, ...]
    layout: str
    sentences: tuple[str, ...]
    macros: tuple[str, ...]
    steps: tuple[Step, ...]
    result: tuple[str, str]
    notation: str
    proved: bool
    unproved: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    rests_on: tuple[str, ...] = ()
    code: str | None = field(default=None, repr=False)
    code_problem: str | None = None
