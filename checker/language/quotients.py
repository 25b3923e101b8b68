"""What the readings of a document find out about its derivatives."""

from __future__ import annotations

from dataclasses import dataclass, field

from checker.language.symbols import Table, names_of_definition


@dataclass
class Unsaid:
    """What the readings of one document have found out about its derivatives.

    ``by``: names, and what they are differentiated by.  ``made_of``: names, and what defines them.
    ``arrays``: names of unknown shape that are transposed somewhere, and so are no numbers.
    ``complete`` after the first reading.
    """

    by: dict[str, set[str]] = field(default_factory=dict)
    made_of: dict[str, frozenset[str]] = field(default_factory=dict)
    arrays: set[str] = field(default_factory=set)
    complete: bool = False

    def copy(self) -> Unsaid:
        by = {name: set(variables) for name, variables in self.by.items()}
        return Unsaid(by, dict(self.made_of), set(self.arrays), self.complete)

    def extent(self) -> int:
        return sum(map(len, self.by.values())) + len(self.arrays)

    def conclude(self, table: Table) -> None:
        for name in table.definitions:
            self.made_of[name] = self.made_of.get(name, frozenset()) | makers(table, name)
        self.complete = True


def makers(table: Table, name: str) -> frozenset[str]:
    """The names that a name is defined by or depends on."""
    found = frozenset(x for d in table.definitions.get(name, ()) for x in names_of_definition(d))
    return found | frozenset(table.depends.get(name, ()))
