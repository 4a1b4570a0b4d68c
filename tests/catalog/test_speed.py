"""How fast questions are: measured on generated rows, with room for slow machines in what is asserted."""

import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from photocull.catalog import query
from photocull.catalog.database import Catalog, open_catalog
from photocull.catalog.records import Filter, Sort
from tests.catalog.building import MODEL
from tests.catalog.generated import fill

FOLDER = frozenset({Path("/photos/1")})
FILTERS: list[dict[str, Any]] = [
    {},
    {"themes": frozenset({"sunset", "sea"})},
    {"schemes": frozenset({"orange_blue"})},
    {"min_rating": 3, "picks": frozenset({"none"})},
    {"flags": frozenset({"blurred"}), "labels": frozenset({"red", "none"})},
    {"minimum": (("overall", 5.0),)},
    {"text": "canon sun"},
    {"problems_only": True},
]


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalog]:
    """Three folders of 10,000 judged photos each."""
    with open_catalog(tmp_path_factory.mktemp("large") / "catalog.sqlite") as catalog:
        fill(catalog, 3, 10_000)
        yield catalog


def milliseconds(question: Callable[[], object]) -> float:
    """Of this thread's processor time, so that what else the machine does is left out; SQLite works in this thread."""
    question()
    times = []
    for _ in range(5):
        start = time.thread_time()
        question()
        times.append((time.thread_time() - start) * 1000)
    return statistics.median(times)


@pytest.mark.slow
@pytest.mark.parametrize("wanted", FILTERS, ids=lambda wanted: " ".join(wanted) or "none")
def test_a_filter_of_a_folder_of_10000_takes_under_50_ms(large: Catalog, wanted: dict[str, Any]) -> None:
    chosen = Filter(folders=FOLDER, **wanted)
    assert milliseconds(lambda: query.photo_ids(large, chosen, Sort(), MODEL)) < 50
    assert query.photo_ids(large, chosen, Sort(), MODEL)


@pytest.mark.slow
@pytest.mark.parametrize("key", ["aesthetic", "colour", "technical", "overall", "taken", "name", "rating"])
def test_a_sort_of_a_folder_of_10000_takes_under_50_ms(large: Catalog, key: Any) -> None:
    assert milliseconds(lambda: query.photo_ids(large, Filter(folders=FOLDER), Sort(key), MODEL)) < 50


@pytest.mark.slow
def test_pages_counts_and_known_files_come_fast(large: Catalog) -> None:
    ids = query.photo_ids(large, Filter(folders=FOLDER), Sort(), MODEL)
    paths = [photo.photo.path for _, photo in query.found(large, ids)]
    assert milliseconds(lambda: query.photo_rows(large, ids[:200], MODEL)) < 30
    assert milliseconds(lambda: query.facets(large, Filter(folders=FOLDER), MODEL)) < 150
    assert milliseconds(lambda: query.known(large, paths)) < 150
    assert milliseconds(lambda: query.unjudged(large, ids, MODEL)) < 100
    assert len(query.known(large, paths)) == len(ids)
