"""The eight themes that are a colour, read from pixels, and what pixels can say of night and snow."""

from typing import Final

import numpy as np

from photocull.core.types import Pixels
from photocull.judge.palette import SIDE
from photocull.judge.scheme import FAMILIES, Tones, family_shares, read_tones
from photocull.judge.spaces import oklab, reduced

_HUES: Final = ("blue", "green", "orange", "pink", "yellow")
_COLOURED: Final = 0.3
"""Colour weight from which a pixel counts as of its colour."""


def colour_themes(pixels: Pixels) -> dict[str, float]:
    """Confidence 0..1 of TAD66K's colour themes: black, blue, green, grey, orange, pink, white, yellow.

    A photo belongs to a colour that rules most of its area, and for a hue, most of what is coloured at all.
    """
    tones = _tones(pixels)
    coloured = tones.weight >= _COLOURED
    shares = family_shares(tones)
    found = {}
    for word in _HUES:
        family = FAMILIES.index(word)
        area = float((coloured & (tones.family == family)).mean())
        found[word] = _ramp(area, 0.2, 0.7) * _ramp(float(shares[family]), 0.45, 0.85)
    return {**found, **_grey_themes(tones)}


def scene_evidence(pixels: Pixels) -> dict[str, float]:
    """What light and colour alone say, 0..1: ``night_evidence`` (dark, with lights in it or blue), ``snow_evidence``
    (large pale areas without colour or with a little blue, that still have tones)."""
    tones = _tones(pixels)
    dark = float((tones.light < 0.35).mean())
    lights = _ramp(float(np.percentile(tones.light, 99.5)), 0.55, 0.8)
    bluish = (tones.hue > 200) & (tones.hue < 290)
    pale = (tones.light > 0.78) & (tones.light < 0.995) & ((tones.chroma < 0.035) | (bluish & (tones.chroma < 0.07)))
    return {
        "night_evidence": _ramp(dark, 0.4, 0.8) * (0.5 + 0.5 * lights),
        "snow_evidence": _ramp(float(pale.mean()), 0.1, 0.45),
    }


def _tones(pixels: Pixels) -> Tones:
    return read_tones(oklab(reduced(pixels, SIDE)))


def _grey_themes(tones: Tones) -> dict[str, float]:
    plain = tones.weight < 0.15
    black, white = float((tones.light < 0.27).mean()), float((plain & (tones.light > 0.9)).mean())
    grey = float((plain & (tones.light >= 0.27) & (tones.light <= 0.9)).mean())
    colour = _ramp(float(tones.weight.mean()), 0.02, 0.12)
    return {
        "black": _ramp(black, 0.45, 0.85),
        "white": _ramp(white, 0.4, 0.8),
        # Grey is the absence of colour: much grey asphalt under a blue sky is no grey photo.
        "grey": _ramp(grey, 0.5, 0.85) * (1 - colour),
    }


def _ramp(value: float, start: float, end: float) -> float:
    return min(1.0, max(0.0, (value - start) / (end - start)))
