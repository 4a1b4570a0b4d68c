"""What a rating policy looks at: all photos of a folder with scores, faults, times and marks, in one question."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, select

from photocull.catalog.chunks import chunked
from photocull.catalog.database import Catalog
from photocull.catalog.filters import SCORES, joined
from photocull.catalog.journal import MARKS
from photocull.catalog.marks import FIELDS, Mark, mark_of
from photocull.catalog.paths import from_text, to_text
from photocull.catalog.schema import contents, explanations, flags, judgements, outside, photos
from photocull.core.types import DecisionField

_COLUMNS = (
    photos.c.id,
    photos.c.path,
    *MARKS,
    *(contents.c[name] for name in ("taken", "zone", "camera", "burst", "bracket")),
    outside.c.disputes,
    judgements.c.id.label("judgement_id"),
    *SCORES.values(),
)


@dataclass(frozen=True, slots=True, eq=False)
class Ratable:
    """One photo as a policy sees it.

    Attributes:
        seconds: when it was taken by the clock on the wall, None where that is not known.
        scores: by name, 0..10; None until the photo is judged. faults: words of `vocabulary.FLAGS`.
        marks: by field. disputed: fields on which its sidecars disagree with each other or with the catalogue.
        camera, burst: as the camera wrote them. bracketed: one shot of a bracketing.
        embedding: (n,) float32, photos of one scene lie close; None where it was not asked for or is not known.
    """

    id: int
    path: Path
    seconds: float | None = None
    scores: Mapping[str, float] | None = None
    faults: tuple[str, ...] = ()
    marks: Mapping[DecisionField, Mark] = field(default_factory=dict)
    disputed: frozenset[DecisionField] = frozenset()
    camera: str | None = None
    burst: str | None = None
    bracketed: bool = False
    embedding: NDArray[np.float32] | None = None


def folders_of(catalog: Catalog, ids: Sequence[int]) -> list[Path]:
    """The folders in which these photos lie, in order."""
    found: set[str] = set()
    with catalog.reading() as connection:
        for part in chunked(ids):
            found.update(connection.scalars(select(photos.c.folder).where(photos.c.id.in_(part)).distinct()))
    return [from_text(folder) for folder in sorted(found)]


def ratable(catalog: Catalog, folder: Path, model: str, *, alike: bool = False) -> list[Ratable]:
    """All photos in sight that lie right in a folder, by path.

    Args:
        model: fingerprint of the model whose scores count. alike: with embeddings, which only series need.
    """
    query = select(*_COLUMNS).select_from(joined(model).outerjoin(outside))
    query = query.where(photos.c.folder == to_text(folder), photos.c.missing.is_(False)).order_by(photos.c.path)
    with catalog.reading() as connection:
        rows = connection.execute(query).all()
        keys = sorted({row.judgement_id for row in rows if row.judgement_id is not None})
        raised = _faults(connection, keys)
        vectors = _embeddings(connection, keys) if alike else {}
    return [_ratable(row, raised.get(row.judgement_id, ()), vectors.get(row.judgement_id)) for row in rows]


def _faults(connection: Connection, keys: Sequence[int]) -> dict[int, tuple[str, ...]]:
    query = select(flags.c.judgement_id, flags.c.name).order_by(flags.c.judgement_id, flags.c.position)
    lists: defaultdict[int, list[str]] = defaultdict(list)
    for part in chunked(keys):
        for key, name in connection.execute(query.where(flags.c.judgement_id.in_(part))):
            lists[key].append(name)
    return {key: tuple(names) for key, names in lists.items()}


def _embeddings(connection: Connection, keys: Sequence[int]) -> dict[int, NDArray[np.float32]]:
    columns = (explanations.c.judgement_id, explanations.c.embedding)
    query = select(*columns).where(explanations.c.embedding.is_not(None))
    return {
        key: np.frombuffer(stored, "<f2").astype(np.float32)
        for part in chunked(keys)
        for key, stored in connection.execute(query.where(explanations.c.judgement_id.in_(part)))
    }


def _ratable(row: Any, faults: tuple[str, ...], embedding: NDArray[np.float32] | None) -> Ratable:
    judged = row.judgement_id is not None
    return Ratable(
        id=row.id,
        path=from_text(row.path),
        seconds=None if row.taken is None else datetime.fromisoformat(row.taken).replace(tzinfo=UTC).timestamp(),
        scores={name: getattr(row, name) for name in SCORES} if judged else None,
        faults=faults,
        marks={name: mark_of(row._mapping, name) for name in FIELDS},
        disputed=frozenset(name for name in FIELDS if name in (row.disputes or {})),
        camera=row.camera,
        burst=row.burst,
        bracketed=row.bracket is not None,
        embedding=embedding,
    )
