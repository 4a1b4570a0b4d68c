"""Questions of every kind to a catalogue whose photos lie in memory, to be held against what its tables say."""

from pathlib import Path
from typing import Any, get_args

from photocull.catalog import query
from photocull.catalog.database import Catalog, open_catalog
from photocull.catalog.records import Filter, Sort, SortKey
from tests.catalog.building import MODEL

ORDERS = [Sort(key, descending) for key in get_args(SortKey) for descending in (True, False)]
ODD = Path("/gone/sh\udcff\x1b")
"""A folder of whose name one byte is no UTF-8, and one is the escape that the catalogue writes such bytes with."""
FILTERS = [
    Filter(),
    Filter(folders=frozenset({Path("/gone/a")}), missing=True),
    Filter(folders=frozenset({ODD}), missing=True),
    Filter(text="img", min_rating=1),
    Filter(text="sunset"),
    Filter(themes=frozenset({"sunset"}), min_theme=0.5),
    Filter(flags=frozenset({"blurred"}), picks=frozenset({"none"})),
]


def in_memory(location: Path | str, **more: Any) -> Catalog:
    catalog = open_catalog(location, **more)
    catalog.memory.much = 0
    return catalog


def answers(catalog: Catalog) -> list[object]:
    """Of every kind of question, for both models."""
    ids = query.photo_ids(catalog, Filter(missing=True), Sort("name"), MODEL)
    return [
        [query.photo_ids(catalog, FILTERS[0], order, MODEL) for order in ORDERS],
        [query.photo_ids(catalog, wanted, Sort(), model) for wanted in FILTERS for model in (MODEL, "t")],
        [query.facets(catalog, wanted, model) for wanted in FILTERS for model in (MODEL, "t")],
        [query.rank(catalog, photo, FILTERS[0], "colour", MODEL) for photo in ids[:3]],
        query.shapes(catalog, [*ids, 999]),
        query.folders(catalog),
    ]


def from_tables(location: Path) -> list[object]:
    with open_catalog(location) as catalog:
        return answers(catalog)
