"""The strip of neighbours below the loupe: paints only what is seen of the list, however long that is."""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QHelpEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from photocull.catalog.away import Away
from photocull.catalog.records import PhotoRow
from photocull.core.errors import printable
from photocull.ui import style
from photocull.ui.cell import flag_drawing
from photocull.ui.layout import NARROWEST, UNKNOWN_ASPECT, WIDEST
from photocull.ui.photo_list import PhotoListModel
from photocull.ui.style import TOKENS
from photocull.ui.thumbnails import Thumbnails

_HIGH: Final = 64
_MARGIN: Final = 12
_GAP: Final = 6


def starts(aspects: Sequence[float | None], height: int = _HIGH, gap: int = _GAP) -> list[int]:
    """The left edge of every photo in the strip, and where one more would begin."""
    widths = (round(height * min(max(a or UNKNOWN_ASPECT, NARROWEST), WIDEST)) + gap for a in aspects)
    return list(accumulate(widths, initial=0))


class Filmstrip(QWidget):
    """Thumbnails in the list's order; the current one is outlined, a click chooses another."""

    chosen = Signal(int)

    def __init__(self, model: PhotoListModel, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model, self._thumbnails = model, thumbnails
        self._current: int | None = None
        self._away = Away()
        self._starts: list[int] = [0]
        self._left = 0.0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        self.setAccessibleName("Filmstrip")
        model.modelReset.connect(self._list_changed)
        model.rowsInserted.connect(self._list_changed)
        model.aspectsChanged.connect(self._list_changed)
        model.dataChanged.connect(self.update)
        thumbnails.ready.connect(self._thumbnail_ready)
        self._list_changed()

    def set_current(self, photo_id: int | None) -> None:
        """Outline this photo and bring it to the middle, unless it is in sight and was just clicked."""
        if photo_id == self._current:
            return
        self._current = photo_id
        if not self.underMouse() or not self._in_sight():
            self._centre()
        self.update()

    def set_away(self, away: Away) -> None:
        """Grey what lies on drives that are not connected."""
        self._away = away
        self.update()

    def sizeHint(self) -> QSize:
        """One row of small photos."""
        return QSize(400, _HIGH + 2 * _MARGIN)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The photos in sight."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(TOKENS.window))
        painter.fillRect(0, 0, self.width(), 1, QColor(TOKENS.line))
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        for place in self._visible():
            self._paint_cell(painter, place, self._cell(place))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The current photo stays in the middle."""
        self._centre()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Both wheel directions run along the strip."""
        pixels, angle = event.pixelDelta(), event.angleDelta()
        step = pixels.x() or pixels.y() if not pixels.isNull() else (angle.x() or angle.y()) * 0.9
        self._scroll_to(self._left - step)
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the photo under the pointer."""
        place = self._place_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and place is not None:
            self.chosen.emit(self._model.ids[place])

    def event(self, event: QEvent) -> bool:
        """The name of the photo under the pointer."""
        if isinstance(event, QHelpEvent):
            place = self._place_at(QPointF(event.pos()))
            row = None if place is None else self._model.row_at(place)
            words = [printable(row.path.name), self._away.word(row.path)] if row else []
            QToolTip.showText(event.globalPos(), "\n".join(filter(None, words)), self)
            return True
        return super().event(event)

    def _list_changed(self) -> None:
        place = self._current_place()
        held = None if place is None or place >= len(self._starts) - 1 else self._starts[place] - self._left
        self._starts = starts(self._model.aspects)
        if held is not None and place is not None and 0 <= held < self.width():
            self._scroll_to(self._starts[place] - held)
        else:
            self._centre()
        self.update()

    def _thumbnail_ready(self, photo_id: int) -> None:
        place = self._model.place(photo_id)
        if place is not None and place in self._visible():
            self.update(self._cell(place).toAlignedRect())

    def _current_place(self) -> int | None:
        return None if self._current is None else self._model.place(self._current)

    def _in_sight(self) -> bool:
        place = self._current_place()
        return place is not None and QRectF(self.rect()).contains(self._cell(place))

    def _centre(self) -> None:
        place = self._current_place()
        if place is not None and place < len(self._starts) - 1:
            middle = (self._starts[place] + self._starts[place + 1] - _GAP) / 2
            self._scroll_to(middle - self.width() / 2)
        else:
            self._scroll_to(self._left)

    def _scroll_to(self, left: float) -> None:
        length = self._starts[-1] - _GAP + 2 * _MARGIN
        spare = length - self.width()
        self._left = spare / 2 - _MARGIN if spare <= 0 else min(max(left, -_MARGIN), spare - _MARGIN)
        self.update()

    def _visible(self) -> range:
        if not self._model.ids:
            return range(0)
        first = max(0, bisect_right(self._starts, self._left) - 1)
        last = bisect_right(self._starts, self._left + self.width())
        return range(first, min(last, len(self._starts) - 1))

    def _cell(self, place: int) -> QRectF:
        x = round(self._starts[place] - self._left)
        return QRectF(x, _MARGIN, self._starts[place + 1] - self._starts[place] - _GAP, _HIGH)

    def _place_at(self, point: QPointF) -> int | None:
        return next((place for place in self._visible() if self._cell(place).contains(point)), None)

    def _paint_cell(self, painter: QPainter, place: int, cell: QRectF) -> None:
        row = self._model.row_at(place)
        outline = QPainterPath()
        outline.addRoundedRect(cell, TOKENS.photo_radius, TOKENS.photo_radius)
        painter.fillPath(outline, QColor(TOKENS.raised))
        if row is not None:
            self._paint_photo(painter, row, cell, outline)
        if row is not None and row.id == self._current:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(TOKENS.accent), 2))
            painter.drawRoundedRect(cell.adjusted(-2.5, -2.5, 2.5, 2.5), 5, 5)

    def _paint_photo(self, painter: QPainter, row: PhotoRow, cell: QRectF, outline: QPainterPath) -> None:
        ratio = self.devicePixelRatioF()
        pixmap = None if row.status == "unreadable" else self._thumbnails.pixmap(row, _HIGH)
        if pixmap is None:
            name = "image-off" if row.status == "unreadable" else "image"
            painter.drawPixmap(cell.center() - QPointF(9, 9), style.pixmap(name, TOKENS.faint, 18, ratio=ratio))
            return
        painter.save()
        painter.setClipPath(outline)
        away = bool(self._away.word(row.path))
        rejected = row.pick == "reject" and "pick" not in row.suggested
        painter.setOpacity(0.35 if rejected else 0.5 if away else 1.0)
        painter.drawPixmap(cell, pixmap, _cropped(pixmap.width(), pixmap.height(), cell))
        painter.setOpacity(1.0)
        if row.label is not None:
            thick = 1 if "label" in row.suggested else 3
            painter.fillRect(QRectF(cell.x(), cell.y(), thick, cell.height()), QColor(TOKENS.label(row.label)))
        painter.restore()
        if away:
            corner = QPointF(cell.right() - 17, cell.y() + 5)
            painter.drawPixmap(corner, style.pixmap("folder-x", TOKENS.dim, 12, ratio=ratio))
        if row.pick is not None:
            name, colour, filled = flag_drawing(row.pick, own="pick" not in row.suggested)
            ground = QRectF(cell.x() + 5, cell.y() + 4, 17, 17)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(0, 0, 0, 150))
            painter.drawRoundedRect(ground, 3, 3)
            mark = style.pixmap(name, colour, 12, ratio=ratio, filled=filled)
            painter.drawPixmap(ground.topLeft() + QPointF(2.5, 2.5), mark)


def _cropped(width: int, height: int, cell: QRectF) -> QRectF:
    """The middle of a picture that fills a cell of another shape."""
    scale = min(width / cell.width(), height / cell.height())
    across, down = cell.width() * scale, cell.height() * scale
    return QRectF((width - across) / 2, (height - down) / 2, across, down)
