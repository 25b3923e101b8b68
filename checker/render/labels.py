"""Where the labels of arrows stand: on their own arrow, and clear of boxes, other labels and other arrows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from checker.render.layered import Place

Cubic = tuple[Place, Place, Place, Place]
Rectangle = tuple[float, float, float, float]  # left, top, right, bottom
STOPS = tuple(k / 20 for k in range(3, 18))  # of an arrow; the middle is best
ROUNDS = 3
SAMPLES = 24  # points of another arrow that a label may hide
OVER_BOX, OVER_LABEL, OVER_ARROW, OFF_MIDDLE = 40.0, 25.0, 1.0, 4.0


def curve(points: Sequence[Place], down: bool) -> list[Cubic]:
    """The arrow through the points, level (or upright, where drawings go ``down``) at each of them."""
    found = []
    for (x, y), (u, v) in pairwise(points):
        first, second = ((x, (y + v) / 2), (u, (y + v) / 2)) if down else (((x + u) / 2, y), ((x + u) / 2, v))
        found.append(((x, y), first, second, (u, v)))
    return found


def along(cubic: Cubic, t: float) -> Place:
    weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3)
    x = sum(w * p[0] for w, p in zip(weights, cubic, strict=True))
    return x, sum(w * p[1] for w, p in zip(weights, cubic, strict=True))


def placed(arrows: Sequence[Sequence[Cubic]], sizes: Sequence[Place | None], boxes: Sequence[Rectangle]) -> list[Place]:
    """The middle of the label of every arrow; ``sizes`` are None where there is no label.

    Each is put where it is best for the others as they stand, a few times over.
    """
    traces = [[along(c, k / SAMPLES) for c in arrow for k in range(SAMPLES + 1)] for arrow in arrows]
    found = [along(arrow[0], 0.5) for arrow in arrows]
    rooms: dict[int, Rectangle] = {}
    for _ in range(ROUNDS):
        for number, size in enumerate(sizes):
            if size is None:
                continue
            points = [point for k, trace in enumerate(traces) if k != number for point in trace]
            others = [room for k, room in rooms.items() if k != number]
            found[number] = min(cost(c, size, boxes, others, points) for c in candidates(arrows[number]))[1]
            rooms[number] = around(found[number], size)
    return found


def candidates(arrow: Sequence[Cubic]) -> Iterator[tuple[float, Place]]:
    """(how far from the best place, the place)"""
    for segment, cubic in enumerate(arrow):
        for stop in STOPS:
            yield segment * 0.5 + abs(stop - 0.5), along(cubic, stop)


def cost(
    candidate: tuple[float, Place],
    size: Place,
    boxes: Iterable[Rectangle],
    labels: Iterable[Rectangle],
    points: Iterable[Place],
) -> tuple[float, Place]:
    off, place = candidate
    own = around(place, size)
    left, top, right, bottom = own
    hidden = sum(left <= x <= right and top <= y <= bottom for x, y in points)
    over = OVER_BOX * sum(shared(own, b) for b in boxes) + OVER_LABEL * sum(shared(own, b) for b in labels)
    return round(over + OVER_ARROW * hidden + OFF_MIDDLE * off, 6), place


def around(place: Place, size: Place) -> Rectangle:
    (x, y), (w, h) = place, size
    return x - w / 2, y - h / 2, x + w / 2, y + h / 2


def shared(a: Rectangle, b: Rectangle) -> float:
    """How much two rectangles overlap, as a part of the first; touching counts a little."""
    wide, high = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    area = (a[2] - a[0]) * (a[3] - a[1])
    return 0.02 + wide * high / area if wide > 0 and high > 0 and area else 0.0
