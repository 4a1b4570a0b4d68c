"""What stands in the inspector, section by section; a section without anything to say is not there."""

from collections.abc import Mapping, Sequence
from statistics import fmean

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from photocull.catalog.records import PhotoDetail, PhotoRow, SchemeRecord
from photocull.core.errors import printable
from photocull.core.types import Theme
from photocull.core.vocabulary import THEME_PRESENT, shown
from photocull.ui.facts import name_words, photo_lines, rated_lines
from photocull.ui.flow import FlowLayout, emptied
from photocull.ui.histogram import Curves, Histogram
from photocull.ui.palette_strip import PaletteStrip, scheme_words
from photocull.ui.pieces import ElidedLabel, label, set_role
from photocull.ui.reasons_list import ReasonsList
from photocull.ui.scores import PARTS, ScoreBars
from photocull.ui.style import TOKENS

_GUESS = 0.1
"""Themes of less confidence stay out of the panel; they are in the JSON record."""
_MOST_THEMES = 6


class Pill(QLabel):
    """A word on a rounded ground."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.setContentsMargins(9, 3, 9, 3)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ground, then the word."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(TOKENS.line))
        painter.drawRoundedRect(QRectF(self.rect()), self.height() / 2, self.height() / 2)
        painter.end()
        super().paintEvent(event)


def _with_confidence(theme: Theme) -> str:
    return f"{shown(theme.name)} {theme.confidence:.2f}"


class Section(QWidget):
    """A heading and what belongs under it."""

    def __init__(self, title: str, *parts: QWidget, gap: int = 6) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(gap)
        if title:
            column.addWidget(label(title, "heading"))
            column.addSpacing(6 - gap)
        for part in parts:
            column.addWidget(part)


class InspectorBody(QWidget):
    """All sections, in a fixed order."""

    overlayRequested = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._score = label("", "score", selectable=True)
        self._ranks = [label("", "dim"), label("", "dim")]
        self._bars = ScoreBars()
        self._sentence = label("", wrap=True, selectable=True)
        self._remedy = label("", "dim", wrap=True, selectable=True)
        self._rated = label("", "dim", wrap=True, selectable=True)
        self._reasons = ReasonsList()
        self._strip = PaletteStrip()
        self._scheme = label("", "dim", wrap=True, selectable=True)
        self._themes = QWidget()
        self._theme_flow = FlowLayout(self._themes)
        self._guesses = label("", "dim", wrap=True, selectable=True)
        self._histogram = Histogram()
        self._facts = label("", "dim", wrap=True, selectable=True)
        self._name, self._folder = ElidedLabel(), ElidedLabel()
        for line in (self._name, self._folder):
            line.setProperty("role", "dim")
        self._sections: dict[str, QWidget] = {
            "head": self._head(),
            "bars": self._bars,
            "words": Section("", self._sentence, self._remedy),
            "rated": Section("", self._rated),
            "why": Section("Why", self._reasons),
            "palette": Section("Palette", self._strip, self._scheme),
            "themes": Section("Themes", self._themes, self._guesses),
            "histogram": Section("Histogram", self._histogram),
            "photo": Section("Photo", self._name, self._facts, self._folder, gap=3),
        }
        self._reasons.overlayRequested.connect(self.overlayRequested)
        self._lay_out()

    def sizeHint(self) -> QSize:
        """As wide as the panel."""
        return QSize(TOKENS.right_width - 2, super().sizeHint().height())

    def set_keys(self, keys: Mapping[str, str]) -> None:
        """Name the keys of these commands, by id."""
        self._reasons.set_keys(keys)

    def show_sentence(self, sentence: str, more: str = "") -> None:
        """Nothing but these words."""
        self._say(sentence, more, quiet=True)
        self._only("words")

    def show_detail(self, detail: PhotoDetail, ranks: Sequence[str], away: str = "") -> None:
        """A photo that can be read, judged or not yet; ``away``: why it cannot be reached now."""
        self._show_facts(detail)
        if not detail.judged:
            self._say("Not scored yet.", away or "Its turn comes by itself; what you look at goes first.")
            self._only("words", "histogram", "photo")
            return
        row = detail.row
        self._show_score(row.overall, ranks)
        self._bars.set_scores({key: getattr(row, key) for key, _ in PARTS})
        self._say(away, " ".join(row.notes))
        self._rated.setText("\n".join(rated_lines(detail)))
        self._reasons.set_reasons(detail.reasons)
        themes = [theme for theme in detail.themes if theme.confidence >= _GUESS][:_MOST_THEMES]
        self._show_themes(themes)
        self._show_scheme(detail.scheme)
        present = {
            "words": bool(away or row.notes),
            "rated": bool(self._rated.text()),
            "why": bool(detail.reasons),
            "palette": detail.scheme is not None and bool(detail.scheme.palette),
            "themes": bool(themes),
        }
        self._only("head", "bars", "histogram", "photo", *(name for name, here in present.items() if here))

    def show_unreadable(self, detail: PhotoDetail, reason: str, remedy: str) -> None:
        """A photo that cannot be read: why, and what to do."""
        self._show_facts(detail)
        self._say(reason, remedy)
        self._only("words", "photo")

    def show_several(self, rows: Sequence[PhotoRow], count: int) -> None:
        """Several photos: how many, their mean score and its range."""
        scores = [row.overall for row in rows if row.overall is not None]
        self._say(f"{count:,} photos are selected.", "" if scores or not rows else "None of them is scored yet.")
        if not scores:
            self._only("words")
            return
        unscored = len(rows) - len(scores)
        lines = [f"average, {min(scores):.1f} to {max(scores):.1f}"]
        self._show_score(fmean(scores), [*lines, f"{unscored:,} not scored yet" if unscored else ""])
        self._bars.set_scores({key: _mean(rows, key) for key, _ in PARTS})
        self._only("words", "head", "bars")

    def show_histogram(self, curves: Curves | None, clipped: tuple[float, float]) -> None:
        """The histogram has been counted."""
        self._histogram.set_curves(curves, clipped)

    def _head(self) -> QWidget:
        made = QWidget()
        made.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(made)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        lines = QVBoxLayout()
        lines.setSpacing(1)
        lines.addStretch()
        for line in self._ranks:
            lines.addWidget(line)
        lines.addStretch()
        row.addWidget(self._score)
        row.addLayout(lines, 1)
        return made

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(17, 14, 17, 16)
        column.setSpacing(18)
        for section in self._sections.values():
            column.addWidget(section)
        column.addStretch()

    def _only(self, *names: str) -> None:
        for name, section in self._sections.items():
            section.setVisible(name in names)

    def _say(self, sentence: str, more: str, *, quiet: bool = False) -> None:
        set_role(self._sentence, "dim" if quiet else "")
        for line, words in ((self._sentence, sentence), (self._remedy, more)):
            line.setText(words)
            line.setVisible(bool(words))

    def _show_score(self, score: float | None, ranks: Sequence[str]) -> None:
        self._score.setText("" if score is None else f"{score:.1f}")
        self._score.setAccessibleName(f"Overall {self._score.text()} of 10")
        for line, words in zip(self._ranks, [*ranks, "", ""], strict=False):
            line.setText(words)
            line.setVisible(bool(words))

    def _show_scheme(self, scheme: SchemeRecord | None) -> None:
        if scheme is not None:
            self._strip.set_palette(scheme.palette)
            self._scheme.setText(scheme_words(scheme))

    def _show_themes(self, themes: Sequence[Theme]) -> None:
        """What the photo shows stands out; guesses, which are nowhere else said of it, follow in one line."""
        words = [_with_confidence(theme) for theme in themes if theme.confidence >= THEME_PRESENT]
        unsure = (_with_confidence(theme) for theme in themes if theme.confidence < THEME_PRESENT)
        guesses = [guess.replace(" ", "\u00a0") for guess in unsure]  # no line ends between a name and its number
        self._guesses.setText(f"perhaps {', '.join(guesses)}" if guesses else "")
        self._guesses.setVisible(bool(guesses))
        self._themes.setVisible(bool(words))
        if words == [item.text() for item in self._themes.findChildren(Pill) if not item.isHidden()]:
            return
        emptied(self._theme_flow)
        for word in words:
            self._theme_flow.addWidget(Pill(word))
        self._themes.updateGeometry()

    def _show_facts(self, detail: PhotoDetail) -> None:
        self._name.setText(name_words(detail))
        self._facts.setText("\n".join(photo_lines(detail)))
        self._folder.setText(printable(detail.row.path.parent))


def _mean(rows: Sequence[PhotoRow], key: str) -> float | None:
    values = [value for row in rows if (value := getattr(row, key)) is not None]
    return fmean(values) if values else None
