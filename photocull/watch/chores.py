"""What a long watch does beside scoring, each in its own time: backups and the like, on a thread of their own."""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from photocull.core.errors import CancelledError, PhotocullError, one_line
from photocull.core.work import CancelToken

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Chore:
    """Something to be done at the start and then again and again.

    Attributes:
        name: what it is, for the line when it fails. every: seconds from one beginning to the next.
        work: does it; may return a line to be said.
    """

    name: str
    every: float
    work: Callable[[CancelToken], str | None]


class Chores:
    """Does what is due, one after the other, never two at once.

    Args:
        say: hears lines for people, on the chores' thread.
    """

    def __init__(
        self, chores: Sequence[Chore], say: Callable[[str], None], *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._due = dict.fromkeys(range(len(chores)), clock())
        self._chores = chores
        self._say = say
        self._clock = clock
        self._token = CancelToken()
        self._thread: threading.Thread | None = None

    def tick(self) -> None:
        """Begin what is due; returns at once."""
        if self._thread is not None and self._thread.is_alive():
            return
        due = [number for number, at in self._due.items() if at <= self._clock()]
        if due:
            for number in due:
                self._due[number] = self._clock() + self._chores[number].every
            self._thread = threading.Thread(target=self._do, args=(due,), name="watch chores", daemon=True)
            self._thread.start()

    def close(self) -> None:
        """Tell what is being done to stop, and wait for it."""
        self._token.cancel()
        if self._thread is not None:
            self._thread.join()

    def _do(self, due: Sequence[int]) -> None:
        for chore in (self._chores[number] for number in due):
            try:
                line = chore.work(self._token)
            except CancelledError:
                return
            except (PhotocullError, OSError) as error:
                line = f"{chore.name}: {one_line(str(error))}"
            except Exception as error:
                log.exception("a chore failed: %s", chore.name)
                line = f"{chore.name}: {one_line(f'{type(error).__name__}: {error}', 200)}"
            if line:
                self._say(line)
