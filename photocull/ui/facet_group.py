"""A group of the side bar: words of one kind with their counts, the most frequent first, the rest on request."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QEnterEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from photocull.ui.facet_row import FacetRow, Mark
from photocull.ui.filters import Group, word
from photocull.ui.pieces import label, tool_button


class FacetGroup(QWidget):
    """Rows under a heading. Counts change in place; the order changes only while nobody points at the group.

    Args:
        values: all words of the group, in their own order. mark: the sign before each, if any.
        few: how many rows are shown folded; None shows all that have photos.
        sorted_: whether frequent words come first; else the order of ``values`` stays.
    """

    chosen = Signal(str, bool)

    def __init__(
        self,
        title: str,
        group: Group,
        values: Sequence[str],
        *,
        mark: Callable[[str], Mark] | None = None,
        mark_width: int = 25,
        few: int | None = None,
        sorted_: bool = True,
    ) -> None:
        super().__init__()
        self._few, self._sorted, self._unfolded = few, sorted_, False
        self._order: list[str] = list(values)
        self._values = tuple(values)
        self._rows: dict[str, FacetRow] = {}
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
        self._layout.addWidget(_heading(title))
        for value in values:
            row = FacetRow(word(group, value), mark(value) if mark else None, mark_width=mark_width)
            row.chosen.connect(partial(self.chosen.emit, value))
            self._rows[value] = row
            self._layout.addWidget(row)
        self._more = tool_button(f"all {len(values)}…", role="link")
        self._more.clicked.connect(self._toggle)
        self._layout.addWidget(self._more)
        self._more.setVisible(few is not None)
        self._arrange()

    @property
    def rows(self) -> Mapping[str, FacetRow]:
        """The row of each word."""
        return self._rows

    def set_counts(self, counts: Mapping[str, int]) -> None:
        """Show these counts; words that are not in it have none."""
        for value, row in self._rows.items():
            row.set_count(counts.get(value, 0))
        if not self._watched():
            self._arrange()

    def set_on(self, values: frozenset[str]) -> None:
        """Light the words that the filter holds."""
        for value, row in self._rows.items():
            row.set_on(value in values)
        if not self._watched():
            self._arrange()

    def leaveEvent(self, event: QEvent) -> None:
        """The pointer is gone: the frequent ones may come first again."""
        self._arrange()

    def enterEvent(self, event: QEnterEvent) -> None:
        """From now on nothing moves."""

    def _watched(self) -> bool:
        held = QApplication.focusWidget()
        return self.underMouse() or (held is not None and self.isAncestorOf(held))

    def _toggle(self) -> None:
        self._unfolded = not self._unfolded
        self._more.setText("fewer" if self._unfolded else f"all {len(self._values)}…")
        self._arrange()

    def _arrange(self) -> None:
        place = {value: index for index, value in enumerate(self._values)}
        if self._sorted:
            self._order = sorted(self._values, key=lambda v: (-self._rows[v].count, place[v]))
        shown = self._shown()
        for index, value in enumerate(self._order):
            row = self._rows[value]
            if self._layout.indexOf(row) != index + 1:
                self._layout.removeWidget(row)
                self._layout.insertWidget(index + 1, row)
            row.setVisible(value in shown)
        self.setVisible(bool(shown) or self._unfolded)

    def _shown(self) -> set[str]:
        on = {value for value, row in self._rows.items() if row.on}
        if self._unfolded:
            return set(self._order)
        present = [value for value in self._order if self._rows[value].count]
        return on | set(present[: self._few])


def _heading(title: str) -> QWidget:
    made = label(title, "heading")
    made.setContentsMargins(8, 14, 0, 4)
    return made
