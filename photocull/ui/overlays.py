"""Overlays on the photo: their names, keys and legends, and the pictures of them (made off the GUI thread)."""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from photocull.core.types import Grid
from photocull.core.vocabulary import OverlayKind
from photocull.judge.dots import paint_dots
from photocull.judge.naming import parts
from photocull.judge.painting import enlarge, paint_clipping, paint_map
from photocull.judge.reading import gives, overlay_kinds
from photocull.ui.picture import Level, picture
from photocull.ui.zoom import Zoom

CELL: Final = 16
"""Pixels, at most, by which pieces of an overlay are cut; a finer map has one value for each such square."""


@dataclass(frozen=True, slots=True)
class Overlay:
    """One overlay as the window offers it.

    Attributes:
        kind: as in the catalogue. title: on its button. legend: how to read it, in a sentence.
        low, high: the ends of its scale, in a few words.
    """

    kind: OverlayKind
    title: str
    legend: str
    low: str
    high: str


OVERLAYS: Final[tuple[Overlay, ...]] = (
    Overlay(
        "aesthetic",
        "Attention",
        "Dark: little, bright: much of the score comes from here.",
        "little",
        "much",
    ),
    Overlay(
        "theme",
        "Theme",
        "Dark: little, bright: much of the theme comes from here.",
        "little",
        "much",
    ),
    Overlay(
        "colour",
        "Colour",
        "Dark: little, bright: much of the colour score comes from here.",
        "little",
        "much",
    ),
    Overlay(
        "similarity",
        "Likeness",
        "Bright: coloured like the outlined cell. Click on the photo to choose another cell, Esc to go back.",
        "other",
        "alike",
    ),
    Overlay(
        "points",
        "Points",
        "Dots: where the colour model looks; the larger and brighter, the more it takes from there.",
        "little",
        "much",
    ),
    Overlay(
        "gates",
        "Gates",
        "Dark: closed, bright: the colour model places a point of its own for what is here.",
        "closed",
        "open",
    ),
    Overlay("focus", "Focus", "Dark: soft, bright: sharp.", "soft", "sharp"),
    Overlay(
        "clipping",
        "Clipping",
        "Red: burnt out, no detail left. Blue: pure black, no detail left.",
        "black",
        "burnt out",
    ),
)


def overlay(kind: str) -> Overlay | None:
    """The overlay of this kind, None where the window offers none."""
    return next((known for known in OVERLAYS if known.kind == kind), None)


def offered_by(model: str) -> frozenset[OverlayKind]:
    """The overlays that a model can have, by its (joined) name. Not for the GUI thread.

    Raises:
        ModelError: a model's card is missing or damaged.
    """
    from photocull.models.store import cards  # with the engines behind it, which the window does not wait for

    architectures = {card.name: card.architecture for card in cards()}
    return overlay_kinds([gives(architectures.get(part.name, ""), part.scores) for part in parts(model)])


def command_of(kind: str) -> str:
    """The id of the command that shows this overlay."""
    return f"overlay-{kind}"


@dataclass(frozen=True, slots=True)
class Region:
    """A rectangle of a picture's pixels; its edges lie between cells of about `CELL` pixels."""

    left: int
    top: int
    right: int
    bottom: int

    def holds(self, other: "Region") -> bool:
        """Whether the other lies within this one."""
        across = self.left <= other.left and other.right <= self.right
        return across and self.top <= other.top and other.bottom <= self.bottom


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """A painted piece of an overlay and where it lies in the photo, as shares of its width and height."""

    level: Level
    x: float
    y: float
    width: float
    height: float


def seen(zoom: Zoom, size: tuple[int, int], margin: float = 0.0) -> Region:
    """What is in view of a picture of this size.

    Args:
        margin: how much more on every side, as a share of what is seen.
    """
    ends = [zoom.at(0, 0), zoom.at(*zoom.view)]
    sides: list[tuple[int, int]] = []
    for axis, pixels in enumerate(size):
        low, high = ends[0][axis], ends[1][axis]
        more = (high - low) * margin
        cells = _cells(pixels)
        first = min(cells - 1, math.floor(max(0.0, low - more) * cells))
        last = max(first + 1, math.ceil(min(1.0, high + more) * cells))
        sides.append((round(first * pixels / cells), round(last * pixels / cells)))
    return Region(sides[0][0], sides[1][0], sides[0][1], sides[1][1])


def painted(level: Level, region: Region, kind: str, grid: Grid | None) -> Part:
    """The overlay drawn into a piece of the photo, and so exactly aligned. Heavy: not for the GUI thread."""
    pixels = level.piece(region.left, region.top, region.right, region.bottom)
    if kind == "clipping" or grid is None:
        shown = paint_clipping(pixels)
    elif kind == "points":
        shown = paint_dots(pixels, grid, region.left, region.top, level.image.width(), level.image.height())
    else:
        shown = paint_map(pixels, _cut(grid, level, region))
    width, height = level.image.width(), level.image.height()
    across, down = (region.right - region.left) / width, (region.bottom - region.top) / height
    return Part(picture(shown).levels[0], region.left / width, region.top / height, across, down)


def _cut(grid: Grid, level: Level, region: Region) -> Grid:
    """The map over a region: made finer first, so that cutting it moves nothing."""
    width, height = level.image.width(), level.image.height()
    if (region.right - region.left, region.bottom - region.top) == (width, height):
        return grid
    across, down = _cells(width), _cells(height)
    rows = slice(round(region.top * down / height), round(region.bottom * down / height))
    columns = slice(round(region.left * across / width), round(region.right * across / width))
    return enlarge(grid, across, down)[rows, columns].astype(np.float16)


def _cells(pixels: int) -> int:
    return math.ceil(pixels / CELL)
