"""A photo that became a partner, the JPEG beside a RAW: the frame goes on with its marks. Called by `places`.

A RAW that was not known goes on with its JPEG already, see `frames`; here both were photos of their own.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, delete, select, update

from photocull.catalog.chunks import chunked
from photocull.catalog.journal import take_over
from photocull.catalog.known_places import MARKED, PLACE, like, rows_at
from photocull.catalog.moves import KnownPlace
from photocull.catalog.records import FoundPhoto
from photocull.catalog.schema import photos
from photocull.catalog.strangers import facts, is_another


@dataclass(frozen=True, slots=True)
class Joined:
    """What became of frames that were two photos.

    Attributes:
        ids: that of the photo that goes on, by the frame's path. changed: photos that read differently now.
        left: contents that perhaps no photo shows any more.
    """

    ids: Mapping[Path, int]
    changed: tuple[int, ...] = ()
    left: frozenset[str] = frozenset()


def join(
    connection: Connection,
    found: Sequence[FoundPhoto],
    ids: Mapping[Path, int],
    gone: Callable[[Path], bool],
    strangers: Collection[tuple[Path, int]],
) -> Joined:
    """Let the frames of these files, which have their ids already, go on with the marks of photos that joined them.

    A frame without marks goes on as the marked photo. One that has marks keeps them, takes over what it has no mark of,
    and the other photo steps out of sight. What was taken at another time with other settings is of another frame.

    Args:
        gone: whether a path is gone from disk. strangers: files, each with a photo that is not of its frame.
    """
    pairs = _pairs(connection, found, ids, gone)
    pairs = {path: place for path, place in pairs.items() if (path, place.id) not in strangers}
    if not pairs:
        return Joined({})
    heads = {place.id: place for row in rows_at(connection, list(pairs)).values() for place in [row["place"]]}
    known = facts(connection, [*heads, *(place.id for place in pairs.values())])
    pairs = {path: p for path, p in pairs.items() if not is_another(known[p.id], known[ids[path]])}
    for path, place in pairs.items():
        if heads[ids[path]].decided:
            take_over(connection, [(ids[path], place.id)])
            connection.execute(update(photos).where(photos.c.id == place.id).values(missing=True))
        else:
            _go_on_as(connection, ids[path], place.id)
    on = {path: place.id for path, place in pairs.items() if not heads[ids[path]].decided}
    changed = tuple(i for path, place in pairs.items() for i in (ids[path], place.id))
    return Joined(on, changed, frozenset(place.fingerprint for place in pairs.values()))


def marked_sizes(connection: Connection, sizes: Sequence[int]) -> frozenset[int]:
    """Those of these file sizes that a marked photo has."""
    query = select(photos.c.size).where(MARKED).distinct()
    return frozenset(
        size
        for part in chunked(list(dict.fromkeys(sizes)))
        for size in connection.scalars(query.where(photos.c.size.in_(part)))
    )


def _pairs(
    connection: Connection, found: Sequence[FoundPhoto], ids: Mapping[Path, int], gone: Callable[[Path], bool]
) -> dict[Path, KnownPlace]:
    """The marked photo that joined each of these frames, by the frame's path; each at most once."""
    beside = rows_at(connection, [path for f in found for path in f.photo.partners])
    at = {row["place"].path: row["place"] for row in beside.values()}
    beside_now = {path: place for path, place in at.items() if not place.missing}  # others stepped aside for the frame
    elsewhere: dict[str, list[KnownPlace]] = {}
    for place in like(connection, [content for f in found for content in f.partners]):
        if place.path not in at and gone(place.path):
            elsewhere.setdefault(place.fingerprint, []).append(place)
    held = set(ids.values())
    pairs: dict[Path, KnownPlace] = {}
    for f in found:
        joined = [beside_now[path] for path in f.photo.partners if path in beside_now]
        joined += [place for content in f.partners for place in elsewhere.get(content, ())]
        fitting = [place for place in joined if place.decided and place.id not in held]
        if fitting:
            pairs[f.photo.path] = min(fitting, key=lambda place: (place.missing, place.rejected, place.id))
            held.add(pairs[f.photo.path].id)
    return pairs


def _go_on_as(connection: Connection, head: int, marked: int) -> None:
    """Put the marked photo in the place of the head, of which nothing but the place was known."""
    row = connection.execute(select(*(photos.c[name] for name in PLACE)).where(photos.c.id == head)).mappings().one()
    connection.execute(delete(photos).where(photos.c.id == head))
    connection.execute(update(photos).where(photos.c.id == marked).values(dict(row)))
