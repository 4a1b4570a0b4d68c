"""Photos as rows of the grid and in full, read in portions by id."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Literal

from sqlalchemy import Connection, Select, select

from photocull.catalog import camera
from photocull.catalog.because import mark_reasons
from photocull.catalog.chunks import chunked
from photocull.catalog.database import Catalog
from photocull.catalog.filters import SCORES, joined
from photocull.catalog.known_places import shown_fingerprint
from photocull.catalog.marks import FIELDS
from photocull.catalog.paths import from_text
from photocull.catalog.records import MarkReason, PhotoDetail, PhotoRow, ReasonRecord, SchemeRecord
from photocull.catalog.schema import (
    attention,
    contents,
    explanations,
    flags,
    judgements,
    models,
    outside,
    photos,
    themes,
)
from photocull.core.types import DecisionField, Photo, Swatch, Theme

_ROW = (
    photos.c.id,
    photos.c.path,
    photos.c.missing,
    *(photos.c[name] for name in ("rating", "rating_by", "pick", "pick_by", "label", "label_by")),
    *(contents.c[name] for name in ("fingerprint", "status", "error", "notes", "width", "height")),
    outside.c.notes.label("outside_notes"),
    outside.c.disputes,
    judgements.c.id.label("judgement_id"),
    *SCORES.values(),
)
_DETAIL = (
    *_ROW,
    *(photos.c[name] for name in ("size", "mtime_ns", "partners", "sidecars")),
    *(contents.c[name] for name in camera.COLUMNS),
    *(judgements.c[name] for name in ("scheme_kind", "scheme", "harmony")),
    *(explanations.c[name] for name in ("palette", "reasons", "facts")),
    models.c.name.label("model"),
    models.c.fingerprint.label("model_fingerprint"),
)


def photo_rows(catalog: Catalog, ids: Sequence[int], model: str) -> list[PhotoRow]:
    """What the grid shows of these photos, in this order; unknown ids are left out."""
    query = select(*_ROW).select_from(joined(model).outerjoin(outside))
    rows: dict[int, PhotoRow] = {}
    with catalog.reading() as connection:
        for part in chunked(ids):
            found = connection.execute(query.where(photos.c.id.in_(part))).all()
            faults = _flags(connection, found)
            rows.update((row.id, _row(row, faults.get(row.judgement_id, ()))) for row in found)
    return [rows[i] for i in ids if i in rows]


def photo_details(catalog: Catalog, ids: Sequence[int], model: str) -> list[PhotoDetail]:
    """Everything known of these photos, in this order; unknown ids are left out."""
    source = (
        joined(model).outerjoin(outside).outerjoin(explanations).outerjoin(models, models.c.id == judgements.c.model_id)
    )
    query = select(*_DETAIL).select_from(source)
    details: dict[int, PhotoDetail] = {}
    with catalog.reading() as connection:
        for part in chunked(ids):
            details.update(_details(connection, query.where(photos.c.id.in_(part))))
    return [details[i] for i in ids if i in details]


def _details(connection: Connection, query: Select[Any]) -> list[tuple[int, PhotoDetail]]:
    found = connection.execute(query).all()
    faults, subjects, maps = _flags(connection, found), _themes(connection, found), _maps(connection, found)
    because = mark_reasons(connection, {row.id: _suggested(row) for row in found})
    made = []
    for row in found:
        key = row.judgement_id
        shown = _row(row, faults.get(key, ()))
        more = (subjects.get(key, ()), maps.get(key, ()), because.get(row.id, ()))
        made.append((row.id, _detail(row, shown, *more)))
    return made


def _flags(connection: Connection, found: Sequence[Any]) -> dict[int, tuple[str, ...]]:
    return _listed(connection, select(flags.c.judgement_id, flags.c.name).order_by(flags.c.position), found)


def _themes(connection: Connection, found: Sequence[Any]) -> dict[int, tuple[Theme, ...]]:
    query = select(themes.c.judgement_id, themes.c.name, themes.c.confidence).order_by(themes.c.position)
    return _listed(connection, query, found, lambda row: Theme(row[1], row[2]))


def _maps(connection: Connection, found: Sequence[Any]) -> dict[int, tuple[str, ...]]:
    return _listed(connection, select(attention.c.judgement_id, attention.c.kind).order_by(attention.c.kind), found)


def _listed(connection: Connection, query: Select[Any], found: Sequence[Any], make: Any = None) -> dict[int, Any]:
    """What a table of its own has for the judgements of these rows, as a tuple each."""
    keys = sorted({row.judgement_id for row in found if row.judgement_id is not None})
    lists: defaultdict[int, list[Any]] = defaultdict(list)
    for part in chunked(keys):
        for row in connection.execute(query.where(query.selected_columns.judgement_id.in_(part))):
            lists[row[0]].append(row[1] if make is None else make(row))
    return {key: tuple(items) for key, items in lists.items()}


def _row(row: Any, faults: tuple[str, ...]) -> PhotoRow:
    return PhotoRow(
        id=row.id,
        path=from_text(row.path),
        fingerprint=shown_fingerprint(row.fingerprint),
        status=row.status,
        error=row.error,
        width=row.width,
        height=row.height,
        aesthetic=row.aesthetic,
        colour=row.colour,
        technical=row.technical,
        overall=row.overall,
        flags=faults,
        rating=row.rating,
        pick=row.pick,
        label=row.label,
        rated_by=_rated_by(row),
        notes=(*row.notes, *(row.outside_notes or ()), *(row.disputes or {}).values()),
        missing=row.missing,
        suggested=frozenset(_suggested(row)),
    )


def _suggested(row: Any) -> dict[DecisionField, str]:
    """The fields whose mark is the program's, with what it is, as the journal writes it."""
    return {
        name: str(getattr(row, name))
        for name in FIELDS
        if getattr(row, name) is not None and getattr(row, f"{name}_by") == "photocull"
    }


def _rated_by(row: Any) -> Literal["photographer", "photocull"] | None:
    marks = ((row.rating, row.rating_by), (row.pick, row.pick_by), (row.label, row.label_by))
    return next((by for value, by in marks if value is not None), None)


def _detail(
    row: Any, shown: PhotoRow, subjects: tuple[Theme, ...], maps: tuple[str, ...], because: tuple[MarkReason, ...]
) -> PhotoDetail:
    partners, sidecars = (tuple(map(from_text, paths)) for paths in (row.partners, row.sidecars))
    return PhotoDetail(
        row=shown,
        photo=Photo(shown.path, row.size, row.mtime_ns, partners, sidecars),
        exif=camera.exif_of(row),
        judged=row.judgement_id is not None,
        model=row.model,
        model_fingerprint=row.model_fingerprint,
        themes=subjects,
        scheme=_scheme(row),
        reasons=tuple(ReasonRecord(*reason) for reason in row.reasons or ()),
        facts=row.facts or {},
        overlays=maps,
        rated_because=because,
    )


def _scheme(row: Any) -> SchemeRecord | None:
    if row.harmony is None:
        return None
    palette = tuple(Swatch(*swatch) for swatch in row.palette or ())
    return SchemeRecord(row.scheme_kind, row.scheme, row.harmony, palette)
