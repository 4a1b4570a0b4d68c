"""Drives that come and go: their photos stay in sight, deleted ones do not, whatever is left of the mount point."""

import shutil
from pathlib import Path

import pytest

from photocull.catalog import query
from photocull.catalog.database import Catalog
from photocull.catalog.records import Filter, Sort
from photocull.core.types import Decision
from tests.catalog.building import MODEL, found, on_disk, register
from tests.unplugging import Drive

pytestmark = pytest.mark.skipif("os.name == 'nt'", reason="drives are letters there")


@pytest.fixture
def drive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Drive:
    return Drive(tmp_path / "media" / "USB", monkeypatch)


def look_at(catalog: Catalog, folder: Path) -> tuple[int, ...]:
    """What a run does: register what is there, then hide what is gone."""
    files = sorted(folder.rglob("*.jpg"))
    ids = register(catalog, *(on_disk(path, path.read_text()) for path in files)) if files else ()
    return catalog.writer.seen([folder], ids).result(10)


def in_sight(catalog: Catalog, folder: Path) -> list[str]:
    ids = query.photo_ids(catalog, Filter(folders=frozenset({folder})), Sort("name", descending=False), MODEL)
    return [row.path.name for row in query.photo_rows(catalog, ids, MODEL)]


@pytest.fixture
def trip(catalog: Catalog, drive: Drive) -> Path:
    folder = drive.folder / "trip"
    for name in "ab":
        on_disk(folder / f"{name}.jpg", name)
    look_at(catalog, folder)
    return folder


@pytest.mark.parametrize("leave_folder", [True, False], ids=["mount point stays", "mount point goes"])
@pytest.mark.parametrize("above", [0, 1, 2], ids=["the folder", "the drive", "the folder of drives"])
def test_photos_of_an_unplugged_drive_stay_in_sight(
    catalog: Catalog, drive: Drive, trip: Path, leave_folder: bool, above: int
) -> None:
    looked = (trip, *trip.parents)[above]
    look_at(catalog, looked)
    drive.unplug(leave_folder=leave_folder)
    assert catalog.writer.seen([looked], []).result(10) == ()
    assert in_sight(catalog, looked) == ["a.jpg", "b.jpg"]
    away = query.away(catalog)
    assert away.word(trip / "a.jpg") == f"On a drive that is not connected: {drive.folder}"
    assert away.word(trip.parent.parent / "else" / "c.jpg") == ""
    drive.plug_in()
    assert query.away(catalog).places == {}
    assert look_at(catalog, looked) == ()
    assert in_sight(catalog, looked) == ["a.jpg", "b.jpg"]


def test_what_a_watcher_says_is_gone_stays_in_sight_while_its_drive_is_away(
    catalog: Catalog, drive: Drive, trip: Path
) -> None:
    """Who looks again and again sees an empty mount point, as if all had been deleted."""
    drive.unplug(leave_folder=True)
    assert catalog.writer.mark_missing([trip / "a.jpg", trip / "b.jpg"]).result(10) == ()
    assert in_sight(catalog, trip) == ["a.jpg", "b.jpg"]
    drive.plug_in()
    assert len(catalog.writer.mark_missing([trip / "a.jpg"]).result(10)) == 1


def test_a_folder_that_was_deleted_while_its_drive_is_there_is_gone(catalog: Catalog, drive: Drive, trip: Path) -> None:
    shutil.rmtree(trip)
    assert len(catalog.writer.seen([trip], []).result(10)) == 2
    assert in_sight(catalog, trip) == []
    assert query.away(catalog).places == {}


def test_a_deleted_folder_on_the_systems_own_drive_is_gone(catalog: Catalog, drive: Drive, tmp_path: Path) -> None:
    folder = tmp_path / "home" / "trip"
    on_disk(folder / "c.jpg", "c")
    look_at(catalog, folder)
    shutil.rmtree(folder)
    catalog.writer.seen([folder], []).result(10)
    assert in_sight(catalog, folder) == []


def test_a_photo_that_was_deleted_on_a_drive_is_gone_and_its_neighbour_is_not(
    catalog: Catalog, drive: Drive, trip: Path
) -> None:
    (trip / "a.jpg").unlink()
    look_at(catalog, trip)
    drive.unplug()
    catalog.writer.seen([trip], []).result(10)
    assert in_sight(catalog, trip) == ["b.jpg"]


def test_marks_made_while_a_drive_is_away_are_there_when_it_is_back(catalog: Catalog, drive: Drive, trip: Path) -> None:
    drive.unplug()
    (photo, _other) = query.photo_ids(catalog, Filter(), Sort("name", descending=False), MODEL)
    catalog.writer.decide([Decision(photo, "rating", 5)], initiator="test").result(10)
    drive.plug_in()
    look_at(catalog, trip)
    assert [row.rating for row in query.photo_rows(catalog, [photo], MODEL)] == [5]


def test_a_copy_of_a_photo_whose_drive_is_away_takes_its_marks_over_and_leaves_them_there(
    catalog: Catalog, drive: Drive, trip: Path
) -> None:
    """Rated on the card, copied to the disk, the card taken out: both are rated, and either can be changed alone."""
    (there, _other) = query.photo_ids(catalog, Filter(), Sort("name", descending=False), MODEL)
    catalog.writer.decide([Decision(there, "rating", 4), Decision(there, "pick", "pick")], initiator="t").result(10)
    drive.unplug()
    disk = drive.folder.parent.parent / "disk"
    (here,) = register(catalog, on_disk(disk / "a.jpg", "a"))
    assert here != there
    assert [(row.rating, row.pick) for row in query.photo_rows(catalog, [here, there], MODEL)] == [(4, "pick")] * 2
    undone = catalog.writer.undo("test").result(10)
    assert undone is not None
    assert undone.ids == (there,)
    assert [row.rating for row in query.photo_rows(catalog, [here, there], MODEL)] == [4, None]
    assert catalog.check() == ()
    drive.plug_in()
    look_at(catalog, trip)
    assert in_sight(catalog, drive.folder.parent.parent) == ["a.jpg", "a.jpg", "b.jpg"]


def test_a_link_to_a_drive_is_known_by_the_links_name(catalog: Catalog, drive: Drive, trip: Path) -> None:
    pictures = drive.folder.parent.parent / "Pictures"
    pictures.mkdir()
    (pictures / "usb").symlink_to(drive.folder)
    look_at(catalog, pictures / "usb")
    drive.unplug(leave_folder=True)
    catalog.writer.seen([pictures, pictures / "usb"], []).result(10)
    assert in_sight(catalog, pictures) == ["a.jpg", "b.jpg"]
    assert query.away(catalog).word(pictures / "usb" / "trip" / "a.jpg")


def test_a_folder_that_moved_to_another_drive_needs_the_old_one_no_more(
    catalog: Catalog, drive: Drive, trip: Path
) -> None:
    pictures = drive.folder.parent.parent / "Pictures"
    pictures.mkdir()
    (pictures / "trip").symlink_to(trip)
    look_at(catalog, pictures)
    (pictures / "trip").unlink()
    on_disk(pictures / "trip" / "a.jpg", "a")
    look_at(catalog, pictures)
    drive.unplug()
    assert query.away(catalog).word(pictures / "trip" / "a.jpg") == ""


def test_forgetting_a_drive_forgets_that_it_was_one(catalog: Catalog, drive: Drive, trip: Path) -> None:
    catalog.writer.forget(drive.folder).result(10)
    drive.unplug()
    assert query.away(catalog).places == {}


def test_folders_of_a_catalogue_that_never_noted_drives_stay_in_sight(catalog: Catalog) -> None:
    register(catalog, found("/away/a.jpg", "a"))
    catalog.writer.seen([Path("/away")], []).result(10)
    assert in_sight(catalog, Path("/away")) == ["a.jpg"]
