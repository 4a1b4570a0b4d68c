"""The marks below the photo."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from photocull.catalog.records import PhotoRow
from photocull.ui.decisions_bar import DecisionsBar, Stars
from photocull.ui.keymap import keymap_names, load_keymap, shown_key

ROW = PhotoRow(7, Path("/a.jpg"), "f", "ok", None, 100, 80, 5.0, 5.0, 5.0, 5.0, (), None, None, None, None)


@pytest.fixture
def bar(qtbot: QtBot) -> DecisionsBar:
    made = DecisionsBar()
    qtbot.addWidget(made)
    made.set_row(ROW)
    made.show()
    return made


def button(bar: DecisionsBar, name: str) -> QAbstractButton:
    return next(b for b in bar.findChildren(QAbstractButton) if name in b.accessibleName())


def heard(signal: object) -> list[object]:
    values: list[object] = []
    connect: Callable[..., object] = signal.connect  # type: ignore[attr-defined]  # a Qt signal
    connect(values.append)
    return values


def click_star(bar: DecisionsBar, star: int) -> None:
    stars = bar.findChild(Stars)
    QTest.mouseClick(stars, Qt.MouseButton.LeftButton, pos=QPoint(round(stars.width() * (star - 0.5) / 5), 14))


def test_a_click_on_a_star_gives_that_many_and_the_same_again_clears(bar: DecisionsBar) -> None:
    stars = heard(bar.starsClicked)
    click_star(bar, 4)
    bar.set_row(replace(ROW, rating=4, rated_by="photographer"))
    click_star(bar, 4)
    click_star(bar, 2)
    assert stars == [4, 0, 2]


def test_a_click_confirms_stars_that_the_program_suggested(bar: DecisionsBar) -> None:
    stars = heard(bar.starsClicked)
    bar.set_row(replace(ROW, rating=3, rated_by="photocull"))
    assert "suggested" in bar.findChild(Stars).accessibleName()
    click_star(bar, 3)
    assert stars == [3]


def test_own_stars_look_different_from_suggested_ones(bar: DecisionsBar) -> None:
    stars = bar.findChild(Stars)
    stars.set_stars(3, own=True)
    own = stars.grab().toImage()
    stars.set_stars(3, own=False)
    assert stars.grab().toImage() != own


def test_flags_and_labels_are_taken_back_by_the_same_button(bar: DecisionsBar) -> None:
    flags, labels = heard(bar.flagClicked), heard(bar.labelClicked)
    button(bar, "Pick").click()
    assert not button(bar, "Pick").isChecked(), "shown only once it is decided"
    bar.set_row(replace(ROW, pick="pick", label="red"))
    assert button(bar, "Pick").isChecked()
    button(bar, "Pick").click()
    button(bar, "Reject").click()
    button(bar, "red").click()
    button(bar, "blue").click()
    assert flags == ["pick", "", "reject"]
    assert labels == ["", "blue"]


def test_without_a_photo_there_is_nothing_to_decide(bar: DecisionsBar) -> None:
    bar.set_row(None)
    assert not bar.isEnabled()


@pytest.mark.parametrize("name", keymap_names())
def test_the_keys_of_the_chosen_keymap_are_named(bar: DecisionsBar, name: str) -> None:
    keys = {command: shown_key(keys[0]) for command, keys in load_keymap(name).keys.items()}
    bar.set_keys(keys)
    assert button(bar, "Reject").toolTip() == f"Reject ({keys['reject']})"
    assert button(bar, "purple").toolTip() == f"Purple label ({keys['label-purple']})"
    assert f"({keys['rate-1']} to {keys['rate-5']})" in bar.findChild(Stars).toolTip()


def test_every_control_can_be_reached_and_named(bar: DecisionsBar) -> None:
    for control in [*bar.findChildren(QAbstractButton), bar.findChild(Stars)]:
        assert control.accessibleName()
        assert control.toolTip()
        assert control.focusPolicy() & Qt.FocusPolicy.TabFocus


def test_a_flag_and_a_label_that_the_program_suggested_look_undecided_and_a_click_confirms_them(
    bar: DecisionsBar,
) -> None:
    flags, labels = heard(bar.flagClicked), heard(bar.labelClicked)
    suggested = frozenset({"pick", "label"})
    bar.set_row(replace(ROW, pick="reject", label="red", rated_by="photocull", suggested=suggested))
    reject, red = button(bar, "Reject"), button(bar, "red")
    assert reject.accessibleName() == "Reject, suggested"
    assert not reject.isChecked()
    assert not red.isChecked()
    QTest.mouseClick(reject, Qt.MouseButton.LeftButton)
    QTest.mouseClick(red, Qt.MouseButton.LeftButton)
    assert (flags, labels) == (["reject"], ["red"])
    bar.set_row(replace(ROW, pick="reject", label="red", rated_by="photographer"))
    assert reject.isChecked()
    assert red.isChecked()
    assert reject.accessibleName() == "Reject"
