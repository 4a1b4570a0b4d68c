"""The whole way in a real window: open, fill, decide, undo, filter, sort, and find it all again at the next start."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from photocull.catalog.records import Filter, PhotoRow, Sort
from photocull.core.settings import Settings
from tests.building import make_photo
from tests.ui.conftest import Studio


def test_an_opened_folder_fills_the_grid_with_scored_photos(studio: Studio, folder: Path) -> None:
    window = studio.open(folder)
    studio.scored()
    assert len(window.session.photos.ids) == 5
    assert all(row and row.overall is not None and row.width for row in studio.rows())
    studio.until(lambda: window.grid.visible_ids() and _all_pictures(studio))
    assert not window.grid.grab().isNull()


def test_four_stars_by_key_show_at_once_and_undo_takes_them_back(studio: Studio, folder: Path) -> None:
    window = studio.open(folder)
    studio.scored()
    photo = window.grid.current_id()
    assert photo is not None
    studio.press("4")
    row = window.session.photos.row(photo)
    assert row is not None
    assert (row.rating, row.rated_by) == (4, "photographer")
    studio.until(lambda: studio.stored(photo).rating == 4)
    studio.press("Ctrl+Z")
    studio.until(lambda: studio.stored(photo).rating is None)
    studio.until(lambda: _row(studio, photo).rating is None)
    studio.press("Ctrl+Shift+Z")
    studio.until(lambda: studio.stored(photo).rating == 4)


def test_decisions_are_there_after_a_restart(studio: Studio, folder: Path) -> None:
    window = studio.open(folder)
    studio.scored()
    photo = window.grid.current_id()
    assert photo is not None
    studio.press("5", "P", "6")
    studio.close()
    studio.reports.clear()
    window = studio.open(folder)
    studio.scored()
    row = _row(studio, photo)
    assert (row.rating, row.pick, row.label) == (5, "pick", "red")
    assert studio.reports[-1].scored == 0


def test_a_decision_covers_every_selected_photo_and_is_one_step(studio: Studio, folder: Path) -> None:
    window = studio.open(folder)
    studio.scored()
    studio.press("Ctrl+A", "X")
    studio.until(lambda: all(studio.stored(i).pick == "reject" for i in window.session.photos.ids))
    studio.press("Ctrl+Z")
    studio.until(lambda: all(studio.stored(i).pick is None for i in window.session.photos.ids))


def test_a_filter_leaves_what_fits_and_a_message_when_nothing_does(studio: Studio, folder: Path) -> None:
    window = studio.open(folder)
    studio.scored()
    window.topbar.search.setFocus()
    QTest.keyClicks(window.topbar.search, "photo-3")
    studio.until(lambda: studio.names() == ["photo-3.jpg"])
    window.session.set_filter(Filter(text="nothing is called this"))
    studio.until(lambda: window.middle.message.isVisible())
    window.middle.message.card.commanded.emit("clear-filter")
    studio.until(lambda: len(studio.names()) == 5)
    assert window.grid.isVisible()


def test_a_digit_typed_into_the_search_field_rates_nothing(studio: Studio, folder: Path) -> None:
    window = studio.open(folder)
    studio.scored()
    studio.press("Ctrl+F", "3", "P")
    assert window.topbar.search.text() == "3p"
    assert all(row and row.rating is None and row.pick is None for row in studio.rows())
    studio.press("Escape")
    assert window.grid.hasFocus()
    assert window.topbar.search.text() == ""


def test_photos_sort_by_any_score_and_by_name(studio: Studio, folder: Path) -> None:
    window = studio.open(folder)
    studio.scored()
    for key in ("aesthetic", "colour", "technical", "overall"):
        window.session.set_sort(Sort(key, True))  # type: ignore[arg-type]  # each is a SortKey
        studio.until(lambda k=key: _falling([getattr(row, k) for row in studio.rows() if row]))
    window.session.set_sort(Sort("name", False))
    studio.until(lambda: studio.names() == sorted(studio.names()) and len(studio.names()) == 5)


@pytest.mark.slow
def test_photos_that_arrive_come_last_and_move_nothing(studio: Studio, folder: Path) -> None:
    window = studio.open(folder)
    studio.scored()
    window.session.photos.refresh()
    studio.until(lambda: _falling([row.overall for row in studio.rows() if row]))
    before = list(window.session.photos.ids)
    make_photo(folder / "late.jpg", size=(480, 320), seed=77, stops=2.0)
    studio.reports.clear()
    studio.press("F5")
    studio.scored()
    assert list(window.session.photos.ids)[:5] == before
    assert studio.names()[5] == "late.jpg"
    studio.press("S")
    studio.until(lambda: _falling([row.overall for row in studio.rows() if row]))


def test_the_cursor_stays_on_its_photo_when_the_order_changes(studio: Studio, folder: Path) -> None:
    window = studio.open(folder)
    studio.scored()
    studio.press("Right", "Right")
    photo = window.grid.current_id()
    studio.press("Shift+S")
    studio.until(lambda: window.session.photos.order == Sort("overall", False) and window.grid.current_id() == photo)


@pytest.mark.slow
def test_tab_folds_both_panels_and_they_stay_folded_at_the_next_start(studio: Studio, folder: Path) -> None:
    window = studio.open(folder)
    studio.scored()
    assert window.sidebar.isVisible()
    studio.press("Tab")
    assert not window.sidebar.isVisible()
    assert not window.inspector.isVisible()
    studio.close()
    window = studio.open(folder)
    assert not window.sidebar.isVisible()
    studio.press("Tab")
    assert window.sidebar.isVisible()
    assert window.inspector.isVisible()


def test_photos_are_read_ahead_in_the_direction_of_travel(studio: Studio, folder: Path) -> None:
    window = studio.open(folder)
    studio.scored()
    ids = window.session.photos.ids
    studio.press("Return", "Right", "Right")
    studio.until(lambda: window.loupe._neighbours == [ids[3], ids[4], ids[1], ids[0]])
    studio.press("Left")
    studio.until(lambda: window.loupe._neighbours == [ids[0], ids[2], ids[3]])


def test_enter_opens_the_loupe_and_decisions_go_to_the_photo_shown(studio: Studio, folder: Path) -> None:
    window = studio.open(folder)
    studio.scored()
    studio.press("Ctrl+A", "Return")
    assert window.view == "loupe"
    assert window.loupe.isVisible()
    studio.press("Right", "2")
    photo = window.grid.current_id()
    assert photo == window.session.photos.ids[1]
    studio.until(lambda: studio.stored(photo).rating == 2)
    assert sum(row.rating == 2 for row in studio.rows() if row) == 1
    studio.press("Escape")
    assert window.view == "grid"


def test_auto_advance_goes_to_the_next_photo_after_a_decision(studio: Studio, folder: Path) -> None:
    studio.settings = Settings(auto_advance=True, sidecars="off")
    window = studio.open(folder)
    studio.scored()
    first, second = window.session.photos.ids[:2]
    studio.press("3")
    assert window.grid.current_id() == second
    studio.until(lambda: studio.stored(first).rating == 3)


def test_a_click_on_a_star_of_the_selected_photo_rates_it(studio: Studio, folder: Path) -> None:
    window = studio.open(folder)
    studio.scored()
    cell = window.grid.cell_rect(0)
    third = QPoint(cell.right() - 8 - 2 * 14 - 7, cell.bottom() - 12)
    QTest.mouseClick(window.grid.viewport(), Qt.MouseButton.LeftButton, pos=third)
    assert _row(studio, window.session.photos.ids[0]).rating == 3


def test_every_command_can_be_run_without_a_photo(studio: Studio) -> None:
    window = studio.open()
    asking = {"open-folder", "problems", "keys", "quit", "full-screen", "copy-paths"}
    for command in window.commands:
        if command.id not in asking:
            command.run()
    assert window.isVisible()


def _row(studio: Studio, photo: int) -> PhotoRow:
    row = studio.window.session.photos.row(photo)
    assert row is not None
    return row


def _falling(values: list[float | None]) -> bool:
    known = [value for value in values if value is not None]
    return len(values) == len(known) >= 5 and known == sorted(known, reverse=True)


def _all_pictures(studio: Studio) -> bool:
    rows = [row for row in studio.rows() if row]
    return all(studio.desk.thumbnails.pixmap(row, 160) is not None for row in rows)


@pytest.mark.slow
def test_order_and_cells_are_as_they_were_at_the_last_time(studio: Studio, folder: Path) -> None:
    window = studio.open(folder)
    studio.scored()
    window.session.set_sort(Sort("name", False))
    studio.press("Shift+G")
    studio.close()
    studio.reports.clear()
    window = studio.open(folder)
    studio.scored()
    assert window.topbar.sort.text() == "Name"
    assert window.grid.uniform
    assert studio.names() == sorted(studio.names())


def test_caps_lock_turns_auto_advance_on_and_off(studio: Studio, folder: Path) -> None:
    window = studio.open(folder)
    studio.scored()
    QTest.keyClick(window.grid, Qt.Key.Key_CapsLock)
    assert studio.desk.session.settings.auto_advance
    QTest.keyClick(window.grid, Qt.Key.Key_CapsLock)
    assert not studio.desk.session.settings.auto_advance


@pytest.mark.slow
def test_a_question_mark_shows_the_keys(studio: Studio, folder: Path) -> None:
    studio.open(folder)
    studio.scored()
    seen: list[str] = []

    def look() -> None:
        card = QApplication.activeModalWidget()
        if card is not None:
            seen.append(type(card).__name__)
            card.close()

    QTimer.singleShot(300, look)
    studio.press("?")
    studio.until(lambda: seen)
    assert seen == ["KeysCard"]


@pytest.mark.slow
def test_paths_of_the_selected_photos_are_copied(studio: Studio, folder: Path) -> None:
    studio.open(folder)
    studio.scored()
    studio.press("Ctrl+A", "Ctrl+C")
    assert QApplication.clipboard().text().count(str(folder)) == 5
