"""Points that satisfy the hypotheses: construct what can be constructed, solve what is linear, then adjust."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from flint import fmpq
from sympy import Indexed, Integer, Symbol
from sympy.core.relational import GreaterThan, LessThan, StrictGreaterThan, StrictLessThan
from sympy.logic.boolalg import And

from checker.calculus.context import Property
from checker.judge import linear
from checker.judge.machine import Name
from checker.judge.point import Domain, Loader, Point, assignments
from checker.judge.scalars import (
    ONE,
    ZERO,
    OutOfRange,
    Undecidable,
    Undefined,
    compare,
    primal,
    sign,
)
from checker.judge.settle import Settler
from checker.judge.statement import Assumption, Statement
from checker.judge.structures import structured
from checker.judge.unknown import scramble

_INFINITE_WINDOW = 2


class Sampler:
    """Finds points of one statement at given sizes."""

    def __init__(self, statement: Statement) -> None:
        self.statement = statement
        self.machine = statement.machine
        self.loader = Loader(statement.machine)
        self.index_filters = [a for a in statement.assumptions if a.about_indices]
        others = [a for a in statement.assumptions if not a.about_indices]
        top = {r.register for r in statement.indices}
        self.late = [a for a in others if a.free & top]  # speak of a free index of the claim
        self.early = [a for a in others if not a.free & top]
        self.structured: list[tuple[Assumption, Name, list[Any]]] = []
        self.generic: list[Assumption] = []
        self.contradictory = False  # simple bounds that leave nothing between them
        self._sort()

    # ----------------------------------------------------------------------------------- preparation

    def _sort(self) -> None:
        """Simple bounds become domains, properties of leaf matrices structures; the rest stays generic."""
        for assumption in self.early:
            if assumption.relation is not None and self._as_domain(assumption):
                continue
            leaf = self._leaf_matrix(assumption)
            if leaf is not None:
                self.structured.append((assumption, *leaf))
            self.generic.append(assumption)

    def _as_domain(self, assumption: Assumption) -> bool:
        relation = assumption.source.relation
        parts = relation.args if isinstance(relation, And) else (relation,)
        bounds = [_simple_bound(p) for p in parts]
        if any(b is None for b in bounds):
            return False
        for bound in bounds:
            assert bound is not None
            label, indices, *_ = bound
            name = self.machine.names.get(label)
            if name is None or not name.is_leaf or name.integral is not None or name.sequence:
                return False
            if not all(isinstance(i, Symbol) for i in indices) or len(set(indices)) != len(indices):
                return False
            if not self._everywhere(label, indices, assumption):
                return False
        for bound in bounds:
            assert bound is not None
            label, _, lower, value, strict = bound
            self._narrow(self.machine.names[label].cell, lower, value, strict)
        return True

    def _everywhere(self, label: str, indices: tuple[Any, ...], assumption: Assumption) -> bool:
        """Whether the letters run over the whole of their slots: *x_i > 0 for i ≥ 2* leaves x_1 alone."""
        said = assumption.source.indices
        if not set(indices) <= set(said):
            return False
        variable = self.statement.context.variables.get(label)
        if variable is None or len(variable.slots) != len(indices):
            return not indices
        here = dict(zip(variable.parameters, indices, strict=False))
        slots = [(slot.lower.xreplace(here), slot.upper.xreplace(here)) for slot in variable.slots]
        return slots == [(said[i].lower, said[i].upper) for i in indices]

    def _narrow(self, cell: int, is_lower: bool, value: fmpq, strict: bool) -> None:
        old = self.loader.domains.get(cell, Domain())
        if is_lower and (old.lower is None or value > old.lower or (value == old.lower and strict)):
            old = replace(old, lower=value, closed_below=not strict)
        if not is_lower and (old.upper is None or value < old.upper or (value == old.upper and strict)):
            old = replace(old, upper=value, closed_above=not strict)
        self.loader.domains[cell] = old
        empty = old.lower is not None and old.upper is not None and old.lower >= old.upper
        self.contradictory = self.contradictory or empty

    def _leaf_matrix(self, assumption: Assumption) -> tuple[Name, list[Any]] | None:
        """The leaf whose entries the matrix of a property is, with its index terms."""
        matrix = assumption.source.matrix
        if matrix is None or not isinstance(matrix.body, Indexed):
            return None
        name = self.machine.names[matrix.body.base.label.name]
        if name.rules:
            return None
        indices = list(matrix.body.indices)
        if assumption.property is Property.ONE_HOT:
            fits = indices.count(matrix.row) == 1
        else:
            fits = indices[-2:] == [matrix.row, matrix.column]
        if not fits or not all(isinstance(i, (Symbol, Integer)) for i in indices):
            return None
        if name.depends is not None:
            known = self.loader.structures.get(name.cell, frozenset())
            self.loader.structures[name.cell] = known | {assumption.source.property}  # type: ignore[arg-type]
            return None
        return name, indices

    # -------------------------------------------------------------------------------------- sampling

    def find(self, point: Point, tries: int = 4) -> bool:
        """Fill in the point's values so that every hypothesis holds; False where that was not achieved."""
        given = dict(point.values)
        if self.contradictory:
            return False
        for attempt in range(tries):
            point.values = dict(given)
            point.seed = scramble(point.seed, attempt) if attempt else point.seed
            self.loader.load(point)
            try:
                self.derive_sizes()
                if not self.sizes_allowed():
                    return False
                self._build_structures(point)
                if Settler(self).settle(point):
                    return True
            except (Undefined, Undecidable, ZeroDivisionError):
                self.machine.rewind()
        return False

    def reload(self, point: Point) -> bool:
        """Load a point whose values are given and check the hypotheses from scratch."""
        self.loader.load(point)
        try:
            self.derive_sizes()
            return self.sizes_allowed() and self.holds()
        except (Undefined, Undecidable, ZeroDivisionError):
            return False

    def derive_sizes(self) -> None:
        machine = self.machine
        for register, run in self.statement.derived:
            machine.top[register] = machine.registers[register] = run()

    def permits(self, sizes: dict[int, int]) -> bool:
        """Whether the hypotheses about sizes alone allow these."""
        if not self.index_filters:
            return True
        self.loader.load(Point(0, sizes))
        try:
            self.derive_sizes()
            return self.sizes_allowed()
        except (Undefined, Undecidable, ZeroDivisionError):
            return False

    def sizes_allowed(self) -> bool:
        """Hypotheses about sizes alone (n ≥ 2)."""
        top = {r.register for r in self.statement.indices}
        return all(self._each(a) for a in self.index_filters if not a.free & top)

    def assignment_allowed(self) -> bool:
        """Hypotheses about the free indices (i ≠ j, k ≥ 1, x_k > 0), at the assignment in the registers."""
        top = {r.register for r in self.statement.indices}
        about = [a for a in self.index_filters if a.free & top]
        return all(self._each(a) for a in [*about, *self.late])

    def holds(self) -> bool:
        return all(self._each(a) for a in self.early)

    def _each(self, assumption: Assumption) -> bool:
        return all(self.instance(assumption) for _ in self.instances(assumption))

    def instances(self, assumption: Assumption) -> Iterator[tuple[int, ...]]:
        """Set the registers to each value of the hypothesis's own indices in turn."""
        machine = self.machine
        registers = [r.register for r in assumption.indices]
        saved = [machine.registers[r] for r in registers]
        for values in list(assignments(machine, assumption.indices, _INFINITE_WINDOW)):
            machine.rewind_to(registers, values)
            yield values
        machine.rewind_to(registers, saved)

    def instance(self, assumption: Assumption) -> bool:
        """Whether the hypothesis holds at the index values in the registers (out of range: nothing is said)."""
        try:
            if assumption.residual is not None:
                return compare(primal(assumption.residual()), ZERO)
            if assumption.relation is not None:
                return bool(assumption.relation())
            return self._has_property(assumption)
        except OutOfRange:
            return True

    # ----------------------------------------------------------------------------------- properties

    def order(self, assumption: Assumption) -> tuple[int, int]:
        """The sizes of the matrix that a property is said of."""
        assert assumption.rows is not None, assumption.source.text
        assert assumption.columns is not None, assumption.source.text
        return assumption.rows(), assumption.columns()

    def _rows(self, assumption: Assumption) -> linear.Rows:
        machine = self.machine
        assert assumption.entry is not None, assumption.source.text
        rows, columns = self.order(assumption)
        result = []
        for i in range(1, rows + 1):
            line = []
            for j in range(1, columns + 1):
                machine.registers[assumption.row], machine.registers[assumption.column] = i, j
                line.append(primal(assumption.entry()))
            result.append(line)
        return result

    def _has_property(self, assumption: Assumption) -> bool:
        matrix = self._rows(assumption)
        match assumption.property:
            case Property.SYMMETRIC:
                return all(compare(matrix[i][j], matrix[j][i]) for i, j in _pairs(matrix))
            case Property.ANTISYMMETRIC:
                return all(compare(matrix[i][j], -matrix[j][i]) for i, j in _pairs(matrix))
            case Property.DIAGONAL:
                return all(compare(matrix[i][j], ZERO) for i, j in _pairs(matrix) if i != j)
            case Property.LOWER_TRIANGULAR:
                return all(compare(matrix[i][j], ZERO) for i, j in _pairs(matrix) if i < j)
            case Property.UPPER_TRIANGULAR:
                return all(compare(matrix[i][j], ZERO) for i, j in _pairs(matrix) if i > j)
            case Property.ORTHOGONAL:
                product = linear.multiply(matrix, [list(c) for c in zip(*matrix, strict=True)])
                return all(compare(product[i][j], ONE if i == j else ZERO) for i, j in _pairs(product))
            case Property.INVERTIBLE:
                return sign(linear.determinant(matrix)) != 0
            case Property.POSITIVE_DEFINITE:
                symmetric = all(compare(matrix[i][j], matrix[j][i]) for i, j in _pairs(matrix))
                minors = (linear.determinant([row[:k] for row in matrix[:k]]) for k in range(1, len(matrix) + 1))
                return symmetric and all(sign(m) > 0 for m in minors)
            case Property.ONE_HOT:
                ones = sum(1 for row in matrix if compare(row[0], ONE))
                return ones == 1 and all(compare(row[0], ONE) or compare(row[0], ZERO) for row in matrix)
        return False

    def _build_structures(self, point: Point) -> None:
        """Give leaf matrices the structure that the properties ask for, all properties of a matrix at once."""
        wanted: dict[tuple[int, tuple[Any, ...]], set[Property]] = {}
        shapes: dict[tuple[int, tuple[Any, ...]], tuple[Name, int]] = {}
        hot: list[tuple[Name, Assumption, list[Any]]] = []
        for assumption, name, indices in self.structured:
            kind = assumption.property
            assert kind is not None, assumption.source.text
            if kind is Property.ONE_HOT:
                hot.append((name, assumption, indices))
                continue
            for _ in self.instances(assumption):
                labels = self._place(indices[:-2])
                wanted.setdefault((name.cell, labels), set()).add(kind)
                shapes[name.cell, labels] = (name, self.order(assumption)[0])
        for (cell, labels), kinds in wanted.items():
            name, n = shapes[cell, labels]
            matrix = structured(kinds, n, self.drawer(point, name, labels))
            for i in range(n):
                for j in range(n):
                    point.values.setdefault((cell, (*labels, i + 1, j + 1)), matrix[i][j])
        for name, assumption, indices in hot:
            self._build_one_hot(point, name, assumption, indices)

    def _build_one_hot(self, point: Point, name: Name, assumption: Assumption, indices: list[Any]) -> None:
        machine = self.machine
        for count, _ in enumerate(self.instances(assumption)):
            rows = self.order(assumption)[0]
            chosen = 1 + scramble(point.seed, name.cell, count) % max(1, rows)
            for i in range(1, rows + 1):
                machine.registers[assumption.row] = i
                key = self._place(indices)
                point.values.setdefault((name.cell, key), ONE if i == chosen else ZERO)

    def _place(self, indices: list[Any]) -> tuple[int, ...]:
        """The values of index letters and constants at present."""
        machine = self.machine
        return tuple(int(i) if isinstance(i, Integer) else machine.registers[machine.register_of[i]] for i in indices)

    def drawer(self, point: Point, name: Name, labels: tuple[Any, ...]) -> Any:
        def draw(i: int, j: int) -> fmpq:
            code = scramble(point.seed, name.cell, *labels, i, j)
            if point.small:
                return fmpq((1, 2, 3, -1)[code % 4])
            value = fmpq(1 + code % 5, 1 + (code >> 8) % 2)
            return -value if (code >> 16) % 2 else value

        return draw


def _pairs(matrix: linear.Rows) -> Iterator[tuple[int, int]]:
    return ((i, j) for i in range(len(matrix)) for j in range(len(matrix[i])))


def _simple_bound(relation: Any) -> tuple[str, tuple[Any, ...], bool, fmpq, bool] | None:
    """``x[i] > 0`` as (name, indices, is a lower bound, 0, is strict)."""
    if not isinstance(relation, (StrictGreaterThan, GreaterThan, StrictLessThan, LessThan)):
        return None
    left, right = relation.args
    greater = isinstance(relation, (StrictGreaterThan, GreaterThan))
    strict = isinstance(relation, (StrictGreaterThan, StrictLessThan))
    if left.is_Rational:
        left, right, greater = right, left, not greater
    if not right.is_Rational:
        return None
    value = fmpq(int(right.p), int(right.q))
    if isinstance(left, Indexed):
        return left.base.label.name, tuple(left.indices), greater, value, strict
    if isinstance(left, Symbol) and not left.is_integer:
        return left.name, (), greater, value, strict
    return None
