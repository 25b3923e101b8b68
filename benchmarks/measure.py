"""Clocks for the benchmarks: whole processes, and calls in a process of their own."""

from __future__ import annotations

import multiprocessing
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Process:
    """``seconds`` is the median wall time; ``megabytes`` what the largest process of the run took."""

    seconds: float
    megabytes: float
    status: int


def whole_process(arguments: Sequence[str], repeat: int = 3) -> Process:
    """Run ``python <arguments>`` in the project's root, once to warm the disk and then ``repeat`` times."""
    runs = [one_process(arguments) for _ in range(repeat + 1)][1:]
    return Process(statistics.median(r.seconds for r in runs), max(r.megabytes for r in runs), runs[0].status)


def one_process(arguments: Sequence[str]) -> Process:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    start = time.perf_counter()
    child = subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _, status, usage = os.wait4(child.pid, 0)
    seconds = time.perf_counter() - start
    child.returncode = os.waitstatus_to_exitcode(status)
    unit = 1024 * 1024 if sys.platform == "darwin" else 1024
    return Process(seconds, usage.ru_maxrss / unit, child.returncode)


def apart(action: Callable[[], Any]) -> Any:
    """The result of a call in a fork of this process: everything imported, nothing remembered."""
    context = multiprocessing.get_context("fork")
    receiving, sending = context.Pipe(duplex=False)
    child = context.Process(target=answer, args=(action, sending))
    child.start()
    sending.close()
    try:
        return receiving.recv()
    except EOFError:
        raise RuntimeError("a measured process died") from None
    finally:
        child.join()


def answer(action: Callable[[], Any], connection: Connection) -> None:
    connection.send(action())
    connection.close()


def timed(action: Callable[[], Any]) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start
