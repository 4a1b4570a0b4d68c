"""Small pictures of what is going to the trash, so that it is seen before it goes; reads only what is in view."""

from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from photocull.catalog.records import PhotoRow
from photocull.core.errors import printable
from photocull.ui.photo_list import PhotoListModel, RowRole
from photocull.ui.style import TOKENS, font
from photocull.ui.thumbnails import Thumbnails

_PICTURE: Final = QSize(156, 112)
_CELL: Final = QSize(171, 142)


class RejectSheet(QListView):
    """The photos of a list in equal cells with their names; nothing is decided here."""

    def __init__(self, photos: PhotoListModel, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setModel(photos)
        self.setItemDelegate(_Cells(thumbnails, self))
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMovement(QListView.Movement.Static)
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setAccessibleName("Photos that go")
        thumbnails.ready.connect(self._on_thumbnail)

    def _on_thumbnail(self, _photo_id: int) -> None:
        self.viewport().update()


class _Cells(QStyledItemDelegate):
    def __init__(self, thumbnails: Thumbnails, parent: QWidget) -> None:
        super().__init__(parent)
        self._thumbnails = thumbnails

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """All are equal."""
        return _CELL

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """The whole picture, and the name below."""
        row = index.data(RowRole)
        cell: QRect = option.rect
        place = QRect(cell.x() + (_CELL.width() - _PICTURE.width()) // 2, cell.y() + 4, *_PICTURE.toTuple())
        if isinstance(row, PhotoRow):
            self._paint(painter, row, place)

    def _paint(self, painter: QPainter, row: PhotoRow, place: QRect) -> None:
        pixmap = self._thumbnails.pixmap(row, _PICTURE.height())
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if pixmap is None:
            painter.fillRect(place, QColor(TOKENS.surround))
        else:
            size = pixmap.size().scaled(place.size(), Qt.AspectRatioMode.KeepAspectRatio)
            shown = QRect(0, 0, *size.toTuple())
            shown.moveCenter(place.center())
            painter.drawPixmap(shown, pixmap)
        painter.setFont(font(TOKENS.small_size))
        painter.setPen(QColor(TOKENS.dim))
        below = QRect(place.x(), place.bottom() + 4, place.width(), 18)
        name = printable(row.path.name)
        words = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideMiddle, below.width())
        painter.drawText(below, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter, words)
