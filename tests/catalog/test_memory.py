"""What lies in memory of a large catalogue is what the tables say, whoever changes them, and outlasts the process."""

import itertools
import random
import shutil
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from photocull.catalog import changes, memory, query, schema
from photocull.catalog.database import Catalog, open_catalog
from photocull.catalog.records import Filter, Sort
from photocull.core.types import Decision, Exif, Theme
from tests.catalog.building import MODEL, SCHEME, failed, filled, found, judgement, on_disk, register, scored, store
from tests.catalog.columns_asked import ODD, answers, from_tables, in_memory

NAMES = ["IMG_2.jpg", "IMG_10.jpg", "img_1.jpg", "Étude.jpg", "a\nb.jpg", "9.jpg", "IMG_2.CR3"]
FOLDERS = ["/gone/a", "/gone/a/b", "/gone/c", str(ODD)]

steps = st.lists(
    st.tuples(st.sampled_from(["enter", "judge", "fail", "mark", "hide", "forget"]), st.integers()), max_size=7
)


def change(catalog: Catalog, what: str, seed: int, fresh: Iterator[int]) -> None:
    """One change of a kind, made of chance."""
    chance = random.Random(seed)
    path = Path(chance.choice(FOLDERS)) / chance.choice(NAMES)
    photos = query.photo_ids(catalog, Filter(missing=True), Sort("name"), MODEL)
    content = f"content {chance.randrange(6)}"
    if what == "enter":  # new, edited, or a content known under a path that is gone, which is a move
        register(catalog, found(path, content, size=next(fresh)))
    elif what == "judge":
        said = judgement(
            chance.choice([2.0, 5.0, 8.0]),
            model_fingerprint=chance.choice([MODEL, "t"]),
            themes=tuple(Theme(name, chance.random()) for name in chance.sample(["sunset", "sea", "dog"], 2)),
            scheme=replace(SCHEME, name=chance.choice(["orange_blue", None])),
            flags=tuple(chance.sample(["blurred", "noisy"], chance.randrange(3))),
        )
        store(catalog, [scored(1, content, said, exif=Exif(camera=chance.choice(["Canon", None])))])
    elif what == "fail":
        store(catalog, [failed(1, content)])
    elif what == "mark" and photos:
        marks: list[Any] = [("rating", 3), ("rating", None), ("pick", "reject"), ("label", "red")]
        catalog.writer.decide([Decision(chance.choice(photos), *chance.choice(marks))], initiator="t").result(10)
    elif what == "hide":
        catalog.writer.mark_missing([path]).result(10)
    elif what == "forget":
        catalog.writer.forget(path if seed % 2 else path.parent).result(10)


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A catalogue of no photo, to be copied."""
    location = tmp_path_factory.mktemp("empty") / "catalog.sqlite"
    with open_catalog(location):
        return location


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(steps, steps)
@example([("enter", seed) for seed in range(12)], [("mark", 0)]).via("every folder")
@example([], [("enter", seed) for seed in (397, 582849, 0, 84297)]).via("a name that no photo has any more")
def test_memory_says_what_the_tables_say_after_any_changes(
    tmp_path_factory: pytest.TempPathFactory, empty: Path, before: list[Any], after: list[Any]
) -> None:
    location = Path(shutil.copy(empty, tmp_path_factory.mktemp("memory")))
    fresh = itertools.count(1)
    with in_memory(location) as catalog, open_catalog(location) as tables:
        for what, seed in before:
            change(catalog, what, seed, fresh)
        answers(catalog)
        for what, seed in after:
            change(catalog, what, seed, fresh)
            assert answers(catalog) == answers(tables), (what, seed)


def test_what_another_process_writes_is_seen(location: Path | str) -> None:
    with in_memory(location) as catalog, open_catalog(location) as other:
        ids = filled(catalog, 3)
        assert query.photo_ids(catalog, Filter(), Sort(), MODEL) == [*reversed(ids)]
        (more,) = register(other, found("/photos/new.jpg", "new"))
        store(other, [scored(more, "new", judgement(9.0))])
        assert query.photo_ids(catalog, Filter(), Sort(), MODEL) == [more, *reversed(ids)]


def test_a_judgement_that_got_the_number_of_one_that_is_gone_has_its_themes_and_flags(tmp_path: Path) -> None:
    with in_memory(tmp_path / "catalog.sqlite") as catalog:
        first, second, _ = filled(catalog)
        for _ in range(2):  # into memory, without themes and flags
            assert query.photo_ids(catalog, Filter(), Sort("name", False), MODEL)
        catalog.writer.forget(Path("/photos/IMG_2.jpg")).result(10)
        assert query.photo_ids(catalog, Filter(), Sort("name", False), MODEL) == [first, second]
        store(catalog, [scored(first, "content 0")])
        assert query.photo_ids(catalog, Filter(), Sort("name", False), MODEL) == [first, second]
        assert catalog.columns() is not None
        for wanted in (Filter(themes=frozenset({"sunset"})), Filter(flags=frozenset({"blurred"}))):
            assert query.photo_ids(catalog, wanted, Sort("name", False), MODEL) == [first, second]


def test_a_few_photos_are_asked_of_the_tables_and_many_of_memory(tmp_path: Path) -> None:
    with open_catalog(tmp_path / "catalog.sqlite") as catalog:
        filled(catalog, 3)
        catalog.memory.much = 4
        assert catalog.view(Filter(), MODEL, counts=True) is None
        catalog.memory.much = 3
        assert catalog.view(Filter(), MODEL) is None, "one list alone is not worth it"
        assert catalog.columns() is None
        assert catalog.view(Filter(), MODEL) is not None
        assert catalog.columns() is not None
        catalog.memory.much = 4
        assert catalog.view(Filter(), MODEL) is not None, "what is there is used"
        assert catalog.view(Filter(paths=frozenset({Path("/photos/IMG_1.jpg")})), MODEL) is None


@pytest.mark.parametrize("part", ["all_photos", "all_judged", "with_tags"])
def test_lists_are_answered_while_all_is_read_and_counts_wait_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    begun, go_on = threading.Event(), threading.Event()
    read = getattr(memory, part)

    def slowly(*given: Any) -> Any:
        begun.set()
        assert go_on.wait(60)
        return read(*given)

    monkeypatch.setattr(memory, part, slowly)
    with in_memory(tmp_path / "catalog.sqlite") as catalog, ThreadPoolExecutor(2) as others:
        ids = filled(catalog, 3)
        counts = [others.submit(query.facets, catalog, Filter(), MODEL) for _ in range(2)]
        assert begun.wait(10)
        for _ in range(2):
            assert query.photo_ids(catalog, Filter(), Sort(), MODEL) == [*reversed(ids)]
        assert catalog.columns() is None
        assert not any(one.done() for one in counts)
        go_on.set()
        assert {one.result(60).total for one in counts} == {3}
        assert catalog.columns() is not None


def test_only_the_last_changes_are_remembered_and_who_missed_some_reads_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "KEPT", 3)
    with in_memory(tmp_path / "catalog.sqlite") as catalog:
        filled(catalog, 2)
        answers(catalog)
        filled(catalog, 9)
        with catalog.reading() as connection:
            assert connection.scalar(select(func.count()).select_from(schema.changes)) == 3
        assert answers(catalog) == from_tables(tmp_path / "catalog.sqlite")


def test_a_moved_file_lies_at_its_new_place_in_the_order(location: Path | str, tmp_path: Path) -> None:
    with in_memory(location) as catalog:
        first, second = register(catalog, on_disk(tmp_path / "a.jpg", "one"), on_disk(tmp_path / "b.jpg", "two"))
        order = Sort("rating")
        assert query.photo_ids(catalog, Filter(), order, MODEL) == [first, second]
        (tmp_path / "a.jpg").rename(tmp_path / "c.jpg")
        assert register(catalog, on_disk(tmp_path / "c.jpg", "one")) == (first,)
        assert query.photo_ids(catalog, Filter(), order, MODEL) == [second, first]


def test_a_folder_with_any_bytes_in_its_name_has_its_photos_in_memory_too(location: Path | str) -> None:
    with in_memory(location) as catalog:
        ids = register(catalog, *(found(ODD / name, name) for name in ("a.jpg", "b.jpg")))
        assert query.facets(catalog, Filter(folders=frozenset({ODD})), MODEL).total == 2
        assert query.photo_ids(catalog, Filter(folders=frozenset({ODD})), Sort("name", False), MODEL) == [*ids]
