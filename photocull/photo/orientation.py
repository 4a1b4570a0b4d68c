"""The eight EXIF orientations (EXIF 2.32, tag 0x0112): pixels turned upright, boxes back into the stored picture."""

from typing import Final

from PIL import Image

_TURNS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

Share = tuple[float, float]
"""A point as a share of width and height, 0..1."""
Box = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels."""


def sane(orientation: int | None) -> int:
    """1..8; anything else counts as upright."""
    return orientation if orientation in _TURNS else 1


def upright(image: Image.Image, orientation: int) -> Image.Image:
    """The picture turned as it is to be shown."""
    return image.transpose(_TURNS[orientation]) if orientation in _TURNS else image


def shown_size(size: tuple[int, int], orientation: int) -> tuple[int, int]:
    """Width and height after turning."""
    return (size[1], size[0]) if orientation in (5, 6, 7, 8) else size


def shown_point(point: Share, orientation: int) -> Share:
    """Where a point of the stored picture lies in the upright one."""
    x, y = point
    turned = {
        2: (1 - x, y),
        3: (1 - x, 1 - y),
        4: (x, 1 - y),
        5: (y, x),
        6: (1 - y, x),
        7: (1 - y, 1 - x),
        8: (y, 1 - x),
    }
    return turned.get(orientation, point)


def stored_box(box: Box, size: tuple[int, int], orientation: int) -> Box:
    """Where a box of the upright picture lies in the stored one.

    Args:
        size: width and height of the upright picture.
    """
    left, top, right, bottom = box
    width, height = size
    flipped_x, flipped_y = (width - right, width - left), (height - bottom, height - top)
    x, y = (left, right), (top, bottom)
    pairs = {
        2: (flipped_x, y),
        3: (flipped_x, flipped_y),
        4: (x, flipped_y),
        5: (y, x),
        6: (y, flipped_x),
        7: (flipped_y, flipped_x),
        8: (flipped_y, x),
    }
    (x0, x1), (y0, y1) = pairs.get(orientation, (x, y))
    return (x0, y0, x1, y1)
