"""Where the window stands and which panels are folded, as text for the settings and back."""

from typing import Literal

from PySide6.QtCore import QByteArray
from PySide6.QtWidgets import QMainWindow, QSplitter

from photocull.core.settings import Settings

Side = Literal["left", "right"]
_MARKS: dict[Side, str] = {"left": "<", "right": ">"}
"""Before the splitter's state, for each folded panel; neither sign occurs in base64."""


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
