"""The photo's colours as a strip: each as wide as its share of the picture's area."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from photocull.catalog.records import SchemeRecord
from photocull.core.types import Swatch
from photocull.core.vocabulary import shown
from photocull.ui.style import TOKENS

_HIGH: Final = 22


def widths(palette: Sequence[Swatch], room: float) -> list[float]:
    """How wide each colour is; the shares are stretched so that the strip is full."""
    total = sum(max(0.0, swatch.share) for swatch in palette)
    return [max(0.0, swatch.share) / total * room for swatch in palette] if total > 0 else [0.0] * len(palette)


def scheme_words(scheme: SchemeRecord) -> str:
    """``orange and blue, complementary``; the harmony is left out where the name says it already."""
    if scheme.name is None:
        return shown(scheme.harmony)
    if scheme.kind == "monochromatic" and scheme.harmony in ("monochromatic", "achromatic"):
        return f"{shown(scheme.name)}, {scheme.harmony}"
    return f"{shown(scheme.name)}, {shown(scheme.harmony)}"


class PaletteStrip(QWidget):
    """The strip; the tooltip names the colour under the pointer and its share."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._palette: tuple[Swatch, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_palette(self, palette: Sequence[Swatch]) -> None:
        """Show these colours, as they are ordered."""
        self._palette = tuple(palette)
        words = ", ".join(f"{swatch.hex} {swatch.share:.0%}" for swatch in self._palette)
        self.setAccessibleName(f"Palette: {words}")
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as there is room."""
        return QSize(120, _HIGH)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Colours from the left, rounded at both ends."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        outline = QPainterPath()
        outline.addRoundedRect(QRectF(self.rect()), TOKENS.photo_radius, TOKENS.photo_radius)
        painter.setClipPath(outline)
        left = 0.0
        for swatch, width in zip(self._palette, widths(self._palette, self.width()), strict=True):
            painter.fillRect(QRectF(left, 0, width + 0.5, self.height()), QColor(swatch.hex))
            left += width
        painter.setPen(QColor(255, 255, 255, 26))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(outline)

    def event(self, event: QEvent) -> bool:
        """Name the colour under the pointer."""
        if isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self._words_at(event.pos().x()), self)
            return True
        return super().event(event)

    def _words_at(self, x: float) -> str:
        left = 0.0
        for swatch, width in zip(self._palette, widths(self._palette, self.width()), strict=True):
            left += width
            if x < left:
                return f"{swatch.hex}, {swatch.share:.0%} of the picture"
        return ""
