"""The top of a formula: chains of relations, lists, conditions beside the formula.

The formula is read clause by clause; a clause ends at a comma, a ``\\quad``, a row, words or an arrow.
Clauses are then put together: ``x, y \\in R`` and ``i = 1, \\dots, n`` are lists, ``= b`` in a new row
continues the chain, ``i \\ne j`` after an equation is a condition beside it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from checker.language.parser.clauses import STRENGTH, Clause, is_conditional, read_clauses, whole
from checker.language.parser.core import Parser
from checker.language.surface import (
    Asides,
    Ellipsis_,
    Group,
    Logic,
    Name,
    Number,
    ParsedFormula,
    Relation,
    Row,
    Tree,
)


@dataclass
class _Formula:
    """The result as it grows."""

    chains: list[list[Row]] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    asides: list[Asides] = field(default_factory=list)
    in_condition: bool = False  # the clause before was a condition beside a chain


def formula(parser: Parser) -> ParsedFormula:
    clauses, remarks = read_clauses(parser)
    built = _Formula()
    for clause in _lists(clauses):
        _place(built, clause)
    for remark in remarks:
        built.asides.append(Asides((), tuple(remark.words), remark.span))
    built.asides.sort(key=lambda aside: aside.span)
    return ParsedFormula(tuple(tuple(c) for c in built.chains), tuple(built.asides), tuple(built.links))


# ---------------------------------------------------------------------------------------- lists


def _lists(clauses: list[Clause]) -> list[Clause]:
    """Bare clauses between commas become comma lists, with the relation before or after them."""
    out: list[Clause] = []
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


def _comma(clause: Clause) -> bool:
    return clause.link.text in (",", "and", "or") and clause.link.words in ([], ["and"], ["or"])


def _takes_list(clause: Clause) -> bool:
    return (
        bool(clause.operands)
        and len(clause.operands) >= len(clause.operators)
        and (bool(clause.operators) or clause.quantified)
    )


def _joins_forward(clause: Clause, first: Clause) -> bool:
    """Whether a list that begins with ``first`` is the left side of ``clause``.  After *for all* it need not be:
    ``for all i, z_i = w_i`` ends the condition at the comma, ``for i, j = 1, \\dots, n`` does not."""
    if not _comma(clause) or not clause.operators or clause.leads or clause.quantified:
        return False
    if not first.link.words or not is_conditional(first.link.words):
        return True
    return isinstance(clause.operands[0], Name) and not _equates(clause)


def _divide(run: list[Clause], before: Clause | None, after: Clause | None) -> tuple[list[Clause], list[Clause]]:
    """Which of the bare clauses belong to the relation before them, and which to the one after."""
    if before is None:
        return [], run
    if after is None:
        return run, []
    dots = [i for i, clause in enumerate(run) if isinstance(clause.operands[0], Ellipsis_)]
    numbers = [i for i, clause in enumerate(run) if isinstance(clause.operands[0], Number)]
    last = max([i + 1 for i in dots] + numbers, default=-1)
    return run[: last + 1], run[last + 1 :]


def _extend(clause: Clause, more: list[Clause]) -> None:
    last = clause.operands[-1]
    items = [*_items(last), *(c.operands[0] for c in more)]
    span = (last.span[0], more[-1].span[1])
    clause.operands[-1] = Group(span, ",", tuple(items))
    clause.span = (clause.span[0], span[1])


def _prefix(clause: Clause, more: list[Clause]) -> None:
    first = clause.operands[0]
    span = (more[0].span[0], first.span[1])
    clause.operands[0] = Group(span, ",", (*(c.operands[0] for c in more), *_items(first)))
    clause.link = more[0].link
    clause.span = (span[0], clause.span[1])


def _items(tree: Tree) -> tuple[Tree, ...]:
    return tree.items if isinstance(tree, Group) and tree.kind == "," else (tree,)


def _listed(run: list[Clause]) -> Clause:
    if len(run) == 1:
        return run[0]
    span = (run[0].span[0], run[-1].span[1])
    return Clause(run[0].link, [Group(span, ",", tuple(c.operands[0] for c in run))], [], span)


# ------------------------------------------------------------------------------- chains, asides

_EQUALITIES = frozenset({"=", ":=", "=:", "\\equiv", "+=", "-=", "*=", "\\leftarrow"})


def _place(built: _Formula, clause: Clause) -> None:
    """Put the clause on the chain it continues, on a chain of its own, or beside the formula."""
    beside = False
    if built.chains and (clause.leads or _ends_open(built.chains[-1])):
        _continue(built.chains[_main(built, clause)], clause)
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


def _main(built: _Formula, clause: Clause) -> int:
    """The chain that a clause goes on with: in a new row not one that words have put beside another."""
    last = len(built.chains) - 1
    if clause.link.text != "\\\\" or _ends_open(built.chains[last]):
        return last
    while last > 0 and built.links[last] not in (*STRENGTH, "", "and", "or"):
        last -= 1
    return last


def _ends_open(chain: list[Row]) -> bool:
    """Whether the chain ends with its relation (``a =``)."""
    return chain[-1].tree is None and chain[-1].relation is not None


def _continue(chain: list[Row], clause: Clause) -> None:
    """Add the rows of a clause that begins with a relation, or that follows one."""
    rows = _rows(clause)
    if _ends_open(chain):
        last = chain.pop()
        if not clause.leads:
            rows[0] = Row(last.relation, rows[0].tree, rows[0].span)
    chain.extend(row for row in rows if row.relation is not None)


def _rows(clause: Clause) -> list[Row]:
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


def _is_aside(built: _Formula, clause: Clause) -> bool:
    if clause.quantified or (clause.link.words and is_conditional(clause.link.words)):
        return True
    if not built.chains or (clause.link.text.startswith("\\") and clause.link.text not in STRENGTH):
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


def _equates(clause: Clause) -> bool:
    """Whether the clause is an equation, and not just one of indices and numbers."""
    return any(operator in _EQUALITIES for operator in clause.operators) and not _is_index_equation(clause.operands)


def _is_logic(clause: Clause) -> bool:
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


def _condition_in_brackets(clause: Clause) -> tuple[Tree, ...] | None:
    """``(i \\ne j)`` standing alone: the conditions inside."""
    if not clause.bare or len(clause.operands) != 1:
        return None
    tree = clause.operands[0]
    if not isinstance(tree, Group) or tree.kind != "(" or not tree.items:
        return None
    return tree.items if all(isinstance(item, (Relation, Logic)) for item in tree.items) else None


def _trees(clause: Clause) -> tuple[Tree, ...]:
    if clause.operators:
        return (whole(clause),)
    return _items(clause.operands[0])
