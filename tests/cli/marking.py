"""Marks in the catalogue of a test, as the window would have made them."""

from pathlib import Path

from photocull.catalog.database import open_catalog
from photocull.catalog.query import photo_ids, photo_rows
from photocull.catalog.records import Filter, PhotoRow, Sort
from photocull.core.types import Decision, DecisionField
from tests.cli.conftest import Photocull


def mark(photocull: Photocull, folder: Path, field: DecisionField = "pick", **values: int | str) -> None:
    """Score a folder and decide, by the stems of its photos."""
    photocull("score", folder, "--format", "json")
    with open_catalog(photocull.kept) as catalog:
        by_stem = {row.path.stem: row.id for row in rows(photocull, folder)}
        decisions = [Decision(by_stem[stem], field, value) for stem, value in values.items()]  # type: ignore[arg-type]
        catalog.writer.decide(decisions, initiator="test").result()


def rows(photocull: Photocull, folder: Path) -> list[PhotoRow]:
    """What the catalogue has below a folder, missing photos left out."""
    with open_catalog(photocull.kept) as catalog:
        where = Filter(folders=frozenset({folder}))
        return photo_rows(catalog, photo_ids(catalog, where, Sort("name", descending=False), "pixels-1"), "pixels-1")
