"""A few dozen numbers of a picture's light and colour balance, for the quality head to read beside the trunk's.

The trunk was taught to name things in any light, so that exposure and casts leave little in its numbers. All of these
are read from one small reduction, change smoothly, and are the same for a mirror image.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from photocull.core.types import Pixels
from photocull.judge.spaces import Floats, cielab, linear_light

Vector = NDArray[np.float64]

_AREA: Final = 96 * 96
"""Pixels on which light and colour are read; fine detail says nothing of them."""
_PERCENTILES: Final = (0.5, 5, 25, 50, 75, 95, 99.5)
_FEWEST: Final = 32
"""Pixels below which nothing is said of the colour of a part of the picture."""
_LIGHT: Final = (
    *(f"lightness {percent:g} %" for percent in _PERCENTILES),
    "brightness",
    "contrast",
    "blown",
    "near white",
    "channel at its end",
    "blocked",
    "near black",
)
_COLOUR: Final = (
    "saturation",
    "strong saturation",
    "neutral share",
    "one-sidedness",
    *(
        f"{part} {what}"
        for part in ("grey world", "edges", "highlights", "shadows")
        for what in ("warmth", "greenness")
    ),
    *(f"{part} lean" for part in ("grey world", "edges", "highlights", "shadows")),
    "least lean",
    "lean agreement",
)
NUMBERS: Final[tuple[str, ...]] = (*_LIGHT, *_COLOUR)
"""What the components of `read_light` are.

``lightness p %``: percentiles of L* / 100. ``brightness``: stops of the mean light under white / 4. ``contrast``: the
deviation of L* / 100. ``blown``, ``blocked``: shares with all channels at the end, softly counted; ``near white``,
``near black``: wider; ``channel at its end``: any at the top. ``saturation``, ``strong saturation``: mean and 95th
percentile of CIELAB chroma / 100; ``neutral share``: of chroma under about 6; ``one-sidedness``: length of the mean of
a* and b* over the mean chroma. Four guesses at the light's colour: ``warmth``, stops of red over blue / 2;
``greenness``, of green over both / 2; ``lean``, the length of both. ``least lean``: of the four; ``lean agreement``:
the cosine of the two that agree least.
"""


def read_light(pixels: Pixels) -> Vector:
    """Measure (H, W, 3) uint8 sRGB, at least 1 x 1.

    Returns:
        (len(NUMBERS),) finite numbers, most within -2..2. Hardly changed by a resize or by encoding, not at all by a
        mirror but for rounding.
    """
    small = _reduced(pixels)
    linear = linear_light(small)
    lab = cielab(linear)
    return np.concatenate([_light(small, linear, lab), _colour(linear, lab)])


def _reduced(pixels: Pixels) -> Pixels:
    """Averaged down to about `_AREA` pixels, the aspect kept; never enlarged."""
    height, width = pixels.shape[:2]
    factor = (_AREA / (width * height)) ** 0.5
    if factor >= 1:
        return pixels
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    return np.asarray(Image.fromarray(pixels).resize(size, Image.Resampling.BOX))


def _light(small: Pixels, linear: Floats, lab: Floats) -> Vector:
    lightness = lab[..., 0] / 100
    highest, lowest = small.max(axis=2).astype(np.float32), small.min(axis=2).astype(np.float32)
    return np.array(
        [
            *np.percentile(lightness, _PERCENTILES),
            np.log2(max(float(linear.mean()), 1e-3)) / 4,
            lightness.std(),
            _share(lowest, 240, 254),
            _share(lowest, 200, 250),
            _share(highest, 240, 254),
            _share(highest, 14, 3),
            _share(highest, 45, 10),
        ]
    )


def _share(values: Floats, start: float, end: float) -> float:
    """Share of values at ``end`` or beyond; those between count in part, so that rounding does not show."""
    return float(np.clip((values - start) / (end - start), 0, 1).mean())


def _colour(linear: Floats, lab: Floats) -> Vector:
    opponent = lab[..., 1:]
    chroma = np.hypot(opponent[..., 0], opponent[..., 1])
    lit = (lab[..., 0] > 8) & (lab[..., 0] < 97)
    chosen = chroma[lit] if int(lit.sum()) >= _FEWEST else chroma.ravel()
    mean = opponent[lit].mean(axis=0) if int(lit.sum()) >= _FEWEST else np.zeros(2)
    guesses = _guesses(linear, lab[..., 0], lit)
    leans = np.hypot(guesses[:, 0], guesses[:, 1])
    units = guesses / np.maximum(leans, 0.05)[:, None]
    return np.array(
        [
            chosen.mean() / 100,
            np.percentile(chosen, 95) / 100,
            np.clip((9 - chosen) / 6, 0, 1).mean(),
            np.hypot(*mean) / max(float(chosen.mean()), 1.0),
            *guesses.ravel(),
            *leans,
            leans.min(),
            (units @ units.T).min(),
        ]
    )


def _guesses(linear: Floats, lightness: Floats, lit: NDArray[np.bool_]) -> Vector:
    """Warmth and greenness of the light in stops, (4, 2), by four assumptions of what is grey on the whole.

    All of the picture (Buchsbaum 1980), its edges (van de Weijer, Gevers and Gijsenij, IEEE TIP 16(9), 2007), its
    brightest tenth that is not blown, and its darkest; a part that is not there says nothing, which is 0.
    """
    steps = np.abs(linear[:-1, 1:] - linear[:-1, :-1]) + np.abs(linear[1:, :-1] - linear[:-1, :-1])
    steps += np.abs(linear[:-1, 1:] - linear[1:, 1:]) + np.abs(linear[1:, :-1] - linear[1:, 1:])
    inner = lit[:-1, :-1] & lit[:-1, 1:] & lit[1:, :-1] & lit[1:, 1:]
    low, high = np.percentile(lightness[lit], (10, 90)) if lit.any() else (0.0, 100.0)
    parts = (
        linear[lit],
        steps[inner],
        linear[lit & (lightness >= high)],
        linear[lit & (lightness <= low)],
    )
    return np.array([_balance(part) for part in parts])


def _balance(light: Floats) -> tuple[float, float]:
    if len(light) < _FEWEST:
        return 0.0, 0.0
    red, green, blue = np.log2(np.maximum(light.mean(axis=0, dtype=np.float64), 1e-4))
    return float(np.clip(red - blue, -4, 4)) / 2, float(np.clip(green - (red + blue) / 2, -4, 4)) / 2
