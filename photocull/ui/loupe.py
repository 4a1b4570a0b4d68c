"""The loupe: one photo as large as the window allows, overlays and zoom above it, decisions below it."""

from collections.abc import Mapping, Sequence, Set

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from photocull.catalog import query
from photocull.catalog.away import Away
from photocull.catalog.records import PhotoRow
from photocull.ui.bridge import Bridge
from photocull.ui.canvas import Canvas
from photocull.ui.decisions_bar import DecisionsBar
from photocull.ui.images import LoupeImages, Trouble
from photocull.ui.legend import Legend
from photocull.ui.overlay_bar import OverlayBar, ZoomBar
from photocull.ui.overlay_layer import OverlayLayer
from photocull.ui.overlays import offered_by
from photocull.ui.picture import Picture
from photocull.ui.remedies import reason_and_remedy

_LEGEND, _LEAST_LEGEND = 150, 90
"""Pixels that the legend is left where the toggles must give up their keys, and those it is content with before."""
_GAPS = 48
_PAINT_MS = 20
"""How long reading ahead waits: the photo that was asked for is to be painted first, and no longer than a held key."""


class Loupe(QWidget):
    """Shows one photo; knows what is shown of it (zoom, overlay), not which comes next."""

    overlayChanged = Signal(object)
    zoomChanged = Signal(float)
    starsClicked = Signal(int)
    flagClicked = Signal(str)
    labelClicked = Signal(str)

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._row: PhotoRow | None = None
        self._away = Away()
        self._neighbours: list[int] = []
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(_PAINT_MS)
        self._images = LoupeImages(bridge, self)
        self.canvas = Canvas()
        self._overlays = OverlayBar()
        self._zoom = ZoomBar()
        self._legend = Legend()
        self._overlay = OverlayLayer(bridge, self.canvas, self._legend)
        self._decisions = DecisionsBar()
        self._lay_out()
        self._connect()
        self.show_photo(None)

    def set_keys(self, keys: Mapping[str, str]) -> None:
        """Name the keys of these commands, by id, on the buttons that do the same."""
        for bar in (self._overlays, self._zoom, self._decisions):
            bar.set_keys(keys)

    @property
    def row(self) -> PhotoRow | None:
        """The photo that is shown."""
        return self._row

    def has_pixels(self, *, full: bool = False) -> bool:
        """Whether this photo's own pixels are on the canvas, at full size as far as it is in view if that is asked."""
        row, picture = self._row, self.canvas.picture
        if row is None or picture is None:
            return False
        if full and self.canvas.is_covered():
            return True
        return picture is self._images.full(row) or (not full and picture is self._images.small(row))

    def show_photo(self, row: PhotoRow | None) -> None:
        """Show this photo, or the same one with other marks; the pixels arrive when they are loaded."""
        before, self._row = self._row, row
        self._zoom.setVisible(row is not None and row.status != "unreadable")
        if row is not None and before is not None and row.id == before.id and row.status != before.status:
            self._images.forget_troubles(row.fingerprint)
        if row is not None and row.width and row.height:
            self.canvas.set_photo((row.width, row.height))
        self._refresh()
        if row is not None and (before is None or row.id != before.id):
            self.canvas.paint_now()  # before anything else is to be painted: one repaint takes all that is due along
        self._decisions.set_row(row)

    def set_away(self, away: Away) -> None:
        """Of photos on drives that are not connected the preview is all that there is."""
        self._away = away
        self._images.forget_troubles()
        self._refresh()

    def set_neighbours(self, ids: Sequence[int]) -> None:
        """The photos that will probably be looked at next, the next first; they are loaded once this one is painted."""
        self._neighbours = list(ids)
        if not self._later.isActive():
            self._later.start()

    def _load_neighbours(self) -> None:
        catalog, model, wanted = self._bridge.catalog, self._bridge.model, self._neighbours
        self._bridge.query(
            lambda: query.photo_rows(catalog, wanted, model),
            lambda rows: self._images.set_ahead([r for r in rows if r.status != "unreadable"]),
            owner=self,
            key="neighbours",
        )

    def overlay(self) -> str | None:
        """The overlay that is on."""
        return self._overlay.kind

    def set_overlay(self, kind: str | None) -> None:
        """Show this evidence over the photo; None shows the photo alone. Stays on from photo to photo."""
        self._overlays.set_kind(kind)
        if kind != self._overlay.kind:
            self._overlay.set_kind(kind)
            self.overlayChanged.emit(kind)

    def step_back(self) -> bool:
        """One step back from what lies over the photo: from a chosen cell, then from the overlay; False if nothing."""
        if self._overlay.step_back():
            return True
        shown = self._overlay.kind is not None
        self.set_overlay(None)
        return shown

    def set_offered(self, kinds: Set[str]) -> None:
        """The overlays that the model in use can have."""
        self._overlays.set_offered(kinds)
        self._share_width()
        self._overlay.set_offered(kinds)

    def toggle_zoom(self) -> None:
        """Fit, or 1:1 at the cursor."""
        self.canvas.toggle()

    def fit(self) -> None:
        """Show the whole photo."""
        self.canvas.fit()

    def zoom_in(self) -> None:
        """A step nearer."""
        self.canvas.nearer(1.25)

    def zoom_out(self) -> None:
        """A step farther."""
        self.canvas.nearer(1 / 1.25)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where room is short, the toggles give up their keys before the legend gives up its words."""
        super().resizeEvent(event)
        self._share_width()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The photo takes the keys."""
        self.canvas.setFocus(event.reason())

    def _lay_out(self) -> None:
        self.setProperty("role", "surround")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        top = QHBoxLayout()
        top.setContentsMargins(12, 8, 12, 8)
        top.addWidget(self._overlays)
        top.addSpacing(12)
        top.addWidget(self._legend, 1)
        top.addWidget(self._zoom)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(top)
        whole.addWidget(self.canvas, 1)
        whole.addWidget(self._decisions)

    def _connect(self) -> None:
        self._overlays.chosen.connect(self.set_overlay)
        self._zoom.fitClicked.connect(self.fit)
        self._zoom.oneToOneClicked.connect(self._one_to_one)
        self.canvas.zoomChanged.connect(self._zoomed)
        self.canvas.picked.connect(self._overlay.choose_cell)
        self._later.timeout.connect(self._load_neighbours)
        self._bridge.modelReady.connect(self._ask_offered)
        self._images.arrived.connect(self._arrived)
        self._images.failed.connect(self._arrived)
        self._decisions.starsClicked.connect(self.starsClicked)
        self._decisions.flagClicked.connect(self.flagClicked)
        self._decisions.labelClicked.connect(self.labelClicked)

    def _share_width(self) -> None:
        room = self.width() - self._zoom.sizeHint().width() - _GAPS
        least, wished = self._overlays.minimumSizeHint().width(), self._overlays.sizeHint().width()
        self._overlays.setMaximumWidth(wished if wished <= room - _LEAST_LEGEND else max(least, room - _LEGEND))

    def _ask_offered(self, model: str) -> None:
        self._bridge.query(lambda: offered_by(model), self.set_offered, owner=self, key="offered")

    def _one_to_one(self) -> None:
        self.canvas.fit()
        self.canvas.toggle()

    def _zoomed(self) -> None:
        zoom = self.canvas.zoom
        self._zoom.set_zoom(zoom.shown_scale, fit=zoom.scale is None)
        self.zoomChanged.emit(zoom.shown_scale)
        self._refresh()

    def _arrived(self, fingerprint: str) -> None:
        if self._row is not None and fingerprint == self._row.fingerprint:
            self._refresh()
            self.canvas.paint_now()

    def _refresh(self) -> None:
        row = self._row
        picture = None if row is None else self._images.full(row) or self._images.small(row)
        if picture is not None and row is not None:
            self._measure(row, picture)
        self.canvas.set_picture(picture)
        self.canvas.set_upper(None if row is None else self._images.upper(row))
        self.canvas.set_words(*self._words(row))
        readable = row is not None and row.status != "unreadable"
        self._images.show(row if readable else None, self.canvas.zoom, full=self._needs_full(picture))
        self._overlay.show(row, picture)
        if row is not None and self._overlay.kind is None:
            self._legend.say(self._full_words(row, picture))

    def _measure(self, row: PhotoRow, picture: Picture) -> None:
        """A photo that nobody has opened yet tells its size by its pixels."""
        if not (row.width and row.height):
            self.canvas.set_photo(picture.size)

    def _needs_full(self, picture: Picture | None) -> bool:
        if picture is None or self._row is None or picture is self._images.full(self._row):
            return False
        if self._away.word(self._row.path):
            return False
        width = self.canvas.zoom.placed().width
        unmeasured = not self._row.width
        return unmeasured or (width > picture.size[0] * 1.05 and self.canvas.zoom.photo[0] > picture.size[0])

    def _full_words(self, row: PhotoRow, picture: Picture | None) -> str:
        away = self._away.word(row.path)
        if away or not self._needs_full(picture):
            return f"Offline preview. {away}" if away and picture is not None else ""
        trouble = self._images.trouble(row, full=True)
        return "Loading the full size…" if trouble is None else f"The full size cannot be shown: {trouble.sentence}"

    def _words(self, row: PhotoRow | None) -> tuple[str, str]:
        if row is None:
            return "No photo is selected.", ""
        if row.status == "unreadable":
            return reason_and_remedy(row.error or "The file cannot be read.")
        trouble: Trouble | None = self._images.trouble(row)
        if trouble is not None and (away := self._away.word(row.path)):
            return away, "Connect it to see the photo; your marks are kept."
        if trouble is not None:
            return trouble.sentence, trouble.remedy or ""
        return "Opening the photo…", ""
