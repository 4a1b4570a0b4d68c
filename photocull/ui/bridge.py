"""The only meeting of threads and Qt: questions and decisions go out, answers and events come back as signals.

Nothing here touches a file, a database or a model on the GUI thread.
"""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from typing import Final, TypeVar

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from photocull.catalog.database import Catalog
from photocull.catalog.outsiders import Lookout
from photocull.catalog.records import Change
from photocull.core.errors import CatalogDamagedError, one_line
from photocull.core.settings import Settings
from photocull.core.types import Decision
from photocull.core.work import CancelToken, PhotosChanged, Problem, Progressed
from photocull.photo.previews import PreviewStore
from photocull.pipeline.run import RunReport
from photocull.ui.decisions import PendingDecisions
from photocull.ui.queries import QueryPool
from photocull.ui.saving import Saving
from photocull.ui.scoring import (
    FoldersMissing,
    ModelEvent,
    ModelKnown,
    ModelOpening,
    ModelReady,
    ModelRefused,
    OpenedModel,
    ScoringEvent,
    ScoringFailed,
    ScoringStopped,
    ScoringThread,
)
from photocull.ui.steps import Steps

T = TypeVar("T")
ModelOpener = Callable[["Bridge", str], OpenedModel]
"""Opens the model of this name to score into the bridge's catalogue; called in the scoring thread."""
INITIATOR: Final = "window"
_GATHER_MS = 120
"""Results of a run are told this often at most; a decision's own echo is told at once."""


class Bridge(QObject):
    """What every widget asks, and hears from.

    Attributes:
        catalog, previews, settings: as opened by the composition root.
        token: cancelled when the window closes, so that no question waits for a drive that does not answer.
        model: fingerprint of the model whose scores are shown; empty until it is known.
        pending: decisions that are shown but may not be saved yet.
        unsaved: those that could not be saved, known from `close` on.

    Signals:
        damaged: the catalogue's file is; told whenever that is met.
    """

    photosChanged = Signal(object)
    changedOutside = Signal()
    progressed = Signal(object)
    problemFound = Signal(object)
    runFinished = Signal(object)
    runFailed = Signal(str)
    runStopped = Signal()
    modelOpening = Signal(str)
    modelKnown = Signal(str)
    modelReady = Signal(str, str)
    modelRefused = Signal(str, str)
    foldersMissing = Signal(object)
    saveStateChanged = Signal(str, str)
    marked = Signal(object)
    decided = Signal(object)
    nothingToUndo = Signal(str)
    questionFailed = Signal(str)
    damaged = Signal()

    _told = Signal(object)
    _answered = Signal(object, object)

    def __init__(
        self,
        catalog: Catalog,
        previews: PreviewStore,
        settings: Settings,
        open_model: ModelOpener,
        *,
        model: str = "",
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.catalog = catalog
        self.previews = previews
        self.settings = settings
        self.token = CancelToken()
        self.model = model
        self.pending = PendingDecisions()
        self.unsaved: tuple[Decision, ...] = ()
        self._questions = QueryPool(self)
        self._apart = QueryPool(self, workers=0)
        self._saving = Saving(catalog.writer, INITIATOR, self.pending, self._await, self)
        self._saving.stateChanged.connect(self.saveStateChanged)
        self._saving.saved.connect(self.decided)
        self._steps = Steps(catalog.writer, INITIATOR, self._saving, self._await, self)
        self._connect_steps()
        self._gathered: dict[int, None] = {}
        self._gathering = QTimer(self, singleShot=True, interval=_GATHER_MS)
        self._gathering.timeout.connect(self._tell_gathered)
        self._closing = threading.Event()
        self._told.connect(self._hear, Qt.ConnectionType.QueuedConnection)
        self._answered.connect(self._take, Qt.ConnectionType.QueuedConnection)
        catalog.writer.add_listener(self.tell)
        self._lookout = Lookout(catalog.engine, catalog.writer)
        self._scoring = ScoringThread(partial(open_model, self), self.tell, settings.model, Settings().model)

    def query(
        self,
        fn: Callable[[], T],
        done: Callable[[T], None],
        *,
        failed: Callable[[BaseException], None] | None = None,
        owner: QObject,
        key: str | None = None,
        apart: bool = False,
    ) -> None:
        """Run ``fn`` off the GUI thread and hand its result to ``done`` on it; see `QueryPool.ask`.

        What asks a drive, and not the catalogue alone, runs ``apart``: it may be long in coming.
        """
        refused = partial(self._refused, failed or self._question_failed)
        pool = self._apart if apart else self._questions
        pool.ask(fn, done, failed=refused, owner=owner, key=key)

    def decide(self, decisions: Sequence[Decision]) -> None:
        """Show these decisions at once and save them as one step to undo."""
        batch = tuple(decisions)
        if batch:
            self._steps.forget()
            self._decide(batch)

    def retry(self) -> None:
        """Try again to save the decisions that could not be saved."""
        self._saving.retry()

    def undo(self) -> None:
        """Take the last step back; `decided` tells what it was, or `nothingToUndo`."""
        self._steps.undo()

    def redo(self) -> None:
        """Do again what was undone last."""
        self._steps.redo()

    def start_scoring(self, folders: Sequence[Path]) -> None:
        """Find and score the photos of these folders, before those of a run in progress."""
        self._scoring.start(folders)

    def switch_model(self, name: str) -> None:
        """Let this model judge; `modelReady` tells when it does, `modelRefused` that the old one goes on."""
        self._scoring.switch(name)

    def pause(self) -> None:
        """Let scoring wait at the next photo."""
        self._scoring.pause()

    def resume(self) -> None:
        """Let scoring go on."""
        self._scoring.resume()

    def stop(self) -> None:
        """End scoring at the next photo; what was scored is kept."""
        self._scoring.stop()

    def drop(self, folder: Path) -> None:
        """Score this folder no more; what was scored of it is kept."""
        self._scoring.drop(folder)

    def prefer(self, ids: Sequence[int]) -> None:
        """Score these photos first."""
        self._scoring.prefer(ids)

    def tell(self, event: ScoringEvent) -> None:
        """Listener of the run and of the writer; any thread may call it."""
        if not self._closing.is_set():
            self._told.emit(event)

    def close(self) -> None:
        """Stop scoring within one photo, drop open questions; afterwards no thread of the window is left."""
        self._closing.set()
        self.token.cancel()
        self._gathering.stop()
        self._lookout.close()
        self.unsaved += self._saving.close()
        self._scoring.close()
        self._questions.close()
        self._apart.close()
        self.catalog.writer.remove_listener(self.tell)

    def _hear(self, event: ScoringEvent) -> None:
        if self._closing.is_set():  # it was under way when the window closed
            return
        match event:
            case PhotosChanged(ids=()):
                self.changedOutside.emit()
            case PhotosChanged(initiator=who) if who == INITIATOR:
                self.photosChanged.emit(event)
            case PhotosChanged(ids=ids):
                self._gather(ids)
            case Progressed():
                self.progressed.emit(event)
            case Problem():
                self.problemFound.emit(event)
            case _:
                self._tell_gathered()
                self._hear_end(event)

    def _hear_model(self, event: ModelEvent) -> None:
        match event:
            case ModelOpening(name=name):
                self.modelOpening.emit(name)
            case ModelKnown(fingerprint=fingerprint):
                self.model = fingerprint
                self.modelKnown.emit(fingerprint)
            case ModelReady(name=name, fingerprint=fingerprint):
                self.model = fingerprint
                self.modelReady.emit(name, fingerprint)
            case ModelRefused(name=name, sentence=sentence):
                self.modelRefused.emit(name, sentence)

    def _hear_end(self, event: ScoringEvent) -> None:
        match event:
            case ModelOpening() | ModelKnown() | ModelReady() | ModelRefused():
                self._hear_model(event)
            case RunReport():
                self.runFinished.emit(event)
            case ScoringFailed(sentence=sentence, damaged=damaged):
                self.runFailed.emit(sentence)
                if damaged:
                    self.damaged.emit()
            case ScoringStopped():
                self.runStopped.emit()
            case FoldersMissing(folders=folders):
                self.foldersMissing.emit(folders)

    def _gather(self, ids: Sequence[int]) -> None:
        self._gathered.update(dict.fromkeys(ids))
        if not self._gathering.isActive():
            self._gathering.start()

    def _tell_gathered(self) -> None:
        ids, self._gathered = tuple(self._gathered), {}
        if ids:
            self.photosChanged.emit(PhotosChanged(ids))

    def _connect_steps(self) -> None:
        self._steps.taken.connect(self.decided)
        self._steps.withdrawn.connect(self._on_withdrawn)
        self._steps.putBack.connect(self._decide)
        self._steps.nothing.connect(self.nothingToUndo)
        self._steps.failed.connect(self._question_failed)

    def _decide(self, batch: tuple[Decision, ...]) -> None:
        self._saving.save(batch)
        self.marked.emit(batch)

    def _on_withdrawn(self, change: Change) -> None:
        """The rows show what was withdrawn until they are read anew."""
        self.photosChanged.emit(PhotosChanged(change.ids, INITIATOR))
        self.decided.emit(change)

    def _await(self, future: "Future[T]", done: Callable[[T], None], failed: Callable[[BaseException], None]) -> None:
        def deliver(_future: "Future[T]") -> None:
            error = future.exception()
            if error is None:
                done(future.result())
            else:
                self._refused(failed, error)

        future.add_done_callback(lambda ended: None if self._closing.is_set() else self._answered.emit(deliver, ended))

    def _take(self, deliver: Callable[[object], None], ended: object) -> None:
        if not self._closing.is_set():
            deliver(ended)

    def _refused(self, tell: Callable[[BaseException], None], error: BaseException) -> None:
        tell(error)
        if isinstance(error, CatalogDamagedError):
            self.damaged.emit()

    def _question_failed(self, error: BaseException) -> None:
        self.questionFailed.emit(one_line(str(error)) or type(error).__name__)
