"""Keeps what a model said of a content, or why the content could not be read; called by the writer."""

import math
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from sqlalchemy import Connection, bindparam, delete, insert, select, update

from photocull.catalog.camera import columns_of
from photocull.catalog.chunks import chunked
from photocull.catalog.known_places import UNREAD
from photocull.catalog.paths import plain
from photocull.catalog.records import Failed, Scored
from photocull.catalog.schema import (
    SCORE_NAMES,
    attention,
    contents,
    explanations,
    flags,
    judgements,
    models,
    photos,
    themes,
)
from photocull.core.errors import UsageError
from photocull.core.types import Judgement


def store(connection: Connection, results: Sequence[Scored | Failed]) -> tuple[int, ...]:
    """Keep each result under the content it was made from; the ids of all photos that show such a content.

    Raises:
        UsageError: a score that is no number.
    """
    known = _contents(connection, results)
    kept = {known[key]: result for result in results if (key := _key(result)) in known}
    if not kept:
        return ()
    described = [{"key": content, **_facts_of(result)} for content, result in kept.items()]
    for shape in (Scored, Failed):
        rows = [row for row, result in zip(described, kept.values(), strict=True) if isinstance(result, shape)]
        if rows:
            names: dict[str, Any] = {name: bindparam(name) for name in rows[0] if name != "key"}
            connection.execute(update(contents).where(contents.c.id == bindparam("key")).values(names), rows)
    _replace(connection, {content: r.judgement for content, r in kept.items() if isinstance(r, Scored)})
    return _photos_of(connection, kept)


def retry(connection: Connection, ids: Sequence[int]) -> tuple[int, ...]:
    """Set unreadable contents of these photos back to new; the ids of all photos that show them."""
    failed: set[int] = set()
    for part in chunked(ids):
        query = select(contents.c.id).join(photos).where(photos.c.id.in_(part), contents.c.status == "unreadable")
        failed.update(connection.scalars(query))
    for part in chunked(sorted(failed)):
        connection.execute(update(contents).where(contents.c.id.in_(part)).values(status="new", error=None))
    return _photos_of(connection, failed)


def _key(result: Scored | Failed) -> str | int:
    """The fingerprint, or the photo's id where its bytes could not be read."""
    return result.fingerprint or result.photo_id


def _contents(connection: Connection, results: Sequence[Scored | Failed]) -> dict[str | int, int]:
    known: dict[str | int, int] = {}
    for part in chunked([result.fingerprint for result in results if result.fingerprint]):
        query = select(contents.c.fingerprint, contents.c.id).where(contents.c.fingerprint.in_(part))
        known.update((row.fingerprint, row.id) for row in connection.execute(query))
    for ids in chunked([result.photo_id for result in results if not result.fingerprint]):
        unread = select(photos.c.id, contents.c.id.label("content_id")).join_from(photos, contents)
        unread = unread.where(photos.c.id.in_(ids), contents.c.fingerprint.startswith(UNREAD))
        known.update((row.id, row.content_id) for row in connection.execute(unread))
    return known


def _photos_of(connection: Connection, content_ids: Iterable[int]) -> tuple[int, ...]:
    ids: list[int] = []
    for part in chunked(list(content_ids)):
        ids += connection.scalars(select(photos.c.id).where(photos.c.content_id.in_(part)).order_by(photos.c.id))
    return tuple(ids)


def _facts_of(result: Scored | Failed) -> dict[str, Any]:
    if isinstance(result, Failed):
        return {"status": "unreadable", "error": plain(result.sentence)}
    noted = {"noted": bool(result.notes), "notes": [plain(note) for note in result.notes]}
    seen = {"status": "ok", "error": None, "width": result.width, "height": result.height}
    return seen | noted | columns_of(result.exif)


def _replace(connection: Connection, judged: dict[int, Judgement]) -> None:
    """Put judgements in the place of those that the same models made of the same contents before."""
    by_model: dict[str, list[int]] = {}
    for content, judgement in judged.items():
        by_model.setdefault(judgement.model_fingerprint, []).append(content)
    for fingerprint, content_ids in by_model.items():
        model = _model(connection, fingerprint, judged[content_ids[0]].model)
        mine = (judgements.c.model_id == model) & judgements.c.content_id.in_(bindparam("ids", expanding=True))
        for part in chunked(content_ids):
            connection.execute(delete(judgements).where(mine), {"ids": part})
        rows = [{"content_id": c, "model_id": model, **_judgement_row(judged[c])} for c in content_ids]
        connection.execute(insert(judgements), rows)
        for part in chunked(content_ids):
            pairs = connection.execute(select(judgements.c.content_id, judgements.c.id).where(mine), {"ids": part})
            _explain(connection, [(row.id, judged[row.content_id]) for row in pairs])


def _model(connection: Connection, fingerprint: str, name: str) -> int:
    query = select(models.c.id).where(models.c.fingerprint == fingerprint)
    known = connection.scalar(query)
    if known is None:
        connection.execute(insert(models).values(fingerprint=fingerprint, name=name))
        known = connection.scalars(query).one()
    return int(known)


def _judgement_row(judgement: Judgement) -> dict[str, Any]:
    scores = {name: float(getattr(judgement, name)) for name in SCORE_NAMES}
    for name, value in scores.items():
        if not math.isfinite(value):
            raise UsageError(f"The model gave no number as {name} score.")
    scheme = judgement.scheme
    return scores | {"scheme_kind": scheme.kind, "scheme": scheme.name, "harmony": scheme.harmony}


def _explain(connection: Connection, judged: list[tuple[int, Judgement]]) -> None:
    """Write all that lies in tables of its own, one statement a table."""
    many = {
        explanations: [{"judgement_id": i, **_explanation(j)} for i, j in judged],
        themes: [
            {"judgement_id": i, "name": t.name, "confidence": float(t.confidence), "position": n}
            for i, j in judged
            for n, t in enumerate(j.themes)
        ],
        flags: [
            {"judgement_id": i, "name": name, "position": n}
            for i, j in judged
            for n, name in enumerate(dict.fromkeys(j.flags))
        ],
        attention: [{"judgement_id": i, **grid} for i, j in judged for grid in _grids(j)],
    }
    for table, rows in many.items():
        if rows:
            connection.execute(insert(table), rows)


def _explanation(judgement: Judgement) -> dict[str, Any]:
    embedding = judgement.embedding
    return {
        "palette": [[swatch.hex, float(swatch.share)] for swatch in judgement.scheme.palette],
        "reasons": [[reason.text, float(reason.weight), reason.overlay] for reason in judgement.reasons],
        "facts": {name: float(value) for name, value in judgement.facts.items() if math.isfinite(value)},
        "embedding": None if embedding is None else embedding.astype("<f2").tobytes(),
    }


def _grids(judgement: Judgement) -> list[dict[str, Any]]:
    return [
        {"kind": kind, "height": grid.shape[0], "width": grid.shape[1], "grid": _bytes_of(grid)}
        for kind, grid in judgement.attention.items()
    ]


def _bytes_of(grid: np.ndarray[Any, Any]) -> bytes:
    return np.ascontiguousarray(grid, dtype="<f2").tobytes()
