"""The line at the foot of Settings: what work on a model does, how far it is, and how it ended."""

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QProgressBar, QPushButton, QWidget

from photocull.core.work import Progressed
from photocull.ui.model_jobs import progress_words
from photocull.ui.pieces import label, set_role

_STEPS: Final = 1000


class WorkLine(QWidget):
    """Keeps its place while it is empty, so that nothing moves when work begins.

    Signals:
        stopWished: the work is to stop.
    """

    stopWished = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words = label("", "dim", wrap=True, selectable=True)
        self.bar = QProgressBar(textVisible=False)
        self.stop = QPushButton("Stop", autoDefault=False)
        self.stop.clicked.connect(self._on_stop)
        self.bar.setFixedHeight(4)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(0, 1)
        grid.addWidget(self.words, 0, 0)
        grid.addWidget(self.bar, 1, 0)
        grid.addWidget(self.stop, 0, 1, 2, 1)
        for widget in (self.bar, self.stop):
            kept = widget.sizePolicy()
            kept.setRetainSizeWhenHidden(True)
            widget.setSizePolicy(kept)
            widget.hide()

    def begin(self, sentence: str, *, stoppable: bool) -> None:
        """Work goes on; how far it is is not known."""
        self.say(sentence)
        self.bar.setRange(0, 0)
        self.bar.show()
        self.stop.setVisible(stoppable)
        self.stop.setEnabled(True)

    def set_progress(self, sentence: str, progress: Progressed) -> None:
        """How far the work is."""
        self.say(f"{sentence.rstrip('…')}: {progress_words(progress)}")
        self.bar.setRange(0, _STEPS if progress.total else 0)
        self.bar.setValue(_STEPS * progress.done // progress.total if progress.total else 0)

    def end(self, sentence: str, *, warning: bool = False) -> None:
        """No work goes on any more; tell how it ended."""
        self.bar.hide()
        self.stop.hide()
        self.say(sentence, warning=warning)

    def say(self, sentence: str, *, warning: bool = False) -> None:
        """Tell how things stand."""
        self.words.setText(sentence)
        set_role(self.words, "warning" if warning else "dim")

    def _on_stop(self) -> None:
        self.stop.setEnabled(False)
        self.stopWished.emit()
