"""A question over the window: a sentence, what it means, and a few answers; the window goes on behind it."""

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from photocull.ui.pieces import fit_height, label


class Question(QDialog):
    """No button has the focus, so that keys meant for the photos answer nothing; Enter gives the first answer.

    Signals:
        answered(str): the answer's name; closing the question gives none.

    Args:
        answers: name and title of each, the usual one first; it stands at the right. more: a quieter line below.

    Attributes:
        buttons: by the answer's name.
    """

    answered = Signal(str)

    def __init__(
        self, title: str, words: str, answers: Mapping[str, str], parent: QWidget | None, *, more: str = ""
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Photocull")
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.title, self.words = label(title, "title", wrap=True), label(words, wrap=True)
        self._more = label(more, "dim", wrap=True)
        self._more.setVisible(bool(more))
        self.buttons = {name: QPushButton(text, autoDefault=False) for name, text in answers.items()}
        usual = next(iter(self.buttons.values()))
        usual.setProperty("role", "primary")
        usual.setDefault(True)
        for name, button in self.buttons.items():
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(partial(self.answered.emit, name))
        self._lay_out()
        self.setFocus()

    def showEvent(self, event: QShowEvent) -> None:
        """As high as the wrapped lines need, which is known once the window's own type is on them."""
        super().showEvent(event)
        self.fit()

    def fit(self) -> None:
        """As high as what it says now needs."""
        fit_height(self, self._whole)

    def _lay_out(self) -> None:
        whole = self._whole = QVBoxLayout(self)
        whole.setContentsMargins(24, 20, 24, 20)
        whole.setSpacing(12)
        whole.addWidget(self.title)
        whole.addWidget(self.words)
        whole.addWidget(self._more)
        buttons = QHBoxLayout()
        buttons.addStretch()
        for button in reversed(self.buttons.values()):
            buttons.addWidget(button)
        whole.addLayout(buttons)
        self.setFixedWidth(560)
