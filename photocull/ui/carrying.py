"""Decisions that a damaged catalogue refused, carried over into the backup that is put in its place."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from photocull.catalog.database import Catalog
from photocull.catalog.query import photo_rows
from photocull.catalog.records import PhotoRow
from photocull.core.errors import CatalogError
from photocull.core.types import Decision

Carried = tuple[tuple[Path, Decision], ...]
"""Each after the photo that it was meant for."""


def carried(unsaved: Sequence[Decision], shown: Callable[[int], PhotoRow | None], damaged: Catalog) -> Carried:
    """What can be carried over: the decisions on photos that the window shows, or the catalogue can still name."""
    ids = dict.fromkeys(decision.photo_id for decision in unsaved)
    paths = {photo: row.path for photo in ids if (row := shown(photo)) is not None}
    with suppress(CatalogError):
        paths.update((row.id, row.path) for row in photo_rows(damaged, [i for i in ids if i not in paths], ""))
    return tuple((paths[decision.photo_id], decision) for decision in unsaved if decision.photo_id in paths)


def meant_here(decisions: Carried, restored: Catalog) -> tuple[Decision, ...]:
    """Those of photos that the restored catalogue knows by the same number: any file may be chosen as a backup.

    Raises:
        CatalogError: it cannot be read.
    """
    rows = photo_rows(restored, [decision.photo_id for _, decision in decisions], "")
    paths = {row.id: row.path for row in rows}
    return tuple(decision for path, decision in decisions if paths.get(decision.photo_id) == path)
