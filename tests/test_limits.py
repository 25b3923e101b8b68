"""The outermost door: time, depth, memory and defects each become a verdict."""

import signal
import threading
import time

import pytest

from checker.limits import Door, OutOfTime, Stopped, attempt, time_limit


def forever():
    while True:
        pass


def stubborn():
    """Swallows everything that is an Exception, as careless code does."""
    while True:
        try:
            forever()
        except Exception:  # noqa: BLE001  # the careless code
            continue


class SlowToGo:
    def __del__(self):
        deadline = time.monotonic() + 0.2
        while time.monotonic() < deadline:
            pass


def in_a_destructor():
    """An exception inside ``__del__`` is dropped by Python; the timer has to ring again."""
    SlowToGo()
    forever()


def deep():
    return deep()


def hungry():
    raise MemoryError


def broken():
    return {}["x"]


@pytest.mark.parametrize("action", [forever, stubborn])
def test_an_endless_action_is_stopped(action):
    started = time.monotonic()
    assert attempt(action, 0.1) == Stopped("budget", "stopped after 0.1 s; --timeout allows more")
    assert time.monotonic() - started < 2


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_an_exception_lost_in_a_destructor_is_raised_again():
    assert attempt(in_a_destructor, 0.05).reason == "budget"


@pytest.mark.parametrize(
    ("action", "reason", "message"),
    [
        (deep, "budget", "nested too deeply"),
        (hungry, "budget", "needs more memory than allowed"),
        (broken, "outside", "internal error, please report it: KeyError: 'x' (test_limits.py, in broken)"),
    ],
)
def test_a_failure_has_a_reason(action, reason, message):
    assert attempt(action, 5) == Stopped(reason, message)


def test_a_quick_action_is_left_alone_and_the_timer_put_away():
    before = signal.getsignal(signal.SIGALRM)
    assert attempt(lambda: 42, 0.2) == 42
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
    assert signal.getsignal(signal.SIGALRM) is before


def test_the_timer_is_put_away_after_it_rang():
    with pytest.raises(OutOfTime), time_limit(0.05):
        forever()
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_keyboard_interrupt_and_exit_pass():
    def interrupted():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        attempt(interrupted, 1)


def test_outside_the_main_thread_there_is_no_timer_and_no_crash():
    results = []
    thread = threading.Thread(target=lambda: results.append(attempt(lambda: 1, 0.1)))
    thread.start()
    thread.join()
    assert results == [1]


def test_a_door_skips_what_is_known_or_was_stopped_and_tells_the_rest():
    told = []
    why = Stopped("budget", "killed")
    door = Door({("a",): 1}, {("b",): why}, lambda *x: told.append(x), lambda *x: told.append(x))
    assert door.run(("a",), forever, 1) == 1
    assert door.run(("b",), forever, 1) is why
    assert door.run(("c",), lambda: 3, 1) == 3
    assert told == [(("c",), 1), (("c",), 3)]
