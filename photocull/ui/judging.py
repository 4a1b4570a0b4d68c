"""Which model judges the photos of this window, and the change to another; told to the status bar and to Settings."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from photocull.ui.bridge import Bridge

_SLOW_MS: Final = 400
"""What opens faster is not worth a word."""


class Judging(QObject):
    """Holds the model's name beside the bridge's fingerprint.

    Signals:
        changed: `name` or `opening` is another. slow: opening takes a while.
        refused: a model cannot be opened, with a sentence; the one that judged before goes on.

    Args:
        keep: remembers the name of the model that was switched to.
    """

    changed = Signal()
    slow = Signal()
    refused = Signal(str)

    def __init__(self, bridge: Bridge, keep: Callable[[str], None]) -> None:
        super().__init__(bridge)
        self.name = ""
        self.opening = ""
        self._bridge, self._keep = bridge, keep
        self._wished = ""
        self._late = QTimer(self, singleShot=True, interval=_SLOW_MS)
        self._late.timeout.connect(self.slow)
        bridge.modelOpening.connect(self._on_opening)
        bridge.modelReady.connect(self._on_ready)
        bridge.modelRefused.connect(self._on_refused)
        bridge.runFailed.connect(lambda _sentence: self._turn(""))

    def switch(self, name: str) -> None:
        """Let this model judge from now on; until it is open the old one does."""
        self._wished = name
        self._turn(name)
        self._bridge.switch_model(name)

    def _on_opening(self, name: str) -> None:
        self._turn(name)
        self._late.start()

    def _on_ready(self, name: str, _fingerprint: str) -> None:
        opened, self.name = self.opening, name
        if opened and opened == self._wished:
            self._keep(opened)
        self._turn("")

    def _on_refused(self, name: str, sentence: str) -> None:
        self._wished = "" if self._wished == name else self._wished
        self._turn("")
        self.refused.emit(sentence)

    def _turn(self, opening: str) -> None:
        self.opening = opening
        if not opening:
            self._late.stop()
        self.changed.emit()
