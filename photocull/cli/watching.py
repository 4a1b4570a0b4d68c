"""A command at work for long: a progress line on a terminal, problems named as they come, and Ctrl-C that stops it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from photocull.cli.interrupting import interrupting
from photocull.cli.progress import ProgressLine
from photocull.core.errors import printable
from photocull.core.work import CancelToken, Event, Problem, Progressed


@dataclass(frozen=True, slots=True)
class Watch:
    """What the work is steered by and told to: ``token``, which Ctrl-C cancels, `hear`, and the ``line`` itself."""

    token: CancelToken
    line: ProgressLine

    def hear(self, event: Event) -> None:
        """Show progress; say a problem above it."""
        if isinstance(event, Progressed):
            self.line.show(event)
        elif isinstance(event, Problem):
            self.line.say(f"{printable(event.path)}: {event.sentence}")


@contextmanager
def watched(title: str) -> Iterator[Watch]:
    """Watch the work that is done inside, under this title."""
    token = CancelToken()
    with ProgressLine(title) as line, interrupting(token):
        yield Watch(token, line)
