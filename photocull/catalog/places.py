"""Where photos lie: registers scanned files, follows moves, hides what is gone, forgets; called by the writer."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, String, bindparam, cast, delete, exists, insert, select, update

from photocull.catalog.away import Away, away_now, forget_below, is_deleted, note_drives
from photocull.catalog.chunks import chunked
from photocull.catalog.filters import at_or_below
from photocull.catalog.frames import successors
from photocull.catalog.inheriting import pass_on
from photocull.catalog.joining import join
from photocull.catalog.journal import take_over
from photocull.catalog.known_places import RENEWED, content_key, frames, renamed, rows_at
from photocull.catalog.known_places import like as find_like
from photocull.catalog.moves import KnownPlace, Plan, plan, unsettled
from photocull.catalog.paths import PUSHED, below, fold, from_text, natural_key, to_text
from photocull.catalog.records import FoundPhoto
from photocull.catalog.schema import contents, photos
from photocull.catalog.strangers import strangers
from photocull.core.types import Photo
from photocull.photo.looking import look


def register(connection: Connection, found: Sequence[FoundPhoto]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Enter or renew photos; their ids in order, and the ids of those whose rows read differently now."""
    files = {f.photo.path: replace(f, fingerprint=content_key(f.fingerprint, f.photo.path)) for f in found}
    rows = rows_at(connection, list(files))
    at = {row["place"].path: row["place"] for row in rows.values()}
    open_files = unsettled(files.values(), at)
    like = find_like(connection, [f.fingerprint for f in open_files])
    away = away_now(connection) if like or open_files else Away()

    def gone(path: Path) -> bool:
        return away.folder_of(path) is None and _gone(path)

    others = strangers(connection, found) | renamed(open_files, rows.values(), like)
    planned = plan(files, at, like, gone, others)
    taken = planned.replaced | planned.ousted | frozenset(planned.ids.values())
    heads = successors(planned.new, frames(connection, planned.new), taken, gone, others)
    planned = planned.going_on(heads)
    content_ids = _content_ids(connection, [f.fingerprint for f in open_files])
    content_ids |= {row["place"].fingerprint: row["content_id"] for row in rows.values()}
    _make_room(connection, planned)
    changed = _renew(connection, files, planned, rows, content_ids)
    ids = dict(planned.ids) | _enter(connection, planned.new, content_ids)
    take_over(connection, _heirs(planned.new, ids, [one for one in like if away.folder_of(one.path) is not None]))
    news = [ids[f.photo.path] for f in planned.new]
    joined = join(connection, found, ids, gone, others)
    ids |= joined.ids
    left = {place.fingerprint for place in (*at.values(), *like, *heads.values())} | joined.left
    _drop_unused(connection, left - {f.fingerprint for f in files.values()})
    told = (*changed, *news, *sorted(planned.replaced | planned.ousted), *joined.changed)
    return tuple(ids[f.photo.path] for f in found), tuple(dict.fromkeys(told))


def _heirs(
    new: Iterable[FoundPhoto], ids: Mapping[Path, int], absent: Iterable[KnownPlace]
) -> Iterator[tuple[int, int]]:
    """New photos with a photo of the same content and with marks on a drive that is away: it may be its copy or it."""
    marked = {place.fingerprint: place.id for place in absent if place.decided}
    return ((ids[f.photo.path], marked[f.fingerprint]) for f in new if f.fingerprint in marked)


def hide_vanished(
    connection: Connection, folders: Iterable[Path], found: Collection[int]
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Hide photos below scanned folders that were not found and whose files are gone, but not with their drive.

    Returns their ids, and those of copies that have their marks now.
    """
    vanished: list[int] = []
    away = away_now(connection)
    for folder in folders:
        with suppress(TimeoutError):  # a drive that does not answer is asked no more
            vanished += _vanished(connection, folder, found, away)
    return _hide(connection, vanished), pass_on(connection, vanished)


def _vanished(connection: Connection, folder: Path, found: Collection[int], away: Away) -> list[int]:
    if away.folder_of(folder) is not None:
        return []
    if _is_folder(folder):
        note_drives(connection, folder)
    elif not is_deleted(connection, folder):  # perhaps on a drive that nobody has noted
        return []
    start, end = below(folder)
    inside = select(photos.c.id, photos.c.path).where(photos.c.path >= start, photos.c.path < end)
    rows = connection.execute(inside.where(photos.c.missing.is_(False)))
    unseen = [(row.id, from_text(row.path)) for row in rows if row.id not in found]
    return [i for i, path in unseen if away.folder_of(path) is None and _surely_gone(path)]


def mark_missing(connection: Connection, paths: Sequence[Path]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Hide the photos at these paths, but not those on a drive that is away: they are not known to be gone.

    Returns their ids, and those of copies that have their marks now.
    """
    here: list[tuple[int, Path]] = []
    away = away_now(connection)
    query = select(photos.c.id, photos.c.path).where(photos.c.missing.is_(False))
    for part in chunked([to_text(path) for path in paths if away.folder_of(path) is None]):
        rows = connection.execute(query.where(photos.c.path.in_(part)))
        here += [(row.id, from_text(row.path)) for row in rows]
    hidden = _hide(connection, [photo for photo, _ in here])
    return hidden, pass_on(connection, [photo for photo, path in here if _gone(path)])


def forget(connection: Connection, path: Path) -> tuple[int, ...]:
    """Remove the photo at a path, or all below it, with everything that is known of them; their ids."""
    here = at_or_below(photos.c.path, path)
    query = select(photos.c.id, contents.c.fingerprint).join(contents).where(here)
    rows = connection.execute(query.order_by(photos.c.id)).all()
    connection.execute(delete(photos).where(here))
    forget_below(connection, path)
    _drop_unused(connection, {row.fingerprint for row in rows})
    return tuple(row.id for row in rows)


def _is_folder(path: Path) -> bool:
    try:
        return look(path).what == "folder"
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return False


def _gone(path: Path) -> bool:
    with suppress(TimeoutError):
        return _surely_gone(path)
    return False


def _surely_gone(path: Path) -> bool:
    """Whether nothing lies there; raises `TimeoutError` where the drive does not answer."""
    try:
        look(path)
    except (FileNotFoundError, NotADirectoryError):
        return True
    except TimeoutError:
        raise
    except OSError:  # no right to look: not known to be gone
        return False
    return False


def _hide(connection: Connection, ids: Sequence[int]) -> tuple[int, ...]:
    for part in chunked(ids):
        connection.execute(update(photos).where(photos.c.id.in_(part)).values(missing=True))
    return tuple(ids)


def _content_ids(connection: Connection, keys: Sequence[str]) -> dict[str, int]:
    """Ids of the contents with these fingerprints; those not yet known are entered as new."""
    wanted = list(dict.fromkeys(keys))
    known = _known_contents(connection, wanted)
    new = [{"fingerprint": key, "status": "new", "noted": False, "notes": [], "words": ""} for key in wanted]
    if new := [row for row in new if row["fingerprint"] not in known]:
        connection.execute(insert(contents), new)
        known = _known_contents(connection, wanted)
    return known


def _known_contents(connection: Connection, keys: Sequence[str]) -> dict[str, int]:
    known: dict[str, int] = {}
    for part in chunked(keys):
        query = select(contents.c.fingerprint, contents.c.id).where(contents.c.fingerprint.in_(part))
        known.update((row.fingerprint, row.id) for row in connection.execute(query))
    return known


def _make_room(connection: Connection, planned: Plan) -> None:
    """Free the paths that change hands, for two photos may swap theirs; an escape keeps the texts unlike any path."""
    for part in chunked(sorted(planned.replaced)):
        connection.execute(delete(photos).where(photos.c.id.in_(part)))
    aside = photos.c.path + PUSHED + cast(photos.c.id, String)
    for part in chunked(sorted(planned.moved | planned.ousted)):
        connection.execute(update(photos).where(photos.c.id.in_(part)).values(path=aside))
    for part in chunked(sorted(planned.ousted)):
        connection.execute(update(photos).where(photos.c.id.in_(part)).values(missing=True))


def _renew(
    connection: Connection,
    files: dict[Path, FoundPhoto],
    planned: Plan,
    rows: dict[int, dict[str, Any]],
    content_ids: dict[str, int],
) -> list[int]:
    """Bring known photos' rows up to date; the ids of those that differ."""
    changes: list[dict[str, Any]] = []
    for path, photo_id in planned.ids.items():
        fresh = _row(files[path].photo, content_ids[files[path].fingerprint])
        old = rows.get(photo_id)
        if photo_id in planned.moved or old is None or any(old[name] != fresh[name] for name in RENEWED):
            changes.append({"key": photo_id, **fresh})
    if changes:
        names: dict[str, Any] = {name: bindparam(name) for name in changes[0] if name != "key"}
        connection.execute(update(photos).where(photos.c.id == bindparam("key")).values(names), changes)
    return [change["key"] for change in changes]


def _enter(connection: Connection, new: Sequence[FoundPhoto], content_ids: dict[str, int]) -> dict[Path, int]:
    if not new:
        return {}
    connection.execute(insert(photos), [_row(f.photo, content_ids[f.fingerprint]) for f in new])
    ids: dict[Path, int] = {}
    for part in chunked([to_text(f.photo.path) for f in new]):
        entered = connection.execute(select(photos.c.path, photos.c.id).where(photos.c.path.in_(part)))
        ids.update((from_text(row.path), row.id) for row in entered)
    return ids


def _row(photo: Photo, content_id: int) -> dict[str, Any]:
    return {
        "path": to_text(photo.path),
        "folder": to_text(photo.path.parent),
        "name_key": natural_key(photo.path.name),
        "words": fold(photo.path.name),
        "size": photo.size,
        "mtime_ns": photo.mtime_ns,
        "content_id": content_id,
        "partners": [to_text(path) for path in photo.partners],
        "sidecars": [to_text(path) for path in photo.sidecars],
        "missing": False,
    }


def _drop_unused(connection: Connection, keys: Collection[str]) -> None:
    """Remove those of these contents, with their judgements, that no photo shows any more."""
    unused = ~exists().where(photos.c.content_id == contents.c.id)
    for part in chunked(sorted(keys)):
        connection.execute(delete(contents).where(contents.c.fingerprint.in_(part), unused))
