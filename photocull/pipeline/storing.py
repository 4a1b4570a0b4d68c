"""Results on their way to the writer: many photos a transaction, yet never more than a moment's work unsaved."""

import time
from collections.abc import Callable
from concurrent.futures import Future

from photocull.catalog.records import Failed, Scored
from photocull.catalog.writer import Writer


class Storing:
    """Collects results and hands them on when there are enough of them or the oldest has waited long enough.

    Args:
        most: results in one transaction at most.
        longest: seconds that a result waits at most while others arrive.
    """

    def __init__(
        self,
        writer: Writer,
        *,
        most: int = 64,
        longest: float = 1.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._writer = writer
        self._most = most
        self._longest = longest
        self._clock = clock
        self._held: list[Scored | Failed] = []
        self._since = clock()
        self._before: Future[None] | None = None

    def add(self, result: Scored | Failed) -> None:
        """Keep one result.

        Raises:
            CatalogError: earlier results could not be stored.
        """
        if not self._held:
            self._since = self._clock()
        self._held.append(result)
        if len(self._held) >= self._most or self._clock() - self._since >= self._longest:
            self.flush()

    def flush(self) -> None:
        """Hand on what is held, after the transaction before it is through, so that results never pile up."""
        self._settle()
        if self._held:
            self._before = self._writer.store(self._held)
            self._held = []

    def close(self) -> None:
        """Hand on what is held and wait until all of it lies on disk."""
        self.flush()
        self._settle()

    def _settle(self) -> None:
        before, self._before = self._before, None
        if before is not None:
            before.result()
