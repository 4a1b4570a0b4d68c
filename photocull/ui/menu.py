"""Commands as Qt actions, so that their keys work, and as the menu in which every one of them is found."""

from collections.abc import Mapping, Sequence
from functools import partial
from itertools import groupby
from typing import Final

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu, QWidget

from photocull.ui.commands import Command

_REPEATING: Final = frozenset({"next", "previous", "larger", "smaller", "undo", "redo"})
_TOP: Final = "Photocull"
_OF_A_PHOTO: Final = ("loupe", "zoom", "", "copy-paths", "show-file", "", "pick", "reject", "unflag")
"""Commands of the photo's own menu, by id; an empty one is a line between."""


def actions(window: QMainWindow, commands: Sequence[Command]) -> dict[str, QAction]:
    """A Qt action for each command, added to the window so that its keys work there."""
    made = {}
    for command in commands:
        action = QAction(command.title, window)
        action.setShortcuts([QKeySequence(key) for key in command.keys])
        action.setAutoRepeat(command.id in _REPEATING)
        action.triggered.connect(partial(_run, command))
        window.addAction(action)
        made[command.id] = action
    return made


def command_menu(commands: Sequence[Command], made: Mapping[str, QAction], parent: QWidget) -> QMenu:
    """A submenu for each group; the program's own commands stand directly in the menu."""
    menu = QMenu(parent)
    for group, members in groupby(commands, key=lambda command: command.group):
        place = menu if group == _TOP else menu.addMenu(group)
        if group == _TOP:
            menu.addSeparator()
        for command in members:
            place.addAction(made[command.id])
    return menu


def photo_menu(commands: Sequence[Command], made: Mapping[str, QAction], parent: QWidget) -> QMenu:
    """What can be done with one photo: look at it, decide, find its file."""
    menu = QMenu(parent)
    for name in _OF_A_PHOTO:
        if name:
            menu.addAction(made[name])
        else:
            menu.addSeparator()
    for title, start in (("Stars", "rate-"), ("Colour label", "label-")):
        place = menu.addMenu(title)
        for command in commands:
            if command.id.startswith(start):
                place.addAction(made[command.id])
    return menu


def _run(command: Command, _checked: bool = False) -> None:
    command.run()
