"""Rows of a large photo library for `benchmark`, straight into the tables: what a person's catalogue holds after years.

Folders of 10,000 photos and trees of small ones, judgements of two models, marks, faults and duplicates. Maps over the
photos are left out: no list and no count reads them.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import numpy as np
from sqlalchemy import Connection

from photocull.catalog.database import Catalog
from photocull.catalog.engine import writing
from photocull.catalog.paths import fold, natural_key
from photocull.core.vocabulary import COLOUR_TYPES, FLAGS, HARMONIES, LABELS, MONOCHROMATIC_TYPES, THEMES

FOLDER: Final = 10_000
"""Photos in a large folder."""
_LEAF: Final = 40
MODELS: Final = ("invented", "invented-2")
"""Fingerprints; the first judged nearly all photos, the second a fifth of them."""
_CAMERAS: Final = (
    ("Canon EOS R5", "RF24-70mm F2.8 L IS USM", "IMG_{:04}.CR3"),
    ("NIKON Z 8", "NIKKOR Z 24-120mm f/4 S", "DSC_{:04}.NEF"),
    ("SONY ILCE-7M4", "FE 50mm F1.8", "DSC{:05}.ARW"),
    ("FUJIFILM X-T5", "XF16-55mmF2.8 R LM WR", "DSCF{:04}.JPG"),
    ("Apple iPhone 15 Pro", None, "IMG_{:04}.HEIC"),
)
_EXPLANATION: Final = (
    json.dumps([["#e08a3c", 0.4], ["#204080", 0.3], ["#112233", 0.2], ["#c0c0c0", 0.1]]),
    json.dumps([["sharp where it matters", 1.5, "focus"], ["leans a little", -0.5, None]]),
    json.dumps({f"fact {number}": number / 7 for number in range(20)}),
    bytes(256),
)


@dataclass(frozen=True, slots=True)
class _Album:
    """One folder: its first photo's number, and how many."""

    path: str
    first: int
    count: int


def fill(catalog: Catalog, photos: int, progress: Callable[[int], None] = lambda done: None) -> None:
    """Enter so many photos into an empty SQLite catalogue.

    Args:
        progress: told of how many are there after each portion.
    """
    with writing(catalog.engine) as connection:
        _into(connection, "models", "id, fingerprint, name", [(n + 1, name, name) for n, name in enumerate(MODELS)])
    together: list[_Album] = []
    for album in _albums(photos):
        together.append(album)
        if sum(one.count for one in together) >= FOLDER:
            _write(catalog, together)
            progress(album.first + album.count - 1)
            together = []
    _write(catalog, together)
    with writing(catalog.engine) as connection:
        connection.exec_driver_sql("PRAGMA optimize")


def _albums(photos: int) -> Iterator[_Album]:
    """Nine tenths in large folders, the rest by days in a deep tree."""
    first = 1
    for number in range(max(1, round(photos * 0.9) // FOLDER)):
        count = min(FOLDER, photos - first + 1)
        yield _Album(f"/photos/{2008 + number % 17}/shoot {number:03}", first, count)
        first += count
    while first <= photos:
        day = datetime(2001, 1, 1) + timedelta(days=first // _LEAF)
        count = min(_LEAF, photos - first + 1)
        yield _Album(f"/photos/archive/{day:%Y/%m}/{day:%d}", first, count)
        first += count


def _write(catalog: Catalog, albums: Sequence[_Album]) -> None:
    with writing(catalog.engine) as connection:
        for album in albums:
            _write_album(connection, album)


def _write_album(connection: Connection, album: _Album) -> None:
    chance = np.random.default_rng(album.first)
    ids = range(album.first, album.first + album.count)
    camera = _CAMERAS[int(chance.integers(len(_CAMERAS)))]
    shows = [i - 1 if i > ids[0] and roll < 0.01 else i for i, roll in zip(ids, chance.random(len(ids)), strict=True)]
    kept = sorted(set(shows))
    unreadable = {i for i, roll in zip(ids, chance.random(len(ids)), strict=True) if roll < 0.002}
    _into(connection, "contents", _CONTENT, _contents(kept, camera, unreadable, chance))
    rows = _photos(album, camera[2], shows, chance)
    _into(connection, "photos", _PHOTO, rows)
    _decide(connection, album, [(row[0], row[_RATED], row[_RATED + 2], row[_RATED + 4]) for row in rows])
    seen = [i for i, roll in zip(kept, chance.random(len(kept)), strict=True) if roll > 0.02 and i not in unreadable]
    _judge(connection, 1, {2 * i: i for i in seen}, chance)
    if album.first % 5 == 0 or album.count == _LEAF:
        _judge(connection, 2, {2 * i + 1: i for i in seen}, chance)


def _into(connection: Connection, table: str, columns: str, rows: list[tuple[Any, ...]]) -> None:
    if rows:
        marks = ", ".join("?" * len(rows[0]))
        connection.exec_driver_sql(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)


_CONTENT: Final = (
    "id, fingerprint, status, error, noted, notes, width, height, taken, camera, lens, iso, words, focal_length"
)


def _contents(
    ids: Sequence[int], camera: tuple[str, str | None, str], unreadable: set[int], chance: np.random.Generator
) -> list[tuple[Any, ...]]:
    words = fold(" ".join(filter(None, camera[:2])))
    begun = datetime(2008, 1, 1) + timedelta(minutes=int(chance.integers(8_000_000)))
    seconds = np.cumsum(chance.integers(0, 20, len(ids))).tolist()
    upright, noted, timeless = (chance.random((3, len(ids))) < [[0.2], [0.01], [0.01]]).tolist()
    rows: list[tuple[Any, ...]] = []
    for n, i in enumerate(ids):
        width, height = (4000, 6000) if upright[n] else (6000, 4000)
        taken = None if timeless[n] else (begun + timedelta(seconds=seconds[n])).isoformat()
        told = ("unreadable", "The file ends too early.") if i in unreadable else ("ok", None)
        notes = '["The file is cut off."]' if noted[n] else "[]"
        rows.append((i, f"{i:032x}", *told, noted[n], notes, width, height, taken, *camera[:2], 400, words, 50.0))
    return rows


_PHOTO: Final = (
    "id, path, folder, name_key, words, size, mtime_ns, content_id, partners, sidecars, missing, "
    "rating, rating_by, pick, pick_by, label, label_by, noted"
)


_RATED: Final = _PHOTO.split(", ").index("rating")


def _decide(
    connection: Connection, album: _Album, marks: Sequence[tuple[int, int | None, str | None, str | None]]
) -> None:
    """The journal of an album's marks: one batch."""
    words = (album.first, "decide", "invented", "2024-05-01T10:00:00+00:00", f"Marks in {album.path}", "done")
    _into(connection, "batches", "id, kind, initiator, at, sentence, standing", [words])
    lines = [
        (album.first, photo, field, str(value), "photographer", "photographer")
        for photo, *values in marks
        for field, value in zip(("rating", "pick", "label"), values, strict=True)
        if value is not None
    ]
    _into(connection, "journal", 'batch_id, photo_id, field, "after", after_by, who', lines)


def _photos(album: _Album, name: str, shows: Sequence[int], chance: np.random.Generator) -> list[tuple[Any, ...]]:
    stars = chance.choice(7, len(shows), p=[0.6, 0.02, 0.05, 0.1, 0.13, 0.07, 0.03]).tolist()
    picks = chance.choice(3, len(shows), p=[0.8, 0.12, 0.08]).tolist()
    labels = chance.choice(6, len(shows), p=[0.85, 0.03, 0.03, 0.03, 0.03, 0.03]).tolist()
    gone = (chance.random(len(shows)) < 0.01).tolist()
    rows: list[tuple[Any, ...]] = []
    for n, content in enumerate(shows):
        file = name.format(n + 1)
        marks = (stars[n] or None, (None, "pick", "reject")[picks[n]], (None, *LABELS)[labels[n]])
        by = [(mark, None if mark is None else "photographer") for mark in marks]
        place = (f"{album.path}/{file}", album.path, natural_key(file), fold(file))
        size = 20_000_000 + content
        rows.append((album.first + n, *place, size, size, content, "[]", "[]", gone[n], *by[0], *by[1], *by[2], None))
    return rows


def _judge(connection: Connection, model: int, by_id: dict[int, int], chance: np.random.Generator) -> None:
    """One model's judgements: ids and the contents that they are of."""
    count = len(by_id)
    scores = np.clip(chance.normal(5.2, 1.4, (count, 4)), 0, 10).tolist()
    schemes = chance.integers(-8, len(COLOUR_TYPES), count).tolist()
    harmonies = chance.integers(0, len(HARMONIES), count).tolist()
    judged: list[tuple[Any, ...]] = []
    for n, (judgement, content) in enumerate(by_id.items()):
        scheme = None if schemes[n] < 0 else COLOUR_TYPES[schemes[n]]
        kind = None if scheme is None else "monochromatic" if scheme in MONOCHROMATIC_TYPES else "complementary"
        judged.append((judgement, content, model, *scores[n], kind, scheme, HARMONIES[harmonies[n]]))
    names = "id, content_id, model_id, aesthetic, colour, technical, overall, scheme_kind, scheme, harmony"
    _into(connection, "judgements", names, judged)
    explained = [(judgement, *_EXPLANATION) for judgement in by_id]
    _into(connection, "explanations", "judgement_id, palette, reasons, facts, embedding", explained)
    _describe(connection, list(by_id), chance)


def _describe(connection: Connection, ids: Sequence[int], chance: np.random.Generator) -> None:
    """Four themes and now and then a flag for each judgement."""
    first, step = chance.integers(0, len(THEMES), len(ids)).tolist(), chance.integers(1, 11, len(ids)).tolist()
    sure = np.sort(chance.random((len(ids), 4)), axis=1)[:, ::-1].tolist()
    themes = [
        (i, THEMES[(first[n] + place * step[n]) % len(THEMES)], sure[n][place], place)
        for n, i in enumerate(ids)
        for place in range(4)
    ]
    _into(connection, "judgement_themes", "judgement_id, name, confidence, position", themes)
    rolls = chance.integers(0, 3 * len(FLAGS), len(ids)).tolist()
    flags = [(i, FLAGS[roll], 0) for i, roll in zip(ids, rolls, strict=True) if roll < len(FLAGS)]
    _into(connection, "judgement_flags", "judgement_id, name, position", flags)
