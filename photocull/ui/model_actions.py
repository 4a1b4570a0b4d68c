"""What can be done with the model that is looked at: its buttons, and a question before it is removed."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from photocull.ui.model_words import ModelEntry, address
from photocull.ui.pieces import label


class ModelActions(QWidget):
    """Tells what is wished; the page knows how it is done.

    Signals:
        fetchWished, checkWished, removeWished, importWished, copyWished: buttons of those meanings.
    """

    fetchWished = Signal()
    checkWished = Signal()
    removeWished = Signal()
    importWished = Signal()
    copyWished = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.fetch, self.bring = QPushButton("Download"), QPushButton("Import its file…")
        self.check, self.copy = QPushButton("Verify"), QPushButton("Copy the address")
        self.remove = QPushButton("Remove…")
        self.really, self.keep = QPushButton("Remove"), QPushButton("Keep")
        self.question = label("", wrap=True)
        self._warning = ""
        self._lay_out()
        self._connect()

    def show_entry(self, entry: ModelEntry, warning: str) -> None:
        """Offer what can be done with this model.

        Args:
            warning: what removing it would change; asked about together with it.
        """
        self._warning = f"Remove {entry.card.title} from this computer? {warning}".strip()
        self.fetch.setVisible(entry.state == "download")
        self.bring.setVisible(entry.state == "file")
        self.copy.setVisible(not entry.here and bool(address(entry.card)))
        self.check.setVisible(entry.here)
        self.remove.setVisible(entry.removable)
        self._stack.setCurrentIndex(0)

    def set_busy(self, busy: bool) -> None:
        """While work goes on nothing else can be begun."""
        for button in (self.fetch, self.bring, self.check, self.remove, self.really):
            button.setEnabled(not busy)
        self._stack.setCurrentIndex(0)

    def _connect(self) -> None:
        for button, signal in (
            (self.fetch, self.fetchWished),
            (self.bring, self.importWished),
            (self.check, self.checkWished),
            (self.copy, self.copyWished),
            (self.really, self.removeWished),
        ):
            button.clicked.connect(signal)
        self.remove.clicked.connect(self._ask)
        self.keep.clicked.connect(lambda: self._stack.setCurrentIndex(0))

    def _ask(self) -> None:
        self.question.setText(self._warning)
        self._stack.setCurrentIndex(1)
        self.keep.setFocus()

    def _lay_out(self) -> None:
        self._stack = QStackedWidget()
        self._stack.addWidget(_row(self.fetch, self.bring, self.copy, self.check, self.remove, None))
        self._stack.addWidget(_row(self.question, self.keep, self.really))
        self.question.setAlignment(Qt.AlignmentFlag.AlignVCenter)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(24, 12, 0, 0)
        whole.addWidget(self._stack)


def _row(*widgets: QWidget | None) -> QWidget:
    """Widgets beside each other; None is the empty space between them."""
    made = QWidget()
    row = QHBoxLayout(made)
    row.setContentsMargins(0, 0, 0, 0)
    for widget in widgets:
        if widget is None:
            row.addStretch()
        else:
            row.addWidget(widget, 1 if widget.property("wordWrap") else 0)
    return made
