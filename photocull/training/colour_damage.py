"""What goes wrong with a photo's colours, at any strength: seeded and pure, in linear light or OKLab, held to sRGB.

The learnt colour score is trained and tried on photos beside these copies of them; see `colour_pairs`.
"""

from collections.abc import Callable
from typing import Final, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from photocull.core.types import Pixels
from photocull.judge.palette import cluster
from photocull.judge.spaces import LUMINANCE, Floats, linear_light, linear_of, oklab, reduced, srgb_of

Kind = Literal["cast", "hue shift", "oversaturated", "undersaturated", "faded", "clash", "bleached"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
_LOOKED_AT: Final = 96
"""Side of the small picture that regions are found on."""
_COLOURED: Final = 0.03
"""OKLab chroma below which a pixel is grey to the eye."""
_MOST_PUSHED: Final = 5.0
"""Factor that chroma is multiplied with at most."""
_SOFT: Final = 0.05
"""How far, in OKLab, a region's edge runs into its neighbours."""
_LIGHTS: Final[Floats] = np.array([[1, 0, -1], [-1, 0, 1], [-0.6, 0.6, -0.6], [0.5, -0.6, 0.5]], dtype=np.float32)
"""Stops of red, green and blue under a full cast: too warm, too cold, green and magenta tubes."""


def damaged(pixels: Pixels, kind: Kind, strength: float, seed: int) -> Pixels:
    """A copy whose colours went wrong.

    Args:
        pixels: (H, W, 3) uint8 sRGB. kind: what went wrong.
        strength: 0 leaves the picture as it is, 1 is plain to anyone; more is allowed up to 1.5.
        seed: which light, which region, which way; the same seed is the same fault at every strength.
    """
    if strength <= 0:
        return pixels.copy()
    random = np.random.default_rng(seed)
    if kind == "cast":
        return srgb_of(_under_light(linear_light(pixels), _LIGHTS[random.integers(len(_LIGHTS))], strength))
    if kind == "bleached":
        return srgb_of(_bleached(linear_light(pixels), strength, random))
    lab = oklab(pixels)
    return srgb_of(linear_of(_IN_LAB[kind](pixels, lab, strength, random)))


def change(pixels: Pixels, copy: Pixels) -> float:
    """How far two pictures of one size differ: root of the mean squared OKLab difference, times 100.

    About 2 is a just noticeable difference all over the picture, or a plain one in a small part of it.
    """
    first, second = (oklab(reduced(picture, _LOOKED_AT)) for picture in (pixels, copy))
    return float(100 * np.sqrt(((first - second) ** 2).sum(axis=-1).mean()))


def _under_light(linear: Floats, light: Floats, strength: float) -> Floats:
    """Von Kries scaling by up to a stop a channel, the picture's brightness kept."""
    gains = np.exp2(strength * light).astype(np.float32)
    before = float((linear @ LUMINANCE).mean())
    lit = linear * gains
    return np.asarray(lit * (before / max(float((lit @ LUMINANCE).mean()), 1e-6)), dtype=np.float32)


def _bleached(linear: Floats, strength: float, random: np.random.Generator) -> Floats:
    """Too much light: pale colours run out into white."""
    return np.asarray(linear * np.exp2(strength * random.uniform(1.6, 2.4)), dtype=np.float32)


def _region(pixels: Pixels, lab: Floats, random: np.random.Generator) -> NDArray[np.float32]:
    """(H, W) 0..1 how far a pixel belongs to one of the picture's main colours, vivid and large ones drawn oftener."""
    found = cluster(oklab(reduced(pixels, _LOOKED_AT)))
    chroma = np.hypot(found.colours[:, 1], found.colours[:, 2])
    wanted = np.where(found.shares < 0.75, np.sqrt(found.shares) * (chroma + 0.003), 1e-4)
    drawn = int(random.choice(len(wanted), p=wanted / wanted.sum()))
    far = np.sqrt(((lab[..., None, :] - found.colours) ** 2).sum(axis=-1))
    near = np.exp(-(far - far.min(axis=-1, keepdims=True)) / _SOFT)
    return np.asarray(near[..., drawn] / near.sum(axis=-1), dtype=np.float32)


def _turned(opponent: Floats, radians: NDArray[np.float32] | float) -> Floats:
    cosine, sine = np.cos(radians), np.sin(radians)
    red_green, blue_yellow = opponent[..., 0], opponent[..., 1]
    return np.stack([cosine * red_green - sine * blue_yellow, sine * red_green + cosine * blue_yellow], axis=-1).astype(
        np.float32
    )


def _hue_shift(pixels: Pixels, lab: Floats, strength: float, random: np.random.Generator) -> Floats:
    """One region's hue turned, as by a careless selective colour."""
    way = random.choice((-1.0, 1.0)) * random.uniform(50, 110)
    angle = np.radians(way * strength) * _region(pixels, lab, random)
    return np.concatenate([lab[..., :1], _turned(lab[..., 1:], angle)], axis=-1)


def _oversaturated(_pixels: Pixels, lab: Floats, strength: float, random: np.random.Generator) -> Floats:
    """The saturation slider pushed beyond what any photo bears; a dull one bears more before it is too much."""
    chroma = np.hypot(lab[..., 1], lab[..., 2])[..., None]
    strongest = max(float(np.quantile(chroma, 0.98)), _COLOURED)
    full = max(random.uniform(1.9, 2.4), min(_MOST_PUSHED, random.uniform(0.26, 0.32) / strongest))
    # Noise in greys is left alone; what leaves the gamut clips.
    taking = chroma / (chroma + _COLOURED / 2)
    return np.concatenate([lab[..., :1], lab[..., 1:] * (1 + (full - 1) * strength * taking)], axis=-1)


def _undersaturated(_pixels: Pixels, lab: Floats, strength: float, random: np.random.Generator) -> Floats:
    """Washed out, never black and white: leaving colour out is a choice."""
    left = random.uniform(0.25, 0.4) ** strength
    return np.concatenate([lab[..., :1], lab[..., 1:] * left], axis=-1).astype(np.float32)


def _faded(_pixels: Pixels, lab: Floats, strength: float, random: np.random.Generator) -> Floats:
    """An old print: blacks lifted, whites dulled, colours thin with them."""
    veil = min(0.75, random.uniform(0.35, 0.5) * strength)
    tone = random.uniform(0.55, 0.7)
    light = lab[..., :1] + veil * (tone - lab[..., :1])
    return np.concatenate([light, lab[..., 1:] * (1 - veil)], axis=-1).astype(np.float32)


def _clash(pixels: Pixels, lab: Floats, strength: float, random: np.random.Generator) -> Floats:
    """One region painted in a strong colour that is neither near the picture's main hue nor opposite to it."""
    weight = np.hypot(lab[..., 1], lab[..., 2])
    main = np.arctan2((lab[..., 2] * weight).sum(), (lab[..., 1] * weight).sum())
    hue = main + np.radians(random.choice((-1.0, 1.0)) * random.uniform(70, 130))
    paint = np.array([np.cos(hue), np.sin(hue)]) * random.uniform(0.16, 0.22)
    share = (min(1.0, strength) * _region(pixels, lab, random))[..., None]
    return np.concatenate([lab[..., :1], lab[..., 1:] + share * (paint - lab[..., 1:])], axis=-1).astype(np.float32)


_IN_LAB: Final[dict[Kind, Callable[[Pixels, Floats, float, np.random.Generator], Floats]]] = {
    "hue shift": _hue_shift,
    "oversaturated": _oversaturated,
    "undersaturated": _undersaturated,
    "faded": _faded,
    "clash": _clash,
}
