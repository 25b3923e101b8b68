"""Judgements kept by everything they were made of, so that what did not change is not judged again.

The key of a judgement is a digest of the terms, the ranges of their indices, the settings, the rules of the
checker (its own source) and of what the context says of every name that hangs together with the terms: what
defines them, what is defined by them, what is assumed of any of these, and so on.  Terms are written with all
their assumptions, so that an index ``i`` and a scalar ``i`` are two things.  What ran out of time is not kept.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, fields, is_dataclass, replace
from functools import cache, lru_cache
from pathlib import Path
from time import monotonic
from typing import Any

import sympy
from sympy import Basic, Expr, Indexed, Symbol, srepr
from sympy.core.function import AppliedUndef

from checker.calculus.context import Context, Hypothesis, Range
from checker.calculus.terms import FunctionDerivative, name_of
from checker.chains import JudgeChain, Term
from checker.language.reading import ReadStatement
from checker.results import Counterexample, Judgement, Verdict

MOST = 50_000  # judgements in a file; the oldest go first
REMEMBERED = 100_000
HURRIED = 0.5  # seconds after which what was found may be what there was time for
NOT_KEPT = ("budget", "disagreement")
INTERNAL = "internal error"
Row = list[dict[str, Any]]


class Memory:
    """``file``: where judgements are kept from one run to the next; None keeps them for this run only."""

    def __init__(self, file: Path | None = None) -> None:
        self.file = file
        self.kept: dict[str, Row] = loaded(file)
        self.passing: dict[str, Judgement] = {}
        self.known = set(self.kept)
        self.hits = self.misses = 0
        self._sources: dict[Basic, str] = {}
        self._parts: dict[int, tuple[Context, Parts]] = {}
        self._items: Items = {}

    def chain(self, judge: JudgeChain, settings: str) -> JudgeChain:
        """A judge that is asked only what it was not asked before."""

        def remembering(terms: Sequence[Term], indices: Mapping[Symbol, Range], context: Context) -> list[Judgement]:
            key = self.key_of(terms, indices, context, settings)
            found = self.recalled(key, len(terms) - 1)
            if found is None:
                found = judge(terms, indices, context)
                self.keep(key, found)
            return found

        return remembering

    def recalled(self, key: str, count: int) -> list[Judgement] | None:
        row = self.kept.get(key)
        if not isinstance(row, list) or len(row) != count:
            self.misses += 1
            return None
        try:
            found = [judgement_of(each) for each in row]
        except (TypeError, ValueError, KeyError, AttributeError):
            self.misses += 1
            return None
        self.hits += 1
        return found

    def keep(self, key: str, found: Sequence[Judgement]) -> None:
        if all(map(lasting, found)):
            self.kept[key] = [data_of(judgement) for judgement in found]

    def once(self, key: str, action: Callable[[], Judgement | None]) -> Judgement | None:
        """One judgement by a key of the caller's own; one that took long is kept for this run only."""
        if key in self.passing:
            return self.passing[key]
        found = self.recalled(key, 1)
        if found is not None:
            return found[0]
        started = monotonic()
        made = action()
        if made is not None and monotonic() - started < HURRIED:
            self.keep(key, [made])
        elif made is not None:
            self.passing[key] = made
        return made

    def forget_contexts(self) -> None:
        """Contexts are known by identity while a document is judged; afterwards they may go."""
        self._parts.clear()
        self._items.clear()

    def save(self) -> None:
        """Write what is new, in one step; a file that cannot be written is no reason to stop."""
        if self.file is None or self.known == self.kept.keys():
            return
        self.known = set(self.kept)
        rows = dict(list(self.kept.items())[-MOST:])
        body = json.dumps(rows, separators=(",", ":"))
        text = json.dumps({"rules": rules(), "sum": digest(body)}) + "\n" + body
        with suppress(OSError):
            self.file.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=self.file.parent, prefix=self.file.name)
            try:
                with os.fdopen(handle, "w", encoding="utf-8") as out:
                    out.write(text)
                os.replace(name, self.file)
            finally:
                Path(name).unlink(missing_ok=True)

    # -------------------------------------------------------------------------------------- keys

    def key_of(self, terms: Sequence[Term], indices: Mapping[Symbol, Range], context: Context, settings: str) -> str:
        parts = self.parts_of(context)
        free: set[str] = set()
        written = [settings]
        for term in terms:
            if isinstance(term, Judgement):
                written.append(repr(term))
            else:
                written.append(self.source(term))
                free |= vertices(term)
        for symbol, each in indices.items():
            written += [self.source(symbol), self.source(each.lower), self.source(each.upper)]
            free |= vertices(each.lower) | vertices(each.upper)
        return digest("\n".join([*written, *parts.about(free)]))

    def diagnosis_key(
        self, statement: ReadStatement, k: int, lines: Sequence[Judgement | None], surroundings: str, settings: str
    ) -> str:
        """``surroundings``: the places of the sides, and what else a reading with another text in it may look at."""
        terms = [term for side in statement.sides for term in side.terms.values() if isinstance(term, Expr)]
        written = [repr((side.latex, side.end - side.start, side.definition)) for side in statement.sides]
        judged = [repr(j and replace(j, seconds=0.0)) for j in lines]
        key = self.key_of(terms, statement.indices, statement.context, settings)
        return digest("\n".join(["diagnosis", key, str(k), surroundings, *written, *judged]))

    def source(self, term: Basic) -> str:
        """The term with all its assumptions."""
        found = self._sources.get(term)
        if found is None:
            if len(self._sources) > REMEMBERED:
                self._sources.clear()
            found = self._sources[term] = srepr(term)
        return found

    def parts_of(self, context: Context) -> Parts:
        known = self._parts.get(id(context))
        if known is None or known[0] is not context:
            known = self._parts[id(context)] = context, Parts(context, self.source, self._items)
        return known[1]


def lasting(judgement: Judgement) -> bool:
    """Whether the same question would be answered so again, however busy the machine."""
    return judgement.reason not in NOT_KEPT and not (judgement.message or "").startswith(INTERNAL)


def digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


# ---------------------------------------------------------------------------------------- contexts


@dataclass(frozen=True)
class Item:
    """Something a context says, as text; the names that it ties together, and the index letters in it."""

    text: str
    names: tuple[str, ...]
    letters: frozenset[str]


Items = dict[tuple[str, int], tuple[object, Item]]  # by what is said, which the contexts of a document share


class Parts:
    """A context in parts that have nothing to do with one another."""

    def __init__(self, context: Context, source: Callable[[Basic], str], made: Items) -> None:
        self.source, self.made = source, made
        self.always: list[str] = []  # said of no name
        self.root: dict[str, str] = {}
        self.items: list[tuple[str, str]] = []  # (a vertex of the part, what is said)
        spoken = {*context.variables, *context.definitions, *context.depends}
        for item in self.said(context):
            # an index letter ties nothing, unless the context speaks of it by itself (a class y in 1..K)
            names = [*item.names, *sorted(item.letters & spoken)]
            if names:
                self.join(names)
                self.items.append((names[0], item.text))
            else:
                self.always.append(item.text)
        self.by_part: dict[str, list[str]] = {}
        for name, text in self.items:
            self.by_part.setdefault(self.find(name), []).append(text)
        self.digests = {part: digest("\n".join(items)) for part, items in self.by_part.items()}
        self.first = digest("\n".join(self.always))

    def about(self, names: Iterable[str]) -> list[str]:
        parts = {self.find(name) for name in names if name in self.root}
        return [self.first, *sorted(self.digests[part] for part in parts if part in self.digests)]

    def find(self, name: str) -> str:
        while self.root[name] != name:
            self.root[name] = self.root[self.root[name]]
            name = self.root[name]
        return name

    def join(self, names: Sequence[str]) -> None:
        for name in names:
            self.root.setdefault(name, name)
        for name in names[1:]:
            self.root[self.find(name)] = self.find(names[0])

    def said(self, context: Context) -> Iterator[Item]:
        """Everything a context says."""
        for name, variable in context.variables.items():
            ranges = [*variable.slots, *([variable.values] if variable.values is not None else [])]
            yield self.item("variable", variable, [name], (b for r in ranges for b in (r.lower, r.upper)))
        for name, definitions in context.definitions.items():
            terms = (term for d in definitions for term in (d.body, d.condition, *d.pattern))
            yield self.item(f"definition {name}", definitions, [name], terms)
        for name, function in context.functions.items():
            yield self.item(f"function {name}", function, [f"{name}()"], (function.body,))
        for name, arguments in context.depends.items():
            yield Item(f"depends {name} {arguments!r}", (name, *arguments), frozenset())
        for hypothesis in context.hypotheses:
            yield self.item("hypothesis", hypothesis, [], terms_of(hypothesis))

    def item(self, what: str, value: object, own: list[str], terms: Iterable[Basic]) -> Item:
        known = self.made.get((what, id(value)))
        if known is None or known[0] is not value:
            found = {pair for term in terms for pair in symbols(term)}
            names = {name for name, letter in found if not letter}
            letters = frozenset(name for name, letter in found if letter)
            made = Item(f"{what} {self.text(value)}", (*own, *sorted(names)), letters)
            known = self.made[what, id(value)] = value, made
        return known[1]

    def text(self, value: Any) -> str:
        """A value of the context with every field in it."""
        if isinstance(value, Basic):
            return self.source(value)
        if is_dataclass(value) and not isinstance(value, type):
            inner = ",".join(f"{f.name}={self.text(getattr(value, f.name))}" for f in fields(value))
            return f"{type(value).__name__}({inner})"
        if isinstance(value, Mapping):
            return "{" + ",".join(f"{self.text(k)}:{self.text(v)}" for k, v in value.items()) + "}"
        if isinstance(value, (tuple, list)):
            return "(" + ",".join(map(self.text, value)) + ")"
        return repr(value)


def terms_of(hypothesis: Hypothesis) -> list[Basic]:
    terms: list[Basic] = [*(hypothesis.equation or ())]
    if hypothesis.relation is not None:
        terms.append(hypothesis.relation)
    if hypothesis.matrix is not None:
        terms += [hypothesis.matrix.body, hypothesis.matrix.rows, hypothesis.matrix.columns]
    return terms


@lru_cache(maxsize=REMEMBERED)
def vertices(term: Basic) -> frozenset[str]:
    """The names, sizes and functions in a term, and its index letters."""
    return frozenset(name for name, _ in symbols(term))


@lru_cache(maxsize=REMEMBERED)
def symbols(term: Basic) -> frozenset[tuple[str, bool]]:
    """Names, sizes and functions as (name, False), index letters as (letter, True)."""
    found: set[tuple[str, bool]] = set()
    seen: set[Basic] = set()
    stack: list[Basic] = [term]
    while stack:
        node = stack.pop()
        if node in seen:
            continue
        seen.add(node)
        if isinstance(node, Indexed):
            found.add((name_of(node), False))
            stack.extend(node.indices)
        elif isinstance(node, Symbol):
            found.add((node.name, bool(node.is_integer and not node.is_positive)))
        elif isinstance(node, FunctionDerivative):
            found.add((f"{node.function}()", False))
            stack.extend(node.arguments)
        elif isinstance(node, AppliedUndef):
            found.add((f"{type(node).__name__}()", False))
            stack.extend(node.args)
        else:
            stack.extend(node.args)
    return frozenset(found)


# -------------------------------------------------------------------------------------------- data


def data_of(judgement: Judgement) -> dict[str, Any]:
    return {**asdict(judgement), "verdict": judgement.verdict.value}


def judgement_of(data: Mapping[str, Any]) -> Judgement:
    """:raises TypeError, ValueError: it is no judgement."""
    given = dict(data)
    found = given.pop("counterexample")
    for name in ("rests_on", "conditions", "tried"):
        given[name] = tuple(given[name])
    if given.get("place") is not None:
        given["place"] = tuple(given["place"])
    example = None if found is None else Counterexample(**{**found, "sides": found["sides"] and tuple(found["sides"])})
    return Judgement(**{**given, "verdict": Verdict(given["verdict"]), "counterexample": example})


@cache
def rules() -> str:
    """A digest of everything that decides: the checker's source, and what it calculates with."""
    import flint

    package = Path(__file__).parent
    found = hashlib.sha256(f"{sys.version} {sympy.__version__} {flint.__version__}".encode())
    for file in sorted(package.rglob("*.py")):
        found.update(file.relative_to(package).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return found.hexdigest()


def loaded(file: Path | None) -> dict[str, Row]:
    """The judgements of a file; none where it is missing, damaged or of other rules."""
    if file is None:
        return {}
    try:
        head, _, body = file.read_text("utf-8").partition("\n")
        stamp = json.loads(head)
        if stamp != {"rules": rules(), "sum": digest(body)}:
            return {}
        rows = json.loads(body)
    except (OSError, ValueError, RecursionError):
        return {}
    return rows if isinstance(rows, dict) else {}


def usual_file() -> Path:
    """In the user's cache directory, as the system's conventions say."""
    base = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return Path(base) / "derivation-checker" / "judgements.json"
