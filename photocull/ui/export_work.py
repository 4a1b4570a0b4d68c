"""Exports and clean-ups while the window runs: carried out, taken back, gone on with, one at a time in a thread."""

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Signal

from photocull.catalog.database import Catalog
from photocull.core.errors import CancelledError, PhotocullError
from photocull.core.work import Event, Progressed
from photocull.photo.previews import PreviewStore
from photocull.picks.export_journal import BusyError, Journal, holding, journals, read
from photocull.picks.performing import last, perform, reverse, start
from photocull.picks.postscript import postscript, write_postscript
from photocull.ui.background import Background
from photocull.ui.export_jobs import Ended, Far, Job, Meter, Order, Standing, meter, standing
from photocull.ui.remedies import said_in_window

log = logging.getLogger(__name__)
_PROGRESS: Final = "progress"
_BUSY: Final = "Another Photocull is at work on it; wait until that has ended."
_FAULT: Final = "That did not work because of a fault in Photocull; the log file says more."


class ExportWork(QObject):
    """Does the work and tells; lives as long as the window, so that an export outlives its dialog.

    Signals:
        began(Job), progressed(Job, Far), ended(Ended): of the work.
        found(list of Standing): what was interrupted at an earlier time, oldest first; answers `look`.
        undoable(Standing or None): what `take_back` would undo now; answers `look_back`.

    Args:
        home: the folder of all journals. model: tells whose scores lists and contact sheets have; any thread asks.

    Attributes:
        job: what is being done, None while nothing is.
    """

    began = Signal(object)
    progressed = Signal(object, object)
    ended = Signal(object)
    found = Signal(object)
    undoable = Signal(object)

    def __init__(
        self,
        catalog: Catalog,
        previews: PreviewStore,
        home: Path,
        model: Callable[[], str],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.job: Job | None = None
        self._catalog, self._previews, self._home, self._model = catalog, previews, home, model
        self._far: tuple[Job, Far] | None = None
        self._far_told = False
        self._thread = Background("exports", self._hear, self)

    def carry_out(self, order: Order) -> None:
        """Do what was planned."""
        plan = order.plan
        job = Job("do", order.command, plan.way, plan.folder, len(plan.families))

        def act() -> Ended:
            recipe = {} if order.recipe is None else {"recipe": asdict(order.recipe)}
            options = {**recipe, **postscript(plan, order.extras)}
            return self._work(job, start(self._catalog, plan, order.command, self._home, options))

        self._begin(job, act)

    def go_on(self, left: Standing) -> None:
        """Carry on what was interrupted, in the direction in which it went."""
        self._again(left, "undo" if left.undoing else "do")

    def take_back(self, left: Standing) -> None:
        """Undo it."""
        self._again(left, "undo")

    def look(self) -> None:
        """Look for what was interrupted; `found` tells."""
        self._thread.submit(lambda: self._thread.tell(self._interrupted()))

    def look_back(self) -> None:
        """Look for what can be undone; `undoable` tells."""

        def act() -> None:
            journal = last(self._home, ("export", "trash"))
            self._thread.tell((None if journal is None else standing(journal),))

        self._thread.submit(act)

    def stop(self) -> None:
        """Stop at the next safe place; what was done stands, and can be gone on with."""
        self._thread.stop()

    def close(self) -> None:
        """Stop, and wait for the thread's end; what was begun is offered at the next start."""
        self._thread.close()

    def _again(self, left: Standing, kind: str) -> None:
        job = Job("undo" if kind == "undo" else "do", left.command, left.way, left.folder, left.photos)
        self._begin(job, lambda: self._work(job, read(left.file)))

    def _begin(self, job: Job, act: Callable[[], Ended]) -> None:
        if self.job is None and not self._thread.closed:
            self.job = job
            self._thread.renewed()
            self.began.emit(job)
            self._thread.submit(lambda: self._thread.tell(self._done(job, act)))

    def _done(self, job: Job, act: Callable[[], Ended]) -> Ended:
        try:
            return act()
        except PhotocullError as error:
            return Ended(job, fault=said_in_window(error))
        except Exception:
            log.exception("An export failed: %s.", job)
            return Ended(job, fault=_FAULT)

    def _work(self, job: Job, journal: Journal) -> Ended:
        """Carry the journal out or take it back; how it stands then is told however that ended."""
        ended, walk = Ended(job), perform if job.kind == "do" else reverse
        try:
            with holding(journal) as held:
                hear = self._listener(job, meter(held, back=job.kind == "undo"))
                ended = Ended(job, outcome=walk(self._catalog, held, hear, self._thread.token))
                ended = self._with_extras(held, ended) if job.kind == "do" else ended
        except CancelledError:
            ended = Ended(job, stopped=True)
        except BusyError:
            ended = Ended(job, fault=_BUSY)
        except PhotocullError as error:
            ended = Ended(job, fault=error.sentence)
        return replace(ended, standing=standing(read(journal.file)))

    def _with_extras(self, journal: Journal, ended: Ended) -> Ended:
        """What is to be written about the photos comes last."""
        try:
            failed = {problem.path for problem in ended.problems}
            made = write_postscript(self._catalog, self._model(), journal, failed, self._previews)
        except PhotocullError as error:
            return replace(ended, fault=said_in_window(error))
        return replace(ended, extras=tuple(made))

    def _listener(self, job: Job, measured: Meter) -> Callable[[Event], None]:
        """Of steps that follow each other faster than the GUI thread takes them, the last is told."""

        def hear(event: Event) -> None:
            if isinstance(event, Progressed):
                self._far = (job, measured.at(event.done))
                if not self._far_told:
                    self._far_told = True
                    self._thread.tell(_PROGRESS)

        return hear

    def _interrupted(self) -> list[Standing]:
        left = []
        for journal in journals(self._home, interrupted=True):
            with suppress(BusyError, PhotocullError, OSError), holding(journal) as held:
                left.append(standing(held))
        return [one for one in reversed(left) if one.open]

    def _hear(self, told: object) -> None:
        match told:
            case Ended():
                self.job = None
                self.ended.emit(told)
            case str():
                self._far_told = False  # first, so that a step of this very moment is told again
                if self._far is not None and self._far[0] == self.job:
                    self.progressed.emit(*self._far)
            case list():
                self.found.emit(told)
            case (one,):
                self.undoable.emit(one)
