"""A contact sheet: the best and the worst photos of a choice with their scores, as one picture to be looked at."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from photocull.core.errors import PhotocullError, printable
from photocull.core.types import Pixels
from photocull.photo.decode import load_preview

_COLUMNS: Final = 6
_SIDE: Final = 240
_CELL: Final = (_SIDE + 16, _SIDE + 52)
_MARGIN: Final = 24
_HEADING: Final = 44
_PAPER: Final = (30, 30, 30)
_INK: Final = (225, 225, 225)
_DIM: Final = (150, 150, 150)
_LETTERS: Final = 36
"""Of a name, that fit below a photo."""


@dataclass(frozen=True, slots=True)
class Shot:
    """A photo of the sheet with the line of figures below its name."""

    path: Path
    figures: str


def contact_sheet(parts: Sequence[tuple[str, Sequence[Shot]]]) -> Pixels:
    """(H, W, 3) uint8: each part under its heading, six photos a row; a photo that cannot be read is an empty frame.

    Args:
        parts: headings with their photos, in the order in which they are shown.
    """
    shown = [(heading, shots) for heading, shots in parts if shots]
    height = _MARGIN + sum(_HEADING + _rows(shots) * _CELL[1] for _, shots in shown) + _MARGIN
    sheet = Image.new("RGB", (2 * _MARGIN + _COLUMNS * _CELL[0], height), _PAPER)
    draw, top = ImageDraw.Draw(sheet), _MARGIN
    for heading, shots in shown:
        draw.text((_MARGIN, top), heading, _INK, ImageFont.load_default(22))
        top += _HEADING
        for number, shot in enumerate(shots):
            row, column = divmod(number, _COLUMNS)
            _place(sheet, draw, shot, (_MARGIN + column * _CELL[0], top + row * _CELL[1]))
        top += _rows(shots) * _CELL[1]
    return np.asarray(sheet)


def _rows(shots: Sequence[Shot]) -> int:
    return -(-len(shots) // _COLUMNS)


def _place(sheet: Image.Image, draw: ImageDraw.ImageDraw, shot: Shot, place: tuple[int, int]) -> None:
    left, top = place
    try:
        small = Image.fromarray(load_preview(shot.path, _SIDE))
        sheet.paste(small, (left + (_SIDE - small.width) // 2, top + (_SIDE - small.height) // 2))
    except PhotocullError:
        draw.rectangle((left, top, left + _SIDE, top + _SIDE), outline=_DIM)
    font = ImageFont.load_default(12)
    draw.text((left, top + _SIDE + 4), _shortened(printable(shot.path.name)), _INK, font)
    draw.text((left, top + _SIDE + 20), shot.figures, _DIM, font)


def _shortened(name: str) -> str:
    """The ends of a long name; its middle tells least."""
    if len(name) <= _LETTERS:
        return name
    half = (_LETTERS - 1) // 2
    return f"{name[:half]}…{name[-half:]}"
