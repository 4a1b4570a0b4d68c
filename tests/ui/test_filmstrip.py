"""The filmstrip over a real list."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from photocull.catalog.records import Filter, FoundPhoto, PhotoRow, Sort
from photocull.core.types import Photo
from photocull.ui.filmstrip import Filmstrip, starts
from photocull.ui.photo_list import PhotoListModel
from photocull.ui.thumbnails import Thumbnails, preview_loader
from tests.building import make_folder
from tests.ui.staging import Stage


@pytest.fixture
def strip(stage: Stage, qtbot: QtBot) -> Iterator[Filmstrip]:
    thumbnails = Thumbnails(preview_loader(stage.previews))
    made = Filmstrip(PhotoListModel(stage.bridge), thumbnails)
    qtbot.addWidget(made)
    made.resize(600, made.sizeHint().height())
    made.show()
    yield made
    thumbnails.close()


def show(strip: Filmstrip, qtbot: QtBot) -> list[int]:
    with qtbot.waitSignal(strip._model.listed):
        strip._model.show(Filter(), Sort("name", descending=False))
    return list(strip._model.ids)


def many(stage: Stage, count: int) -> None:
    """Photos that nobody opens: the list alone is wanted."""
    found = [FoundPhoto(Photo(Path(f"/photos/{n:05}.jpg"), 1, n), f"{n:032x}") for n in range(count)]
    stage.catalog.writer.register(found).result(60)


def test_every_photo_has_its_place() -> None:
    assert starts([1.5, 1.0, None, 99.0], height=100, gap=10) == [0, 160, 270, 430, 760]
    assert starts([]) == [0]


def test_the_current_photo_is_brought_to_the_middle(strip: Filmstrip, stage: Stage, qtbot: QtBot) -> None:
    many(stage, 60)
    ids = show(strip, qtbot)
    strip.set_current(ids[30])
    assert strip._cell(30).center().x() == pytest.approx(300, abs=2)
    strip.set_current(ids[0])
    assert strip._cell(0).x() == 12
    strip.set_current(ids[59])
    assert strip._cell(59).right() == pytest.approx(600 - 12, abs=1)


def test_a_few_photos_lie_in_the_middle(strip: Filmstrip, stage: Stage, qtbot: QtBot) -> None:
    many(stage, 2)
    show(strip, qtbot)
    assert (strip._cell(0).x() + strip._cell(1).right()) / 2 == pytest.approx(300, abs=2)


def test_a_click_chooses_the_photo_under_the_pointer(strip: Filmstrip, stage: Stage, qtbot: QtBot) -> None:
    many(stage, 60)
    ids = show(strip, qtbot)
    strip.set_current(ids[30])
    with qtbot.waitSignal(strip.chosen) as heard:
        QTest.mouseClick(strip, Qt.MouseButton.LeftButton, pos=strip._cell(31).center().toPoint())
    assert heard.args == [ids[31]]


def test_the_wheel_runs_along_the_strip_and_stops_at_its_ends(strip: Filmstrip, stage: Stage, qtbot: QtBot) -> None:
    many(stage, 60)
    show(strip, qtbot)
    before = strip._cell(0).x()
    at = QPointF(300, 40)
    for angle in (-120, -120, 120, 120, 120):
        event = QWheelEvent(
            at, strip.mapToGlobal(at), QPoint(), QPoint(0, angle), Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(strip, event)
        if angle == -120:
            assert strip._cell(0).x() < before
    assert strip._cell(0).x() == before


def test_ten_thousand_photos_cost_no_more_than_those_in_sight(
    strip: Filmstrip, stage: Stage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    many(stage, 10_000)
    ids = show(strip, qtbot)
    asked: list[int] = []
    real = strip._model.row_at

    def counted(place: int) -> PhotoRow | None:
        asked.append(place)
        return real(place)

    monkeypatch.setattr(strip._model, "row_at", counted)
    strip.set_current(ids[7_000])
    strip.grab()
    assert 3 <= len(set(asked)) < 20
    assert all(abs(place - 7_000) < 20 for place in asked)


def test_pictures_and_marks_are_painted(strip: Filmstrip, stage: Stage, tmp_path: Path, qtbot: QtBot) -> None:
    stage.add(make_folder(tmp_path / "photos", 3))
    ids = show(strip, qtbot)
    empty = strip.grab().toImage()
    rows = lambda: [strip._model.row_at(n) for n in range(3)]  # noqa: E731  asked until they are here
    qtbot.waitUntil(lambda: all(row is not None for row in rows()))
    qtbot.waitUntil(lambda: strip._thumbnails.pixmap(stage.row(ids[0]), 64) is not None)
    pictures = strip.grab().toImage()
    assert pictures != empty
    strip.set_current(ids[1])
    assert strip.grab().toImage() != pictures
