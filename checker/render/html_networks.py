"""The networks of a document in its HTML report: the drawing, and a table of its quantities."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from checker.render.html_lines import formula
from checker.render.markdown import value_source
from checker.render.networks import COLUMNS, ROLES, caption, heading
from checker.render.svg import svg
from checker.results import DocumentReport, Network, Quantity


def sections(document: DocumentReport) -> Iterator[str]:
    for number, network in enumerate(document.networks, start=1):
        yield from section(document, network, f"network-{number}")


def section(document: DocumentReport, network: Network, name: str) -> Iterator[str]:
    yield f'<section aria-labelledby="{name}"><h2 id="{name}">{heading(network)}</h2>'
    yield f'<figure><div class="scroll">{svg(network, name, document.macros)}</div>'
    yield f"<figcaption>{escape(caption(network))}</figcaption></figure>"
    yield '<details><summary>all quantities, with their numbers</summary><div class="scroll"><table><thead><tr>'
    yield "".join(f'<th scope="col">{column}</th>' for column in COLUMNS) + "</tr></thead><tbody>"
    for quantity in network.quantities:
        yield from row(document, quantity)
    yield "</tbody></table></div></details></section>"


def row(document: DocumentReport, quantity: Quantity) -> Iterator[str]:
    yield f'<tr><th scope="row">{formula(document, quantity.latex)}</th><td>{ROLES[quantity.role]}</td>'
    yield f"<td>{formula(document, quantity.definition) if quantity.definition else ''}</td>"
    for value in (quantity.value, quantity.gradient):
        yield f"<td>{formula(document, value_source(value)) if value is not None else ''}</td>"
    yield "</tr>"
