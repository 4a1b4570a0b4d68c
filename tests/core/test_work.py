"""Steering and telling: cancel, pause, progress, pace."""

import threading
import time

import pytest

from photocull.core.errors import CancelledError
from photocull.core.work import CancelToken, Pace


class Clock:
    """Time that passes when the test says so."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def waiting(token: CancelToken) -> tuple[threading.Thread, list[str]]:
    """A worker that checks once and notes how that ended."""
    notes: list[str] = []

    def work() -> None:
        try:
            token.check()
        except CancelledError:
            notes.append("stopped")
        else:
            notes.append("went on")

    thread = threading.Thread(target=work)
    thread.start()
    return thread, notes


def test_a_fresh_token_lets_work_pass() -> None:
    token = CancelToken()
    token.check()
    assert (token.cancelled, token.paused) == (False, False)


def test_a_cancelled_token_stops_work() -> None:
    token = CancelToken()
    token.cancel()
    with pytest.raises(CancelledError, match="what was scored is kept"):
        token.check()


@pytest.mark.parametrize(("wake", "note"), [("resume", "went on"), ("cancel", "stopped")])
def test_a_paused_worker_waits_until_it_is_woken(wake: str, note: str) -> None:
    token = CancelToken()
    token.pause()
    thread, notes = waiting(token)
    time.sleep(0.05)
    assert (token.paused, notes) == (True, [])
    getattr(token, wake)()
    thread.join(5)
    assert notes == [note]


def test_a_cancelled_token_cannot_be_paused() -> None:
    token = CancelToken()
    token.cancel()
    token.pause()
    assert not token.paused
    with pytest.raises(CancelledError):
        token.check()


def test_nothing_is_estimated_before_something_is_done() -> None:
    progress = Pace(10, clock=Clock()).now()
    assert (progress.done, progress.total, progress.rate, progress.seconds_left) == (0, 10, None, None)


def test_the_rate_is_photos_a_second_and_gives_the_time_left() -> None:
    clock = Clock()
    pace = Pace(100, clock=clock)
    clock.now += 2
    progress = pace.step(10)
    assert (progress.done, progress.rate, progress.seconds_left) == (10, 5.0, 18.0)


def test_cached_photos_count_as_done_but_not_as_fast() -> None:
    clock = Clock()
    pace = Pace(100, clock=clock)
    clock.now += 1
    assert pace.step(0, cached=60).rate is None
    clock.now += 1
    progress = pace.step(4)
    assert (progress.done, progress.rate, progress.seconds_left) == (64, 2.0, 18.0)


def test_the_rate_forgets_what_lies_before_its_window() -> None:
    clock = Clock()
    pace = Pace(1000, window=10.0, clock=clock)
    for _ in range(20):
        clock.now += 1
        pace.step(1)
    for _ in range(20):
        clock.now += 1
        progress = pace.step(5)
    assert progress.rate == pytest.approx(5.0, rel=0.1)


def test_time_left_is_never_negative() -> None:
    clock = Clock()
    pace = Pace(1, clock=clock)
    clock.now += 1
    assert pace.step(5).seconds_left == 0
