"""One line of the side bar: a mark, a word, a count; a click filters by it, a click with Ctrl adds it."""

import math
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from photocull.core.vocabulary import Harmony
from photocull.ui import style
from photocull.ui.decisions_bar import focus_ring
from photocull.ui.style import TOKENS, font

Mark = Callable[[QPainter, QRectF, float], None]
"""Paints the sign before a word into a box; the last argument is the device pixel ratio."""
_HIGH: Final = 28
_HUES: Final[dict[str, tuple[int, ...]]] = {
    "achromatic": (), "monochromatic": (0,), "analogous": (-30, 0, 30), "complementary": (0, 180),
    "split-complementary": (0, 150, 210), "triadic": (0, 120, 240), "tetradic": (0, 90, 180, 270),
}  # fmt: skip


def icon_mark(name: str, colour: str, *, filled: bool = False) -> Mark:
    """A Lucide icon in one colour."""

    def paint(painter: QPainter, box: QRectF, ratio: float) -> None:
        painter.drawPixmap(box.center() - QPointF(8, 8), style.pixmap(name, colour, 16, ratio=ratio, filled=filled))

    return paint


def swatch_mark(colours: tuple[str, ...]) -> Mark:
    """Two colours side by side in a small rounded box."""

    def paint(painter: QPainter, box: QRectF, ratio: float) -> None:
        paint_swatch(painter, QRectF(box.x(), box.center().y() - 5, 22, 10), colours)

    return paint


def harmony_mark(harmony: Harmony) -> Mark:
    """A small hue circle with a dot at every hue that the harmony is made of."""

    def paint(painter: QPainter, box: QRectF, ratio: float) -> None:
        middle = QPointF(box.x() + 11, box.center().y())
        painter.setPen(QPen(QColor(TOKENS.strong_line), 1.25))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(middle, 6.5, 6.5)
        painter.setPen(Qt.PenStyle.NoPen)
        for hue in _HUES[harmony]:
            angle = math.radians(hue - 90)
            painter.setBrush(QColor.fromHsvF((hue % 360 + 24) % 360 / 360, 0.55, 0.85))
            painter.drawEllipse(middle + QPointF(math.cos(angle), math.sin(angle)) * 6.5, 2.6, 2.6)

    return paint


def paint_swatch(painter: QPainter, rect: QRectF, colours: tuple[str, ...]) -> None:
    """Colours side by side, rounded at the ends, with a hairline so that black and white are seen on grey."""
    path = QPainterPath()
    path.addRoundedRect(rect, 2.5, 2.5)
    painter.save()
    painter.setClipPath(path)
    for index, colour in enumerate(colours):
        width = rect.width() / len(colours)
        painter.fillRect(QRectF(rect.x() + index * width, rect.y(), width + 0.5, rect.height()), QColor(colour))
    painter.restore()
    painter.setPen(QPen(QColor(255, 255, 255, 36), 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(path)


class FacetRow(QAbstractButton):
    """A word that filters, with its count; ``chosen`` carries whether Ctrl was held."""

    chosen = Signal(bool)

    def __init__(
        self, word: str, mark: Mark | None = None, *, mark_width: int = 19, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._mark, self._mark_width = mark, mark_width
        self._count: int | None = None
        self._on = False
        self._away = False
        self._add = False
        self.setText(word)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._name()
        self.clicked.connect(lambda: self.chosen.emit(self._add))

    @property
    def count(self) -> int:
        """How many photos; 0 where unknown."""
        return self._count or 0

    @property
    def on(self) -> bool:
        """Whether the filter holds this word."""
        return self._on

    def set_count(self, count: int | None) -> None:
        """Show this count; the row stays where it is."""
        if count != self._count:
            self._count = count
            self._name()
            self.update()

    def set_on(self, on: bool) -> None:
        """Show whether the filter holds this word."""
        if on != self._on:
            self._on = on
            self._name()
            self.update()

    def set_away(self, away: bool) -> None:
        """Grey the line: what it stands for cannot be reached now."""
        if away != self._away:
            self._away = away
            self._name()
            self.update()

    def sizeHint(self) -> QSize:
        """A line of the side bar."""
        return QSize(160, _HIGH)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Remember Ctrl for the click that follows."""
        self._add = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        super().mouseReleaseEvent(event)
        self._add = False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and down walk; Enter and Space choose, with Ctrl they add."""
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.chosen.emit(bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier))
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.focusNextPrevChild(key == Qt.Key.Key_Down)
        else:
            event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Mark, word and count; lit where it filters."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter)
        inner = QRectF(self.rect()).adjusted(8, 0, -8, 0)
        if self._mark is not None:
            faded = self._away or (self._count == 0 and not self._on)
            painter.setOpacity(0.45 if faded else 1.0)
            self._mark(painter, QRectF(inner.x(), inner.y(), 16, inner.height()), self.devicePixelRatioF())
            painter.setOpacity(1.0)
        self._paint_words(painter, inner)
        if self.hasFocus():
            focus_ring(painter, QRectF(self.rect()))

    def _paint_ground(self, painter: QPainter) -> None:
        colour = TOKENS.line if self._on else TOKENS.raised if self.underMouse() else None
        if colour is not None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colour))
            painter.drawRoundedRect(QRectF(self.rect()), 5, 5)

    def _paint_words(self, painter: QPainter, inner: QRectF) -> None:
        figures = "" if self._count is None else f"{self._count:,}"
        painter.setFont(font(tabular=True))
        taken = painter.fontMetrics().horizontalAdvance(figures) + 8 if figures else 0
        none = self._away or (self._count == 0 and not self._on)
        painter.setPen(QColor(TOKENS.faint if none else TOKENS.dim))
        painter.drawText(inner, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), figures)
        left = self._mark_width + 4 if self._mark is not None else 0
        room = inner.adjusted(left, 0, -taken, 0)
        word = painter.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideMiddle, int(room.width()))
        painter.setPen(QColor(TOKENS.faint if none else TOKENS.bright if self._on else TOKENS.text))
        painter.drawText(room, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), word)

    def _name(self) -> None:
        count = "" if self._count is None else f", {self._count:,} photos"
        away = ", not connected" if self._away else ""
        self.setAccessibleName(f"{self.text()}{count}{', filtered' if self._on else ''}{away}")
