"""The reasons in the inspector: one line each, with the key that shows its evidence on the photo."""

from collections.abc import Mapping, Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from photocull.catalog.records import ReasonRecord
from photocull.ui import style
from photocull.ui.flow import emptied
from photocull.ui.overlays import Overlay, command_of, overlay
from photocull.ui.pieces import label, short_key, tool_button, with_key
from photocull.ui.style import TOKENS

_LEAST = 25
"""Lines with and without a key are equally high."""


class ReasonRow(QWidget):
    """One reason; a click shows its evidence where there is some."""

    overlayRequested = Signal(str)

    def __init__(self, reason: ReasonRecord, keys: Mapping[str, str]) -> None:
        super().__init__()
        known = overlay(reason.overlay) if reason.overlay else None
        self._overlay = known.kind if known else None
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 3, 0, 3)
        row.setSpacing(8)
        self.setMinimumHeight(_LEAST)
        row.addWidget(_sign(reason.weight, self.devicePixelRatioF()), 0, Qt.AlignmentFlag.AlignTop)
        words = label(sentence(reason.text), wrap=True)
        words.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        row.addWidget(words, 1, Qt.AlignmentFlag.AlignTop)
        if known is not None:
            row.addWidget(
                self._key(known, short_key(keys.get(command_of(known.kind), ""))), 0, Qt.AlignmentFlag.AlignTop
            )
            self.setCursor(Qt.CursorShape.PointingHandCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The whole line can be clicked, not only the key."""
        if self._overlay is not None and event.button() == Qt.MouseButton.LeftButton:
            self.overlayRequested.emit(self._overlay)

    def _key(self, known: Overlay, key: str) -> QToolButton:
        tip = with_key(f"Show it on the photo: {known.title.lower()}", key)
        button = tool_button(key or "show", role="keycap", tip=tip)
        button.clicked.connect(partial(self.overlayRequested.emit, known.kind))
        return button


class ReasonsList(QWidget):
    """All reasons of a photo, strongest first."""

    overlayRequested = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[ReasonRecord, ...] = ()
        self._keys: Mapping[str, str] = {}
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(0)

    def set_keys(self, keys: Mapping[str, str]) -> None:
        """Name the keys of these commands, by id; from the next photo on."""
        self._keys = keys

    def set_reasons(self, reasons: Sequence[ReasonRecord]) -> None:
        """Show these; nothing is rebuilt where they are the same as before."""
        if tuple(reasons) == self._shown:
            return
        self._shown = tuple(reasons)
        emptied(self._rows)
        for reason in reasons:
            row = ReasonRow(reason, self._keys)
            row.overlayRequested.connect(self.overlayRequested)
            self._rows.addWidget(row)


def sentence(text: str) -> str:
    """Sentence case: the first letter large, the rest as it is."""
    return text[:1].upper() + text[1:]


def _sign(weight: float, ratio: float) -> QLabel:
    """A plus for what speaks for the photo, a minus against it: by shape, not by colour alone."""
    name, colour, words = ("plus", TOKENS.dim, "for") if weight >= 0 else ("minus", TOKENS.warning, "against")
    made = QLabel()
    made.setPixmap(style.pixmap(name, colour, 12, ratio=ratio))
    made.setContentsMargins(0, 2, 0, 0)
    made.setToolTip(f"Speaks {words} the photo")
    return made
