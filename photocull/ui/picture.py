"""A photo's pixels as the loupe paints them: at the sizes in use, so that any zoom draws fast and without aliasing."""

import io
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PySide6.QtGui import QImage

from photocull.core.types import Pixels
from photocull.ui.zoom import Zoom

Screen = NDArray[np.uint8]
"""(H, W, 4) uint8, blue green red 255, as Qt keeps an opaque picture on little-endian machines and draws it fastest; or
(H, W, 3) red green blue, where turning 24 million pixels round would cost more than drawing those in sight."""
_STRIP: Final = 256
"""Rows; a multiple of every factor by which a picture is reduced, so that strips come out as the whole would."""
_FARTHEST: Final = 64


@dataclass(frozen=True, slots=True, eq=False)
class Level:
    """The photo at one size; ``image`` looks into ``screen``, so the two live and die together."""

    screen: Screen
    image: QImage

    @property
    def width(self) -> int:
        """Pixels across."""
        return int(self.screen.shape[1])

    @property
    def size(self) -> tuple[int, int]:
        """Width and height."""
        return self.width, int(self.screen.shape[0])

    def piece(self, left: int, top: int, right: int, bottom: int) -> Pixels:
        """(h, w, 3) sRGB of a rectangle, contiguous; a copy."""
        found = self.screen[top:bottom, left:right]
        return np.ascontiguousarray(found if found.shape[2] == 3 else found[..., 2::-1])


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A photo's pixels and, made as they are asked for, the same at smaller sizes.

    Attributes:
        levels: largest first, at least one.
    """

    levels: tuple[Level, ...]

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the largest level."""
        return self.levels[0].size

    @property
    def bytes(self) -> int:
        """What it weighs in memory."""
        return sum(level.screen.nbytes for level in self.levels)

    def level(self, width: float) -> int:
        """The index of the smallest level with at least ``width`` pixels across, else of the largest."""
        fitting = [i for i, level in enumerate(self.levels) if level.width >= width * 0.999]
        return fitting[-1] if fitting else 0

    def missing(self, zoom: Zoom) -> tuple[int, int] | None:
        """The size of the level that would show the photo best as it is looked at, None where there is none better.

        Seen whole, that is one of just this size, painted as it is; nearer, a half, a quarter, ... of its own pixels.
        """
        wanted = zoom.whole(zoom.photo) if zoom.scale is None else _part(self.size, zoom.placed().width)
        there = wanted[0] >= self.size[0] or any(level.size == wanted for level in self.levels)
        return None if there else wanted


def picture(pixels: Pixels) -> Picture:
    """A photo as Qt draws it fastest. Heavy: not for the GUI thread."""
    return Picture((_level(_screen(pixels)),))


def at_full_size(pixels: Pixels) -> Picture:
    """A photo to be looked at 1:1 at once, its pixels as the decoder left them."""
    height, width = pixels.shape[:2]
    return Picture((Level(pixels, QImage(pixels.data, width, height, 3 * width, QImage.Format.Format_RGB888)),))


def with_level(made: Picture, size: tuple[int, int]) -> Picture:
    """The same with a level of this width and height, smaller than its own. Heavy: not for the GUI thread.

    Of the others the smallest stays beside the largest: the photo seen whole, while one looks at it from between.
    """
    whole, *others = made.levels
    source = [level for level in made.levels if level.width >= size[0]][-1]
    kept = [level for level in others if level.size != size][-1:]
    found = [*kept, _level(_shrunk(source, size))]
    return Picture((whole, *sorted(found, key=lambda level: level.width, reverse=True)))


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


def _part(size: tuple[int, int], width: float) -> tuple[int, int]:
    """The smallest half, quarter, ... of a size that is still ``width`` across, as Pillow rounds it; else all of it."""
    factor = 1
    while factor < _FARTHEST and size[0] >= 2 * factor * width:
        factor *= 2
    return -(-size[0] // factor), -(-size[1] // factor)


def _shrunk(level: Level, size: tuple[int, int]) -> Screen:
    """Means over whole blocks first, then Hamming's window, as previews are made."""
    factor = 1
    while factor < _FARTHEST and level.width >= 2 * factor * size[0]:
        factor *= 2
    small = level.screen if factor == 1 else _reduced(level.screen, factor)
    if small.shape[1::-1] != size:
        small = np.asarray(_image(small).resize(size, Image.Resampling.HAMMING))
    return _screen(small) if small.shape[2] == 3 else np.array(small)


def _reduced(screen: Screen, factor: int) -> Screen:
    # In strips: Pillow copies what it reads of three bytes a pixel into four.
    strips = (screen[top : top + _STRIP] for top in range(0, len(screen), _STRIP))
    return np.vstack([np.asarray(_image(strip).reduce(factor)) for strip in strips])


def _image(screen: Screen) -> Image.Image:
    # "RGBX" only means four bytes to Pillow here; unlike Qt's own scaling it leaves the interpreter free meanwhile.
    height, width, count = screen.shape
    if count == 3:
        return Image.fromarray(screen)
    return Image.frombuffer("RGBX", (width, height), screen, "raw", "RGBX", 0, 1)
