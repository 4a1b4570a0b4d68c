"""From what has come to rest to the catalogue: photos entered, what is gone hidden, what is to be judged."""

import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from photocull.catalog.database import Catalog
from photocull.catalog.marks import Mark
from photocull.catalog.query import BY_NAME, found, marked, photo_ids, photo_rows, unjudged
from photocull.catalog.records import Filter
from photocull.core.errors import UsageError
from photocull.core.types import Photo
from photocull.core.work import CancelToken, Problem
from photocull.photo.formats import SIDECAR_SUFFIXES, suffix_of
from photocull.photo.scan import ScanResult, families, scan
from photocull.pipeline.queue import Place
from photocull.pipeline.register import place_of
from photocull.pipeline.run import Run
from photocull.watch.drives import Drives
from photocull.watch.settling import Settled, Settling, state_of

Marked = dict[int, tuple[Path, tuple[Mark, ...]]]
"""Places and marks of photos by id."""
_TOGETHER = 64
"""So many places in one question to the catalogue."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of one look.

    Attributes:
        paths: photos that were entered. missing: those of them that wait to be judged. gone: photos hidden now.
        problems: what could not be read. unopened: photos among it, which no one could identify. closed: folders among
            it. news: known photos of which there is something to rate or to tell: they came
            to where they are now, another program marked them, or their sidecars are gone.
    """

    paths: tuple[Path, ...]
    missing: tuple[Place, ...]
    gone: int
    problems: tuple[Problem, ...]
    news: tuple[tuple[int, Path], ...] = ()
    unopened: tuple[Path, ...] = ()
    closed: tuple[Path, ...] = ()


class Intake:
    """Takes in single files and whole folders.

    Args:
        run: enters them. model: fingerprint of what judges. settling: where a file goes back to that is still written.
        drives: nothing is taken for gone while its watched folder is away. rates, tells: whether marks are decided and
            sidecars written.
    """

    def __init__(
        self, catalog: Catalog, run: Run, model: str, settling: Settling, drives: Drives, *, rates: bool, tells: bool
    ) -> None:
        self._rates = rates
        self._tells = tells
        self._catalog = catalog
        self._run = run
        self._model = model
        self._settling = settling
        self._drives = drives

    def files(self, paths: Sequence[Path], token: CancelToken) -> Taken:
        """Single files, there or gone, with what belongs to them.

        Raises:
            CancelledError: the token said so. CatalogError: nothing can be read or written.
        """
        photos = [photo for photo in self._families(paths, token) if self._at_rest(photo)]
        taken = self._entered(ScanResult(tuple(photos), 0, ()), (), token)
        lost = [p for p in paths if suffix_of(p.name) not in SIDECAR_SUFFIXES and _is_gone(p, token)]
        return replace(taken, gone=self._hide(lost, token))

    def folders(self, folders: Sequence[Path], token: CancelToken) -> Taken | None:
        """Folders that are there, with all below them; None where one of them went meanwhile.

        Raises:
            As `files`.
        """
        try:
            result = scan(folders, token=token)
        except UsageError:  # of the scan alone: who tries again what fails for ever never ends
            return None
        photos = tuple(photo for photo in result.photos if self._at_rest(photo))
        surely = [folder for folder in folders if self._drives.is_there(folder, token)]
        return self._entered(ScanResult(photos, result.videos, result.problems), surely, token)

    def split(self, settled: Settled, token: CancelToken) -> Settled:
        """The same without what lies on drives that are away; folders that are gone are among the files.

        Raises:
            CancelledError: the token said so.
        """
        gone = [folder for folder in settled.folders if _is_gone(folder, token)]
        there: dict[Path, bool] = {}

        def kept(paths: Iterable[Path]) -> tuple[Path, ...]:
            roots = ((path, self._drives.root_of(path)) for path in paths)
            return tuple(p for p, r in roots if r and there.setdefault(r, self._drives.is_there(r, token)))

        folders = [folder for folder in settled.folders if folder not in gone]
        return Settled(kept([*settled.files, *gone]), kept(folders))

    def _families(self, paths: Sequence[Path], token: CancelToken) -> list[Photo]:
        by_folder: dict[Path, list[str]] = {}
        for path in paths:
            by_folder.setdefault(path.parent, []).append(path.name)
        photos: list[Photo] = []
        for folder, names in by_folder.items():
            with suppress(OSError):  # the folder went too, or its drive did
                photos += families(folder, names, token=token)
        return photos

    def _at_rest(self, photo: Photo) -> bool:
        """Whether a file is not being written; one that is, is looked at when it has come to rest."""
        if photo.path in self._settling:
            return False
        if 0 <= time.time() - photo.mtime_ns / 1e9 < self._settling.at_rest:
            self._settling.file(photo.path)
            return False
        return True

    def _hide(self, lost: Sequence[Path], token: CancelToken) -> int:
        """Hide the photos at and below these places, from which files and folders are gone."""
        gone = 0
        for start in range(0, len(lost), _TOGETHER):
            part = frozenset(lost[start : start + _TOGETHER])
            ids = photo_ids(self._catalog, Filter(folders=part, paths=part), BY_NAME, "")
            paths = [one.photo.path for _, one in found(self._catalog, ids)]
            if paths and all(self._drives.is_there(root, token) for root in self._roots(paths)):
                gone += len(self._catalog.writer.mark_missing(paths).result())
        return gone

    def _roots(self, paths: Iterable[Path]) -> set[Path]:
        return {root for path in paths if (root := self._drives.root_of(path)) is not None}

    def _entered(self, found_now: ScanResult, folders: Sequence[Path], token: CancelToken) -> Taken:
        before = self._marked_before(found_now.photos)
        report = self._run.enter_found(found_now, folders, token)
        paths = tuple(photo.path for photo in found_now.photos)
        missing = found(self._catalog, unjudged(self._catalog, report.ids, self._model))
        waiting = tuple((i, one) for i, one in missing if one.fingerprint)
        faults = self._faults(found_now.photos, report.ids, token)
        return Taken(
            paths,
            waiting,
            0,
            (*report.problems, *faults),
            self._news(before, report.ids),
            tuple(fault.path for fault in faults),
            tuple(problem.path for problem in found_now.problems if not _is_gone(problem.path, token)),
        )

    def _faults(self, photos: Sequence[Photo], ids: Sequence[int], token: CancelToken) -> tuple[Problem, ...]:
        """Why those of these photos could not be opened whose content is not known: they never come to be judged."""
        if not photos:
            return ()
        noted = photo_ids(self._catalog, replace(place_of(photos), problems_only=True), BY_NAME, self._model)
        wanted = set(ids)
        unknown = [i for i, one in found(self._catalog, [i for i in noted if i in wanted]) if not one.fingerprint]
        return self._run.judge(unknown, token).problems if unknown else ()

    def _marked_before(self, photos: Sequence[Photo]) -> Marked:
        """What was known at these places, in sight."""
        if not photos or not (self._rates or self._tells):
            return {}
        ids = photo_ids(self._catalog, place_of(photos), BY_NAME, "")
        return marked(self._catalog, ids)

    def _news(self, before: Marked, ids: Sequence[int]) -> tuple[tuple[int, Path], ...]:
        if not (self._rates or self._tells):
            return ()
        now = marked(self._catalog, ids)
        places = {path for path, _ in before.values()}
        said = {i for i in now.keys() & before.keys() if now[i][1] != before[i][1]}
        came = {i for i, (path, _) in now.items() if i not in before or path not in places} | self._bare(ids)
        rows = photo_rows(self._catalog, sorted(came), self._model)
        judged = {row.id for row in rows if row.overall is not None}  # the others follow when they are
        return tuple((i, now[i][0].parent) for i in ids if i in said or (i in came and (i in judged or _any(now[i]))))

    def _bare(self, ids: Sequence[int]) -> set[int]:
        """Photos without a sidecar, as one is after a rename."""
        return {i for i, one in found(self._catalog, ids if self._tells else ()) if not one.photo.sidecars}


def _any(known: tuple[Path, tuple[Mark, ...]]) -> bool:
    return any(mark.by is not None for mark in known[1])


def _is_gone(path: Path, token: CancelToken) -> bool:
    try:
        return state_of(path, token) is None
    except TimeoutError:
        return False
