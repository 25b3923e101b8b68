"""Checks mathematical derivations, line by line, for all sizes.

From Python::

    import checker

    report = checker.check_text("Let $x$ be real.\\n\\n$$(x + 1)^2 = x^2 + 2x + 1$$")
    report.statements[0].lines[1].judgement.verdict   # Verdict.PROVED

    checker.prove(left, right, shapes={"A": ("m", "n")})     # SymPy expressions in index notation
    checker.differentiate(expression, by)

Importing this package imports no third-party package; each function imports what it needs.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from checker.api import check_file, check_files, check_text, derive, derive_file, differentiate, prove
    from checker.results import (
        Counterexample,
        DocumentReport,
        Judgement,
        Kind,
        Line,
        Report,
        Statement,
        SymbolRow,
        Verdict,
    )

__version__ = "0.1.0"

_HOMES = {
    **dict.fromkeys(
        ("check_file", "check_files", "check_text", "derive", "derive_file", "differentiate", "prove"), "checker.api"
    ),
    **dict.fromkeys(
        (
            "Counterexample",
            "DocumentReport",
            "Judgement",
            "Kind",
            "Line",
            "Report",
            "Statement",
            "SymbolRow",
            "Verdict",
        ),
        "checker.results",
    ),
}

__all__ = [
    "Counterexample",
    "DocumentReport",
    "Judgement",
    "Kind",
    "Line",
    "Report",
    "Statement",
    "SymbolRow",
    "Verdict",
    "__version__",
    "check_file",
    "check_files",
    "check_text",
    "derive",
    "derive_file",
    "differentiate",
    "prove",
]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
