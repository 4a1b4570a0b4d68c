"""The list of models in Settings: a title, how it stands, and a mark at what judges now."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPainter
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from photocull.ui.model_words import ModelEntry, state_words
from photocull.ui.style import TOKENS, font

_HIGH: Final = 50
_INDENT: Final = 26
_STATE: Final = int(Qt.ItemDataRole.UserRole) + 1
_JUDGES: Final = int(Qt.ItemDataRole.UserRole) + 2
_HERE: Final = int(Qt.ItemDataRole.UserRole) + 3
Index = QModelIndex | QPersistentModelIndex


class _Lines(QStyledItemDelegate):
    """Paints title, state and mark."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        """Two lines."""
        return QSize(0, _HIGH)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """What is not on this computer is dimmer."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        place = QRectF(option.rect).adjusted(0, 1, 0, -1)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen:
            painter.setPen(QColor(TOKENS.accent if option.state & QStyle.StateFlag.State_HasFocus else TOKENS.line))
            painter.setBrush(QColor(TOKENS.line))
            painter.drawRoundedRect(place.adjusted(0.5, 0.5, -0.5, -0.5), TOKENS.radius, TOKENS.radius)
        if index.data(_JUDGES):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(TOKENS.accent))
            painter.drawEllipse(QPointF(place.left() + 13, place.top() + 17), 3.5, 3.5)
        words = place.adjusted(_INDENT, 6, -8, -6)
        colour = TOKENS.bright if chosen else TOKENS.text if index.data(_HERE) else TOKENS.dim
        _line(painter, words, str(index.data()), font(), colour, Qt.AlignmentFlag.AlignTop)
        _line(painter, words, str(index.data(_STATE)), font(12), TOKENS.dim, Qt.AlignmentFlag.AlignBottom)
        painter.restore()


class ModelList(QListWidget):
    """Models by name.

    Signals:
        chosen(str): the model of this name is looked at.
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Models")
        self.setItemDelegate(_Lines(self))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setProperty("role", "plain")
        self.currentItemChanged.connect(lambda item, _old: self._tell(item))

    def set_entries(self, entries: Sequence[ModelEntry], judged: dict[str, list[str]]) -> None:
        """Show these, and keep the one that is looked at.

        Args:
            judged: the scores that each model gives now.
        """
        before = self.name() or next(iter(judged), "")
        self.blockSignals(True)
        self.clear()
        for entry in entries:
            self._add(entry, judged.get(entry.card.name, []))
        self.choose(before)
        self.blockSignals(False)
        self._tell(self.currentItem())

    def choose(self, name: str) -> None:
        """Look at this model; at the first one where it is not in the list."""
        found = (row for row in range(self.count()) if self._name(self.item(row)) == name)
        self.setCurrentRow(next(found, 0))

    def name(self) -> str:
        """The model that is looked at."""
        return self._name(self.currentItem())

    def _add(self, entry: ModelEntry, judged: list[str]) -> None:
        item = QListWidgetItem(entry.card.title)
        state = state_words(entry, judged)
        item.setData(Qt.ItemDataRole.UserRole, entry.card.name)
        item.setData(_STATE, state)
        item.setData(_JUDGES, bool(judged))
        item.setData(_HERE, entry.here)
        item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{entry.card.title}, {state}")
        item.setToolTip(f"{entry.card.title} ({entry.card.name})")
        self.addItem(item)

    def _name(self, item: QListWidgetItem | None) -> str:
        return "" if item is None else str(item.data(Qt.ItemDataRole.UserRole))

    def _tell(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self.chosen.emit(self._name(item))


def _line(painter: QPainter, place: QRectF, text: str, face: QFont, colour: str, align: Qt.AlignmentFlag) -> None:
    painter.setFont(face)
    painter.setPen(QColor(colour))
    shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, int(place.width()))
    painter.drawText(place, int(align | Qt.AlignmentFlag.AlignLeft), shown)
