"""What a watch says: each line with its time on standard error and in a log file; on a terminal a quiet line below."""

import logging
import re
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Final

from photocull.cli.failing import LateFile, warn
from photocull.core.errors import UsageError
from photocull.core.named import expanded, is_file, is_folder
from photocull.core.work import Progressed
from photocull.photo.formats import FAMILY_SUFFIXES, VIDEO_SUFFIXES, suffix_of

if TYPE_CHECKING:
    from rich.live import Live

_KEPT: Final = 4
"""Older files of a megabyte each."""
_CALM: Final = 0.5
"""Seconds between two changes of the line below."""
_BEGINNING: Final = re.compile(rb"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\b")
"""The time that each line opens with."""
_OTHER: Final = "Choose a file for --log that nothing else is kept in."


def log_file(typed: Path) -> Path:
    """Where the person wants the lines kept; files that fill are renamed and the oldest deleted, so no other will do.

    Raises:
        UsageError: it is, or has the name of, something that may not be written to.
    """
    file = expanded(typed).absolute()
    if is_folder(file):
        raise UsageError("The log cannot be written here: this is a folder.", path=file, remedy=_OTHER)
    if suffix_of(file.name) in FAMILY_SUFFIXES | VIDEO_SUFFIXES:
        sentence = "The log cannot be written here: photos, videos and sidecars have such names."
        raise UsageError(sentence, path=file, remedy=_OTHER)
    for one in _names(file):
        if not _is_ours(one):
            raise UsageError("The log cannot be written here: this file is no log of a watch.", path=one, remedy=_OTHER)
    return file


class WatchLog:
    """The lines of a watch, from any thread, while it is entered.

    Args:
        file: where they are kept, a megabyte a file.
    """

    def __init__(self, file: Path) -> None:
        self._handler = _Lines(file, logging.INFO, "%(asctime)s %(message)s", kept=_KEPT)
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


class _Lines(LateFile):
    """The log file, which goes on growing where to rename it would cost somebody else's file."""

    def shouldRollover(self, record: logging.LogRecord) -> bool:  # noqa: N802  logging's own name
        return bool(super().shouldRollover(record)) and all(map(_is_ours, _names(Path(self.baseFilename))))


def _names(file: Path) -> list[Path]:
    return [file, *(file.with_name(f"{file.name}.{number}") for number in range(1, _KEPT + 1))]


def _is_ours(file: Path) -> bool:
    """Whether a name is free for the log; of a pipe or a terminal nothing is read, and neither is ever renamed."""
    if not is_file(file):
        return not is_folder(file)
    try:
        with file.open("rb") as opened:
            start = opened.read(32)
    except OSError:
        return False
    return not start or _BEGINNING.match(start) is not None


def _live() -> "Live":
    from rich.console import Console  # only a terminal needs it, and it costs a script's start
    from rich.live import Live

    return Live("Watching; Ctrl-C ends.", console=Console(stderr=True), auto_refresh=False, transient=True)
