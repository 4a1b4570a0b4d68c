"""The geometry half of the grid: a Qt view whose photos lie on a `Sheet`; laid out anew without moving what is seen."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QModelIndex, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QRegion, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QWidget

from photocull.ui.layout import EMPTY, Cell, Frame, Sheet, arrange
from photocull.ui.photo_list import Index, PhotoListModel
from photocull.ui.style import TOKENS

LOWEST: Final = 90
HIGHEST: Final = 420
_Move = QAbstractItemView.CursorAction
_SETTLED_MS: Final = 80


class SheetView(QAbstractItemView):
    """Lays photos out and scrolls them.

    Signals:
        looked: ids of the photos in view, once scrolling has settled.
    """

    looked = Signal(object)

    def __init__(self, photos: PhotoListModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._photos = photos
        self._sheet: Sheet = EMPTY
        self._row_height, self._uniform = 160, False
        # Walking up and down keeps to the column in which it began, whatever the rows in between look like.
        self._column: float | None = None
        self._settled = QTimer(self, singleShot=True, interval=_SETTLED_MS)
        self._settled.timeout.connect(lambda: self.looked.emit(self.visible_ids()))
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setModel(photos)
        photos.aspectsChanged.connect(self._reshape)

    @property
    def row_height(self) -> int:
        """Wished height of a row, in logical pixels."""
        return self._row_height

    def set_row_height(self, height: int) -> None:
        """Change the wished height; the photo at the top stays in view."""
        height = min(max(height, LOWEST), HIGHEST)
        if height != self._row_height:
            self._row_height = height
            self._arrange_anew()

    @property
    def uniform(self) -> bool:
        """Whether all cells are equal."""
        return self._uniform

    def set_uniform(self, uniform: bool) -> None:
        """Equal cells instead of justified rows."""
        self._uniform = uniform
        self._arrange_anew()

    def visible_places(self) -> range:
        """Positions of the photos in view."""
        top = self.verticalOffset()
        return self._sheet.visible(top, top + self.viewport().height())

    def visible_ids(self) -> list[int]:
        """Ids of the photos in view."""
        places = self.visible_places()
        return list(self._photos.ids[places.start : places.stop])

    def place_at(self, point: QPoint) -> int | None:
        """The photo under this point of the viewport."""
        return self._sheet.at(point.x(), point.y() + self.verticalOffset())

    def cell_rect(self, place: int) -> QRect:
        """Where a photo lies in the viewport."""
        cell: Cell = self._sheet.cells[place]
        return QRect(cell.x, cell.y - self.verticalOffset(), cell.width, cell.height)

    def visualRect(self, index: Index) -> QRect:
        """Where a photo lies in the viewport; empty if it lies nowhere."""
        known = index.isValid() and index.row() < len(self._sheet.cells)
        return self.cell_rect(index.row()) if known else QRect()

    def indexAt(self, point: QPoint) -> QModelIndex:
        """The photo under this point of the viewport."""
        place = self.place_at(point)
        return QModelIndex() if place is None else self._photos.index(place)

    def hold(self, place: int, top: int) -> None:
        """Scroll so that this photo lies at this height of the viewport, whole at its top."""
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + self.cell_rect(place).top() - max(top, TOKENS.gap))

    def scrollTo(
        self, index: Index, hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible
    ) -> None:
        """Bring a photo into view, moving as little as needed, or to the middle."""
        rect, bar, high = self.visualRect(index), self.verticalScrollBar(), self.viewport().height()
        if rect.isNull():
            return
        if hint == QAbstractItemView.ScrollHint.PositionAtCenter:
            bar.setValue(bar.value() + rect.center().y() - high // 2)
        elif rect.top() < TOKENS.gap:
            bar.setValue(bar.value() + rect.top() - TOKENS.gap)
        elif rect.bottom() > high - TOKENS.gap:
            bar.setValue(bar.value() + min(rect.bottom() - high + TOKENS.gap, rect.top() - TOKENS.gap))

    def horizontalOffset(self) -> int:
        """The grid never scrolls sideways."""
        return 0

    def verticalOffset(self) -> int:
        """Pixels scrolled."""
        return self.verticalScrollBar().value()

    def isIndexHidden(self, _index: Index) -> bool:
        """No photo of the list is hidden."""
        return False

    def moveCursor(self, action: QAbstractItemView.CursorAction, _modifiers: Qt.KeyboardModifier) -> QModelIndex:
        """The photo that a key leads to."""
        return self._photos.index(self.target(action))

    def target(self, action: QAbstractItemView.CursorAction) -> int:
        """Position of the photo that a cursor key leads to."""
        here, last = self.currentIndex().row(), len(self._photos.ids) - 1
        if here < 0:
            return max(0, self.visible_places().start) if last >= 0 else -1
        rows = max(1, self.viewport().height() // (self._row_height + TOKENS.gap))
        vertical = {_Move.MoveUp: -1, _Move.MoveDown: 1, _Move.MovePageUp: -rows, _Move.MovePageDown: rows}
        if action in vertical:
            if self._column is None:
                self._column = self._sheet.middle(here)
            return self._sheet.beside(here, vertical[action], self._column)
        self._column = None
        sideways = {_Move.MoveLeft: here - 1, _Move.MoveRight: here + 1, _Move.MoveHome: 0, _Move.MoveEnd: last}
        return min(max(sideways.get(action, here), 0), last)

    def setSelection(self, rect: QRect, command: QItemSelectionModel.SelectionFlag) -> None:
        """Select what lies under the top left corner of ``rect``; the grid chooses ranges by itself."""
        index = self.indexAt(rect.topLeft())
        if index.isValid():
            self.selectionModel().select(index, command)

    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:
        """The part of the viewport that selected photos cover."""
        region = QRegion()
        for place in self.visible_places():
            if selection.contains(self._photos.index(place)):
                region += self.cell_rect(place).adjusted(-4, -4, 4, 4)
        return region

    def reset(self) -> None:
        """A new list: lay it out anew, from the top."""
        super().reset()
        self._arrange()
        self.verticalScrollBar().setValue(0)
        self._settled.start()

    def rowsInserted(self, parent: Index, start: int, end: int) -> None:
        """New photos come last; what is on the screen stays."""
        super().rowsInserted(parent, start, end)
        self._arrange(kept=self._sheet, rows=max(0, len(self._sheet.starts) - 1))

    def dataChanged(self, first: Index, last: Index, roles: Sequence[int] = ()) -> None:
        """Repaint what is in view of these photos."""
        visible = self.visible_places()
        for place in range(max(first.row(), visible.start), min(last.row() + 1, visible.stop)):
            self.repaint_cell(place)

    def repaint_cell(self, place: int) -> None:
        """Paint one photo anew, its outline included."""
        if place >= len(self._sheet.cells):
            return
        self.viewport().update(self.cell_rect(place).adjusted(-4, -4, 4, 4))

    def updateGeometries(self) -> None:
        """Fit the scroll bar to the sheet."""
        super().updateGeometries()
        bar, high = self.verticalScrollBar(), self.viewport().height()
        bar.setRange(0, max(0, self._sheet.height - high))
        bar.setPageStep(high)
        bar.setSingleStep(max(20, self._row_height // 3))

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Move what is painted; paint only what came into view."""
        self.viewport().scroll(dx, dy)
        self._settled.start()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay out for the new width."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._arrange_anew()
        self._settled.start()

    def _frame(self) -> Frame:
        return Frame(self.viewport().width(), self._row_height, TOKENS.gap, 12, 3, self._uniform)

    def _arrange(self, *, kept: Sheet = EMPTY, rows: int = 0) -> None:
        self._sheet = arrange(self._photos.aspects, self._frame(), kept=kept, rows=rows)
        self.updateGeometries()
        self.viewport().update()

    def _arrange_anew(self) -> None:
        """Lay everything out; the cursor's photo, or else the first in view, keeps its height on the screen."""
        visible, current = self.visible_places(), self.currentIndex().row()
        anchor = current if current in visible else visible.start if visible else None
        before = None if anchor is None else self.cell_rect(anchor).top()
        self._arrange()
        if anchor is not None and before is not None and anchor < len(self._sheet.cells):
            self.hold(anchor, before)

    def _reshape(self) -> None:
        """Shapes became known: nothing may move under the pointer, so then only rows below what is seen change."""
        visible = self.visible_places()
        if not self.underMouse() or not visible:
            self._arrange_anew()
            return
        self._arrange(kept=self._sheet, rows=self._sheet.row_of(visible.stop - 1) + 1)
