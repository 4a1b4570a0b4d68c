"""What lenses and hands do to sharpness: blur, movement and missed focus; part of `damage`.

Lengths are shares of the longer side, so that a strength looks the same at 512 and at 6,000 pixels. Light is added up
as light, not as sRGB's codes: bright points become discs and streaks, as they do behind a lens.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from photocull.core.types import Pixels
from photocull.judge.spaces import Floats, linear_light
from photocull.training.damage_light import quick_srgb_of

_SIDE: Final = 512
"""The longer side at which the lengths below are in pixels."""
_SIGMAS: Final = (0.6, 1.0, 1.8, 3.2)
_PATHS: Final = (3.0, 6.0, 11.0, 20.0)
_LONG: Final = 8.0
"""Pixels of a path from which whole steps follow it closely enough."""
_RADII: Final = (1.2, 2.2, 4.0, 7.0)
_LARGEST_RADIUS: Final = 4.5
"""Wider discs are laid over a reduced picture: what they leave has no finer detail."""
_SEARCH_SIDE: Final = 64


def gaussian(pixels: Pixels, strength: int, generator: np.random.Generator) -> Pixels:
    """A soft lens, a smeared one, or a small picture made large; sigma 0.6 to 3.2 pixels in 512."""
    sigma = _SIGMAS[strength - 1] * _scale(pixels)
    return np.asarray(Image.fromarray(pixels).filter(ImageFilter.GaussianBlur(sigma))).copy()


def moved(pixels: Pixels, strength: int, generator: np.random.Generator) -> Pixels:
    """A camera that moved while the shutter was open, 3 to 20 pixels in 512, at any angle."""
    length = _PATHS[strength - 1] * _scale(pixels)
    angle = float(generator.uniform(0, np.pi))
    light = linear_light(pixels)
    return quick_srgb_of(_short_path(light, length, angle) if length < _LONG else _long_path(light, length, angle))


def _short_path(light: Floats, length: float, angle: float) -> Floats:
    """The mean over a straight path of a few pixels, each place on it shared out among the four pixels around it."""
    along = np.linspace(-length / 2, length / 2, 2 * int(np.ceil(length)) + 1)
    reach = int(np.ceil(length / 2)) + 1
    weight = np.zeros((2 * reach + 1, 2 * reach + 1), dtype=np.float32)
    x, y = along * np.cos(angle) + reach, along * np.sin(angle) + reach
    column, row = np.floor(x).astype(int), np.floor(y).astype(int)
    right, down = x - column, y - row
    for one, other, share in (
        (row, column, (1 - down) * (1 - right)),
        (row, column + 1, (1 - down) * right),
        (row + 1, column, down * (1 - right)),
        (row + 1, column + 1, down * right),
    ):
        np.add.at(weight, (one, other), share.astype(np.float32) / len(along))
    padded = np.pad(light, ((reach, reach), (reach, reach), (0, 0)), mode="edge")
    height, width = light.shape[:2]
    total = np.zeros_like(light)
    for place in np.argwhere(weight > 1e-4):
        top, left = int(place[0]), int(place[1])
        total += weight[top, left] * padded[top : top + height, left : left + width]
    return total


def _long_path(light: Floats, length: float, angle: float) -> Floats:
    """The same over a path of any length, to whole pixels: a copy shifted by 1, 2, 4 ... steps is averaged in."""
    doublings = int(np.ceil(np.log2(length)))
    step = length / (2**doublings - 1)
    right, down = np.cos(angle), np.sin(angle)
    for doubling in range(doublings):
        reach = step * 2**doubling
        light = np.float32(0.5) * (light + _shifted(light, round(reach * right), round(reach * down)))
    return _shifted(light, -round(length / 2 * right), -round(length / 2 * down))


def misfocused(pixels: Pixels, strength: int, generator: np.random.Generator) -> Pixels:
    """Focus that missed: all of it, the subject before a sharp background, or all but the near or far end.

    Out of focus is a disc of light of 1.2 to 7 pixels' radius in 512.
    """
    radius = _RADII[strength - 1] * _scale(pixels)
    depth = _depth(pixels, generator)
    light = linear_light(pixels)
    far = _discs(light, radius)
    if depth is None:
        return quick_srgb_of(far)
    near = _discs(light, radius / 2)
    depth = depth[..., None]
    # Between sharp and soft lies half as soft: a mixture of sharp and soft would be a glow.
    first, second = np.clip(2 * depth, 0, 1), np.clip(2 * depth - 1, 0, 1)
    return quick_srgb_of(light + first * (near - light) + second * (far - near))


def _scale(pixels: Pixels) -> float:
    return float(max(pixels.shape[0], pixels.shape[1]) / _SIDE)


def _shifted(light: Floats, right: int, down: int) -> Floats:
    """Moved by whole pixels; what comes in at the border repeats it."""
    rows = np.clip(np.arange(light.shape[0]) - down, 0, light.shape[0] - 1)
    columns = np.clip(np.arange(light.shape[1]) - right, 0, light.shape[1] - 1)
    moved_down = light[rows] if down else light
    return moved_down[:, columns] if right else moved_down


def _discs(light: Floats, radius: float) -> Floats:
    """Every point spread to a disc with a soft rim."""
    factor = int(radius // _LARGEST_RADIUS) + 1 if radius > _LARGEST_RADIUS else 1
    if factor == 1:
        return _spread(light, radius)
    height, width = light.shape[:2]
    small = _resized(light, max(1, width // factor), max(1, height // factor))
    return _resized(_spread(small, radius / factor), width, height)


def _spread(light: Floats, radius: float) -> Floats:
    reach = int(np.ceil(radius))
    padded = np.pad(light, ((reach, reach), (reach, reach), (0, 0)), mode="edge")
    y, x = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    weight = np.clip(radius + 0.5 - np.hypot(x, y), 0, 1).astype(np.float32)
    weight /= weight.sum()
    height, width = light.shape[:2]
    total = np.zeros_like(light)
    for row, weights in enumerate(weight):
        total += _row_sum(padded[row : row + height], weights, width)
    return total


def _row_sum(rows: Floats, weights: NDArray[np.float32], width: int) -> Floats:
    """Rows under one row of the disc: equal weights by running sums, the rim's two by themselves."""
    inner = np.flatnonzero(weights >= weights.max() * 0.999)
    first, last = int(inner[0]), int(inner[-1]) + 1
    sums = np.cumsum(rows, axis=1, dtype=np.float32)
    total = sums[:, last - 1 : last - 1 + width].copy()
    if first:
        total -= sums[:, first - 1 : first - 1 + width]
    total *= weights[first]
    for place in (*range(first), *range(last, len(weights))):
        if weights[place] > 0:
            total += weights[place] * rows[:, place : place + width]
    return total


def _resized(light: Floats, width: int, height: int) -> Floats:
    planes = [Image.fromarray(np.ascontiguousarray(light[..., channel])) for channel in range(light.shape[2])]
    return np.stack([np.asarray(plane.resize((width, height), Image.Resampling.BICUBIC)) for plane in planes], axis=-1)


def _depth(pixels: Pixels, generator: np.random.Generator) -> Floats | None:
    """(H, W) how far out of focus each place is, 0 sharp to 1; None where all of it is."""
    kind, turn, wide, high = generator.random(4)
    if kind < 0.35:
        return None
    height, width = pixels.shape[:2]
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    x, y = (x + 0.5) / width, (y + 0.5) / height
    if kind < 0.75:
        column, row = _subject(pixels)
        away = np.hypot((x - column) / (0.22 + 0.16 * wide), (y - row) / (0.26 + 0.18 * high))
        return np.asarray(np.clip((1.35 - away) / 0.35, 0, 1), dtype=np.float32)
    # A plane through the scene: one end is in focus, and the subject in the middle is not.
    along = (y - 0.5) * np.cos(turn - 0.5) + (x - 0.5) * np.sin(turn - 0.5)
    return np.asarray(np.clip((0.32 - along if wide < 0.7 else 0.32 + along) / 0.2, 0, 1), dtype=np.float32)


def _subject(pixels: Pixels) -> tuple[float, float]:
    """Where the detail is that focus is missed on, as shares of width and height: its centre, nearer the middle."""
    grey = np.asarray(Image.fromarray(pixels).convert("L").resize((_SEARCH_SIDE, _SEARCH_SIDE)), dtype=np.float32)
    detail = np.abs(np.diff(grey, axis=0))[:, 1:] + np.abs(np.diff(grey, axis=1))[1:]
    places = (np.arange(_SEARCH_SIDE - 1) + 1) / _SEARCH_SIDE
    middle = np.exp(-(((places - 0.5) / 0.25) ** 2))
    weight = (detail + 1e-3) * np.outer(middle, middle)
    share = weight / weight.sum()
    return float(share.sum(axis=0) @ places), float(share.sum(axis=1) @ places)
