"""Work on the store of models while the window runs: import, download, verify, remove, one at a time in one thread."""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal

from photocull.core.errors import CancelledError, PhotocullError
from photocull.core.work import CancelToken, Progressed
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
    _told = Signal(object)

    def __init__(self, store: ModelStore, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.entries: list[ModelEntry] = []
        self.job: Job | None = None
        self._store = store
        self._token = CancelToken()
        self._closed = False
        self._pool = ThreadPoolExecutor(1, "models")
        self._told.connect(self._hear, Qt.ConnectionType.QueuedConnection)

    def look(self) -> None:
        """Read the list anew."""
        self._submit(Job("list", ""), lambda: "")

    def bring(self, path: Path) -> None:
        """Import a checkpoint file."""
        job = Job("import", path.name)
        token = self._token = CancelToken()
        self._begin(job, lambda: self._store.bring(path, token, self._tell_of(job)).name)

    def fetch(self, name: str) -> None:
        """Download a published checkpoint; what an earlier try has brought is kept."""
        job = Job("download", name)
        token = self._token = CancelToken()
        self._begin(job, lambda: self._store.fetch(name, token, self._tell_of(job)).name)

    def check(self, name: str) -> None:
        """Compare a model's files with its card."""
        self._begin(Job("verify", name), _after(self._store.check, name))

    def remove(self, name: str) -> None:
        """Take a model out of the store."""
        self._begin(Job("remove", name), _after(self._store.remove, name))

    def stop(self) -> None:
        """Stop a download, whose part is kept for the next try, or an import, which leaves nothing."""
        self._token.cancel()

    def close(self) -> None:
        """Stop, and wait for the thread's end; what was begun is whole or can go on another time."""
        self._closed = True
        self._token.cancel()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _begin(self, job: Job, act: Callable[[], str]) -> None:
        if self.job is None and not self._closed:
            self.job = job
            self.began.emit(job)
            self._submit(job, act)

    def _submit(self, job: Job, act: Callable[[], str]) -> None:
        if not self._closed:
            self._pool.submit(self._work, job, act)

    def _work(self, job: Job, act: Callable[[], str]) -> None:
        """The new list is told first, so that it has the model that the end of the job is about."""
        ended = self._done(job, act)
        listed = self._done(Job("list", ""), self._list)
        for told in (ended, listed):
            if told.job.kind != "list" or told.fault:
                self._tell(told)

    def _list(self) -> str:
        self._tell(self._store.entries())
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
        return lambda progress: self._tell((job, progress))

    def _tell(self, told: object) -> None:
        if not self._closed:
            self._told.emit(told)

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


def _after(act: Callable[[str], None], name: str) -> Callable[[], str]:
    def work() -> str:
        act(name)
        return name

    return work
