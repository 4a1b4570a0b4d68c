"""A run: scan, register, then decode, score and store what is missing; window and command line call the same one."""

import threading
import time
from collections.abc import Container, Iterable, Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from photocull.catalog.database import Catalog
from photocull.catalog.query import BY_NAME, photo_ids, photo_rows, unjudged
from photocull.catalog.query import away as find_away
from photocull.catalog.query import found as found_photos
from photocull.catalog.query import remounted as find_remounted
from photocull.catalog.records import Filter
from photocull.core.memory import kept_memory
from photocull.core.named import from_root
from photocull.core.types import Photo, Scorer
from photocull.core.work import CancelToken, Event, Listener, Problem, processors
from photocull.models.registry import BUILT_IN
from photocull.photo.looking import is_folder_there, is_present
from photocull.photo.previews import PreviewStore
from photocull.photo.scan import ScanResult, scan
from photocull.pipeline.flow import Flow, Inline
from photocull.pipeline.hearing import hear
from photocull.pipeline.queue import Place, Request, Waiting, requests
from photocull.pipeline.register import Entered, place_of, register
from photocull.pipeline.settling import settled
from photocull.pipeline.stages import STILL_WRITTEN, Readable, Unread, decode
from photocull.pipeline.storing import Storing
from photocull.pipeline.tally import Tally

_MOST_JOBS = 8
"""Each may hold a full-size picture, and what they do in Python they do one after the other."""


@dataclass(frozen=True, slots=True)
class RunReport:
    """How a run ended.

    Attributes:
        ids: every photo under the paths, in the order of their paths.
        scored: photos judged now. cached: those the catalogue had a result for already.
        problems: files that could not be read, with one line each, in the order of their paths.
        videos: video files left out.
        seconds: how long it took.
    """

    ids: tuple[int, ...]
    scored: int
    cached: int
    problems: tuple[Problem, ...]
    videos: int
    seconds: float


NOTHING_RUN: Final = RunReport((), 0, 0, (), 0, 0.0)
"""Of no path."""


class Run:
    """Scores photos into a catalogue; may be used again and again, one `score` at a time.

    Args:
        catalog: where results go. scorer: what judges. previews: where small pictures go.
        jobs: working threads; 0 chooses from the processors, 1 works without threads. They decode, and judge too
            where the model is built in; any other model judges on the thread that called `score`.
        batch: photos that the network takes at once, at most; results do not depend on it.
        listener: hears `Progressed` and `Problem`, on the thread that called `score`.
    """

    def __init__(
        self,
        catalog: Catalog,
        scorer: Scorer,
        previews: PreviewStore,
        *,
        jobs: int = 0,
        batch: int = 1,
        listener: Listener | None = None,
    ) -> None:
        self._catalog = catalog
        self._scorer = scorer
        self._previews = previews
        self._jobs = jobs if jobs > 0 else _jobs()
        self._batch = batch
        self._listener = listener
        self._preferred: Sequence[int] = ()
        self._waiting = Waiting()
        self._lock = threading.Lock()

    def prefer(self, ids: Sequence[int]) -> None:
        """Let these photos come first, in this run and the next ones, until others are preferred; from any thread."""
        with self._lock:
            self._preferred = tuple(ids)
            self._waiting.prefer(self._preferred)

    def score(self, paths: Iterable[Path], token: CancelToken) -> RunReport:
        """Judge every photo under these files and folders that the catalogue has no result for.

        Raises:
            UsageError: a path does not exist.
            CancelledError: the token said so; what was scored is kept.
            ModelError, CatalogError: the run cannot go on; what was scored is kept.
        """
        started, tally = time.monotonic(), Tally(self._tell)
        with kept_memory(), self._workers() as workers:
            found, entered = self._enter(paths, tally, workers, token)
            missing = self._judge(entered, found.photos, tally, workers, token)
        cached, seconds = len(entered) - len(missing), time.monotonic() - started
        return RunReport(_ids(entered), tally.scored, cached, tally.problems, found.videos, seconds)

    def judge(self, ids: Sequence[int], token: CancelToken) -> RunReport:
        """Judge those of these photos, which the catalogue knows, that it has no result for; nothing is scanned.

        Raises:
            CancelledError: the token said so; what was scored is kept.
            ModelError, CatalogError: the run cannot go on; what was scored is kept.
        """
        started, tally = time.monotonic(), Tally(self._tell)
        entered = {found.photo.path: (photo_id, found) for photo_id, found in found_photos(self._catalog, ids)}
        with kept_memory(), self._workers() as workers:
            missing = self._judge(entered, [found.photo for _, found in entered.values()], tally, workers, token)
        cached, seconds = len(entered) - len(missing), time.monotonic() - started
        return RunReport(_ids(entered), tally.scored, cached, tally.problems, 0, seconds)

    def enter(self, paths: Iterable[Path], token: CancelToken) -> RunReport:
        """Bring the catalogue up to date on what lies under these files and folders, without judging anything.

        Raises:
            UsageError: a path does not exist. CancelledError: the token said so. CatalogError: nothing can be written.
        """
        started, tally = time.monotonic(), Tally(self._tell)
        with self._workers() as workers:
            found, entered = self._enter(paths, tally, workers, token)
        seconds = time.monotonic() - started
        return RunReport(_ids(entered), 0, len(entered), tally.problems, found.videos, seconds)

    def absent(self, folders: Sequence[Path], token: CancelToken) -> tuple[Path, ...]:
        """Those of these folders that are not there now; photos of one that was deleted go out of sight.

        Raises:
            CatalogError: nothing can be written.
        """
        away = find_away(self._catalog)
        missing = tuple(f for f in folders if away.folder_of(f) is not None or not is_present(f, token=token))
        if missing:
            self._catalog.writer.seen(missing, ()).result()
        return missing

    def enter_found(self, found: ScanResult, folders: Sequence[Path], token: CancelToken) -> RunReport:
        """As `enter`, with what a scan found already.

        Args:
            folders: what was scanned as a whole, so that what else the catalogue knows there and is gone is hidden.
        """
        started, tally = time.monotonic(), Tally(self._tell)
        with self._workers() as workers:
            entered = self._enter_found(found, folders, tally, workers, token)
        seconds = time.monotonic() - started
        return RunReport(_ids(entered), 0, len(entered), tally.problems, found.videos, seconds)

    def _enter(
        self, paths: Iterable[Path], tally: Tally, workers: Executor, token: CancelToken
    ) -> tuple[ScanResult, Entered]:
        asked = [from_root(path) for path in paths]
        found = scan(asked, token=token)
        # A folder whose drive is silent was not looked into, and what is known of it stays.
        folders = [path for path in asked if is_folder_there(path, token=token)]
        return found, self._enter_found(found, folders, tally, workers, token)

    def _enter_found(
        self, found: ScanResult, folders: Sequence[Path], tally: Tally, workers: Executor, token: CancelToken
    ) -> Entered:
        for problem in found.problems:
            tally.problem(problem)
        self._follow_drives(found)
        entered = register(self._catalog, found.photos, workers, token, tally.problem)
        if folders:
            self._catalog.writer.seen(folders, _ids(entered)).result()
        hear(self._catalog, list(entered.values()), token, tally.remark)
        return entered

    def _follow_drives(self, found: ScanResult) -> None:
        """Take along what is known of drives that were found at another place than before."""
        ways = find_remounted(self._catalog, {photo.path.parent for photo in found.photos})
        if ways:
            self._catalog.writer.follow(ways).result()

    def _judge(
        self, entered: Entered, photos: Sequence[Photo], tally: Tally, workers: Executor, token: CancelToken
    ) -> list[Place]:
        """Judge what is missing; those that were."""
        missing = self._missing(entered, photos, tally)
        tally.begin(len(entered), cached=len(entered) - len(missing))
        self._work(missing, tally, workers, token)
        self._look_again(entered, tally, workers, token)
        hear(self._catalog, missing, token, lambda _problem: None)  # marks in files that were opened just now
        return missing

    def _look_again(self, entered: Entered, tally: Tally, workers: Executor, token: CancelToken) -> None:
        """Read what changed while it was read, once it has come to rest; once more, then it is noted."""
        changed = tally.take_changed()
        if not changed:
            return
        photos = settled(changed, token, tally.problem)
        now = register(self._catalog, photos, workers, token, tally.problem)
        entered.update(now)
        missing = self._missing(now, photos, tally)
        tally.passed(len(changed) - len(missing))
        self._work(missing, tally, workers, token)
        for photo in tally.take_changed():
            tally.problem(Problem(photo.path, STILL_WRITTEN))
            tally.passed(1)

    def _missing(self, entered: Entered, photos: Sequence[Photo], tally: Tally) -> list[Place]:
        """What has no result yet; the catalogue's own problems are told again."""
        by_id = dict(entered.values())
        if by_id:
            self._tell_known(replace(place_of(photos), problems_only=True), by_id, tally)
        open_ids = unjudged(self._catalog, list(by_id), self._scorer.fingerprint)
        return [(i, by_id[i]) for i in open_ids if by_id[i].fingerprint]

    def _tell_known(self, where: Filter, ids: Container[int], tally: Tally) -> None:
        model = self._scorer.fingerprint
        noted = [i for i in photo_ids(self._catalog, where, BY_NAME, model) if i in ids]
        for row in photo_rows(self._catalog, noted, model):
            if row.status == "unreadable":
                tally.problem(Problem(row.path, row.error or "The file could not be read."))

    def _work(self, missing: Sequence[Place], tally: Tally, workers: Executor, token: CancelToken) -> None:
        with self._lock:
            self._waiting = Waiting(requests(missing), self._preferred)
        storing = Storing(self._catalog.writer)
        apart = self._jobs > 1 and self._scorer.name in BUILT_IN
        # Apart, what lies ahead waits as a request and takes no memory; it keeps workers busy while results are stored.
        ahead = 1 if self._jobs == 1 else self._jobs + (2 if apart else self._batch + 1)
        Flow(
            self._waiting,
            self._decode,
            self._scorer,
            storing,
            tally.result,
            ahead=ahead,
            batch=self._batch,
            apart=apart,
        ).run(workers, token)

    def _decode(self, request: Request, token: CancelToken) -> Readable | Unread:
        return decode(request, self._previews, token)

    @contextmanager
    def _workers(self) -> Iterator[Executor]:
        with Inline() if self._jobs == 1 else ThreadPoolExecutor(self._jobs, "photo") as workers:
            yield workers

    def _tell(self, event: Event) -> None:
        if self._listener is not None:
            self._listener(event)


def engine_threads(model: str) -> int:
    """Processor threads for the network of a scorer that a `Run` is to use; 0 lets the engine choose.

    Two built-in networks of one thread each, beside each other, judge more than one of two threads.
    """
    return 1 if model in BUILT_IN else 0


def _ids(entered: Entered) -> tuple[int, ...]:
    return tuple(entered[path][0] for path in sorted(entered, key=str))


def _jobs() -> int:
    return min(_MOST_JOBS, processors())
