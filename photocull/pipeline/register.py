"""Scanned files become catalogue ids before anything is decoded, so that a window fills at once.

A file whose size and time the catalogue knows is not opened, unless others of its folder had the same and one of them
came or went; a new or changed one is identified by its content, and one that could not be opened is tried again on
every run.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import suppress
from dataclasses import replace
from functools import partial
from itertools import islice
from pathlib import Path

from photocull.catalog import query
from photocull.catalog.database import Catalog
from photocull.catalog.query import BY_NAME, photo_ids
from photocull.catalog.query import found as found_photos
from photocull.catalog.records import Failed, Filter, FoundPhoto
from photocull.core.errors import UnreadablePhotoError
from photocull.core.types import Exif, Photo
from photocull.core.work import CancelToken, Problem
from photocull.photo.exif import read_exif
from photocull.pipeline.joining import joining_contents
from photocull.pipeline.queue import Place
from photocull.pipeline.stages import Identified, identify

Entered = dict[Path, Place]
"""Photos in the catalogue by path."""
_CHUNK = 500
"""Photos a transaction, and so the step in which a window fills."""
_FEW = 64
"""Up to so many photos are asked for by name; more by the folders that hold them."""
_MOST_FOLDERS = 64
"""SQLite refuses a condition of a thousand parts, and a photographer has a folder for every day."""


def register(
    catalog: Catalog,
    photos: Sequence[Photo],
    workers: Executor,
    token: CancelToken,
    told: Callable[[Problem], None],
) -> Entered:
    """Enter all scanned photos into the catalogue; files that vanished meanwhile are left out and told.

    Raises:
        CancelledError: between two photos. CatalogError: nothing can be written.
    """
    known = _known(catalog, photos)
    shuffled = _perhaps_shuffled(catalog, photos)
    entered = {
        photo.path: known[photo.path]
        for photo in photos
        if photo.path not in shuffled and _unchanged(photo, known.get(photo.path))
    }
    changed = [photo for photo in photos if photo.path not in entered]
    # A renumbered shoot is understood only as a whole, and so is what became of photos that are not found.
    whole = any(photo.path in known for photo in changed) or known.keys() - {photo.path for photo in photos}
    together = len(changed) if whole else _CHUNK
    for chunk in _chunks(changed, together):
        token.check()
        entered.update(_enter(catalog, chunk, known, shuffled, workers, token, told))
    partners = [path for photo in photos for path in photo.partners if path in known]
    if partners:  # a JPEG that stood for itself though its RAW was known; one that the RAW goes on with is no more
        catalog.writer.mark_missing(partners).result()
    return entered


def _perhaps_shuffled(catalog: Catalog, photos: Iterable[Photo]) -> frozenset[Path]:
    """Files as old and as large as others of their folder, one of which came or went: their names may have moved on."""
    now: dict[tuple[Path, int, int], set[Path]] = {}
    for photo in photos:
        now.setdefault((photo.path.parent, photo.size, photo.mtime_ns), set()).add(photo.path)
    before = query.twins(catalog, dict.fromkeys(folder for folder, _, _ in now))
    return frozenset().union(*(now[key] for key, paths in before.items() if key in now and now[key] != paths))


def _unchanged(photo: Photo, before: Place | None) -> bool:
    return before is not None and before[1].photo == photo and bool(before[1].fingerprint)


def _enter(
    catalog: Catalog,
    photos: Sequence[Photo],
    known: Entered,
    shuffled: Collection[Path],
    workers: Executor,
    token: CancelToken,
    told: Callable[[Problem], None],
) -> Iterator[tuple[Path, Place]]:
    before = (None if photo.path in shuffled else known.get(photo.path) for photo in photos)
    identified = list(workers.map(partial(_identify, token=token), photos, before))
    for photo, outcome in zip(photos, identified, strict=True):
        if outcome is None:
            told(Problem(photo.path, "The file vanished before it was read."))
    present = [outcome for outcome in identified if outcome is not None]
    doubtful = query.doubtful(catalog, [outcome.found for outcome in present])
    facts = dict(zip(doubtful, workers.map(partial(_facts, token=token), doubtful), strict=True))
    gained = [_gained(one.found, known) for one in present]
    contents = joining_contents(catalog, gained, workers, token)
    files = [
        replace(one.found, exif=facts.get(one.found.photo.path), partners=joining)
        for one, joining in zip(present, contents, strict=True)
    ]
    ids = catalog.writer.register(files).result()
    entered = list(zip(ids, present, strict=True))
    faults = [Failed(photo_id, one.found.fingerprint, one.fault) for photo_id, one in entered if one.fault is not None]
    if faults:
        catalog.writer.store(faults).result()
    joined = [i for i, one in entered if one.found.photo.path in known and _gained(one.found, known)]
    if joined:  # what could not be read by itself may be read from the JPEG that lies beside it now
        catalog.writer.retry(joined).result()
    for photo_id, one in entered:
        yield one.found.photo.path, (photo_id, one.found)


def _facts(path: Path, token: CancelToken) -> Exif:
    token.check()
    with suppress(MemoryError, OSError, UnreadablePhotoError):  # told when it is decoded
        return read_exif(path)
    return Exif()


def _gained(found: FoundPhoto, known: Entered) -> list[Path]:
    """The partners that joined a photo since it was seen last."""
    before = known.get(found.photo.path)
    had = () if before is None else before[1].photo.partners
    return [path for path in found.photo.partners if path not in had]


def _identify(photo: Photo, before: Place | None, token: CancelToken) -> Identified | None:
    token.check()
    if before is not None and before[1].fingerprint:
        same = (before[1].photo.size, before[1].photo.mtime_ns) == (photo.size, photo.mtime_ns)
        if same:  # only a partner or a sidecar came or went
            return Identified(FoundPhoto(photo, before[1].fingerprint))
    return identify(photo, token)


def _known(catalog: Catalog, photos: Sequence[Photo]) -> Entered:
    if not photos:  # a filter without a place means the whole catalogue
        return {}
    ids = photo_ids(catalog, place_of(photos), BY_NAME, "")
    return {found.photo.path: (photo_id, found) for photo_id, found in found_photos(catalog, ids)}


def place_of(photos: Sequence[Photo]) -> Filter:
    """A filter that leaves at least these photos and their partners, and seldom many others."""
    paths = [path for photo in photos for path in (photo.path, *photo.partners)]
    if len(paths) <= _FEW:
        return Filter(paths=frozenset(paths))
    return Filter(folders=_few(tops(path.parent for path in paths)))


def _few(folders: frozenset[Path]) -> frozenset[Path]:
    """Few folders that hold all of these: the deepest give way to their parents until there are few enough."""
    while len(folders) > _MOST_FOLDERS and (deepest := max(len(folder.parts) for folder in folders)) > 1:
        folders = tops(folder.parent if len(folder.parts) == deepest else folder for folder in folders)
    return folders


def tops(folders: Iterable[Path]) -> frozenset[Path]:
    """The folders among these that lie in no other of them."""
    kept: set[Path] = set()
    for folder in sorted(set(folders)):
        if not kept.intersection(folder.parents):
            kept.add(folder)
    return frozenset(kept)


def _chunks(photos: Sequence[Photo], size: int) -> Iterator[list[Photo]]:
    rest = iter(photos)
    while chunk := list(islice(rest, size)):
        yield chunk
