"""The photographer's marks below the photo: flags, stars, labels; solid is decided, hollow is the program's."""

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QToolButton, QWidget

from photocull.catalog.records import PhotoRow
from photocull.core.vocabulary import LABELS
from photocull.ui import style
from photocull.ui.pieces import tool_button, with_key
from photocull.ui.style import TOKENS


class Stars(QWidget):
    """Five stars: as many solid as the photographer gave, as many hollow as the program suggests."""

    clicked = Signal(int)

    def __init__(self, size: int = 20, tip: str = "Stars; the same star again clears") -> None:
        super().__init__()
        self._size, self._step = size, round(size * 1.2)
        self._stars, self._own, self._under = 0, True, 0
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setToolTip(tip)
        self.set_stars(None, own=True)

    def set_stars(self, stars: int | None, *, own: bool) -> None:
        """Show this many; ``own`` where the photographer gave them."""
        if (self._stars, self._own) != (stars or 0, own):
            self.update()
        self._stars, self._own = stars or 0, own
        who = "yours" if own else "suggested"
        self.setAccessibleName(f"Stars: {self._stars} of 5, {who}" if self._stars else "Stars: none")

    def sizeHint(self) -> QSize:
        """Five stars and room for the focus ring."""
        return QSize(5 * self._step + 4, self._size + 8)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The stars, or what a click would make of them while the pointer is over them."""
        painter = QPainter(self)
        shown, own = (self._under, True) if self._under else (self._stars, self._own)
        for index in range(5):
            on = index < shown
            colour = TOKENS.star if on and own else TOKENS.program if on else TOKENS.strong_line
            ratio = self.devicePixelRatioF()
            star = style.pixmap("star", colour, self._size, ratio=ratio, filled=on and own)
            painter.drawPixmap(QPointF(4 + index * self._step, 4), star)
        if self.hasFocus():
            focus_ring(painter, QRectF(self.rect()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show what a click would do."""
        self._set_under(self._star_at(event.position()))

    def leaveEvent(self, event: object) -> None:
        """Show what is decided."""
        self._set_under(0)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Give this many stars; the same again takes them back."""
        star = self._star_at(event.position())
        if star and event.button() == Qt.MouseButton.LeftButton:
            self._give(star)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and right give one star less or more."""
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        if step:
            self.clicked.emit(min(5, max(0, self._stars + step)))
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring."""
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the ring away."""
        self.update()

    def _give(self, star: int) -> None:
        self.clicked.emit(0 if self._own and star == self._stars else star)

    def _star_at(self, point: QPointF) -> int:
        star = int((point.x() - 2) // self._step) + 1
        return star if 1 <= star <= 5 and self.rect().contains(point.toPoint()) else 0

    def _set_under(self, star: int) -> None:
        if star != self._under:
            self._under = star
            self.update()


class LabelDot(QAbstractButton):
    """One colour label: a hollow ring until it is given, then a full dot with a ring around it."""

    def __init__(self, word: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._colour = QColor(TOKENS.label(word))
        self._suggested = False
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setToolTip(f"{word.capitalize()} label")
        self.setAccessibleName(f"{word} label")

    def set_mark(self, *, decided: bool, suggested: bool) -> None:
        """Whether the photographer gave this label, or the program suggests it."""
        self.setChecked(decided)
        self._suggested = suggested
        self.update()

    def sizeHint(self) -> QSize:
        """A dot and room to hit it."""
        return QSize(22, 22)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Dot, and ring where it is given; a grey ring where it is suggested."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = QRectF(self.rect()).center()
        colour = QColor(self._colour)
        colour.setAlphaF(1.0 if self.isChecked() or self.underMouse() else 0.75)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawEllipse(middle, 5.5, 5.5)
        if self.isChecked() or self._suggested:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(TOKENS.bright if self.isChecked() else TOKENS.program), 1.5))
            painter.drawEllipse(middle, 8.5, 8.5)
        if self.hasFocus():
            focus_ring(painter, QRectF(self.rect()))


class DecisionsBar(QWidget):
    """Flag, stars and label of the shown photo; signals carry what is wanted, "" or 0 to clear."""

    starsClicked = Signal(int)
    flagClicked = Signal(str)
    labelClicked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row: PhotoRow | None = None
        drawings = {"pick": ("flag", TOKENS.pick), "reject": ("x", TOKENS.reject)}
        self._icons = {
            (word, suggested): style.icon(name, colour if suggested else TOKENS.program, 18, checked=colour)
            for word, (name, colour) in drawings.items()
            for suggested in (False, True)
        }
        self._pick = self._flag_button("pick")
        self._reject = self._flag_button("reject")
        self._stars = Stars()
        self._stars.clicked.connect(self.starsClicked)
        self._dots = {word: LabelDot(word) for word in LABELS}
        self._lay_out()
        self._pick.clicked.connect(lambda: self._flag("pick"))
        self._reject.clicked.connect(lambda: self._flag("reject"))
        for word, dot in self._dots.items():
            dot.clicked.connect(partial(self._label, word))

    def set_keys(self, keys: Mapping[str, str]) -> None:
        """Name the keys of these commands, by id."""
        self._pick.setToolTip(with_key("Pick", keys.get("pick", "")))
        self._reject.setToolTip(with_key("Reject", keys.get("reject", "")))
        for word, dot in self._dots.items():
            dot.setToolTip(with_key(f"{word.capitalize()} label", keys.get(f"label-{word}", "")))
        first, last = keys.get("rate-1", ""), keys.get("rate-5", "")
        span = f"{first} to {last}" if first and last else ""
        self._stars.setToolTip(f"{with_key('Stars', span)}; the same star again clears")

    def set_row(self, row: PhotoRow | None) -> None:
        """Show this photo's marks."""
        self._row = row
        self.setEnabled(row is not None)
        for word, button in (("pick", self._pick), ("reject", self._reject)):
            here = row is not None and row.pick == word
            suggested = here and row is not None and "pick" in row.suggested
            button.setChecked(here and not suggested)
            button.setIcon(self._icons[word, suggested])
            button.setAccessibleName(f"{word.capitalize()}, suggested" if suggested else word.capitalize())
        self._stars.set_stars(row.rating if row else None, own=row is None or row.rated_by != "photocull")
        for word, dot in self._dots.items():
            here = row is not None and row.label == word
            suggested = here and row is not None and "label" in row.suggested
            dot.set_mark(decided=here and not suggested, suggested=suggested)

    def _flag_button(self, word: str) -> QToolButton:
        button = tool_button(icon=self._icons[word, False], tip=word.capitalize())
        button.setCheckable(True)
        button.setIconSize(style.icon_size(18))
        return button

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 6, 8, 6)
        row.setSpacing(4)
        row.addStretch()
        for widget in (self._pick, self._reject):
            row.addWidget(widget)
        row.addSpacing(12)
        row.addWidget(self._stars)
        row.addSpacing(12)
        for dot in self._dots.values():
            row.addWidget(dot)
        row.addStretch()

    def _flag(self, word: str) -> None:
        before = self._row.pick if self._row and "pick" not in self._row.suggested else None
        self.set_row(self._row)
        self.flagClicked.emit("" if before == word else word)

    def _label(self, word: str) -> None:
        before = self._row.label if self._row and "label" not in self._row.suggested else None
        self.set_row(self._row)
        self.labelClicked.emit("" if before == word else word)


def focus_ring(painter: QPainter, rect: QRectF, radius: float = 5.0) -> None:
    """The ring that shows where the keyboard is."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(TOKENS.accent), 1.5))
    painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), radius, radius)
