"""The 47 themes of a photo: what is in it from the network's numbers, what colour it is from its pixels."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from photocull.core.types import Theme
from photocull.core.vocabulary import COLOUR_THEMES, THEMES
from photocull.judge.networks.class_groups import GROUPS, group_odds, odds_gradient
from photocull.judge.networks.heads import FEATURES, POOLED, LinearHeads, Vector, read_linear_heads
from photocull.judge.small import Small
from photocull.judge.spaces import Floats, cell_means, ramp

NETWORK_THEMES: Final[tuple[str, ...]] = tuple(theme for theme in THEMES if theme not in COLOUR_THEMES)
"""In the order of the theme head's outputs; the 8 `COLOUR_THEMES` are read from pixels alone, see `colour_themes`."""
LEAST: Final = 0.05
"""A theme with less confidence is not reported."""
_BLANK, _PICTURE = 3.0, 10.0
"""`detail` of what shows nothing, and of a picture. Blank frames, even ramps, noise and photos blurred by a twelfth of
their side have 1.8 or less; of 1,211 validation photos all but two have 13 or more (docs/decisions/0015-themes.md)."""
_CELL: Final = 4
THEME_INPUTS: Final = FEATURES + GROUPS
"""2587 numbers that a theme probe reads: the trunk's, then the odds of the classes that name a theme."""


def theme_numbers(numbers: NDArray[np.floating]) -> Vector:
    """(..., 2587) what theme probes read, from a photo's numbers, of which the first are the trunk's `features`."""
    first = numbers[..., :FEATURES].astype(np.float64)
    return np.concatenate([first, group_odds(first[..., POOLED:])], axis=-1)


def read_theme_heads(tensors: Mapping[str, NDArray[np.generic]]) -> LinearHeads:
    """The probes stored under ``heads.themes.*``; those of earlier models read the trunk's 2,568 numbers alone.

    Raises:
        ModelError: a tensor is missing or its shape does not fit.
    """
    return read_linear_heads(tensors, "themes", len(NETWORK_THEMES), (FEATURES, THEME_INPUTS))


def network_confidences(heads: LinearHeads, numbers: Vector) -> dict[str, float]:
    """Confidence 0..1 of each of `NETWORK_THEMES` from a photo's numbers, of which the first are `features` (2568,)."""
    odds = heads.values(theme_numbers(numbers)[: heads.centre.size])
    # Beyond these odds a confidence is 0 or 1 in every digit that is shown, and exp would overflow.
    shares = 1 / (1 + np.exp(-np.clip(odds, -60, 60)))
    return {theme: float(share) for theme, share in zip(NETWORK_THEMES, shares, strict=True)}


def theme_gradient(heads: LinearHeads, numbers: Vector, column: int) -> Vector:
    """(2568,) derivative of one theme's log odds by the trunk's `features`, at this photo's."""
    gradient = heads.gradient(column)
    towards = gradient[:FEATURES].copy()
    if gradient.size > FEATURES:
        towards[POOLED:] += odds_gradient(numbers[POOLED:FEATURES], gradient[FEATURES:])
    return towards


def tempered(confidences: Mapping[str, float], small: Small) -> dict[str, float]:
    """Doubt what the pixels speak against: a bright night, a snow with nothing pale in it, anything in a blank."""
    light = small.lab[..., 0]
    colourless = small.brightest - small.darkest < 0.25 * small.brightest
    pale = float(((light > 60) & colourless).mean())
    # The trunk has never seen a blank frame, and calls it a sky.
    there = ramp(detail(small), _BLANK, _PICTURE)
    result = {name: there * value for name, value in confidences.items()}
    result["night"] *= 1 - ramp(float(np.median(light)), 45, 70)
    result["snow"] *= ramp(pale, 0.0, 0.05)
    return result


def detail(small: Small) -> float:
    """How much one place of a picture differs from what lies on both sides of it, at most, in units of CIELAB.

    Even ramps have none. What noise would leave by chance is taken off: it shrinks with the size of the place, which
    what is seen in a picture does not.
    """
    height, width = small.lab.shape[:2]
    shape = max(1, height // _CELL), max(1, width // _CELL)
    places = np.stack([cell_means(small.lab[..., channel], shape) for channel in range(3)], axis=-1)
    fine = _bends(small.lab)
    noise = float(np.sqrt(np.square(fine).mean())) if fine.size else 0.0
    return max(0.0, float(_bends(places).max(initial=0.0)) - noise)


def _bends(lab: Floats) -> Floats:
    """Second differences along rows and columns, of the channel that bends most."""
    bends = [np.abs(np.diff(lab, 2, axis=axis)) for axis in (0, 1)]
    # Channel by channel: a maximum along the last, shortest axis takes several times as long.
    return np.concatenate([np.maximum(np.maximum(b[..., 0], b[..., 1]), b[..., 2]).ravel() for b in bends])


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
