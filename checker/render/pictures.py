"""Numbers, vectors and matrices drawn in plain text, and several of them side by side."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from checker.render.words import flat

Picture = list[str]  # rows of equal width
GAP = "   "


def depth(value: Any) -> int:
    return 1 + max(map(depth, value), default=0) if isinstance(value, (list, tuple)) else 0


def pictures(name: str, value: Any, unicode: bool = True, width: int | None = None) -> Iterable[Picture]:
    """``name = value``: a matrix as a matrix, below its name where ``width`` asks for it; a tensor slice by slice."""
    if depth(value) == 2 and len({len(row) for row in value}) == 1:
        drawn = matrix(value, unicode)
        narrow = width is not None and len(name) + 3 + len(drawn[0]) > width
        yield stacked(f"{name} =", drawn) if narrow else beside([f"{name} = "], drawn)
    elif depth(value) > 2:
        for position, part in enumerate(value, start=1):
            yield from pictures(f"{name}[{position}]", part, unicode, width)
    else:
        yield [f"{name} = {flat(value)}"]


def matrix(rows: Sequence[Sequence[Any]], unicode: bool = True) -> Picture:
    cells = [[flat(entry) for entry in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = [" ".join(cell.rjust(w) for cell, w in zip(row, widths, strict=True)) for row in cells]
    return [f"{left}{line}{right}" for line, (left, right) in zip(lines, brackets(len(lines), unicode), strict=True)]


def brackets(height: int, unicode: bool) -> list[tuple[str, str]]:
    if height <= 1 or not unicode:
        return [("[", "]")] * height
    return [("⎡", "⎤"), *[("⎢", "⎥")] * (height - 2), ("⎣", "⎦")]


def beside(left: Picture, right: Picture) -> Picture:
    """Two pictures side by side, their middles level."""
    height = max(len(left), len(right))
    return [a + b for a, b in zip(centred(left, height), centred(right, height), strict=True)]


def stacked(title: str, picture: Picture) -> Picture:
    rows = [title, *(f"  {row}" for row in picture)]
    width = max(map(len, rows))
    return [row.ljust(width) for row in rows]


def centred(picture: Picture, height: int) -> Picture:
    width = max(map(len, picture), default=0)
    above = (height - len(picture)) // 2
    below = height - len(picture) - above
    return [" " * width] * above + [row.ljust(width) for row in picture] + [" " * width] * below


def packed(drawn: Iterable[Picture], width: int) -> list[str]:
    """As many pictures side by side as fit in ``width``, then the next row of them."""
    rows: list[Picture] = []
    for picture in drawn:
        if rows and len(rows[-1][0]) + len(GAP) + max(map(len, picture)) <= width:
            rows[-1] = beside(beside(rows[-1], [GAP]), picture)
        else:
            rows.append(picture)
    return [line.rstrip() for row in rows for line in row]
