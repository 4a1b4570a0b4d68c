"""The line above the bar at the bottom that tells of exports: how far one is, how it ended, and the ways on."""

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QToolButton, QWidget

from photocull.ui.flow import emptied
from photocull.ui.pieces import ElidedLabel, set_role, tool_button
from photocull.ui.style import TOKENS, icon, icon_size

_STEPS: Final = 1000
Way = tuple[str, Callable[[], object]]
"""A button's words, and what it does."""


class ExportLine(QFrame):
    """Hidden until it has something to say.

    Signals:
        stopWished: the work is to stop. dismissed: what was told has been read.
    """

    stopWished = Signal()
    dismissed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "statusbar")
        self.setFixedHeight(TOKENS.status_height + 6)
        self.words = ElidedLabel()
        self.bar = QProgressBar(textVisible=False)
        self.bar.setFixedSize(184, 4)
        self.stop = tool_button("Stop", role="offer")
        self.dismiss = tool_button(icon=icon("x", TOKENS.dim, 14), tip="Close this line")
        self.dismiss.setIconSize(icon_size(14))
        self.ways: dict[str, QToolButton] = {}
        self._ways = QHBoxLayout()
        self._ways.setSpacing(4)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 8, 0)
        row.setSpacing(8)
        row.addWidget(self.words, 1)
        row.addLayout(self._ways)
        for widget in (self.bar, self.stop, self.dismiss):
            row.addWidget(widget)
        self.stop.clicked.connect(self._on_stop)
        self.dismiss.clicked.connect(self._on_dismiss)
        self.hide()

    def text(self) -> str:
        """What it says; empty while it is hidden."""
        return "" if self.isHidden() else self.words.text()

    def begin(self, sentence: str) -> None:
        """Work goes on; how far it is is not known."""
        self._set_ways(())
        self._say(sentence)
        self.bar.setRange(0, 0)
        self.stop.setEnabled(True)
        self._turn(working=True)

    def set_progress(self, sentence: str, share: float) -> None:
        """How far the work is, 0..1."""
        self._say(sentence)
        self.bar.setRange(0, _STEPS)
        self.bar.setValue(round(_STEPS * share))

    def tell(self, sentence: str, ways: Sequence[Way] = (), *, warning: bool = False) -> None:
        """No work goes on; say this until it is closed or a way on is taken."""
        self._set_ways(ways)
        self._say(sentence, warning=warning)
        self._turn(working=False)

    def _say(self, sentence: str, *, warning: bool = False) -> None:
        self.words.setText(sentence)
        set_role(self.words, "warning" if warning else "")

    def _turn(self, *, working: bool) -> None:
        for widget in (self.bar, self.stop):
            widget.setVisible(working)
        self.dismiss.setVisible(not working)
        self.show()

    def _set_ways(self, ways: Sequence[Way]) -> None:
        emptied(self._ways)
        self.ways = {}
        for words, act in ways:
            button = self.ways[words] = tool_button(words, role="offer")
            button.clicked.connect(lambda _checked=False, act=act: act())
            self._ways.addWidget(button)

    def _on_stop(self) -> None:
        self.stop.setEnabled(False)
        self.stopWished.emit()

    def _on_dismiss(self) -> None:
        self.hide()
        self.dismissed.emit()
