"""How long work is steered and how it tells of itself: cancel and pause, progress, and the three events of a run."""

import os
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from photocull.core.errors import CancelledError

_LOOK: Final = 0.1
"""Seconds between two questions whether a rest is to end early."""


def processors() -> int:
    """Processors that this process may use, at least 1."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity is not None else os.cpu_count() or 1


class CancelToken:
    """Shared by whoever may stop or pause a run and by the workers, who ask between photos and stages."""

    def __init__(self) -> None:
        self._cancelled = threading.Event()
        self._running = threading.Event()
        self._running.set()

    def cancel(self) -> None:
        """Ask all workers to stop at their next check; a paused run wakes up to stop."""
        self._cancelled.set()
        self._running.set()

    def pause(self) -> None:
        """Ask all workers to wait at their next check."""
        if not self._cancelled.is_set():
            self._running.clear()

    def resume(self) -> None:
        """Let paused workers go on."""
        self._running.set()

    @property
    def cancelled(self) -> bool:
        """Whether `cancel` was called."""
        return self._cancelled.is_set()

    @property
    def paused(self) -> bool:
        """Whether workers wait at their next check."""
        return not self._running.is_set()

    def check(self) -> None:
        """Wait while paused.

        Raises:
            CancelledError: the run is to stop.
        """
        self._running.wait()
        if self._cancelled.is_set():
            raise CancelledError("Stopped; what was scored is kept.")

    def rest(self, seconds: float) -> None:
        """Wait so long, and ask again and again meanwhile.

        Raises:
            CancelledError: the run is to stop.
        """
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            self.check()
            time.sleep(min(_LOOK, left))


@dataclass(frozen=True, slots=True)
class Progressed:
    """How far a run is.

    Attributes:
        done: photos finished, cached ones included.
        total: photos asked for.
        rate: photos a second over the last moments, cached ones left out; None until known.
        seconds_left: estimate; None until known.
    """

    done: int
    total: int
    rate: float | None
    seconds_left: float | None


@dataclass(frozen=True, slots=True)
class PhotosChanged:
    """These photos' rows read differently now.

    Attributes:
        ids: catalogue ids; none where another process changed something of which no more is known.
        initiator: who asked for the change; a view may skip its own.
    """

    ids: tuple[int, ...]
    initiator: str = "pipeline"


@dataclass(frozen=True, slots=True)
class Problem:
    """One file could not be dealt with; the run goes on."""

    path: Path
    sentence: str


Event = Progressed | PhotosChanged | Problem
Listener = Callable[[Event], None]


class Pace:
    """Photos a second over a sliding window, from the times at which photos were finished."""

    def __init__(self, total: int, *, window: float = 10.0, clock: Callable[[], float] = time.monotonic) -> None:
        self._total = total
        self._window = window
        self._clock = clock
        self._done = 0
        self._marks: deque[tuple[float, int]] = deque([(clock(), 0)])
        self._worked = 0

    def step(self, count: int = 1, *, cached: int = 0) -> Progressed:
        """Count finished photos and tell where the run is; ``cached`` ones took no work and do not speed the rate."""
        now = self._clock()
        self._done += count + cached
        self._worked += count
        self._marks.append((now, self._worked))
        while len(self._marks) > 2 and now - self._marks[0][0] > self._window:
            self._marks.popleft()
        return self.now()

    def now(self) -> Progressed:
        """The present state without counting anything."""
        (start, before), (end, after) = self._marks[0], self._marks[-1]
        rate = (after - before) / (end - start) if end > start and after > before else None
        left = max(0, self._total - self._done)
        return Progressed(self._done, self._total, rate, None if rate is None else left / rate)
