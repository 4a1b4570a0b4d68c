"""The one thread that writes: decisions ahead of scoring, many photos a transaction, listeners told afterwards."""

import heapq
import itertools
import logging
import threading
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from concurrent.futures import Future, wait
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine

from photocull.catalog import changes, journal, outside, places, remounted, results
from photocull.catalog.engine import writing
from photocull.catalog.faults import told
from photocull.catalog.outsiders import OUTSIDERS, Growth
from photocull.catalog.records import Change, Failed, FoundPhoto, Heard, Scored
from photocull.catalog.server_faults import is_away
from photocull.core.errors import CatalogBusyError, CatalogError
from photocull.core.types import Decision
from photocull.core.work import Listener, PhotosChanged

T = TypeVar("T")
_DECISIONS, _RESULTS = 0, 1
_TOGETHER = 64
"""So many waiting tasks share a transaction: large enough to be fast, small enough that a key press waits little."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one task did: the caller's value and the photos whose rows read differently now."""

    value: Any
    changed: tuple[int, ...] = ()


@dataclass(order=True, slots=True)
class _Task:
    urgency: int
    number: int
    work: Callable[[Connection], Outcome] = field(compare=False)
    initiator: str = field(compare=False)
    future: Future[Any] = field(compare=False)


class Writer:
    """Queues changes and commits them from one thread of its own, which starts with the first change.

    Every method returns at once. The future holds the result after the commit and after the listeners were told, or
    the error: `CatalogBusyError` when another process kept the catalogue, `CatalogError` for anything that the
    database refuses (disk full, damaged), `UsageError` for values that no photo can have.
    """

    def __init__(self, engine: Engine, location: str, author: str) -> None:
        self._engine = engine
        self._location = location
        self._author = author
        self._listeners: list[Listener] = []
        self._tasks: list[_Task] = []
        self._numbers = itertools.count()
        self._open: set[Future[Any]] = set()
        self._changed = threading.Condition()
        self._closing = False
        self._thread: threading.Thread | None = None
        self._growth = Growth()

    def __enter__(self) -> "Writer":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def add_listener(self, listener: Listener) -> None:
        """Tell ``listener`` of every commit, from the writing thread: it must return soon and wait for no future."""
        with self._changed:
            self._listeners.append(listener)

    def remove_listener(self, listener: Listener) -> None:
        """Stop telling; unknown listeners are ignored."""
        with self._changed:
            if listener in self._listeners:
                self._listeners.remove(listener)

    def register(self, found: Sequence[FoundPhoto], *, initiator: str = "pipeline") -> Future[tuple[int, ...]]:
        """Enter or renew scanned photos; their ids in order.

        A file whose content is known under a path that is gone from disk keeps that photo's id, marks and judgement.
        A known path with another content keeps its id and marks and waits to be judged anew. An empty fingerprint
        stands for a file whose bytes could not be read. Give the changed files of one scan in one call: which of two
        renamed files is which can only be told where both are seen.
        """
        return self._submit(lambda c: Outcome(*places.register(c, found)), _RESULTS, initiator)

    def follow(self, ways: Mapping[Path, Path], *, initiator: str = "pipeline") -> Future[tuple[int, ...]]:
        """Take what is known below mount points to where `query.remounted` found their drives; the ids that moved."""
        return self._submit(lambda c: _both(remounted.follow(c, ways)), _RESULTS, initiator)

    def seen(
        self, folders: Iterable[Path], ids: Collection[int], *, initiator: str = "pipeline"
    ) -> Future[tuple[int, ...]]:
        """After a complete scan of ``folders`` found ``ids``: hide what else lay there and is gone from disk.

        Returns the ids that are missing now; their marks are kept, and `register` brings them back. Copies of which
        nothing was decided get them too, but no reject.
        """
        scanned, found = tuple(folders), frozenset(ids)
        return self._submit(lambda c: _hidden(*places.hide_vanished(c, scanned, found)), _RESULTS, initiator)

    def mark_missing(self, paths: Iterable[Path], *, initiator: str = "pipeline") -> Future[tuple[int, ...]]:
        """Hide photos whose files are gone, keeping their marks; the ids that were in sight before."""
        gone = tuple(paths)
        return self._submit(lambda c: _hidden(*places.mark_missing(c, gone)), _RESULTS, initiator)

    def store(self, scored: Sequence[Scored | Failed], *, initiator: str = "pipeline") -> Future[None]:
        """Keep judgements and failures under the content they were made from; a content that is gone is passed over."""
        return self._submit(lambda c: Outcome(None, results.store(c, scored)), _RESULTS, initiator)

    def retry(self, ids: Sequence[int], *, initiator: str = "pipeline") -> Future[tuple[int, ...]]:
        """Forget that these photos could not be read, so that they are tried again; the ids that this concerns."""
        return self._submit(lambda c: _both(results.retry(c, ids)), _RESULTS, initiator)

    def forget(self, path: Path, *, initiator: str = "pipeline") -> Future[int]:
        """Remove a photo, or all photos in a folder and below, with judgements and marks; how many photos went."""

        def work(connection: Connection) -> Outcome:
            ids = places.forget(connection, path)
            return Outcome(len(ids), ids)

        return self._submit(work, _RESULTS, initiator)

    def decide(self, decisions: Sequence[Decision], *, initiator: str) -> Future[Change]:
        """Record marks as one batch, which is one step of undo; durable when the future is done.

        What changes nothing is not recorded: batch 0, and no ids unless a dispute about a sidecar ended. A policy never
        changes what the photographer marked.
        """

        def work(connection: Connection) -> Outcome:
            settled = outside.settle(connection, decisions)
            change = journal.decide(connection, decisions, initiator, self._author)
            return _change(replace(change, ids=tuple(dict.fromkeys((*change.ids, *settled)))))

        return self._submit(work, _DECISIONS, initiator)

    def hear(self, heard: Sequence[Heard], *, initiator: str = "pipeline") -> Future[tuple[int, ...]]:
        """Take in what lies in sidecars and photo files; the ids of the photos that read differently now.

        What photographers changed there is recorded as theirs; where it differs from what they decided here since,
        it becomes a note of the photo.
        """
        return self._submit(lambda c: _both(outside.hear(c, heard, initiator, self._author)), _RESULTS, initiator)

    def undo(self, initiator: str) -> Future[Change | None]:
        """Take back the last batch of this catalogue's author that still stands; None where there is none."""
        return self._submit(lambda c: _change(journal.undo(c, initiator, self._author)), _DECISIONS, initiator)

    def redo(self, initiator: str) -> Future[Change | None]:
        """Make again what the author undid last, unless they decided anything since; None where there is none."""
        return self._submit(lambda c: _change(journal.redo(c, initiator, self._author)), _DECISIONS, initiator)

    def look_around(self) -> Future[tuple[int, ...]]:
        """Look for what other processes committed, now and from now on at each change; the ids found by this look."""
        self._growth.on = True
        return self._submit(lambda c: Outcome(self._growth.theirs), _RESULTS, OUTSIDERS)

    def flush(self) -> None:
        """Wait until everything that was queued before this call is committed or has failed."""
        with self._changed:
            pending = set(self._open)
        wait(pending)

    def close(self) -> None:
        """Write what is queued, then end the thread; a second call does nothing."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
            thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            thread.join()

    def _submit(self, work: Callable[[Connection], Outcome], urgency: int, initiator: str) -> Future[Any]:
        future: Future[Any] = Future()
        with self._changed:
            if self._closing:
                raise CatalogError("The catalogue is closed.", path=self._location)
            heapq.heappush(self._tasks, _Task(urgency, next(self._numbers), work, initiator, future))
            self._open.add(future)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="catalogue writer", daemon=True)
                self._thread.start()
            self._changed.notify_all()
        return future

    def _run(self) -> None:
        while tasks := self._take():
            wanted = [task for task in tasks if task.future.set_running_or_notify_cancel()]
            if wanted:
                self._commit(wanted)
            with self._changed:
                self._open.difference_update(task.future for task in tasks)

    def _take(self) -> list[_Task]:
        """A decision by itself, or the results that wait, in order; empty when the writer is closed and done."""
        with self._changed:
            self._changed.wait_for(lambda: self._tasks or self._closing)
            taken = [heapq.heappop(self._tasks)] if self._tasks else []
            if taken and taken[0].urgency == _RESULTS:
                taken += [heapq.heappop(self._tasks) for _ in range(min(len(self._tasks), _TOGETHER - 1))]
            return taken

    def _commit(self, tasks: list[_Task]) -> None:
        try:
            outcomes = self._done(tasks)
        except BaseException as error:  # noqa: BLE001 - nothing is lost: whoever asked gets it, and the thread lives on
            self._fail(tasks, error)
        else:
            self._growth.committed()
            if self._growth.changed:
                self._tell(PhotosChanged(self._growth.theirs, OUTSIDERS))
            for task, outcome in zip(tasks, outcomes, strict=True):
                if outcome.changed:
                    self._tell(PhotosChanged(outcome.changed, task.initiator))
                task.future.set_result(outcome.value)

    def _done(self, tasks: list[_Task]) -> list[Outcome]:
        """Carry these out in one transaction."""
        durable = tasks[0].urgency == _DECISIONS
        with told(self._location), writing(self._engine, durable=durable) as connection:
            self._growth.before(connection)
            outcomes = [task.work(connection) for task in tasks]
            changes.note(connection, {photo for outcome in outcomes for photo in outcome.changed})
            self._growth.after(connection)
        return outcomes

    def _fail(self, tasks: list[_Task], error: BaseException) -> None:
        # Waiting again for each, for another program or for a server, would take minutes.
        if len(tasks) == 1 or isinstance(error, CatalogBusyError) or is_away(error.__cause__):
            for task in tasks:
                task.future.set_exception(error)
            return
        for task in tasks:  # each by itself, so that one task's fault is not the others'
            self._commit([task])

    def _tell(self, event: PhotosChanged) -> None:
        with self._changed:
            listeners = list(self._listeners)
        for listener in listeners:
            try:
                listener(event)
            except Exception:  # noqa: BLE001 - a listener's fault is logged and must not stop the writing
                _log.exception("A listener failed on changed photos")


def _both(ids: tuple[int, ...]) -> Outcome:
    return Outcome(ids, ids)


def _hidden(ids: tuple[int, ...], heirs: tuple[int, ...]) -> Outcome:
    return Outcome(ids, (*ids, *heirs))


def _change(change: Change | None) -> Outcome:
    return Outcome(change, () if change is None else change.ids)
