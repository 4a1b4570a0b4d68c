"""The area in which the photo lies: paints it at any zoom, and turns wheel, pinch, click and drag into zoom."""

from typing import Final

from PySide6.QtCore import QElapsedTimer, QEvent, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QSizePolicy, QWidget

from photocull.ui.overlays import Part
from photocull.ui.picture import Level, Picture
from photocull.ui.style import TOKENS
from photocull.ui.zoom import Zoom

_NOTCH: Final = 1.25
"""Zoom of one notch of a mouse wheel."""
_MARGIN: Final = 12
_HOLD_MS: Final = 350
"""Held longer than this, a press from fit is a look through the loupe, and letting go ends it."""
_PATIENCE_MS: Final = 180
"""Words appear only where a picture takes longer: a flicker of text at every step would be worse than none."""
_SHARP_FROM: Final = 3.0
"""From this scale on, pixels are shown as squares: who looks this close wants to see them."""


class Canvas(QWidget):
    """Paints one photo on the surround; knows neither files nor the catalogue."""

    zoomChanged = Signal()
    picked = Signal(float, float)
    """A point of the photo was clicked while `set_picking` is on; shares of its width and height."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture: Picture | None = None
        self._upper: Part | None = None
        self._overlay: tuple[Part, ...] = ()
        self._words: tuple[str, str] = ("", "")
        self._zoom = Zoom((1, 1), (1, 1))
        self._pressed: QPointF | None = None
        self._frame: QRectF | None = None
        self._picking = False
        self._dragged = False
        self._doubled = False
        self._near_by_press = False
        self._held = QElapsedTimer()
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(_PATIENCE_MS)
        self._patience.timeout.connect(self.update)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMouseTracking(True)
        self.setAccessibleName("Photo")

    @property
    def zoom(self) -> Zoom:
        """How the photo is looked at now."""
        return self._zoom

    @property
    def picture(self) -> Picture | None:
        """The pixels that are painted."""
        return self._picture

    def set_photo(self, size: tuple[int, int]) -> None:
        """Another photo of this full size comes; zoom and place stay where the size is the same."""
        self._set_zoom(self._zoom.on(size))

    def set_picture(self, picture: Picture | None) -> None:
        """Paint these pixels; the place does not change, so a larger picture swaps in without a jump."""
        if picture is not self._picture:
            self._picture = picture
            self.update()

    def paint_now(self) -> None:
        """Paint a photo that is here before the event loop goes on, so that nothing else of the window holds it up."""
        if self._picture is not None:
            self.repaint()

    def set_upper(self, part: Part | None) -> None:
        """Paint this over the photo until all of it is there as sharp."""
        if part is not self._upper:
            self._upper = part
            self.update()

    def is_covered(self) -> bool:
        """Whether that part holds all that is in view."""
        lowest = self._zoom.at(0, self._zoom.view[1])[1]
        return self._picture is not None and self._upper is not None and min(lowest, 1.0) <= self._upper.height

    def set_overlay(self, *parts: Part) -> None:
        """Paint these over the photo, each at its place in it; none shows the photo alone."""
        if parts != self._overlay:
            self._overlay = parts
            self.update()

    def set_frame(self, frame: QRectF | None) -> None:
        """Outline this part of the photo, in shares of its width and height."""
        if frame != self._frame:
            self._frame = frame
            self.update()

    def set_picking(self, picking: bool) -> None:
        """Whether a click picks a point of the photo; otherwise it zooms. Wheel, keys and drags do as ever."""
        self._picking = picking
        self._point()

    def set_words(self, sentence: str, more: str = "") -> None:
        """Say this in the middle where there is no picture."""
        if (sentence, more) == self._words:
            return
        self._patience.start()
        self._words = (sentence, more)
        self.setAccessibleDescription(f"{sentence} {more}".strip())
        self.update()

    def toggle(self, at: QPointF | None = None) -> None:
        """Fit or 1:1 at this point, or under the cursor, or in the middle."""
        point = at or QPointF(self.mapFromGlobal(self.cursor().pos()))
        if not self.rect().contains(point.toPoint()):
            point = QPointF(self.rect().center())
        self._set_zoom(self._zoom.toggled(*self._device(point)))

    def fit(self) -> None:
        """Show the whole photo."""
        self._set_zoom(self._zoom.fitted())

    def nearer(self, factor: float) -> None:
        """Zoom about the middle."""
        middle = self._device(QPointF(self.rect().center()))
        self._set_zoom(self._zoom.zoomed(factor, *middle))

    def photo_rect(self) -> QRectF:
        """Where the photo lies, in the widget's own coordinates."""
        ratio, placed = self.devicePixelRatioF(), self._zoom.placed()
        return QRectF(placed.x / ratio, placed.y / ratio, placed.width / ratio, placed.height / ratio)

    def sizeHint(self) -> QSize:
        """Room for a photo."""
        return QSize(640, 480)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The surround, then the photo or the words in its place."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(TOKENS.surround))
        level = self._level()
        if level is not None:
            self._paint_photo(painter, level)
        elif self._words[0] and not self._patience.isActive():
            self._paint_words(painter)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The look stays, the area changes."""
        self._set_zoom(self._in_view(self._zoom))

    def event(self, event: QEvent) -> bool:
        """Pinch on a touchpad, and moving to a screen of another pixel ratio."""
        if isinstance(event, QNativeGestureEvent) and event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
            self._set_zoom(self._zoom.zoomed(1 + event.value(), *self._device(event.position())))
            return True
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._set_zoom(self._in_view(self._zoom))
        return super().event(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom at the cursor; a touchpad's two fingers pan."""
        pixels = event.pixelDelta()
        if not pixels.isNull() and event.phase() != Qt.ScrollPhase.NoScrollPhase and not event.modifiers():
            ratio = self.devicePixelRatioF()
            self._set_zoom(self._zoom.panned(pixels.x() * ratio, pixels.y() * ratio))
        else:
            factor = _NOTCH ** (event.angleDelta().y() / 120)
            self._set_zoom(self._zoom.zoomed(factor, *self._device(event.position())))
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """From fit, look closer at once; otherwise begin a click or a drag."""
        if event.button() != Qt.MouseButton.LeftButton or self._level() is None:
            return
        self._pressed, self._dragged = event.position(), False
        self._near_by_press = self._zoom.scale is None and not self._picking
        self._held.start()
        if self._near_by_press:
            self.toggle(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Pan while the button is down."""
        if self._pressed is None:
            return
        moved = event.position() - self._pressed
        if not self._dragged and moved.manhattanLength() < QApplication.startDragDistance():
            return
        self._dragged, self._pressed = True, event.position()
        self._point()
        ratio = self.devicePixelRatioF()
        self._set_zoom(self._zoom.panned(moved.x() * ratio, moved.y() * ratio))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click stays near, or goes back to fit; a press that was held from fit goes back as well."""
        if event.button() != Qt.MouseButton.LeftButton or self._pressed is None:
            return
        looked = self._near_by_press and self._held.elapsed() > _HOLD_MS
        clicked = not self._near_by_press and not self._dragged and not self._doubled
        self._pressed, self._doubled, self._dragged = None, False, False
        if clicked and self._picking:
            self._pick(event.position())
        elif looked or clicked:
            self.fit()
        self._point()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """The first click has zoomed already; the second does nothing more."""
        self._doubled, self._near_by_press = True, False
        self._pressed = event.position()

    def _pick(self, point: QPointF) -> None:
        x, y = self._zoom.at(*self._device(point))
        if 0 <= x < 1 and 0 <= y < 1:
            self.picked.emit(x, y)

    def _set_zoom(self, zoom: Zoom) -> None:
        changed, self._zoom = zoom != self._zoom, zoom
        if changed:
            self._point()
            self.update()
            self.zoomChanged.emit()

    def _in_view(self, zoom: Zoom) -> Zoom:
        ratio = self.devicePixelRatioF()
        return zoom.in_view(round(self.width() * ratio), round(self.height() * ratio), ratio, _MARGIN * ratio)

    def _device(self, point: QPointF) -> tuple[float, float]:
        ratio = self.devicePixelRatioF()
        return point.x() * ratio, point.y() * ratio

    def _level(self) -> Level | None:
        if self._picture is None:
            return None
        return self._picture.levels[self._picture.level(self._zoom.placed().width)]

    def _point(self) -> None:
        near = self._zoom.scale is not None
        held = Qt.CursorShape.ClosedHandCursor if self._dragged else Qt.CursorShape.OpenHandCursor
        still = Qt.CursorShape.CrossCursor if self._picking else Qt.CursorShape.ArrowCursor
        self.setCursor(held if near and (self._dragged or not self._picking) else still)

    def _paint_photo(self, painter: QPainter, level: Level) -> None:
        placed, ratio = self._zoom.placed(), self.devicePixelRatioF()
        painter.scale(1 / ratio, 1 / ratio)
        _paint_level(painter, level, QRectF(placed.x, placed.y, placed.width, placed.height))
        for part in self._overlay if self._upper is None else (self._upper, *self._overlay):
            x, y = placed.x + part.x * placed.width, placed.y + part.y * placed.height
            _paint_level(painter, part.level, QRectF(x, y, part.width * placed.width, part.height * placed.height))
        if self._frame is not None:
            self._paint_frame(painter, self._frame)

    def _paint_frame(self, painter: QPainter, frame: QRectF) -> None:
        """White within black, so that it is seen on any photo; lines keep their width at every zoom."""
        placed, ratio = self._zoom.placed(), self.devicePixelRatioF()
        left, top = placed.x + frame.x() * placed.width, placed.y + frame.y() * placed.height
        rect = QRectF(left, top, frame.width() * placed.width, frame.height() * placed.height)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, wide in ((Qt.GlobalColor.black, 4.0), (Qt.GlobalColor.white, 1.5)):
            painter.setPen(QPen(QColor(colour), wide * ratio))
            painter.drawRoundedRect(rect, 2 * ratio, 2 * ratio)

    def _paint_words(self, painter: QPainter) -> None:
        sentence, more = self._words
        box = QRectF(self.rect()).adjusted(40, 0, -40, 0)
        flags = Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap
        painter.setPen(QColor(TOKENS.text))
        top = box.center().y() - 24
        drawn = painter.drawText(QRectF(box.x(), top, box.width(), 60), int(flags), sentence)
        painter.setPen(QColor(TOKENS.dim))
        painter.drawText(QRectF(box.x(), drawn.bottom() + 6, box.width(), 120), int(flags), more)


def _paint_level(painter: QPainter, level: Level, target: QRectF) -> None:
    if level.size == (round(target.width()), round(target.height())):
        painter.drawImage(target.topLeft(), level.image)  # a copy; with a size that is not whole Qt would scale
        return
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, target.width() / level.width < _SHARP_FROM)
    painter.drawImage(target, level.image)
