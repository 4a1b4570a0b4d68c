"""Drives that come and go while the window is open: greyed, still to be marked, back by themselves."""

import threading
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from photocull.core.settings import Settings
from tests.building import make_photo
from tests.pixel_scorer import PixelScorer
from tests.ui.conftest import Studio
from tests.unplugging import Drive

pytestmark = pytest.mark.skipif("os.name == 'nt'", reason="drives are letters there")


@pytest.fixture
def drive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Drive:
    made = Drive(tmp_path / "media" / "USB", monkeypatch)
    for number in range(3):
        make_photo(made.folder / "trip" / f"photo-{number}.jpg", seed=number, size=(480, 320))
    return made


@pytest.fixture
def trip(studio: Studio, drive: Drive) -> Path:
    """A window on a folder of a drive, scored."""
    folder = drive.folder / "trip"
    studio.open(folder)
    studio.scored()
    return folder


def unplugged(studio: Studio, drive: Drive) -> None:
    drive.unplug(leave_folder=True)
    studio.desk.offline.look()
    studio.until(lambda: studio.desk.offline.away.places)


def shown(studio: Studio) -> QImage:
    return studio.window.grid.viewport().grab().toImage()


def test_photos_of_an_unplugged_drive_are_greyed_and_back_when_it_is_plugged_in(
    studio: Studio, drive: Drive, trip: Path
) -> None:
    studio.until(lambda: all(studio.desk.thumbnails.pixmap(row, 180) for row in studio.rows() if row))
    before = shown(studio)
    unplugged(studio, drive)
    assert shown(studio) != before
    (row,) = studio.window.sidebar._folders.values()
    assert "not connected" in row.accessibleName()
    assert f"On a drive that is not connected: {drive.folder}" in row.toolTip()
    drive.plug_in()
    runs = len(studio.reports)
    studio.desk.offline.look()
    studio.until(lambda: len(studio.reports) > runs)
    assert studio.desk.offline.away.places == {}
    assert "not connected" not in row.accessibleName()
    assert len(studio.names()) == 3


def test_the_inspector_and_the_loupe_say_where_the_photo_lies(studio: Studio, drive: Drive, trip: Path) -> None:
    unplugged(studio, drive)
    window = studio.window
    word = f"On a drive that is not connected: {drive.folder}"
    studio.until(lambda: word in window.inspector._body._sentence.text())
    window.show_view("loupe")
    studio.until(window.loupe.has_pixels)
    window.loupe.toggle_zoom()
    studio.until(lambda: window.loupe._legend.accessibleName() == f"Offline preview. {word}")


def test_what_is_marked_meanwhile_is_written_when_the_drive_is_back(
    studio: Studio, drive: Drive, tmp_path: Path
) -> None:
    studio.settings = Settings(sidecars="on")
    folder = drive.folder / "trip"
    studio.open(folder)
    studio.scored()
    unplugged(studio, drive)
    studio.window.grid.choose(0)
    photo = studio.window.grid.current_id()
    assert photo is not None
    studio.press("4")
    studio.until(lambda: studio.stored(photo).rating == 4)
    said = studio.window.statusbar.notice()
    drive.plug_in()
    studio.desk.offline.look()
    studio.until(lambda: list(folder.glob("*.xmp")))
    (sidecar,) = folder.glob("*.xmp")
    studio.until(lambda: 'Rating="4"' in sidecar.read_text() or "<xmp:Rating>4" in sidecar.read_text())
    assert "not written" not in said


def test_a_drive_that_comes_back_does_not_end_a_pause(studio: Studio, drive: Drive, folder: Path) -> None:
    gate = threading.Event()
    studio.scorer = PixelScorer(before=lambda batch: gate.wait(10) and None)
    drive.unplug()
    window = studio.open(folder, drive.folder / "trip")
    studio.until(lambda: window.session.running and len(window.session.photos.ids) == 5)
    studio.until(lambda: studio.desk.offline.away.places)
    studio.press("Ctrl+P")
    gate.set()
    begun: list[object] = []
    window.session.runChanged.connect(begun.append)
    drive.plug_in()
    studio.desk.offline.look()
    studio.until(lambda: None in begun)
    studio.qtbot.wait(150)
    assert window.session.paused
    assert window.statusbar._pace.text() == "paused"
    assert not studio.reports
    studio.press("Ctrl+P")
    studio.until(lambda: studio.reports and len(studio.reports[-1].ids) == 8)


@pytest.mark.parametrize("leave_folder", [True, False], ids=["mount point stays", "mount point goes"])
def test_a_drive_that_is_away_at_the_start_shows_what_is_known(
    studio: Studio, drive: Drive, trip: Path, leave_folder: bool
) -> None:
    studio.close()
    drive.unplug(leave_folder=leave_folder)
    studio.reports.clear()
    studio.open(trip)
    studio.until(lambda: len(studio.window.session.photos.ids) == 3)
    studio.until(lambda: studio.desk.offline.away.places)
    studio.until(lambda: studio.reports and not studio.reports[-1].ids)
    assert len(studio.window.session.photos.ids) == 3
    drive.plug_in()
    studio.desk.offline.look()
    studio.until(lambda: studio.reports and len(studio.reports[-1].ids) == 3)


def test_a_folder_that_was_deleted_while_its_drive_is_there_shows_no_photos(
    studio: Studio, drive: Drive, trip: Path
) -> None:
    for path in trip.iterdir():
        path.unlink()
    trip.rmdir()
    runs = len(studio.reports)
    studio.window.session.score()
    studio.until(lambda: len(studio.reports) > runs)
    studio.window.session.clear_filter()
    studio.until(lambda: not studio.window.session.photos.ids)
    studio.until(lambda: "cannot be found" in studio.window.middle.message.card.title())


def test_a_lost_folder_of_which_no_drive_is_known_is_greyed_too(studio: Studio, drive: Drive, trip: Path) -> None:
    from photocull.catalog.schema import drives

    with studio.catalog.engine.begin() as connection:
        connection.execute(drives.delete())
    drive.unplug()
    studio.desk.offline.look()
    studio.until(lambda: studio.desk.offline.away.places == {trip: None})
    assert studio.desk.offline.away.word(trip / "photo-1.jpg") == f"In a folder that cannot be found: {trip}"
