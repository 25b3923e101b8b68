"""The style sheet of the HTML reports: light and dark, narrow and wide, on paper."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.resources import files

SHEET = "report.css"
# While one verdict is chosen, everything else that is not inside a statement with such a line is hidden.
FILTER = """body:has(#show-{name}:checked) main :is(p, ul, ol, blockquote, table, pre, figure, .formula, .statement)\
:not(.has-{name}):not(:has(.has-{name})):not(.statement *) {{ display: none; }}
"""


def sheet(filters: Iterable[str]) -> str:
    """The style sheet, with a rule for each filter of the page."""
    style = files("checker.render").joinpath(SHEET).read_text("utf-8")
    return style + "".join(FILTER.format(name=name) for name in filters)
