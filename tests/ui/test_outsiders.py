"""The window beside other processes on the same catalogue: what they decide, enter and move is seen."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from photocull.catalog.database import Catalog, open_catalog
from photocull.catalog.engine import writing
from photocull.catalog.records import FoundPhoto
from photocull.core.types import Decision, Photo
from tests.building import make_photo
from tests.ui.conftest import Studio


@pytest.fixture
def other(studio: Studio, folder: Path) -> Iterator[Catalog]:
    """The window is open on five scored photos; this is their catalogue in another program's hands."""
    studio.open(folder)
    studio.scored()
    with open_catalog(studio.home / "catalog.sqlite") as catalog:
        yield catalog


def stars(studio: Studio) -> dict[int, int | None]:
    return {row.id: row.rating for row in studio.rows() if row is not None}


def test_stars_that_another_program_gives_are_shown(studio: Studio, other: Catalog) -> None:
    photo = studio.window.session.photos.ids[2]
    other.writer.decide([Decision(photo, "rating", 4)], initiator="elsewhere").result(60)
    studio.until(lambda: stars(studio)[photo] == 4)


def test_decisions_of_both_are_kept_and_shown(studio: Studio, other: Catalog) -> None:
    first, second = studio.window.session.photos.ids[:2]
    studio.window.grid.choose(0)
    studio.press("5")
    other.writer.decide([Decision(second, "rating", 2), Decision(first, "label", "red")], initiator="x").result(60)
    studio.until(lambda: (stars(studio)[first], stars(studio)[second]) == (5, 2))
    studio.until(lambda: studio.stored(first).rating == 5)
    assert (studio.stored(first).label, studio.stored(second).rating) == ("red", 2)


def test_a_photo_that_a_command_enters_comes_last_in_the_list(studio: Studio, other: Catalog, folder: Path) -> None:
    path = make_photo(folder / "new.jpg", size=(160, 120))
    status = path.stat()
    photo = Photo(path, status.st_size, status.st_mtime_ns)
    (new,) = other.writer.register([FoundPhoto(photo, "new content")]).result(60)
    studio.until(lambda: studio.window.session.photos.ids[-1] == new)


def test_a_photo_that_a_command_renamed_is_shown_under_its_new_name(
    studio: Studio, other: Catalog, folder: Path
) -> None:
    row = studio.rows()[0]
    assert row is not None
    moved = row.path.rename(folder / "renamed.jpg")
    status = moved.stat()
    found = FoundPhoto(Photo(moved, status.st_size, status.st_mtime_ns), row.fingerprint)
    assert other.writer.register([found]).result(60) == (row.id,)
    studio.until(lambda: "renamed.jpg" in studio.names())


def test_while_another_program_writes_a_decision_waits_in_sight_and_is_saved_then(
    studio: Studio, other: Catalog
) -> None:
    photo = studio.window.session.photos.ids[0]
    studio.window.grid.choose(0)
    with writing(other.engine):
        studio.press("4")
        studio.until(lambda: studio.window.statusbar._saved.text() == "saving decisions")
        assert stars(studio)[photo] == 4
        assert studio.stored(photo).rating is None
    studio.until(lambda: studio.window.statusbar._saved.text() == "all decisions saved")
    assert studio.stored(photo).rating == 4


def test_folders_that_come_one_upon_the_other_are_all_shown(studio: Studio, folder: Path, tmp_path: Path) -> None:
    studio.open(folder)
    more = [make_photo(tmp_path / f"more-{number}" / "a.jpg", size=(60, 40)).parent for number in range(5)]
    for place in more:
        studio.window.session.add([place])
    studio.until(lambda: set(studio.window.session.folders) == {folder, *more})
