"""Photos spoilt as cameras and hands spoil them, each in four strengths: pairs to learn from and to measure by.

Nothing here chooses photos or learns; the optics are in `damage_blur`, light and colour in `damage_light`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np

from photocull.core.types import Pixels
from photocull.training import damage_blur, damage_light
from photocull.training.damage_frame import level_crop, tilted

Spoil = Callable[[Pixels, int, np.random.Generator], Pixels]

STRENGTHS: Final = (1, 2, 3, 4)
"""From barely visible to plain."""
VISIBLE: Final = (3, 4)
"""The strengths that a person sees at once, whatever the damage."""


@dataclass(frozen=True, slots=True)
class Damage:
    """One way to spoil a photo.

    Attributes:
        name: in lower case, words joined by hyphens.
        apply: (H, W, 3) uint8 sRGB, a strength of `STRENGTHS` and a generator to a new picture of the same shape. What
            is drawn (angle, shape, hue) depends on the generator alone, so one seed gives one series of strengths.
        partner: the original seen through whatever the damage does to any photo, sound ones too: the fair picture to
            learn a pair from. The photo itself for all but the tilt, which also crops and resamples.
    """

    name: str
    apply: Spoil
    partner: Spoil


def _itself(pixels: Pixels, strength: int, generator: np.random.Generator) -> Pixels:
    return pixels


DAMAGES: Final[tuple[Damage, ...]] = (
    Damage("gaussian-blur", damage_blur.gaussian, _itself),
    Damage("motion-blur", damage_blur.moved, _itself),
    Damage("missed-focus", damage_blur.misfocused, _itself),
    Damage("noise", damage_light.noisy, _itself),
    Damage("jpeg-blocks", damage_light.blocky, _itself),
    Damage("overexposed", damage_light.overexposed, _itself),
    Damage("underexposed", damage_light.underexposed, _itself),
    Damage("clipped-highlights", damage_light.clipped, _itself),
    Damage("colour-cast", damage_light.cast, _itself),
    Damage("tilt", tilted, level_crop),
)
KINDS: Final[Mapping[str, Damage]] = MappingProxyType({damage.name: damage for damage in DAMAGES})
"""The damages by name."""


def fair_partner(damage: Damage, pixels: Pixels, strength: int, seed: int) -> Pixels:
    """The better picture of a pair to learn from; see `Damage.partner`."""
    return damage.partner(pixels, strength, np.random.default_rng(seed))


def spoilt(damage: Damage, pixels: Pixels, strength: int, seed: int) -> Pixels:
    """The worse picture of a pair.

    Args:
        pixels: (H, W, 3) uint8 sRGB, at least 16 pixels a side; not changed.
        strength: one of `STRENGTHS`.
        seed: of what is drawn; the same for a whole series of strengths.

    Raises:
        ValueError: there is no such strength.
    """
    if strength not in STRENGTHS:
        raise ValueError(f"strength is one of {STRENGTHS}, not {strength}")
    return damage.apply(pixels, strength, np.random.default_rng(seed))
