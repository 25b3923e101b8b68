"""Reading a text in tests: statements, terms and faults as strings."""

from checker.documents import read_text
from checker.language import read
from checker.language.reading import Fault, Reading, ReadStatement


def reading(text: str) -> Reading:
    return read(read_text(text, "text.md"))


def statements(text: str, kind: str = "claim") -> list[ReadStatement]:
    return [s for s in reading(text).statements if s.kind == kind]


def only(text: str, kind: str = "claim") -> ReadStatement:
    (found,) = statements(text, kind)
    return found


def terms(statement: ReadStatement, layout: str = "denominator") -> list[str]:
    """The sides' terms; a fault as ``verdict/reason``."""
    return [written(side.terms[layout]) for side in statement.sides]


def written(term: object) -> str:
    return f"{term.verdict}/{term.reason}" if isinstance(term, Fault) else str(term)


def ranges(statement: ReadStatement) -> dict[str, str]:
    return {str(letter): f"{r.lower}..{r.upper}" for letter, r in statement.indices.items()}


def faults(text: str) -> list[str]:
    """Every fault in a text, each once."""
    found = []
    for statement in reading(text).statements:
        if statement.kind in ("update", "skipped"):
            continue
        if statement.fault is not None:
            found.append(written(statement.fault))
        found += [written(t) for side in statement.sides for t in side.terms.values() if isinstance(t, Fault)]
    return list(dict.fromkeys(found))


def messages(text: str) -> str:
    """All messages of a text's faults."""
    found = []
    for statement in reading(text).statements:
        found += [statement.fault.message] if statement.fault is not None else []
        found += [t.message for side in statement.sides for t in side.terms.values() if isinstance(t, Fault)]
    return "\n".join(dict.fromkeys(found))
