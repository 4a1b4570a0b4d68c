"""The scores in the inspector: the overall one large with its rank, the three parts as bars."""

from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from photocull.catalog.records import Rank
from photocull.ui.style import TOKENS, font

PARTS: Final = (("aesthetic", "Aesthetic"), ("colour", "Colour"), ("technical", "Technical"))
_LINE: Final = 22


def ordinal(place: int) -> str:
    """``1st``, ``2nd``, ``12th``, ``1,003rd``."""
    ending = "th" if place % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(place % 10, "th")
    return f"{place:,}{ending}"


def rank_words(rank: Rank | None) -> str:
    """``12th of 2,418``; empty where there is nothing to compare with."""
    if rank is None or rank.size < 2:
        return ""
    return f"{'best' if rank.place == 1 else ordinal(rank.place)} of {rank.size:,}"


class ScoreBars(QWidget):
    """One line a score: its name, a bar of 0 to 10, its figure; scores that are not known have no line."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scores: list[tuple[str, float]] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_scores(self, scores: dict[str, float | None]) -> None:
        """Show these, in the order of `PARTS`."""
        self._scores = [(title, value) for key, title in PARTS if (value := scores.get(key)) is not None]
        words = ", ".join(f"{title} {value:.1f}" for title, value in self._scores)
        self.setAccessibleName(f"Scores of 10: {words}" if words else "No scores")
        self.setVisible(bool(self._scores))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """A line a score."""
        return QSize(200, _LINE * len(self._scores))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Names, bars, figures, each in its column."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(font(tabular=True))
        metrics = painter.fontMetrics()
        names = max((metrics.horizontalAdvance(title) for title, _ in self._scores), default=0)
        figure = metrics.horizontalAdvance("10.0")
        for index, (title, value) in enumerate(self._scores):
            line = QRectF(0, index * _LINE, self.width(), _LINE)
            painter.setPen(QColor(TOKENS.dim))
            painter.drawText(line, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), title)
            painter.setPen(QColor(TOKENS.text))
            painter.drawText(line, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), f"{value:.1f}")
            bar = QRectF(names + 16, line.center().y() - 2, self.width() - names - figure - 28, 4)
            _paint_bar(painter, bar, value / 10)


def _paint_bar(painter: QPainter, bar: QRectF, share: float) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(TOKENS.line))
    painter.drawRoundedRect(bar, 2, 2)
    filled = QRectF(bar.x(), bar.y(), bar.width() * min(1.0, max(0.0, share)), bar.height())
    painter.setBrush(QColor(TOKENS.text))
    painter.drawRoundedRect(filled, 2, 2)
