"""Asks a model about many photos exactly as the product does: file, decoder, model; what is known already is not asked.

Decoding runs in threads, the model in the calling one, a photo at a time and in order, so that no photo's numbers can
depend on another; unreadable photos become problems.
"""

import logging
import os
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

import numpy as np

from photocull.core.errors import PhotocullError, UnreadablePhotoError, one_line
from photocull.core.types import DecodedPhoto, Photo
from photocull.core.work import CancelToken, Listener, Pace, Problem
from photocull.photo.decode import decode
from photocull.photo.fingerprint import fingerprint
from photocull.pipeline.flow import Inline
from photocull.training.answers import Answer, AnswerStore

Judge = Callable[[DecodedPhoto], Answer]
_MOST_JOBS: Final = 8
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
    token: CancelToken | None = None,
    listener: Listener | None = None,
    embeddings: bool = False,
) -> Judged:
    """Judge these photos, or take what ``store`` has of them.

    Args:
        jobs: decoding threads; 0 chooses from the processors, 1 works without threads.
        embeddings: whether the answers are to carry them.

    Raises:
        CancelledError: the token said so. ModelError: the model fails. OutputError: the store cannot be written.
        Whatever ends it, what was judged is kept.
    """
    work = _Work(judge, store, Pace(len(paths)), token or CancelToken(), listener)
    workers = jobs if jobs > 0 else min(_MOST_JOBS, os.cpu_count() or 1)
    with Inline() if workers == 1 else ThreadPoolExecutor(workers, "decode") as pool:
        keys = work.run(paths, pool, 1 if workers == 1 else 2 * workers + 1)
    found = store.get((key for key in keys if key), embeddings=embeddings)
    answers = tuple(found.get(key) if key else None for key in keys)
    return Judged(answers, tuple(work.problems), work.fresh, work.seconds)


@dataclass(frozen=True, slots=True, eq=False)
class _Opened:
    """A photo's identity, and its pixels where they are needed; or why there are none."""

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

    def run(self, paths: Sequence[Path], pool: Executor, ahead: int) -> list[str]:
        """Each photo's key in the store, empty where it could not be read."""
        started = time.monotonic()
        flights = _in_order(paths, lambda path: pool.submit(self._open, path), ahead)
        try:
            return [self._finish(path, flight) for path, flight in flights]
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
                return _Opened(key)
            state = path.stat()
            return _Opened(key, decode(Photo(path, state.st_size, state.st_mtime_ns), fingerprint=key))
        except (MemoryError, OSError, UnreadablePhotoError) as error:
            return _Opened("", fault=_reason(error))
        except Exception as error:
            log.exception("a decoder failed on %r", path)
            return _Opened("", fault=f"The decoder failed: {_reason(error)}")

    def _finish(self, path: Path, flight: "Future[_Opened]") -> str:
        opened = flight.result()
        self._token.check()
        if opened.decoded is None or opened.key in self._known:  # twice in the set: the first one's answer is its own
            fault = opened.fault
        else:
            fault = self._ask(path, opened.key, opened.decoded)
        if fault is not None:
            self._tell_problem(Problem(path, fault))
        asked = opened.decoded is not None
        progress = self._pace.step(int(asked), cached=int(not asked))
        if self._listener is not None:
            self._listener(progress)
        return "" if fault else opened.key

    def _ask(self, path: Path, key: str, decoded: DecodedPhoto) -> str | None:
        try:
            answer = self._judge(decoded)
        except PhotocullError:
            raise
        except Exception as error:
            log.exception("scoring failed on %r", path)
            return f"The photo could not be judged: {_reason(error)}"
        if not np.isfinite(answer.numbers).all():
            return "The model gave no number for this photo."
        self._known.add(key)
        self._unkept[key] = answer
        self.fresh += 1
        if time.monotonic() - self._kept_at > _KEPT_EVERY:
            self._keep()
        return None

    def _keep(self) -> None:
        if self._unkept:
            self._store.put(self._unkept)
            self._unkept = {}
        self._kept_at = time.monotonic()

    def _tell_problem(self, problem: Problem) -> None:
        self.problems.append(problem)
        if self._listener is not None:
            self._listener(problem)


def _in_order(
    paths: Iterable[Path], submit: Callable[[Path], "Future[_Opened]"], ahead: int
) -> Generator[tuple[Path, "Future[_Opened]"], None, None]:
    """Work begun a bounded number of photos ahead, handed over in order; what is not handed over is called off."""
    waiting = iter(paths)
    flying: deque[tuple[Path, Future[_Opened]]] = deque()
    try:
        while True:
            flying.extend((path, submit(path)) for path in islice(waiting, ahead - len(flying)))
            if not flying:
                return
            yield flying.popleft()
    finally:
        for _, flight in flying:
            flight.cancel()


def _reason(error: BaseException) -> str:
    if isinstance(error, PhotocullError):
        return error.sentence
    if isinstance(error, MemoryError):
        return "There is not enough memory for this photo."
    if isinstance(error, OSError) and error.strerror:
        return one_line(f"{error.strerror}.")
    return one_line(f"{type(error).__name__}: {error}", 200)
