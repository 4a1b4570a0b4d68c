"""A full drive under each thing that is written: one line, what was confirmed is kept, and with room it goes on."""

import os
import shutil
from pathlib import Path

import pytest

from photocull.catalog.database import open_catalog
from photocull.catalog.query import photo_rows
from photocull.core.settings import folders
from photocull.core.types import Decision
from photocull.sidecar.parsing import parse
from tests.building import make_folder
from tests.drives import fill, small_drive
from tests.faults.calling import Answer, call
from tests.picks.shoot import content

pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs fork")
PHOTOS = 12


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    make_folder(tmp_path / "photos", PHOTOS, size=(300, 200))
    return tmp_path / "photos"


def score(photos: Path, *more: object) -> Answer:
    return call("score", photos, "--format", "jsonl", *more)


def test_no_room_for_a_catalogue_is_one_line_and_none_half_made_is_left(photos: Path) -> None:
    with small_drive(folders().data, "300k") as drive:
        ballast = fill(drive)
        answer = score(photos)
        assert (answer.code, len(answer.lines), answer.out) == (2, 1, "")
        assert "The disk is full; the last change was not saved." in answer.err
        ballast.unlink()
        fill(drive, but=20_000)
        assert score(photos).code == 2


def test_a_drive_that_fills_while_photos_are_scored_keeps_what_was_scored_and_decided(photos: Path) -> None:
    make_folder(photos / "more", 60, size=(120, 80), seed=100)
    with small_drive(folders().data, "3m") as drive:
        assert score(photos / "IMG_0001.jpg").code == 0
        with open_catalog(folders().catalog) as catalog:
            catalog.writer.decide([Decision(1, "rating", 5)], initiator="test").result(60)
        ballast = fill(drive, but=90_000)
        answer = score(photos)
        assert (answer.code, len(answer.lines)) == (2, 1)
        assert "The disk is full" in answer.err
        assert call("catalog", "check").code == 0
        with open_catalog(folders().catalog) as catalog:
            assert photo_rows(catalog, [1], "pixels-1")[0].rating == 5
        ballast.unlink()
        after = score(photos)
        assert (after.code, after.err, len(after.out.splitlines())) == (0, "", PHOTOS + 60)
        assert call("catalog", "check").code == 0


def test_without_room_for_previews_photos_are_scored_all_the_same(photos: Path) -> None:
    with small_drive(folders().cache, "200k") as drive:
        fill(drive, but=60_000)
        answer = score(photos)
        assert (answer.code, answer.err, len(answer.out.splitlines())) == (0, "", PHOTOS)


def test_without_room_for_sidecars_each_is_told_none_is_half_and_the_next_run_writes_them(
    photos: Path, tmp_path: Path
) -> None:
    with small_drive(tmp_path / "card", "2m") as drive:
        shutil.copytree(photos, drive / "photos")
        ballast = fill(drive, but=30_000)
        answer = score(drive / "photos", "--write-xmp")
        assert answer.code == 1
        assert "The sidecar cannot be written: no space left on device." in answer.lines[0]
        names = {Path(name).name for name in content(drive / "photos") if not name.endswith(".jpg")}
        assert 0 < len(names) < PHOTOS
        for name in names:
            parse((drive / "photos" / name).read_bytes())  # raises at half of one
        ballast.unlink()
        again = score(drive / "photos", "--write-xmp")
        assert (again.code, again.err) == (0, "")
        assert len(list((drive / "photos").glob("*.xmp"))) == PHOTOS


def test_without_room_for_log_and_settings_photos_are_scored(photos: Path) -> None:
    with small_drive(folders().log, "16k") as log, small_drive(folders().config, "16k") as config:
        fill(log)
        fill(config)
        answer = score(photos)
        assert (answer.code, answer.err, len(answer.out.splitlines())) == (0, "", PHOTOS)


@pytest.mark.parametrize("way", ["--copy", "--move"])
def test_an_export_to_a_drive_without_room_is_one_line_and_moves_nothing(
    photos: Path, tmp_path: Path, way: str
) -> None:
    assert score(photos).code == 0
    with open_catalog(folders().catalog) as catalog:
        everything = [Decision(number + 1, "pick", "pick") for number in range(PHOTOS)]
        catalog.writer.decide(everything, initiator="test").result(60)
    before = content(photos)
    with small_drive(tmp_path / "stick", "64k") as drive:
        answer = call("export", photos, "--to", drive / "out", way, "--yes")
        assert (answer.code, len(answer.lines)) == (2, 1)
        assert "There is not enough room" in answer.err
        assert content(photos) == before
        assert content(drive) == {}
