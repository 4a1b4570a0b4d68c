"""From the tables to columns in memory: of all photos at once, or of some to be put among those that are there."""

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Connection, Float, Select, and_, case, cast, literal, select

from photocull.catalog.chunks import chunked
from photocull.catalog.columns import CODES, UNKNOWN_SHAPE, Coding, Columns, Names, ranked, ranked_among
from photocull.catalog.filters import PROBLEM
from photocull.catalog.judged import NO_TAGS, Judged, Tags
from photocull.catalog.schema import SCORE_NAMES, contents, flags, judgements, models, photos, themes

_PORTION: Final = 10_000
_CODED: Final = {"folder": "folders", "camera": "cameras", "pick": "picks", "label": "labels"}
_SHAPE = case(
    (and_(contents.c.width > 0, contents.c.height > 0), cast(contents.c.width, Float) / contents.c.height),
    else_=UNKNOWN_SHAPE,
)
_PHOTOS = select(
    photos.c.id,
    photos.c.content_id,
    photos.c.path,
    photos.c.folder,
    contents.c.words.label("camera"),
    photos.c.pick,
    photos.c.label,
    photos.c.words,
    photos.c.name_key,
    _SHAPE,
    contents.c.taken,
    photos.c.rating,
    photos.c.missing,
    case((PROBLEM, 1), else_=0),
).select_from(photos.join(contents))
Portion = list[tuple[Any, ...]]
Words = tuple[str | None, ...]


@dataclass(frozen=True, eq=False)
class _Read:
    """Photos as read: columns, and what becomes one only beside all others, the folded names and the sort keys."""

    arrays: dict[str, NDArray[Any]]
    names: list[str]
    keys: list[str]


def all_photos(connection: Connection) -> Columns:
    """Every photo of the catalogue."""
    codes = {name: Coding() for name in CODES}
    portions = itertools.chain([[]], _portions(connection, _PHOTOS.order_by(photos.c.path)))
    parts = [_read(rows, codes) for rows in portions]
    made: dict[str, Any] = {name: np.concatenate([part.arrays[name] for part in parts]) for name in parts[0].arrays}
    made |= {name: tuple(code) for name, code in codes.items()}
    names, keys = [name for part in parts for name in part.names], [key for part in parts for key in part.keys]
    entry = np.arange(len(names), dtype=np.int32)
    return Columns(**made, entry=entry, name=ranked(keys), names=Names.of(names))


def renewed(connection: Connection, columns: Columns, ids: Sequence[int]) -> tuple[Columns, bool]:
    """With these photos as they are now, and whether others lie at other places in the order than before."""
    codes = {name: Coding(getattr(columns, name)) for name in CODES}
    fresh = _read(_rows(connection, _PHOTOS, photos.c.id, ids), codes)
    rows = columns.rows_of(fresh.arrays["ids"])
    same = rows >= 0
    for name in ("places", "folder"):
        same[same] = getattr(columns, name)[rows[same]] == fresh.arrays[name][same]
    changed: dict[str, Any] = {name: getattr(columns, name).copy() for name in fresh.arrays}
    for name, values in fresh.arrays.items():
        changed[name][rows[same]] = values[same]
    columns = replace(columns, **(changed | {name: tuple(code) for name, code in codes.items()}))
    gone = columns.rows_of(np.array([*ids], np.int64))
    gone, new = np.setdiff1d(gone[gone >= 0], rows[same]), np.flatnonzero(~same)
    if not len(gone) and not len(new):
        return columns, False
    return _rearranged(connection, columns, gone, fresh, new), True


def _rearranged(
    connection: Connection, columns: Columns, gone: NDArray[Any], fresh: _Read, new: NDArray[Any]
) -> Columns:
    """Without some rows, with new ones, in the order of the paths."""
    name, further = ranked_among(columns, [fresh.keys[n] for n in new])
    entry = np.arange(len(new), dtype=np.int32) + np.int32(len(columns.names.starts))
    added = {key: values[new] for key, values in fresh.arrays.items()} | {"entry": entry, "name": further}
    kept = np.ones(len(columns.ids), np.bool_)
    kept[gone] = False
    mixed = replace(columns, name=name, names=columns.names.with_more([fresh.names[n] for n in new]))
    mixed = mixed.each(lambda _key, values: values[kept])
    sorted_new, at = _places(connection, mixed, fresh.arrays["ids"][new])
    return mixed.each(lambda key, values: np.insert(values, at, added[key][sorted_new]))


def _places(connection: Connection, columns: Columns, ids: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """New photos by their paths, as places in ``ids``, and the rows before which each belongs."""
    next_path = select(_NEXT.c.id).where(_NEXT.c.path > photos.c.path).order_by(_NEXT.c.path).limit(1)
    query = select(photos.c.id, next_path.scalar_subquery(), photos.c.path)
    found = sorted(_rows(connection, query, photos.c.id, ids.tolist()), key=lambda row: row[2])
    place = {photo_id: number for number, photo_id in enumerate(ids.tolist())}
    rows: list[int] = []
    row = len(columns.ids)
    for _photo_id, following, _path in reversed(found):
        if following is not None and (known := int(columns.rows_of(np.array([following]))[0])) >= 0:
            row = known  # else the one after it is new as well
        rows.append(row)
    return np.array([place[one[0]] for one in found], np.intp), np.array(rows[::-1], np.intp)


_NEXT: Final = photos.alias()


def _read(rows: Portion, codes: dict[str, Coding]) -> _Read:
    count = len(rows)
    got = list(zip(*rows, strict=True)) if rows else [()] * len(_PHOTOS.selected_columns)
    ids, content, path, folder, camera, pick, label, words, name_key, shape, taken, rating, missing, problem = got
    coded = {"folder": folder, "camera": camera, "pick": pick, "label": label}
    arrays: dict[str, NDArray[Any]] = {
        "ids": np.array(ids, np.int32),
        "contents": np.array(content, np.int32),
        "places": np.fromiter((crc32(text.encode()) for text in path), np.uint32, count),
        **{name: codes[_CODED[name]].of(values, count) for name, values in coded.items()},
        "aspect": np.array(shape, np.float64),
        "taken": _microseconds(taken),
        "rating": np.fromiter((-1 if stars is None else stars for stars in rating), np.int8, count),
        "missing": np.array(missing, np.bool_),
        "problem": np.array(problem, np.bool_),
    }
    return _Read(arrays, list(words), list(name_key))


def _microseconds(taken: Iterable[str | None]) -> NDArray[np.float64]:
    times = np.array(["NaT" if one is None else one for one in taken], "datetime64[us]")
    return np.where(np.isnat(times), np.nan, times.astype(np.int64))


def all_judged(connection: Connection, model: str) -> Judged:
    """Everything that a model (its fingerprint) said, but for themes and flags."""
    return _judged(connection, model, None, (None,), (None,))


def with_tags(connection: Connection, judged: Judged) -> Judged:
    """With the themes and flags of everything."""
    themed, flagged = (_tags(connection, kind, judged, None, NO_TAGS.words) for kind in _KINDS)
    return replace(judged, themes=themed, flags=flagged)


def judged_of(connection: Connection, model: str, content_ids: Sequence[int], before: Judged) -> Judged:
    """What it says of these contents, with the numbers for words of ``before`` and with themes if that has them."""
    judged = _judged(connection, model, content_ids, before.schemes, before.harmonies)
    if before.themes is None or before.flags is None:
        return judged
    numbers = judged.ids[1:].tolist()
    words = (before.themes.words, before.flags.words)
    themed, flagged = (
        _tags(connection, kind, judged, numbers, known) for kind, known in zip(_KINDS, words, strict=True)
    )
    return replace(judged, themes=themed, flags=flagged)


_SAID: Final = ("id", "content_id", *SCORE_NAMES, "scheme", "harmony")
_KINDS: Final = (
    select(themes.c.judgement_id, themes.c.name, themes.c.confidence),
    select(flags.c.judgement_id, flags.c.name, literal(1.0)),
)


def _judged(
    connection: Connection, model: str, content_ids: Sequence[int] | None, schemes: Words, harmonies: Words
) -> Judged:
    mine = select(*(judgements.c[name] for name in _SAID)).where(judgements.c.model_id == _number(connection, model))
    scheme, harmony = Coding(schemes), Coding(harmonies)
    portions = _portioned(connection, mine, judgements.c.content_id, content_ids)
    parts: list[Any] = [_NOTHING, *(list(zip(*rows, strict=True)) for rows in portions)]
    ids, content = (np.concatenate([np.array(part[n], np.int32) for part in parts]) for n in (0, 1))
    of_content = np.zeros(max(int(content.max()), *(content_ids or (0,)), 0) + 1, np.int32)
    of_content[content] = np.arange(len(content))
    scores = np.concatenate([np.array(part[2:6], np.float64) for part in parts], axis=1)
    schemed, harmonised = (
        np.concatenate([code.of(part[n], len(part[n])) for part in parts]) for n, code in ((6, scheme), (7, harmony))
    )
    return Judged(of_content, ids, scores, schemed, harmonised, tuple(scheme), tuple(harmony))


_NOTHING: Final = ([0], [0], *([np.nan] for _ in SCORE_NAMES), [None], [None])


def _number(connection: Connection, model: str) -> int:
    """The model's; 0, which none has, where it judged no photo yet."""
    return connection.scalar(select(models.c.id).where(models.c.fingerprint == model)) or 0


def _tags(
    connection: Connection, kind: Select[Any], judged: Judged, numbers: Sequence[int] | None, known: tuple[str, ...]
) -> Tags:
    """The words of these judgements, by slot."""
    codes = Coding(known)
    slot = np.zeros(int(judged.ids.max()) + 2, np.int32)
    live = np.unique(judged.of_content)  # a judgement that is gone has its slot still, and its id may be another's now
    slot[judged.ids[live]] = live
    owners, words, sures = [NO_TAGS.owner], [NO_TAGS.word], [NO_TAGS.sure]
    for rows in _portioned(connection, kind, kind.selected_columns.judgement_id, numbers):
        of, name, sure = zip(*rows, strict=True)
        owner = slot[np.minimum(np.array(of, np.int64), len(slot) - 1)]  # another model's lie anywhere
        mine = owner > 0
        owners.append(owner[mine])
        words.append(codes.of(name, len(rows)).astype(np.uint16)[mine])
        sures.append(np.array(sure, np.float64)[mine])
    owner = np.concatenate(owners)
    order = np.argsort(owner, kind="stable")
    count = np.bincount(owner, minlength=judged.size).astype(np.int32)
    first = (np.cumsum(count) - count).astype(np.int32)
    return Tags(owner[order], np.concatenate(words)[order], np.concatenate(sures)[order], first, count, tuple(codes))


def _rows(connection: Connection, query: Select[Any], column: ColumnElement[Any], values: Sequence[int]) -> Portion:
    return [row for rows in _portioned(connection, query, column, values) for row in rows]


def _portioned(
    connection: Connection, query: Select[Any], column: Any, values: Sequence[int] | None
) -> Iterable[Portion]:
    if values is None:
        yield from _portions(connection, query)
        return
    for part in chunked(values):
        yield from _portions(connection, query.where(column.in_(part)))


def _portions(connection: Connection, query: Select[Any]) -> Iterable[Portion]:
    """The driver's own rows: making SQLAlchemy's of a million photos takes longer than reading them."""
    text = query.compile(connection, compile_kwargs={"literal_binds": True})
    cursor = connection.exec_driver_sql(str(text)).cursor
    while rows := list(cursor.fetchmany(_PORTION)):
        yield rows
