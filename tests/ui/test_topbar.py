"""The bar at the top: where I am, what is searched for, how photos are sorted."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from photocull.catalog.records import Sort
from photocull.ui.topbar import Place, SearchField, SortButton


def words(place: Place) -> str:
    return " ".join(label.text() for label in place.findChildren(QLabel) if not label.isHidden() and label.text())


@pytest.mark.parametrize(
    ("folders", "chosen", "shown"),
    [
        ((), None, "No folder"),
        ((Path("/home/a/Pictures/Iceland"),), None, "Pictures › Iceland"),
        ((Path("/a/b"), Path("/c/d")), None, "All 2 folders"),
        ((Path("/a/b"), Path("/c/d")), Path("/c/d"), "c › d"),
        ((Path("/"),), None, "/"),
    ],
)
def test_the_place_is_named(qtbot: QtBot, folders: tuple[Path, ...], chosen: Path | None, shown: str) -> None:
    place = Place()
    qtbot.addWidget(place)
    place.set_place(folders, chosen)
    assert words(place) == shown


def test_a_search_is_told_once_after_the_last_key(qtbot: QtBot) -> None:
    field = SearchField()
    qtbot.addWidget(field)
    told: list[str] = []
    field.searched.connect(told.append)
    QTest.keyClicks(field, "bird ")
    assert told == []
    qtbot.waitUntil(lambda: bool(told))
    assert told == ["bird"]
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert told[-1] == ""


def test_enter_searches_at_once_and_goes_back_to_the_photos(qtbot: QtBot) -> None:
    field = SearchField()
    qtbot.addWidget(field)
    QTest.keyClicks(field, "sea")
    with qtbot.waitSignals([field.searched, field.left]):
        QTest.keyClick(field, Qt.Key.Key_Return)


def test_what_is_typed_is_not_overwritten_by_what_was_searched(qtbot: QtBot) -> None:
    field = SearchField()
    qtbot.addWidget(field)
    field.show()
    field.set_text("sunset")
    assert field.text() == "sunset"
    field.setFocus()
    assert QTest.qWaitForWindowActive(field)
    QTest.keyClicks(field, "s at sea")
    field.set_text("sunset")
    assert field.text() == "sunsets at sea"


def test_the_order_is_said_in_words_and_chosen_from_a_menu(qtbot: QtBot) -> None:
    button = SortButton()
    qtbot.addWidget(button)
    chosen: list[Sort] = []
    button.chosen.connect(chosen.append)
    button.set_sort(Sort("taken", True))
    assert button.text() == "Taken"
    assert button.toolTip() == "Sorted by taken, newest first"
    actions = {action.text(): action for action in button.menu().actions()}
    actions["Colour"].trigger()
    actions["Name"].trigger()
    actions["Oldest first"].trigger()
    assert chosen == [Sort("colour", True), Sort("name", False), Sort("taken", False)]
    assert actions["Newest first"].isCheckable()
