"""Sidecars that a whole folder refuses: told photo by photo at first, then as a number."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Final

from photocull.core.work import Event, Problem
from photocull.sidecar.writing import CANNOT_WRITE

EACH: Final = 5
"""So many photos of a folder are named with the same reason."""


def not_of_writing(hear: Callable[[Event], None]) -> Callable[[Event], None]:
    """A listener that passes over what an earlier run could not write: this run is going to try again."""
    return lambda event: None if isinstance(event, Problem) and CANNOT_WRITE in event.sentence else hear(event)


class Refusals:
    """Passes problems on, but not thousands with one cause."""

    def __init__(self, hear: Callable[[Problem], None]) -> None:
        self._hear = hear
        self._counts: Counter[tuple[Path, str]] = Counter()

    def hear(self, problem: Problem) -> None:
        """Pass it on, or count it."""
        _, found, reason = problem.sentence.partition(CANNOT_WRITE)
        key = (problem.path.parent, reason)
        self._counts[key] += bool(found)
        if self._counts[key] <= EACH:
            self._hear(problem)

    def end(self) -> None:
        """Tell how many were counted."""
        for (folder, reason), count in self._counts.items():
            if count > EACH:
                self._hear(Problem(folder, f"{count - EACH:,} more sidecars here cannot be written{reason}"))
