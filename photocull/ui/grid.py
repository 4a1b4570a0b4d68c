"""The grid: photos in rows, chosen by mouse and keys, painted as they come."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import groupby
from typing import Final

from PySide6.QtCore import QEvent, QItemSelection, QItemSelectionModel, QModelIndex, Qt, Signal
from PySide6.QtGui import QColor, QHelpEvent, QKeyEvent, QKeySequence, QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractItemView, QToolTip, QWidget

from photocull.catalog.away import Away
from photocull.catalog.records import PhotoRow
from photocull.core.vocabulary import shown
from photocull.ui.cell import CellState, GridDelegate, star_at
from photocull.ui.photo_list import Index, PhotoListModel
from photocull.ui.sheet_view import SheetView
from photocull.ui.style import TOKENS
from photocull.ui.thumbnails import Thumbnails

_ROOT: Final = QModelIndex()
_Selection = QItemSelectionModel.SelectionFlag
_Move = QAbstractItemView.CursorAction
_KEYS: Final[Mapping[int, QAbstractItemView.CursorAction]] = {
    Qt.Key.Key_Left: _Move.MoveLeft,
    Qt.Key.Key_Right: _Move.MoveRight,
    Qt.Key.Key_Up: _Move.MoveUp,
    Qt.Key.Key_Down: _Move.MoveDown,
    Qt.Key.Key_Home: _Move.MoveHome,
    Qt.Key.Key_End: _Move.MoveEnd,
    Qt.Key.Key_PageUp: _Move.MovePageUp,
    Qt.Key.Key_PageDown: _Move.MovePageDown,
}


class GridView(SheetView):
    """Shows the photos of a `PhotoListModel`.

    Signals:
        opened: a photo was double-clicked. chosen: the cursor or the selection moved.
        starred: a star of a selected photo was clicked. heightWished: Ctrl with the wheel asks for another row height.
    """

    opened = Signal(int)
    chosen = Signal()
    starred = Signal(int, int)
    heightWished = Signal(int)

    def __init__(self, photos: PhotoListModel, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        self._hovered: int | None = None
        self._away = Away()
        self._anchor = 0
        self._holding = self._changed = False
        super().__init__(photos, parent)
        self._thumbnails = thumbnails
        self._delegate = GridDelegate(self)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setMouseTracking(True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName("Photos")
        thumbnails.ready.connect(self._on_thumbnail)
        self.looked.connect(thumbnails.keep)

    def current_id(self) -> int | None:
        """The photo with the cursor."""
        place = self.currentIndex().row()
        return self._photos.ids[place] if 0 <= place < len(self._photos.ids) else None

    def selected_ids(self) -> list[int]:
        """The selected photos in the list's order."""
        chosen = self.selectionModel().selection()
        ranges = sorted((chosen.at(n).top(), chosen.at(n).bottom()) for n in range(chosen.size()))
        return [self._photos.ids[place] for top, bottom in ranges for place in range(top, bottom + 1)]

    def choose(self, place: int, *, extend: bool = False) -> None:
        """Move the cursor; select this photo alone, or all from the anchor to it."""
        count = len(self._photos.ids)
        if not 0 <= place < count:
            return
        if not extend:
            self._anchor = place
        low, high = sorted((place, min(self._anchor, count - 1)))
        chosen = QItemSelection(self._photos.index(low), self._photos.index(high))
        with self._told_once():
            self.selectionModel().setCurrentIndex(self._photos.index(place), _Selection.NoUpdate)
            self.selectionModel().select(chosen, _Selection.ClearAndSelect)
        self.scrollTo(self._photos.index(place))

    def put_back(self, place: int, selected: Iterable[int]) -> None:
        """Move the cursor, and select these photos and no other, whether the cursor's is among them or not."""
        self._anchor = place
        with self._told_once():
            self.selectionModel().setCurrentIndex(self._photos.index(place), _Selection.NoUpdate)
            self.selectionModel().clearSelection()
            self.select_ids(selected)
        self.scrollTo(self._photos.index(place))

    @contextmanager
    def _told_once(self) -> Iterator[None]:
        """Cursor and selection that change inside are one change: the window asks much of the catalogue for each."""
        self._holding, self._changed = True, False
        try:
            yield
        finally:
            self._holding = False
        if self._changed:
            self.chosen.emit()

    def _tell_chosen(self) -> None:
        self._changed = True
        if not self._holding:
            self.chosen.emit()

    def select_all(self) -> None:
        """Select every photo; the cursor stays where it is."""
        last = len(self._photos.ids) - 1
        if last >= 0:
            whole = QItemSelection(self._photos.index(0), self._photos.index(last))
            self.selectionModel().select(whole, _Selection.ClearAndSelect)

    def select_ids(self, ids: Iterable[int]) -> None:
        """Select those of these photos that are in the list, beside what is selected."""
        places = (self._photos.place(photo_id) for photo_id in ids)
        chosen = QItemSelection()
        for first, last in runs(place for place in places if place is not None):
            chosen.select(self._photos.index(first), self._photos.index(last))
        self.selectionModel().select(chosen, _Selection.Select)

    def reset(self) -> None:
        """A new list."""
        self._hovered, self._anchor = None, 0
        super().reset()

    def currentChanged(self, current: Index, previous: Index) -> None:
        """Tell the window that the cursor moved."""
        super().currentChanged(current, previous)
        for index in (current, previous):
            if index.isValid():
                self.repaint_cell(index.row())
        self._tell_chosen()

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        """Tell the window what is selected."""
        super().selectionChanged(selected, deselected)
        self._tell_chosen()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the photos that the exposed part shows."""
        painter = QPainter(self.viewport())
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(event.rect(), QColor(TOKENS.window))
        exposed = event.rect().adjusted(-4, -4, 4, 4)
        for place in self.visible_places():
            if self.cell_rect(place).intersects(exposed):
                self._paint_cell(painter, place)
        painter.end()

    def _paint_cell(self, painter: QPainter, place: int) -> None:
        rect, row = self.cell_rect(place), self._photos.row_at(place)
        picture = None if row is None else self._thumbnails.pixmap(row, rect.height())
        selected = self.selectionModel().isRowSelected(place, _ROOT)
        current = place == self.currentIndex().row()
        away = "" if row is None else self._away.word(row.path)
        state = CellState(selected, current, place == self._hovered, self._photos.order.key, bool(away))
        problem = None if row is None else row.error or self._thumbnails.problem(row)
        problem = away if problem and away else problem
        self._delegate.paint(painter, rect, row, picture, state, problem=problem)

    def set_away(self, away: Away) -> None:
        """Grey what lies on drives that are not connected."""
        self._away = away
        self._thumbnails.forget_problems()
        self.viewport().update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click selects; with Ctrl it adds or takes away, with Shift it extends; on a star it rates."""
        place = self.place_at(event.position().toPoint())
        if place is None:
            self.clearSelection()
        elif event.button() == Qt.MouseButton.LeftButton:
            self._click(place, event)
        elif not self.selectionModel().isRowSelected(place, _ROOT):
            self.choose(place)

    def _click(self, place: int, event: QMouseEvent) -> None:
        self._column = None
        modifiers, point = event.modifiers(), event.position().toPoint()
        star = star_at(self.cell_rect(place), point.x(), point.y())
        if modifiers & Qt.KeyboardModifier.ControlModifier:
            self._anchor = place
            self.selectionModel().setCurrentIndex(self._photos.index(place), _Selection.Toggle)
        elif modifiers & Qt.KeyboardModifier.ShiftModifier:
            self.choose(place, extend=True)
        elif star is not None and self.selectionModel().isRowSelected(place, _ROOT):
            self.starred.emit(self._photos.ids[place], star)
        else:
            self.choose(place)

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """Everything happened at the press."""

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the pointer with a quiet outline."""
        self._hover(self.place_at(event.position().toPoint()))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open the photo in the loupe."""
        place = self.place_at(event.position().toPoint())
        if place is not None and event.button() == Qt.MouseButton.LeftButton:
            self.opened.emit(self._photos.ids[place])

    def leaveEvent(self, event: QEvent) -> None:
        """No photo is under the pointer any more."""
        self._hover(None)
        super().leaveEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll; with Ctrl change the photos' size."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.heightWished.emit(self.row_height + (20 if event.angleDelta().y() > 0 else -20))
        else:
            super().wheelEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows, Home, End and Page keys move the cursor; with Shift they extend the selection."""
        action = _KEYS.get(event.key())
        if event.matches(QKeySequence.StandardKey.SelectAll):
            self.select_all()
        elif action is not None and self._photos.ids:
            self.choose(self.target(action), extend=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        else:
            event.ignore()

    def viewportEvent(self, event: QEvent) -> bool:
        """Name the photo under the pointer."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            place = self.place_at(event.pos())
            row = None if place is None else self._photos.row_at(place)
            QToolTip.showText(event.globalPos(), "" if row is None else _tip(row, self._away.word(row.path)), self)
            return True
        return super().viewportEvent(event)

    def _hover(self, place: int | None) -> None:
        before, self._hovered = self._hovered, place
        for changed in {before, place} - {None} if before != place else set():
            if changed is not None and changed < len(self._photos.ids):
                self.repaint_cell(changed)

    def _on_thumbnail(self, photo_id: int) -> None:
        place = self._photos.place(photo_id)
        if place is not None and place in self.visible_places():
            self.repaint_cell(place)


def runs(places: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Unbroken stretches, as first and last: a selection of few ranges stays fast however many photos it holds."""
    for _, stretch in groupby(enumerate(sorted(places)), key=lambda pair: pair[1] - pair[0]):
        found = [place for _, place in stretch]
        yield found[0], found[-1]


def _tip(row: PhotoRow, away: str) -> str:
    lines = [row.path.name, *([away] if away else [])]
    if row.width and row.height:
        lines.append(f"{row.width} × {row.height}")
    lines += [shown(flag) for flag in row.flags]
    return "\n".join([*lines, *row.notes, *([row.error] if row.error else [])])
