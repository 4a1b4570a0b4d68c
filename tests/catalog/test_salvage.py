"""Out of a damaged catalogue comes what was decided since the backup, on the photos that it was decided on."""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest

from photocull.catalog import kept, restore
from photocull.catalog import query as ask
from photocull.catalog.database import Catalog, open_catalog
from photocull.catalog.records import Filter, Sort
from photocull.core.errors import CatalogDamagedError, CatalogError
from photocull.core.types import Decision
from tests.catalog.building import MODEL, filled, found, register
from tests.catalog.restoring import BEFORE, SALVAGED, rate, ratings
from tests.catalog.spoiling import spoil_head, spoil_pages, spoil_table


@pytest.fixture
def location(file: Path) -> Path:
    """Backups are of files: a server has its own."""
    return file


def test_a_damaged_catalogue_is_kept_aside_and_its_later_decisions_are_salvaged(location: Path, saved: Path) -> None:
    spoil_table(location, "judgements", "attention", "explanations")
    broken = location.read_bytes()
    done = restore.restore(location, saved)
    assert ratings(location) == SALVAGED
    assert done.salvaged == 1
    assert done.aside is not None
    assert done.aside.read_bytes() == broken
    assert done.aside not in [one.file for one in kept.backups(location)]


def test_what_was_undone_since_the_backup_stays_undone(location: Path, saved: Path) -> None:
    with open_catalog(location) as catalog:
        assert catalog.writer.undo("test").result(10) is not None
        assert catalog.writer.undo("test").result(10) is not None
    spoil_table(location, "judgements", "attention", "explanations")
    restore.restore(location, saved)
    assert ratings(location) == {"IMG_0.jpg": None, "IMG_1.jpg": None, "IMG_2.jpg": None}


def spoilt_after(location: Path, since: Callable[[Catalog], object]) -> None:
    """The catalogue goes on and is damaged then, but not where its photos and decisions lie."""
    with open_catalog(location) as catalog:
        since(catalog)
    spoil_table(location, "judgements", "attention", "explanations")


def paths_rated(location: Path) -> dict[str, int | None]:
    with open_catalog(location) as catalog:
        ids = ask.photo_ids(catalog, Filter(), Sort("name", descending=False), MODEL)
        return {str(row.path): row.rating for row in ask.photo_rows(catalog, ids, MODEL)}


def test_marks_of_photos_that_moved_since_are_salvaged_and_those_of_new_ones_counted(
    location: Path, saved: Path
) -> None:
    def since(catalog: Catalog) -> None:
        (moved,) = register(catalog, found("/elsewhere/IMG_2.jpg", "content 2"))
        rate(catalog, moved, 4)
        (late,) = register(catalog, found("/photos/IMG_2.jpg", "another photo at the old place"))
        rate(catalog, late, 5)
        rate(catalog, late, 3)
        catalog.writer.decide([Decision(late, "label", None)], initiator="test").result(10)

    spoilt_after(location, since)
    done = restore.restore(location, saved)
    assert ratings(location) == {"IMG_0.jpg": 1, "IMG_1.jpg": 2, "IMG_2.jpg": 4}
    assert (done.salvaged, done.left_out) == (2, 1)


def test_a_photo_that_was_forgotten_and_came_again_gets_its_mark_by_its_path(location: Path, saved: Path) -> None:
    def since(catalog: Catalog) -> None:
        catalog.writer.forget(Path("/photos/IMG_2.jpg")).result(10)
        (again,) = register(catalog, found("/photos/IMG_2.jpg", "content 2"))
        rate(catalog, again, 4)

    spoilt_after(location, since)
    done = restore.restore(location, saved)
    assert (ratings(location)["IMG_2.jpg"], done.left_out) == (4, 0)


def test_where_the_photos_themselves_cannot_be_read_their_marks_are_salvaged_all_the_same(
    location: Path, saved: Path
) -> None:
    with closing(sqlite3.connect(location)) as connection:
        page = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'photos'").fetchone()[0]
    spoil_pages(location, page, page)
    assert restore.restore(location, saved).salvaged == 1
    assert ratings(location) == SALVAGED


@pytest.mark.parametrize("same", [True, False], ids=["the same catalogue", "another one"])
def test_before_the_first_decision_a_number_counts_only_for_a_file_that_looks_the_same(
    location: Path, same: bool
) -> None:
    with open_catalog(location) as catalog:
        register(catalog, found("/photos/a.jpg", "a", size=7), found("/photos/b.jpg", "b", size=8))
        copy = catalog.backup(location.with_name("copy.sqlite"))
    if not same:
        location.unlink()
    with open_catalog(location) as catalog:
        files = [found("/new/a.jpg", "a", size=7 if same else 70), found("/photos/b.jpg", "b", size=8)]
        for photo in register(catalog, *(files if same else files[::-1])):
            rate(catalog, photo, photo)
    spoil_table(location, "judgements", "attention", "explanations")
    done = restore.restore(location, copy)
    assert paths_rated(location) == {"/photos/a.jpg": 1 if same else None, "/photos/b.jpg": 2 if same else 1}
    assert (done.salvaged, done.left_out) == ((2, 0) if same else (1, 1))


def test_a_journal_that_cannot_be_taken_over_keeps_no_backup_back(
    location: Path, saved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoil_table(location, "judgements", "attention", "explanations")

    def refuse(*_given: object) -> int:
        raise CatalogError("It cannot be written.")

    monkeypatch.setattr(restore, "bring_in", refuse)
    done = restore.restore(location, saved)
    assert (done.salvaged, done.left_out) == (0, 1)
    assert ratings(location) == BEFORE


def test_a_catalogue_of_which_nothing_can_be_read_gives_way_to_the_backup(location: Path, saved: Path) -> None:
    shutil.copyfile(saved, kept.new_name(location, kept.AUTOMATIC, datetime(2026, 11, 23, 14, 2).astimezone()))
    spoil_head(location)
    with pytest.raises(CatalogDamagedError):
        open_catalog(location)
    done = restore.restore(location, saved)
    assert (ratings(location), done.salvaged) == (BEFORE, 0)


def test_nothing_is_salvaged_from_another_past(location: Path, saved: Path, tmp_path: Path) -> None:
    other = tmp_path / "other" / "catalog.sqlite"
    other.parent.mkdir()
    with open_catalog(other) as catalog:
        ids = filled(catalog)
        for stars in (5, 4, 3):
            rate(catalog, ids[2], stars)
    spoil_table(other, "judgements", "attention", "explanations")
    assert restore.restore(other, saved).salvaged == 0
    assert ratings(other) == BEFORE
