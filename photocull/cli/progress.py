"""The progress bar on standard error: photos, photos a second, time left; only where a person watches a terminal."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType

from photocull.cli.failing import warn
from photocull.core.work import Progressed


class ProgressLine:
    """A bar while it is entered, and lines above it; plain lines where standard error is no terminal.

    Args:
        title: what is being done, in a word or two.
    """

    def __init__(self, title: str = "Scoring") -> None:
        self._bar = _Bar(title) if sys.stderr.isatty() else None

    def __enter__(self) -> "ProgressLine":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.close()

    def show(self, event: Progressed) -> None:
        """Where the run is."""
        if self._bar is not None:
            self._bar.show(event)

    def retitle(self, title: str) -> None:
        """What is being done now."""
        if self._bar is not None:
            self._bar.retitle(title)

    def say(self, text: str) -> None:
        """One line that stays."""
        if self._bar is None:
            warn(text)
        else:
            self._bar.say(text)


@contextmanager
def busy(title: str) -> Iterator[None]:
    """A moving sign on a terminal while work is done whose end cannot be told, such as looking through a database."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console  # as below

    with Console(stderr=True).status(title):
        yield


class _Bar:
    """Rich's bar; it appears with the first photo that takes work, so that a cached run shows nothing."""

    def __init__(self, title: str) -> None:
        from rich.console import Console  # only a terminal needs it, and it costs a script's start
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

        self._console = Console(stderr=True)
        self._progress = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[pace]}"),
            console=self._console,
            transient=True,
            auto_refresh=False,
        )
        self._task = self._progress.add_task(title, total=None, pace="")
        self._shown = False

    def show(self, event: Progressed) -> None:
        if event.done >= event.total and not self._shown:
            return
        if not self._shown:
            self._progress.start()
            self._shown = True
        self._progress.update(self._task, completed=event.done, total=event.total, pace=pace(event), refresh=True)

    def retitle(self, title: str) -> None:
        self._progress.update(self._task, description=title)

    def say(self, text: str) -> None:
        self._console.print(text, markup=False, highlight=False, soft_wrap=True)

    def close(self) -> None:
        self._progress.stop()


def pace(event: Progressed) -> str:
    """``12.3 photos/s, 4 min left``; empty until it is known."""
    if event.rate is None or event.seconds_left is None:
        return ""
    return f"{event.rate:.1f} photos/s, {left(event.seconds_left)} left"


def left(seconds: float) -> str:
    """A duration as people say it, rounded up so that it is never a promise too early."""
    whole = int(seconds) + 1
    if whole < 90:
        return f"{whole} s"
    minutes = -(-whole // 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60:02} min"
