"""The row of overlay toggles above the photo, each with its key, and the line that says how the photo is zoomed."""

from collections.abc import Mapping, Set
from functools import partial

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget

from photocull.judge.reading import BUILTIN_MAPS
from photocull.ui.decisions_bar import focus_ring
from photocull.ui.overlays import OVERLAYS, command_of
from photocull.ui.pieces import short_key, with_key
from photocull.ui.style import TOKENS, font


class KeyedButton(QAbstractButton):
    """A flat toggle that shows its key in a quieter colour behind its word; where room is short, the word alone."""

    def __init__(self, word: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._key = ""
        self.setText(word)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setFont(font(12))
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def set_key(self, key: str) -> None:
        """Show this key behind the word; none if empty."""
        self._key = key
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """The two words and a margin."""
        metrics = self.fontMetrics()
        key = metrics.horizontalAdvance(self._key) + 6 if self._key else 0
        return QSize(metrics.horizontalAdvance(self.text()) + key + 18, 26)

    def minimumSizeHint(self) -> QSize:
        """The word and a small margin; its key is in the tooltip."""
        return QSize(self.fontMetrics().horizontalAdvance(self.text()) + 8, 26)

    @property
    def shows_key(self) -> bool:
        """Whether there is room for the key behind the word."""
        return bool(self._key) and self.width() >= self.sizeHint().width()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Raised while checked or under the pointer."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(self.rect())
        if self.isChecked() or self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(TOKENS.strong_line if self.isChecked() else TOKENS.raised))
            painter.drawRoundedRect(rect, 5, 5)
        if self.hasFocus():
            focus_ring(painter, rect)
        self._paint_words(painter, rect)

    def _paint_words(self, painter: QPainter, rect: QRectF) -> None:
        centre, left, right = Qt.AlignmentFlag.AlignHCenter, Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
        inner = rect.adjusted(9, 0, -9, 0) if self.shows_key else rect
        painter.setPen(QColor(TOKENS.bright if self.isChecked() else TOKENS.text))
        painter.drawText(inner, int(Qt.AlignmentFlag.AlignVCenter | (left if self.shows_key else centre)), self.text())
        if self.shows_key:
            painter.setPen(QColor(TOKENS.dim))
            painter.drawText(inner, int(Qt.AlignmentFlag.AlignVCenter | right), self._key)


class OverlayBar(QWidget):
    """One toggle an overlay, at most one of them on."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        self._buttons: dict[str, KeyedButton] = {}
        for known in OVERLAYS:
            button = KeyedButton(known.title)
            button.setAccessibleName(f"{known.title} overlay")
            button.clicked.connect(partial(self._clicked, known.kind))
            self._buttons[known.kind] = button
            row.addWidget(button)
        self.set_keys({})
        self.set_offered(frozenset(BUILTIN_MAPS))

    def set_keys(self, keys: Mapping[str, str]) -> None:
        """Show the keys of these commands, by id."""
        for known in OVERLAYS:
            key = short_key(keys.get(command_of(known.kind), ""))
            self._buttons[known.kind].set_key(key)
            self._buttons[known.kind].setToolTip(f"{with_key(known.title, key)}. {known.legend}")

    def set_offered(self, kinds: Set[str]) -> None:
        """Show the toggles of these overlays alone: those that the model in use can have."""
        for known, button in self._buttons.items():
            button.setVisible(known in kinds)

    def set_kind(self, kind: str | None) -> None:
        """Check the toggle of this overlay alone."""
        for known, button in self._buttons.items():
            button.setChecked(known == kind)

    def _clicked(self, kind: str) -> None:
        self.chosen.emit(kind if self._buttons[kind].isChecked() else None)


class ZoomBar(QWidget):
    """Fit, the scale in per cent and 1:1; what is in use is bright."""

    fitClicked = Signal()
    oneToOneClicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        self._fit = KeyedButton("Fit")
        self._percent = KeyedButton("100 %")
        self._one = KeyedButton("1:1")
        self._percent.setToolTip("Screen pixels a photo pixel; the wheel zooms")
        self._percent.setEnabled(False)
        for button in (self._fit, self._percent, self._one):
            row.addWidget(button)
        self._fit.clicked.connect(self.fitClicked)
        self._one.clicked.connect(self.oneToOneClicked)
        self.set_keys({})

    def set_keys(self, keys: Mapping[str, str]) -> None:
        """Show the keys of these commands, by id."""
        key = short_key(keys.get("zoom", ""))
        self._one.set_key(key)
        self._fit.setToolTip(with_key("Show the whole photo", key))
        self._one.setToolTip(with_key("One photo pixel on one screen pixel; a click on the photo does the same", key))

    def set_zoom(self, scale: float, *, fit: bool) -> None:
        """Show this scale."""
        self._fit.setChecked(fit)
        self._one.setChecked(not fit and abs(scale - 1) < 1e-6)
        self._percent.setText(f"{scale * 100:.0f} %")
        self._percent.updateGeometry()
        self._percent.update()
