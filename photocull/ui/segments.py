"""A row of words of which one is chosen, all of them in sight; for choices that are few and weigh something."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QToolButton, QWidget


class Segments(QFrame):
    """Tells by `chosen` what a click or the keyboard chose.

    Signals:
        chosen(str): the name of what was chosen.

    Args:
        words: name -> as shown. name: for screen readers.
    """

    chosen = Signal(str)

    def __init__(self, words: Mapping[Any, str], name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "segments")
        self.setAccessibleName(name)
        self.buttons = {key: QToolButton() for key in words}
        group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(1, 1, 1, 1)
        row.setSpacing(0)
        for key, button in self.buttons.items():
            button.setText(words[key])
            button.setCheckable(True)
            button.setProperty("role", "segment")
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(lambda _checked=False, key=key: self.chosen.emit(key))
            group.addButton(button)
            row.addWidget(button)

    def value(self) -> str:
        """What is chosen; empty where nothing is."""
        return next((key for key, button in self.buttons.items() if button.isChecked()), "")

    def set_value(self, key: str) -> None:
        """Choose this, without telling."""
        self.buttons[key].setChecked(True)

    def set_words(self, key: str, words: str) -> None:
        """Show other words for a choice."""
        self.buttons[key].setText(words)
        self.buttons[key].setAccessibleName(words)
