"""From text to terms: the parser, the symbol table, the lowering; and back, the printer."""

from checker.language.read import read
from checker.language.reading import Fault, Reading, ReadStatement, Side, SymbolEntry

__all__ = ["Fault", "ReadStatement", "Reading", "Side", "SymbolEntry", "read"]
