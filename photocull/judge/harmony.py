"""How well a picture's colours go together, from published measurements of people; the source of the colour score.

Harmony is Ou and Luo's model for two colours (Color Research and Application 31(3), 2006, 191-204), additive over pairs
as its authors found for three (Ou, Chong, Luo and Minchew, CRA 36(5), 2011). Colourfulness is Hasler and Süsstrunk's M
(SPIE 5007, 2003). Chosen, not fitted: docs/decisions/0003-colour-score.md holds what was compared and what the photo's
score cannot do; `theme_harmony`, for palettes of swatches, is argued in docs/decisions/0013-colour-model.md.
"""

from typing import Final

import numpy as np

from photocull.core.types import Pixels
from photocull.judge.spaces import Floats

BEST_COLOURFULNESS: Final = 70.5
"""Midway between "quite" (59) and "highly colourful" (82) on Hasler and Süsstrunk's scale of words."""
_LEAST_COLOURFULNESS: Final = (3.0, 10.0)
"""Below the first a picture is black and white, which is a choice and neither rewarded nor punished."""
_PHOTOS_HARMONY: Final = (0.216, 0.338)
"""Mean and spread over 2,092 ordinary photos (no rating is involved); so are the two that follow."""
_PHOTOS_PLEASURE: Final = (-0.527, 0.358)
_PHOTOS_SUM: Final = (0.009, 1.148)
_SPREAD: Final = 0.75
_DRAWN_ALIKE: Final = (-78.1, 17.8)
"""Mean and spread over palettes of five colours drawn evenly from sRGB (no data at all); so are the two that follow."""
_DRAWN_LIGHT: Final = (-0.032, 0.450)
_DRAWN_CALM: Final = (-1.612, 0.510)


def pair_harmony(first: Floats, second: Floats) -> Floats:
    """Ou and Luo's CH of colour pairs, about -1.2 (disharmonious) to 1.3 (harmonious); CIELAB (..., 3) each.

    CH = HC + HL + HH: chromatic effect, lightness effect (its sum and its difference) and hue effect, as in the
    paper's model (its equations for HC, HL and HH; hue angles in degrees, the hue difference metric).
    """
    chroma1, chroma2 = np.hypot(first[..., 1], first[..., 2]), np.hypot(second[..., 1], second[..., 2])
    opponent = ((first[..., 1:] - second[..., 1:]) ** 2).sum(axis=-1)
    chroma_difference = chroma1 - chroma2
    hue_difference_squared = np.maximum(opponent - chroma_difference**2, 0)
    chromatic = np.sqrt(hue_difference_squared + (chroma_difference / 1.46) ** 2)
    lightness_sum = first[..., 0] + second[..., 0]
    lightness_difference = np.abs(first[..., 0] - second[..., 0])
    hc = 0.04 + 0.53 * np.tanh(0.8 - 0.045 * chromatic)
    hl = 0.28 + 0.54 * np.tanh(-3.88 + 0.029 * lightness_sum) + 0.14 + 0.15 * np.tanh(-2 + 0.2 * lightness_difference)
    return np.asarray(hc + hl + _hue_effect(first, chroma1) + _hue_effect(second, chroma2))


def _hue_effect(colour: Floats, chroma: Floats) -> Floats:
    hue = np.degrees(np.arctan2(colour[..., 2], colour[..., 1])) % 360
    strength = 0.5 + 0.5 * np.tanh(-2 + 0.5 * chroma)
    general = -0.08 - 0.14 * np.sin(np.radians(hue + 50)) - 0.07 * np.sin(np.radians(2 * hue + 90))
    turn = (90 - hue) / 10
    yellow = (0.22 * colour[..., 0] - 12.8) / 10 * np.exp(turn - np.exp(turn))
    return np.asarray(strength * (general + yellow))


def palette_harmony(lab: Floats, shares: Floats) -> float:
    """Mean harmony of all pairs of a palette, each pair weighted by the product of its areas.

    Args:
        lab: (n, 3) CIELAB. shares: (n,) areas. One colour alone is judged beside itself.
    """
    if len(lab) == 1:
        return float(pair_harmony(lab, lab)[0])
    first, second = np.triu_indices(len(lab), 1)
    weights = shares[first] * shares[second]
    return float((pair_harmony(lab[first], lab[second]) * weights).sum() / weights.sum())


def theme_harmony(lab: Floats) -> float:
    """How well people like a palette of swatches, each of the same area: 0 for one drawn by chance, about -2 to 5.

    Harmony grows with likeness of hue and chroma, with lightness and with desaturation (Schloss and Palmer, Attention,
    Perception and Psychophysics 73(2), 2011). Each of the three by a published scale, standardised, in equal parts:
    distance in the a*b* plane, mean of the pairs; the weight of a colour, mean of the palette; and the activity of its
    most active colour (both: Ou, Luo, Woodcock and Wright, CRA 29(3), 2004).

    Args:
        lab: (n, 3) CIELAB, two colours or more.
    """
    scales = ((_alike(lab), _DRAWN_ALIKE), (-heaviness(lab).mean(), _DRAWN_LIGHT), (-activity(lab).max(), _DRAWN_CALM))
    return float(np.mean([(value - mean) / spread for value, (mean, spread) in scales]))


def _alike(lab: Floats) -> float:
    first, second = np.triu_indices(len(lab), 1)
    apart = lab[first, 1:] - lab[second, 1:]
    return -float(np.hypot(apart[:, 0], apart[:, 1]).mean())


def heaviness(lab: Floats) -> Floats:
    """How heavy single colours feel, about -2 (light) to 3: HL of Ou and others 2004, part I; CIELAB (..., 3)."""
    return np.asarray(-2.1 + 0.05 * (100 - lab[..., 0]))


def activity(lab: Floats) -> Floats:
    """How active single colours feel, about -1 (passive) to 3: AP of Ou and others 2004, part I; CIELAB (..., 3)."""
    squares = lab[..., 1] ** 2 + lab[..., 2] ** 2 + ((lab[..., 0] - 50) / 1.5) ** 2
    return np.asarray(-1.1 + 0.03 * np.sqrt(squares))


def colourfulness(pixels: Pixels) -> float:
    """Hasler and Süsstrunk's M: 0 grey, 15 slightly, 33 moderately, 59 quite, 82 highly, 109 extremely colourful."""
    red, green, blue = (pixels[..., channel].astype(np.float32) for channel in range(3))
    red_green, yellow_blue = red - green, (red + green) / 2 - blue
    spread = np.hypot(red_green.std(dtype=np.float64), yellow_blue.std(dtype=np.float64))
    return float(spread + 0.3 * np.hypot(red_green.mean(dtype=np.float64), yellow_blue.mean(dtype=np.float64)))


def pleasure(colourful: float) -> float:
    """How near a colourfulness is to the best: 0 at best, falling with the square of the distance, held at -1."""
    return max(-1.0, -(((colourful - BEST_COLOURFULNESS) / 50) ** 2))


def score(harmony: float, colourful: float) -> float:
    """The colour score, 0..10, of a mean pair harmony and a colourfulness; about 5 for the middling photo."""
    first = (harmony - _PHOTOS_HARMONY[0]) / _PHOTOS_HARMONY[1]
    second = (pleasure(colourful) - _PHOTOS_PLEASURE[0]) / _PHOTOS_PLEASURE[1]
    low, high = _LEAST_COLOURFULNESS
    seen = min(1.0, max(0.0, (colourful - low) / (high - low)))
    total = (first + seen * second - _PHOTOS_SUM[0]) / _PHOTOS_SUM[1]
    return float(10 / (1 + np.exp(-_SPREAD * total)))
