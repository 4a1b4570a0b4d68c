"""Pictures for the loupe: which are loaded, at what size, how many stay, and how soon they are painted."""

import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject, QPointF
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from photocull.catalog.records import PhotoRow
from photocull.core.types import Pixels
from photocull.photo import decode as decoding
from photocull.ui import images
from photocull.ui.loupe import Loupe
from photocull.ui.picture import Picture, picture
from tests.building import make_folder
from tests.ui.staging import Stage


def add(stage: Stage, folder: Path, count: int = 1, size: tuple[int, int] = (1800, 1200)) -> list[PhotoRow]:
    return [stage.row(i) for i in stage.add(make_folder(folder, count, size=size))]


def test_stepping_fast_loads_what_is_shown_not_all_that_was_passed(
    loupe: Loupe, stage: Stage, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []

    def counted(path: Path, side: int, **options: Any) -> object:
        read.append(path.name)
        return decoding.load_preview(path, side, **options)

    monkeypatch.setattr(images, "load_preview", counted)
    paths = make_folder(tmp_path / "photos", 12, size=(320, 240))
    rows = [stage.row(i) for i in stage.register(paths)]
    for row in rows:
        loupe.show_photo(row)
    qtbot.waitUntil(lambda: loupe._images.small(rows[-1]) is not None)
    assert read == [rows[0].path.name, rows[-1].path.name]


def test_pictures_kept_are_bounded_by_bytes() -> None:
    made = picture(np.zeros((100, 100, 3), np.uint8))
    shelf = images.Shelf(limit=3 * made.bytes)
    for name in "abcd":
        shelf.put(name, made)
        shelf.get("a")
    assert ["a" in shelf, "b" in shelf, "d" in shelf] == [True, False, True]


def test_what_will_not_be_kept_beside_a_picture_to_come_goes_before_it_comes() -> None:
    made = picture(np.zeros((100, 100, 3), np.uint8))
    shelf = images.Shelf(limit=2 * made.bytes)
    shelf.put("a", made)
    shelf.put("shown", made)
    shelf.make_room(made.bytes)
    assert ["a" in shelf, "shown" in shelf] == [False, True]
    shelf.make_room(9 * made.bytes)
    assert "shown" in shelf


def painted(loupe: Loupe) -> list[Picture | None]:
    """The picture of every paint from now on."""
    seen: list[Picture | None] = []

    class Watch(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Paint:
                seen.append(loupe.canvas._picture)
            return False

    watch = Watch(loupe)
    loupe.canvas.installEventFilter(watch)
    return seen


def test_a_photo_that_is_loaded_is_painted_before_the_event_loop_goes_on(
    loupe: Loupe, stage: Stage, tmp_path: Path, qtbot: QtBot
) -> None:
    rows = add(stage, tmp_path / "photos", 2)
    loupe.show_photo(rows[0])
    loupe.set_neighbours([rows[1].id])
    qtbot.waitUntil(lambda: all(loupe._images.small(row) is not None for row in rows))
    seen = painted(loupe)
    loupe.show_photo(rows[1])
    assert seen == [loupe._images.small(rows[1])], "once, and no other photo"


def test_read_ahead_brings_the_size_in_which_a_photo_is_painted(
    loupe: Loupe, stage: Stage, tmp_path: Path, qtbot: QtBot
) -> None:
    rows = add(stage, tmp_path / "photos", 2)
    loupe.show_photo(rows[0])
    loupe.set_neighbours([rows[1].id])
    qtbot.waitUntil(lambda: all(loupe._images.small(row) is not None for row in rows))
    ahead = loupe._images.small(rows[1])
    assert ahead is not None
    assert ahead.missing(loupe.canvas.zoom) is None
    loupe.show_photo(rows[1])
    loupe.resize(700, 500)
    qtbot.waitUntil(
        lambda: loupe.canvas._picture is not None and loupe.canvas._picture.missing(loupe.canvas.zoom) is None
    )
    assert loupe.canvas._picture.levels[-1].size == loupe.canvas.zoom.whole((1800, 1200))


@pytest.mark.slow
def test_a_look_from_between_gets_its_own_size_and_going_back_finds_the_whole(
    loupe: Loupe, stage: Stage, tmp_path: Path, qtbot: QtBot
) -> None:
    (row,) = add(stage, tmp_path / "photos", size=(3600, 2400))
    loupe.show_photo(row)
    loupe.toggle_zoom()
    qtbot.waitUntil(lambda: loupe.canvas._picture is not None and loupe.canvas._picture.size == (3600, 2400))
    whole = loupe.canvas.zoom.whole((3600, 2400))
    qtbot.waitUntil(lambda: loupe.canvas._picture.levels[-1].size == whole)
    for _ in range(4):
        loupe.zoom_out()
    qtbot.waitUntil(lambda: [level.size for level in loupe.canvas._picture.levels[1:]] == [(1800, 1200), whole])


@pytest.mark.slow
def test_what_is_in_view_is_sharp_before_all_of_the_photo_is_read(
    loupe: Loupe, stage: Stage, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = threading.Event()

    def later(path: Path, **options: Any) -> Pixels:
        assert go_on.wait(60)
        return decoding.load_full(path, **options)

    monkeypatch.setattr(images, "load_full", later)
    (row,) = add(stage, tmp_path / "photos", size=(3600, 3000))
    loupe.show_photo(row)
    qtbot.waitUntil(loupe.has_pixels)
    loupe.canvas.toggle(QPointF(loupe.canvas.width() / 2, 60))
    qtbot.waitUntil(lambda: loupe.has_pixels(full=True))
    first = seen(loupe)
    assert loupe.canvas.picture is loupe._images.small(row)
    go_on.set()
    qtbot.waitUntil(lambda: loupe._images.full(row) is not None)
    assert loupe._images.upper(row) is None
    assert loupe.canvas.picture is loupe._images.full(row)
    assert np.array_equal(seen(loupe), first), "what is seen does not change"


def seen(loupe: Loupe) -> Pixels:
    """What is painted on the canvas, (H, W, 3)."""
    image = loupe.canvas.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : image.width() * 3].reshape(image.height(), image.width(), 3).copy()
