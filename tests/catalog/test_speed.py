"""How fast questions are: held against other questions on the same generated rows, so that any machine will do."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from photocull.catalog import query
from photocull.catalog.database import Catalog, open_catalog
from photocull.catalog.records import Filter, Sort
from photocull.cli import catalogue_rows
from photocull.core.types import Decision
from photocull.core.vocabulary import LABELS
from tests.catalog.building import MODEL, found, register
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


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalog]:
    """Seven large folders and a tree of small ones, 80,000 photos in all; asked of the tables alone."""
    with open_catalog(tmp_path_factory.mktemp("library") / "catalog.sqlite") as catalog:
        catalogue_rows.fill(catalog, 80_000)
        catalog.memory.much = 1_000_000
        yield catalog


@pytest.fixture(scope="module")
def remembered(library: Catalog) -> Iterator[Catalog]:
    """The same photos, asked of what lies in memory."""
    with open_catalog(library.location) as catalog:
        catalog.memory.much = 0
        query.facets(catalog, Filter(), LIBRARY_MODEL)
        yield catalog


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalog]:
    """The first of its folders, and no other photo."""
    with open_catalog(tmp_path_factory.mktemp("alone") / "catalog.sqlite") as catalog:
        catalogue_rows.fill(catalog, 10_000)
        yield catalog


LIBRARY_MODEL = catalogue_rows.MODELS[0]
SHOOT = Filter(folders=frozenset({Path("/photos/2008/shoot 000")}))


def least(catalog: Catalog, wanted: Filter, sort: Sort) -> float:
    return min(_spent(lambda: query.photo_ids(catalog, wanted, sort, LIBRARY_MODEL)) for _ in range(3))


@pytest.mark.slow
@pytest.mark.parametrize("wanted", FILTERS, ids=lambda wanted: " ".join(wanted) or "none")
def test_a_folder_is_filtered_as_fast_among_many_others_as_alone(
    library: Catalog, alone: Catalog, wanted: dict[str, Any]
) -> None:
    chosen = replace(SHOOT, **wanted)
    ids = query.photo_ids(library, chosen, Sort(), LIBRARY_MODEL)
    assert ids == query.photo_ids(alone, chosen, Sort(), LIBRARY_MODEL)
    assert least(library, chosen, Sort()) < 3 * least(alone, chosen, Sort())


@pytest.mark.slow
@pytest.mark.parametrize(
    ("wanted", "key"),
    [*((wanted, "overall") for wanted in FILTERS), *(({}, key) for key in ("taken", "name", "rating"))],
    ids=lambda one: one if isinstance(one, str) else " ".join(one) or "none",
)
def test_all_photos_are_listed_from_memory_as_from_the_tables_in_a_part_of_the_time(
    library: Catalog, remembered: Catalog, wanted: dict[str, Any], key: Any
) -> None:
    chosen, sort = Filter(**wanted), Sort(key)
    ids = query.photo_ids(remembered, chosen, sort, LIBRARY_MODEL)
    assert ids == query.photo_ids(library, chosen, sort, LIBRARY_MODEL)
    assert 2 * least(remembered, chosen, sort) < least(library, chosen, sort)


@pytest.mark.slow
def test_all_photos_are_counted_from_memory_as_from_the_tables(library: Catalog, remembered: Catalog) -> None:
    for wanted in FILTERS:
        chosen = Filter(**wanted)
        assert query.facets(remembered, chosen, LIBRARY_MODEL) == query.facets(library, chosen, LIBRARY_MODEL)


@pytest.mark.slow
def test_a_decision_costs_the_next_list_little(library: Catalog) -> None:
    with open_catalog(library.location) as catalog:
        catalog.memory.much = 0
        query.facets(catalog, Filter(), LIBRARY_MODEL)
        first = query.photo_ids(catalog, Filter(), Sort(), LIBRARY_MODEL)[0]
        for label in LABELS[:3]:
            catalog.writer.decide([Decision(first, "label", label)], initiator="test").result(10)
            listed = _spent(lambda: query.photo_ids(catalog, Filter(), Sort(), LIBRARY_MODEL))
            assert 2 * listed < least(library, Filter(), Sort())


def plans(catalog: Catalog, question: Callable[[], object]) -> str:
    """How SQLite goes about every statement of a question."""
    asked: list[tuple[str, Any]] = []

    def hear(_connection: object, _cursor: object, statement: str, parameters: Any, *_: object) -> None:
        asked.append((statement, parameters))

    event.listen(catalog.engine, "before_cursor_execute", hear)
    question()
    event.remove(catalog.engine, "before_cursor_execute", hear)
    with closing(sqlite3.connect(catalog.location)) as connection:
        return "\n".join(
            row[3]
            for statement, parameters in asked
            if statement.startswith(("SELECT", "WITH"))
            for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
        )


@pytest.fixture
def in_file(file: Path) -> Iterator[Catalog]:
    """Plans are SQLite's own words."""
    with open_catalog(file) as catalog:
        yield catalog


@pytest.mark.parametrize("wanted", FILTERS, ids=lambda wanted: " ".join(wanted) or "none")
def test_no_question_about_a_folder_walks_through_all_photos(in_file: Catalog, wanted: dict[str, Any]) -> None:
    catalog = in_file
    chosen = Filter(folders=FOLDER, **wanted)
    asked = plans(catalog, lambda: query.photo_ids(catalog, chosen, Sort(), MODEL))
    asked += plans(catalog, lambda: query.facets(catalog, chosen, MODEL))
    asked += plans(catalog, lambda: query.rank(catalog, 1, chosen, "overall", MODEL))
    assert "SEARCH photos USING" in asked
    assert "SCAN photos" not in asked
    assert "SCAN contents" not in asked
    assert "SCAN judgements" not in asked
    assert "SCAN judgement_themes" not in asked


def test_what_changed_is_found_without_walking_through_all_changes(in_file: Catalog) -> None:
    catalog = in_file
    catalog.memory.much = 0
    query.facets(catalog, Filter(), MODEL)
    register(catalog, found("/photos/1/new.jpg", "new"))
    asked = plans(catalog, lambda: query.photo_ids(catalog, Filter(), Sort(), MODEL))
    assert "SEARCH changes USING INTEGER PRIMARY KEY" in asked
    assert "SEARCH photos USING INTEGER PRIMARY KEY" in asked
