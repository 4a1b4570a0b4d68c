"""Searching in the whole window: who has the keys while a search is typed, and after it."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from photocull.catalog.records import Filter
from tests.ui.conftest import Studio


def test_a_pause_while_typing_leaves_the_keys_with_the_search(studio: Studio, folder: Path) -> None:
    window = studio.open(folder)
    studio.scored()
    studio.press("Ctrl+F", "p")
    studio.until(lambda: window.session.filter.text == "p")
    studio.until(lambda: window.session.photos.wanted.text == "p" and window.middle.chips.isVisible())
    with studio.qtbot.waitSignal(window.session.photos.listed):
        window.session.photos.refresh()
    studio.press("x", "3")
    assert window.topbar.search.text() == "px3"
    studio.until(lambda: window.middle.message.isVisible())
    studio.press("5")
    assert window.topbar.search.text() == "px35"
    decided = [studio.stored(photo_id) for photo_id in studio.reports[-1].ids]
    assert all(row.rating is None and row.pick is None for row in decided)


def test_after_a_search_that_found_nothing_escape_brings_photos_and_keys_back(studio: Studio, folder: Path) -> None:
    window = studio.open(folder)
    studio.scored()
    studio.press("Ctrl+F")
    QTest.keyClicks(window.topbar.search, "nothing is called this")
    studio.until(lambda: window.middle.message.isVisible())
    studio.press("Escape")
    studio.until(lambda: len(studio.names()) == 5 and window.grid.hasFocus())
    assert QApplication.focusWidget() is window.grid


def test_a_click_beside_the_search_ends_the_typing(studio: Studio, folder: Path) -> None:
    window = studio.open(folder)
    studio.scored()
    studio.press("Ctrl+F")
    QTest.keyClicks(window.topbar.search, "photo")
    studio.until(lambda: window.session.filter.text == "photo")
    window.middle.chips.filterChanged.emit(Filter(folders=window.session.filter.folders))
    studio.until(window.grid.hasFocus)
    assert window.topbar.search.text() == ""


def test_keys_that_edit_the_search_do_nothing_to_the_photos(studio: Studio, folder: Path) -> None:
    window = studio.open(folder)
    studio.scored()
    studio.press("Ctrl+F")
    QTest.keyClicks(window.topbar.search, "photo ten")
    studio.press("Ctrl+Backspace")
    assert window.topbar.search.text() == "photo "
    assert window.exports.dialog is None
    QTest.keyClick(window.topbar.search, Qt.Key.Key_CapsLock)
    assert not window.session.settings.auto_advance
    assert window.topbar.search.hasFocus()
