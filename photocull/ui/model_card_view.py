"""The card of one model: what it gives, whose it is, what it was measured at and what its authors state."""

from collections.abc import Sequence
from html import escape
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from photocull.models.registry import ModelCard, ModelResult
from photocull.ui.flow import emptied
from photocull.ui.model_words import Fact, Figure, ModelEntry, facts, figures, main_results, measures_words
from photocull.ui.pieces import label, scroll_area
from photocull.ui.style import TOKENS, font

_PLAIN: Final = ("Score", "Measured on", "Measure", "Value")
_MEASURED: Final = (*_PLAIN, "95 % interval", "Photos")


class ModelCardView(QWidget):
    """Shows a card; its texts can be selected and copied."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entry: ModelEntry | None = None
        self._all = False
        self._body = QWidget()
        self._lines = QVBoxLayout(self._body)
        self._lines.setContentsMargins(24, 0, 24, 24)
        self._lines.setSpacing(4)
        self.area = scroll_area(self._body)
        self.area.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.area.setAccessibleName("About this model")
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.area)

    def show_entry(self, entry: ModelEntry) -> None:
        """Show this model from the top of its card."""
        self._entry, self._all = entry, False
        self._fill(entry)
        self.area.verticalScrollBar().setValue(0)

    def _fill(self, entry: ModelEntry) -> None:
        emptied(self._lines)
        self._lines.addWidget(label(entry.card.title, "title", wrap=True))
        self._lines.addWidget(label(entry.card.summary, wrap=True, selectable=True))
        for fact in facts(entry):
            self._add_fact(fact)
        self._add_measured(entry.card)
        if entry.card.published:
            self._add_table("Stated by its authors in the paper, not measured here", entry.card.published, _PLAIN)
        self._lines.addStretch()

    def text(self) -> str:
        """All that is shown, as plain text."""
        items = (self._lines.itemAt(place) for place in range(self._lines.count()))
        lines = (item.widget() for item in items if item is not None)
        return "\n".join(line.text() for line in lines if isinstance(line, QLabel))

    def _add_fact(self, fact: Fact) -> None:
        self._add_heading(fact.heading)
        for line in fact.lines:
            self._lines.addWidget(label(line, wrap=True, selectable=True))

    def _add_heading(self, words: str) -> None:
        heading = label(words, "heading", wrap=True)
        heading.setContentsMargins(0, 14, 0, 0)
        self._lines.addWidget(heading)

    def _add_measured(self, card: ModelCard) -> None:
        shown = card.results if self._all else main_results(card.results)
        if figures(shown):
            self._add_table("Measured by Photocull, on photos that it was not trained on", shown, _MEASURED)
        elif card.judges:
            self._add_fact(Fact("Measured by Photocull", ("Not measured yet.",)))
        if len(shown) < len(card.results):
            more = QPushButton(f"Show all {len(card.results):,} figures", autoDefault=False)
            more.setProperty("role", "offer")
            more.clicked.connect(self._show_all)
            self._lines.addWidget(more, 0, Qt.AlignmentFlag.AlignLeft)

    def _show_all(self) -> None:
        if self._entry is not None:
            place = self.area.verticalScrollBar().value()
            self._all = True
            self._fill(self._entry)
            self.area.verticalScrollBar().setValue(place)

    def _add_table(self, heading: str, results: Sequence[ModelResult], columns: Sequence[str]) -> None:
        self._add_heading(heading)
        made = QLabel(_table(figures(results), columns))
        made.setTextFormat(Qt.TextFormat.RichText)
        made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        made.setWordWrap(True)
        made.setFont(font(12, tabular=True))
        self._lines.addWidget(made)
        self._lines.addWidget(label(measures_words(results), "small", wrap=True))


def _table(lines: Sequence[Figure], columns: Sequence[str]) -> str:
    """HTML, as one label of it is laid out faster than hundreds of small ones; every word is escaped."""
    rows = [_row(columns, f"color: {TOKENS.dim}")]
    for line in lines:
        cells = (line.score, line.data, line.measure, line.value, line.interval, line.photos)
        rows.append(_row(cells[: len(columns)], ""))
    return f'<table cellspacing="0" cellpadding="3">{"".join(rows)}</table>'


def _row(cells: Sequence[str], style: str) -> str:
    made = (
        f'<td style="padding-right: 18px; {style}" align="{"right" if place in (3, 5) else "left"}">{escape(cell)}</td>'
        for place, cell in enumerate(cells)
    )
    return f"<tr>{''.join(made)}</tr>"
