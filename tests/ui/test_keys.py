"""The card of keys."""

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from photocull.ui.commands import Command, commands
from photocull.ui.keymap import load_keymap
from photocull.ui.keys import KeysCard, matching


class Deaf:
    """Actions that nobody calls: the card only shows commands."""

    def __getattr__(self, name: str) -> object:
        return lambda *arguments: None


@pytest.fixture
def every() -> tuple[Command, ...]:
    return commands(Deaf(), load_keymap("lightroom"))


def words(card: KeysCard) -> list[str]:
    QApplication.processEvents()
    return [label.text() for label in card.findChildren(QLabel) if label.isVisible()]


def test_every_command_is_on_the_card_with_its_keys(qtbot: QtBot, every: tuple[Command, ...]) -> None:
    card = KeysCard(every)
    qtbot.addWidget(card)
    card.show()
    shown = words(card)
    for command in every:
        assert command.title in shown
    assert {"Ctrl+Z", "Shift+A", "0", "Z", "Decisions", "Loupe"} <= set(shown)


def test_it_finds_by_name_group_or_key(every: tuple[Command, ...]) -> None:
    assert [c.id for c in matching(every, "purple")] == ["label-purple"]
    assert "overlay-focus" in [c.id for c in matching(every, "shift+f")]
    assert {c.group for c in matching(every, "loupe")} >= {"Loupe", "Views"}
    assert matching(every, "") == list(every)
    assert matching(every, "no such thing") == []


def test_typing_narrows_the_card_and_says_when_nothing_is_left(qtbot: QtBot, every: tuple[Command, ...]) -> None:
    card = KeysCard(every)
    qtbot.addWidget(card)
    card.show()
    field = card.findChild(QLineEdit)
    field.setText("undo")
    assert "Undo" in words(card)
    assert "Pick" not in words(card)
    field.setText("xyzzy")
    assert "No command is called that." in words(card)
