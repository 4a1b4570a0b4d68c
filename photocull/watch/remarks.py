"""Problems of a long watch, each said once though every look meets it anew; progress is handed on."""

from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Final

from photocull.core.errors import printable
from photocull.core.work import Event, Problem, Progressed
from photocull.pipeline.stages import STILL_WRITTEN, VANISHED

_MOST: Final = 10_000
PASSING: Final = frozenset((STILL_WRITTEN, VANISHED, "The file vanished before it was read."))
"""What the watch deals with by itself."""


class Remarks:
    """A listener for runs and for writing sidecars.

    Args:
        say: hears a line for people. progress: hears how far a run is.
    """

    def __init__(self, say: Callable[[str], None], progress: Callable[[Progressed], None]) -> None:
        self._say = say
        self._progress = progress
        self._said: OrderedDict[Path, str] = OrderedDict()

    def hear(self, event: Event) -> None:
        """Say a problem unless it was said of this file last."""
        if isinstance(event, Progressed):
            self._progress(event)
        elif isinstance(event, Problem) and event.sentence not in PASSING:
            if self._said.get(event.path) != event.sentence:
                self._say(f"{printable(event.path)}: {event.sentence}")
            self._said[event.path] = event.sentence
            self._said.move_to_end(event.path)
            if len(self._said) > _MOST:
                self._said.popitem(last=False)
