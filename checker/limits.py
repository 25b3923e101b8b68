"""The one outermost door: an action under a time limit, whose failures become a verdict.

Three nets, each for what slips through the one before:

1. A timer signal raises ``OutOfTime`` inside the action: stops Python code, SymPy's included.  It is no
   ``Exception``, so that no handler on the way swallows it, and it repeats until it gets through.
2. ``RecursionError``, ``MemoryError`` (the workers have a memory limit) and any other exception are caught here.
3. A worker that does not answer in time, or dies, is replaced by its parent (:mod:`checker.workers`), which
   tells the new one what not to try again: stops even a single call of C code.
"""

from __future__ import annotations

import signal
import threading
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import TypeVar

from checker.results import Judgement, Verdict

Result = TypeVar("Result")
Key = tuple[str | int | None, ...]
REPEAT = 0.25  # seconds between signals after the first


class OutOfTime(BaseException):
    """Raised by the timer inside the action that takes too long."""


@dataclass(frozen=True)
class Stopped:
    """Why an action has no result; ``reason`` is a contract reason of *undecided*."""

    reason: str
    message: str

    def judgement(self) -> Judgement:
        return Judgement(Verdict.UNDECIDED, self.reason, message=self.message)


@contextmanager
def time_limit(seconds: float | None) -> Iterator[None]:
    """Raise ``OutOfTime`` inside the block after so many seconds.

    Without effect outside the main thread and where the system has no timer signal.
    """
    if seconds is None or not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def ring(number: int, frame: FrameType | None) -> None:
        raise OutOfTime

    previous = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, max(seconds, 1e-3), REPEAT)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)


@dataclass(frozen=True)
class Door:
    """Runs actions, each under a key that says which it is.

    ``known`` results are not computed again and ``stopped`` actions not tried again (both from a worker
    that had to be replaced); ``before`` and ``after`` tell the parent what is going on.
    """

    known: Mapping[Key, object] = field(default_factory=dict)
    stopped: Mapping[Key, Stopped] = field(default_factory=dict)
    before: Callable[[Key, float | None], None] = lambda key, seconds: None
    after: Callable[[Key, object], None] = lambda key, result: None

    def run(self, key: Key, action: Callable[[], Result], seconds: float | None) -> Result | Stopped:
        if key in self.stopped:
            return self.stopped[key]
        if key in self.known:
            return self.known[key]  # type: ignore[return-value]  # what ``after`` was given for this key
        self.before(key, seconds)
        result = attempt(action, seconds)
        self.after(key, result)
        return result


def attempt(action: Callable[[], Result], seconds: float | None) -> Result | Stopped:
    try:
        with time_limit(seconds):
            return action()
    except OutOfTime:
        if seconds is None:
            raise  # the limit of an action around this one
        return out_of_time(seconds)
    except RecursionError:
        return Stopped("budget", "nested too deeply")
    except MemoryError:
        return Stopped("budget", "needs more memory than allowed")
    except Exception as error:  # noqa: BLE001  # the outermost door: one line must not lose the others
        return Stopped("outside", f"internal error, please report it: {summary(error)}")


def guarded(action: Callable[[], None]) -> str | None:
    """Run a part of a larger action; a defect in it is returned as a message and costs the rest nothing."""
    result = attempt(action, None)
    return result.message if isinstance(result, Stopped) else None


def out_of_time(seconds: float | None) -> Stopped:
    return Stopped("budget", f"stopped after {seconds:g} s; --timeout allows more")


def summary(error: Exception) -> str:
    """``KeyError: 'x' (normal.py, in contract)``: enough for a report, and the same on every machine."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f" ({Path(frames[-1].filename).name}, in {frames[-1].name})" if frames else ""
    return f"{type(error).__name__}: {error}{where}"
