"""The eight themes that are a colour, read from the tones of a picture's pixels."""

from typing import Final

from photocull.judge.scheme import FAMILIES, Tones, family_shares
from photocull.judge.spaces import ramp

_HUES: Final = ("blue", "green", "orange", "pink", "yellow")
_COLOURED: Final = 0.3
"""Colour weight from which a pixel counts as of its colour."""


def colour_themes(tones: Tones) -> dict[str, float]:
    """Confidence 0..1 of TAD66K's colour themes: black, blue, green, grey, orange, pink, white, yellow.

    A photo belongs to a colour that rules most of its area, and for a hue, most of what is coloured at all.
    """
    coloured = tones.weight >= _COLOURED
    shares = family_shares(tones)
    found = {}
    for word in _HUES:
        family = FAMILIES.index(word)
        area = float((coloured & (tones.family == family)).mean())
        found[word] = ramp(area, 0.2, 0.7) * ramp(float(shares[family]), 0.45, 0.85)
    return {**found, **_grey_themes(tones)}


def _grey_themes(tones: Tones) -> dict[str, float]:
    plain = tones.weight < 0.15
    black, white = float((tones.light < 0.27).mean()), float((plain & (tones.light > 0.9)).mean())
    grey = float((plain & (tones.light >= 0.27) & (tones.light <= 0.9)).mean())
    colour = ramp(float(tones.weight.mean()), 0.02, 0.12)
    return {
        "black": ramp(black, 0.45, 0.85),
        "white": ramp(white, 0.4, 0.8),
        # Grey is the absence of colour: much grey asphalt under a blue sky is no grey photo.
        "grey": ramp(grey, 0.5, 0.85) * (1 - colour),
    }
