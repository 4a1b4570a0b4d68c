"""The window on a full drive: a decision that could not be saved says so, and is saved when there is room."""

from pathlib import Path

from photocull.core.types import Decision
from tests.drives import fill, small_drive
from tests.ui.conftest import Studio


def saved_words(studio: Studio) -> str:
    return studio.window.statusbar._saved.text()


def test_what_is_not_saved_says_so_stays_in_sight_and_is_saved_when_there_is_room(
    studio: Studio, folder: Path, tmp_path: Path
) -> None:
    with small_drive(tmp_path / "drive", "4m") as drive:
        studio.home = drive
        studio.open(folder)
        studio.scored()
        studio.desk.bridge._saving._again.setInterval(300)
        studio.window.grid.choose(0)
        photo = studio.window.session.photos.ids[0]
        studio.press("3")
        studio.until(lambda: studio.stored(photo).rating == 3)
        ballast = fill(drive)
        for stars in (1, 2) * 40:  # the room that the log has left
            studio.desk.bridge.decide([Decision(photo, "rating", stars)])
        studio.press("5")
        studio.until(lambda: "not saved: The disk is full" in saved_words(studio))
        row = studio.rows()[0]
        assert row is not None
        assert row.rating == 5
        assert studio.stored(photo).rating != 5
        ballast.unlink()
        studio.until(lambda: saved_words(studio) == "all decisions saved")
        assert studio.stored(photo).rating == 5
        assert studio.catalog.check() == ()
        studio.close()
