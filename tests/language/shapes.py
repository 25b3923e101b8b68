"""Surface trees as short text, without spans: for goldens."""

from __future__ import annotations

from checker.language.parser import parse, parse_expression
from checker.language.surface import (
    BigOperator,
    Call,
    Cases,
    Derivative,
    Ellipsis_,
    Factors,
    Fraction_,
    Group,
    Hole,
    Logic,
    MatrixLiteral,
    Name,
    Number,
    ParsedFormula,
    Relation,
    Root,
    Scripted,
    Terms,
    Text,
    Tree,
)

_PAIRS = {"(": "()", "[": "[]", "{": "{}", "<": "⟨⟩", "|": "||", "||": "‖‖", ",": "«»", "ceil": "⌈⌉", "floor": "⌊⌋"}


def _many(trees: tuple[Tree, ...]) -> str:
    return ", ".join(shape(tree) for tree in trees)


def shape(tree: Tree | None) -> str:
    match tree:
        case None:
            return "–"
        case Number():
            return tree.text
        case Name():
            return f"'{tree.name}'" if tree.upright else tree.name
        case Scripted():
            label = {"(": "()", "[": "[]", "<": "⟨⟩", "": ""}[tree.brackets]
            lower = f"_{{{_many(tree.subscripts)}}}" if tree.subscripts else ""
            upper = f"^{label}{{{_many(tree.superscripts)}}}" if tree.superscripts else ""
            base = shape(tree.base)
            base = f"<{base}>" if isinstance(tree.base, Scripted) else base
            return base + "'" * tree.primes + lower + upper
        case Group():
            pair = _PAIRS.get(tree.kind, tree.kind)
            return f"{pair[0]}{_many(tree.items)}{pair[1]}"
        case Factors():
            out = shape(tree.factors[0])
            for operator, factor in zip(tree.operators, tree.factors[1:], strict=True):
                out += f" {operator or '·'} {shape(factor)}"
            return f"<{out}>"
        case Terms():
            out = " ".join(f"{'+' if s > 0 else '-'}{shape(t)}" for s, t in zip(tree.signs, tree.terms, strict=True))
            return f"<{out}>"
        case Fraction_():
            return f"({shape(tree.numerator)} / {shape(tree.denominator)})"
        case Root():
            return f"root[{shape(tree.degree)}]({shape(tree.radicand)})"
        case Derivative():
            symbol = {"partial": "∂", "d": "d", "nabla": "∇", "delta": "δ"}[tree.symbol]
            arrow = "→" if tree.prefix else ""
            return f"{symbol}{arrow}({shape(tree.operand)} ; {_many(tree.variables)})"
        case BigOperator():
            return f"{tree.operator}[{_many(tree.lower)} ; {shape(tree.upper)}]({shape(tree.body)})"
        case Call():
            name = shape(tree.scripts) if tree.scripts else shape(tree.function)
            return f"{name}{'!' if tree.bare else ''}({_many(tree.arguments)})"
        case Cases():
            return "cases{" + "; ".join(f"{shape(a)} if {shape(c)}" for a, c in tree.rows) + "}"
        case MatrixLiteral():
            return f"{tree.environment}[" + "; ".join(_many(row) for row in tree.rows) + "]"
        case Relation():
            out = shape(tree.operands[0])
            for operator, operand in zip(tree.operators, tree.operands[1:], strict=True):
                out += f" {operator} {shape(operand)}"
            return out
        case Logic():
            return f"{tree.operator}({_many(tree.operands)})"
        case Text():
            return f"“{tree.words}”"
        case Ellipsis_():
            return "…"
        case Hole():
            return f"□{tree.mark}"
        case _:
            raise AssertionError(f"no shape for {tree!r}")


def expression(text: str) -> str:
    return shape(parse_expression(text))


def chains(formula: ParsedFormula) -> list[str]:
    """Every chain as ``head | = side | …``."""
    return [
        " | ".join((f"{r.relation} " if r.relation else "") + shape(r.tree) for r in chain) for chain in formula.chains
    ]


def asides(formula: ParsedFormula) -> list[str]:
    return ["; ".join([*aside.words, *(shape(t) for t in aside.trees)]) for aside in formula.asides]


def read(text: str) -> list[str]:
    return chains(parse(text))
