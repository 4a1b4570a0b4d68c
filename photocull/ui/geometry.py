"""The window's three regions, and where it stands and which panels are folded, as text for the settings and back."""

from typing import Literal

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtWidgets import QMainWindow, QSplitter, QWidget

from photocull.core.settings import Settings
from photocull.ui.style import TOKENS

Side = Literal["left", "right"]
_MARKS: dict[Side, str] = {"left": "<", "right": ">"}
"""Before the splitter's state, for each folded panel; neither sign occurs in base64."""


def regions(left: QWidget, middle: QWidget, right: QWidget) -> QSplitter:
    """The panels beside the middle; only the middle grows with the window."""
    made = QSplitter(Qt.Orientation.Horizontal, handleWidth=1, childrenCollapsible=False)
    for place, (widget, width) in enumerate(((left, TOKENS.left_width), (middle, 0), (right, TOKENS.right_width))):
        made.addWidget(widget)
        made.setStretchFactor(place, 0 if width else 1)
        if width:
            widget.setMinimumWidth(width - 16)
            widget.setMaximumWidth(width + 200)
    made.setSizes([TOKENS.left_width, 904, TOKENS.right_width])
    return made


def remember(window: QMainWindow, regions: QSplitter, folded: frozenset[Side]) -> tuple[str, str]:
    """The window's place and the panels' widths, for `Settings.geometry` and `Settings.panels`."""
    marks = "".join(mark for side, mark in _MARKS.items() if side in folded)
    return _text(window.saveGeometry()), marks + _text(regions.saveState())


def restore(window: QMainWindow, regions: QSplitter, settings: Settings) -> frozenset[Side]:
    """Put the window and its panels back; what cannot be read is left as it is.

    Returns:
        the sides that were folded.
    """
    if settings.geometry:
        window.restoreGeometry(_bytes(settings.geometry))
    if settings.panels:
        regions.restoreState(_bytes(settings.panels.lstrip("<>")))
    return frozenset(side for side, mark in _MARKS.items() if mark in settings.panels[:2])


def _text(data: QByteArray) -> str:
    return bytes(data.toBase64().data()).decode("ascii")


def _bytes(text: str) -> QByteArray:
    return QByteArray.fromBase64(QByteArray(text.encode("ascii", "ignore")))
