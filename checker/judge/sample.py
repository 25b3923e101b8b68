"""Points that satisfy the hypotheses: construct what can be constructed, solve what is linear, then adjust."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flint import fmpq
from sympy import Indexed, Symbol
from sympy.core.relational import GreaterThan, LessThan, StrictGreaterThan, StrictLessThan
from sympy.logic.boolalg import And

from checker.calculus.context import Property
from checker.judge import linear
from checker.judge.machine import Key, Name
from checker.judge.point import Domain, Loader, Point, assignments
from checker.judge.scalars import (
    ONE,
    ZERO,
    OutOfRange,
    Scalar,
    Undecidable,
    Undefined,
    compare,
    primal,
    sign,
)
from checker.judge.statement import Assumption, Statement
from checker.judge.unknown import scramble

_ROUNDS = 8
_INFINITE_WINDOW = 2
_LINEAR = {
    Property.SYMMETRIC,
    Property.ANTISYMMETRIC,
    Property.DIAGONAL,
    Property.LOWER_TRIANGULAR,
    Property.UPPER_TRIANGULAR,
}
Place = tuple[int, Key]


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
            label, indices, lower, value = bound
            name = self.machine.names.get(label)
            if name is None or not name.is_leaf or name.integral is not None or name.sequence:
                return False
            if not all(isinstance(i, Symbol) for i in indices) or len(set(indices)) != len(indices):
                return False
            if not set(indices) <= {r.symbol for r in assumption.indices}:
                return False
        for bound in bounds:
            assert bound is not None
            label, _, lower, value = bound
            self._narrow(self.machine.names[label].cell, lower, value)
        return True

    def _narrow(self, cell: int, is_lower: bool, value: fmpq) -> None:
        old = self.loader.domains.get(cell, Domain())
        low, high = old.lower, old.upper
        if is_lower:
            low = value if low is None or value > low else low
        else:
            high = value if high is None or value < high else high
        self.loader.domains[cell] = Domain(low, high)

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
        if not fits:
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
        for attempt in range(tries):
            point.values = dict(given)
            point.seed = scramble(point.seed, attempt) if attempt else point.seed
            self.loader.load(point)
            try:
                self.derive_sizes()
                if not self.sizes_allowed():
                    return False
                self._build_structures(point)
                if self._settle(point):
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
        return all(self._instance(assumption) for _ in self._instances(assumption))

    def _instances(self, assumption: Assumption) -> Iterator[tuple[int, ...]]:
        """Set the registers to each value of the hypothesis's own indices in turn."""
        machine = self.machine
        registers = [r.register for r in assumption.indices]
        saved = [machine.registers[r] for r in registers]
        for values in list(assignments(machine, assumption.indices, _INFINITE_WINDOW)):
            machine.rewind_to(registers, values)
            yield values
        machine.rewind_to(registers, saved)

    def _instance(self, assumption: Assumption) -> bool:
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

    def _rows(self, assumption: Assumption) -> linear.Rows:
        machine = self.machine
        assert assumption.entry is not None and assumption.rows is not None and assumption.columns is not None
        rows, columns = assumption.rows(), assumption.columns()
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
            assert kind is not None and assumption.rows is not None
            if kind is Property.ONE_HOT:
                hot.append((name, assumption, indices))
                continue
            for _ in self._instances(assumption):
                labels = tuple(self.machine.registers[self.machine.register_of[i]] for i in indices[:-2])
                wanted.setdefault((name.cell, labels), set()).add(kind)
                shapes[name.cell, labels] = (name, assumption.rows())
        for (cell, labels), kinds in wanted.items():
            name, n = shapes[cell, labels]
            matrix = _structured(kinds, n, self._drawer(point, name, labels))
            for i in range(n):
                for j in range(n):
                    point.values.setdefault((cell, (*labels, i + 1, j + 1)), matrix[i][j])
        for name, assumption, indices in hot:
            self._build_one_hot(point, name, assumption, indices)

    def _build_one_hot(self, point: Point, name: Name, assumption: Assumption, indices: list[Any]) -> None:
        machine = self.machine
        assert assumption.rows is not None
        for count, _ in enumerate(self._instances(assumption)):
            rows = assumption.rows()
            chosen = 1 + scramble(point.seed, name.cell, count) % max(1, rows)
            for i in range(1, rows + 1):
                machine.registers[assumption.row] = i
                key = tuple(machine.registers[machine.register_of[s]] for s in indices)
                point.values.setdefault((name.cell, key), ONE if i == chosen else ZERO)

    def _drawer(self, point: Point, name: Name, labels: tuple[Any, ...]) -> Any:
        def draw(i: int, j: int) -> fmpq:
            code = scramble(point.seed, name.cell, *labels, i, j)
            if point.small:
                return fmpq((1, 2, 3, -1)[code % 4])
            value = fmpq(1 + code % 5, 1 + (code >> 8) % 2)
            return -value if (code >> 16) % 2 else value

        return draw

    # --------------------------------------------------------------------------------------- settling

    def _settle(self, point: Point) -> bool:
        """Make equations hold by solving for entries, then relations by changing values; repeat."""
        solved: set[Place] = set()
        changed = False
        for _ in range(_ROUNDS):
            failing = self._first_failing(changed or bool(self.structured))
            if failing is None:
                return True
            assumption, values = failing
            changed = True
            if not self._repair(point, assumption, values, solved):
                return False
        return False

    def _restart(self, point: Point) -> None:
        self.loader.load(point)
        self.derive_sizes()

    def _first_failing(self, checked_all: bool) -> tuple[Assumption, tuple[int, ...]] | None:
        for assumption in self.early if checked_all else self.generic:
            for values in self._instances(assumption):
                if not self._holds_here(assumption):
                    return assumption, values
        return None

    def _holds_here(self, assumption: Assumption) -> bool:
        try:
            return self._instance(assumption)
        except (Undefined, Undecidable, ZeroDivisionError):
            return False

    def _repair(self, point: Point, assumption: Assumption, values: tuple[int, ...], solved: set[Place]) -> bool:
        if assumption.residual is not None:
            if self._solve(point, assumption, values, solved):
                return True
            return self._try_constructions(point, assumption)
        if assumption.property in _LINEAR:
            return self._solve_structure(point, assumption, values, solved)
        return self._adjust(point, assumption, values, solved)

    def _evaluate(self, point: Point, assumption: Assumption, values: tuple[int, ...], run: Any) -> Scalar:
        """A residual from scratch, with the entries it reads recorded in ``point.trace``."""
        point.trace = []
        self._restart(point)
        registers = [r.register for r in assumption.indices]
        self.machine.rewind_to(registers, values)
        return primal(run())

    def _solve(self, point: Point, assumption: Assumption, values: tuple[int, ...], solved: set[Place]) -> bool:
        return self._solve_residual(point, assumption, values, solved, assumption.residual)

    def _solve_residual(
        self, point: Point, assumption: Assumption, values: tuple[int, ...], solved: set[Place], run: Any
    ) -> bool:
        """Solve ``residual = 0`` for one entry in which it is affine, with exact numbers."""
        before = self._evaluate(point, assumption, values, run)
        entries = list(dict.fromkeys(point.trace or []))
        point.trace = None
        if type(before) is not fmpq:
            return False
        for place in reversed(entries):
            if place in solved or type(point.values[place]) is not fmpq:
                continue
            old = point.values[place]
            point.values[place] = old + 1
            try:
                after = self._evaluate(point, assumption, values, run)
                if type(after) is fmpq and after != before:
                    point.values[place] = old - before / (after - before)
                    if self._evaluate(point, assumption, values, run) == 0:
                        point.trace = None
                        solved.add(place)
                        return True
            except (Undefined, Undecidable, ZeroDivisionError):
                pass
            point.trace = None
            point.values[place] = old
        self._restart(point)
        return False

    def _solve_structure(self, point: Point, assumption: Assumption, values: tuple[int, ...], solved: set[Place]) -> bool:
        """A linear property (symmetric, triangular …) of a defined matrix, as equations on its entries."""
        machine, entry = self.machine, assumption.entry
        assert entry is not None and assumption.rows is not None
        n = assumption.rows()
        get = entry

        def at(i: int, j: int) -> Scalar:
            machine.registers[assumption.row], machine.registers[assumption.column] = i, j
            return get()

        def residual(i: int, j: int) -> Any:
            match assumption.property:
                case Property.SYMMETRIC:
                    return lambda: at(i, j) - at(j, i)
                case Property.ANTISYMMETRIC:
                    return lambda: at(i, j) + at(j, i)
                case Property.DIAGONAL:
                    return (lambda: at(i, j)) if i != j else None
                case Property.LOWER_TRIANGULAR:
                    return (lambda: at(i, j)) if i < j else None
            return (lambda: at(i, j)) if i > j else None

        for i in range(1, n + 1):
            for j in range(1, n + 1):
                run = residual(i, j)
                if run is None or compare(self._evaluate(point, assumption, values, run), ZERO):
                    continue
                if not self._solve_residual(point, assumption, values, solved, run):
                    return False
        point.trace = None
        self._restart(point)
        return True

    def _adjust(self, point: Point, assumption: Assumption, values: tuple[int, ...], solved: set[Place]) -> bool:
        """Try other values for the entries a relation reads until it holds."""
        point.trace = []
        self._restart(point)
        self.machine.rewind_to([r.register for r in assumption.indices], values)
        self._holds_here(assumption)
        entries = list(dict.fromkeys(point.trace))
        point.trace = None
        free = [place for place in entries if place not in solved and type(point.values[place]) is fmpq]
        for place in free:
            old = point.values[place]
            for candidate in self._candidates(place, old):
                point.values[place] = candidate
                if self._holds_at(point, assumption, values):
                    return True
            point.values[place] = old
        return self._shrink(point, assumption, values, free, solved)

    def _holds_at(self, point: Point, assumption: Assumption, values: tuple[int, ...]) -> bool:
        self._restart(point)
        self.machine.rewind_to([r.register for r in assumption.indices], values)
        return self._holds_here(assumption)

    def _candidates(self, place: Place, old: fmpq) -> Iterator[fmpq]:
        name = self.machine.by_cell[place[0]]
        domain = self.loader.domains.get(place[0], Domain())
        if name.integral is not None:
            pool = [fmpq(n) for n in (1, 2, 3, 0, 4)]
        else:
            size, away = abs(old), (1 if old >= 0 else -1)
            pool = [away * (size + 1), -old, -away * (size + 1), ONE, fmpq(2), fmpq(3), ZERO, -ONE]
            pool += [old / 4, old / 16, size + 10, -size - 10, fmpq(1, 2), fmpq(1, 3), fmpq(1, 5), fmpq(-1, 2)]
        for value in pool:
            above = domain.lower is None or value > domain.lower
            below = domain.upper is None or value < domain.upper
            if value != old and above and below:
                yield value

    def _shrink(
        self, point: Point, assumption: Assumption, values: tuple[int, ...], free: list[Place], solved: set[Place]
    ) -> bool:
        """Make every unsolved value small and positive (so that Σ t = 1 leaves room), or all positive, or large."""
        del solved
        everything = [p for p, v in point.values.items() if type(v) is fmpq and p[0] in {f[0] for f in free}]
        if not free:
            everything = [p for p, v in point.values.items() if type(v) is fmpq]
        old = {p: point.values[p] for p in everything}
        for scale in (fmpq(1, 16), ONE, fmpq(4), fmpq(1, 200)):
            for place in everything:
                if self.machine.by_cell[place[0]].integral is None:
                    point.values[place] = abs(old[place]) * scale
            if self._holds_at(point, assumption, values):
                return True
            if scale == fmpq(1, 16) and not free:
                self._restart(point)
                return True  # equations will be solved again in the next round
        point.values.update(old)
        self._restart(point)
        return False

    def _try_constructions(self, point: Point, assumption: Assumption) -> bool:
        """A nonlinear equation: try orthogonal matrices and unit vectors for the leaves it reads."""
        names = [self.machine.by_cell[cell] for cell in dict.fromkeys(cell for cell, _ in point.values)]
        old = dict(point.values)
        for name in names:
            if not name.is_leaf or name.slots is None or name.sequence or name.integral is not None:
                continue
            keys = self.loader.entries(name)
            shape = _shape(keys)
            if shape is None:
                continue
            for matrix in _special(shape, self._drawer(point, name, ())):
                for key in keys:
                    row, column = (key[0], key[1]) if len(key) == 2 else (key[0], 1)
                    point.values[name.cell, key] = matrix[row - 1][column - 1]
                self._restart(point)
                if self._each_quietly(assumption):
                    return True
            point.values = dict(old)
        self._restart(point)
        return False

    def _each_quietly(self, assumption: Assumption) -> bool:
        return all(self._holds_here(assumption) for _ in self._instances(assumption))


# --------------------------------------------------------------------------------------- matrices


def _pairs(matrix: linear.Rows) -> Iterator[tuple[int, int]]:
    return ((i, j) for i in range(len(matrix)) for j in range(len(matrix[i])))


def _structured(kinds: set[Property], n: int, draw: Any) -> linear.Rows:
    """A rational n × n matrix with all the properties (those that can be had together)."""
    symmetric = Property.SYMMETRIC in kinds or Property.POSITIVE_DEFINITE in kinds
    if Property.ORTHOGONAL in kinds:
        if Property.DIAGONAL in kinds:
            return [[(ONE if i % 2 else -ONE) if i == j else ZERO for j in range(n)] for i in range(n)]
        return reflection(n, draw) if symmetric else rotation(n, draw)
    matrix = [[draw(i, j) for j in range(n)] for i in range(n)]
    if Property.DIAGONAL in kinds:
        matrix = [[matrix[i][j] if i == j else ZERO for j in range(n)] for i in range(n)]
    if Property.LOWER_TRIANGULAR in kinds:
        matrix = [[matrix[i][j] if i >= j else ZERO for j in range(n)] for i in range(n)]
    if Property.UPPER_TRIANGULAR in kinds:
        matrix = [[matrix[i][j] if i <= j else ZERO for j in range(n)] for i in range(n)]
    if Property.POSITIVE_DEFINITE in kinds:
        gram = linear.multiply(matrix, [list(c) for c in zip(*matrix, strict=True)])
        return [[gram[i][j] + (1 if i == j else 0) for j in range(n)] for i in range(n)]
    if symmetric:
        matrix = [[matrix[min(i, j)][max(i, j)] for j in range(n)] for i in range(n)]
    if Property.ANTISYMMETRIC in kinds:
        matrix = [[_skew(matrix, i, j) for j in range(n)] for i in range(n)]
    if Property.INVERTIBLE in kinds:
        for _ in range(4 * n):
            if linear.determinant(matrix) != 0:
                break
            matrix = [[matrix[i][j] + (i + 1 if i == j else 0) for j in range(n)] for i in range(n)]
    return matrix


def _skew(matrix: linear.Rows, i: int, j: int) -> Scalar:
    if i == j:
        return ZERO
    return matrix[i][j] if i < j else -matrix[j][i]


def rotation(n: int, draw: Any) -> linear.Rows:
    """An orthogonal matrix with rational entries, by Cayley's transform (I - S)(I + S)⁻¹ of a skew S."""
    if n == 1:
        return [[ONE if draw(0, 0) > 0 else -ONE]]
    s = [[_skew([[draw(a, b) for b in range(n)] for a in range(n)], i, j) for j in range(n)] for i in range(n)]
    minus = [[(1 if i == j else 0) - s[i][j] for j in range(n)] for i in range(n)]
    plus = [[(1 if i == j else 0) + s[i][j] for j in range(n)] for i in range(n)]
    return linear.multiply(minus, linear.inverse(plus))


def reflection(n: int, draw: Any) -> linear.Rows:
    """I - 2 v vᵀ / vᵀv: orthogonal and symmetric."""
    v = [draw(i, 0) for i in range(n)]
    square = sum((x * x for x in v), ZERO)
    return [[(1 if i == j else 0) - 2 * v[i] * v[j] / square for j in range(n)] for i in range(n)]


def _shape(keys: list[Key]) -> tuple[int, int] | None:
    if not keys or len(keys[0]) not in (1, 2) or min(min(k) for k in keys) != 1:
        return None
    rows = max(k[0] for k in keys)
    return rows, max(k[1] for k in keys) if len(keys[0]) == 2 else 1


def _special(shape: tuple[int, int], draw: Any) -> Iterator[linear.Rows]:
    """Matrices that solve common nonlinear equations: parts of an orthogonal one, a projection, the identity."""
    rows, columns = shape
    n = max(rows, columns)
    turned = rotation(n, draw)
    yield turned
    if rows == columns:
        mirrored = reflection(n, draw)
        yield mirrored
        yield [[((1 if i == j else 0) + mirrored[i][j]) / 2 for j in range(n)] for i in range(n)]  # a projection
    yield [[ONE if i == j else ZERO for j in range(n)] for i in range(n)]


def _simple_bound(relation: Any) -> tuple[str, tuple[Any, ...], bool, fmpq] | None:
    """``x[i] > 0`` as (name, indices, is a lower bound, 0)."""
    if not isinstance(relation, (StrictGreaterThan, GreaterThan, StrictLessThan, LessThan)):
        return None
    left, right = relation.args
    greater = isinstance(relation, (StrictGreaterThan, GreaterThan))
    if left.is_Rational:
        left, right, greater = right, left, not greater
    if not right.is_Rational:
        return None
    value = fmpq(int(right.p), int(right.q))
    if isinstance(left, Indexed):
        return left.base.label.name, tuple(left.indices), greater, value
    if isinstance(left, Symbol) and not left.is_integer:
        return left.name, (), greater, value
    return None
