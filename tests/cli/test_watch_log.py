"""Where a watch keeps its lines: never in a photo, and never at the cost of somebody else's file."""

from pathlib import Path

import pytest

from photocull.cli import failing
from photocull.cli.watch_log import WatchLog
from tests.building import make_photo
from tests.cli.conftest import Photocull

SMALL = (96, 64)
STAMP = "2026-05-01 10:20:30,123"


@pytest.mark.parametrize("name", ["a.jpg", "a.CR3", "a.mov", "a.xmp", "new.nef", "notes.txt", "folder"])
def test_a_photo_a_folder_or_any_other_file_is_no_log_and_stays_as_it_is(
    tmp_path: Path, photocull: Photocull, name: str
) -> None:
    make_photo(tmp_path / "in" / "a.jpg", size=SMALL)
    victim = tmp_path / name
    match name:
        case "folder":
            victim.mkdir()
        case "a.jpg":
            make_photo(victim, size=SMALL)
        case "new.nef":
            pass
        case _:
            victim.write_text("mine")
    before = {path: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()}
    refused = photocull("watch", "--once", "--log", victim, tmp_path / "in")
    assert (refused.code, len(refused.err.splitlines())) == (2, 1), refused.err
    assert f"{victim}: The log cannot be written here" in refused.err
    assert {path: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()} == before


def test_a_link_to_a_photo_is_no_log_either(tmp_path: Path, photocull: Photocull) -> None:
    photo = make_photo(tmp_path / "in" / "a.jpg", size=SMALL)
    (tmp_path / "watch.log").symlink_to(photo)
    before = photo.read_bytes()
    assert photocull("watch", "--once", "--log", tmp_path / "watch.log", tmp_path / "in").code == 2
    assert photo.read_bytes() == before


@pytest.mark.parametrize("before", [None, "", f"{STAMP} Watching.\n"])
def test_an_earlier_log_and_an_empty_file_are_gone_on_with(
    tmp_path: Path, photocull: Photocull, before: str | None
) -> None:
    make_photo(tmp_path / "in" / "a.jpg", size=SMALL)
    log = tmp_path / "own" / "watch.log"
    log.parent.mkdir()
    if before is not None:
        log.write_text(before)
    assert photocull("watch", "--once", "--log", log, tmp_path / "in").code == 0
    assert log.read_text("utf-8").startswith(before or "2")
    assert "1 photo there" in log.read_text("utf-8")


def test_what_an_older_log_would_replace_is_told_at_the_start(tmp_path: Path, photocull: Photocull) -> None:
    make_photo(tmp_path / "in" / "a.jpg", size=SMALL)
    (tmp_path / "watch.log.3").write_text("mine")
    refused = photocull("watch", "--once", "--log", tmp_path / "watch.log", tmp_path / "in")
    assert (refused.code, f"{tmp_path / 'watch.log.3'}: " in refused.err) == (2, True)


def test_a_log_that_is_full_is_renamed_but_never_onto_what_came_there_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(failing, "_LOG_BYTES", 200)
    with WatchLog(tmp_path / "watch.log") as lines:
        for number in range(8):
            lines.say(f"line {number} of those that fill it")
        assert "line 0" not in (tmp_path / "watch.log").read_text("utf-8")
        assert (tmp_path / "watch.log.2").exists()
        (tmp_path / "watch.log.4").write_text("mine")
        for number in range(8, 40):
            lines.say(f"line {number} of those that fill it")
    assert (tmp_path / "watch.log.4").read_text() == "mine"
    assert "line 39" in (tmp_path / "watch.log").read_text("utf-8")
