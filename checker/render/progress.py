"""One line that says how far a long run is, on a terminal; nothing in a pipe."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TextIO


class Progress:
    def __init__(self, stream: TextIO, total: int) -> None:
        self.stream, self.total = stream, total
        self.shown = stream.isatty() and total > 0

    def show(self, finished: int, current: Sequence[str]) -> None:
        if self.shown:
            self.stream.write(f"\r\x1b[K[{finished}/{self.total}] {' '.join(current)}"[:78])
            self.stream.flush()

    def clear(self) -> None:
        if self.shown:
            self.stream.write("\r\x1b[K")
            self.stream.flush()
