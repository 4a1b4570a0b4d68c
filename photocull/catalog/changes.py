"""The log of which photos changed last: the writer notes, and who keeps photos in memory asks what to read again."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, delete, insert, select

from photocull.catalog.schema import changes

KEPT: Final = 200_000
"""So many changes are remembered; who has seen fewer of them reads everything again."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A state of the catalogue: its last change and the stamp that it bears.

    Two catalogues with the same number of changes differ in the stamp, so that a backup that was put back, and went on
    from there, is not taken for what was there before.
    """

    change: int
    stamp: int


def note(connection: Connection, ids: Collection[int]) -> None:
    """Remember that these photos read differently now, or are gone; at the end of the transaction that changed them.

    In one from `engine.writing`: as those come one after the other, numbers become visible in their order.
    """
    if not ids:
        return
    stamp = secrets.randbits(62)
    connection.execute(insert(changes), [{"photo_id": photo_id, "stamp": stamp} for photo_id in sorted(ids)])
    connection.execute(delete(changes).where(changes.c.id <= now(connection).change - KEPT))


def now(connection: Connection) -> Moment:
    """The catalogue's last change."""
    query = select(changes.c.id, changes.c.stamp).order_by(changes.c.id.desc()).limit(1)
    row = connection.execute(query).one_or_none()
    return Moment(0, 0) if row is None else Moment(row.id, row.stamp)


def since(connection: Connection, seen: Moment) -> set[int] | None:
    """Ids of the photos that changed after a moment; None where that is not known any more, or never was."""
    stamp = connection.scalar(select(changes.c.stamp).where(changes.c.id == seen.change))
    if stamp != seen.stamp:
        return None
    return set(connection.scalars(select(changes.c.photo_id).where(changes.c.id > seen.change)))
