"""The three-colour histogram of the inspector: counting (pure, off the GUI thread) and the widget that draws it."""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from photocull.core.types import Pixels
from photocull.ui.style import TOKENS

Curves = NDArray[np.float32]
"""(3, BINS) float32, red green blue, 0..1."""
BINS: Final = 128
_CHANNELS: Final = ("#b8463f", "#4f9a4d", "#4a72c4")
_HEIGHT: Final = 56


def curves(pixels: Pixels) -> Curves:
    """How much of the photo has which brightness, per channel.

    The largest bin that is neither end stands for 1: a sky burnt white shall not press all else flat.
    """
    counts = [np.bincount(pixels[..., c].ravel() >> 1, minlength=BINS) for c in range(3)]
    shares = np.asarray(counts, np.float64)
    most = max(1.0, float(shares[:, 1:-1].max()))
    return np.minimum(shares / most, 1.0).astype(np.float32)


def clipped(pixels: Pixels) -> tuple[float, float]:
    """Shares of the area, 0..1, that are pure black, and that are at the end of any channel."""
    dark = float(np.mean((pixels <= 1).all(axis=-1)))
    bright = float(np.mean((pixels >= 254).any(axis=-1)))
    return dark, bright


class Histogram(QWidget):
    """Red, green and blue curves over a line; empty until it is given curves."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._curves: Curves | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Histogram")

    def set_curves(self, curves: Curves | None, clipped: tuple[float, float] = (0.0, 0.0)) -> None:
        """Draw these; ``clipped`` tells the shares of black and burnt area in the tooltip."""
        self._curves = curves
        words = (
            f"Brightness of red, green and blue, dark to bright. Pure black {clipped[0]:.1%}, burnt {clipped[1]:.1%}."
        )
        self.setToolTip(words if curves is not None else "")
        self.setAccessibleDescription(self.toolTip())
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as there is room."""
        return QSize(120, _HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Three filled curves that lighten where they overlap."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._curves is not None:
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Screen)
            painter.setPen(Qt.PenStyle.NoPen)
            for channel, colour in zip(self._curves, _CHANNELS, strict=True):
                painter.setBrush(QColor(colour))
                painter.drawPolygon(self._shape(channel))
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
        painter.fillRect(0, self.height() - 1, self.width(), 1, QColor(TOKENS.strong_line))

    def _shape(self, channel: NDArray[np.float32]) -> QPolygonF:
        room, floor = self.height() - 2.0, self.height() - 1.0
        step = self.width() / (BINS - 1)
        points = [QPointF(i * step, floor - float(value) * room) for i, value in enumerate(channel)]
        return QPolygonF([QPointF(0, floor), *points, QPointF(self.width(), floor)])
