"""Small pieces that the panels are made of: lines of text, names elided in the middle, quiet buttons, scroll areas."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPaintEvent
from PySide6.QtWidgets import QBoxLayout, QLabel, QScrollArea, QSizePolicy, QToolButton, QWidget


def label(text: str = "", role: str = "", *, wrap: bool = False, selectable: bool = False) -> QLabel:
    """A line of text in one of the stylesheet's roles ("heading", "dim", "small", "key" ...)."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    if role:
        made.setProperty("role", role)
    made.setWordWrap(wrap)
    if selectable:
        made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        made.setCursor(Qt.CursorShape.IBeamCursor)
    return made


def fit_height(window: QWidget, whole: QBoxLayout) -> None:
    """As high as wrapped lines need at the width that the window has."""
    whole.activate()
    window.setFixedHeight(whole.totalHeightForWidth(window.width()))


def tool_button(
    text: str = "", *, icon: QIcon | None = None, role: str = "", tip: str = "", name: str = ""
) -> QToolButton:
    """A flat button that the Tab key reaches but a click does not focus, so that keys stay with the photos.

    Args:
        tip: tooltip. name: for screen readers, the tooltip if empty.
    """
    made = QToolButton()
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    made.setText(text)
    if icon is not None:
        made.setIcon(icon)
    if role:
        made.setProperty("role", role)
    made.setToolTip(tip)
    made.setAccessibleName(name or tip or text)
    return made


def scroll_area(body: QWidget) -> QScrollArea:
    """A panel that scrolls down, never sideways."""
    made = QScrollArea()
    made.setWidgetResizable(True)
    made.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    made.setWidget(body)
    return made


def with_key(tip: str, key: str) -> str:
    """A tooltip that names the key, where there is one."""
    return f"{tip} ({key})" if key else tip


def short_key(key: str) -> str:
    """A key as it stands on a button: the shift key as its arrow."""
    return key.replace("Shift+", "⇧")


def set_role(widget: QWidget, role: str) -> None:
    """Give a widget another role of the stylesheet."""
    if widget.property("role") != role:
        widget.setProperty("role", role)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


class ElidedLabel(QLabel):
    """One line that loses its middle where it does not fit, and then tells the whole in a tooltip."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.setText(text)

    def minimumSizeHint(self) -> QSize:
        """It gives way to everything else."""
        return QSize(24, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """The whole text where it fits, so that it can be selected; else its two ends."""
        room = self.contentsRect().width()
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideMiddle, room)
        self.setToolTip("" if shown == self.text() else self.text())
        if shown == self.text():
            super().paintEvent(event)
            return
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(self.contentsRect(), int(Qt.AlignmentFlag.AlignVCenter), shown)
