"""How sharp a picture is and where, from the width of its edges; robust to noise, silent where there is no edge.

An edge's width follows from its contrast over its steepest step, the quantity of Marziliano, Dufaux, Winkler and
Ebrahimi (ICIP 2002); the sharpest places decide and not the mean, as in Narvekar and Karam's CPBD (IEEE TIP 20(9),
2011): a soft background is no fault. Movement shows as fine detail that is missing in one direction only.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from photocull.core.types import Grid
from photocull.judge.deep_blur import blur_depth, formed
from photocull.judge.spaces import Floats, as_grid, grid_shape, ramp

Bytes = NDArray[np.uint8]

_RUN: Final = 16
"""Pixels within which an edge must rise to be measured; its steepest step is sought in the `_STEEP` in the middle."""
_STEEP: Final = 8
_MARGIN: Final = 4
_LEAST_CONTRAST: Final = 22
"""Grey levels between the ends of an edge below which nothing is said of it."""
_LEVELS: Final = 64
_SOFTEST, _SHARPEST = 0.10, 0.85
_SHARP: Final = 0.38
"""A blur of 1 px. `_BLURRED` is one of 1.2 px in the sharpest place of all: good photos stay above 0.6, macros 0.38."""
_BLURRED: Final = 0.33
_SOFT, _WIDE = 0.22, 0.14
"""Sharpest places between which a blur begins to be too wide to be measured at full size: one of 1.8 and of 2.8 px."""
_FORMED: Final = 0.5
"""From here tones come and go: what only rises or falls may be a plain sky."""
_DEEP: Final = 0.4
"""Depth from which a photo without a measurable edge is called blurred: a blur of about 4 % of the side."""
_FEWEST_CELLS: Final = 6
_CRISP: Final = 0.25
"""Fine over coarse gradient energy from which a direction has all its detail; 1/16 is left where it has none."""


@dataclass(frozen=True, slots=True, eq=False)
class NativeGrey:
    """Luma of a native crop and the share of the picture that it covers: left, top, right, bottom, 0..1.

    ``noise`` is its luma's standard deviation; ``halved`` are the native pixels to one of its own along a side.
    """

    grey: Bytes
    box: tuple[float, float, float, float]
    noise: float
    halved: int = 1


@dataclass(frozen=True, slots=True, eq=False)
class Focus:
    """What `read_focus` found: facts by name, the map, and the two flags."""

    facts: dict[str, float]
    map: Grid
    blurred: bool
    misfocused: bool


def read_focus(grey: Bytes, noise: float, crops: Sequence[NativeGrey] = ()) -> Focus:
    """Judge the focus of a picture's luma (H, W), ``noise`` being its standard deviation there.

    Facts, 0 to 1 unless said: ``focus_best`` the sharpest places, lowered where one direction lacks detail;
    ``focus_centre`` the same of the middle; ``focus_share`` of the cells that are in focus; ``focus_known`` of the
    cells where focus can be told; ``focus_native`` the sharpest native crop; ``blur`` in pixels of the preview (the
    Gaussian sigma of the sharpest places); ``blur_depth`` how far the blur goes beyond what is measured there;
    ``motion_blur`` how one-sided the blur is and ``motion_angle`` its direction in degrees. Where nothing can be told
    (fog, a plain sky), ``focus_best`` is missing and no flag is set.
    """
    shape = grid_shape(*grey.shape)
    steps = edge_steps(grey, noise, shape)
    known = np.isfinite(steps)
    facts = {"focus_known": float(known.mean()), "blur_depth": _depth(grey, steps)}
    natives = _crop_steps(crops)
    # A step is as much flatter at full size as it is wider there.
    told = [
        float(np.nanmax(native)) / crop.halved
        for native, crop in zip(natives, crops, strict=True)
        if np.isfinite(native).any()
    ]
    if told:
        facts["focus_native"] = _scaled(max(told))
    if int(known.sum()) < _FEWEST_CELLS:
        blurred = facts["blur_depth"] >= _DEEP or _blurred_beyond_measure(grey, noise)
        return Focus(facts, as_grid(np.zeros(shape, np.float32)), blurred, False)
    sharpest, dullest, angle = direction_sharpness(grey, noise)
    one_sided = _one_sided(sharpest, dullest)
    kept = 1 - 0.8 * one_sided
    top = _top(steps)
    facts |= {
        "focus_best": _scaled(top) * kept,
        "focus_centre": _scaled(_top(_middle(steps))) * kept,
        "focus_share": float((np.nan_to_num(steps) >= _SHARP).mean()),
        "blur": blur_sigma(top),
        "motion_blur": one_sided,
        "motion_angle": angle,
    }
    moved = one_sided >= 0.3 and dullest < 0.115
    blurred = moved or top < _BLURRED
    return Focus(facts, _map(steps, natives, crops), blurred, not blurred and _in_the_wrong_place(steps))


def edge_steps(grey: Bytes, noise: float, shape: tuple[int, int]) -> Floats:
    """Steepest step of an edge as a share of its contrast, the 80th percentile of the edges in each cell of a grid.

    0.7 for a crisp edge; 0.38, 0.2 and 0.1 where a Gaussian blur of 1, 2 and 4 px lies over it. NaN where there are
    too few edges to tell. ``noise`` is the luma's standard deviation; only edges well above it are read.
    """
    across = _cells(_edges(grey, noise), shape)
    down = _cells(_edges(np.ascontiguousarray(grey.T), noise), shape[::-1])
    return np.asarray(np.fmax(across, down.T))


def _crop_steps(crops: Sequence[NativeGrey]) -> list[Floats]:
    """`edge_steps` of each crop on a grid of 4 x 4; crops of one shape and noise lie under each other in one run."""
    kinds = {(crop.grey.shape, crop.noise) for crop in crops}
    if len(kinds) != 1 or crops[0].grey.shape[0] != crops[0].grey.shape[1] or crops[0].grey.shape[0] % 16:
        return [edge_steps(crop.grey, crop.noise, (4, 4)) for crop in crops]
    count, noise = len(crops), crops[0].noise
    across = _cells(_edges(np.concatenate([crop.grey for crop in crops]), noise), (4 * count, 4))
    down = _cells(_edges(np.concatenate([crop.grey.T for crop in crops]), noise), (4 * count, 4))
    upright = down.reshape(count, 4, 4).transpose(0, 2, 1)
    return list(np.fmax(across.reshape(count, 4, 4), upright))


def _edges(grey: Bytes, noise: float) -> Floats:
    """Steepest step over contrast for runs along the rows, (H / 4, W / 8); NaN for runs without an edge."""
    height, width = grey.shape[0] // 4 * 4, grey.shape[1]
    if height < 4 or width < _RUN + 2:
        return np.full((1, 1), np.nan, dtype=np.float32)
    # Two rows are averaged: noise falls, edges that cross the rows stay as they are.
    rows = ((grey[0:height:4].astype(np.uint16) + grey[1:height:4]) >> 1).astype(np.uint8)
    before, after = rows[:, :-1], rows[:, 1:]
    step = np.maximum(before, after) - np.minimum(before, after)
    starts = slice(0, width - _RUN, _STEEP)
    # The step is sought in the middle of the run: an edge that the run cuts off would look too steep for its contrast.
    middles = slice(_MARGIN, width - _RUN + _MARGIN, _STEEP)
    contrast = (_slide(rows, np.maximum, _RUN) - _slide(rows, np.minimum, _RUN))[:, starts].astype(np.float32)
    steepest = _slide(step, np.maximum, _STEEP)[:, middles].astype(np.float32)
    quiet = noise / np.sqrt(2)
    contrast, steepest = contrast - 3.5 * quiet, steepest - 3.0 * quiet
    told = contrast >= _LEAST_CONTRAST + 4 * noise
    return np.where(told, np.clip(steepest / np.maximum(contrast, 1), 0, 1), np.nan).astype(np.float32)


def _slide(values: Bytes, pick: np.ufunc, length: int) -> Bytes:
    # The running extreme over a power of two of samples, by doubling.
    reach = 1
    while reach < length:
        values = pick(values[:, :-reach], values[:, reach:])
        reach *= 2
    return values


def _cells(edges: Floats, shape: tuple[int, int]) -> Floats:
    rows = np.arange(edges.shape[0]) * shape[0] // edges.shape[0]
    columns = np.arange(edges.shape[1]) * shape[1] // edges.shape[1]
    told = np.isfinite(edges)
    cell = (rows[:, None] * shape[1] + columns[None, :])[told]
    level = np.minimum((edges[told] * _LEVELS).astype(np.int64), _LEVELS - 1)
    counts = np.bincount(cell * _LEVELS + level, minlength=shape[0] * shape[1] * _LEVELS).reshape(-1, _LEVELS)
    summed = counts.cumsum(axis=1)
    total = summed[:, -1:]
    value = ((summed >= 0.8 * total).argmax(axis=1) + 0.5) / _LEVELS
    return np.where(total[:, 0] >= 2, value, np.nan).astype(np.float32).reshape(shape)


def blur_sigma(step: float) -> float:
    """The Gaussian blur in pixels that leaves an ideal edge with this steepest step over contrast (0..1)."""
    return float(1 / (np.sqrt(2 * np.pi) * max(step, 0.02)))


def direction_sharpness(grey: Bytes, noise: float) -> tuple[float, float, float]:
    """Fine over coarse gradient energy in the sharpest and in the dullest direction, and the angle of the latter.

    These are the generalised eigenvalues of the structure tensors at full and at quarter size: a scene of stripes is
    one-sided at both sizes and cancels out, while what movement wiped away is missing at full size only.

    Returns:
        sharpest and dullest, 1/16 (no fine detail) to about 1; degrees 0..180, 0 along the rows, 90 upright.
    """
    if min(grey.shape) < 16:
        return 1.0, 1.0, 0.0
    fine = _tensor(grey, 3) - np.eye(2) * 0.5 * noise**2
    # A trace of isotropic energy keeps the ratio of two nothings from deciding.
    coarse = _tensor(np.asarray(Image.fromarray(grey).reduce(4)), 1) + np.eye(2) * 0.25
    values, vectors = np.linalg.eig(np.linalg.solve(coarse, fine))
    order = np.argsort(values.real)
    dull = vectors[:, order[0]].real
    angle = float(np.degrees(np.arctan2(-dull[1], dull[0])) % 180)
    return max(0.0, float(values.real[order[1]])), max(0.0, float(values.real[order[0]])), angle


def _tensor(grey: Bytes, every: int) -> NDArray[np.float64]:
    here, above, below = (rows.astype(np.float32) for rows in (grey[1:-1:every], grey[:-2:every], grey[2::every]))
    across, down = (here[:, 2:] - here[:, :-2]) / 2, (below[:, 1:-1] - above[:, 1:-1]) / 2
    xx, yy, xy = (float(np.vdot(p, q)) / across.size for p, q in ((across, across), (down, down), (across, down)))
    return np.array([[xx, xy], [xy, yy]])


def _scaled(step: float) -> float:
    return min(1.0, max(0.0, (step - _SOFTEST) / (_SHARPEST - _SOFTEST)))


def _top(steps: Floats) -> float:
    """The fifth sharpest cell, or the last where there are fewer: one lucky speck decides nothing."""
    told = np.sort(steps[np.isfinite(steps)])[::-1]
    return float(told[min(4, len(told) - 1)]) if len(told) else 0.0


def _middle(steps: Floats) -> Floats:
    height, width = steps.shape
    return steps[height // 4 : height - height // 4, width // 4 : width - width // 4]


def _one_sided(sharpest: float, dullest: float) -> float:
    if dullest >= _CRISP or sharpest <= 0:
        return 0.0
    return min(1.0, max(0.0, 1.6 * (1 - (dullest - 0.04) / max(sharpest - 0.04, 1e-6)) - 0.3))


def _depth(grey: Bytes, steps: Floats) -> float:
    """Of the blur, in a picture whose sharpest places are soft; where only a few can be told, the sharpest is one."""
    told = steps[np.isfinite(steps)]
    best = 0.0 if not told.size else float(told.max()) if told.size < _FEWEST_CELLS else _top(steps)
    wide = 1 - ramp(best, _WIDE, _SOFT)
    return wide * blur_depth(grey) if wide > 0 else 0.0


def _blurred_beyond_measure(grey: Bytes, noise: float) -> bool:
    """Whether edges too wide to be measured at full size show at quarter size, and are soft even there."""
    small = np.asarray(Image.fromarray(grey).reduce(4))
    steps = edge_steps(small, noise / 4, grid_shape(*small.shape))
    told = np.isfinite(steps)
    return int(told.sum()) >= 2 * _FEWEST_CELLS and _top(steps) < 0.3 and formed(grey) >= _FORMED


def _in_the_wrong_place(steps: Floats) -> bool:
    """Something is sharp, but only at the rim, while the middle is full of edges and all of them are soft."""
    middle = _middle(steps)
    told = middle[np.isfinite(middle)]
    top = _top(steps)
    if top < 0.45 or len(told) < 0.5 * middle.size:
        return False
    return float(np.quantile(told, 0.95)) < min(0.24, 0.45 * top)


def _map(steps: Floats, natives: Sequence[Floats], crops: Sequence[NativeGrey]) -> Grid:
    values = np.clip((np.nan_to_num(steps) - _SOFTEST) / (_SHARPEST - _SOFTEST), 0, 1).astype(np.float32)
    height, width = values.shape
    for native, crop in zip(natives, crops, strict=True):
        left, top, right, bottom = crop.box
        rows = slice(int(top * height), max(int(top * height) + 1, int(bottom * height)))
        columns = slice(int(left * width), max(int(left * width) + 1, int(right * width)))
        if np.isfinite(native).any():
            # Only native pixels show whether what looks sharp small is sharp at 1:1, where no lens is quite crisp.
            lenient = float(np.nanmax(native)) * max(1.0, 1.5 / crop.halved)
            values[rows, columns] = (values[rows, columns] + _scaled(lenient)) / 2
    return as_grid(values)
