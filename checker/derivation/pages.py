"""A derivation as text, Markdown and LaTeX; the latter two are documents that the checker reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from checker.derivation.answer import Derivation, Step
from checker.derivation.question import LAYOUT_SENTENCE


def title(d: Derivation) -> str:
    kind = "Derivative" if len(d.by) == 1 else "Second derivative"
    return f"{kind} of ${d.of}$ by {' and '.join(f'${b}$' for b in dict.fromkeys(d.by))}"


def said(d: Derivation) -> tuple[str, ...]:
    """The declarations, the layout among them."""
    if any("layout." in s for s in d.sentences):
        return d.sentences
    return (LAYOUT_SENTENCE.format(d.layout), *d.sentences)


# ----------------------------------------------------------------------------------------- markdown


def markdown(d: Derivation) -> str:
    lines = [f"# {title(d)}", "", *(f"${m}$\n" for m in d.macros), *_paragraphs(said(d))]
    for step in d.steps:
        lines += [f"{step.why}", "", *_display(step), ""]
    return "\n".join(lines).rstrip() + "\n"


def _paragraphs(sentences: tuple[str, ...]) -> Iterator[str]:
    for sentence in sentences:
        yield sentence
        yield ""


def _display(step: Step) -> list[str]:
    return ["$$", step.head, *(f"= {line}" for line in step.lines), "$$"]


# -------------------------------------------------------------------------------------------- latex

_PREAMBLE = "\\documentclass{article}\n\\usepackage{amsmath,amssymb}\n"


def latex(d: Derivation) -> str:
    lines = [_PREAMBLE + "\n".join(d.macros) + ("\n" if d.macros else "") + "\\begin{document}", ""]
    lines += [f"\\section*{{{title(d)}}}", ""]
    for sentence in said(d):
        lines += [f"\\subsection*{{{sentence.lstrip('# ')}}}" if sentence.startswith("#") else sentence, ""]
    for step in d.steps:
        lines += [step.why, *_aligned(step), ""]
    return "\n".join([*lines, "\\end{document}", ""])


def _aligned(step: Step) -> list[str]:
    first, *rest = step.lines
    rows = [f"{step.head} &= {first}", *(f"&= {line}" for line in rest)]
    return ["\\begin{align*}", " \\\\\n".join(rows), "\\end{align*}"]


# --------------------------------------------------------------------------------------------- text


def text(d: Derivation) -> str:
    lines = [f"{d.result[0]} = {d.result[1]}", "", *(f"  {s}" for s in said(d)), ""]
    for step in d.steps:
        lines += [f"  {step.about}:", f"      {step.head}", *_reasoned(step), ""]
    lines += [f"  where {c}" for c in d.conditions]
    lines += [f"  rests on {r}" for r in d.rests_on]
    count = sum(len(s.lines) for s in d.steps)
    left_out = f"; {len(d.unproved)} left out that could not be" if d.unproved else ""
    lines.append(f"  {count} lines, every one proved{left_out}." if d.proved else "  The result is not proved.")
    return "\n".join(lines) + "\n"


def _reasoned(step: Step) -> Iterator[str]:
    for line, reason in zip(step.lines, step.reasons, strict=True):
        yield f"        = {line}"
        yield f"              ({reason})"


def numpy(d: Derivation) -> str:
    return d.code or ""


FORMATS: Mapping[str, Callable[[Derivation], str]] = {
    "text": text,
    "markdown": markdown,
    "latex": latex,
    "numpy": numpy,
}
