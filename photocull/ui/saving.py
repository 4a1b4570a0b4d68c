"""Decisions on their way to the catalogue: shown at once, saved in turn, tried again until they are."""

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, wait
from functools import partial
from operator import itemgetter
from typing import Final, Protocol

from PySide6.QtCore import QObject, QTimer, Signal

from photocull.catalog.records import Change
from photocull.catalog.writer import Writer
from photocull.core.errors import CatalogError, one_line
from photocull.core.types import Decision
from photocull.ui.decisions import PendingDecisions

_AGAIN_MS: Final = 10_000
"""What could not be saved is tried again after this time: somebody may have made room."""

_LAST_SECONDS: Final = 10.0
Batch = tuple[int, tuple[Decision, ...]]
"""Decisions that are saved together, after the ticket under which `PendingDecisions` knows them."""


class Await(Protocol):
    """Calls one of two functions in the GUI thread when a future is done."""

    def __call__(
        self, future: "Future[Change]", done: Callable[[Change], None], failed: Callable[[BaseException], None]
    ) -> None: ...


class Saving(QObject):
    """Hands decisions to the writer, each batch as one step to undo.

    Signals:
        stateChanged(str, str): "saved", "pending" or "failed", and a sentence. saved(Change): a batch is saved.

    Attributes:
        pending: decisions that are shown but may not be saved yet.
    """

    stateChanged = Signal(str, str)
    saved = Signal(object)

    def __init__(
        self, writer: Writer, initiator: str, pending: PendingDecisions, answer: Await, parent: QObject
    ) -> None:
        super().__init__(parent)
        self.pending = pending
        self._writer = writer
        self._initiator = initiator
        self._await = answer
        self._open: dict[Future[Change], Batch] = {}
        self._failed: list[Batch] = []
        self._standing: list[int] = []
        self._later: deque[tuple[Callable[[], None], bool]] = deque()
        """What waits for the writer's answer: steps back and forth, and what was decided after one; True for a step."""
        self._again = QTimer(self, singleShot=True, interval=_AGAIN_MS)
        self._again.timeout.connect(self.retry)

    def save(self, batch: Sequence[Decision]) -> None:
        """Save these, of which `pending` knows from now on."""
        ticket = self.pending.add(batch)
        self.in_turn(partial(self._standing.append, ticket))
        self.in_turn(partial(self._save, ticket, tuple(batch)))

    def when_settled(self, step: Callable[[], None]) -> None:
        """Call this once what is at the writer is saved or refused; what is decided until then follows it."""
        self._later.append((step, True))
        self._go_on()

    def in_turn(self, act: Callable[[], None]) -> None:
        """Call this now, or after the steps that wait."""
        self._later.append((act, False))
        self._go_on()

    def withdraw(self) -> tuple[Decision, ...]:
        """Give up the newest batch that stands, if it could not be saved; what it decided, or nothing."""
        newest = self._standing[-1] if self._standing else 0
        failed = self._still_failed()
        withdrawn = next((batch for ticket, batch in failed if ticket == newest), ())
        if withdrawn:
            self._failed = [(ticket, batch) for ticket, batch in failed if ticket != newest]
            self._standing.pop()
            self.pending.settle(newest)
            self._tell()
        return withdrawn

    def step_back(self) -> int:
        """The newest batch stands no more, as the writer takes it back; its ticket for `step_forward`."""
        return self._standing.pop() if self._standing else 0

    def step_forward(self, ticket: int = 0) -> None:
        """A batch stands again; the writer knows those without a ticket."""
        self._standing.append(ticket)

    def retry(self) -> None:
        """Try again to save what could not be saved, but for what was decided otherwise since."""
        self._again.stop()
        for ticket, batch in self._take_failed():
            self._save(ticket, batch)

    def close(self) -> tuple[Decision, ...]:
        """Wait for what is at the writer, and try once more what was or is refused; what cannot be saved even so."""
        self._again.stop()
        self._wait()
        self._go_on(at_once=True)
        self._wait()
        for ticket, batch in self._take_failed():
            self._hand_over(ticket, batch)
        self._wait()
        self._failed += self._open.values()
        return tuple(decision for _, batch in self._take_failed() for decision in batch)

    def _wait(self) -> None:
        """Until the writer has answered, or for a while; what it refused is among the failed then."""
        for future in wait(self._open, timeout=_LAST_SECONDS).done:
            batch = self._open.pop(future)
            if future.exception() is not None:
                self._failed.append(batch)

    def _take_failed(self) -> list[Batch]:
        failed, self._failed = self._still_failed(), []
        return failed

    def _still_failed(self) -> list[Batch]:
        """In the order in which they were decided, without what was decided otherwise since."""
        failed = sorted(self._failed, key=itemgetter(0))
        every = [(ticket, self.pending.still(ticket, batch)) for ticket, batch in failed]
        given_up = {ticket for ticket, batch in every if not batch}
        self._standing[:] = [ticket for ticket in self._standing if ticket not in given_up]
        return [(ticket, batch) for ticket, batch in every if batch]

    def _go_on(self, *, at_once: bool = False) -> None:
        while self._later and (at_once or not (self._later[0][1] and self._open)):
            self._later.popleft()[0]()

    def _save(self, ticket: int, batch: tuple[Decision, ...]) -> None:
        self.stateChanged.emit("pending", "saving decisions")
        future = self._hand_over(ticket, batch)

        def taken(change: Change) -> None:
            self._open.pop(future, None)
            self.pending.settle(ticket)
            if not change.batch and ticket in self._standing:  # nothing changed by it: there is no step to take back
                self._standing.remove(ticket)
            self.saved.emit(change)
            self._tell()
            self._go_on()

        def refused(error: BaseException) -> None:
            self._open.pop(future, None)
            self._failed.append((ticket, batch))
            self._again.start()
            self._tell(error)
            self._go_on()

        self._await(future, taken, refused)

    def _hand_over(self, ticket: int, batch: tuple[Decision, ...]) -> "Future[Change]":
        future = self._writer.decide(batch, initiator=self._initiator)
        self._open[future] = ticket, batch
        return future

    def _tell(self, error: BaseException | None = None) -> None:
        self._failed = self._still_failed()
        if self._failed:
            count = sum(len(batch) for _, batch in self._failed)
            reason = "" if error is None else f": {one_line(_sentence(error), 160).rstrip('.')}"
            words = f"{count} {'decision is' if count == 1 else 'decisions are'} not saved{reason}"
            self.stateChanged.emit("failed", words)
        elif not self._open:
            self.stateChanged.emit("saved", "all decisions saved")


def _sentence(error: BaseException) -> str:
    return error.sentence if isinstance(error, CatalogError) else str(error)
