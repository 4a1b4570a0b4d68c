"""What a watch says: each line with its time on standard error and in a log file; on a terminal a quiet line below."""

import logging
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Final

from photocull.cli.failing import LateFile, warn
from photocull.core.work import Progressed

if TYPE_CHECKING:
    from rich.live import Live

_KEPT: Final = 4
"""Older files of a megabyte each."""
_CALM: Final = 0.5
"""Seconds between two changes of the line below."""


class WatchLog:
    """The lines of a watch, from any thread, while it is entered.

    Args:
        file: where they are kept, a megabyte a file.
    """

    def __init__(self, file: Path) -> None:
        self._handler = LateFile(file, logging.INFO, "%(asctime)s %(message)s", kept=_KEPT)
        self._live = _live() if sys.stderr.isatty() else None
        self._shown = 0.0

    def __enter__(self) -> "WatchLog":
        if self._live is not None:
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._live is not None:
            self._live.stop()
        self._handler.close()

    def say(self, text: str) -> None:
        """One line that stays."""
        self._handler.handle(logging.LogRecord("photocull.watch", logging.INFO, "", 0, text, None, None))
        line = f"{time.strftime('%Y-%m-%d %H:%M:%S')} {text}"
        if self._live is None:
            warn(line)
        else:
            self._live.console.print(line, markup=False, highlight=False, soft_wrap=True)

    def show(self, event: Progressed) -> None:
        """How far the photos are that are being scored now."""
        now = time.monotonic()
        if self._live is not None and (now - self._shown >= _CALM or event.done >= event.total):
            self._shown = now
            busy = f"Scoring: {event.done} of {event.total}" if event.done < event.total else "Watching; Ctrl-C ends."
            self._live.update(busy, refresh=True)


def _live() -> "Live":
    from rich.console import Console  # only a terminal needs it, and it costs a script's start
    from rich.live import Live

    return Live("Watching; Ctrl-C ends.", console=Console(stderr=True), auto_refresh=False, transient=True)
