"""What was decided since a backup, out of the journal of the damaged catalogue, as far as it can still be read."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, cast

from sqlalchemy import func, select

from photocull.catalog.chunks import chunked
from photocull.catalog.database import Catalog
from photocull.catalog.marks import FIELDS, spoken, wished
from photocull.catalog.schema import batches, photos
from photocull.core.errors import UsageError
from photocull.core.types import Decision, Who

INITIATOR: Final = "salvage"
_FIELDS: Final = {str(field): field for field in FIELDS}
_READ: Final = (
    "SELECT journal.photo_id, journal.field, journal.after, journal.after_by FROM journal"
    " WHERE journal.batch_id > ? ORDER BY journal.id"
)


Found = tuple[str, Decision]
"""A path, written as the catalogue writes it, and what was decided last of a field of the photo there."""


def newer_decisions(damaged: Path, restored: Catalog) -> list[Found]:
    """The marks that the journal of a damaged catalogue leads to beyond a backup of the same catalogue.

    Empty where nothing can be read, or where the two do not tell of the same past.
    """
    with restored.reading() as connection:
        last = connection.scalar(select(func.max(batches.c.id))) or 0
        told = connection.execute(select(batches.c.at, batches.c.sentence).where(batches.c.id == last)).first()
    try:
        with closing(sqlite3.connect(damaged, timeout=30)) as journal:
            journal.execute("PRAGMA query_only=ON")
            same = journal.execute("SELECT at, sentence FROM batches WHERE id = ?", (last,)).fetchone()
            if same != (None if told is None else tuple(told)):
                return []
            return list(_found(journal, last))
    except sqlite3.Error:
        return []


def bring_in(found: list[Found], restored: Catalog) -> int:
    """Decide these marks anew on the photos that the restored catalogue knows, as one step; how many marks that were.

    Raises:
        CatalogError: they cannot be written.
    """
    ids: dict[str, int] = {}
    with restored.reading() as connection:
        for part in chunked(sorted({path for path, _ in found})):
            rows = connection.execute(select(photos.c.path, photos.c.id).where(photos.c.path.in_(part)))
            ids.update((row.path, row.id) for row in rows)
    decisions = [replace(decision, photo_id=ids[path]) for path, decision in found if path in ids]
    if decisions:
        restored.writer.decide(decisions, initiator=INITIATOR).result()
    return len(decisions)


def _found(journal: sqlite3.Connection, last: int) -> Iterator[Found]:
    marks: dict[tuple[int, str], tuple[str | None, str | None]] = {}
    with suppress(sqlite3.Error):  # what lies behind the first broken page is lost
        for photo, name, after, by in journal.execute(_READ, (last,)):
            marks[photo, name] = (after, by)
    for (photo, name), (after, by) in marks.items():
        with suppress(sqlite3.Error, ValueError, TypeError, KeyError, UsageError):  # any text may stand there
            row = journal.execute("SELECT path FROM photos WHERE id = ?", (photo,)).fetchone()
            who: Who = "policy" if by == "photocull" else "photographer"
            decision = Decision(photo, _FIELDS[name], cast("Any", spoken(name, after)), who)
            wished(decision)
            yield str(row[0]), decision
