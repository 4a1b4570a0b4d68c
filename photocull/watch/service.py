"""The watch itself: one look at everything, then what arrives, changes and goes, until it is told to end."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from photocull.catalog.database import Catalog
from photocull.catalog.query import BY_NAME, photo_ids, photo_rows
from photocull.catalog.records import Filter
from photocull.core.amounts import counted
from photocull.core.errors import CatalogError, UsageError, printable
from photocull.core.work import CancelToken, Problem
from photocull.pipeline.run import Run, RunReport
from photocull.pipeline.stages import STILL_WRITTEN
from photocull.pipeline.telling import Telling
from photocull.watch.backlog import Backlog
from photocull.watch.chores import Chore, Chores
from photocull.watch.drives import Drives
from photocull.watch.finishing import Finishing, Rater
from photocull.watch.intake import Intake, Taken
from photocull.watch.listening import Listening
from photocull.watch.patience import Patience
from photocull.watch.polling import PAUSE
from photocull.watch.remarks import PASSING
from photocull.watch.settling import Settled, Settling
from photocull.watch.unread import Unread
from photocull.watch.wording import scored

SLICE: Final = 32
"""Photos that are judged before what arrived meanwhile is looked at."""


@dataclass(frozen=True, slots=True)
class Beats:
    """How often, in seconds: drives are looked after, polled folders looked at, everything looked at anew; how long
    a refusal of the catalogue is waited over, how long a file must rest, when one that is refused is tried again."""

    drives: float = 3.0
    poll: float = PAUSE
    whole: float = 3600.0
    refused: float = 10.0
    at_rest: float = 1.0
    unread: float = 120.0


class Watching:
    """Watches folders.

    Args:
        roots: the folders, absolute, none inside another. catalog, run: where and how photos are judged.
        model: fingerprint of what judges. drives: which of the folders are there.
        say: hears lines for people, mostly on the thread that called `watch` or `once`.
        rater, telling: what decides marks and what writes sidecars, if anything does. chores: done beside.
        poll: use no events.

    Attributes:
        faults: what could not be read or written when `once` tried it last, and folders that it left out.
    """

    def __init__(
        self,
        roots: Sequence[Path],
        catalog: Catalog,
        run: Run,
        model: str,
        drives: Drives,
        say: Callable[[str], None],
        *,
        rater: Rater | None = None,
        telling: Telling | None = None,
        chores: Sequence[Chore] = (),
        poll: bool = False,
        beats: Beats = Beats(),
    ) -> None:
        self._catalog = catalog
        self._run = run
        self._model = model
        self._drives = drives
        self._say = say
        self._finishing = Finishing(catalog, rater, telling, say)
        self._beats = beats
        self._settling = Settling(tuple(roots), beats.at_rest)
        self._listening = Listening(self._settling, say, poll=poll, pause=beats.poll, rest=beats.drives)
        rates, tells = rater is not None, telling is not None
        self._intake = Intake(catalog, run, model, self._settling, drives, rates=rates, tells=tells)
        self._chores = Chores(chores, say)
        self._backlog = Backlog()
        self._unread = Unread(beats.unread)
        self._fresh = set(roots)
        self._awaited = set[Path]()
        self._next_drives = self._next_whole = time.monotonic()
        self._patience = Patience(say, beats.refused)
        self._busy = True
        self.faults: dict[Path, Problem] = {}
        self._keeps_faults = False  # a watch of weeks may see any number of them

    def watch(self, token: CancelToken) -> None:
        """Watch until the token says so.

        Raises:
            CancelledError: it did; what was scored is kept. ModelError, CatalogDamagedError: the watch cannot go on.
        """
        try:
            while True:
                token.check()
                self._chores.tick()
                self._patiently(self._step, token)
        finally:
            self._listening.close()
            self._chores.close()

    def once(self, token: CancelToken) -> None:
        """Deal with what lies there now, files that are still being copied included; then return.

        Raises:
            As `watch`. CatalogError: the catalogue refused again and again. UsageError: none of the folders is there.
        """
        self._patience.for_ever = False
        self._keeps_faults = True
        self._leave_out(token)
        if not self._drives.present:
            where = self._settling.roots[0] if len(self._settling.roots) == 1 else None
            raise UsageError("There is nothing to look at.", path=where, remedy="Connect the drive, or name a folder.")
        while not (self._settling.empty and self._backlog.empty):
            token.check()
            self._patiently(self._step_once, token)
        known = Filter(folders=frozenset(self._drives.present), problems_only=True)
        if known.folders:  # what could not be read in an earlier run is named in this one as well
            ids = photo_ids(self._catalog, known, BY_NAME, self._model)
            self._trouble(self._run.judge(ids, token).problems)

    @property
    def idle(self) -> bool:
        """Whether nothing is known that has yet to be done."""
        return self._settling.empty and self._backlog.empty and not (self._busy or self._listening.busy)

    def _patiently(self, step: Callable[[CancelToken], None], token: CancelToken) -> None:
        """Weeks without a person: another program that holds the catalogue, or a full disk, is waited over."""
        try:
            step(token)
        except CatalogError as error:
            pause = self._patience.after(error)
            for root in self._drives.present:  # what was being done is seen again by a look at everything
                self._fresh.add(root)
                self._settling.folder(root)
            token.rest(pause)

    def _step(self, token: CancelToken) -> None:
        if time.monotonic() >= self._next_drives:
            self._look_after_drives(token)
            self._next_drives = time.monotonic() + self._beats.drives
        if time.monotonic() >= self._next_whole:
            self._look_at_everything(token)
            self._next_whole = time.monotonic() + self._beats.whole
        for path in self._unread.due():
            self._settling.file(path)
        self._listening.check(token)
        self._work(token)

    def _step_once(self, token: CancelToken) -> None:
        if time.monotonic() >= self._next_drives:
            self._leave_out(token)
        self._work(token)

    def _leave_out(self, token: CancelToken) -> None:
        """What is away, or goes in the midst of it, is not waited for by `once`."""
        _, back = self._drives.look(token)
        for root in back:
            self._awaited.discard(root)
            self.faults.pop(root, None)
            self._fresh.add(root)
            self._settling.folder(root)
        for root in self._newly_awaited():
            left = Problem(root, "It is not there, or empty though photos in it are known; it is left out.")
            self._say(f"{printable(root)}: {left.sentence}")
            self.faults[root] = left
            self._settling.forget(root)
            self._backlog.forget(root)
        self._next_drives = time.monotonic() + self._beats.drives

    def _newly_awaited(self) -> list[Path]:
        """Folders that are not there, or as good as not, and were not told of yet."""
        missed = [r for r in self._settling.roots if r not in {*self._drives.present, *self._awaited}]
        self._awaited.update(missed)
        return missed

    def _look_after_drives(self, token: CancelToken) -> None:
        away, back = self._drives.look(token)
        for root in away:
            self._awaited.add(root)
            self._say(f"{printable(root)} is not there any more; it is waited for, and nothing of it is forgotten.")
            self._listening.end(root)
            for waiting in (self._settling, self._backlog, self._unread):
                waiting.forget(root)
        for root in self._newly_awaited():
            self._say(f"{printable(root)} is not there, or empty though photos in it are known; it is waited for.")
        for root in back:
            self._awaited.discard(root)
            self._fresh.add(root)
            self._listening.begin(root, token)
            self._say(f"Watching {printable(root)} ({self._listening.way(root) or 'it is not there'}).")

    def _look_at_everything(self, token: CancelToken) -> None:
        """Events may be lost, and links may have come: begin to listen anew, which asks for a look at the whole.

        What kept a sidecar from being written may be over: it is tried again.
        """
        for photo_id, path in self._finishing.untold.items():
            self._backlog.untold(photo_id, path.parent)
        for root in self._drives.present:
            if root not in self._fresh:
                self._listening.begin(root, token)

    def _work(self, token: CancelToken) -> None:
        """One step of what is to be done, the most urgent first; waits a moment where there is nothing."""
        self._busy = True
        settled = self._intake.split(self._settling.settled(token), token)
        if settled.files or settled.folders:
            self._take(settled, token)
        elif ids := self._backlog.take(SLICE):
            self._judge(ids, token)
        elif (unfinished := self._backlog.finished()) is not None:
            finished = self._finishing.finish(*unfinished, token)
            for path in finished.mended:
                self.faults.pop(path, None)
            self._trouble(finished.problems)
        else:
            self._busy = False
            self._settling.wait(1.0 if self._settling.empty else self._beats.at_rest / 5)

    def _take(self, settled: Settled, token: CancelToken) -> None:
        if settled.folders:
            found = self._intake.folders(settled.folders, token)
            if found is None:  # one of them went this very moment, or cannot be reached any more
                for root in {self._drives.root_of(folder) or folder for folder in settled.folders}:
                    self._settling.folder(root)
            else:
                self._note(found, settled, token)
        if settled.files:
            taken = self._intake.files(settled.files, token)
            self._unread.note((*taken.paths, *settled.files), taken.unopened)
            self._trouble(taken.problems)
            self._backlog.add(taken.missing, arrived=True)
            self._note_news(taken)
            if taken.gone:
                self._say(f"{counted(taken.gone, 'photo')} gone; their marks are kept.")

    def _note_news(self, taken: Taken) -> None:
        for photo_id, folder in taken.news:
            self._backlog.untold(photo_id, folder)

    def _note(self, taken: Taken, settled: Settled, token: CancelToken) -> None:
        self._unread.note(taken.paths, taken.unopened)
        for root in {self._drives.root_of(folder) for folder in self._unread.opened(settled.folders, taken.closed)}:
            if root is not None and self._listening.way(root) == "events":  # none came from a folder that was closed
                self._listening.begin(root, token)
        self._trouble(taken.problems)
        self._note_news(taken)
        whole = self._fresh.intersection(settled.folders)
        self._backlog.add(taken.missing, arrived=not whole)
        for root in whole:
            self._fresh.discard(root)
            folders = [path.parent for path in taken.paths if root in path.parents]
            missing = sum(root in one.photo.path.parents for _, one in taken.missing)
            if self._finishing.wanted:
                self._backlog.whole(set(folders))
            to_score = f", {missing:,} to score" if missing else ""
            self._say(f"{printable(root)}: {counted(len(folders), 'photo')} there{to_score}.")
        for above in {self._drives.root_of(folder) for folder in settled.folders if folder not in whole}:
            if above is not None:
                self._listening.grown(above)

    def _judge(self, ids: Sequence[int], token: CancelToken) -> None:
        report = self._run.judge(ids, token)
        self._trouble(report.problems)
        self._tell_of(ids, report)

    def _trouble(self, problems: Sequence[Problem]) -> None:
        for problem in problems:
            if problem.sentence == STILL_WRITTEN:
                self._settling.file(problem.path)
            elif self._keeps_faults and problem.sentence not in PASSING:
                self.faults[problem.path] = problem

    def _tell_of(self, ids: Sequence[int], report: RunReport) -> None:
        rows = [row for row in photo_rows(self._catalog, ids, self._model) if row.overall is not None]
        for row in rows:
            self._backlog.untold(row.id, row.path.parent)
            self.faults.pop(row.path, None)
        scores = {row.path: row.overall for row in rows if row.overall is not None}
        for line in scored(scores, report.seconds, len(self._backlog)):
            self._say(line)
