"""A photo's pixels as the loupe paints them: at several sizes, so that any zoom draws fast and without aliasing."""

import io
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PySide6.QtGui import QImage

from photocull.core.types import Pixels

Screen = NDArray[np.uint8]
"""(H, W, 4) uint8, blue green red 255, as Qt keeps an opaque picture on little-endian machines and draws it fastest; or
(H, W, 3) red green blue, where turning 24 million pixels round would cost more than drawing those in sight."""
_STRIP: Final = 256
"""Rows; even, so that every strip is halved as the whole would be."""
_LEAST: Final = 700
"""A level is halved while its longer side stays above this."""


@dataclass(frozen=True, slots=True, eq=False)
class Level:
    """The photo at one size; ``image`` looks into ``screen``, so the two live and die together."""

    screen: Screen
    image: QImage

    @property
    def width(self) -> int:
        """Pixels across."""
        return int(self.screen.shape[1])

    def piece(self, left: int, top: int, right: int, bottom: int) -> Pixels:
        """(h, w, 3) sRGB of a rectangle, contiguous; a copy."""
        found = self.screen[top:bottom, left:right]
        return np.ascontiguousarray(found if found.shape[2] == 3 else found[..., 2::-1])


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A photo at falling sizes, each half the one before.

    Attributes:
        levels: largest first, at least one.
    """

    levels: tuple[Level, ...]

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the largest level."""
        return self.levels[0].image.width(), self.levels[0].image.height()

    @property
    def bytes(self) -> int:
        """What it weighs in memory."""
        return sum(level.screen.nbytes for level in self.levels)

    def level(self, width: float) -> int:
        """The index of the smallest level with at least ``width`` pixels across, else of the largest."""
        fitting = [i for i, level in enumerate(self.levels) if level.width >= width * 0.999]
        return fitting[-1] if fitting else 0


def picture(pixels: Pixels, *, halves: bool = True) -> Picture:
    """The levels of a photo; with ``halves`` False the one size alone. Heavy: not for the GUI thread."""
    levels = [_level(_screen(pixels))]
    while halves and max(levels[-1].screen.shape[:2]) // 2 > _LEAST:
        levels.append(_level(_halved(levels[-1].screen)))
    return Picture(tuple(levels))


def at_full_size(pixels: Pixels) -> Picture:
    """A photo to be looked at 1:1 at once, without smaller levels; see `with_halves`."""
    height, width = pixels.shape[:2]
    return Picture((Level(pixels, QImage(pixels.data, width, height, 3 * width, QImage.Format.Format_RGB888)),))


def with_halves(made: Picture) -> Picture:
    """The same with its smaller levels, which looking from between fit and 1:1 needs. Heavy, as `picture`."""
    whole, (width, height) = made.levels[0], made.size
    # In strips: Pillow needs a copy of what it reduces, four bytes a pixel.
    strips = (whole.piece(0, top, width, min(top + _STRIP, height)) for top in range(0, height, _STRIP))
    smaller = np.vstack([np.asarray(Image.fromarray(strip).reduce(2)) for strip in strips])
    return Picture((whole, *picture(smaller).levels))


def from_jpeg(data: bytes) -> Pixels:
    """The pixels of a stored preview.

    Raises:
        OSError: these bytes are no picture.
    """
    with Image.open(io.BytesIO(data)) as image:
        return np.asarray(image.convert("RGB"))


def _screen(pixels: Pixels) -> Screen:
    screen = np.empty((*pixels.shape[:2], 4), np.uint8)
    screen[..., 2::-1] = pixels
    screen[..., 3] = 255
    return screen


def _level(screen: Screen) -> Level:
    height, width = screen.shape[:2]
    return Level(screen, QImage(screen.data, width, height, 4 * width, QImage.Format.Format_RGB32))


def _halved(screen: Screen) -> Screen:
    # "RGBX" only means four bytes to Pillow here; unlike Qt's own scaling it leaves the interpreter free meanwhile.
    height, width = screen.shape[:2]
    image = Image.frombuffer("RGBX", (width, height), screen, "raw", "RGBX", 0, 1)
    return np.asarray(image.reduce(2)).copy()
