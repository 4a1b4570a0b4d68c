"""What a restore is held against: marks before and after a backup, as each test of it looks at them."""

from pathlib import Path

from photocull.catalog import query as ask
from photocull.catalog.database import Catalog, open_catalog
from photocull.catalog.records import Filter, Sort
from photocull.core.types import Decision
from tests.catalog.building import MODEL

BEFORE = {"IMG_0.jpg": 1, "IMG_1.jpg": None, "IMG_2.jpg": None}
NOW = {"IMG_0.jpg": 1, "IMG_1.jpg": 2, "IMG_2.jpg": None, "late.jpg": None}
SALVAGED = {"IMG_0.jpg": 1, "IMG_1.jpg": 2, "IMG_2.jpg": None}
"""Names and stars: of the backup `saved`, of the catalogue since, of the backup with what was salvaged."""


def rate(catalog: Catalog, photo_id: int, stars: int) -> None:
    catalog.writer.decide([Decision(photo_id, "rating", stars)], initiator="test").result(10)


def ratings(location: Path) -> dict[str, int | None]:
    with open_catalog(location) as catalog:
        assert catalog.check() == ()
        ids = ask.photo_ids(catalog, Filter(), Sort("name", descending=False), MODEL)
        return {row.path.name: row.rating for row in ask.photo_rows(catalog, ids, MODEL)}
