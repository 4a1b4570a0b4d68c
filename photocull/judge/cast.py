"""Whether the light of a whole picture leans to one colour: several guesses at it must agree; vivid scenes are let be.

The guesses are grey edge (van de Weijer, Gevers and Gijsenij, IEEE TIP 16(9), 2007), white patch, and grey world in the
shadows, the middle and the lights; the scene's own colours are told from a cast by how compactly they lie off
neutral (Gasparini and Schettini, Pattern Recognition 37(6), 2004).
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from photocull.judge.small import Small
from photocull.judge.spaces import Floats

_BANDS: Final = ((12.0, 38.0), (38.0, 64.0), (64.0, 95.0))
_FEWEST_GUESSES: Final = 4
_NO_CAST: Final = {"cast": 0.0, "cast_agreement": 0.0}


def read_cast(small: Small) -> tuple[dict[str, float], bool]:
    """Read a picture's cast from its light, brought down as `small_of` does.

    Returns:
        facts and whether it is a fault. ``cast``: the least lean of the guesses, in stops between channels;
        ``cast_agreement``: the cosine of the two that agree least; ``cast_hue``: its direction in CIELAB degrees.
        Both 0 where there is too little unclipped light to tell.
    """
    lab, lightness = small.lab, np.ascontiguousarray(small.lab[..., 0])
    usable = (small.brightest < 0.97) & (lightness > 10)
    if usable[:-1, :-1].sum() < max(64, 0.1 * usable.size):
        return dict(_NO_CAST), False
    guesses = _guesses(small.light, lightness, usable)
    if len(guesses) < _FEWEST_GUESSES:
        return dict(_NO_CAST), False
    leans = np.log2(guesses[:, [0, 2]] / guesses[:, [1]])
    sizes = np.hypot(leans[:, 0], leans[:, 1])
    units = leans / np.maximum(sizes, 1e-6)[:, None]
    opponent = np.stack([lab[..., 1][usable], lab[..., 2][usable]])
    mean = opponent.mean(axis=1)
    facts = {
        "cast": float(sizes.min()),
        "cast_agreement": float((units @ units.T).min()),
        "cast_hue": float(np.degrees(np.arctan2(mean[1], mean[0])) % 360),
    }
    one_way = facts["cast"] >= 0.6 and facts["cast_agreement"] >= 0.85
    return facts, one_way and _laid_over(opponent)


def _guesses(linear: Floats, light: Floats, usable: NDArray[np.bool_]) -> Floats:
    """Colours of the light, (n, 3): edges, brightest tenth, and the mean of each band of lightness that is there."""
    planes = np.ascontiguousarray(linear.transpose(2, 0, 1))
    corner = planes[:, :-1, :-1]
    steps = np.abs(planes[:, :-1, 1:] - corner) + np.abs(planes[:, 1:, :-1] - corner)
    found = [np.sqrt((steps[:, usable[:-1, :-1]] ** 2).mean(axis=1))]
    bright = usable & (light >= np.percentile(light[usable], 92))
    found.append(planes[:, bright].mean(axis=1))
    for low, high in _BANDS:
        band = usable & (light >= low) & (light < high)
        if band.mean() > 0.06:
            found.append(planes[:, band].mean(axis=1))
    return np.maximum(np.array(found, dtype=np.float32), 1e-5)


def _laid_over(opponent: Floats) -> bool:
    """Few greys, nothing vivid, and all colours together on one side of neutral: (2, n) a* and b*."""
    chroma = np.hypot(opponent[0], opponent[1])
    away, spread = np.hypot(*opponent.mean(axis=1)), np.hypot(*opponent.std(axis=1))
    compact = away - spread >= 0.6 * spread
    return bool(compact and (chroma < 4).mean() <= 0.03 and np.percentile(chroma, 95) <= 55)
