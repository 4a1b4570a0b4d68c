"""The card of one model: what it gives, whose it is, what it was measured at and what its authors state."""

from collections.abc import Sequence
from functools import partial
from html import escape
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from photocull.models.charting import curve_rows
from photocull.models.grouping import EACH_THEME, Group, grouped, notes_of, tabled
from photocull.models.registry import ModelCard, ModelResult
from photocull.ui.flow import emptied
from photocull.ui.fold import Fold
from photocull.ui.model_words import Fact, Figure, ModelEntry, facts, figures, measures_words, recipe_lines, seed_lines
from photocull.ui.pieces import label, scroll_area
from photocull.ui.style import TOKENS, font

_MEASURED_TITLE: Final = "Measured by Photocull, on photos that it was not trained on"
_FEW: Final = 20
"""So many figures are read at once."""
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
        """All that is unfolded, as plain text."""
        # Not the body's children: a card that was shown before is let go later.
        items = map(self._lines.itemAt, range(self._lines.count()))
        held = [item.widget() for item in items if item is not None]
        return "\n".join(line.text() for widget in held for line in _labels(widget))

    def _add_fact(self, fact: Fact) -> None:
        self._add_heading(fact.heading)
        for line in fact.lines:
            self._lines.addWidget(label(line, wrap=True, selectable=True))

    def _add_heading(self, words: str) -> None:
        heading = label(words, "heading", wrap=True)
        heading.setContentsMargins(0, 14, 0, 0)
        self._lines.addWidget(heading)

    def _add_measured(self, card: ModelCard) -> None:
        """Few figures as one table; many in groups that unfold, the first of which is open."""
        groups = [group for group in grouped(card.results) if group.title != "Speed"]
        if not groups:
            if card.judges:
                self._add_fact(Fact("Measured by Photocull", ("Not measured yet.",)))
        elif len(card.results) <= _FEW:
            self._add_table(_MEASURED_TITLE, card.results, _MEASURED)
        else:
            self._add_heading(_MEASURED_TITLE)
            for number, group in enumerate(groups):
                heading = f"{group.title}, {len(group.results)} figures"
                self._lines.addWidget(
                    Fold(heading, partial(_group_table, group, notes_of(card, group)), unfolded=number == 0)
                )
        if card.over_seeds:
            self._add_seeds(f"Over trainings with the seeds {', '.join(map(str, card.seeds))}", seed_lines(card))
        if card.curve:
            self._lines.addWidget(Fold("What other views would cost and bring", partial(_curve, card)))
        if card.recipe:
            self._lines.addWidget(Fold("The recipe that made it", partial(_paragraphs, recipe_lines(card))))

    def _add_seeds(self, heading: str, lines: tuple[str, ...]) -> None:
        if len(lines) <= _FEW:
            self._add_fact(Fact(heading, lines))
        else:
            self._lines.addWidget(Fold(f"{heading}: {len(lines)} figures", partial(_paragraphs, lines)))

    def _add_table(self, heading: str, results: Sequence[ModelResult], columns: Sequence[str]) -> None:
        self._add_heading(heading)
        rows = [_cells(line)[: len(columns)] for line in figures(results)]
        self._lines.addWidget(_table(columns, rows, words=3))
        self._lines.addWidget(label(measures_words(results), "small", wrap=True))


def _group_table(group: Group, notes: Sequence[str]) -> QWidget:
    """The table of a group with what the card says of it and what its measures mean."""
    if group.title == EACH_THEME:
        headings, *rows = tabled(group.results)
        table = _table(tuple(map(_begun, headings)), rows, words=1)
    else:
        table = _table(_MEASURED, [_cells(line) for line in figures(group.results)], words=3)
    said = (label(note, wrap=True, selectable=True) for note in notes)
    return _stacked(table, *said, label(measures_words(group.results), "small", wrap=True))


def _curve(card: ModelCard) -> QWidget:
    headings, *rows = curve_rows(card.curve)
    words = "Time of the network alone on one thread, as a ratio to one view of 224 pixels, where the model was made."
    return _stacked(_table(tuple(map(_begun, headings)), rows, words=2), label(words, "small", wrap=True))


def _paragraphs(lines: Sequence[str]) -> QWidget:
    return _stacked(*(label(line, wrap=True, selectable=True) for line in lines))


def _labels(widget: QWidget | None) -> list[QLabel]:
    """The labels that a widget shows, itself among them."""
    if widget is None or (isinstance(widget, Fold) and not widget.unfolded):
        return []
    return [widget] if isinstance(widget, QLabel) else widget.findChildren(QLabel)


def _stacked(*widgets: QWidget) -> QWidget:
    whole = QWidget()
    lines = QVBoxLayout(whole)
    lines.setContentsMargins(0, 0, 0, 0)
    for widget in widgets:
        lines.addWidget(widget)
    return whole


def _cells(line: Figure) -> tuple[str, ...]:
    return (line.score, line.data, line.measure, line.value, line.interval, line.photos)


def _begun(word: str) -> str:
    return word if word == "ms" else word[:1].upper() + word[1:]


def _table(headings: Sequence[str], rows: Sequence[Sequence[str]], *, words: int) -> QLabel:
    """HTML, as one label of it is laid out faster than hundreds of small ones; every word is escaped."""
    lines = [_row(headings, words, f"color: {TOKENS.dim}"), *(_row(cells, words, "") for cells in rows)]
    made = QLabel(f'<table cellspacing="0" cellpadding="3">{"".join(lines)}</table>')
    made.setTextFormat(Qt.TextFormat.RichText)
    made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    made.setWordWrap(True)
    made.setFont(font(12, tabular=True))
    return made


def _row(cells: Sequence[str], words: int, style: str) -> str:
    made = (
        f'<td style="padding-right: 18px; {style}" align="{"left" if place < words else "right"}">{escape(cell)}</td>'
        for place, cell in enumerate(cells)
    )
    return f"<tr>{''.join(made)}</tr>"
