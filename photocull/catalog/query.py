"""All questions to the catalogue: which photos in which order, their rows by page, counts, places and history.

Each function opens a read connection of its own, so any thread may ask. Ids come first; rows are asked for by page.
``model`` is always a model's fingerprint: a photo shows what that model said of it, or nothing.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

import numpy as np
from sqlalchemy import func, select

from photocull.catalog import joining, outside
from photocull.catalog.away import Away, away_now, is_deleted
from photocull.catalog.chunks import chunked
from photocull.catalog.columns import UNKNOWN_SHAPE
from photocull.catalog.database import Catalog
from photocull.catalog.facets import facets
from photocull.catalog.filters import AT_LEAST, Conditions, at_or_below, joined, ordered
from photocull.catalog.journal import MARKS
from photocull.catalog.known_places import UNREAD, shown_fingerprint
from photocull.catalog.known_places import twins as find_twins
from photocull.catalog.marks import FIELDS, Mark, mark_of, spoken
from photocull.catalog.outside import Standing
from photocull.catalog.paths import from_text, to_text
from photocull.catalog.records import Filter, FoundPhoto, JournalEntry, Rank, Sort
from photocull.catalog.remounted import new_places
from photocull.catalog.rows import photo_details, photo_rows
from photocull.catalog.schema import attention as grids
from photocull.catalog.schema import batches, contents, judgements, models, photos
from photocull.catalog.schema import journal as entries
from photocull.catalog.strangers import kin
from photocull.core.types import Grid, Photo

__all__ = [
    "BY_NAME",
    "attention", "away", "doubtful", "facets", "folders", "found", "holdings", "in_folder", "journal", "known",
    "marked", "marked_sizes", "on_a_drive_that_is_there", "photo_details", "photo_ids",
    "photo_rows", "rank", "shapes", "spoken_of", "standings", "twins", "unjudged",
]  # fmt: skip
BY_NAME: Final = Sort("name", descending=False)
"""As they lie in a folder."""


def photo_ids(catalog: Catalog, filter: Filter, sort: Sort, model: str) -> list[int]:
    """The ids of the photos that a filter leaves, in order."""
    if (view := catalog.view(filter, model)) is not None:
        return view.ids(filter, sort)
    query = select(photos.c.id).select_from(joined(model)).where(Conditions(filter).everything)
    with catalog.reading() as connection:
        return list(connection.scalars(ordered(query, sort)))


def attention(catalog: Catalog, photo_id: int, model: str, kind: str) -> Grid | None:
    """The map of one kind over a photo, (h, w) float16 0..1; None where the model made none."""
    mine = (photos.c.id == photo_id) & (models.c.fingerprint == model) & (grids.c.kind == kind)
    source = photos.join(judgements, judgements.c.content_id == photos.c.content_id).join(models).join(grids)
    with catalog.reading() as connection:
        query = select(grids.c.grid, grids.c.height, grids.c.width).select_from(source).where(mine)
        row = connection.execute(query).one_or_none()
    return None if row is None else np.frombuffer(row.grid, "<f2").reshape(row.height, row.width).astype(np.float16)


def rank(catalog: Catalog, photo_id: int, filter: Filter, key: str, model: str) -> Rank | None:
    """The photo's place by one score among a filter's judged photos; None where it is not judged or not among them.

    Args:
        key: "aesthetic", "colour", "technical" or "overall". Equal scores share the better place.
    """
    if (view := catalog.view(filter, model)) is not None:
        return view.rank(photo_id, filter, key)
    score = AT_LEAST[key]
    among = select(score.label("score")).select_from(joined(model)).where(Conditions(filter).everything)
    among = among.where(score >= 0)
    with catalog.reading() as connection:
        own = connection.scalar(among.where(photos.c.id == photo_id))
        if own is None:
            return None
        scores = among.subquery()
        better = func.count().filter(scores.c.score > own)
        row = connection.execute(select(better, func.count()).select_from(scores)).one()
    return Rank(row[0] + 1, row[1])


def unjudged(catalog: Catalog, ids: Sequence[int], model: str) -> list[int]:
    """Those of these photos, in this order, whose content this model has yet to judge and that did not fail."""
    open_ids: set[int] = set()
    query = select(photos.c.id).select_from(joined(model))
    query = query.where(judgements.c.id.is_(None), contents.c.status != "unreadable")
    with catalog.reading() as connection:
        for part in chunked(ids):
            open_ids.update(connection.scalars(query.where(photos.c.id.in_(part))))
    return [i for i in ids if i in open_ids]


def found(catalog: Catalog, ids: Sequence[int]) -> list[tuple[int, FoundPhoto]]:
    """These photos as they were registered, in this order; unknown ids are left out."""
    columns = ("id", "path", "size", "mtime_ns", "partners", "sidecars")
    query = select(*(photos.c[name] for name in columns), contents.c.fingerprint).join(contents)
    known: dict[int, FoundPhoto] = {}
    with catalog.reading() as connection:
        for part in chunked(ids):
            for row in connection.execute(query.where(photos.c.id.in_(part))):
                partners, sidecars = (tuple(map(from_text, paths)) for paths in (row.partners, row.sidecars))
                photo = Photo(from_text(row.path), row.size, row.mtime_ns, partners, sidecars)
                known[row.id] = FoundPhoto(photo, shown_fingerprint(row.fingerprint))
    return [(i, known[i]) for i in ids if i in known]


def known(catalog: Catalog, paths: Iterable[Path]) -> dict[Path, tuple[int, int, str]]:
    """Size, modification time and fingerprint of those of these files that were registered.

    A file with the same size and time need not be read again. Files whose bytes could not be read are left out.
    """
    by_text = {to_text(path): path for path in paths}
    query = select(photos.c.path, photos.c.size, photos.c.mtime_ns, contents.c.fingerprint).join(contents)
    query = query.where(~contents.c.fingerprint.startswith(UNREAD))
    with catalog.reading() as connection:
        return {
            by_text[path]: (size, mtime_ns, fingerprint)
            for part in chunked(list(by_text))
            for path, size, mtime_ns, fingerprint in connection.execute(query.where(photos.c.path.in_(part)))
        }


def doubtful(catalog: Catalog, found: Sequence[FoundPhoto]) -> frozenset[Path]:
    """Those of these files whose facts must be read: they may be other photos than the marked ones known there."""
    with catalog.reading() as connection:
        return frozenset(kin(connection, found))


def marked_sizes(catalog: Catalog, sizes: Sequence[int]) -> frozenset[int]:
    """Those of these file sizes that a marked photo has."""
    with catalog.reading() as connection:
        return joining.marked_sizes(connection, sizes)


def twins(catalog: Catalog, folders: Iterable[Path]) -> dict[tuple[Path, int, int], frozenset[Path]]:
    """Photos of one folder that size and time do not tell apart, by folder, size and time."""
    with catalog.reading() as connection:
        return find_twins(connection, folders)


def standings(catalog: Catalog, ids: Sequence[int]) -> dict[int, Standing]:
    """How these photos and what lies in their sidecars stand to each other; unknown ids are left out."""
    with catalog.reading() as connection:
        return outside.standings(connection, ids)


def marked(catalog: Catalog, ids: Sequence[int]) -> dict[int, tuple[Path, tuple[Mark, ...]]]:
    """Where each of these photos lies, and its marks in the order of `marks.FIELDS`; unknown ids are left out."""
    query = select(photos.c.id, photos.c.path, *MARKS)
    with catalog.reading() as connection:
        rows = [r for part in chunked(ids) for r in connection.execute(query.where(photos.c.id.in_(part))).mappings()]
    return {row["id"]: (from_text(row["path"]), tuple(mark_of(row, name) for name in FIELDS)) for row in rows}


def spoken_of(catalog: Catalog, ids: Sequence[int]) -> set[int]:
    """Those of these photos of whose sidecars something was ever heard, or whose files bear marks."""
    with catalog.reading() as connection:
        return outside.spoken_of(connection, ids)


def journal(catalog: Catalog, photo_id: int | None = None, limit: int = 100) -> list[JournalEntry]:
    """The last decisions on one photo or on all, newest first."""
    query = select(entries, batches.c.at, batches.c.kind).join(batches).order_by(entries.c.id.desc()).limit(limit)
    if photo_id is not None:
        query = query.where(entries.c.photo_id == photo_id)
    with catalog.reading() as connection:
        rows = connection.execute(query).all()
    return [
        JournalEntry(
            id=row.id,
            batch=row.batch_id,
            photo_id=row.photo_id,
            field=row.field,
            before=spoken(row.field, row.before),
            after=spoken(row.field, row.after),
            who=row.who,
            at=datetime.fromisoformat(row.at),
            kind=row.kind,
        )
        for row in rows
    ]


def folders(catalog: Catalog) -> dict[Path, int]:
    """Every folder in which photos in sight lie, with how many lie right in it."""
    if (columns := catalog.columns()) is not None:
        return columns.in_sight()
    query = select(photos.c.folder, func.count()).where(photos.c.missing.is_(False))
    with catalog.reading() as connection:
        rows = connection.execute(query.group_by(photos.c.folder).order_by(photos.c.folder)).all()
    return {from_text(folder): count for folder, count in rows}


def away(catalog: Catalog) -> Away:
    """The folders whose drive is not there now; cheap, and never waits for a drive of the machine's own."""
    with catalog.reading() as connection:
        return away_now(connection)


def remounted(catalog: Catalog, folders: Collection[Path]) -> dict[Path, Path]:
    """Mount points that are gone, each with the one at which its drive is now, of those that hold these folders."""
    with catalog.reading() as connection:
        return new_places(connection, folders)


def on_a_drive_that_is_there(catalog: Catalog, folder: Path) -> bool:
    """Whether it is known on which drive a folder lies, and that one is there now: then an empty folder is empty."""
    with catalog.reading() as connection:
        return is_deleted(connection, folder)


def holdings(catalog: Catalog, path: Path) -> tuple[int, int]:
    """How many photos are known at a path, or below it, gone ones included, and how many decisions on them."""
    here = at_or_below(photos.c.path, path)
    with catalog.reading() as connection:
        count = connection.scalar(select(func.count()).select_from(photos).where(here)) or 0
        decided = select(func.count()).select_from(entries.join(photos)).where(here)
        return count, connection.scalar(decided) or 0


def in_folder(catalog: Catalog, folder: Path) -> list[int]:
    """The ids of the photos in sight that lie right in a folder, by path."""
    query = select(photos.c.id).where(photos.c.folder == to_text(folder), photos.c.missing.is_(False))
    with catalog.reading() as connection:
        return list(connection.scalars(query.order_by(photos.c.path)))


def shapes(catalog: Catalog, ids: Sequence[int]) -> list[float]:
    """Width by height of each of these photos as shown, in this order; 1.5 where it is not known."""
    if (columns := catalog.columns()) is not None:
        return columns.shapes(ids)
    query = select(photos.c.id, contents.c.width, contents.c.height).join(contents)
    by_id: dict[int, float] = {}
    with catalog.reading() as connection:
        for part in chunked(ids):
            rows = connection.execute(query.where(photos.c.id.in_(part), contents.c.height > 0, contents.c.width > 0))
            by_id.update((row.id, row.width / row.height) for row in rows)
    return [by_id.get(i, UNKNOWN_SHAPE) for i in ids]
