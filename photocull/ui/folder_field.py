"""A folder to be typed or looked for, with what is wrong with it below."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from photocull.core.named import absolute
from photocull.ui.pieces import label


class FolderField(QWidget):
    """Tells every change.

    Signals:
        changed: another folder is there.
    """

    changed = Signal()

    def __init__(self, question: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._question = question
        self.line = QLineEdit()
        self.line.setAccessibleName("Folder")
        self.browse = QPushButton("Choose…", autoDefault=False)
        self.fault = label("", "warning", wrap=True)
        self.fault.hide()
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.line, 1)
        row.addWidget(self.browse)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(4)
        whole.addLayout(row)
        whole.addWidget(self.fault)
        self.line.textChanged.connect(self.changed)
        self.browse.clicked.connect(self._ask)

    def text(self) -> str:
        """The folder as it was typed."""
        return self.line.text()

    def set_text(self, folder: str) -> None:
        """Put a folder there."""
        self.line.setText(folder)

    def say(self, fault: str) -> None:
        """What is wrong with it; empty where nothing is."""
        self.fault.setText(fault)
        self.fault.setVisible(bool(fault))

    def _ask(self) -> None:
        start = str(absolute(self.text().strip() or str(Path.home())))
        chosen = QFileDialog.getExistingDirectory(self, self._question, start)
        if chosen:
            self.line.setText(chosen)
