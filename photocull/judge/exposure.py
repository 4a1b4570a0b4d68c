"""Light of a picture: how bright it is, what is clipped and where, and whether that is a fault.

Dark is not underexposed and bright is not overexposed: a night has its lamps and a high key its darks. The flags ask
for an empty end of the histogram, as a photographer looking at it would.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from photocull.core.types import Grid, Pixels
from photocull.judge.cast import read_cast
from photocull.judge.small import Small, small_of
from photocull.judge.spaces import Floats, as_grid, cell_means, grid_shape

_BLOWN: Final = 252
_BLOCKED: Final = 3
_TILE: Final = 8

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Exposure:
    """What `read_exposure` found: facts by name, the clipping map, and flags of `vocabulary.FLAGS`."""

    facts: dict[str, float]
    map: Grid
    flags: tuple[str, ...]


def read_exposure(pixels: Pixels, small: Small | None = None) -> Exposure:
    """Judge the light of (H, W, 3) uint8 sRGB; ``small`` is what `small_of` makes of it, if that is known already.

    Facts: ``mean_light`` in linear light, 0..1; ``dark_point``, ``middle_tone`` and ``bright_point``, the 1st, 50th
    and 99.5th percentile of L*; ``unclipped_middle``, the median L* of what is not blown; ``bright_light``, the 99.5th
    percentile of the brightest channel in linear light; ``blown`` and ``blocked``, the shares of pixels with all
    channels at the end, and ``clipped_any`` with any at the top; ``blown_area`` and ``blocked_area``, the shares in
    whole patches rather than points; ``exposure_stops``, how far off in stops, negative where the picture is too dark
    and 0 where it is neither; and those of `cast.read_cast`.
    """
    small = small_of(pixels) if small is None else small
    facts, blown, blocked = _clipping(pixels)
    facts |= _tones(small)
    flags: list[str] = []
    if _underexposed(facts):
        flags.append("underexposed")
        facts["exposure_stops"] = -float(np.log2(0.8 / max(facts["bright_light"], 1e-3)))
    elif _overexposed(facts):
        flags.append("overexposed")
        facts["exposure_stops"] = max(0.0, float(np.log2(_luminance(facts["unclipped_middle"]) / 0.18)))
    cast, is_fault = read_cast(small)
    # Dusk, night and deep shade have their own colours: only light that could be neutral can have a cast.
    if is_fault and not flags and facts["bright_point"] >= 75 and facts["middle_tone"] >= 30:
        flags.append("colour-cast")
    cells = np.maximum(_means(blown, grid_shape(*blown.shape)), _means(blocked, grid_shape(*blown.shape)))
    return Exposure(facts | cast, as_grid(cells), tuple(flags))


def _clipping(pixels: Pixels) -> tuple[dict[str, float], Mask, Mask]:
    every = 2 if max(pixels.shape[:2]) > 800 else 1
    red, green, blue = (np.ascontiguousarray(pixels[::every, ::every, channel]) for channel in range(3))
    highest = np.maximum(np.maximum(red, green), blue)
    lowest = np.minimum(np.minimum(red, green), blue)
    blown, blocked = lowest >= _BLOWN, highest <= _BLOCKED
    facts = {
        "blown": float(blown.mean()),
        "blocked": float(blocked.mean()),
        "clipped_any": float((highest >= 254).mean()),
        "blown_area": _in_patches(blown),
        "blocked_area": _in_patches(blocked),
    }
    return facts, blown, blocked


def _means(mask: Mask, shape: tuple[int, int]) -> Floats:
    """Shares of the cells; most photos have nothing clipped, and that is soon said."""
    return cell_means(mask.astype(np.float32), shape) if mask.any() else np.zeros(shape, np.float32)


def _in_patches(mask: Mask) -> float:
    """Share of the picture in tiles that are clipped for three quarters: areas count, glints on water don't."""
    if min(mask.shape) < _TILE:
        return float(mask.mean())
    tiles = _means(mask, (mask.shape[0] // _TILE, mask.shape[1] // _TILE))
    return float((tiles >= 0.75).mean())


def _tones(small: Small) -> dict[str, float]:
    lightness = np.ascontiguousarray(small.lab[..., 0])
    dark, middle, bright = (float(v) for v in np.percentile(lightness, (1, 50, 99.5)))
    return {
        "mean_light": float(small.light.mean()),
        "dark_point": dark,
        "middle_tone": middle,
        "bright_point": bright,
        "unclipped_middle": _unclipped_middle(small.darkest, lightness),
        "bright_light": float(np.percentile(small.brightest, 99.5)),
        "exposure_stops": 0.0,
    }


def _unclipped_middle(darkest: Floats, lightness: Floats) -> float:
    """Median L* of what is not blown: a white background says nothing about the subject before it."""
    kept = lightness[darkest < 0.97]
    return float(np.median(kept)) if kept.size > 0.02 * lightness.size else 100.0


def _luminance(level: float) -> float:
    return float(((level + 16) / 116) ** 3) if level > 8 else level / 903.3


def _underexposed(facts: dict[str, float]) -> bool:
    return facts["bright_point"] < 62 and facts["bright_light"] < 0.4 and facts["middle_tone"] < 40


def _overexposed(facts: dict[str, float]) -> bool:
    if facts["clipped_any"] < 0.2 or facts["blown_area"] < 0.01:
        return False
    pale = facts["unclipped_middle"] >= 55 and facts["middle_tone"] >= 60
    # A white wall is blown in all channels at once; where single channels give out, colours are lost with the light.
    colours_lost = facts["clipped_any"] - facts["blown"] >= 0.1 and facts["middle_tone"] >= 50
    return pale or colours_lost
