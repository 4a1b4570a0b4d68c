"""The grid: cursor and selection by keys and mouse, what is in view, what moves and what does not."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from photocull.catalog.records import Filter, Sort
from photocull.core.types import Decision
from photocull.ui.grid import GridView, runs
from photocull.ui.photo_list import PhotoListModel
from photocull.ui.thumbnails import Thumbnails, preview_loader
from tests.building import make_photo
from tests.ui.staging import Stage, staged

SIZES = [(60, 40), (40, 60), (50, 50), (90, 30)]


@dataclass
class Table:
    stage: Stage
    photos: PhotoListModel
    grid: GridView

    def click(self, place: int, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        at = self.grid.cell_rect(place).topLeft() + QPoint(20, 20)
        QTest.mouseClick(self.grid.viewport(), Qt.MouseButton.LeftButton, modifiers, at)

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(self.grid, key, modifiers)

    @property
    def place(self) -> int:
        return self.grid.currentIndex().row()

    @property
    def selected(self) -> list[int]:
        return [self.photos.ids.index(i) for i in self.grid.selected_ids()]


@pytest.fixture
def table(qtbot: QtBot, tmp_path: Path) -> Iterator[Table]:
    with staged(tmp_path) as stage:
        paths = [make_photo(tmp_path / f"p{n:02}.jpg", size=SIZES[n % 4], seed=n) for n in range(24)]
        stage.add(paths)
        photos = PhotoListModel(stage.bridge)
        thumbnails = Thumbnails(preview_loader(stage.previews))
        grid = GridView(photos, thumbnails)
        qtbot.addWidget(grid)
        grid.resize(700, 500)
        grid.show()
        with qtbot.waitSignal(photos.listed):
            photos.show(Filter(), Sort("name", False))
        qtbot.waitUntil(lambda: photos.row_at(0) is not None)
        grid.choose(0)
        yield Table(stage, photos, grid)
        thumbnails.close()


def test_arrows_walk_through_the_rows(table: Table) -> None:
    table.key(Qt.Key.Key_Right)
    table.key(Qt.Key.Key_Right)
    assert table.place == 2
    table.key(Qt.Key.Key_Left)
    assert (table.place, table.selected) == (1, [1])
    before = table.grid.cell_rect(table.place)
    table.key(Qt.Key.Key_Down)
    assert table.grid.cell_rect(table.place).top() > before.top()
    table.key(Qt.Key.Key_Up)
    assert table.place == 1


def test_a_step_is_told_once_though_cursor_and_selection_change(table: Table) -> None:
    told: list[list[int]] = []
    table.grid.chosen.connect(lambda: told.append(table.selected))
    table.key(Qt.Key.Key_Right)
    assert told == [[1]]
    table.grid.choose(1)
    assert told == [[1]], "nothing changed"


def test_the_ends_are_reached_and_never_left(table: Table) -> None:
    table.key(Qt.Key.Key_Left)
    assert table.place == 0
    table.key(Qt.Key.Key_End)
    assert table.place == 23
    assert table.grid.viewport().rect().intersects(table.grid.cell_rect(23))
    table.key(Qt.Key.Key_Right)
    assert table.place == 23
    table.key(Qt.Key.Key_Home)
    assert table.place == 0
    table.key(Qt.Key.Key_PageDown)
    assert table.place > 2


def test_shift_extends_from_where_it_began_and_shrinks_again(table: Table) -> None:
    table.click(3)
    for _ in range(3):
        table.key(Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert table.selected == [3, 4, 5, 6]
    table.key(Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert table.selected == [3, 4, 5]
    table.click(1, Qt.KeyboardModifier.ShiftModifier)
    assert table.selected == [1, 2, 3]


def test_ctrl_adds_one_photo_and_takes_it_back(table: Table) -> None:
    table.click(1)
    table.click(4, Qt.KeyboardModifier.ControlModifier)
    assert table.selected == [1, 4]
    table.click(4, Qt.KeyboardModifier.ControlModifier)
    assert table.selected == [1]
    table.key(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert table.selected == list(range(24))


def test_a_click_beside_the_photos_selects_none(table: Table) -> None:
    QTest.mouseClick(table.grid.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(2, 2))
    assert table.selected == []


def test_a_right_click_keeps_a_selection_that_it_falls_into(table: Table) -> None:
    table.click(0)
    table.click(2, Qt.KeyboardModifier.ShiftModifier)
    inside = table.grid.cell_rect(1).topLeft() + QPoint(20, 20)
    QTest.mouseClick(table.grid.viewport(), Qt.MouseButton.RightButton, pos=inside)
    assert table.selected == [0, 1, 2]
    outside = table.grid.cell_rect(4).topLeft() + QPoint(20, 20)
    QTest.mouseClick(table.grid.viewport(), Qt.MouseButton.RightButton, pos=outside)
    assert table.selected == [4]


def test_a_double_click_opens_the_photo(table: Table, qtbot: QtBot) -> None:
    at = table.grid.cell_rect(2).topLeft() + QPoint(20, 20)
    with qtbot.waitSignal(table.grid.opened) as told:
        QTest.mouseDClick(table.grid.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert told.args == [table.photos.ids[2]]


def test_larger_photos_keep_the_cursor_in_view(table: Table) -> None:
    table.key(Qt.Key.Key_End)
    table.grid.set_row_height(300)
    assert table.grid.viewport().rect().intersects(table.grid.cell_rect(23))
    table.grid.set_row_height(10)
    assert table.grid.row_height >= 90


def test_equal_cells_are_equal(table: Table) -> None:
    table.grid.set_uniform(True)
    widths = {table.grid.cell_rect(place).width() for place in range(6)}
    assert max(widths) - min(widths) <= 1


def test_what_is_in_view_is_told_so_that_it_is_scored_first(table: Table, qtbot: QtBot) -> None:
    with qtbot.waitSignal(table.grid.looked) as told:
        table.grid.verticalScrollBar().setValue(table.grid.verticalScrollBar().maximum())
    assert table.photos.ids[-1] in told.args[0]
    assert table.photos.ids[0] not in told.args[0]


def test_pictures_come_and_are_painted(table: Table, qtbot: QtBot) -> None:
    def colours() -> int:
        image = table.grid.viewport().grab().toImage()
        cell = table.grid.cell_rect(0)
        spots = {image.pixelColor(cell.x() + n, cell.y() + 30).name() for n in range(5, cell.width() - 5, 7)}
        return len(spots)

    qtbot.waitUntil(lambda: colours() > 3)


def test_a_rejected_photo_is_dimmed_and_still_there(table: Table, qtbot: QtBot) -> None:
    cell = table.grid.cell_rect(0)

    def brightness() -> int:
        image: QImage = table.grid.viewport().grab().toImage()
        return image.pixelColor(cell.center().x(), cell.center().y()).lightness()

    qtbot.waitUntil(lambda: table.grid.viewport().grab() is not None and brightness() > 40)
    qtbot.wait(200)
    before = brightness()
    table.stage.bridge.decide([Decision(table.photos.ids[0], "pick", "reject")])
    assert brightness() < before * 0.6
    assert table.photos.ids[0] in table.grid.visible_ids()


def test_rows_under_the_pointer_stay_when_shapes_become_known(table: Table, qtbot: QtBot, tmp_path: Path) -> None:
    paths = [make_photo(tmp_path / f"q{n:02}.jpg", size=(40, 60), seed=n) for n in range(8)]
    with qtbot.waitSignal(table.photos.rowsInserted):
        ids = table.stage.register(paths)
    before = [table.grid.cell_rect(place) for place in table.grid.visible_places()]
    table.grid.underMouse = lambda: True  # the offscreen platform has no pointer
    with qtbot.waitSignal(table.photos.aspectsChanged):
        table.stage.score(paths, ids)
    assert [table.grid.cell_rect(place) for place in range(len(before))] == before
    assert table.grid.cell_rect(31).width() < table.grid.cell_rect(31).height()


def test_a_selection_is_kept_in_few_ranges(table: Table) -> None:
    assert list(runs([5, 1, 2, 9, 3])) == [(1, 3), (5, 5), (9, 9)]
    table.grid.select_ids(table.photos.ids[place] for place in (4, 5, 6, 11))
    assert table.selected == [0, 4, 5, 6, 11]
