"""The row of chips above the photos."""

import pytest
from PySide6.QtWidgets import QAbstractButton, QApplication
from pytestqt.qtbot import QtBot

from photocull.catalog.records import Filter
from photocull.ui.chips import ChipButton, ChipRow, count_words

FILTER = Filter(schemes=frozenset({"orange_blue"}), labels=frozenset({"red"}), minimum=(("overall", 6.0),))


@pytest.fixture
def row(qtbot: QtBot) -> ChipRow:
    made = ChipRow()
    qtbot.addWidget(made)
    made.resize(900, 40)
    made.show()
    return made


def words(row: ChipRow) -> list[str]:
    QApplication.processEvents()
    return [chip.text() for chip in row.findChildren(ChipButton) if chip.isVisible()]


def test_each_restriction_is_a_chip_and_the_count_says_what_is_left(row: ChipRow) -> None:
    row.set_filter(FILTER, 213, 2418)
    assert words(row) == ["orange and blue", "red label", "score 6.0 or more"]
    assert count_words(213, 2418) == "213 of 2,418 photos"
    assert count_words(1, 1) == "1 photo"
    assert count_words(2418, 2418) == "2,418 photos"


def test_a_click_removes_one_and_clear_removes_all(row: ChipRow) -> None:
    heard: list[Filter] = []
    row.filterChanged.connect(heard.append)
    row.set_filter(FILTER, 213, 2418)
    row.findChildren(ChipButton)[0].click()
    clear = next(b for b in row.findChildren(QAbstractButton) if b.text() == "Clear")
    clear.click()
    assert heard == [Filter(labels=frozenset({"red"}), minimum=(("overall", 6.0),)), Filter()]


def test_chips_stay_where_they_are_while_counts_change(row: ChipRow) -> None:
    row.set_filter(FILTER, 213, 2418)
    before = row.findChildren(ChipButton)
    row.set_filter(FILTER, 214, 2419)
    assert row.findChildren(ChipButton) == before


def test_many_chips_wrap_and_the_row_grows(row: ChipRow, qtbot: QtBot) -> None:
    row.set_filter(FILTER, 213, 2418)
    low = row.heightForWidth(900)
    row.set_filter(
        Filter(themes=frozenset({"bird", "sea", "sun", "snow", "night", "family", "portrait", "garden"})), 1, 9
    )
    words(row)
    assert row.heightForWidth(400) > low


def test_new_scores_are_offered_and_taken_back(row: ChipRow, qtbot: QtBot) -> None:
    offer = next(b for b in row.findChildren(QAbstractButton) if "scores as they are" in b.toolTip())
    assert not offer.isVisible()
    row.set_new_scores(213)
    assert offer.isVisible()
    assert offer.text() == "213 new scores, sort again"
    with qtbot.waitSignal(row.sortAgain):
        offer.click()
    row.set_new_scores(0)
    assert not offer.isVisible()
