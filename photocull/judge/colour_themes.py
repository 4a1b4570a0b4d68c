"""The eight themes that are a colour, read from the tones of a picture's pixels."""

from typing import Final

from photocull.judge.scheme import FAMILIES, Tones, family_shares
from photocull.judge.spaces import ramp

_HUES: Final = ("blue", "green", "orange", "pink", "yellow")
_COLOURED: Final = 0.3
"""Colour weight from which a pixel counts as of its colour."""
_VIVID: Final = 0.72
"""The same for orange and yellow: skin, wood and old paper are of their hue, but nobody calls them so."""
_WARM: Final = ("orange", "yellow")


def colour_themes(tones: Tones) -> dict[str, float]:
    """Confidence 0..1 of TAD66K's colour themes: black, blue, green, grey, orange, pink, white, yellow.

    A photo belongs to a colour that rules most of its area, and for a hue, most of what is coloured at all.
    """
    shares = family_shares(tones)
    found = {}
    for word in _HUES:
        family = FAMILIES.index(word)
        coloured = tones.weight >= (_VIVID if word in _WARM else _COLOURED)
        area = float((coloured & (tones.family == family)).mean())
        # So much vivid orange rules a picture from a smaller area than a pale sky's blue.
        ruling = ramp(area, 0.15, 0.5) if word in _WARM else ramp(area, 0.2, 0.7)
        found[word] = ruling * ramp(float(shares[family]), 0.45, 0.85)
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
        "grey": ramp(grey, 0.6, 0.95) * (1 - colour),
    }
