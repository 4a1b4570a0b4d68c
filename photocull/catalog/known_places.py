"""Where the catalogue knows photos, for scanned files to be matched with; reads only."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Select, String, cast, func, or_, select, true

from photocull.catalog.chunks import chunked
from photocull.catalog.frames import KnownFrame
from photocull.catalog.moves import KnownPlace
from photocull.catalog.paths import from_text, to_text
from photocull.catalog.records import FoundPhoto
from photocull.catalog.schema import contents, photos

UNREAD: Final = "unread:"
"""Leads the stand-in fingerprint of a file whose bytes could not be read: content of its own, for this path alone."""


def content_key(fingerprint: str, path: Path) -> str:
    """What identifies a content in the table."""
    return fingerprint or f"{UNREAD}{to_text(path)}"


def shown_fingerprint(key: str) -> str:
    """The fingerprint that `content_key` was given."""
    return "" if key.startswith(UNREAD) else key


RENEWED: Final = ("size", "mtime_ns", "content_id", "partners", "sidecars", "missing")
"""What a scanned file may change of a known photo."""
PLACE: Final = ("path", "folder", "name_key", "words", *RENEWED)
"""All that a photo's row holds but its id and what was decided."""
MARKED: Final = or_(photos.c.rating_by.is_not(None), photos.c.pick_by.is_not(None), photos.c.label_by.is_not(None))


def _places() -> Select[Any]:
    columns = (photos.c.id, photos.c.path, photos.c.pick, contents.c.fingerprint, MARKED.label("decided"))
    return select(*columns, *(c for c in photos.c if c.name in RENEWED)).select_from(photos.join(contents))


def rows_at(connection: Connection, paths: Sequence[Path]) -> dict[int, dict[str, Any]]:
    """The photos at these paths by id: what `RENEWED` names, and ``place``."""
    rows: dict[int, dict[str, Any]] = {}
    for part in chunked([to_text(path) for path in paths]):
        for row in connection.execute(_places().where(photos.c.path.in_(part))).mappings():
            rows[row["id"]] = {**row, "place": _place(row)}
    return rows


def frames(connection: Connection, new: Sequence[FoundPhoto], *, marked: bool = False) -> list[KnownFrame]:
    """Known photos that may be of one frame with these files, or only the ``marked`` ones."""
    known: list[KnownFrame] = []
    paths = [to_text(path) for f in new for path in f.photo.partners]
    folders = dict.fromkeys(to_text(f.photo.path.parent) for f in new)
    sharing = cast(photos.c.partners, String) != "[]"
    for where, texts in ((photos.c.path, paths), (photos.c.folder, list(folders))):
        for part in chunked(texts):
            query = _places().where(where.in_(part), sharing if where is photos.c.folder else true())
            query = query.where(MARKED) if marked else query
            for row in connection.execute(query.order_by(photos.c.id)).mappings():
                known.append(KnownFrame(_place(row), frozenset(map(from_text, row["partners"]))))
    return known


def _place(row: Any) -> KnownPlace:
    return KnownPlace(
        row["id"],
        from_text(row["path"]),
        row["fingerprint"],
        decided=bool(row["decided"]),
        missing=bool(row["missing"]),
        rejected=row["pick"] == "reject",
    )


def like(connection: Connection, keys: Sequence[str]) -> list[KnownPlace]:
    """Photos of these contents, wherever they are."""
    places: list[KnownPlace] = []
    for part in chunked([key for key in dict.fromkeys(keys) if not key.startswith(UNREAD)]):
        query = _places().where(contents.c.fingerprint.in_(part)).order_by(photos.c.id)
        places += [_place(row) for row in connection.execute(query).mappings()]
    return places


def twins(connection: Connection, folders: Iterable[Path]) -> dict[tuple[Path, int, int], frozenset[Path]]:
    """Photos of one folder that size and time do not tell apart, by folder, size and time; those in sight."""
    key = (photos.c.folder, photos.c.size, photos.c.mtime_ns)
    in_sight = photos.c.missing.is_(False)
    alike: dict[tuple[str, int, int], set[str]] = {}
    for part in chunked([to_text(folder) for folder in folders]):
        here = photos.c.folder.in_(part) & in_sight
        several = select(*key).where(here).group_by(*key).having(func.count() > 1)
        alike |= {(row.folder, row.size, row.mtime_ns): set() for row in connection.execute(several)}
    for part in chunked(sorted({folder for folder, _, _ in alike})):
        for row in connection.execute(select(*key, photos.c.path).where(photos.c.folder.in_(part), in_sight)):
            if (same := alike.get((row.folder, row.size, row.mtime_ns))) is not None:
                same.add(row.path)
    return {(from_text(f), size, time): frozenset(map(from_text, paths)) for (f, size, time), paths in alike.items()}


def renamed(
    found: Iterable[FoundPhoto], rows: Iterable[Mapping[str, Any]], like: Iterable[KnownPlace]
) -> set[tuple[Path, int]]:
    """Files that lie under a name that another photo had, with that photo's id, and are as old and large as it was.

    An edit has a time of its own.
    """
    known = {place.fingerprint for place in like}
    at = {row["place"].path: row for row in rows}
    return {
        (path, row["id"])
        for f in found
        if (row := at.get(path := f.photo.path)) is not None
        and (row["size"], row["mtime_ns"]) == (f.photo.size, f.photo.mtime_ns)
        and row["place"].fingerprint != f.fingerprint
        and f.fingerprint in known
    }
