"""The question that is asked once: whether marks are to be written beside the photos, for other programs to see."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from photocull.ui.pieces import label

WORDS: Final = (
    "Your stars, flags and labels are saved in Photocull's catalogue. They can also be written into XMP sidecars: "
    "small files beside your photos, which Lightroom, darktable, digiKam, Capture One and others read. What those "
    "programs keep in them stays as it is, and your photos themselves are never changed."
)
LIMITS: Final = "Lightroom reads no sidecars of JPEGs. Settings has the rules, and changes this later."


class SidecarQuestion(QDialog):
    """Yes is preselected, for Enter; no button has the focus, so that keys meant for the photos answer nothing.

    Signals:
        answered(bool): yes or no. Closed without an answer, it is asked again in the next session.
    """

    answered = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Sidecars")
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.yes = QPushButton("Write sidecars", default=True)
        self.yes.setProperty("role", "primary")
        self.no = QPushButton("Only keep them here", autoDefault=False)
        for button in (self.yes, self.no):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.yes.clicked.connect(lambda: self._answer(True))
        self.no.clicked.connect(lambda: self._answer(False))
        self._lay_out()
        self.setFocus()

    def showEvent(self, event: QShowEvent) -> None:
        """As high as the wrapped lines need, which is known once the window's own type is on them."""
        super().showEvent(event)
        self._whole.activate()
        self.setFixedHeight(self._whole.totalHeightForWidth(self.width()))

    def _answer(self, wanted: bool) -> None:
        self.answered.emit(wanted)
        self.accept()

    def _lay_out(self) -> None:
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        whole = self._whole = QVBoxLayout(self)
        whole.setContentsMargins(24, 20, 24, 20)
        whole.setSpacing(12)
        whole.addWidget(label("Shall other programs see your marks?", "title"))
        whole.addWidget(label(WORDS, wrap=True))
        whole.addWidget(label(LIMITS, "dim", wrap=True))
        buttons = QHBoxLayout()
        buttons.addStretch()
        buttons.addWidget(self.no)
        buttons.addWidget(self.yes)
        whole.addLayout(buttons)
        self.setFixedWidth(560)


def ask_for_sidecars(answer: Callable[[bool], None], window: QWidget) -> None:
    """Ask over the window, which goes on meanwhile; ``answer`` hears what was said."""
    question = SidecarQuestion(window)
    question.answered.connect(answer)
    question.finished.connect(window.activateWindow)
    question.open()
