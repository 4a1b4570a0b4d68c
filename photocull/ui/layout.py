"""Where each photo lies in the grid: justified rows or uniform cells; arithmetic alone, lengths in logical pixels.

Of a million photos the rows are known at once, and the cells of a row when it is looked at.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import Final, overload

import numpy as np
from numpy.typing import NDArray

UNKNOWN_ASPECT: Final = 1.5
"""Width over height of a photo that nobody has opened yet."""
NARROWEST, WIDEST = 0.5, 3.2
"""Aspects beyond these are shown cropped, so that one panorama does not flatten its row."""
UNIFORM_ASPECT: Final = 1.25
_ROWS_KEPT: Final = 256


@dataclass(frozen=True, slots=True)
class Cell:
    """A photo's place; x and y from the top left of the whole sheet."""

    x: int
    y: int
    width: int
    height: int


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


class Cells(Sequence[Cell]):
    """The places of all photos in order, made row by row when they are asked for.

    Args:
        shapes: width by height of each photo as shown. starts, tops, heights: of each row.
    """

    def __init__(
        self,
        shapes: NDArray[np.float64],
        starts: Sequence[int],
        tops: Sequence[int],
        heights: Sequence[int],
        frame: Frame,
    ) -> None:
        self.shapes, self.starts, self.tops, self.heights, self._frame = shapes, starts, tops, heights, frame
        self._row = lru_cache(_ROWS_KEPT)(self._made)

    def __len__(self) -> int:
        return len(self.shapes)

    @overload
    def __getitem__(self, index: int) -> Cell: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Cell]: ...
    def __getitem__(self, index: int | slice) -> Cell | Sequence[Cell]:
        if isinstance(index, slice):
            return [self[place] for place in range(*index.indices(len(self)))]
        place = index + len(self) if index < 0 else index
        if not 0 <= place < len(self):
            raise IndexError(index)
        row = bisect_right(self.starts, place) - 1
        return self._row(row)[place - self.starts[row]]

    def _made(self, row: int) -> tuple[Cell, ...]:
        end = self.starts[row + 1] if row + 1 < len(self.starts) else len(self)
        shapes = self.shapes[self.starts[row] : end].tolist()
        return tuple(_row_cells(shapes, self.heights[row], self.tops[row], self._frame))


@dataclass(frozen=True, slots=True)
class Sheet:
    """All places, row by row.

    Attributes:
        cells: one a photo, in order.
        starts: index of each row's first photo, ascending. tops: y of each row.
        height: of the whole sheet, margins included.
    """

    cells: Cells
    starts: Sequence[int]
    tops: Sequence[int]
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


EMPTY: Final = Sheet(Cells(np.zeros(0), (), (), (), Frame(1, 1)), (), (), 0)


def arrange(aspects: Sequence[float | None], frame: Frame, *, kept: Sheet = EMPTY, rows: int = 0) -> Sheet:
    """Lay the photos out.

    Args:
        aspects: width over height of each photo, None where unknown.
        kept: an older sheet of the same frame whose first ``rows`` rows stay exactly as they are.
    """
    start = kept.starts[rows] if rows < len(kept.starts) else len(kept.cells) if rows else 0
    shapes = np.concatenate([kept.cells.shapes[:start], _shapes(aspects[start:], frame)])
    firsts, further = _rows(shapes[start:], frame)
    heights = [*kept.cells.heights[:rows], *further]
    starts = [*kept.starts[:rows], *(start + first for first in firsts)]
    ends = list(accumulate((height + frame.gap for height in heights), initial=frame.margin))
    height = ends[-1] - frame.gap + frame.margin if heights else 0
    return Sheet(Cells(shapes, starts, ends[:-1], heights, frame), starts, ends[:-1], height)


def _shapes(aspects: Sequence[float | None], frame: Frame) -> NDArray[np.float64]:
    """As shown: neither narrow as a pole nor wide as a scarf."""
    if frame.uniform:
        return np.full(len(aspects), UNIFORM_ASPECT)
    shapes = np.array(aspects, np.float64)  # None is not a number then
    return np.clip(np.where(np.isnan(shapes) | (shapes == 0), UNKNOWN_ASPECT, shapes), NARROWEST, WIDEST)


def _rows(shapes: NDArray[np.float64], frame: Frame) -> tuple[list[int], list[int]]:
    """First photo and height of each row."""
    room = max(frame.width - frame.margin - frame.right, 1)
    if frame.uniform:
        columns, high = _uniform(room, frame)
        firsts = list(range(0, len(shapes), columns))
        return firsts, [high] * len(firsts)
    ends, heights = (found.tolist() for found in _row_ends(shapes, room, frame))
    firsts, first = [], 0
    while first < len(shapes):
        firsts.append(first)
        first = ends[first]
    return firsts, [heights[first] for first in firsts]


def _row_ends(shapes: NDArray[np.float64], room: int, frame: Frame) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """End and height of a row that would begin with each photo: the break whose height is nearest to the wished one."""
    wished, count = frame.row_height, len(shapes)
    first, until = np.arange(count), np.concatenate([[0.0], np.cumsum(shapes)])
    # The first photo with which the row is no higher than wished; a row's length grows with each photo.
    last = np.searchsorted(wished * until[1:] + frame.gap * first, wished * until[:-1] + frame.gap * first + room)
    found = np.minimum(last, count - 1)
    gaps = frame.gap * (found - first)
    with np.errstate(divide="ignore"):
        height = (room - gaps) / (until[found + 1] - until[first])
        looser = (room - gaps + frame.gap) / (until[found] - until[first])
    before = (looser / wished < wished / np.maximum(height, 1.0)) & (found > first)
    ends = np.where(last == count, count, np.where(before, found, found + 1))
    high = np.where(before, np.round(np.where(before, looser, 0.0)), np.maximum(np.round(height), 1))
    return ends.astype(np.int64), np.where(last == count, wished, high).astype(np.int64)


def _uniform(room: int, frame: Frame) -> tuple[int, int]:
    """How many cells lie in a row, and how high they are."""
    columns = max(1, round((room + frame.gap) / (frame.row_height * UNIFORM_ASPECT + frame.gap)))
    width = (room - frame.gap * (columns - 1)) / columns
    return columns, max(round(width / UNIFORM_ASPECT), 1)


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
