"""An export or a clean-up whose drive is not there: nothing is taken for gone, and it can be undone when it is back."""

import shutil
from pathlib import Path

import pytest

from photocull.core.errors import OutputError
from photocull.picks.export_journal import Journal, begin, read
from photocull.picks.plan import Way
from photocull.picks.reach import is_away, needs
from tests.picks.shoot import content, make_shoot, plan, run, take_back
from tests.unplugging import Drive


@pytest.fixture
def drive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Drive:
    return Drive(tmp_path / "media" / "usb", monkeypatch)


def exported(shoot: Path, out: Path, home: Path, way: Way) -> Journal:
    planned = plan(make_shoot(shoot, 2), out, way)
    journal = begin(planned, home / "exports", needs(planned))
    assert run(journal).photos == 2
    return journal


@pytest.mark.parametrize("leave", [True, False])
@pytest.mark.parametrize("way", ["copy", "move"])
def test_undo_waits_for_the_drive_that_was_exported_to(tmp_path: Path, drive: Drive, way: Way, leave: bool) -> None:
    journal = exported(tmp_path / "shoot", drive.folder / "picks", tmp_path, way)
    drive.unplug(leave_folder=leave)
    assert is_away(read(journal.file))
    with pytest.raises(OutputError, match=r"usb is not there, so it cannot be undone now. Connect its drive"):
        take_back(tmp_path)
    drive.plug_in()
    told = take_back(tmp_path)
    assert (told.photos, told.files, told.problems) == (2, 8, ())
    assert content(drive.folder) == {}
    assert len(content(tmp_path / "shoot")) == 8


@pytest.mark.parametrize("way", ["copy", "move"])
def test_undo_waits_for_the_drive_that_photos_came_from(tmp_path: Path, drive: Drive, way: Way) -> None:
    exported(drive.folder / "DCIM", tmp_path / "out", tmp_path, way)
    before = content(tmp_path / "out")
    drive.unplug()
    with pytest.raises(OutputError, match="cannot be undone now"):
        take_back(tmp_path)
    assert content(tmp_path / "out") == before
    assert not drive.folder.exists(), "nothing is made in its place"
    drive.plug_in()
    assert not take_back(tmp_path).problems
    assert len(content(drive.folder)) == 8


def test_another_drive_at_the_same_place_is_not_that_drive(
    tmp_path: Path, drive: Drive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("photocull.photo.mounts.identity", lambda _: "1234-ABCD")
    exported(tmp_path / "shoot", drive.folder, tmp_path, "copy")
    monkeypatch.setattr("photocull.photo.mounts.identity", lambda _: "5678-EF01")
    with pytest.raises(OutputError, match="cannot be undone now"):
        take_back(tmp_path)
    monkeypatch.setattr("photocull.photo.mounts.identity", lambda _: "1234-ABCD")
    assert not take_back(tmp_path).problems


def test_a_folder_that_was_renamed_is_not_taken_for_photos_that_are_gone(tmp_path: Path) -> None:
    exported(tmp_path / "shoot", tmp_path / "out", tmp_path, "move")
    (tmp_path / "out").rename(tmp_path / "elsewhere")
    with pytest.raises(OutputError, match="out is not there"):
        take_back(tmp_path)
    (tmp_path / "elsewhere").rename(tmp_path / "out")
    assert take_back(tmp_path).files == 8


def test_copies_whose_folder_was_deleted_are_taken_back_already(tmp_path: Path) -> None:
    journal = exported(tmp_path / "shoot", tmp_path / "out", tmp_path, "copy")
    shutil.rmtree(tmp_path / "out")
    assert not take_back(tmp_path).problems
    assert read(journal.file).state == "undone"


def test_one_folder_of_several_that_is_not_there_is_tried_again(tmp_path: Path) -> None:
    planned = plan([*make_shoot(tmp_path / "a", 1), *make_shoot(tmp_path / "b", 1)], tmp_path / "out")
    journal = begin(planned, tmp_path / "exports", needs(planned))
    run(journal)
    (tmp_path / "b").rename(tmp_path / "away")
    told = take_back(tmp_path)
    assert (told.photos, told.files, len(told.problems)) == (1, 4, 4)
    assert {problem.sentence for problem in told.problems} == {
        "It could not be taken back: the folder of its original is not there."
    }
    assert read(journal.file).state == "finished"
    (tmp_path / "away").rename(tmp_path / "b")
    told = take_back(tmp_path)
    assert (told.photos, told.files, told.problems) == (1, 4, ())
    assert not (tmp_path / "out").exists()


def test_a_photo_of_which_a_file_stays_does_not_count_as_taken_back(tmp_path: Path) -> None:
    exported(tmp_path / "shoot", tmp_path / "out", tmp_path, "copy")
    for file in (tmp_path / "out").glob("IMG_1*"):
        file.write_bytes(b"edited")
    told = take_back(tmp_path)
    assert (told.photos, told.files, len(told.problems)) == (1, 4, 4)
