"""Asks a model about many photos exactly as the product does: file, decoder, model; what is known already is not asked.

Decoding runs in threads, the model in the calling one, in the order asked; unreadable photos become problems.
"""

import logging
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

import numpy as np

from photocull.core.errors import PhotocullError, UnreadablePhotoError, reason_of
from photocull.core.types import DecodedPhoto, Photo
from photocull.core.work import CancelToken, Listener, Pace, Problem, processors
from photocull.photo.decode import decode
from photocull.photo.fingerprint import fingerprint
from photocull.training.answers import Answer, AnswerStore

Judge = Callable[[list[DecodedPhoto]], list[Answer]]
"""Numbers of each photo, which do not depend on the others."""
_MOST_JOBS: Final = 8
_NO_NUMBER: Final = "The model gave no number for this photo."
_KEPT_EVERY: Final = 5.0
"""Seconds of work that a kill may cost."""
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """What came of it.

    Attributes:
        answers: of each photo in the order asked; None where it could not be read.
        problems: which those are, with one line each, in that order.
        fresh: photos judged now; the others were known. seconds: how long that took.
    """

    answers: tuple[Answer | None, ...]
    problems: tuple[Problem, ...]
    fresh: int
    seconds: float

    @property
    def rate(self) -> float | None:
        """Photos a second, from file to numbers; None where nothing was judged now."""
        return self.fresh / self.seconds if self.fresh and self.seconds > 0 else None


def judge_photos(
    paths: Sequence[Path],
    judge: Judge,
    store: AnswerStore,
    *,
    jobs: int = 0,
    batch: int = 1,
    token: CancelToken | None = None,
    listener: Listener | None = None,
    embeddings: bool = False,
) -> Judged:
    """Judge these photos, or take what ``store`` has of them.

    Args:
        jobs: decoding threads; 0 chooses from the processors.
        batch: photos that the model takes at once.
        embeddings: whether the answers are to carry them.

    Raises:
        CancelledError: the token said so. ModelError: the model fails. OutputError: the store cannot be written.
        Whatever ends it, what was judged is kept.
    """
    work = _Work(judge, store, Pace(len(paths)), token or CancelToken(), listener)
    workers = jobs if jobs > 0 else min(_MOST_JOBS, processors())
    with ThreadPoolExecutor(workers, "decode") as pool:
        keys = work.run(paths, pool, ahead=2 * workers + 1, batch=batch)
    found = store.get((key for key in keys if key), embeddings=embeddings)
    answers = tuple(found.get(key) if key else None for key in keys)
    return Judged(answers, tuple(work.problems), work.fresh, work.seconds)


@dataclass(frozen=True, slots=True, eq=False)
class _Opened:
    """A photo's identity, and its pixels where they are needed; or why there are none."""

    path: Path
    key: str
    decoded: DecodedPhoto | None = None
    fault: str | None = None


class _Work:
    """One call of `judge_photos`."""

    def __init__(
        self, judge: Judge, store: AnswerStore, pace: Pace, token: CancelToken, listener: Listener | None
    ) -> None:
        self._judge = judge
        self._store = store
        self._pace = pace
        self._token = token
        self._listener = listener
        self._known = set(store.known())
        self._unkept: dict[str, Answer] = {}
        self._kept_at = time.monotonic()
        self.problems: list[Problem] = []
        self.fresh = 0
        self.seconds = 0.0

    def run(self, paths: Sequence[Path], pool: Executor, *, ahead: int, batch: int) -> list[str]:
        """Each photo's key in the store, empty where it could not be read."""
        started = time.monotonic()
        flights = _in_order(paths, lambda path: pool.submit(self._open, path), ahead)
        keys: list[str] = []
        waiting: list[_Opened] = []
        try:
            for flight in flights:
                waiting.append(flight.result())
                if sum(opened.decoded is not None for opened in waiting) >= batch:
                    keys += self._finish(waiting)
                    waiting = []
            return keys + self._finish(waiting)
        finally:
            flights.close()
            self._keep()
            self.seconds = time.monotonic() - started

    def _open(self, path: Path) -> _Opened:
        """In a decoding thread; never raises for a fault of the file."""
        self._token.check()
        try:
            key = fingerprint(path)
            if key in self._known:
                return _Opened(path, key)
            state = path.stat()
            return _Opened(path, key, decode(Photo(path, state.st_size, state.st_mtime_ns), fingerprint=key))
        except (MemoryError, OSError, UnreadablePhotoError) as error:
            return _Opened(path, "", fault=reason_of(error))
        except Exception as error:
            log.exception("a decoder failed on %r", path)
            return _Opened(path, "", fault=f"The decoder failed: {reason_of(error)}")

    def _finish(self, opened: Sequence[_Opened]) -> list[str]:
        self._token.check()
        asked = {one.key: one for one in opened if one.decoded is not None and one.key not in self._known}
        faults = self._ask(list(asked.values()))
        return [self._told(one, one.fault or faults.get(one.key)) for one in opened]

    def _told(self, opened: _Opened, fault: str | None) -> str:
        if fault is not None:
            self.problems.append(Problem(opened.path, fault))
        asked = opened.decoded is not None
        if self._listener is not None:
            if fault is not None:
                self._listener(self.problems[-1])
            self._listener(self._pace.step(int(asked), cached=int(not asked)))
        return "" if fault else opened.key

    def _ask(self, opened: Sequence[_Opened]) -> dict[str, str]:
        """What is wrong with which of these; one that breaks the arithmetic does not take its neighbours along."""
        try:
            answers = self._judge([one.decoded for one in opened if one.decoded is not None]) if opened else []
        except PhotocullError:
            raise
        except Exception as error:
            if len(opened) > 1:
                return {key: fault for one in opened for key, fault in self._ask([one]).items()}
            log.exception("scoring failed on %r", opened[0].path)
            return {opened[0].key: f"The photo could not be judged: {reason_of(error)}"}
        pairs = list(zip(opened, answers, strict=True))
        for one, answer in pairs:
            if np.isfinite(answer.numbers).all():
                self._add(one.key, answer)
        return {one.key: _NO_NUMBER for one, answer in pairs if one.key not in self._known}

    def _add(self, key: str, answer: Answer) -> None:
        self._known.add(key)
        self._unkept[key] = answer
        self.fresh += 1
        if time.monotonic() - self._kept_at > _KEPT_EVERY:
            self._keep()

    def _keep(self) -> None:
        if self._unkept:
            self._store.put(self._unkept)
            self._unkept = {}
        self._kept_at = time.monotonic()


def _in_order(
    paths: Iterable[Path], submit: Callable[[Path], Future[_Opened]], ahead: int
) -> Generator[Future[_Opened], None, None]:
    """Work begun a bounded number of photos ahead, handed over in order; what is not handed over is called off."""
    waiting = iter(paths)
    flying: deque[Future[_Opened]] = deque()
    try:
        while True:
            flying.extend(submit(path) for path in islice(waiting, ahead - len(flying)))
            if not flying:
                return
            yield flying.popleft()
    finally:
        for flight in flying:
            flight.cancel()
