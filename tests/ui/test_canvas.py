"""The area in which the photo lies: what is painted where, and what mouse and wheel do."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from photocull.core.types import Pixels
from photocull.ui.canvas import Canvas
from photocull.ui.overlays import Part
from photocull.ui.picture import Picture, picture


def checkered(width: int = 1600, height: int = 1200) -> Pixels:
    """Every pixel tells its place: red by column, green by row, blue alternates."""
    rows, columns = np.mgrid[0:height, 0:width]
    return np.stack([columns % 251, rows % 241, (rows + columns) % 2 * 200], axis=-1).astype(np.uint8)


@pytest.fixture
def canvas(qtbot: QtBot) -> Canvas:
    made = Canvas()
    qtbot.addWidget(made)
    made.resize(800, 600)
    made.show()
    made.set_photo((1600, 1200))
    made.set_picture(picture(checkered()))
    return made


def colours(canvas: Canvas) -> np.ndarray:
    image = canvas.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    flat = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return flat[:, : image.width() * 3].reshape(image.height(), image.width(), 3).copy()


def wheel(canvas: Canvas, at: QPointF, angle: int) -> None:
    event = QWheelEvent(
        at, canvas.mapToGlobal(at), QPoint(), QPoint(0, angle), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(canvas, event)


def test_the_whole_photo_lies_on_the_surround(canvas: Canvas) -> None:
    seen, rect = colours(canvas), canvas.photo_rect()
    assert canvas.rect().contains(rect.toAlignedRect())
    assert rect.width() / rect.height() == pytest.approx(4 / 3, abs=0.01)
    assert tuple(seen[2, 2]) == (0x16, 0x16, 0x16)
    middle = seen[int(rect.center().y()), int(rect.center().x())]
    assert tuple(middle) != (0x16, 0x16, 0x16)


def test_at_one_to_one_every_photo_pixel_is_one_screen_pixel(canvas: Canvas) -> None:
    canvas.toggle(QPointF(300, 200))
    rect = canvas.photo_rect()
    assert (rect.width(), rect.height()) == (1600, 1200)
    left, top = -int(rect.x()), -int(rect.y())
    expected = checkered()[top : top + 600, left : left + 800]
    assert np.array_equal(colours(canvas), expected)


def test_an_upper_part_lies_sharp_on_the_photo_and_below_it_the_photo_is_seen(canvas: Canvas) -> None:
    canvas.set_picture(picture(np.full((120, 160, 3), 90, np.uint8)))
    canvas.set_upper(Part(picture(checkered()[:700]).levels[0], 0.0, 0.0, 1.0, 700 / 1200))
    canvas.toggle(QPointF(400, 300))
    assert not canvas.is_covered()
    rows = 700 + int(canvas.photo_rect().y())
    left = -int(canvas.photo_rect().x())
    shown = colours(canvas)
    assert np.array_equal(shown[:rows], checkered()[700 - rows : 700, left : left + 800])
    assert (shown[rows:] == 90).all()
    canvas.toggle()
    canvas.toggle(QPointF(400, 20))
    assert canvas.is_covered()


def test_the_wheel_zooms_at_the_cursor(canvas: Canvas) -> None:
    at = QPointF(500, 350)
    before = canvas.zoom.at(at.x(), at.y())
    wheel(canvas, at, 120)
    assert canvas.zoom.scale is not None
    assert canvas.zoom.at(at.x(), at.y()) == pytest.approx(before, abs=0.002)
    for _ in range(4):
        wheel(canvas, at, -120)
    assert canvas.zoom.scale is None


def test_a_click_goes_near_and_the_next_one_back(canvas: Canvas) -> None:
    QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=QPoint(300, 300))
    assert canvas.zoom.scale == 1
    QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=QPoint(300, 300))
    assert canvas.zoom.scale is None


def test_a_double_click_goes_near_and_stays(canvas: Canvas) -> None:
    at = QPoint(300, 300)
    QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=at)
    QTest.mouseDClick(canvas, Qt.MouseButton.LeftButton, pos=at)
    assert canvas.zoom.scale == 1


def test_a_held_press_is_a_look_that_ends_with_the_hold(canvas: Canvas, qtbot: QtBot) -> None:
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=QPoint(300, 300))
    assert canvas.zoom.scale == 1
    qtbot.wait(400)
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=QPoint(300, 300))
    assert canvas.zoom.scale is None


def test_dragging_moves_the_photo_with_the_hand(canvas: Canvas) -> None:
    canvas.toggle(QPointF(400, 300))
    before = canvas.photo_rect().topLeft()
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=QPoint(400, 300))
    QTest.mouseMove(canvas, QPoint(440, 330))
    QTest.mouseMove(canvas, QPoint(450, 340))
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=QPoint(450, 340))
    moved = canvas.photo_rect().topLeft() - before
    assert (moved.x(), moved.y()) == (50, 40)
    assert canvas.zoom.scale == 1


def test_a_larger_picture_of_the_same_photo_swaps_in_without_a_jump(canvas: Canvas) -> None:
    small: Picture = picture(np.ascontiguousarray(checkered()[::4, ::4]))
    canvas.set_picture(small)
    canvas.toggle(QPointF(400, 300))
    before = canvas.photo_rect()
    canvas.set_picture(picture(checkered()))
    assert canvas.photo_rect() == before


def test_zoom_stays_for_the_next_photo_of_this_size_and_not_for_another(canvas: Canvas) -> None:
    canvas.toggle(QPointF(400, 300))
    near = canvas.zoom
    canvas.set_photo((1600, 1200))
    assert canvas.zoom == near
    canvas.set_photo((1200, 1600))
    assert canvas.zoom.scale is None


def test_words_stand_where_no_picture_is(canvas: Canvas, qtbot: QtBot) -> None:
    canvas.set_picture(None)
    canvas.set_words("The file is empty.", "Copy it again.")
    assert canvas.accessibleDescription() == "The file is empty. Copy it again."
    assert colours(canvas).max() < 40, "a flicker of words at every step"
    qtbot.wait(300)
    assert colours(canvas).max() > 150
