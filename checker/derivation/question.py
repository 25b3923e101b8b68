"""What is asked: an expression or a document's quantity, by what, with which declarations; and its reading."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from checker.calculus.context import Context
from checker.documents import read_text
from checker.documents.model import Claim, Declaration, Document, Formula, Heading, LineMap, Problem
from checker.language import read
from checker.language.reading import LAYOUTS, Fault, Reading, ReadStatement, SymbolEntry

NAMES = ("L", "E", "J", "F", "f", "Q", "R_0")  # for an expression without a name
MARK = "-->"
LAYOUT_SENTENCE = "Derivatives are in {} layout."


class BadQuestion(ValueError):
    """What was asked cannot be understood; the message says what to write instead."""


@dataclass(frozen=True)
class Question:
    """A quantity ``of`` by one or two names, in a context; ``sentences`` declare all of it again.

    Sentences that begin with ``#`` are headings.
    """

    of: str
    by: tuple[str, ...]
    layout: str
    sentences: tuple[str, ...]
    context: Context
    symbols: tuple[SymbolEntry, ...]
    macros: tuple[str, ...] = ()
    expression: str | None = None


def of_expression(expression: str, by: Sequence[str], let: str, layout: str | None) -> Question:
    """``expression`` is LaTeX; ``let`` holds declarations separated by semicolons, as in a ``checker:`` comment."""
    if layout not in (None, *LAYOUTS):
        raise BadQuestion(f"there is no {layout} layout; write {' or '.join(LAYOUTS)}")
    if len(by) not in (1, 2):
        raise BadQuestion(f"a derivative is by one name, a second one by two; here are {len(by)}")
    if not expression.strip():
        raise BadQuestion("there is no expression; write for example '\\|X w - y\\|^2'")
    if "=" in _outside_braces(expression):
        raise BadQuestion("the expression contains '='; write one side only, and in --let what its names stand for")
    if "$" in expression:
        raise BadQuestion("the expression contains '$'; write the formula alone, without dollar signs")
    if MARK in let:
        raise BadQuestion(f"--let contains '{MARK}'; write declarations such as 'x \\in \\mathbb{{R}}^n'")
    sentences = list(_let_sentences(let))
    name = _free_name(" ".join([expression, let]))
    expression = _on_one_line(expression)
    try:
        return _asked(name, by, layout, [*sentences, f"Let ${name} = {expression}$."], (), expression)
    except BadQuestion:
        entry = _entry(name, sentences, expression)
        if entry is None:
            raise
        return _asked(name, by, layout, [*sentences, f"Let ${entry} = {expression}$."], (), expression)


def _entry(name: str, sentences: Sequence[str], expression: str) -> str | None:
    """``L_{ij}`` for an expression that leaves the indices i and j open; None where that cannot be read either."""
    claim = f"{base_text(sentences, (), LAYOUTS[0])}\n$${expression} = 0$$\n"
    claims = [s for s in read(read_text(claim, "derive.md")).statements if s.kind == "claim"]
    letters = [str(s) for s in claims[-1].indices] if claims else []
    if not letters:
        return None
    entry = f"{name}_{{{' '.join(letters)}}}"
    text = base_text([*sentences, f"Let ${entry} = {expression}$."], (), LAYOUTS[0])
    faults = [s.fault for s in read(read_text(text, "derive.md")).statements if s.fault is not None]
    return None if faults else entry


def of_document(document: Document, of: str, by: Sequence[str], layout: str | None) -> Question:
    """A quantity that a document defines."""
    reading = read(document)
    sentences = list(_document_sentences(document, reading))
    macros = tuple(_macro(m.name, m.arity, m.body, m.default) for m in document.macros)
    return _asked(of, by, layout or reading.layout, sentences, macros, None)


def _on_one_line(text: str) -> str:
    return " ".join(text.split())


def _outside_braces(text: str) -> str:
    found, depth = [], 0
    for character in text:
        depth += (character in "{[") - (character in "}]")
        found.append(character if depth == 0 else "")
    return "".join(found)


def _free_name(text: str) -> str:
    words = re.sub(r"\\[A-Za-z]+", " ", text)
    return next((name for name in NAMES if name not in words), "Q_0")


# ---------------------------------------------------------------------------------------- sentences


def _let_sentences(let: str) -> Iterable[str]:
    document = read_text(f"<!-- checker: {let} -->", "let.md")
    for item in document.items:
        if isinstance(item, Problem):
            raise BadQuestion(f"--let: {item.message}")
        if isinstance(item, Declaration):
            yield sentence(item)


def sentence(item: Declaration) -> str:
    """A declaration as a sentence of prose."""
    words = [f"${_on_one_line(p.text)}$" if isinstance(p, Formula) else " ".join(p.text.split()) for p in item.parts]
    if item.opening in ("layout", "numerator", "denominator"):
        return LAYOUT_SENTENCE.format(next((x for x in LAYOUTS if x in [item.opening, *words]), LAYOUTS[0]))
    if item.opening == "summation":
        return "The summation convention is used."
    if item.opening.lower() == "let":  # a comment may leave the word out: "f is a function of x"
        words = [re.sub(r"^(is|are)\b", "be", word) for word in words]
    text = " ".join([item.opening.capitalize(), *words])
    text = re.sub(r"\s+([,;:.])", r"\1", text).rstrip(".,;: ")
    return f"{text}."


def _document_sentences(document: Document, reading: Reading) -> Iterable[str]:
    """Headings, declarations, and the definitions that stand among the claims, in the order of the text."""
    defined = {s.start: s for s in reading.statements if s.kind == "definition" and s.fault is None}
    for item in document.items:
        match item:
            case Heading():
                yield f"## {_on_one_line(item.text)}"
            case Declaration() if not item.skip:
                yield sentence(item)
            case Claim() if not item.skip:
                for start in sorted(defined):
                    if any(f.start <= start <= f.end for f in item.formulas):
                        yield _definition_sentence(defined[start])


def _definition_sentence(statement: ReadStatement) -> str:
    head, body = statement.sides[0].latex, statement.sides[1].latex
    return f"Let ${_on_one_line(head)} = {_on_one_line(body.lstrip('=& '))}$."


def _macro(name: str, arity: int, body: str, default: str | None) -> str:
    count = f"[{arity}]" if arity else ""
    first = f"[{default}]" if default is not None else ""
    return f"\\newcommand{{{name}}}{count}{first}{{{body}}}"


# ------------------------------------------------------------------------------------------ reading


def base_text(sentences: Sequence[str], macros: Sequence[str], layout: str) -> str:
    """The declarations as a Markdown document."""
    said = [] if any("layout." in s for s in sentences) else [LAYOUT_SENTENCE.format(layout)]
    lines = [f"${m}$" for m in macros]
    return "\n\n".join([*lines, *said, *sentences]) + "\n"


def _asked(
    of: str,
    by: Sequence[str],
    layout: str | None,
    sentences: list[str],
    macros: tuple[str, ...],
    expression: str | None,
) -> Question:
    text = base_text(sentences, macros, layout or LAYOUTS[0])
    reading = read(read_text(text, "derive.md"))
    said = reading.layout or LAYOUTS[0]
    if layout is not None and said != layout:
        sentences = [LAYOUT_SENTENCE.format(layout) if "layout." in s else s for s in sentences]
    _refuse_faults(reading, text, expression)
    if not reading.statements:
        raise BadQuestion("the document declares and defines nothing")
    context = reading.statements[-1].context
    known = {e.name: e for e in reading.symbols}
    target = _known(of, known, "--of")
    if target not in context.definitions and target not in context.depends:
        defined = ", ".join(context.definitions) or "none"
        raise BadQuestion(f"--of: {target} has no definition; defined here: {defined}")
    names = tuple(_variable(name, known, context) for name in by)
    if target in names:
        raise BadQuestion(f"--by: {target} by itself")
    if expression is not None:
        _refuse_undeclared(expression, reading)
        context = _with_dependences(text, target, names) or context
    return Question(target, names, layout or said, tuple(sentences), context, reading.symbols, macros, expression)


_MATRIX_WORDS = re.compile(
    r"\\\||\\[lr]?Vert|\\norm|\\top|\^\{?T\b|\\transpose|\\odot|\\oslash|\\otimes|\\det|\\(?:operatorname|mathrm|text)\{"
    r"(?:tr|Tr|diag|vec|softmax|rank)\}|\\(?:tr|Tr|diag|langle)\b"
)


def _refuse_undeclared(expression: str, reading: Reading) -> None:
    """Letters that nothing declares are numbers; not so in a formula about matrices, if they look like one."""
    if not _MATRIX_WORDS.search(expression):
        return
    loose = [e for e in reading.symbols if e.origin == "inferred" and e.kind == "scalar"]
    declared = any(e.shape for e in reading.symbols if e.origin != "inferred")
    names = [e.latex for e in loose if not declared or re.fullmatch(r"[A-Z]", e.name.split("_")[0])]
    if names:
        listed = ", ".join(names[:-1]) + (" and " if len(names) > 1 else "") + names[-1]
        shapes = "; ".join(_example(name) for name in names)
        raise BadQuestion(
            f"nothing says what shape {listed} {'have' if len(names) > 1 else 'has'}; write --let '{shapes}'"
        )


def _example(name: str) -> str:
    return f"{name} \\in \\mathbb{{R}}^{{m \\times n}}" if name[:1].isupper() else f"{name} \\in \\mathbb{{R}}^{{n}}"


def _with_dependences(text: str, of: str, by: Sequence[str]) -> Context | None:
    """What is known where the derivative is written: an ``f(x)`` of which nothing is said is some function then."""
    quotients = [f"\\frac{{\\partial {of}}}{{\\partial {name}}}" for name in by]
    claims = "".join(f"\n$${q} = {q}$$\n" for q in quotients)
    last = read(read_text(text + claims, "derive.md")).statements[-1]
    return None if any(isinstance(t, Fault) for s in last.sides for t in s.terms.values()) else last.context


def _refuse_faults(reading: Reading, text: str, expression: str | None) -> None:
    for statement in reading.statements:
        faults = [statement.fault, *(t for s in statement.sides for t in s.terms.values() if isinstance(t, Fault))]
        for fault in faults:
            if fault is not None and (expression is not None or statement.kind != "claim"):
                line = text.splitlines()[LineMap.of(text).place(fault.start)[0] - 1]
                raise BadQuestion(f"{fault.message}\n  in: {line}")
        if expression is not None and statement.kind == "skipped":
            raise BadQuestion(f"cannot be read: {statement.message}")


def _known(name: str, known: dict[str, SymbolEntry], option: str) -> str:
    """The name as the document has it; blanks and braces around one letter make no difference."""
    plain = {_plain(n): n for n in known}
    layer = re.sub(r"\^\((?![0-9]+\))[^()]*\)$", "", _plain(name))  # W^{(k)} of all layers is W
    if _plain(name) not in plain and layer in plain:
        return plain[layer]
    if _plain(name) not in plain:
        listed = ", ".join(n for n, e in known.items() if e.kind in ("tensor", "scalar", "function")) or "none"
        raise BadQuestion(f"{option}: nothing is called {name}; the names here are {listed}")
    return plain[_plain(name)]


def _plain(name: str) -> str:
    return re.sub(r"\s|[{}]", "", name)


def _variable(name: str, known: dict[str, SymbolEntry], context: Context) -> str:
    found = _known(name, known, "--by")
    variable = context.variables.get(found)
    if known[found].kind in ("size", "index") or (variable is not None and variable.integer):
        raise BadQuestion(f"--by: {found} is an integer; there is no derivative by it")
    if found in context.functions:
        raise BadQuestion(f"--by: {found} is a function; name a quantity")
    return found
