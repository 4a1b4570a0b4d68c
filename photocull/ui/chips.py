"""The row above the photos: what they are filtered by as removable chips, how many are left, new scores on offer."""

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget

from photocull.catalog.records import Filter
from photocull.core.amounts import counted
from photocull.ui.decisions_bar import focus_ring
from photocull.ui.facet_row import paint_swatch
from photocull.ui.filters import Chip, chips, cleared, without
from photocull.ui.flow import FlowLayout, emptied
from photocull.ui.pieces import label, tool_button, with_key
from photocull.ui.style import TOKENS

_HIGH = 26
_AGAIN = "Put the photos in order by the scores as they are now"


class ChipButton(QAbstractButton):
    """One restriction; a click anywhere on it removes it."""

    def __init__(self, chip: Chip) -> None:
        super().__init__()
        self.chip = chip
        self._colours = (TOKENS.label(str(chip.value)),) if _is_label(chip) else chip.colours
        self.setText(chip.word)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setToolTip(f"Remove “{chip.word}” from the filter")
        self.setAccessibleName(f"Filter {chip.word}: remove")

    def sizeHint(self) -> QSize:
        """Swatch, word, cross."""
        width = min(280, self.fontMetrics().horizontalAdvance(self.text()))
        return QSize(width + self._lead() + 42, _HIGH)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A rounded grey ground with the swatch, the word and a cross."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(self.rect())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(TOKENS.line if self.underMouse() else TOKENS.raised))
        painter.drawRoundedRect(rect, _HIGH / 2, _HIGH / 2)
        self._paint_colours(painter)
        room = rect.adjusted(11 + self._lead(), 0, -29, 0)
        word = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideMiddle, int(room.width()) + 1)
        painter.setPen(QColor(TOKENS.text))
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), word)
        cross = QRectF(rect.right() - 19, rect.center().y() - 3.5, 7, 7)
        painter.setPen(QPen(QColor(TOKENS.bright if self.underMouse() else TOKENS.dim), 1.4))
        painter.drawLine(cross.topLeft(), cross.bottomRight())
        painter.drawLine(cross.topRight(), cross.bottomLeft())
        if self.hasFocus():
            focus_ring(painter, rect, _HIGH / 2)

    def _lead(self) -> int:
        return (18 if len(self._colours) == 1 else 28) if self._colours else 0

    def _paint_colours(self, painter: QPainter) -> None:
        if len(self._colours) == 1:
            painter.setBrush(QColor(self._colours[0]))
            painter.drawEllipse(QRectF(11, _HIGH / 2 - 5, 10, 10))
        elif self._colours:
            paint_swatch(painter, QRectF(10, _HIGH / 2 - 5, 22, 10), self._colours)


class ChipRow(QWidget):
    """Chips from the left, the count at the right; wraps where there are many."""

    filterChanged = Signal(object)
    sortAgain = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._filter = Filter()
        self._shown: tuple[Chip, ...] | None = None
        self._chips = FlowLayout(gap=8)
        self._count = label("", "dim")
        self._keys: Mapping[str, str] = {}
        self._again = tool_button(role="offer", tip=_AGAIN)
        self._again.clicked.connect(self.sortAgain)
        self._again.hide()
        left = QWidget()
        left.setLayout(self._chips)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        left.setSizePolicy(policy)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 12, 6)
        row.setSpacing(12)
        row.addWidget(left, 1)
        row.addWidget(self._again, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._count, 0, Qt.AlignmentFlag.AlignTop)
        for widget in (self._again, self._count):
            widget.setFixedHeight(_HIGH)

    def set_keys(self, keys: Mapping[str, str]) -> None:
        """Name the keys of these commands, by id."""
        self._keys = keys
        self._again.setToolTip(with_key(_AGAIN, keys.get("sort-again", "")))

    def set_filter(self, filter: Filter, shown: int, total: int) -> None:
        """Show this filter's chips and its count."""
        self._filter = filter
        found = chips(filter)
        self._count.setText(count_words(shown, total))
        if found != self._shown:
            self._shown = found
            self._rebuild(found)

    def set_new_scores(self, count: int, decided: int = 0) -> None:
        """Offer to sort again: for new scores, else for decided photos that belong elsewhere; 0 takes it back."""
        self._again.setText(f"{counted(count, 'new score') if count else f'{decided:,} decided'}, sort again")
        self._again.setVisible(count > 0 or decided > 0)

    def _rebuild(self, found: tuple[Chip, ...]) -> None:
        emptied(self._chips)
        for chip in found:
            button = ChipButton(chip)
            button.clicked.connect(partial(self._remove, chip))
            self._chips.addWidget(button)
        if found:
            clear = tool_button(
                "Clear",
                role="link",
                tip=with_key("Remove every filter; the folder stays", self._keys.get("clear-filter", "")),
            )
            clear.clicked.connect(lambda: self.filterChanged.emit(cleared(self._filter)))
            self._chips.addWidget(clear)

    def _remove(self, chip: Chip) -> None:
        self.filterChanged.emit(without(self._filter, chip))


def count_words(shown: int, total: int) -> str:
    """``213 of 2,418 photos``; the total alone where nothing is left out."""
    whole = counted(total, "photo")
    return whole if shown == total else f"{shown:,} of {whole}"


def _is_label(chip: Chip) -> bool:
    return chip.group == "labels" and chip.value != "none"
