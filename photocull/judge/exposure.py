"""Light of a picture: how bright it is, what is clipped and where, and whether all of it leans to one colour.

Dark is not underexposed and bright is not overexposed: a night has its lamps and a high key its darks. The flags ask
for an empty end of the histogram, as a photographer looking at it would.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from photocull.core.types import Grid, Pixels
from photocull.judge.spaces import (
    Floats,
    as_grid,
    cell_means,
    cielab,
    grid_shape,
    lightness,
    linear_light,
    reduced,
)

_SIDE: Final = 160
_BLOWN: Final = 252
_BLOCKED: Final = 3
_TILE: Final = 8
_BANDS: Final = ((12.0, 38.0), (38.0, 64.0), (64.0, 93.0))


@dataclass(frozen=True, slots=True, eq=False)
class Exposure:
    """What `read_exposure` found: facts by name, the clipping map, and flags of `vocabulary.FLAGS`."""

    facts: dict[str, float]
    map: Grid
    flags: tuple[str, ...]


def read_exposure(pixels: Pixels) -> Exposure:
    """Judge the light of (H, W, 3) uint8 sRGB.

    Facts: ``mean_light`` in linear light, 0..1; ``dark_point``, ``middle_tone`` and ``bright_point``, the 1st, 50th
    and 99.5th percentile of L*; ``blown`` and ``blocked``, the shares of pixels with all channels at the end, and
    ``clipped_any`` with any; ``blown_area`` and ``blocked_area``, the shares in whole patches rather than points;
    ``exposure_stops``, the correction's size in stops, negative where the picture is too dark, 0 where it is neither;
    ``cast`` in CIELAB units and ``cast_hue`` in degrees.
    """
    facts, blown, blocked = _clipping(pixels)
    linear = linear_light(reduced(pixels, _SIDE))
    lab = cielab(linear)
    facts |= _tones(linear, lab)
    rest = _unclipped_middle(linear)
    flags: list[str] = []
    if _underexposed(facts):
        flags.append("underexposed")
        facts["exposure_stops"] = -float(np.log2(0.8 / max(facts["bright_light"], 1e-3)))
    elif _overexposed(facts, rest):
        flags.append("overexposed")
        facts["exposure_stops"] = float(np.log2(_luminance(rest) / 0.18))
    facts |= read_cast(lab)
    if facts["cast"] >= 8 and facts["cast_agreement"] >= 0.9 and not flags:
        flags.append("colour-cast")
    cells = np.maximum(cell_means(blown, grid_shape(*blown.shape)), cell_means(blocked, grid_shape(*blown.shape)))
    return Exposure(facts, as_grid(cells), tuple(flags))


def _clipping(pixels: Pixels) -> tuple[dict[str, float], Floats, Floats]:
    every = 2 if max(pixels.shape[:2]) > 800 else 1
    red, green, blue = (np.ascontiguousarray(pixels[::every, ::every, channel]) for channel in range(3))
    highest = np.maximum(np.maximum(red, green), blue)
    lowest = np.minimum(np.minimum(red, green), blue)
    blown, blocked = (lowest >= _BLOWN).astype(np.float32), (highest <= _BLOCKED).astype(np.float32)
    facts = {
        "blown": float(blown.mean()),
        "blocked": float(blocked.mean()),
        "clipped_any": float((highest >= 254).mean()),
        "blown_area": _in_patches(blown),
        "blocked_area": _in_patches(blocked),
    }
    return facts, blown, blocked


def _in_patches(mask: Floats) -> float:
    """Share of the picture in tiles that are clipped for three quarters: areas count, glints on water don't."""
    if min(mask.shape) < _TILE:
        return float(mask.mean())
    tiles = cell_means(mask, (mask.shape[0] // _TILE, mask.shape[1] // _TILE))
    return float((tiles >= 0.75).mean())


def _tones(linear: Floats, lab: Floats) -> dict[str, float]:
    dark, middle, bright = (float(v) for v in np.percentile(lab[..., 0], (1, 50, 99.5)))
    return {
        "mean_light": float(linear.mean()),
        "dark_point": dark,
        "middle_tone": middle,
        "bright_point": bright,
        "bright_light": float(np.percentile(linear.max(axis=-1), 99.5)),
        "exposure_stops": 0.0,
    }


def _unclipped_middle(linear: Floats) -> float:
    """Median L* of what is not blown: a white background says nothing about the subject before it."""
    luminance = linear @ np.array([0.2127, 0.7152, 0.0722], dtype=np.float32)
    kept = luminance[linear.min(axis=-1) < 0.97]
    return float(np.median(lightness(kept))) if kept.size > 0.02 * luminance.size else 100.0


def _luminance(level: float) -> float:
    return float(((level + 16) / 116) ** 3) if level > 8 else level / 903.3


def _underexposed(facts: dict[str, float]) -> bool:
    return facts["bright_point"] < 62 and facts["bright_light"] < 0.4 and facts["middle_tone"] < 40


def _overexposed(facts: dict[str, float], rest: float) -> bool:
    much = facts["clipped_any"] >= 0.25 and facts["blown_area"] >= 0.05
    return much and rest >= 68 and facts["middle_tone"] >= 72


def read_cast(lab: Floats) -> dict[str, float]:
    """Whether the near-neutral pixels of (H, W, 3) CIELAB lean one way in the shadows, the middle and the lights.

    Grey world on near-neutral pixels, band by band: ``cast`` is the least lean of the three bands in CIELAB units, 0
    where a band is missing or mostly colourful (a sunset, a forest) or where truly grey pixels exist;
    ``cast_agreement`` the cosine between the bands that agree least; ``cast_hue`` the direction in degrees.
    """
    light, opponent = lab[..., 0].ravel(), lab[..., 1:].reshape(-1, 2)
    chroma = np.hypot(opponent[:, 0], opponent[:, 1])
    leans = []
    for low, high in _BANDS:
        band = (light >= low) & (light < high)
        near = band & (chroma < 30)
        if band.mean() < 0.08 or near.sum() < 0.7 * band.sum() or (chroma[band] < 3.5).mean() > 0.04:
            return {"cast": 0.0, "cast_agreement": 0.0}
        leans.append(opponent[near].mean(axis=0))
    return _agreement(np.array(leans))


def _agreement(leans: NDArray[np.float32]) -> dict[str, float]:
    sizes = np.hypot(leans[:, 0], leans[:, 1])
    units = leans / np.maximum(sizes, 1e-6)[:, None]
    mean = leans.mean(axis=0)
    return {
        "cast": float(sizes.min()),
        "cast_agreement": float((units @ units.T).min()),
        "cast_hue": float(np.degrees(np.arctan2(mean[1], mean[0])) % 360),
    }
