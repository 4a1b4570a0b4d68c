"""A drive that comes back at another place: what is known below its old mount point goes along, and is no new photo.

Linux names the folder of a second drive ``DISK1`` where there is a ``DISK``, Windows takes the next free letter.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, and_, bindparam, delete, insert, select, update

from photocull.catalog.away import identities
from photocull.catalog.chunks import chunked
from photocull.catalog.paths import below, from_text, start_in, to_text
from photocull.catalog.schema import drives, photos
from photocull.photo import mounts
from photocull.photo.looking import look
from photocull.photo.mounts import is_there, place_of

_LOOKS: Final = 100
"""So many of a drive's known photos are looked for at its new place, at most; one that is there proves it."""


@dataclass(frozen=True, slots=True)
class _Way:
    """From one mount point to another, as texts."""

    old: str
    new: str

    def of(self, text: str) -> str:
        """Where a path is then; what lies elsewhere stays."""
        if text == self.old:
            return self.new
        start = start_in(self.old)
        return start_in(self.new) + text.removeprefix(start) if text.startswith(start) else text


def new_places(connection: Connection, folders: Iterable[Path]) -> dict[Path, Path]:
    """Noted mount points that are gone, each with the one at which its drive is now, of those that hold these folders.

    A card that is another one's copy has its identity; so a known photo must be there as well.
    """
    there = mounts.mounted()
    lost = {
        drive: identity
        for folder, (drive, identity) in identities(connection).items()
        if identity and folder == drive and str(drive) not in there
    }
    if not lost:
        return {}
    places = {place_of(folder, there) for folder in folders}
    # Below a link photos have the link's names, and are not where they were.
    now = {place.drive: mounts.identity(place.drive) for place in places if place.folder == place.drive}
    same = ((old, new) for old in sorted(lost) for new in sorted(now) if lost[old] == now[new])
    return {old: new for old, new in same if not is_there(old, there) and _has_known(connection, old, new)}


def follow(connection: Connection, ways: Mapping[Path, Path]) -> tuple[int, ...]:
    """Take what is known below each of these mount points to another one; ids of the photos that this concerns.

    Where a photo is known at the new place already, both stay.
    """
    changed: list[int] = []
    for old, new in ways.items():
        way = _Way(to_text(old), to_text(new))
        known = _known(connection, old)
        taken = _paths(connection, [way.of(row.path) for row in known])
        moving = [row for row in known if way.of(row.path) not in taken]
        _move(connection, way, moving)
        _note(connection, way, stays=len(moving) < len(known))
        changed += [row.id for row in moving]
    return tuple(changed)


def _inside(folder: Path) -> ColumnElement[bool]:
    start, end = below(folder)
    return and_(photos.c.path >= start, photos.c.path < end)


def _has_known(connection: Connection, old: Path, new: Path) -> bool:
    way = _Way(to_text(old), to_text(new))
    query = select(photos.c.path, photos.c.size).where(_inside(old), photos.c.missing.is_(False))
    rows = connection.execute(query.order_by(photos.c.id)).all()
    for row in rows[:: len(rows) // _LOOKS + 1]:
        try:
            seen = look(from_text(way.of(row.path)))
        except TimeoutError:
            return False
        except OSError:
            continue
        if seen.what == "file" and seen.size == row.size:
            return True
    return False


def _known(connection: Connection, drive: Path) -> list[Any]:
    """Its photos, without those on other drives that were mounted below it."""
    columns = (photos.c.id, photos.c.path, photos.c.folder, photos.c.partners, photos.c.sidecars)
    others = [f for f, (other, _) in identities(connection).items() if drive in f.parents and other != drive]
    starts = tuple(start_in(to_text(folder)) for folder in others)
    return [
        row for row in connection.execute(select(*columns).where(_inside(drive))) if not row.path.startswith(starts)
    ]


def _paths(connection: Connection, texts: list[str]) -> set[str]:
    """Those of these paths at which a photo is known."""
    query = select(photos.c.path)
    return {text for part in chunked(texts) for text in connection.scalars(query.where(photos.c.path.in_(part)))}


def _move(connection: Connection, way: _Way, rows: list[Any]) -> None:
    if not rows:
        return
    names = ("path", "folder", "partners", "sidecars")
    goals = [
        {
            "key": row.id,
            "path": way.of(row.path),
            "folder": way.of(row.folder),
            "partners": [way.of(text) for text in row.partners],
            "sidecars": [way.of(text) for text in row.sidecars],
        }
        for row in rows
    ]
    change = update(photos).where(photos.c.id == bindparam("key"))
    connection.execute(change.values({name: bindparam(name) for name in names}), goals)


def _note(connection: Connection, way: _Way, *, stays: bool) -> None:
    """Remember the drive at its new place, and at the old one only where photos stay that are to be seen as away."""
    rows = connection.execute(select(drives).where(drives.c.drive == way.old)).all()
    own = [row for row in rows if way.of(row.folder) != row.folder]
    goals = [way.of(row.folder) for row in own]
    for part in chunked([*goals, *([] if stays else [row.folder for row in own])]):
        connection.execute(delete(drives).where(drives.c.folder.in_(part)))
    if own:
        values = [{"folder": way.of(row.folder), "drive": way.new, "identity": row.identity} for row in own]
        connection.execute(insert(drives), values)
