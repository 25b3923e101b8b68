"""The checker from Python: documents and texts, and claims given as SymPy expressions."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from checker.paths import find
from checker.results import DocumentReport, Judgement, Report
from checker.workers import Job, Run

if TYPE_CHECKING:
    from sympy import Basic, Expr

    from checker.calculus.context import Hypothesis
    from checker.derivation import Derivation
    from checker.expressions import Shapes, Size


def check_text(text: str, path: str = "<text>", *, timeout: float | None = 10.0) -> DocumentReport:
    """Check a document given as text; it is read as LaTeX if ``path`` ends in ``.tex``, otherwise as Markdown.

    ``timeout`` is in seconds for each line, and works in the main thread of a POSIX system.
    """
    from checker import check

    return check.check_text(text, path, check.Settings(timeout))


def check_file(path: str | os.PathLike[str], *, timeout: float | None = 10.0) -> DocumentReport:
    """Check one file.  If it cannot be read, ``error`` of the report says why; nothing is raised."""
    from checker import check

    return check.check_file(str(Path(path)), check.Settings(timeout))


def check_files(
    paths: Sequence[str | os.PathLike[str]] = (), *, jobs: int | None = None, timeout: float | None = 10.0
) -> Report:
    """Check files and directories (default: ``derivations/``) in processes of their own, ``jobs`` at a time
    (default: what suits the number of documents and the machine).

    What cannot be found is named in ``problems`` of the report.
    """
    found = find([os.fspath(path) for path in paths])
    reports = Run([Job(path, timeout=timeout) for path in found.paths], jobs)
    return Report(tuple(reports), found.problems)


def prove(
    left: Expr | int,
    right: Expr | int,
    *,
    shapes: Shapes | None = None,
    indices: Mapping[str, Size] | None = None,
    assume: Iterable[Basic | Hypothesis] = (),
    define: Mapping[Basic, Basic] | None = None,
    depends: Mapping[str, Sequence[str]] | None = None,
    timeout: float | None = 10.0,
) -> Judgement:
    """Judge ``left = right``, two SymPy expressions in index notation, for all sizes and all values.

    ``shapes``: ``{"A": ("m", "n")}``, sizes as names, SymPy symbols or integers; names without one are scalars.
    ``indices``: ranges of free indices that stand alone in no slot, ``{"i": "n"}`` for 1..n.
    ``assume``: ``Eq``, ``Gt``, ``Ne`` … or ``checker.calculus.context.Hypothesis``.
    ``define``: ``{A[i, j]: body, s: body, f(x): body}``.
    ``depends``: ``{"E": ("A",)}`` for an unknown differentiable function E of A.

    Indices count from 1.  Nodes that SymPy lacks (``Partial``, ``Inverse``, ``Determinant`` …) are in
    ``checker.calculus.terms``; ``sympy.Derivative`` is read as ``Partial``.
    """
    from checker.calculus.context import Claim
    from checker.calculus.terms import index
    from checker.check import judge_claim
    from checker.expressions import Names, context, free_indices, full, given

    claim = given(left), given(right)
    define = {name: given(body) for name, body in (define or {}).items()}
    assume = tuple(assume)
    written = [a for a in assume if not hasattr(a, "text")]
    expressions = [*claim, *define, *define.values(), *written]
    names = Names(expressions, shapes or {}, indices or {})
    known = context(expressions, names, shapes or {}, assume, define, depends or {})
    sides = names.term(claim[0]), names.term(claim[1])
    ranges = free_indices(sides, known.variables)
    ranges |= {index(name): full(names.size(extent)) for name, extent in (indices or {}).items()}
    return judge_claim(Claim(*sides, ranges), known, timeout)


def differentiate(
    expression: Expr, by: Expr, *, shapes: Shapes | None = None, define: Mapping[Basic, Basic] | None = None
) -> Expr:
    """∂expression/∂by, everything else held fixed; ``by`` is an element such as ``A[k, l]``, or a scalar."""
    from checker.calculus import differentiate as derivative
    from checker.expressions import Names, context, given

    define = {name: given(body) for name, body in (define or {}).items()}
    expressions = [given(expression), given(by), *define, *define.values()]
    names = Names(expressions, shapes or {}, {})
    known = context(expressions, names, shapes or {}, (), define, {})
    return derivative(names.term(expressions[0]), names.term(expressions[1]), known)


def derive(
    expression: str,
    by: str | Sequence[str],
    *,
    let: str = "",
    layout: str | None = None,
    numpy: bool = False,
    timeout: float | None = 10.0,
) -> Derivation:
    """The derivative of a LaTeX expression, with its derivation; every line of it is proved.

    ``by``: a name, or two for a second derivative.  ``let``: declarations separated by semicolons, such as
    ``X \\in \\mathbb{R}^{n \\times d}; A is symmetric; z = X w``.  ``layout``: ``denominator`` or ``numerator``.
    ``numpy`` asks for code as well.  Raises ``checker.derivation.BadQuestion``, which says what to write instead.
    """
    from checker.derivation import answered, of_expression

    names = (by,) if isinstance(by, str) else tuple(by)
    return answered(of_expression(expression, names, let, layout), timeout, numpy)


def derive_file(
    path: str | os.PathLike[str],
    of: str,
    by: str | Sequence[str],
    *,
    layout: str | None = None,
    numpy: bool = False,
    timeout: float | None = 10.0,
) -> Derivation:
    """The same for a quantity ``of`` that a document defines."""
    from checker.derivation import answered, of_document
    from checker.documents import read_file

    names = (by,) if isinstance(by, str) else tuple(by)
    return answered(of_document(read_file(str(Path(path))), of, names, layout), timeout, numpy)
