"""Whether a file where a marked photo was known is another photo, and not that one edited: its marks are not its own.

Another card under the same name, or a camera that began to count anew in a folder that was emptied.
"""

import math
from collections.abc import Iterable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, select

from photocull.catalog.away import on_other_drives
from photocull.catalog.camera import COLUMNS, exif_of
from photocull.catalog.chunks import chunked
from photocull.catalog.frames import KnownFrame, by_path
from photocull.catalog.known_places import content_key, frames, like, rows_at
from photocull.catalog.moves import unsettled
from photocull.catalog.records import FoundPhoto
from photocull.catalog.schema import contents, photos
from photocull.core.types import Exif

_SETTINGS: Final = ("camera", "exposure_time", "f_number", "iso", "focal_length")
_SAME_SECOND: Final = timedelta(seconds=1)


def kin(connection: Connection, found: Sequence[FoundPhoto]) -> dict[Path, frozenset[int]]:
    """The marked photos, by id, that each of these files goes on with by its place or its frame, not by its content.

    Files without any are left out.
    """
    files = [FoundPhoto(f.photo, content_key(f.fingerprint, f.photo.path)) for f in found]
    at = {row["place"].path: row["place"] for row in rows_at(connection, [f.photo.path for f in files]).values()}
    doubtful = unsettled(files, at)
    alone = (KnownFrame(place, frozenset()) for place in at.values())
    heads = by_path([*alone, *frames(connection, doubtful, marked=True)])
    known = {
        f.photo.path: frozenset(
            place.id
            for path in (f.photo.path, *f.photo.partners)
            for place in heads.get(path, ())
            if place.decided and place.fingerprint != f.fingerprint
        )
        for f in doubtful
    }
    return {path: ids for path, ids in known.items() if ids}


def strangers(connection: Connection, found: Iterable[FoundPhoto]) -> frozenset[tuple[Path, int]]:
    """Files and the marked photos, by id, that they do not go on with; only files of which the facts were read."""
    read = {f.photo.path: f for f in found if f.exif is not None}
    if not read:
        return frozenset()
    known = kin(connection, list(read.values()))
    elsewhere = on_other_drives(connection, known)
    before = facts(connection, sorted(frozenset().union(*known.values())))
    missing = _missing(connection, list(before))
    familiar = {place.fingerprint for place in like(connection, [read[path].fingerprint for path in known])}

    def other(path: Path, photo: int) -> bool:
        now = read[path].exif or Exif()
        if path in elsewhere or is_another(before[photo], now):
            return True
        apart = _apart(before[photo], now)
        if photo in missing:  # what was gone cannot have been edited in its place: only a sign that it is back counts
            return apart is None or apart
        return bool(apart) and read[path].fingerprint in familiar

    return frozenset((path, photo) for path, ids in known.items() for photo in ids if other(path, photo))


def is_another(before: Exif, now: Exif) -> bool:
    """Whether these are the facts of two exposures, and not of one whose file was edited; in doubt they are of one.

    Who sets a camera's clock right afterwards changes the time, but no setting, and no fraction of a second.
    """
    if before.taken is None or now.taken is None or not _apart(before, now):
        return False
    one, other = before.taken, now.taken
    if one.microsecond and other.microsecond and one.microsecond != other.microsecond:
        return True
    return any(_differ(getattr(before, name), getattr(now, name)) for name in _SETTINGS)


def _apart(before: Exif, now: Exif) -> bool | None:
    """Whether these were taken a second or more apart; None where it is not known."""
    if before.taken is None or now.taken is None:
        return None
    # A zone may be added later.
    return abs(before.taken.replace(tzinfo=None) - now.taken.replace(tzinfo=None)) >= _SAME_SECOND


def _differ(one: str | float | None, other: str | float | None) -> bool:
    if one is None or other is None:
        return False
    if isinstance(one, str) or isinstance(other, str):
        return one != other
    return not math.isclose(one, other, rel_tol=0.01)


def _missing(connection: Connection, ids: Sequence[int]) -> frozenset[int]:
    query = select(photos.c.id).where(photos.c.missing.is_(True))
    return frozenset(i for part in chunked(ids) for i in connection.scalars(query.where(photos.c.id.in_(part))))


def facts(connection: Connection, ids: Sequence[int]) -> dict[int, Exif]:
    """What the catalogue knows of how these photos were taken, by id."""
    query = select(photos.c.id.label("photo"), *(contents.c[name] for name in COLUMNS)).join(contents)
    return {
        row.photo: exif_of(row)
        for part in chunked(ids)
        for row in connection.execute(query.where(photos.c.id.in_(part)))
    }
