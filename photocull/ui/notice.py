"""One quiet line above the bar at the bottom, with a way on: for what must not vanish after a few seconds."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from photocull.ui.pieces import ElidedLabel, tool_button
from photocull.ui.style import TOKENS, icon, icon_size


class Notice(QFrame):
    """Hidden until it has something to say.

    Signals:
        followed: the way on is taken.
    """

    followed = Signal()

    def __init__(self, way: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "statusbar")
        self.setFixedHeight(TOKENS.status_height + 6)
        self._words = ElidedLabel()
        self.way = tool_button(way, role="offer")
        self.dismiss = tool_button(icon=icon("x", TOKENS.dim, 14), tip="Close this line")
        self.dismiss.setIconSize(icon_size(14))
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 8, 0)
        row.setSpacing(8)
        row.addWidget(self._words, 1)
        row.addWidget(self.way)
        row.addWidget(self.dismiss)
        self.way.clicked.connect(self.followed)
        self.dismiss.clicked.connect(self.hide)
        self.hide()

    def text(self) -> str:
        """What it says; empty while it is hidden."""
        return "" if self.isHidden() else self._words.text()

    def say(self, sentence: str) -> None:
        """Show this until it is closed."""
        self._words.setText(sentence)
        self.show()
