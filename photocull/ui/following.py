"""After an undo or a redo the cursor is on the photos that it changed, so that the next key goes to those."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from photocull.catalog.query import photo_rows
from photocull.catalog.records import Change, PhotoRow
from photocull.core.errors import printable
from photocull.ui.steps import UNSAVED

if TYPE_CHECKING:
    from photocull.ui.window import MainWindow


class Following(QObject):
    """Says what was undone, and goes there; of photos that the list does not show it says which they are."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        window.bridge.decided.connect(self._on_decided)

    def _on_decided(self, change: Change) -> None:
        if change.kind == "decide":
            return
        photos, grid = self._window.session.photos, self._window.grid
        listed = [photo_id for photo_id in change.ids if photos.place(photo_id) is not None]
        self._window.say(change.sentence)
        if not listed:
            self._name(change)
            return
        first = photos.place(listed[0])
        if first is not None:
            grid.put_back(first, listed if self._window.view == "grid" else listed[:1])

    def _name(self, change: Change) -> None:
        if not change.ids:
            return
        bridge = self._window.bridge
        ask = partial(photo_rows, bridge.catalog, change.ids[:2], bridge.model)
        bridge.query(ask, lambda rows: self._window.say(_elsewhere(change, rows)), owner=self, key="name")


def _elsewhere(change: Change, rows: Sequence[PhotoRow]) -> str:
    """As in "Undid: reject on IMG_1.jpg, not shown here"."""
    named = f" on {printable(rows[0].path.name)}" if len(rows) == 1 else ""
    unsaved = UNSAVED if change.sentence.endswith(UNSAVED) else ""
    return f"{change.sentence.removesuffix(UNSAVED)}{named}{unsaved}, not shown here"
