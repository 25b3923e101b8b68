"""What the tests of this room share: a document's items by kind, and formulas checked against the file."""

from checker.documents import Claim, Declaration, Document, Formula, Heading, Problem, Prose, Words, read_text


def markdown(text: str) -> Document:
    return checked(read_text(text, "sample.md"))


def latex(text: str) -> Document:
    return checked(read_text(text, "sample.tex"))


def checked(document: Document) -> Document:
    """Every offset points at the character it stands for, but where the format changes characters."""
    for formula in formulas(document):
        assert len(formula.offsets) == len(formula.text) + 1
        assert list(formula.offsets) == sorted(set(formula.offsets))
        for character, offset in zip(formula.text, formula.offsets, strict=False):
            assert character == " " or document.text[offset] in (character, "&"), (formula, offset)
    return document


def of_kind(document: Document, kind: type) -> list:
    return [item for item in document.items if isinstance(item, kind)]


def claims(document: Document) -> list[Claim]:
    return of_kind(document, Claim)


def declarations(document: Document) -> list[Declaration]:
    return of_kind(document, Declaration)


def problems(document: Document) -> list[Problem]:
    return of_kind(document, Problem)


def headings(document: Document) -> list[Heading]:
    return of_kind(document, Heading)


def formulas(document: Document) -> list[Formula]:
    found = []
    for item in document.items:
        if isinstance(item, Claim):
            found += item.formulas
        elif isinstance(item, (Prose, Declaration)):
            found += [part for part in item.parts if isinstance(part, Formula)]
    return found


def said(parts: tuple[Words | Formula, ...]) -> str:
    """Parts on one line: words as they are, formulas in dollars."""
    return "".join(
        part.text if isinstance(part, Words) else f"$${part.text}$$" if part.display else f"${part.text}$"
        for part in parts
    ).strip()


def outline(document: Document) -> list[str]:
    """One line per item, in order."""
    return [line(item) for item in document.items]


def line(item: object) -> str:
    match item:
        case Heading():
            return f"{'#' * item.level} {item.text}"
        case Prose():
            return f"prose: {said(item.parts)}"
        case Declaration():
            return f"{'comment ' if item.comment else ''}{item.opening}: {said(item.parts)}"
        case Claim():
            return "claim: " + " | ".join(formula.text for formula in item.formulas)
        case Problem():
            return f"problem: {item.message}"
    raise TypeError(type(item))
