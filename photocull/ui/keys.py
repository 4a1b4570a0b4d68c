"""The card of keys: every command with its keys, by group, and a field that finds them by name or key."""

from collections.abc import Sequence
from itertools import groupby
from typing import Protocol

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from photocull.ui.flow import emptied
from photocull.ui.keymap import shown_key
from photocull.ui.pieces import label, scroll_area

_COLUMNS = 3


class Keyed(Protocol):
    """What the card wants of a command; `photocull.ui.commands.Command` is one."""

    @property
    def title(self) -> str: ...
    @property
    def group(self) -> str: ...
    @property
    def keys(self) -> tuple[str, ...]: ...


def matching(commands: Sequence[Keyed], text: str) -> list[Keyed]:
    """Commands in whose title, group or keys every word of ``text`` occurs."""
    words = text.lower().split()
    return [command for command in commands if all(word in _haystack(command) for word in words)]


def _haystack(command: Keyed) -> str:
    return " ".join((command.title, command.group, *command.keys, *map(shown_key, command.keys))).lower()


class KeysCard(QDialog):
    """All commands; closes with Escape like any card."""

    def __init__(self, commands: Sequence[Keyed], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keys")
        self._commands = tuple(commands)
        self._search = QLineEdit(placeholderText="Find a command or a key", clearButtonEnabled=True)
        self._search.setAccessibleName("Find a command or a key")
        self._search.textChanged.connect(self._refresh)
        self._none = label("No command is called that.", "dim")
        self._columns = QHBoxLayout()
        self._columns.setSpacing(36)
        self._lay_out()
        self._refresh("")
        self.resize(1120, 600)

    def _lay_out(self) -> None:
        body = QWidget()
        inside = QVBoxLayout(body)
        inside.setContentsMargins(24, 8, 24, 24)
        inside.addWidget(self._none)
        inside.addLayout(self._columns)
        inside.addStretch()
        top = QHBoxLayout()
        top.setContentsMargins(24, 20, 24, 8)
        top.addWidget(label("Keys", "title"), 1)
        self._search.setFixedWidth(260)
        top.addWidget(self._search)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addLayout(top)
        whole.addWidget(scroll_area(body), 1)

    def _refresh(self, text: str) -> None:
        emptied(self._columns)
        found = matching(self._commands, text)
        self._none.setVisible(not found)
        for groups in _in_columns(_grouped(found), _COLUMNS):
            column = QWidget()
            lines = QVBoxLayout(column)
            lines.setContentsMargins(0, 0, 0, 0)
            lines.setSpacing(18)
            for title, members in groups:
                lines.addWidget(_table(title, members))
            lines.addStretch()
            self._columns.addWidget(column, 1, Qt.AlignmentFlag.AlignTop)


_Group = tuple[str, list[Keyed]]


def _grouped(commands: Sequence[Keyed]) -> list[_Group]:
    return [(title, list(members)) for title, members in groupby(commands, key=lambda command: command.group)]


def _in_columns(groups: Sequence[_Group], count: int) -> list[list[_Group]]:
    """Groups in their order, broken where the columns come out about equally long."""
    total = sum(len(members) + 2 for _, members in groups)
    columns: list[list[_Group]] = [[] for _ in range(count)]
    filled = 0
    for group in groups:
        middle = filled + (len(group[1]) + 2) / 2
        columns[min(count - 1, int(middle * count / max(1, total)))].append(group)
        filled += len(group[1]) + 2
    return columns


def _table(title: str, commands: Sequence[Keyed]) -> QWidget:
    made = QWidget()
    grid = QGridLayout(made)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(12)
    grid.setVerticalSpacing(6)
    grid.setColumnStretch(0, 1)
    grid.addWidget(label(title, "heading"), 0, 0, 1, 2)
    for line, command in enumerate(commands, start=1):
        grid.addWidget(label(command.title, wrap=True), line, 0)
        keys = QHBoxLayout()
        keys.setSpacing(4)
        keys.addStretch()
        for key in dict.fromkeys(map(shown_key, command.keys)):
            keys.addWidget(label(key, "key"), 0, Qt.AlignmentFlag.AlignTop)
        grid.addLayout(keys, line, 1)
    return made
