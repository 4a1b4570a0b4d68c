"""The decisions part of the side bar: picks, rejects, undecided, stars, labels, problems."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from photocull.catalog.records import Facets, Filter
from photocull.core.amounts import counted
from photocull.core.vocabulary import LABELS, Label
from photocull.ui import style
from photocull.ui.decisions_bar import LabelDot, Stars
from photocull.ui.facet_row import FacetRow, icon_mark
from photocull.ui.filters import toggled, with_problems, with_stars
from photocull.ui.pieces import label, tool_button
from photocull.ui.style import TOKENS


class DecisionFilters(QWidget):
    """Filters by what the photographer decided, and by what could not be read."""

    filterChanged = Signal(object)
    problemsRequested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._filter = Filter()
        self._picks = {
            "pick": FacetRow("Picks", icon_mark("flag", TOKENS.pick)),
            "reject": FacetRow("Rejects", icon_mark("x", TOKENS.reject)),
            "none": FacetRow("Undecided", icon_mark("circle", TOKENS.faint)),
        }
        self._rated = FacetRow("Rated", icon_mark("star", TOKENS.star, filled=True))
        self._stars = Stars(12, "This many stars or more")
        self._dots = {word: LabelDot(word) for word in LABELS}
        self._problems = FacetRow("Problems", icon_mark("triangle-alert", TOKENS.warning))
        self._lay_out()
        self._connect()

    def set_facets(self, facets: Facets) -> None:
        """Show these counts."""
        for word, row in self._picks.items():
            row.set_count(facets.picks.get(word, 0))
        self._rated.set_count(sum(count for stars, count in facets.ratings.items() if stars > 0))
        for word, dot in self._dots.items():
            count = facets.labels.get(word, 0)
            dot.setToolTip(f"{word.capitalize()} label, {counted(count, 'photo')}")
        self._problems.set_count(facets.problems)
        self._show_problems()

    def set_filter(self, filter: Filter) -> None:
        """Light what this filter holds."""
        self._filter = filter
        for word, row in self._picks.items():
            row.set_on(word in filter.picks)
        self._rated.set_on(filter.min_rating is not None and filter.min_rating > 0)
        self._stars.set_stars(filter.min_rating, own=True)
        for word, dot in self._dots.items():
            dot.setChecked(word in filter.labels)
        self._problems.set_on(filter.problems_only)
        self._show_problems()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        heading = label("Decisions", "heading")
        heading.setContentsMargins(8, 14, 0, 4)
        column.addWidget(heading)
        inside = QHBoxLayout(self._rated)
        inside.setContentsMargins(0, 0, 46, 0)
        inside.addStretch()
        inside.addWidget(self._stars)
        for row in (*self._picks.values(), self._rated):
            column.addWidget(row)
        column.addLayout(self._label_line())
        column.addWidget(self._problems)
        self._show_problems()

    def _label_line(self) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setContentsMargins(31, 2, 8, 2)
        line.setSpacing(2)
        line.addWidget(label("Labels"), 1)
        for dot in self._dots.values():
            line.addWidget(dot)
        return line

    def _connect(self) -> None:
        for word, row in self._picks.items():
            row.chosen.connect(partial(self._choose, word))
        for word, dot in self._dots.items():
            dot.clicked.connect(partial(self._choose_label, word))
        self._rated.chosen.connect(lambda _add: self._choose_stars(self._filter.min_rating or 1))
        self._stars.clicked.connect(self._choose_stars)
        self._problems.chosen.connect(lambda _add: self.filterChanged.emit(with_problems(self._filter)))
        tip = "Show the list of problems with reasons and remedies"
        self._list = tool_button(icon=style.icon("external-link", TOKENS.dim, 14), tip=tip)
        self._list.clicked.connect(self.problemsRequested)
        inside = QHBoxLayout(self._problems)
        inside.setContentsMargins(0, 0, 46, 0)
        inside.addStretch()
        inside.addWidget(self._list)

    def _choose(self, value: str, add: bool) -> None:
        self.filterChanged.emit(toggled(self._filter, "picks", value, add=add))

    def _choose_label(self, word: Label) -> None:
        self._dots[word].setChecked(word in self._filter.labels)
        self.filterChanged.emit(toggled(self._filter, "labels", word, add=True))

    def _choose_stars(self, least: int) -> None:
        self.filterChanged.emit(with_stars(self._filter, least or self._filter.min_rating or 1))

    def _show_problems(self) -> None:
        self._problems.setVisible(self._problems.count > 0 or self._filter.problems_only)
