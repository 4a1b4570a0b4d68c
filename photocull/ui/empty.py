"""The message in the middle of the window: a quiet card with a sentence and a way on; see `pages` for the words."""

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from photocull.ui.pages import WELCOME, Page
from photocull.ui.style import TOKENS, pixmap

_WIDTH = 580


class MessageCard(QFrame):
    """Icon, title, lines, a button. ``commanded`` carries the id of the command that a button stands for."""

    commanded = Signal(str)

    def __init__(self, open_key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._open_key = open_key
        self._page = WELCOME
        self._hot = False
        self._icon, self._title, self._lines = QLabel(), QLabel(), QLabel()
        self._button, self._also = QPushButton(), QPushButton()
        self._hint = self._drop_hint()
        self._lay_out()
        self.show_page(WELCOME)

    def show_page(self, page: Page) -> None:
        """Show these words."""
        self._page = page
        self._icon.setPixmap(pixmap(page.icon, TOKENS.dim, 40, ratio=self.devicePixelRatioF()))
        self._title.setText(page.title)
        self._lines.setText("\n".join(page.lines))
        for button, command, words in (
            (self._button, page.command, page.button),
            (self._also, page.also, page.also_button),
        ):
            button.setText(words)
            button.setVisible(bool(command))
        self._hint.setVisible(page.drop)
        self.update()

    def title(self) -> str:
        """The sentence that is shown."""
        return self._page.title

    def set_hot(self, hot: bool) -> None:
        """Whether something that can be dropped is over the window."""
        self._hot = hot
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """A dashed outline where a folder can be dropped, solid in the accent colour while one is held over it."""
        if not self._page.drop and not self._hot:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(QColor(TOKENS.accent if self._hot else TOKENS.strong_line), 1.0)
        pen.setStyle(Qt.PenStyle.SolidLine if self._hot else Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 10, 10)

    def _lay_out(self) -> None:
        centre = Qt.AlignmentFlag.AlignHCenter
        self.setMaximumWidth(_WIDTH)
        self._title.setProperty("role", "title")
        self._lines.setProperty("role", "dim")
        self._button.setProperty("role", "primary")
        self._also.setProperty("role", "link")
        for words in (self._title, self._lines):
            words.setTextFormat(Qt.TextFormat.PlainText)
            words.setWordWrap(True)
            words.setAlignment(centre)
        for button, which in ((self._button, "command"), (self._also, "also")):
            button.setCursor(Qt.CursorShape.PointingHandCursor)
            button.clicked.connect(lambda _checked=False, w=which: self.commanded.emit(getattr(self._page, w)))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(40, 28, 40, 28)
        layout.setSpacing(10)
        layout.addWidget(self._icon, alignment=centre)
        layout.addWidget(self._title)
        layout.addWidget(self._lines)
        layout.addSpacing(6)
        for widget in (self._button, self._also, self._hint):
            layout.addWidget(widget, alignment=centre)

    def _drop_hint(self) -> QWidget:
        made = QWidget()
        row = QHBoxLayout(made)
        row.setContentsMargins(0, 4, 0, 0)
        row.setSpacing(8)
        words, key = QLabel("or drop one here"), QLabel(self._open_key)
        words.setProperty("role", "dim")
        key.setProperty("role", "key")
        row.addWidget(words)
        row.addWidget(key)
        return made


class MessagePage(QWidget):
    """The card in the middle of its room."""

    def __init__(self, open_key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.card = MessageCard(open_key)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.card, 4)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.addStretch(5)
        column.addLayout(row)
        column.addStretch(6)
