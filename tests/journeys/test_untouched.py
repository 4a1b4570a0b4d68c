"""The original is never touched: every operation of the program runs over a folder, which stays as it was."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QTimer
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog
from pytestqt.qtbot import QtBot

from photocull.catalog.records import Filter
from photocull.cli.commands import names
from photocull.cli.main import main
from photocull.core.vocabulary import OVERLAY_KINDS
from photocull.photo.fingerprint import fingerprint
from tests.building import draw, make_photo
from tests.conftest import SHARED
from tests.journeys.program import state_of
from tests.photo.bombs import write
from tests.photo.test_raw import dng, jpeg_of
from tests.ui.conftest import Studio

CAMERA_FILES = ("heif/pillow_heif__RGB_8__128x128.heif", "raw/photoprism__canon_eos_6d.dng", "jxl", "jpeg2000")
TAKES_NO_PHOTO = {"doctor", "catalog", "models", "benchmark", "train", "tune", "evaluate", "policies"}
"""Commands that read no photos of a person's; three of them read published sets in their own layout."""


@pytest.fixture
def photos(tmp_path: Path) -> Iterator[Path]:
    """A folder of all formats, sound and broken, some of it read-only."""
    folder = tmp_path / "photos"
    for number, suffix in enumerate((".jpg", ".png", ".tif", ".webp", ".avif")):
        make_photo(folder / f"a{suffix}", size=(240, 180), seed=number, orientation=6)
    Image.fromarray(draw((160, 120))).save(folder / "b.gif")
    Image.fromarray(draw((160, 120))).save(folder / "c.jp2")
    (folder / "pair.dng").write_bytes(dng((800, 600), jpeg_of(800, 600)))
    make_photo(folder / "pair.jpg", size=(240, 180), seed=9)
    (folder / "pair.xmp").write_text("<x:xmpmeta xmlns:x='adobe:ns:meta/'/>")
    (folder / "sensor.dng").write_bytes(dng())
    (folder / "cut.jpg").write_bytes((folder / "a.jpg").read_bytes()[:-900])
    (folder / "empty.jpg").write_bytes(b"")
    (folder / "clip.mp4").write_bytes(b"\x00\x00\x00\x18ftypisom")
    (folder / "bombs").mkdir()
    write(folder / "bombs")
    _add_camera_files(folder)
    locked = folder / "locked"
    make_photo(locked / "kept.jpg", size=(240, 180), seed=12)
    (locked / "kept.jpg").chmod(0o444)
    locked.chmod(0o555)
    yield folder
    locked.chmod(0o755)


def _add_camera_files(folder: Path) -> None:
    for name in CAMERA_FILES if SHARED.is_dir() else ():
        place = SHARED / "data" / "photos" / name
        for path in [place] if place.is_file() else sorted(place.iterdir())[:2]:
            shutil.copyfile(path, folder / path.name)


LEFT_OUT = ("quit", "escape", "full-screen", "sidecars")
"""Commands of the window that end the test, or that let sidecars be written beside photos."""


def run(*arguments: object) -> int:
    """The program itself, in this process."""
    with pytest.raises(SystemExit) as ended:
        main([str(argument) for argument in arguments])
    assert isinstance(ended.value.code, int)
    return ended.value.code


def test_no_command_touches_a_photo(
    photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(photos)
    before = state_of(photos)
    for form in ("json", "jsonl", "csv", "table"):
        assert run("score", photos, "--format", form) == 1
    assert run("score", photos / "a.jpg", photos / "pair.dng", "--jobs", 1, "--catalog", tmp_path / "other.sqlite") == 0
    assert run("score", "a.tif", "--device", "cpu", "--model", "builtin-1-fast") == 0
    for choice in (
        ["--count", 3], ["--percent", 50], ["--theme", "sunset"], ["--colour-scheme", "orange_blue"],
        ["--rating", ">=1"], *(["--sort", key] for key in ("aesthetic", "colour", "technical", "overall", "taken")),
        ["--sheet", tmp_path / "sheet.jpg"],
    ):  # fmt: skip
        assert run("top", photos, *choice) == 1
    for kind in OVERLAY_KINDS:
        for photo in ("a.jpg", "pair.dng", "a.tif"):
            assert run("overlay", photos / photo, "--kind", kind, "--output", tmp_path / f"{kind}.png", "--force") in (
                0,
                2,
            )
    cell = ["--kind", "similarity", "--cell", "2,3", "--output", tmp_path / "cell.png"]
    assert run("overlay", photos / "a.avif", *cell) == 0
    assert run("overlay", photos / "a.jpg", "--kind", "focus", "--output", photos / "a.jpg", "--force") == 2
    for number, choice in enumerate(
        (["--percent", 60], ["--count", 2, "--hardlink"], ["--rating", "<=5", "--symlink"])
    ):
        assert run("export", photos, "--to", tmp_path / f"export{number}", *choice) in (0, 1)
    assert run("export", photos, "--to", tmp_path / "moved", "--move", "--rating", "<=5", "--dry-run") in (0, 1)
    assert run("export", "--undo") == 0
    for choice in (["--dry-run"], ["--policy", "absolute"], ["--undo"]):
        assert run("rate", photos, *choice) in (0, 1)
    for choice in ([], ["--poll", "--auto-rate"], ["--auto-rate", "--dry-run"]):
        assert run("watch", photos, "--once", *choice) == 1
    assert run("trash", photos, "--rejected", "--yes") in (0, 1)
    for arguments in (["doctor"], ["catalog", "info"], ["catalog", "check"]):
        run(*arguments)
    assert state_of(photos) == before
    assert capfd.readouterr().out


def test_every_command_is_in_this_test_or_takes_no_photo() -> None:
    assert set(names()) - TAKES_NO_PHOTO == {"score", "top", "export", "trash", "overlay", "rate", "watch"}


@pytest.mark.slow
def test_writing_sidecars_touches_no_photo_and_no_sidecar_that_is_not_understood(photos: Path) -> None:
    before = state_of(photos)
    run("score", photos, "--write-xmp")
    after = state_of(photos)
    made = set(after) - set(before)
    assert made
    assert all(name.endswith(".xmp") for name in made)
    files = {name: state for name, state in before.items() if (photos / name).is_file()}
    assert {name: after[name] for name in files} == files


def test_reading_a_photo_on_its_own_touches_nothing(photos: Path) -> None:
    before = state_of(photos)
    for path in sorted(photos.rglob("*")):
        if path.is_file() and path.stat().st_size:
            fingerprint(path)
    assert state_of(photos) == before


@pytest.fixture
def studio(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[Studio]:
    made = Studio(qtbot, tmp_path)
    yield made
    made.close()


@pytest.mark.slow
def test_no_action_of_the_window_touches_a_photo(
    photos: Path, studio: Studio, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: True)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(photos / "locked"))
    before = state_of(photos)
    window = studio.open(photos)
    studio.until(lambda: studio.reports and not studio.failures)
    ids = set(studio.reports[-1].ids)
    studio.until(lambda: ids <= set(window.session.photos.ids) and all(studio.rows()))
    studio.until(lambda: window.grid.visible_ids())
    acted = set()
    for view in ("grid", "loupe", "grid"):
        window.show_view(view)
        for command in window.commands:
            if command.id in LEFT_OUT or not command.works_in(window.view, photos=True):
                continue
            acted.add(command.id)
            _do(command.run)
            window.show_view(view)
            qtbot.wait(5)
    assert acted >= {command.id for command in window.commands} - set(LEFT_OUT)
    window.session.set_filter(Filter(text="pair"))
    studio.until(lambda: len(window.session.photos.ids) < len(ids))
    window.session.set_filter(Filter())
    for photo in sorted(ids):
        window.show_view("loupe")
        studio.press("Right", "Z", "3", "P", "6", "Ctrl+Z", "Z")
        qtbot.wait(20)
        assert photo
    studio.close()
    assert state_of(photos) == before


def _do(act: Callable[[], None]) -> None:
    """Do it, and close the dialog that it may open."""
    timer = QTimer(interval=50)
    timer.timeout.connect(_close_dialog)
    timer.start()
    act()
    timer.stop()
    _close_dialog()


def _close_dialog() -> None:
    for widget in QApplication.topLevelWidgets():
        if isinstance(widget, QDialog) and widget.isVisible():
            widget.reject()
