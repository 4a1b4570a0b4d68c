"""Columns on disk: the next process reads only what changed since; what is damaged or strange there is read anew."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from photocull.catalog import query
from photocull.catalog.database import open_catalog
from photocull.catalog.records import Filter, Sort
from photocull.core.types import Decision
from tests.catalog.building import MODEL, filled, judgement, scored, store
from tests.catalog.columns_asked import answers, from_tables, in_memory


def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, list[object]]:
    """A catalogue whose columns were saved, and what it answered."""
    monkeypatch.setattr("photocull.catalog.memory._WORTH_SAVING", 1)
    location = tmp_path / "catalog.sqlite"
    with in_memory(location, cache=tmp_path / "cache") as catalog:
        ids = filled(catalog, 5)
        store(catalog, [scored(ids[0], "content 0", judgement(9.0, model_fingerprint="t"))])
        said = answers(catalog)
    return location, said


def refuse(*_: object) -> None:
    raise AssertionError("read again")


@pytest.fixture
def no_reading(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    def forbid() -> None:
        for name in ("all_photos", "all_judged", "with_tags"):
            monkeypatch.setattr(f"photocull.catalog.memory.{name}", refuse)

    return forbid


def test_the_next_process_reads_only_what_changed_since(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, no_reading: Callable[[], None]
) -> None:
    location, said = kept(tmp_path, monkeypatch)
    no_reading()
    with in_memory(location, cache=tmp_path / "cache") as catalog:
        assert answers(catalog) == said
        catalog.writer.decide([Decision(2, "rating", 5)], initiator="t").result(10)
        assert query.photo_ids(catalog, Filter(min_rating=5), Sort(), MODEL) == [2]


def test_columns_of_a_catalogue_that_was_put_back_are_not_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    location = tmp_path / "catalog.sqlite"
    with open_catalog(location) as catalog:
        ids = filled(catalog, 2)
        copy = catalog.backup(tmp_path / "copy.sqlite")
    monkeypatch.setattr("photocull.catalog.memory._WORTH_SAVING", 1)
    for stars in (5, 3):  # as many changes, but others
        shutil.copy(copy, location)
        with in_memory(location, cache=tmp_path / "cache") as catalog:
            catalog.writer.decide([Decision(ids[0], "rating", stars)], initiator="t").result(10)
            assert query.facets(catalog, Filter(), MODEL).ratings == {0: 1, stars: 1}


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 half", b"no columns at all"])
def test_damaged_columns_are_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    location, said = kept(tmp_path, monkeypatch)
    (file,) = (tmp_path / "cache").iterdir()
    file.write_bytes(content)
    with in_memory(location, cache=tmp_path / "cache") as catalog:
        assert answers(catalog) == said


def test_columns_that_were_cut_off_or_changed_are_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    location, said = kept(tmp_path, monkeypatch)
    (file,) = (tmp_path / "cache").iterdir()
    whole = file.read_bytes()
    for content in (whole[: len(whole) // 2], whole[:300] + bytes(300) + whole[600:]):
        file.write_bytes(content)
        with in_memory(location, cache=tmp_path / "cache") as catalog:
            assert answers(catalog) == said


@pytest.mark.parametrize(("at", "bits"), [(8, 0x01), (10, 0x60)], ids=["encrypted", "packed in an unknown way"])
def test_columns_that_call_themselves_what_nobody_wrote_are_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: int, bits: int
) -> None:
    location, said = kept(tmp_path, monkeypatch)
    (file,) = (tmp_path / "cache").iterdir()
    data = bytearray(file.read_bytes())
    for entry in re.finditer(b"PK\x01\x02", bytes(data)):  # of the list at the end of a zip file
        data[entry.start() + at] |= bits
    file.write_bytes(data)
    with in_memory(location, cache=tmp_path / "cache") as catalog:
        assert answers(catalog) == said


def test_a_cache_that_cannot_be_written_costs_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "cache").write_text("a file where a folder should be")
    location, said = kept(tmp_path, monkeypatch)
    assert from_tables(location) == said
