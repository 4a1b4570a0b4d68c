"""How one photo's cell is painted: the picture, what the program says of it and what the photographer decided."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QObject, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetrics, QLinearGradient, QPainter, QPen, QPixmap, QTransform

from photocull.catalog.records import PhotoRow
from photocull.core.errors import printable
from photocull.core.vocabulary import Pick, shown
from photocull.ui.style import TOKENS, font, pixmap

_SHADE: Final = QColor(0, 0, 0, 165)
_BADGE: Final = QColor(20, 20, 20, 190)
_DIMMED: Final = QColor(22, 22, 22, 175)
_AWAY: Final = QColor(43, 43, 43, 150)
_STAR: Final = 13
_SHADE_HEIGHT: Final = 46
_LOW: Final = 120
"""Below this height a cell without a picture has room for words alone."""
_BELOW_FLAG: Final = 28
_NARROW: Final = 118
"""Below this width the score and five stars would touch."""
_SCORE_ROOM: Final = 48
"""Pixels of a cell's width that the score and the margins take."""


@dataclass(frozen=True, slots=True)
class CellState:
    """What the view knows of a cell beside its photo; ``away``: its drive is not connected."""

    selected: bool = False
    current: bool = False
    hovered: bool = False
    sort_key: str = "overall"
    away: bool = False


class GridDelegate(QObject):
    """Paints cells; keeps the small drawings that all cells share, for one screen pixel ratio at a time."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._drawings: dict[tuple[str, str, int, bool], QPixmap] = {}
        self._ratio = 0.0
        self._score_font = font(TOKENS.font_size, tabular=True)
        self._small_font = font(TOKENS.small_size)
        self._small = QFontMetrics(self._small_font)

    def paint(
        self,
        painter: QPainter,
        rect: QRect,
        row: PhotoRow | None,
        picture: QPixmap | None,
        state: CellState,
        *,
        problem: str | None = None,
    ) -> None:
        """Paint one cell.

        Args:
            row: None while it is read. picture: None while there is none.
            problem: why there will be no picture.
        """
        self._use_ratio(painter.device().devicePixelRatio())
        if row is None or picture is None:
            self._paint_empty(painter, rect, row, problem)
        else:
            paint_cover(painter, rect, picture)
        if row is not None:
            if state.away:
                _fill(painter, rect, _AWAY)
            if row.pick == "reject" and "pick" not in row.suggested:
                _fill(painter, rect, _DIMMED)
            self._paint_marks(painter, rect, row, state, on_photo=picture is not None)
        _paint_outline(painter, rect, state)

    def _paint_empty(self, painter: QPainter, rect: QRect, row: PhotoRow | None, problem: str | None) -> None:
        _fill(painter, rect, QColor(TOKENS.panel))
        if row is None:
            return
        broken, low = problem is not None, rect.height() < _LOW
        side = 20
        middle = rect.center().y() - (18 if broken else 0)
        drawing = self._drawing(
            "image-off" if broken else "image", TOKENS.faint if broken else TOKENS.strong_line, side
        )
        if not (broken and low):
            painter.drawPixmap(rect.center().x() - side // 2, middle - side // 2, drawing)
        if problem is not None:
            top = _BELOW_FLAG if low else rect.height() // 2 - 2
            self._paint_reason(painter, rect.adjusted(12, top, -12, -(_STAR + 10)), row, problem)

    def _paint_reason(self, painter: QPainter, rect: QRect, row: PhotoRow, problem: str) -> None:
        painter.setFont(self._small_font)
        painter.setPen(QColor(TOKENS.text))
        name = self._small.elidedText(printable(row.path.name), Qt.TextElideMode.ElideMiddle, rect.width())
        painter.drawText(rect, int(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop), name)
        painter.setPen(QColor(TOKENS.dim))
        wrap = int(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap)
        room = rect.adjusted(0, self._small.height() + 2, 0, 0)
        if self._small.boundingRect(room, wrap, problem).height() > room.height():
            problem = self._small.elidedText(problem, Qt.TextElideMode.ElideRight, room.width())
        if room.height() >= self._small.height():
            painter.drawText(room, wrap, problem)

    def _paint_marks(self, painter: QPainter, rect: QRect, row: PhotoRow, state: CellState, *, on_photo: bool) -> None:
        if on_photo:
            _paint_shade(painter, rect)
        self._paint_score(painter, rect, row, state)
        self._paint_stars(painter, rect, row)
        if row.label is not None:
            _paint_label(painter, rect, TOKENS.label(row.label), hollow="label" in row.suggested)
        if row.pick is not None:
            name, colour, filled = flag_drawing(row.pick, own="pick" not in row.suggested)
            self._paint_badge(painter, QPointF(rect.left() + 8, rect.top() + 8), name, colour, "", filled=filled)
        if state.away:
            self._paint_corner(painter, rect, "folder-x", TOKENS.dim, "offline")
        else:
            self._paint_faults(painter, rect, row)

    def _paint_score(self, painter: QPainter, rect: QRect, row: PhotoRow, state: CellState) -> None:
        value = score_shown(row, state.sort_key)
        if value is None:
            return
        painter.setFont(self._score_font)
        painter.setPen(QColor(TOKENS.bright))
        flags = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom)
        painter.drawText(rect.adjusted(9, 0, 0, -6), flags, f"{value:.1f}")

    def _paint_stars(self, painter: QPainter, rect: QRect, row: PhotoRow) -> None:
        own = row.rated_by == "photographer"
        count = row.rating or 0
        x, y = rect.right() - 8 - 5 * (_STAR + 1), rect.bottom() - 7 - _STAR
        solid = self._drawing("star", TOKENS.star, _STAR, filled=True)
        hollow = self._drawing("star", TOKENS.text if count else TOKENS.program, _STAR)
        if own and count * (_STAR + 1) > rect.width() - _SCORE_ROOM:
            self._paint_star_count(painter, rect, count)
            return
        if own and count:
            for n in range(count):
                painter.drawPixmap(x + (5 - count + n) * (_STAR + 1), y, solid)
            return
        if rect.width() < _NARROW:
            return
        painter.setOpacity(1.0 if count else 0.45)  # five suggested ones must not look like none
        for n in range(count or 5):
            painter.drawPixmap(x + (5 - (count or 5) + n) * (_STAR + 1), y, hollow)
        painter.setOpacity(1.0)

    def _paint_star_count(self, painter: QPainter, rect: QRect, count: int) -> None:
        """``4★``: where so many stars would lie over the score."""
        star = QRect(rect.right() - 8 - _STAR, rect.bottom() - 7 - _STAR, _STAR, _STAR)
        painter.drawPixmap(star.topLeft(), self._drawing("star", TOKENS.star, _STAR, filled=True))
        painter.setFont(self._score_font)
        painter.setPen(QColor(TOKENS.star))
        flags = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom)
        painter.drawText(rect.adjusted(0, 0, -(8 + _STAR + 4), -6), flags, str(count))

    def _paint_faults(self, painter: QPainter, rect: QRect, row: PhotoRow) -> None:
        faults = [shown(flag) for flag in row.flags] or (["note"] if row.notes else [])
        if not faults or row.status == "unreadable":
            return
        text = faults[0] + (f" +{len(faults) - 1}" if len(faults) > 1 else "")
        self._paint_corner(painter, rect, "triangle-alert", TOKENS.warning, text)

    def _paint_corner(self, painter: QPainter, rect: QRect, name: str, colour: str, text: str) -> None:
        """A badge in the right upper corner; without its word where the cell is narrow."""
        width = 13 + 4 + self._small.horizontalAdvance(text)
        if width + 60 > rect.width():
            text, width = "", 13
        corner = QPointF(rect.right() - 7 - width - 6, rect.top() + 8)
        self._paint_badge(painter, corner, name, colour, text, side=13)

    def _paint_badge(
        self,
        painter: QPainter,
        corner: QPointF,
        name: str,
        colour: str,
        text: str,
        *,
        side: int = 14,
        filled: bool = False,
    ) -> None:
        width = side + (4 + self._small.horizontalAdvance(text) if text else 0)
        box = QRectF(corner.x() - 1, corner.y() - 1, width + 10, 20)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_BADGE)
        painter.drawRoundedRect(box, 4, 4)
        painter.drawPixmap(QPointF(box.x() + 5, box.center().y() - side / 2), self._drawing(name, colour, side, filled))
        if text:
            painter.setFont(self._small_font)
            painter.setPen(QColor(TOKENS.text))
            painter.drawText(box.adjusted(side + 9, 0, 0, 0), int(Qt.AlignmentFlag.AlignVCenter), text)

    def _drawing(self, name: str, colour: str, size: int, filled: bool = False) -> QPixmap:
        key = (name, colour, size, filled)
        if key not in self._drawings:
            self._drawings[key] = pixmap(name, colour, size, ratio=self._ratio, filled=filled)
        return self._drawings[key]

    def _use_ratio(self, ratio: float) -> None:
        if ratio != self._ratio:
            self._drawings.clear()
            self._ratio = ratio


def star_at(rect: QRect, x: int, y: int) -> int | None:
    """Which star (1 to 5) of a cell lies under this point; None beside the stars."""
    left, top = rect.right() - 8 - 5 * (_STAR + 1), rect.bottom() - 7 - _STAR
    if rect.width() < _NARROW or not top - 4 <= y <= rect.bottom() or not left <= x < left + 5 * (_STAR + 1):
        return None
    return (x - left) // (_STAR + 1) + 1


def score_shown(row: PhotoRow, sort_key: str) -> float | None:
    """The score that the cell shows: the one sorted by, else the overall one."""
    score: float | None = getattr(row, sort_key if sort_key in {"aesthetic", "colour", "technical"} else "overall")
    return score


def paint_cover(painter: QPainter, rect: QRect, picture: QPixmap) -> None:
    """Fill ``rect`` with the picture, its corners rounded, what hangs over cut off evenly on both sides."""
    size: QSize = picture.size()
    scale = max(rect.width() / size.width(), rect.height() / size.height())
    left = rect.x() + (rect.width() - size.width() * scale) / 2
    top = rect.y() + (rect.height() - size.height() * scale) / 2
    brush = QBrush(picture)
    brush.setTransform(QTransform(scale, 0, 0, scale, left, top))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(brush)
    painter.drawRoundedRect(rect, TOKENS.photo_radius, TOKENS.photo_radius)


def _fill(painter: QPainter, rect: QRect, colour: QColor) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawRoundedRect(rect, TOKENS.photo_radius, TOKENS.photo_radius)


def _paint_shade(painter: QPainter, rect: QRect) -> None:
    height = min(_SHADE_HEIGHT, rect.height())
    area = QRect(rect.left(), rect.bottom() + 1 - height, rect.width(), height)
    gradient = QLinearGradient(QPointF(area.topLeft()), QPointF(area.bottomLeft()))
    gradient.setColorAt(0.0, QColor(0, 0, 0, 0))
    gradient.setColorAt(1.0, _SHADE)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(gradient)
    painter.drawRoundedRect(area, TOKENS.photo_radius, TOKENS.photo_radius)


def flag_drawing(pick: Pick, *, own: bool) -> tuple[str, str, bool]:
    """Icon, colour and whether it is filled: a flag that the photographer set is solid, the program's is hollow."""
    name, colour = ("flag", TOKENS.pick) if pick == "pick" else ("x", TOKENS.reject)
    return name, colour if own else TOKENS.program, own and pick == "pick"


def _paint_label(painter: QPainter, rect: QRect, colour: str, *, hollow: bool) -> None:
    bar = QRectF(rect.left(), rect.top(), 5, rect.height())
    painter.setPen(QPen(QColor(colour), 1) if hollow else QPen(Qt.PenStyle.NoPen))
    painter.setBrush(QBrush() if hollow else QBrush(QColor(colour)))
    painter.drawRoundedRect(bar.adjusted(0.5, 0.5, -0.5, -0.5) if hollow else bar, 2, 2)


def _paint_outline(painter: QPainter, rect: QRect, state: CellState) -> None:
    if not state.selected and not state.current and not state.hovered:
        return
    colour = TOKENS.accent if state.selected else TOKENS.program if state.current else TOKENS.strong_line
    width = 2.5 if state.current and state.selected else 1.5
    painter.setPen(QPen(QColor(colour), width))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(
        QRectF(rect).adjusted(-1.5, -1.5, 1.5, 1.5), TOKENS.photo_radius + 1, TOKENS.photo_radius + 1
    )
