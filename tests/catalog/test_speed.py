"""How fast questions are: held against a plain read of the same generated rows, so that any machine will do."""

import sqlite3
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


def plain_read(catalog: Catalog) -> Callable[[], object]:
    """The yardstick: every photo of the folder with its scores, unordered, as SQLite itself hands them out."""
    connection = sqlite3.connect(catalog.file)
    rows = (
        "SELECT p.id, p.path, j.aesthetic, j.colour, j.technical, j.overall FROM photos p"
        " JOIN contents c ON c.id = p.content_id JOIN judgements j ON j.content_id = c.id"
        " WHERE p.path >= '/photos/1/' AND p.path < '/photos/10'"
    )
    return lambda: connection.execute(rows).fetchall()


def times_plain(catalog: Catalog, question: Callable[[], object]) -> float:
    """Least processor time of this thread over the yardstick's, in turns, so that what slows the machine slows both."""
    yardstick = plain_read(catalog)
    turns = [(_spent(question), _spent(yardstick)) for _ in range(7)]
    ours, others = zip(*turns, strict=True)
    return min(ours) / min(others)


def _spent(work: Callable[[], object]) -> float:
    start = time.thread_time()
    work()
    return time.thread_time() - start


@pytest.mark.slow
@pytest.mark.parametrize("wanted", FILTERS, ids=lambda wanted: " ".join(wanted) or "none")
def test_a_filter_of_a_folder_of_10000_costs_a_few_plain_reads_of_it(large: Catalog, wanted: dict[str, Any]) -> None:
    chosen = Filter(folders=FOLDER, **wanted)
    assert times_plain(large, lambda: query.photo_ids(large, chosen, Sort(), MODEL)) < 4
    assert query.photo_ids(large, chosen, Sort(), MODEL)


@pytest.mark.slow
@pytest.mark.parametrize("key", ["aesthetic", "colour", "technical", "overall", "taken", "name", "rating"])
def test_a_sort_of_a_folder_of_10000_costs_a_few_plain_reads_of_it(large: Catalog, key: Any) -> None:
    assert times_plain(large, lambda: query.photo_ids(large, Filter(folders=FOLDER), Sort(key), MODEL)) < 4


@pytest.mark.slow
def test_pages_counts_and_known_files_come_fast(large: Catalog) -> None:
    ids = query.photo_ids(large, Filter(folders=FOLDER), Sort(), MODEL)
    paths = [photo.photo.path for _, photo in query.found(large, ids)]
    assert times_plain(large, lambda: query.photo_rows(large, ids[:200], MODEL)) < 2.5
    assert times_plain(large, lambda: query.facets(large, Filter(folders=FOLDER), MODEL)) < 12
    assert times_plain(large, lambda: query.known(large, paths)) < 14
    assert times_plain(large, lambda: query.unjudged(large, ids, MODEL)) < 7
    assert len(query.known(large, paths)) == len(ids)
