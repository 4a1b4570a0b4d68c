"""What becomes of marks whose file is gone while copies of it are there; called by `places`."""

from collections.abc import Sequence

from sqlalchemy import Connection, exists, select

from photocull.catalog.chunks import chunked
from photocull.catalog.journal import take_over
from photocull.catalog.known_places import MARKED
from photocull.catalog.schema import journal, photos


def pass_on(connection: Connection, gone: Sequence[int]) -> tuple[int, ...]:
    """Give the marks of photos whose files are gone to their copies of which nothing was ever decided; ids of these.

    A card that is emptied after its photos were copied must not take along what was decided on it. A reject is not
    passed on: that file was deleted because of it. Where another copy in sight is marked, nothing is.
    """
    rejected = photos.c.pick.is_not_distinct_from("reject")
    in_sight = photos.c.missing.is_(False)
    decided = exists().where(journal.c.photo_id == photos.c.id)
    pairs: list[tuple[int, int]] = []
    for part in chunked(gone):
        query = select(photos.c.content_id, photos.c.id).where(photos.c.id.in_(part), MARKED, ~rejected)
        sources = {row.content_id: row.id for row in connection.execute(query.order_by(photos.c.id.desc()))}
        for contents in chunked(sorted(sources)):
            same = photos.c.content_id.in_(contents) & in_sight
            known = set(connection.scalars(select(photos.c.content_id).where(same, MARKED)))
            copies = connection.execute(select(photos.c.id, photos.c.content_id).where(same, ~MARKED, ~decided)).all()
            pairs += [(row.id, sources[row.content_id]) for row in copies if row.content_id not in known]
    take_over(connection, pairs)
    return tuple(copy for copy, _ in pairs)
