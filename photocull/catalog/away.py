"""Which known photos lie on a drive that is not there now; the catalogue remembers on which drive each folder lies."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Connection, delete, insert, select

from photocull.catalog.chunks import chunked
from photocull.catalog.filters import at_or_below
from photocull.catalog.paths import below, from_text, to_text
from photocull.catalog.schema import drives, photos
from photocull.core.errors import printable
from photocull.photo import mounts
from photocull.photo.mounts import is_there, place_of


@dataclass(frozen=True, slots=True)
class Away:
    """Folders that cannot be reached now with all below them: each with its drive, None where that is not known."""

    places: dict[Path, Path | None] = field(default_factory=dict)

    def word(self, path: Path) -> str:
        """Why a file cannot be reached, one line; empty where nothing speaks against it."""
        folder = self.folder_of(path)
        if folder is None:
            return ""
        drive = self.places[folder]
        if drive is None:
            return f"In a folder that cannot be found: {printable(folder)}"
        return f"On a drive that is not connected: {printable(drive)}"

    def folder_of(self, path: Path) -> Path | None:
        """The folder of `places` in which a path lies, or which it is."""
        return (
            next((folder for folder in (path, *path.parents) if folder in self.places), None) if self.places else None
        )


def away_now(connection: Connection) -> Away:
    """The folders whose remembered drive is not there."""
    there = mounts.mounted()
    known = remembered(connection)
    gone = {drive for drive in set(known.values()) if not is_there(drive, there)}
    return Away({folder: drive for folder, drive in known.items() if drive in gone})


def remembered(connection: Connection) -> dict[Path, Path]:
    """The drive of each folder that one was noted for; a folder has that of the nearest one above it."""
    return {folder: drive for folder, (drive, _) in identities(connection).items()}


def identities(connection: Connection) -> dict[Path, tuple[Path, str | None]]:
    """The drive of each folder that one was noted for, and which one it was, where that was told."""
    rows = connection.execute(select(drives.c.folder, drives.c.drive, drives.c.identity))
    return {from_text(row.folder): (from_text(row.drive), row.identity) for row in rows}


def is_deleted(connection: Connection, folder: Path) -> bool:
    """Whether a folder that is not there was deleted: its drive is known, and it is there."""
    known = remembered(connection)
    drive = next((known[above] for above in (folder, *folder.parents) if above in known), None)
    return drive is not None and is_there(drive, mounts.mounted())


def on_other_drives(connection: Connection, paths: Iterable[Path]) -> frozenset[Path]:
    """Those of these paths whose drive is there now and is not the one that was noted at the same place."""
    noted = identities(connection)
    now = {drive: mounts.identity(drive) for drive, before in set(noted.values()) if before}
    others = {folder for folder, (drive, before) in noted.items() if before and now[drive] not in ("", before)}
    nearest = {path: next((above for above in path.parents if above in noted), None) for path in paths}
    return frozenset(path for path, folder in nearest.items() if folder in others)


def note_drives(connection: Connection, folder: Path) -> None:
    """Remember the drive of a folder that is there, and of the folders below it in which photos lie on another one."""
    there, before = mounts.mounted(), identities(connection)
    own = place_of(folder, there)
    now = {own.folder: own.drive}
    for place in (place_of(one, there) for one in _folders_below(connection, folder)):
        if folder in place.folder.parents and place.drive != Path(folder.anchor):
            now[place.folder] = place.drive
    old = [f for f, (drive, _) in before.items() if folder in f.parents and f not in now and is_there(drive, there)]
    told = {drive: mounts.identity(drive) or None for drive in set(now.values())}
    new = [
        f
        for f, drive in now.items()
        if f not in before or before[f][0] != drive or told[drive] not in (None, before[f][1])
    ]
    for part in chunked([to_text(one) for one in (*old, *new)]):
        connection.execute(delete(drives).where(drives.c.folder.in_(part)))
    if new:
        connection.execute(
            insert(drives), [{"folder": to_text(f), "drive": to_text(now[f]), "identity": told[now[f]]} for f in new]
        )


def _folders_below(connection: Connection, folder: Path) -> list[Path]:
    start, end = below(folder)
    inside = select(photos.c.folder).where(photos.c.path >= start, photos.c.path < end, photos.c.missing.is_(False))
    return [from_text(text) for text in connection.scalars(inside.distinct())]


def forget_below(connection: Connection, path: Path) -> None:
    """Remember nothing of this folder and those below it any more."""
    connection.execute(delete(drives).where(at_or_below(drives.c.folder, path)))
