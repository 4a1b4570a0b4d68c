"""Overlays on the photo: their names, keys and legends, and the pictures of them (made off the GUI thread)."""

from dataclasses import dataclass
from typing import Final

from photocull.core.types import Grid, Pixels
from photocull.core.vocabulary import OverlayKind
from photocull.judge.painting import paint_clipping, paint_map
from photocull.ui.picture import Picture, picture


@dataclass(frozen=True, slots=True)
class Overlay:
    """One overlay as the window offers it.

    Attributes:
        kind: as in the catalogue. title: on its button. key: as shown. legend: how to read it, in a sentence.
        low, high: the ends of its scale, in a few words.
    """

    kind: OverlayKind
    title: str
    key: str
    legend: str
    low: str
    high: str


OVERLAYS: Final[tuple[Overlay, ...]] = (
    Overlay(
        "aesthetic",
        "Attention",
        "⇧A",
        "Dark: little, bright: much of the score comes from here.",
        "little",
        "much of the score",
    ),
    Overlay(
        "theme",
        "Theme",
        "⇧T",
        "Dark: little, bright: much of the theme comes from here.",
        "little",
        "much of the theme",
    ),
    Overlay(
        "colour",
        "Colour",
        "⇧C",
        "Dark: little, bright: much of the colour score comes from here.",
        "little",
        "much of the colour",
    ),
    Overlay("focus", "Focus", "⇧F", "Dark: soft, bright: sharp.", "soft", "sharp"),
    Overlay(
        "clipping",
        "Clipping",
        "J",
        "Red: burnt out, no detail left. Blue: pure black, no detail left.",
        "black",
        "burnt out",
    ),
)


def overlay(kind: str) -> Overlay | None:
    """The overlay of this kind, None where the window offers none."""
    return next((known for known in OVERLAYS if known.kind == kind), None)


def key_of(kind: str | None) -> str:
    """The key that shows this kind of evidence; empty where there is none."""
    known = overlay(kind) if kind else None
    return known.key if known else ""


def painted(pixels: Pixels, kind: str, grid: Grid | None) -> Picture:
    """The overlay drawn into the photo, of the same size and so exactly aligned. Heavy: not for the GUI thread."""
    shown = paint_clipping(pixels) if kind == "clipping" or grid is None else paint_map(pixels, grid)
    return picture(shown, halves=False)
