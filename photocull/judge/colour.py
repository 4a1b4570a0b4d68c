"""Everything about a picture's colours in one reading: palette, scheme, score, map and facts. The scorer calls it."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from photocull.core.types import ColourScheme, Grid, Pixels, Swatch
from photocull.judge import harmony
from photocull.judge.palette import cluster, swatches
from photocull.judge.scheme import FAMILIES, Tones, family_shares, name_scheme, read_tones
from photocull.judge.small import Small, small_of
from photocull.judge.spaces import Floats, as_grid, cell_means, cielab, grid_shape, linear_of, oklab_of

_WARM: Final = (20.0, 115.0)
"""OKLCh hues that people call warm: red to yellow."""


@dataclass(frozen=True, slots=True, eq=False)
class Colours:
    """The colour reading of one picture.

    Attributes:
        palette: 3 to 6 colours, largest share first. scheme: their scheme.
        score: 0..10, see `harmony.score`.
        map: where the scheme's colours lie, 0..1.
        facts: ``colourfulness`` (Hasler and Süsstrunk's M), ``harmony`` (mean CH of Ou and Luo), ``mean_lightness``
            (L* 0..100), ``mean_chroma`` (CIELAB), ``warm_share`` (of the colour weight), ``grey_share`` (of the area).
        tones: every pixel's tone, from which the colour themes are read.
    """

    palette: tuple[Swatch, ...]
    scheme: ColourScheme
    score: float
    map: Grid
    facts: dict[str, float]
    tones: Tones


def read_colours(pixels: Pixels, small: Small | None = None) -> Colours:
    """Read (H, W, 3) uint8 sRGB once; depends on nothing but the pixels.

    Args:
        small: `small_of` the pixels, if that is known already.
    """
    small = small_of(pixels) if small is None else small
    lab = oklab_of(small.light)
    clusters = cluster(lab)
    tones = read_tones(lab)
    palette = swatches(clusters)
    scheme = name_scheme(tones, palette)
    light = linear_of(clusters.colours)
    mean_harmony = harmony.palette_harmony(cielab(light), clusters.shares)
    colourful = harmony.colourfulness(small.pixels)
    facts = {"colourfulness": colourful, "harmony": mean_harmony, **_facts(small.lab, tones)}
    shape = grid_shape(*pixels.shape[:2])
    score = harmony.score(mean_harmony, colourful)
    return Colours(palette, scheme, score, _map(tones, scheme, lab, shape), facts, tones)


def colour_scheme(pixels: Pixels) -> ColourScheme:
    """The picture's harmony, its ICAA17K type where it has one, and its palette."""
    return read_colours(pixels).scheme


def colour_score(pixels: Pixels) -> float:
    """How well the picture's colours go together, 0..10."""
    return read_colours(pixels).score


def colour_map(pixels: Pixels) -> Grid:
    """Where the colours of the scheme lie, (h, w) float16 of 0..1, at most 24 cells a side."""
    return read_colours(pixels).map


def _facts(lab: Floats, tones: Tones) -> dict[str, float]:
    coloured = float(tones.weight.sum())
    warm = tones.weight[(tones.hue >= _WARM[0]) & (tones.hue < _WARM[1])].sum()
    return {
        "mean_lightness": float(lab[..., 0].mean()),
        "mean_chroma": float(np.hypot(lab[..., 1], lab[..., 2]).mean()),
        "warm_share": float(warm / coloured) if coloured > 0 else 0.0,
        "grey_share": float((tones.weight < 0.05).mean()),
    }


def _map(tones: Tones, scheme: ColourScheme, lab: Floats, shape: tuple[int, int]) -> Grid:
    if scheme.harmony == "achromatic":
        # Black and white lives where it departs from its own middle tone.
        carried = np.abs(tones.light - np.median(tones.light))
    else:
        shares = family_shares(tones)
        carried = tones.weight * (shares[tones.family] >= 1 / (2 * len(FAMILIES)))
    cells = cell_means(carried.reshape(lab.shape[:2]), shape)
    return as_grid(cells / max(float(cells.max()), 1e-6))
