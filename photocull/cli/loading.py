"""The progress of a file on standard error: megabytes, megabytes a second, time left; only on a terminal."""

import sys
from types import TracebackType
from typing import TYPE_CHECKING

from photocull.cli.progress import left
from photocull.core.work import Progressed

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

_MEGABYTE = 1e6


class LoadingLine:
    """A bar in bytes while it is entered, from its first report on; nothing where standard error is no terminal.

    Args:
        title: what is being done, in a word or two.
    """

    def __init__(self, title: str) -> None:
        self._title = title
        self._bar: tuple[Progress, TaskID] | None = None

    def __enter__(self) -> "LoadingLine":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar[0].stop()

    def show(self, event: Progressed) -> None:
        """How many bytes are done, of how many (0: not known)."""
        if not sys.stderr.isatty():
            return
        progress, task = self._bar = self._bar or self._started()
        progress.update(task, completed=event.done, total=event.total or None, told=megabytes(event), refresh=True)

    def _started(self) -> "tuple[Progress, TaskID]":
        from rich.console import Console  # only a terminal needs it, and it costs a script's start
        from rich.progress import BarColumn, Progress, TextColumn

        columns = (TextColumn(self._title), BarColumn(), TextColumn("{task.fields[told]}"))
        progress = Progress(*columns, console=Console(stderr=True), transient=True, auto_refresh=False)
        progress.start()
        return progress, progress.add_task("load", total=None, told="")


def megabytes(event: Progressed) -> str:
    """``12.3 of 55.6 MB, 4.1 MB/s, 11 s left``; what is not known is left out."""
    done = f"{event.done / _MEGABYTE:.1f}"
    text = f"{done} of {event.total / _MEGABYTE:.1f} MB" if event.total else f"{done} MB"
    if event.rate is not None:
        text += f", {event.rate / _MEGABYTE:.1f} MB/s"
    if event.total and event.seconds_left is not None:
        text += f", {left(event.seconds_left)} left"
    return text
