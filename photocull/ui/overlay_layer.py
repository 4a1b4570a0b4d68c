"""Keeps the overlay on the loupe's photo: asks for the map, has it painted at the size in use, says what it shows."""

from PySide6.QtCore import QObject

from photocull.catalog import query
from photocull.catalog.records import PhotoRow
from photocull.core.types import Grid
from photocull.ui.bridge import Bridge
from photocull.ui.canvas import Canvas
from photocull.ui.legend import Legend
from photocull.ui.overlays import overlay, painted
from photocull.ui.picture import Level, Picture

_KEPT_GRIDS = 64
_GridKey = tuple[str, str, str]
"""Photo, model and kind, by fingerprint."""
_PaintKey = tuple[str, str, str, int]
"""The same and the width in pixels."""


class OverlayLayer(QObject):
    """One overlay at a time; painted into the picture itself, so that it cannot lie beside the photo."""

    def __init__(self, bridge: Bridge, canvas: Canvas, legend: Legend) -> None:
        super().__init__(canvas)
        self._bridge, self._canvas, self._legend = bridge, canvas, legend
        self.kind: str | None = None
        self._row: PhotoRow | None = None
        self._picture: Picture | None = None
        self._grids: dict[_GridKey, Grid] = {}
        self._without: set[_GridKey] = set()
        self._painted: dict[_PaintKey, Level] = {}
        self._painting: _PaintKey | None = None

    def set_kind(self, kind: str | None) -> None:
        """Another overlay, or none."""
        self.kind = kind
        self._drop()
        self._refresh()

    def show(self, row: PhotoRow | None, picture: Picture | None) -> None:
        """The photo that is shown now, its pixels as far as they are loaded; called again at every zoom."""
        if row is None or self._row is None or row.fingerprint != self._row.fingerprint:
            self._drop()
        elif row.overall != self._row.overall:
            self._without.clear()
        self._row, self._picture = row, picture
        self._refresh()

    def _drop(self) -> None:
        self._painted.clear()
        self._canvas.set_overlay(None)

    def _refresh(self) -> None:
        if self.kind is None or self._row is None or self._picture is None:
            self._legend.say("")
            return
        key = (self._row.fingerprint, self._bridge.model, self.kind)
        if self.kind != "clipping" and key not in self._grids:
            self._ask(self._row, key)
        else:
            self._show(self._picture, key)

    def _ask(self, row: PhotoRow, key: _GridKey) -> None:
        known = overlay(key[2])
        if row.overall is None:
            self._legend.say("Not scored yet; this map comes with the score.")
        elif key in self._without:
            self._legend.say(f"There is no map of {known.title.lower() if known else key[2]} for this photo.")
        else:
            catalog, (_, model, kind) = self._bridge.catalog, key
            self._bridge.query(
                lambda: query.attention(catalog, row.id, model, kind),
                lambda grid: self._take_grid(key, grid),
                owner=self,
                key="grid",
            )

    def _take_grid(self, key: _GridKey, grid: Grid | None) -> None:
        if grid is None:
            self._without.add(key)
        else:
            self._grids[key] = grid
            while len(self._grids) > _KEPT_GRIDS:
                del self._grids[next(iter(self._grids))]
        self._refresh()

    def _show(self, picture: Picture, key: _GridKey) -> None:
        known = overlay(key[2])
        if known is not None:
            self._legend.show_scale(known)
        level = picture.levels[picture.level(self._canvas.zoom.placed().width)]
        wanted = (*key, level.width)
        if wanted in self._painted:
            self._canvas.set_overlay(self._painted[wanted])
        elif wanted != self._painting:
            self._paint(wanted, level)

    def _paint(self, key: _PaintKey, level: Level) -> None:
        self._painting = key
        grid, kind = self._grids.get(key[:3]), key[2]

        def done(made: Picture) -> None:
            self._painting = None
            if self._row is not None and (self._row.fingerprint, self._bridge.model, self.kind) == key[:3]:
                self._painted[key] = made.levels[0]
                self._canvas.set_overlay(made.levels[0])
                self._refresh()

        def failed(error: BaseException) -> None:
            self._legend.say(f"The overlay cannot be drawn: {error}")

        # A full-size overlay takes about a second of work; until it is there, the one at hand is shown enlarged.
        self._bridge.query(lambda: painted(level.pixels, kind, grid), done, failed=failed, owner=self, key="paint")
