"""Whose hand a mark is from, told by the journal: what was undone counts no more, what it replaced counts again."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, exists, select

from photocull.catalog.chunks import chunked
from photocull.catalog.schema import batches, journal


def marked_by_others(connection: Connection, ids: Iterable[int], since: int, author: str) -> frozenset[tuple[int, str]]:
    """Fields of these photos, by photo and name, whose mark is of another author's batch after this one.

    The values do not tell: the other may have given what was there before, and that is a decision too.
    """
    others = (batches.c.author.is_not(None), batches.c.author != author, batches.c.id > since)
    if not connection.scalar(select(exists().where(*others))):
        return frozenset()
    standing = _standing(connection, ids)
    return frozenset(key for key, row in standing.items() if row.batch_id > since and row.author not in (None, author))


def _standing(connection: Connection, ids: Iterable[int]) -> dict[tuple[int, str], Any]:
    """The entry that each field's mark is from."""
    columns = (journal.c.photo_id, journal.c.field, journal.c.batch_id)
    query = select(*columns, batches.c.kind, batches.c.target, batches.c.author).join(batches).order_by(journal.c.id)
    entries: defaultdict[tuple[int, str], list[Any]] = defaultdict(list)
    for part in chunked(sorted(set(ids))):
        for row in connection.execute(query.where(journal.c.photo_id.in_(part))):
            made = entries[row.photo_id, row.field]
            if row.kind != "undo":
                made.append(row)
            elif (undone := _last_of(row.target, made)) is not None:
                del made[undone:]
    return {key: made[-1] for key, made in entries.items() if made}


def _last_of(batch: int, made: list[Any]) -> int | None:
    """Where a batch was applied last, by itself or redone."""
    return max((n for n, row in enumerate(made) if batch in (row.batch_id, row.target)), default=None)
