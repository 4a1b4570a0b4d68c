"""What was decided since a backup, out of the journal of the damaged catalogue, as far as it can still be read."""

import sqlite3
from collections.abc import Collection, Iterable, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast

from sqlalchemy import ColumnElement, Connection, func, select

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


_Mark = tuple[str | None, str | None]
"""What the journal says last of a field: its value as text, and whose it is."""


@dataclass(frozen=True, slots=True)
class _Photo:
    """A photo as a table has it; where damage hides the rest, its number alone."""

    id: int
    path: str | None = None
    size: int | None = None
    mtime_ns: int | None = None

    def is_like(self, other: "_Photo") -> bool:
        """Whether it is the same file, here or moved."""
        return self.path == other.path or (self.size, self.mtime_ns) == (other.size, other.mtime_ns)


@dataclass(frozen=True, slots=True)
class Newer:
    """Decisions since a backup, on the photos that it knows, and how many marks there are on others."""

    decisions: tuple[Decision, ...] = ()
    left_out: int = 0


def newer_decisions(damaged: Path, restored: Catalog) -> Newer:
    """The marks that the journal of a damaged catalogue leads to beyond a backup of the same catalogue.

    None where nothing can be read, or where the two do not tell of the same past.
    """
    try:
        with restored.reading() as backup, closing(sqlite3.connect(damaged, timeout=30)) as journal:
            journal.execute("PRAGMA query_only=ON")
            last = backup.scalar(select(func.max(batches.c.id))) or 0
            told = backup.execute(select(batches.c.at, batches.c.sentence).where(batches.c.id == last)).first()
            same = journal.execute("SELECT at, sentence FROM batches WHERE id = ?", (last,)).fetchone()
            if same != (None if told is None else tuple(told)):
                return Newer()
            marks = _marks(journal, last)
            targets = _targets(journal, backup, {photo for photo, _ in marks}, proved=told is not None)
    except sqlite3.Error:
        return Newer()
    return _newer(marks, targets)


def bring_in(newer: Newer, restored: Catalog) -> int:
    """Decide these marks anew in the restored catalogue, as one step; how many marks that were.

    Raises:
        CatalogError: they cannot be written.
    """
    if newer.decisions:
        restored.writer.decide(newer.decisions, initiator=INITIATOR).result()
    return len(newer.decisions)


def _marks(journal: sqlite3.Connection, last: int) -> dict[tuple[int, str], _Mark]:
    marks: dict[tuple[int, str], _Mark] = {}
    with suppress(sqlite3.Error):  # what lies behind the first broken page is lost
        for photo, name, after, by in journal.execute(_READ, (last,)):
            marks[photo, name] = (after, by)
    return marks


def _newer(marks: Mapping[tuple[int, str], _Mark], targets: Mapping[int, int]) -> Newer:
    decisions: list[Decision] = []
    left_out = 0
    for (photo, name), (after, by) in marks.items():
        try:
            who: Who = "policy" if by == "photocull" else "photographer"
            decision = Decision(targets[photo], _FIELDS[name], cast("Any", spoken(name, after)), who)
            wished(decision)
            decisions.append(decision)
        except (ValueError, TypeError, KeyError, UsageError):  # any text may stand there
            left_out += after is not None
    return Newer(tuple(decisions), left_out)


def _targets(journal: sqlite3.Connection, backup: Connection, ids: Collection[int], *, proved: bool) -> dict[int, int]:
    """Which photo of the backup each of these is: the one of its number, as none comes twice, or the one at its path.

    Args:
        proved: that the two have a past in common, so that a number means the same photo in both.
    """
    now = [one for one in (_in_damaged(journal, photo) for photo in sorted(ids)) if one is not None]
    by_id = {one.id: one for one in _in_backup(backup, photos.c.id, [one.id for one in now])}
    by_path = {one.path: one for one in _in_backup(backup, photos.c.path, [one.path for one in now if one.path])}

    def is_same(one: _Photo, other: _Photo | None) -> bool:
        return other is not None and (proved or one.is_like(other))

    targets: dict[int, int] = {}
    for one in now:
        if is_same(one, by_id.get(one.id)):
            targets[one.id] = one.id
        elif (there := by_path.get(one.path)) and not is_same(there, _in_damaged(journal, there.id)):
            targets[one.id] = there.id  # it was forgotten and came again; else that one moved away and another came
    return targets


def _in_damaged(journal: sqlite3.Connection, photo: int) -> _Photo | None:
    try:
        row = journal.execute("SELECT id, path, size, mtime_ns FROM photos WHERE id = ?", (photo,)).fetchone()
    except sqlite3.Error:
        return _Photo(photo)
    return None if row is None else _Photo(*row)


def _in_backup(backup: Connection, column: ColumnElement[Any], values: Iterable[Any]) -> list[_Photo]:
    query = select(photos.c.id, photos.c.path, photos.c.size, photos.c.mtime_ns)
    parts = chunked(sorted(values))
    return [_Photo(*row) for part in parts for row in backup.execute(query.where(column.in_(part)))]
