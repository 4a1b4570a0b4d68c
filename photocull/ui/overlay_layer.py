"""Keeps the overlay on the loupe's photo: asks for the map, has it painted at the size in use, says what it shows."""

from collections.abc import Callable, Set

from PySide6.QtCore import QObject, QRectF

from photocull.catalog import query
from photocull.catalog.records import PhotoRow
from photocull.core.types import Grid
from photocull.judge.reading import BUILTIN_MAPS
from photocull.judge.similarity import CELLS, chosen_cell, similar_cells
from photocull.ui.bridge import Bridge
from photocull.ui.canvas import Canvas
from photocull.ui.legend import Legend
from photocull.ui.overlays import Part, Region, overlay, painted, seen
from photocull.ui.picture import Level, Picture

_KEPT_GRIDS = 64
_Cell = tuple[int, int]
_GridKey = tuple[str, str, str, _Cell | None]
"""Photo and model by fingerprint, kind, and the cell where the photographer chose one."""
_Place = tuple[int, Region, Part]
"""Width of the level it was painted from, what of it, and the piece."""
_SMALL = 3_000_000
"""Pixels; a level up to this is painted whole."""
_MARGIN = 0.3


class OverlayLayer(QObject):
    """One overlay at a time; painted into the picture itself, so that it cannot lie beside the photo."""

    def __init__(self, bridge: Bridge, canvas: Canvas, legend: Legend) -> None:
        super().__init__(canvas)
        self._bridge, self._canvas, self._legend = bridge, canvas, legend
        self.kind: str | None = None
        self._offered: Set[str] = frozenset(BUILTIN_MAPS)
        self._cell: _Cell | None = None
        self._row: PhotoRow | None = None
        self._picture: Picture | None = None
        self._grids: dict[_GridKey, Grid] = {}
        self._without: set[_GridKey] = set()
        self._painted: list[_Place] = []
        self._painting: _GridKey | None = None
        self._failed: tuple[_GridKey, str] | None = None

    def set_kind(self, kind: str | None) -> None:
        """Another overlay, or none."""
        self.kind = kind
        self._cell = None
        self._drop()
        self._refresh()

    def set_offered(self, kinds: Set[str]) -> None:
        """The maps that the model in use can have."""
        self._offered = kinds
        self._drop()
        self._refresh()

    def choose_cell(self, x: float, y: float) -> None:
        """Show what is coloured like this point of the photo; chosen once more, the model's own choice."""
        cell = int(y * CELLS), int(x * CELLS)
        self._set_cell(None if cell == self._cell else cell)

    def step_back(self) -> bool:
        """Back to the cell that the model chose; whether the photographer had chosen another."""
        chosen = self._cell is not None
        if chosen:
            self._set_cell(None)
        return chosen

    def show(self, row: PhotoRow | None, picture: Picture | None) -> None:
        """The photo that is shown now, its pixels as far as they are loaded; called again at every zoom."""
        if row is None or self._row is None or row.fingerprint != self._row.fingerprint:
            self._cell = None
            self._drop()
        elif row.overall != self._row.overall:
            self._without.clear()
        self._row, self._picture = row, picture
        self._refresh()

    def _set_cell(self, cell: _Cell | None) -> None:
        self._cell = cell
        self._painted.clear()  # the old map stays on the photo until the new one is painted, so that nothing flickers
        self._refresh()

    def _drop(self) -> None:
        self._failed = None
        self._painted.clear()
        self._canvas.set_overlay()
        self._canvas.set_frame(None)

    def _key(self, row: PhotoRow, kind: str) -> _GridKey:
        return (row.fingerprint, self._bridge.model, kind, self._cell)

    def _refresh(self) -> None:
        self._canvas.set_picking(self.kind == "similarity" and self.kind in self._offered)
        if self.kind is None or self._row is None or self._picture is None:
            self._legend.say("")
        elif self.kind not in self._offered:
            self._legend.say(f"{_called(self.kind).capitalize()}: not with this model.")
        elif self.kind != "clipping" and self._key(self._row, self.kind) not in self._grids:
            self._ask(self._row, self._picture, self._key(self._row, self.kind))
        else:
            self._show(self._picture, self._key(self._row, self.kind))

    def _ask(self, row: PhotoRow, picture: Picture, key: _GridKey) -> None:
        if row.overall is None:
            self._legend.say("Not scored yet; this map comes with the score.")
        elif key in self._without:
            self._legend.say(f"There is no map of {_called(key[2])} for this photo.")
        else:
            self._bridge.query(
                self._question(row, picture, key), lambda grid: self._take_grid(key, grid), owner=self, key="grid"
            )

    def _question(self, row: PhotoRow, picture: Picture, key: _GridKey) -> Callable[[], Grid | None]:
        catalog, (_, model, kind, cell), level = self._bridge.catalog, key, picture.levels[-1]
        if cell is None:
            return lambda: query.attention(catalog, row.id, model, kind)
        return lambda: similar_cells(level.piece(0, 0, level.image.width(), level.image.height()), *cell)

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
        if key[2] == "similarity":
            row, column = chosen_cell(self._grids[key])
            self._canvas.set_frame(QRectF(column / CELLS, row / CELLS, 1 / CELLS, 1 / CELLS))
        zoom = self._canvas.zoom
        level = picture.levels[picture.level(zoom.placed().width)]
        size = level.image.width(), level.image.height()
        whole = Region(0, 0, *size)
        if size[0] * size[1] <= _SMALL:
            self._use(key, level, whole, whole)
        else:
            self._use(key, level, seen(zoom, size), seen(zoom, size, _MARGIN))

    def _use(self, key: _GridKey, level: Level, needed: Region, wanted: Region) -> None:
        found = [place for place in self._painted if place[0] == level.width and place[1].holds(needed)]
        if found:
            self._put(found[-1])
        elif self._failed is not None and self._failed[0] == key:
            self._legend.say(self._failed[1])
        elif self._painting is None:
            self._paint(key, level, wanted)

    def _put(self, place: _Place) -> None:
        """A sharp piece lies on the whole, so that a pan beyond it shows the map all the same, only softer."""
        whole = [part for _, _, part in self._painted if part.width == part.height == 1.0 and part is not place[2]]
        self._canvas.set_overlay(*whole[:1], place[2])

    def _paint(self, key: _GridKey, level: Level, region: Region) -> None:
        self._painting = key
        grid, kind = self._grids.get(key), key[2]

        def done(part: Part) -> None:
            self._painting = None
            if self._row is not None and self.kind is not None and self._key(self._row, self.kind) == key:
                whole = [place for place in self._painted if place[2].width == place[2].height == 1.0]
                self._painted = [*whole[-1:], (level.width, region, part)]
                self._put(self._painted[-1])
            self._refresh()

        def failed(error: BaseException) -> None:
            # No second try at once: what failed for want of memory would fail again at every pan.
            self._painting, self._failed = None, (key, f"The overlay cannot be drawn: {error}")
            self._refresh()

        self._bridge.query(lambda: painted(level, region, kind, grid), done, failed=failed, owner=self)


def _called(kind: str) -> str:
    known = overlay(kind)
    return known.title.lower() if known else kind
