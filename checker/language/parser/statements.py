"""The top of a formula: chains of relations, lists, conditions beside the formula.

The formula is read clause by clause; a clause ends at a comma, a ``\\quad``, a row, words or an arrow.
Clauses are then put together: ``x, y \\in R`` and ``i = 1, \\dots, n`` are lists, ``= b`` in a new row
continues the chain, ``i \\ne j`` after an equation is a condition beside it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from checker.language import vocabulary as v
from checker.language.parser.core import Parser
from checker.language.surface import (
    Asides,
    Ellipsis_,
    Group,
    Logic,
    Name,
    Number,
    ParsedFormula,
    ParseError,
    Relation,
    Row,
    Span,
    Tree,
)
from checker.language.tokens import Token


@dataclass
class _Link:
    """What stood between two clauses: the strongest separator, and the words."""

    text: str
    words: list[str]
    span: Span


@dataclass
class _Clause:
    """Operands and the relations between them; ``leads`` when it begins with a relation."""

    link: _Link
    operands: list[Tree]
    operators: list[str]
    span: Span
    leads: bool = False
    quantified: bool = False

    @property
    def bare(self) -> bool:
        return not self.operators and not self.quantified


@dataclass
class _Formula:
    """The result as it grows."""

    chains: list[list[Row]] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    asides: list[Asides] = field(default_factory=list)
    in_condition: bool = False  # the clause before was a condition beside a chain


def formula(parser: Parser) -> ParsedFormula:
    clauses, remarks = _clauses(parser)
    built = _Formula()
    for clause in _lists(clauses):
        _place(built, clause)
    for remark in remarks:
        built.asides.append(Asides((), tuple(remark.words), remark.span))
    built.asides.sort(key=lambda aside: aside.span)
    return ParsedFormula(tuple(tuple(c) for c in built.chains), tuple(built.asides), tuple(built.links))


# ------------------------------------------------------------------------------------- clauses

_STRENGTH = {",": 1, ";": 2, "\\quad": 3, "\\\\": 4}
_SEPARATING = {
    v.COMMA: ",",
    v.SEMICOLON: ";",
    v.PERIOD: ",",
    v.COLON: ",",
    v.QUAD: "\\quad",
    v.COLUMN: "\\quad",
    v.ROW: "\\\\",
    v.AMP: "\\quad",
}


def _clauses(parser: Parser) -> tuple[list[_Clause], list[_Link]]:
    """The clauses in order, and the remarks in words that introduce none."""
    clauses: list[_Clause] = []
    remarks: list[_Link] = []
    while True:
        link = _link(parser, bool(clauses))
        if parser.token.kind == v.END:
            if link.words:
                remarks.append(link)
            return clauses, remarks
        if link.words and not _introduces(link.words[-1]):
            remarks.append(link)
            link = _Link(link.text, [], link.span)
        clause = _clause(parser, link)
        if clauses and _is_remark(clause, clauses[-1]):
            tree = clause.operands[0]
            remark = tree.name if isinstance(tree, Name) else parser.shown(clause.span)
            remarks.append(_Link("", [remark], clause.span))
            continue
        clauses.append(clause)
        if parser.token.kind == v.TEXT and clause.bare and parser.tokens[parser.at + 1].kind == v.RELATION:
            raise parser.unreadable()


def _link(parser: Parser, after_clause: bool) -> _Link:
    """Pass over separators, words and arrows.  Words right between two operands belong to the formula: refused."""
    start = parser.at
    text, strength = "", 0
    words: list[str] = []
    loose: Token | None = None
    while True:
        token = parser.token
        separator = _SEPARATING.get(token.kind)
        if separator is not None:
            if _STRENGTH[separator] > strength:
                text, strength = separator, _STRENGTH[separator]
        elif token.kind == v.TEXT:
            following = parser.tokens[parser.at + 1]
            if following.kind == v.RELATION and not token.text.startswith("(") and (strength or not after_clause):
                raise parser.unreadable()  # words as the side of an equation
            words.append(token.text.strip(" ,.:;()").lower() if _introduces(token.text) else token.text)
            if _introduces(token.text):
                text, strength = words[-1], 5
            elif not token.text.startswith("("):
                loose = token
        elif token.kind == v.IMPLIES:
            text, strength = token.text, 6
        else:
            break
        parser.advance()
    if after_clause and loose is not None and not strength and parser.starts_factor():
        parser.at = parser.tokens.index(loose, start)
        raise parser.unreadable()
    return _Link(text, words, parser.span_from(start) if parser.at > start else (parser.token.start,) * 2)


_INTRODUCING = (
    "if", "when", "whenever", "for", "for all", "for each", "for every", "for any", "for some", "where", "with", "and",
    "or", "provided", "unless", "such that", "s.t", "given", "as", "since", "because", "let", "by", "at", "in which",
    "so", "thus", "hence", "then", "therefore", "that is", "i.e", "but", "while",
)  # fmt: skip
_CONDITIONAL = (
    "if", "when", "whenever", "for", "for all", "for each", "for every", "for any", "for some", "provided", "unless",
    "given", "such that", "s.t",
)  # fmt: skip
_LAST_WORDS = ("if", "for", "when", "all", "each", "every", "any")


def _introduces(words: str) -> bool:
    """Whether the words join a formula to what follows (others are remarks)."""
    plain = words.lower().strip(" ,.:;()")
    return plain in _INTRODUCING or plain.rsplit(" ", 1)[-1] in (*_LAST_WORDS, "where", "and")


def _is_conditional(words: list[str]) -> bool:
    return words[-1] in _CONDITIONAL or words[-1].rsplit(" ", 1)[-1] in _LAST_WORDS


def _clause(parser: Parser, link: _Link) -> _Clause:
    start = parser.at
    quantified = False
    while parser.token.kind == v.QUANTIFIER:
        link.words.append(parser.advance().text)
        quantified = True
    conditional = quantified or bool(link.words and _is_conditional(link.words))
    operators: list[str] = []
    operands: list[Tree] = []
    leads = _relates(parser, conditional)
    if leads:
        operators.append(parser.related())
    while True:
        if operators and _at_end(parser):
            if parser.token.kind == v.TEXT and not parser.token.text.startswith("("):
                raise parser.unreadable()
            break  # the chain ends with its relation
        operands.append(parser.item())
        if _evaluated(parser):
            raise _bar(parser)
        if not _relates(parser, conditional):
            break
        operators.append(parser.related())
        if _relates(parser, conditional) and parser.token.text == operators[-1]:
            parser.advance()  # the relation repeated at the beginning of a new row
    if not _at_end(parser) and parser.token.kind != v.LOGIC:
        raise _stray(parser, operands)
    clause = _Clause(link, operands, operators, parser.span_from(start), leads, quantified)
    if parser.token.kind == v.LOGIC:
        _with_logic(parser, clause, start)
    return clause


def _with_logic(parser: Parser, clause: _Clause, start: int) -> None:
    """``i = j \\wedge k = l``: one condition."""
    trees = [_whole(clause)]
    operators: list[str] = []
    while parser.joins():
        operators.append(parser.advance().text.lower())
        trees.append(parser.relation())
    clause.operands = [parser.joined(trees, operators, start)]
    clause.operators = []
    clause.span = parser.span_from(start)


def _relates(parser: Parser, conditional: bool) -> bool:
    kind = parser.token.kind
    if kind == v.COLON:
        following = parser.tokens[parser.at + 1].kind
        return not conditional and following not in _ENDING and following not in (v.END, v.TEXT)
    return kind == v.RELATION or (kind == v.BAR and parser.is_given())


_ENDING = frozenset({*_SEPARATING, v.TEXT, v.IMPLIES, v.END, v.QUANTIFIER})


def _at_end(parser: Parser) -> bool:
    return parser.token.kind in _ENDING


def _evaluated(parser: Parser) -> bool:
    return parser.token.kind == v.BAR and parser.tokens[parser.at + 1].kind in (v.SUB, v.SUP)


def _bar(parser: Parser) -> ParseError:
    return ParseError(
        "outside",
        parser.token.span,
        "a bar that says where to evaluate",
        "write the value into the formula: f(0) for f(x) at x = 0",
    )


def _stray(parser: Parser, operands: list[Tree]) -> ParseError:
    token = parser.token
    shown = parser.shown(token.span) or token.text
    if token.kind in (v.ENDER, v.CLOSE, v.RIGHT):
        return ParseError("syntax", token.span, f"{shown} that closes nothing", "take it away, or open it before")
    if token.kind == v.OVER:
        return ParseError("syntax", token.span, "\\over outside braces", "write \\frac{…}{…}")
    return parser.expected("a relation, an operator or the end", "join the parts by an operator")


def _is_remark(clause: _Clause, before: _Clause) -> bool:
    """A lone upright word after an equation (``\\quad \\text{constant}``) explains it, ``(3)`` is its number."""
    if not clause.bare or len(clause.operands) != 1 or clause.link.text != "\\quad" or not before.operators:
        return False
    match clause.operands[0]:
        case Name(name=name, upright=True):
            return len(name) > 1
        case Group(kind="(", items=(Number() | Name(),)):
            return True
        case _:
            return False


# ---------------------------------------------------------------------------------------- lists


def _lists(clauses: list[_Clause]) -> list[_Clause]:
    """Bare clauses between commas become comma lists, with the relation before or after them."""
    out: list[_Clause] = []
    position = 0
    while position < len(clauses):
        clause = clauses[position]
        if not clause.bare or _condition_in_brackets(clause) is not None:
            out.append(clause)
            position += 1
            continue
        run = [clause]
        position += 1
        while position < len(clauses) and clauses[position].bare and _comma(clauses[position]):
            if _condition_in_brackets(clauses[position]) is not None:
                break
            run.append(clauses[position])
            position += 1
        before = out[-1] if out and _comma(run[0]) and _takes_list(out[-1]) else None
        after = clauses[position] if position < len(clauses) else None
        after = after if after is not None and _joins_forward(after, run[0]) else None
        back, forward = _divide(run, before, after)
        if back and before is not None:
            _extend(before, back)
        if forward and after is not None:
            _prefix(after, forward)
        elif forward:
            out.append(_listed(forward))
    return out


def _comma(clause: _Clause) -> bool:
    return clause.link.text in (",", "and", "or") and clause.link.words in ([], ["and"], ["or"])


def _takes_list(clause: _Clause) -> bool:
    return (
        bool(clause.operands)
        and len(clause.operands) >= len(clause.operators)
        and (bool(clause.operators) or clause.quantified)
    )


def _joins_forward(clause: _Clause, first: _Clause) -> bool:
    """Whether a list that begins with ``first`` is the left side of ``clause``.  After *for all* it need not be:
    ``for all i, z_i = w_i`` ends the condition at the comma, ``for i, j = 1, \\dots, n`` does not."""
    if not _comma(clause) or not clause.operators or clause.leads or clause.quantified:
        return False
    if not first.link.words or not _is_conditional(first.link.words):
        return True
    return isinstance(clause.operands[0], Name) and not _equates(clause)


def _divide(run: list[_Clause], before: _Clause | None, after: _Clause | None) -> tuple[list[_Clause], list[_Clause]]:
    """Which of the bare clauses belong to the relation before them, and which to the one after."""
    if before is None:
        return [], run
    if after is None:
        return run, []
    dots = [i for i, clause in enumerate(run) if isinstance(clause.operands[0], Ellipsis_)]
    numbers = [i for i, clause in enumerate(run) if isinstance(clause.operands[0], Number)]
    last = max([i + 1 for i in dots] + numbers, default=-1)
    return run[: last + 1], run[last + 1 :]


def _extend(clause: _Clause, more: list[_Clause]) -> None:
    last = clause.operands[-1]
    items = [*_items(last), *(c.operands[0] for c in more)]
    span = (last.span[0], more[-1].span[1])
    clause.operands[-1] = Group(span, ",", tuple(items))
    clause.span = (clause.span[0], span[1])


def _prefix(clause: _Clause, more: list[_Clause]) -> None:
    first = clause.operands[0]
    span = (more[0].span[0], first.span[1])
    clause.operands[0] = Group(span, ",", (*(c.operands[0] for c in more), *_items(first)))
    clause.link = more[0].link
    clause.span = (span[0], clause.span[1])


def _items(tree: Tree) -> tuple[Tree, ...]:
    return tree.items if isinstance(tree, Group) and tree.kind == "," else (tree,)


def _listed(run: list[_Clause]) -> _Clause:
    if len(run) == 1:
        return run[0]
    span = (run[0].span[0], run[-1].span[1])
    return _Clause(run[0].link, [Group(span, ",", tuple(c.operands[0] for c in run))], [], span)


# ------------------------------------------------------------------------------- chains, asides

_EQUALITIES = frozenset({"=", ":=", "=:", "\\equiv", "+=", "-=", "*=", "\\leftarrow"})


def _place(built: _Formula, clause: _Clause) -> None:
    """Put the clause on the chain it continues, on a chain of its own, or beside the formula."""
    beside = False
    if built.chains and (clause.leads or _ends_open(built.chains[-1])):
        _continue(built.chains[-1], clause)
    elif _is_aside(built, clause):
        beside = bool(built.chains)
        trees = _condition_in_brackets(clause) or _trees(clause)
        built.asides.append(Asides(trees, tuple(clause.link.words), (clause.link.span[0], clause.span[1])))
    else:
        if clause.link.words and clause.link.words not in (["and"], ["or"]):
            built.asides.append(Asides((), tuple(clause.link.words), clause.link.span))
        built.chains.append(_rows(clause))
        built.links.append(clause.link.text if len(built.chains) > 1 else "")
    built.in_condition = beside


def _ends_open(chain: list[Row]) -> bool:
    """Whether the chain ends with its relation (``a =``)."""
    return chain[-1].tree is None and chain[-1].relation is not None


def _continue(chain: list[Row], clause: _Clause) -> None:
    """Add the rows of a clause that begins with a relation, or that follows one."""
    rows = _rows(clause)
    if _ends_open(chain):
        last = chain.pop()
        if not clause.leads:
            rows[0] = Row(last.relation, rows[0].tree, rows[0].span)
    chain.extend(row for row in rows if row.relation is not None)


def _rows(clause: _Clause) -> list[Row]:
    rows: list[Row] = []
    operands: list[Tree | None] = [*clause.operands]
    if clause.leads:
        rows.append(Row(None, None, (clause.span[0], clause.span[0])))
    else:
        head = operands.pop(0)
        assert head is not None  # only a last operand can be missing
        rows.append(Row(None, head, head.span))
    while len(operands) < len(clause.operators):
        operands.append(None)
    for operator, operand in zip(clause.operators, operands, strict=True):
        end = clause.span[1]
        rows.append(Row(operator, operand, operand.span if operand is not None else (end, end)))
    return rows


def _is_aside(built: _Formula, clause: _Clause) -> bool:
    if clause.quantified or (clause.link.words and _is_conditional(clause.link.words)):
        return True
    if not built.chains or (clause.link.text.startswith("\\") and clause.link.text not in _STRENGTH):
        return False  # the first one, or what an arrow leads to
    if _condition_in_brackets(clause) is not None or _is_logic(clause):
        return True
    if built.in_condition and _comma(clause) and clause.operators and not _equates(clause):
        return True
    main = built.chains[-1]
    if clause.link.text == "\\\\" or not any(row.relation in _EQUALITIES for row in main) or _is_range(main):
        return False
    if not clause.operators:
        return False
    if not any(operator in _EQUALITIES for operator in clause.operators):
        return True
    if _is_range(_rows(clause)):
        return True
    return _is_index_equation(clause.operands) and not _is_index_equation([r.tree for r in main])


def _equates(clause: _Clause) -> bool:
    """Whether the clause is an equation, and not just one of indices and numbers."""
    return any(operator in _EQUALITIES for operator in clause.operators) and not _is_index_equation(clause.operands)


def _is_logic(clause: _Clause) -> bool:
    return not clause.operators and isinstance(clause.operands[0], Logic)


def _is_range(rows: list[Row]) -> bool:
    """``i = 1, \\dots, n``"""
    last = rows[-1].tree
    return isinstance(last, Group) and last.kind == "," and any(isinstance(item, Ellipsis_) for item in last.items)


def _is_index_equation(operands: list[Tree] | list[Tree | None]) -> bool:
    """``i = j``, ``k = 1``: nothing but plain small letters and numbers."""
    if not any(isinstance(tree, Name) for tree in operands):
        return False
    return all(
        isinstance(tree, Number) or (isinstance(tree, Name) and len(tree.name) == 1 and tree.name.islower())
        for tree in operands
    )


def _condition_in_brackets(clause: _Clause) -> tuple[Tree, ...] | None:
    """``(i \\ne j)`` standing alone: the conditions inside."""
    if not clause.bare or len(clause.operands) != 1:
        return None
    tree = clause.operands[0]
    if not isinstance(tree, Group) or tree.kind != "(" or not tree.items:
        return None
    return tree.items if all(isinstance(item, (Relation, Logic)) for item in tree.items) else None


def _trees(clause: _Clause) -> tuple[Tree, ...]:
    if clause.operators:
        return (_whole(clause),)
    return _items(clause.operands[0])


def _whole(clause: _Clause) -> Tree:
    if not clause.operators:
        return clause.operands[0]
    return Relation(clause.span, tuple(clause.operands), tuple(clause.operators))
