"""Derivatives with their derivations: ``derive`` asks the calculus, and has the checker prove what comes out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from checker.check import Settings, check_text
from checker.derivation.answer import Derivation, Step
from checker.derivation.pages import markdown
from checker.derivation.question import BadQuestion, Question, of_document, of_expression
from checker.derivation.steps import Deriver, Found, elementwise
from checker.language.printer.nodes import spelled_function
from checker.limits import Stopped, attempt
from checker.results import DocumentReport, Kind, Line, Verdict

MOST_ROUNDS = 4
LEAST_TIME, LINES_TIME = 30.0, 6  # seconds to find a derivation, at least; or as long as so many lines


def answered(question: Question, timeout: float | None = 10.0, code: bool = False) -> Derivation:
    """The derivative asked for, with every line proved that is printed; ``proved`` says whether the result is.

    ``timeout`` is in seconds for each line; ``code`` asks for NumPy code too.  Raises ``BadQuestion``.
    """
    seconds = None if timeout is None else max(LEAST_TIME, LINES_TIME * timeout)
    deriver = Deriver(question)
    found = attempt(lambda: _tried(deriver), seconds)
    if isinstance(found, BadQuestion):
        raise found
    if isinstance(found, Stopped):
        raise BadQuestion(f"the derivative was not found: {found.message}")
    proposed, last = found
    tried: list[tuple[Derivation, Found]] = []
    for attempted, derived in _results(proposed, last):
        tried.append((proved(attempted, timeout), derived))
        if tried[-1][0].proved:
            break
    result, last = next(((d, f) for d, f in tried if d.proved), tried[0])
    return _with_code(result, deriver, last, seconds) if code else result


def _with_code(d: Derivation, deriver: Deriver, last: Found, seconds: float | None) -> Derivation:
    """The derivation with NumPy code for what is proved of it, or why there is none."""
    from checker.derivation.arrays import Unwritable, function

    proved_part = last if d.notation == "matrix" else replace(last, tree=None)

    def write() -> str | Unwritable:
        try:
            return function(deriver, d, proved_part)
        except Unwritable as problem:
            return problem

    found = attempt(write, seconds)
    if isinstance(found, str):
        return replace(d, code=found)
    return replace(d, code_problem=found.message if isinstance(found, Stopped) else str(found))


def _results(d: Derivation, last: Found) -> Iterator[tuple[Derivation, Found]]:
    """The result in matrix notation, where there is one, then in index notation; last with its deltas as they are."""
    if last.result is not None:
        final = Step("The result", last.result[0], (last.result[1],), ("in matrix notation",))
        yield replace(d, result=last.result, notation="matrix", steps=(*d.steps, final)), last
    yield replace(d, result=last.index_result, notation="index"), last
    if (plain := last.uncontracted) is not None:
        yield replace(d, result=plain.index_result, notation="index", steps=(*d.steps[:-1], plain.step)), plain


def _tried(deriver: Deriver) -> tuple[Derivation, Found] | BadQuestion:
    try:
        return _proposed(deriver)
    except BadQuestion as problem:
        return problem


def _proposed(deriver: Deriver) -> tuple[Derivation, Found]:
    question = deriver.question
    found = deriver.first_order(question.by[0])
    if len(question.by) == 2:
        found.append(deriver.second_order(*question.by))
    proposed = Derivation(
        of=deriver.name(question.of),
        by=tuple(deriver.name(b) for b in question.by),
        layout=question.layout,
        sentences=(*question.sentences, *_elementwise(question.sentences, found)),
        macros=question.macros,
        steps=tuple(f.step for f in found),
        result=found[-1].index_result,
        notation="index",
        proved=False,
    )
    return proposed, found[-1]


def _elementwise(said: tuple[str, ...], found: list[Found]) -> Iterator[str]:
    """exp(S) of a square S is the function of every entry in what is written here."""
    for name in sorted(frozenset(name for f in found for name in elementwise(f.tree))):
        word = spelled_function(name) or name
        if not any("elementwise" in sentence and word in sentence for sentence in said):
            yield f"Here ${word}$ is applied elementwise."


def proved(d: Derivation, timeout: float | None) -> Derivation:
    """The derivation without the lines that the checker does not prove; its own verdicts on the page it prints."""
    unproved: tuple[str, ...] = ()
    for _ in range(MOST_ROUNDS):
        report = check_text(markdown(d), "derivation.md", Settings(timeout))
        claims = [s for s in report.statements if s.kind is Kind.CLAIM]
        if len(claims) != len(d.steps):
            return replace(d, proved=False, unproved=(*unproved, _what_went_wrong(report)))
        verdicts = [[_holds(line) for line in claim.lines[1:]] for claim in claims]
        if all(all(v) for v in verdicts):
            return replace(_with_evidence(d, claims[-1].lines[-1]), proved=True, unproved=unproved)
        last = dict(zip(d.steps[-1].lines, verdicts[-1], strict=True))
        if not last.get(d.result[1], False):
            return replace(d, proved=False, unproved=(*unproved, d.result[1]))
        unproved += tuple(
            line for s, v in zip(d.steps, verdicts, strict=True) for line, ok in zip(s.lines, v, strict=True) if not ok
        )
        d = replace(d, steps=tuple(_kept(s, v) for s, v in zip(d.steps, verdicts, strict=True) if any(v)))
    return replace(d, proved=False, unproved=unproved)


def _kept(step: Step, verdicts: list[bool]) -> Step:
    kept = [k for k, ok in enumerate(verdicts) if ok]
    return replace(step, lines=tuple(step.lines[k] for k in kept), reasons=tuple(step.reasons[k] for k in kept))


def _holds(line: Line) -> bool:
    return line.judgement is not None and line.judgement.verdict is Verdict.PROVED


def _with_evidence(d: Derivation, line: Line) -> Derivation:
    assert line.judgement is not None
    return replace(d, conditions=line.judgement.conditions, rests_on=line.judgement.rests_on)


def _what_went_wrong(report: DocumentReport) -> str:
    judgements = [line.judgement for line in report.judged() if line.judgement is not None]
    messages = [j.message for j in judgements if j.message]
    return report.error or "; ".join(messages) or "the derivation cannot be read again"


__all__ = ["BadQuestion", "Derivation", "Question", "answered", "of_document", "of_expression"]
