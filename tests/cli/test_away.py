"""A folder on a drive that is not connected: `score` says so, `top` answers from what is known."""

from pathlib import Path

import pytest

from tests.building import make_folder, make_photo
from tests.cli.conftest import Photocull, names
from tests.unplugging import Drive

pytestmark = pytest.mark.skipif("os.name == 'nt'", reason="drives are letters there")


@pytest.fixture
def drive(photocull: Photocull, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Drive:
    """With three scored photos; unplugged."""
    made = Drive(tmp_path / "media" / "USB", monkeypatch)
    make_folder(made.folder / "trip", 3)
    assert photocull("score", made.folder / "trip").code == 0
    made.unplug(leave_folder=True)
    return made


@pytest.mark.parametrize("command", ["score", "export --picked --to out", "trash --rejected --yes"])
def test_what_needs_the_files_says_that_their_drive_is_away(
    photocull: Photocull, drive: Drive, command: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    answer = photocull(*command.split(" "), drive.folder / "trip")
    assert answer.code == 2
    (line,) = answer.err.splitlines()
    assert f"On a drive that is not connected: {drive.folder}. Connect it and try again." in line


def test_top_answers_from_the_catalogue(photocull: Photocull, drive: Drive, tmp_path: Path) -> None:
    make_photo(tmp_path / "here" / "near.jpg")
    answer = photocull("top", drive.folder / "trip", tmp_path / "here", "--format", "json")
    assert answer.code == 0
    assert len(names(answer.records)) == 4
    (line,) = answer.err.splitlines()
    assert "not connected" in line
    assert len(names(photocull("top", drive.folder, "--count", "2", "--format", "json").records)) == 2


def test_top_of_an_unknown_folder_on_a_drive_that_is_away_is_wrong_usage(photocull: Photocull, drive: Drive) -> None:
    assert photocull("top", drive.folder / "nothing").code == 2


def test_scoring_the_folder_above_hides_nothing_and_the_photos_are_back_with_the_drive(
    photocull: Photocull, drive: Drive, tmp_path: Path
) -> None:
    make_photo(tmp_path / "media" / "near.jpg")
    assert names(photocull("score", tmp_path / "media", "--format", "json").records) == ["near.jpg"]
    assert len(names(photocull("top", drive.folder / "trip", "--format", "json").records)) == 3
    drive.plug_in()
    answer = photocull("score", tmp_path / "media", "--format", "json")
    assert (len(names(answer.records)), answer.err) == (4, "")


def test_a_watch_of_what_is_there_takes_the_empty_folder_of_a_drive_for_away_and_its_photos_stay_in_sight(
    photocull: Photocull, drive: Drive, tmp_path: Path
) -> None:
    answer = photocull("watch", "--once", drive.folder)
    assert (answer.code, "There is nothing to look at." in answer.err) == (2, True), answer.err
    make_photo(tmp_path / "inbox" / "new.jpg", seed=9)
    beside = photocull("watch", "--once", drive.folder, tmp_path / "inbox")
    assert (beside.code, f"{drive.folder}: It is not there" in beside.err) == (1, True), beside.err
    assert len(names(photocull("top", drive.folder, "--format", "json").records)) == 3
