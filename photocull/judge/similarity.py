"""How alike the colours of a picture's cells are, as TANet's colour branch sees it; numpy alone, for maps of any cell.

He et al., 'Rethinking Image Aesthetics Assessment', IJCAI 2022, section 4.3: the picture as 12 x 12 mean colours, each
compared with each by the cosine between them; what points away from one another counts as nothing.
"""

from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from photocull.core.types import Grid, Pixels
from photocull.judge.networks.squares import square_input

Floats = NDArray[np.float32]

CELLS: Final = 12
"""Cells along each side."""
_LEAST_PRODUCT: Final = 1e-8
_BELOW_ONE: Final = np.nextafter(np.float16(1), np.float16(0))


def cell_colours(values: Floats) -> Floats:
    """(144, 3) mean colour of each cell, row by row, of a normalised picture (3, H, W); neighbours share odd pixels."""
    rows, columns = cell_shares(values.shape[1]), cell_shares(values.shape[2])
    means = np.einsum("rh,chw,kw->rkc", rows, values.astype(np.float64), columns)
    return np.asarray(means.reshape(CELLS * CELLS, -1), dtype=np.float32)


def likeness(colours: Floats) -> Floats:
    """(144, 144) cosine between the colours of all cells (144, 3), -1..1."""
    lengths = np.linalg.norm(colours, axis=1)
    return np.asarray(colours @ colours.T / np.maximum(np.outer(lengths, lengths), _LEAST_PRODUCT), dtype=np.float32)


def similar_cells(pixels: Pixels, row: int, column: int) -> Grid:
    """Where a picture is coloured like one of its cells.

    Args:
        pixels: (H, W, 3) uint8 sRGB. row, column: the cell, from 0 at the top left.

    Returns:
        (12, 12); 1 at the cell alone, so that it can be found again, 0 where a colour is at right angles or opposed.

    Raises:
        ValueError: there is no such cell.
    """
    if not (0 <= row < CELLS and 0 <= column < CELLS):
        raise ValueError(f"cell {row}, {column} is not within {CELLS} x {CELLS}")
    return map_of(likeness(cell_colours(square_input(pixels))), row * CELLS + column)


def map_of(similarity: Floats, cell: int) -> Grid:
    """The map of one cell, counted row by row, out of all similarities (144, 144); see `similar_cells`."""
    grid = np.asarray(np.clip(similarity[cell], 0, _BELOW_ONE), dtype=np.float16)
    grid[cell] = 1
    return grid.reshape(CELLS, CELLS)


def chosen_cell(grid: Grid) -> tuple[int, int]:
    """Row and column of the cell that a map of `similar_cells` was made for."""
    row, column = divmod(int(grid.argmax()), grid.shape[1])
    return row, column


def heaviest_cell(colours: Floats, mean: Floats, weight: Floats, answer: Floats) -> int:
    """The cell whose loss would change the colour branch's answer most: the one that its map is shown for.

    To lose a cell is to have it in the picture's mean colour. What that does to the branch's linear layer is exact;
    what the softmax makes of it is taken to first order.

    Args:
        colours: (144, 3) as `cell_colours` gives them. mean: (3,) the picture's mean, in the same values.
        weight: (10, 144, 144) of the branch's linear layer. answer: (10,) what the branch says of the picture.

    Returns:
        the cell, counted row by row; of equals the first.
    """
    seen = np.maximum(likeness(colours), 0)
    lengths = np.linalg.norm(colours, axis=1) * np.linalg.norm(mean)
    lost = np.maximum(colours @ mean / np.maximum(lengths, _LEAST_PRODUCT), 0)
    change = lost[None, :] - seen
    np.fill_diagonal(change, 0)
    moved = np.einsum("oij,ij->io", weight, change) + np.einsum("oji,ij->io", weight, change)
    towards = np.diag(answer) - np.outer(answer, answer)
    return int(np.abs(moved @ towards).sum(axis=1).argmax())


@lru_cache(maxsize=8)
def cell_shares(side: int) -> NDArray[np.float64]:
    """(12, side): which pixels each cell averages, as PyTorch's adaptive pooling parts a side that 12 does not."""
    shares = np.zeros((CELLS, side))
    for cell in range(CELLS):
        first, end = cell * side // CELLS, -(-(cell + 1) * side // CELLS)
        shares[cell, first:end] = 1 / (end - first)
    return shares
