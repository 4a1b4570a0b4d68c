"""Somebody who may not read or write: one line says so, and everything else is done."""

import os
import stat
from pathlib import Path

import pytest

from photocull.cli.refusals import EACH
from tests.faults.calling import Answer, call, somebody_else
from tests.picks.shoot import content

pytestmark = pytest.mark.skipif(os.name == "nt", reason="permissions are of another kind there")
PHOTOS = 7
OF_THE_CATALOGUE = (
    ("data/catalog.sqlite", 0o444, "The catalogue is read-only."),
    ("data", 0o555, "The catalogue is read-only."),
    ("data/catalog.sqlite", 0o000, "The catalogue cannot be read."),
    ("data", 0o000, "The catalogue cannot be reached: Permission denied."),
)
FOLDERS_OF_STATE = ("config", "cache", "log")


def run(place: Path, *arguments: object) -> Answer:
    return call(*arguments, user=somebody_else(), home=place / "home")


def score(place: Path, *more: object) -> Answer:
    return run(place, "score", place / "photos", "--format", "jsonl", *more)


def forbid(path: Path, mode: int = 0) -> None:
    path.chmod(mode)


@pytest.mark.parametrize(("what", "mode", "sentence"), OF_THE_CATALOGUE)
def test_a_catalogue_that_may_not_be_written_or_read_is_one_line(
    theirs: Path, what: str, mode: int, sentence: str
) -> None:
    assert score(theirs).code == 0
    before = content(theirs / "home" / "data")
    forbid(theirs / "home" / what, mode)
    for command in (("score", theirs / "photos"), ("catalog", "check"), ("top", theirs / "photos")):
        answer = run(theirs, *command)
        assert (answer.code, len(answer.lines), answer.out) == (2, 1, "")
        assert sentence in answer.err
    forbid(theirs / "home" / "data", 0o755)
    forbid(theirs / "home" / "data" / "catalog.sqlite", 0o644)
    assert content(theirs / "home" / "data") == before
    assert run(theirs, "catalog", "check").code == 0


def test_a_folder_of_photos_that_may_not_be_written_is_scored_and_its_sidecars_are_told(theirs: Path) -> None:
    photos = theirs / "photos"
    forbid(photos, 0o555)
    before = content(photos)
    assert score(theirs).err == ""
    answer = score(theirs, "--write-xmp")
    assert (answer.code, len(answer.out.splitlines())) == (1, PHOTOS)
    told = [line for line in answer.lines if "IMG_" in line]
    assert len(told) == EACH
    assert all(line.endswith("The sidecar cannot be written: permission denied.") for line in told)
    assert answer.lines[-1] == f"{photos}: 1 more sidecars here cannot be written: permission denied."
    assert content(photos).items() >= before.items()
    assert {name for name in content(photos) if name not in before} == {"sub/IMG_0001.jpg.xmp"}
    forbid(photos, 0o755)
    later = score(theirs, "--write-xmp")
    assert (later.code, later.err) == (0, "")
    assert len(list(photos.rglob("*.xmp"))) == PHOTOS


def test_a_photo_that_may_not_be_read_is_one_line_until_it_may(theirs: Path) -> None:
    closed = theirs / "photos" / "IMG_0002.jpg"
    forbid(closed)
    answer = score(theirs)
    assert (answer.code, len(answer.lines), len(answer.out.splitlines())) == (1, 1, PHOTOS)
    assert answer.err.startswith(f"{closed}: No permission to read the file")
    forbid(closed, 0o644)
    assert (score(theirs).code, score(theirs).err) == (0, "")


def test_a_folder_below_that_may_not_be_read_is_one_line_and_its_photos_are_not_given_up(theirs: Path) -> None:
    assert score(theirs).code == 0
    closed = theirs / "photos" / "sub"
    forbid(closed)
    answer = score(theirs)
    assert (answer.code, answer.lines) == (1, [f"{closed}: The folder could not be read: permission denied."])
    assert len(answer.out.splitlines()) == PHOTOS - 1
    forbid(closed, 0o755)
    assert (score(theirs).code, len(score(theirs).out.splitlines())) == (0, PHOTOS)


@pytest.mark.parametrize("name", FOLDERS_OF_STATE)
def test_where_settings_previews_or_the_log_may_not_be_written_photos_are_scored(theirs: Path, name: str) -> None:
    folder = theirs / "home" / name
    folder.mkdir()
    forbid(folder, 0o555)
    answer = score(theirs)
    assert (answer.code, answer.err, len(answer.out.splitlines())) == (0, "", PHOTOS)
    assert list(folder.iterdir()) == []


def test_settings_that_may_not_be_read_and_a_home_that_may_not_be_made_are_one_line(theirs: Path) -> None:
    settings = theirs / "home" / "config" / "settings.toml"
    settings.parent.mkdir()
    settings.touch()
    forbid(settings)
    answer = score(theirs)
    assert (answer.code, len(answer.lines)) == (2, 1)
    assert "The settings cannot be read" in answer.err
    settings.unlink()
    forbid(theirs / "home", stat.S_IRUSR | stat.S_IXUSR | stat.S_IROTH | stat.S_IXOTH)
    answer = score(theirs)
    assert (answer.code, len(answer.lines)) == (2, 1)
    assert "PHOTOCULL_HOME" in answer.err
