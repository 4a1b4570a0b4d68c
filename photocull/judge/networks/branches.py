"""TANet's theme and colour branches for the built-in trunk, in numpy: what a photo is near to, how its colours spread.

He et al., 'Rethinking Image Aesthetics Assessment', IJCAI 2022, sections 4.2 and 4.3. Neither earned a place beside the
stages and the class logits (docs/decisions/0014-aesthetic.md); training measures them anew on whatever trunk it makes.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from photocull.core.types import Pixels
from photocull.judge.similarity import CELLS, cell_shares
from photocull.judge.spaces import oklab, reduced

Vector = NDArray[np.float64]

_SIDE: Final = 96
_WIDTHS: Final = (0.08, 0.2)
"""Distances in OKLab at which two colours are alike by 0.61: shades of one thing, and things of one tone."""
_STEPS: Final = ((1, 1), (2, 2), (3, 4), (5, 7), (8, 11))
"""Distances between cells that are averaged together."""
_EIGENVALUES: Final = 8
_TINY: Final = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class ThemeBank:
    """Theme prototypes made for one trunk's class logits.

    Attributes:
        centre, scale: (1000,) of labelled photos' logits. prototypes: (p, 1000) unit directions of standardised logits.
        themes: (p,) the theme of each.
    """

    centre: Vector
    scale: Vector
    prototypes: NDArray[np.float64]
    themes: tuple[str, ...]

    def likeness(self, logits: Vector) -> Vector:
        """(p,) cosines between a photo's logits (1000,) and the prototypes, -1..1; 0 for logits at the centre."""
        standard = (logits - self.centre) / self.scale
        return np.asarray(self.prototypes @ standard / max(float(np.linalg.norm(standard)), _TINY))

    def pulled_back(self, logits: Vector, towards: Vector) -> Vector:
        """(1000,) derivative by the logits of what has the derivative ``towards`` (p,) by their likeness."""
        standard = (logits - self.centre) / self.scale
        length = float(np.linalg.norm(standard))
        if length < _TINY:
            return np.zeros(len(logits))
        unit, along = standard / length, towards @ self.prototypes
        return np.asarray((along - unit * float(unit @ along)) / length / self.scale)


def cells_of(pixels: Pixels) -> NDArray[np.float64]:
    """(144, 3) mean OKLab colours of 12 x 12 cells, row by row, of (H, W, 3) uint8 sRGB."""
    lab = oklab(reduced(pixels, _SIDE)).astype(np.float64)
    rows, columns = cell_shares(lab.shape[0]), cell_shares(lab.shape[1])
    means = np.einsum("rh,hwc,kw->rkc", rows, lab, columns, optimize=True)
    return np.asarray(means.reshape(CELLS * CELLS, 3))


def colour_distribution(cells: NDArray[np.float64]) -> Vector:
    """How a picture's colours are spread, (98,), the same for its mirror image.

    Of the 144 x 144 similarities exp(-d^2 / 2 w^2), at two widths w: means by distance and direction (15), within and
    between middle and rim (3), between bands from top to bottom (10) and from side to middle (6), likeness with the
    cell across either axis (2), shares of the eight largest groups (log eigenvalues), how common the rarest, the middle
    and the commonest colour are (5). It has no derivative by the trunk's numbers: it is read from pixels.

    Args:
        cells: (144, 3) OKLab as `cells_of` gives them.
    """
    distance = ((cells[:, None] - cells[None]) ** 2).sum(axis=-1)
    return np.concatenate([_statistics(np.exp(-distance / (2 * width**2))) for width in _WIDTHS])


def _statistics(similarity: NDArray[np.float64]) -> Vector:
    rows, columns = np.divmod(np.arange(CELLS * CELLS), CELLS)
    across = similarity[np.arange(len(rows)), rows * CELLS + CELLS - 1 - columns].mean()
    down = similarity[np.arange(len(rows)), (CELLS - 1 - rows) * CELLS + columns].mean()
    groups = np.linalg.eigvalsh(similarity)[::-1][:_EIGENVALUES] / len(rows)
    common = np.sort(similarity.mean(axis=1))[[0, 14, 72, 129, 143]]
    return np.concatenate(
        [_pair_means() @ similarity.ravel(), [across, down], np.log(np.maximum(groups, _TINY)), common]
    )


@lru_cache(maxsize=1)
def _pair_means() -> NDArray[np.float64]:
    """(34, 144 * 144): each row averages the similarities of one kind of pairs of cells."""
    rows, columns = np.divmod(np.arange(CELLS * CELLS), CELLS)
    down, across = abs(rows[:, None] - rows), abs(columns[:, None] - columns)
    far, apart = np.maximum(down, across), (down + across) > 0
    kinds = []
    for direction in (down == 0, across == 0, (down > 0) & (across > 0)):
        kinds += [direction & (far >= low) & (far <= high) for low, high in _STEPS]
    middle = (rows > 2) & (rows < 9) & (columns > 2) & (columns < 9)
    rim = np.minimum(np.minimum(rows, CELLS - 1 - rows), np.minimum(columns, CELLS - 1 - columns)) < 2
    kinds += [np.outer(one, other) & apart for one, other in ((middle, middle), (middle, rim), (rim, rim))]
    for band, count in ((rows // 3, 4), (np.minimum(columns, CELLS - 1 - columns) // 2, 3)):
        kinds += [np.outer(band == one, band == other) & apart for one in range(count) for other in range(one, count)]
    return np.stack([(kind / kind.sum()).ravel() for kind in kinds])
