"""A drop-down list in the window's own look, whose arrow is drawn like all other icons."""

from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QStyle, QStyleOptionComboBox, QStylePainter, QWidget

from photocull.ui.style import TOKENS, pixmap

_ARROW = 14
_EDGES = 62


class ChoiceBox(QComboBox):
    """Closed it is as wide as its place allows; open, as wide as its longest line."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)

    def minimumSizeHint(self) -> QSize:
        """It gives way: what is cut off is read in the open list."""
        return QSize(120, super().minimumSizeHint().height())

    def showPopup(self) -> None:
        """Let no line of the list be cut off."""
        view = self.view()
        view.setMinimumWidth(view.sizeHintForColumn(0) + 32)
        super().showPopup()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """A turn of the wheel over it is meant for the page."""
        event.ignore()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """As the stylesheet says, the words elided in their middle, and the arrow."""
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        painter = QStylePainter(self)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        room = self.width() - _EDGES
        option.currentText = self.fontMetrics().elidedText(option.currentText, Qt.TextElideMode.ElideMiddle, room)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        colour = TOKENS.dim if self.isEnabled() else TOKENS.faint
        arrow = pixmap("chevron-down", colour, _ARROW, ratio=self.devicePixelRatioF())
        painter.drawPixmap(QPoint(self.width() - _ARROW - 9, (self.height() - _ARROW) // 2), arrow)
