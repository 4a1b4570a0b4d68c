"""The card of one model: what it gives, whose it is, what it was measured at and what its authors state."""

from collections.abc import Sequence
from html import escape
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from photocull.ui.flow import emptied
from photocull.ui.model_words import Fact, Figure, ModelEntry, facts, figures
from photocull.ui.pieces import label, scroll_area
from photocull.ui.style import TOKENS, font

_PLAIN: Final = ("Score", "Measured on", "Measure", "Value")
_MEASURED: Final = (*_PLAIN, "95 % interval", "Photos")


class ModelCardView(QWidget):
    """Shows a card; its texts can be selected and copied."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
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
        emptied(self._lines)
        self._lines.addWidget(label(entry.card.title, "title", wrap=True))
        self._lines.addWidget(label(entry.card.summary, wrap=True, selectable=True))
        for fact in facts(entry):
            self._add_fact(fact)
        measured, published = figures(entry.card.results), figures(entry.card.published)
        if measured:
            self._add_table("Measured by Photocull, on photos that it was not trained on", measured, _MEASURED)
        elif entry.card.judges:
            self._add_fact(Fact("Measured by Photocull", ("Not measured yet.",)))
        if published:
            self._add_table("Stated by its authors in the paper, not measured here", published, _PLAIN)
        self._lines.addStretch()
        self.area.verticalScrollBar().setValue(0)

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

    def _add_table(self, heading: str, lines: Sequence[Figure], columns: Sequence[str]) -> None:
        self._add_heading(heading)
        made = QLabel(_table(lines, columns))
        made.setTextFormat(Qt.TextFormat.RichText)
        made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        made.setWordWrap(True)
        made.setFont(font(12, tabular=True))
        self._lines.addWidget(made)


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
