"""The 47 themes of a photo: what is in it from the network's numbers, what colour it is from its pixels."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from photocull.core.types import Pixels, Theme
from photocull.core.vocabulary import COLOUR_THEMES, THEMES
from photocull.judge.networks.heads import LinearHeads, Vector
from photocull.judge.spaces import lightness, linear_light, ramp, reduced

NETWORK_THEMES: Final[tuple[str, ...]] = tuple(theme for theme in THEMES if theme not in COLOUR_THEMES)
"""In the order of the theme head's outputs; the 8 `COLOUR_THEMES` are read from pixels alone, see `colour_themes`."""
LEAST: Final = 0.05
"""A theme with less confidence is not reported."""

_SIDE: Final = 128
_LUMINANCE: Final = np.array([0.2126, 0.7152, 0.0722], dtype=np.float32)


def network_confidences(heads: LinearHeads, numbers: Vector) -> dict[str, float]:
    """Confidence 0..1 of each of `NETWORK_THEMES` from the trunk's `features` (2568,)."""
    odds = heads.values(numbers)
    return {theme: float(1 / (1 + np.exp(-value))) for theme, value in zip(NETWORK_THEMES, odds, strict=True)}


def tempered(confidences: Mapping[str, float], pixels: Pixels) -> dict[str, float]:
    """Doubt what the pixels speak against: a night that is bright, a snow with nothing pale in it."""
    small = linear_light(reduced(pixels, _SIDE))
    light = lightness(small @ _LUMINANCE)
    colourless = small.max(axis=-1) - small.min(axis=-1) < 0.25 * small.max(axis=-1)
    pale = float(((light > 60) & colourless).mean())
    result = dict(confidences)
    result["night"] *= 1 - ramp(float(np.median(light)), 45, 70)
    result["snow"] *= ramp(pale, 0.0, 0.05)
    return result


def best_first(confidences: Mapping[str, float]) -> tuple[Theme, ...]:
    """The themes worth reporting; of equal confidence in the vocabulary's order."""
    worth = [Theme(name, confidences[name]) for name in THEMES if confidences.get(name, 0.0) >= LEAST]
    return tuple(sorted(worth, key=lambda theme: -theme.confidence))


def best_network_theme(themes: Sequence[Theme]) -> int | None:
    """Column of the theme head for the best theme that came from the network, if any did."""
    for theme in themes:
        if theme.name in NETWORK_THEMES:
            return NETWORK_THEMES.index(theme.name)
    return None
