"""The legend of the overlay that is on: the ends of its scale with the colours between them, or why there is no map."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from photocull.judge.painting import INFERNO
from photocull.ui.overlays import Overlay
from photocull.ui.style import TOKENS, font

_BAR = QSize(72, 8)
_BLACK, _BURNT = "#3c78f0", "#eb463c"
"""The colours of `judge.painting.paint_clipping`."""


class Legend(QWidget):
    """One quiet line; the tooltip says the whole of it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._overlay: Overlay | None = None
        self._sentence = ""
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.setFont(font(12))

    def show_scale(self, overlay: Overlay) -> None:
        """How to read this overlay."""
        self._set(overlay, "", overlay.legend)

    def say(self, sentence: str) -> None:
        """Words in the scale's place; empty for none."""
        self._set(None, sentence, sentence)

    def sizeHint(self) -> QSize:
        """It takes what is left."""
        return QSize(240, 26)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Low end, colours, high end; or the sentence."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(TOKENS.dim))
        left = QRectF(self.rect())
        if self._overlay is None:
            words = painter.fontMetrics().elidedText(self._sentence, Qt.TextElideMode.ElideRight, self.width())
            painter.drawText(left, int(Qt.AlignmentFlag.AlignVCenter), words)
            return
        drawn = painter.drawText(left, int(Qt.AlignmentFlag.AlignVCenter), self._overlay.low)
        bar = QRectF(drawn.right() + 8, left.center().y() - _BAR.height() / 2, _BAR.width(), _BAR.height())
        self._paint_bar(painter, bar)
        painter.setPen(QColor(TOKENS.dim))
        after = QRectF(bar.right() + 8, 0, self.width() - bar.right() - 8, self.height())
        high = painter.fontMetrics().elidedText(self._overlay.high, Qt.TextElideMode.ElideRight, int(after.width()))
        painter.drawText(after, int(Qt.AlignmentFlag.AlignVCenter), high)

    def _paint_bar(self, painter: QPainter, bar: QRectF) -> None:
        outline = QPainterPath()
        outline.addRoundedRect(bar, 2, 2)
        clipping = self._overlay is not None and self._overlay.kind == "clipping"
        colours = (_BLACK, _BLACK, TOKENS.strong_line, _BURNT, _BURNT) if clipping else INFERNO
        scale = QLinearGradient(bar.topLeft(), bar.topRight())
        for index, colour in enumerate(colours):
            scale.setColorAt(index / (len(colours) - 1), QColor(colour))
        painter.fillPath(outline, scale)

    def _set(self, overlay: Overlay | None, sentence: str, tip: str) -> None:
        if (overlay, sentence) == (self._overlay, self._sentence):
            return
        self._overlay, self._sentence = overlay, sentence
        self.setToolTip(tip)
        self.setAccessibleName(tip)
        self.update()
