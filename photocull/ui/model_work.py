"""Work on the store of models while the window runs: import, download, verify, remove, one at a time in one thread."""

import logging
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from photocull.core.errors import CancelledError, PhotocullError
from photocull.core.work import CancelToken, Progressed
from photocull.ui.background import Background
from photocull.ui.model_jobs import Ended, Job
from photocull.ui.model_store import ModelStore
from photocull.ui.model_words import ModelEntry
from photocull.ui.remedies import said_in_window

log = logging.getLogger(__name__)


class ModelWork(QObject):
    """Does the work and tells; lives as long as the window, so that a download outlives the dialog.

    Signals:
        listed(list of ModelEntry): what there is by now.
        began(Job), progressed(Job, Progressed), ended(Ended): of the work; progress counts bytes.

    Attributes:
        entries: the last list. job: what is being done, None while nothing is.
    """

    listed = Signal(object)
    began = Signal(object)
    progressed = Signal(object, object)
    ended = Signal(object)

    def __init__(self, store: ModelStore, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.entries: list[ModelEntry] = []
        self.job: Job | None = None
        self._store = store
        self._thread = Background("models", self._hear, self)

    def look(self) -> None:
        """Read the list anew."""
        self._submit(Job("list", ""), lambda: "")

    def bring(self, path: Path) -> None:
        """Import a checkpoint file."""
        job = Job("import", path.name)
        self._begin(job, lambda token: self._store.bring(path, token, self._tell_of(job)).name)

    def fetch(self, name: str) -> None:
        """Download a published checkpoint; what an earlier try has brought is kept."""
        job = Job("download", name)
        self._begin(job, lambda token: self._store.fetch(name, token, self._tell_of(job)).name)

    def check(self, name: str) -> None:
        """Compare a model's files with its card."""
        self._begin(Job("verify", name), _after(self._store.check, name))

    def remove(self, name: str) -> None:
        """Take a model out of the store."""
        self._begin(Job("remove", name), _after(self._store.remove, name))

    def stop(self) -> None:
        """Stop a download, whose part is kept for the next try, or an import, which leaves nothing."""
        self._thread.stop()

    def close(self) -> None:
        """Stop, and wait for the thread's end; what was begun is whole or can go on another time."""
        self._thread.close()

    def _begin(self, job: Job, act: Callable[[CancelToken], str]) -> None:
        if self.job is None and not self._thread.closed:
            self.job = job
            token = self._thread.renewed()
            self.began.emit(job)
            self._submit(job, lambda: act(token))

    def _submit(self, job: Job, act: Callable[[], str]) -> None:
        self._thread.submit(lambda: self._work(job, act))

    def _work(self, job: Job, act: Callable[[], str]) -> None:
        """The new list is told first, so that it has the model that the end of the job is about."""
        ended = self._done(job, act)
        listed = self._done(Job("list", ""), self._list)
        for told in (ended, listed):
            if told.job.kind != "list" or told.fault:
                self._thread.tell(told)

    def _list(self) -> str:
        self._thread.tell(self._store.entries())
        return ""

    def _done(self, job: Job, act: Callable[[], str]) -> Ended:
        try:
            return Ended(job, act())
        except CancelledError:
            return Ended(job, stopped=True)
        except PhotocullError as error:
            return Ended(job, fault=said_in_window(error))
        except Exception:
            log.exception("Work on a model failed: %s.", job)
            return Ended(job, fault="That did not work because of a fault in Photocull; the log file says more.")

    def _tell_of(self, job: Job) -> Callable[[Progressed], None]:
        return lambda progress: self._thread.tell((job, progress))

    def _hear(self, told: object) -> None:
        match told:
            case Ended(job=job):
                self.job = None if job == self.job else self.job
                self.ended.emit(told)
            case (Job() as job, Progressed() as progress) if job == self.job:
                self.progressed.emit(job, progress)
            case list():
                self.entries = told
                self.listed.emit(told)


def _after(act: Callable[[str], None], name: str) -> Callable[[CancelToken], str]:
    def work(_token: CancelToken) -> str:
        act(name)
        return name

    return work
