"""The window's one scoring thread: opens the model, runs the pipeline over the folders asked for, tells of it."""

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from photocull.core.errors import CancelledError, CatalogDamagedError, PhotocullError
from photocull.core.work import CancelToken, Event
from photocull.pipeline.run import Run, RunReport
from photocull.ui.remedies import said_in_window

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ModelReady:
    """The model is open; ``fingerprint`` is the identity under which its judgements are kept."""

    name: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class ModelOpening:
    """This model is being opened, which may take seconds."""

    name: str


@dataclass(frozen=True, slots=True)
class ModelKnown:
    """This identity the model will have once it is open: what it said before can be shown already."""

    fingerprint: str


@dataclass(frozen=True, slots=True)
class ModelRefused:
    """This model cannot be opened, with one sentence for people; another one goes on judging."""

    name: str
    sentence: str


@dataclass(frozen=True, slots=True)
class ScoringFailed:
    """Scoring ended early, with one sentence for people; ``damaged``: because the catalogue is."""

    sentence: str
    damaged: bool = False


@dataclass(frozen=True, slots=True)
class ScoringStopped:
    """Scoring was stopped on request."""


@dataclass(frozen=True, slots=True)
class FoldersMissing:
    """These folders are not there; the others are scored."""

    folders: tuple[Path, ...]


ModelEvent = ModelOpening | ModelKnown | ModelReady | ModelRefused
ScoringEvent = Event | RunReport | ModelEvent | ScoringFailed | ScoringStopped | FoldersMissing


@dataclass(frozen=True, slots=True)
class OpenedModel:
    """What the thread works with once the model is open."""

    name: str
    fingerprint: str
    run: Run


class ScoringThread:
    """Scores one set of folders at a time; a newer request goes first and keeps what the older one had left.

    Args:
        open_model: opens the model of this name and makes the run; called in the thread, again after it failed.
        tell: called in the thread with every event.
        name: the model to begin with. spare: the one to begin with where that cannot be opened.
    """

    def __init__(
        self,
        open_model: Callable[[str], OpenedModel],
        tell: Callable[[ScoringEvent], None],
        name: str,
        spare: str,
    ) -> None:
        self._open_model = open_model
        self._tell = tell
        self._name, self._spare = name, spare
        self._next: str | None = None
        self._opened: OpenedModel | None = None
        self._wanted: tuple[Path, ...] = ()
        self._active: tuple[Path, ...] = ()
        self._token = CancelToken()
        self._paused = False
        self._closed = False
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._work, name="scoring")
        self._thread.start()

    def start(self, folders: Sequence[Path]) -> None:
        """Score these folders next; those of a run in progress follow."""
        with self._changed:
            self._wanted = tuple(dict.fromkeys((*folders, *self._wanted, *self._active)))
            self._token.cancel()
            self._changed.notify()

    def switch(self, name: str) -> None:
        """Score with this model from now on, a run in progress included; with the old one where it cannot be opened."""
        with self._changed:
            self._next = name
            self._wanted = tuple(dict.fromkeys((*self._wanted, *self._active)))
            self._token.cancel()
            self._changed.notify()

    def pause(self) -> None:
        """Wait at the next photo."""
        self._paused = True
        self._token.pause()

    def resume(self) -> None:
        """Go on."""
        self._paused = False
        self._token.resume()

    def stop(self) -> None:
        """End the run at the next photo; what was scored is kept."""
        with self._changed:
            self._wanted = self._active = ()
            self._token.cancel()

    def drop(self, folder: Path) -> None:
        """Score this folder no more; what is left of the others goes on."""
        with self._changed:
            asked = (*self._wanted, *self._active)
            if folder in asked:
                self._wanted, self._active = tuple(f for f in dict.fromkeys(asked) if f != folder), ()
                self._token.cancel()
                self._changed.notify()

    def prefer(self, ids: Sequence[int]) -> None:
        """Take these photos first."""
        if self._opened is not None:
            self._opened.run.prefer(ids)

    def close(self) -> None:
        """End the run and the thread."""
        with self._changed:
            self._closed = True
            self._token.cancel()
            self._changed.notify()
        self._thread.join()

    def _work(self) -> None:
        self._model()
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._closed or self._wanted or self._next is not None)
                other, self._next = self._next, None
                if other is None:
                    self._active, self._wanted = self._wanted, ()
                token = self._token = CancelToken()
            if self._closed:
                return
            if other is not None:
                self._switch(other)
                continue
            if self._paused:
                token.pause()
            self._score(self._active, token)

    def _score(self, folders: tuple[Path, ...], token: CancelToken) -> None:
        opened = self._model()
        if opened is None:
            return
        try:
            missing = opened.run.absent(folders, token)
            self._tell(FoldersMissing(missing))
            report = opened.run.score([folder for folder in folders if folder not in missing], token)
        except CancelledError:
            self._end(ScoringStopped())
        except PhotocullError as error:
            self._end(ScoringFailed(str(error), damaged=isinstance(error, CatalogDamagedError)))
        except Exception:
            log.exception("Scoring failed.")
            self._end(ScoringFailed("Scoring stopped because of a fault in Photocull; the log file says more."))
        else:
            self._end(report)

    def _end(self, event: ScoringEvent) -> None:
        with self._changed:
            self._active = ()
            superseded = bool(self._wanted) or self._next is not None
        if not (superseded and isinstance(event, ScoringStopped)) and not self._closed:
            self._tell(event)

    def _model(self) -> OpenedModel | None:
        """The open model; where none is, the one to begin with, else the spare one."""
        if self._opened is not None:
            return self._opened
        name, self._name = self._name, self._spare
        if name != self._spare:
            self._switch(name)
        if self._opened is None:
            fault = self._try(self._spare)
            if fault:
                self._end(ScoringFailed(fault))
        return self._opened

    def _switch(self, name: str) -> None:
        fault = self._try(name)
        if fault and not self._closed:
            self._tell(ModelRefused(name, fault))

    def _try(self, name: str) -> str:
        """Open this model in place of the one that is open; why not, in one sentence, where it cannot be opened."""
        self._tell(ModelOpening(name))
        try:
            opened = self._open_model(name)
        except PhotocullError as error:
            return said_in_window(error)
        except Exception:
            log.exception("The model %s cannot be opened.", name)
            return "The model cannot be opened; the log file says more."
        self._opened = opened
        self._tell(ModelReady(opened.name, opened.fingerprint))
        return ""
