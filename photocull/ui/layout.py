"""Where each photo lies in the grid: justified rows or uniform cells; arithmetic alone, lengths in logical pixels."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

UNKNOWN_ASPECT: Final = 1.5
"""Width over height of a photo that nobody has opened yet."""
NARROWEST, WIDEST = 0.5, 3.2
"""Aspects beyond these are shown cropped, so that one panorama does not flatten its row."""
UNIFORM_ASPECT: Final = 1.25


@dataclass(frozen=True, slots=True)
class Cell:
    """A photo's place; x and y from the top left of the whole sheet."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """All places, row by row.

    Attributes:
        cells: one a photo, in order.
        starts: index of each row's first photo, ascending. tops: y of each row.
        height: of the whole sheet, margins included.
    """

    cells: tuple[Cell, ...]
    starts: tuple[int, ...]
    tops: tuple[int, ...]
    height: int

    def visible(self, top: int, bottom: int) -> range:
        """Photos of the rows that reach into ``top <= y < bottom``."""
        first = max(0, bisect_right(self.tops, top) - 1)
        last = bisect_left(self.tops, bottom)
        return range(self._start(first), self._start(last))

    def at(self, x: int, y: int) -> int | None:
        """The photo under this point, None between photos."""
        row = bisect_right(self.tops, y) - 1
        if row < 0:
            return None
        for index in range(self._start(row), self._start(row + 1)):
            cell = self.cells[index]
            if cell.x <= x < cell.x + cell.width and cell.y <= y < cell.y + cell.height:
                return index
        return None

    def row_of(self, index: int) -> int:
        """Number of the row in which a photo lies."""
        return bisect_right(self.starts, index) - 1

    def middle(self, index: int) -> float:
        """Where the photo's middle lies across the sheet."""
        return self.cells[index].x + self.cells[index].width / 2

    def beside(self, index: int, rows: int, column: float) -> int:
        """The photo nearest to ``column`` so many rows above (negative) or below; the outer rows end the way."""
        row = min(max(self.row_of(index) + rows, 0), len(self.starts) - 1)
        if row == self.row_of(index):
            return index
        return min(range(self._start(row), self._start(row + 1)), key=lambda i: abs(self.middle(i) - column))

    def _start(self, row: int) -> int:
        return self.starts[row] if row < len(self.starts) else len(self.cells)


EMPTY: Final = Sheet((), (), (), 0)


@dataclass(frozen=True, slots=True)
class Frame:
    """What a sheet is made for.

    Attributes:
        width: of the viewport. row_height: wished height of a row. gap: between photos. margin: above, below and left.
        right: room left free at the right, where the scroll bar adds its own.
        uniform: equal cells instead of justified rows.
    """

    width: int
    row_height: int
    gap: int = 8
    margin: int = 12
    right: int = 12
    uniform: bool = False


def arrange(aspects: Sequence[float | None], frame: Frame, *, kept: Sheet = EMPTY, rows: int = 0) -> Sheet:
    """Lay the photos out.

    Args:
        aspects: width over height of each photo, None where unknown.
        kept: an older sheet of the same frame whose first ``rows`` rows stay exactly as they are.
    """
    start = kept.starts[rows] if rows < len(kept.starts) else len(kept.cells) if rows else 0
    cells, starts = list(kept.cells[:start]), list(kept.starts[:rows])
    tops = list(kept.tops[:rows])
    y = frame.margin if not cells else cells[-1].y + cells[-1].height + frame.gap
    shapes = [_shape(aspect, frame) for aspect in aspects[start:]]
    for first, last, height in _rows(shapes, frame):
        starts.append(start + first)
        tops.append(y)
        cells.extend(_row_cells(shapes[first:last], height, y, frame))
        y += height + frame.gap
    return Sheet(tuple(cells), tuple(starts), tuple(tops), y - frame.gap + frame.margin if cells else 0)


def _shape(aspect: float | None, frame: Frame) -> float:
    if frame.uniform:
        return UNIFORM_ASPECT
    return min(max(aspect or UNKNOWN_ASPECT, NARROWEST), WIDEST)


def _rows(shapes: Sequence[float], frame: Frame) -> Iterator[tuple[int, int, int]]:
    room = max(frame.width - frame.margin - frame.right, 1)
    first = 0
    while first < len(shapes):
        last, height = _row_end(shapes, first, room, frame)
        yield first, last, height
        first = last


def _row_end(shapes: Sequence[float], first: int, room: int, frame: Frame) -> tuple[int, int]:
    """End and height of the row that begins with ``first``: the break whose height is nearest to the wished one."""
    if frame.uniform:
        return _uniform_end(len(shapes), first, room, frame)
    total, before = 0.0, 0.0
    for index in range(first, len(shapes)):
        before, total = total, total + shapes[index]
        height = (room - frame.gap * (index - first)) / total
        if height <= frame.row_height:
            looser = (room - frame.gap * (index - first - 1)) / before if before else float("inf")
            if looser / frame.row_height < frame.row_height / max(height, 1.0):
                return index, round(looser)
            return index + 1, max(round(height), 1)
    return len(shapes), frame.row_height


def _uniform_end(count: int, first: int, room: int, frame: Frame) -> tuple[int, int]:
    columns = max(1, round((room + frame.gap) / (frame.row_height * UNIFORM_ASPECT + frame.gap)))
    width = (room - frame.gap * (columns - 1)) / columns
    return min(first + columns, count), max(round(width / UNIFORM_ASPECT), 1)


def _row_cells(shapes: Sequence[float], height: int, y: int, frame: Frame) -> Iterator[Cell]:
    room = max(frame.width - frame.margin - frame.right, 1)
    free = room - frame.gap * (len(shapes) - 1)
    # Whole pixels that end flush at the right edge: the fraction left over by rounding is carried to the next photo.
    stretch = free / (sum(shapes) * height)
    full = 0.97 < stretch < 1.03
    x = float(frame.margin)
    for shape in shapes:
        width = shape * height * (stretch if full else 1.0)
        left, right = round(x), round(x + width)
        yield Cell(left, y, max(right - left, 1), height)
        x += width + frame.gap
