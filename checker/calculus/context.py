"""What is known while a statement is judged: variables, definitions, functions, hypotheses.

Plain frozen data on SymPy terms; made by :mod:`checker.language` from a document or by a Python
caller, read by the calculus and by both judges.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from sympy import Expr, Symbol
from sympy.logic.boolalg import Boolean, true


@dataclass(frozen=True)
class Range:
    """The integers ``lower``..``upper``, both included; ``-oo``..``oo`` for sequences over all integers."""

    lower: Expr
    upper: Expr


@dataclass(frozen=True)
class Variable:
    """A tensor or (with no slot) scalar name.

    ``slots`` holds the range of each index slot, in order.  ``labels`` says how many of the leading
    slots are layer or time labels written as superscripts: ``W^{(k)}_{ij}`` is ``W[k, i, j]`` with
    ``labels = 1``.  A slot's range may mention the label symbols in ``parameters`` (sizes that differ
    from layer to layer: ``n[k - 1]``).  Sequences over all integers have finite support.
    The elements of an ``integer`` variable lie in ``values`` (class indices ``y_i`` in 1..K; sizes in 1..∞).
    """

    name: str
    slots: tuple[Range, ...] = ()
    labels: int = 0
    parameters: tuple[Symbol, ...] = ()
    integer: bool = False
    values: Range | None = None


@dataclass(frozen=True)
class Definition:
    """``name[pattern] = body`` for all values of the symbols in ``pattern``, where ``condition`` holds.

    A slot of ``pattern`` is an index symbol (a parameter, bound in ``body`` and ``condition``) or a
    constant term such as ``L`` or ``1`` (the definition is then of that slice only).
    """

    name: str
    pattern: tuple[Expr, ...]
    body: Expr
    condition: Boolean = true


@dataclass(frozen=True)
class FunctionDefinition:
    """``name(parameters) = body``; a function that is applied elementwise has one parameter."""

    name: str
    parameters: tuple[Symbol, ...]
    body: Expr


class Property(Enum):
    """What a hypothesis may say of a whole square matrix (or, one-hot, of a vector)."""

    SYMMETRIC = "symmetric"
    ANTISYMMETRIC = "antisymmetric"
    DIAGONAL = "diagonal"
    LOWER_TRIANGULAR = "lower triangular"
    UPPER_TRIANGULAR = "upper triangular"
    ORTHOGONAL = "orthogonal"
    INVERTIBLE = "invertible"
    POSITIVE_DEFINITE = "positive definite"
    ONE_HOT = "one-hot"


@dataclass(frozen=True)
class Matrix:
    """A matrix as a term: entry (row, column), in 1..rows × 1..columns, is ``body``.

    For ``Property.ONE_HOT`` of a vector, ``column`` does not occur and ``columns`` is 1.
    """

    row: Symbol
    column: Symbol
    rows: Expr
    columns: Expr
    body: Expr


@dataclass(frozen=True)
class Hypothesis:
    """Something assumed; exactly one of the three forms is filled in.

    ``equation``  (left, right), for all values of ``indices``;
    ``relation``  a SymPy relational such as ``x[i] > 0`` or ``Ne(x[i], 0)``, for all ``indices``;
    ``property``  with ``matrix``.
    ``text`` is how the author wrote it (LaTeX), for *rests on*.
    """

    text: str
    equation: tuple[Expr, Expr] | None = None
    relation: Boolean | None = None
    property: Property | None = None
    matrix: Matrix | None = None
    indices: Mapping[Symbol, Range] = field(default_factory=dict)


@dataclass(frozen=True)
class Context:
    """Everything said so far.  Names absent from ``variables`` are scalars.

    ``depends`` is for unknown differentiable functions: ``{"E": ("A",)}`` for *E is a function of A*;
    ``aligned`` says which of their slots run together: ``{"E": {"A": ((0, 1),)}}`` where E_t is a function of the
    A_{i,t} with this t alone.  ``functions`` holds known definitions by name; a function name that is not in it is
    unknown.
    ``elementary`` functions (exp, log, sin …) need no entry.
    """

    variables: Mapping[str, Variable] = field(default_factory=dict)
    definitions: Mapping[str, tuple[Definition, ...]] = field(default_factory=dict)
    functions: Mapping[str, FunctionDefinition] = field(default_factory=dict)
    depends: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    hypotheses: tuple[Hypothesis, ...] = ()
    aligned: Mapping[str, Mapping[str, tuple[tuple[int, int], ...]]] = field(default_factory=dict)


@dataclass(frozen=True)
class Claim:
    """``left = right`` for all values of the free ``indices`` in their ranges."""

    left: Expr
    right: Expr
    indices: Mapping[Symbol, Range] = field(default_factory=dict)
