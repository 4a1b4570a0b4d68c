"""Spoils what makes a photo beautiful and leaves its technique alone, for pairs that photographers order the same way.

Every spoiling is a pure function of pixels, a strength of 0 (hardly seen) to 1 (glaring) and a seeded generator. A crop
has fewer pixels than the whole and a turned picture is interpolated, so a pair's better partner is brought to the same
size by the same means: softness must not give the worse one away.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.random import Generator
from PIL import Image

from photocull.core.types import Pixels
from photocull.training.clutter import cluttered
from photocull.training.damage_frame import inner_share
from photocull.training.subjects import Subject, find_subject, levelness
from photocull.training.toning import damage_colour, flatten_light, mean_chroma

Spoil = Callable[[Pixels, float, Generator], "Pair"]

_LEAST_SIDE: Final = 64
_CLEAR: Final = 1.3
"""A subject that stands out less has no place that a crop could miss."""
_LINES: Final = 2.2
"""Below this `levelness` a turned picture does not look tilted."""
_LEAST_CHROMA: Final = 0.035
"""A picture with less colour (OKLab) has none to damage."""


@dataclass(frozen=True, slots=True, eq=False)
class Pair:
    """Two versions of a photo of one shape, the better one first."""

    good: Pixels
    spoilt: Pixels


@dataclass(frozen=True, slots=True)
class Spoiling:
    """One way to spoil a photo.

    Attributes:
        name: as figures are reported under.
        make: both partners, from (H, W, 3) uint8 sRGB, a strength of 0..1 and a generator that decides all else.
        suits: whether the spoiling would be seen on this photo as a fault.
    """

    name: str
    make: Spoil
    suits: Callable[[Pixels], bool]

    def pair(self, pixels: Pixels, strength: float, generator: Generator) -> Pair:
        """Both partners in the same shape, for a comparison that only the spoiling decides.

        Raises:
            ValueError: the strength is not within 0..1, or the picture is under 64 pixels on a side.
        """
        if not 0 <= strength <= 1:
            raise ValueError(f"a strength of {strength} is not within 0 to 1")
        if min(pixels.shape[:2]) < _LEAST_SIDE:
            raise ValueError(f"a picture of {pixels.shape[1]} x {pixels.shape[0]} pixels is too small to spoil")
        return self.make(pixels, strength, generator)

    def apply(self, pixels: Pixels, strength: float, generator: Generator) -> Pixels:
        """The spoilt photo alone, in its own resolution; raises as `pair` does."""
        return self.pair(pixels, strength, generator).spoilt


@dataclass(frozen=True, slots=True)
class _Window:
    """A part of a picture, in shares of its sides."""

    left: float
    top: float
    side: float


def _has_subject(pixels: Pixels) -> bool:
    return find_subject(pixels).clear >= _CLEAR


def _has_lines(pixels: Pixels) -> bool:
    return levelness(pixels) >= _LINES


def _has_colour(pixels: Pixels) -> bool:
    return mean_chroma(pixels) >= _LEAST_CHROMA


def _always(pixels: Pixels) -> bool:
    return True


def bad_crop(pixels: Pixels, strength: float, generator: Generator) -> Pair:
    """Either far too tight on the subject, or with the subject pushed to a rim or corner of the frame."""
    subject = find_subject(pixels)
    if generator.random() < 0.4:
        return _cropped(pixels, _tight(subject, strength, generator))
    return _cropped(pixels, _pushed(subject, strength, generator))


def cut_subject(pixels: Pixels, strength: float, generator: Generator) -> Pair:
    """One edge of the frame runs through the subject and takes a fifth to three fifths of it away."""
    subject = find_subject(pixels)
    share = 0.2 + 0.4 * strength
    sideways = generator.random() < 0.6
    low, high = (subject.left, subject.right) if sideways else (subject.top, subject.bottom)
    across = (subject.top, subject.bottom) if sideways else (subject.left, subject.right)
    keep_start, keep_end = high - share * (high - low), 1 - (low + share * (high - low))
    # Cut from the side where more of the frame is left, so that the crop stays a picture.
    cut_end = keep_start > keep_end
    side = float(np.clip(keep_start if cut_end else keep_end, 0.45, 0.92))
    place = max(0.0, keep_start - side) if cut_end else min(1 - side, low + share * (high - low))
    other = float(np.clip(sum(across) / 2 - side / 2 + generator.normal(0, 0.04), 0, 1 - side))
    return _cropped(pixels, _Window(place, other, side) if sideways else _Window(other, place, side))


def tilted(pixels: Pixels, strength: float, generator: Generator) -> Pair:
    """Turned by 3 to 8 degrees and cropped to what stays whole; the level partner shows the same part."""
    angle = (3 + 5 * strength) * (1 if generator.random() < 0.5 else -1)
    return Pair(_turned(pixels, 0.0, angle), _turned(pixels, angle, angle))


def flat_light(pixels: Pixels, strength: float, generator: Generator) -> Pair:
    """Contrast pressed together, blacks lifted, hazy: light that does not model anything."""
    return Pair(pixels, flatten_light(pixels, strength, generator))


def cluttered_frame(pixels: Pixels, strength: float, generator: Generator) -> Pair:
    """Things at the rim that draw the eye away: signs, bright patches, dark blurred things before the lens."""
    return Pair(pixels, cluttered(pixels, strength, generator))


def damaged_colour(pixels: Pixels, strength: float, generator: Generator) -> Pair:
    """Colours washed out, overdone, or under a cast."""
    return Pair(pixels, damage_colour(pixels, strength, generator))


SPOILINGS: Final[tuple[Spoiling, ...]] = (
    Spoiling("bad crop", bad_crop, _has_subject),
    Spoiling("cut subject", cut_subject, _has_subject),
    Spoiling("tilted horizon", tilted, _has_lines),
    Spoiling("flat light", flat_light, _always),
    Spoiling("cluttered frame", cluttered_frame, _always),
    Spoiling("damaged colour", damaged_colour, _has_colour),
)


def _tight(subject: Subject, strength: float, generator: Generator) -> _Window:
    """A window smaller than the subject's box, off its middle."""
    extent = max(subject.right - subject.left, subject.bottom - subject.top)
    side = float(np.clip((1.0 - 0.35 * strength) * extent, 0.4, 0.85))
    across, down = (float(generator.normal(0, 0.15)) * side for _ in range(2))
    return _inside(subject.centre[0] + across - side / 2, subject.centre[1] + down - side / 2, side)


def _pushed(subject: Subject, strength: float, generator: Generator) -> _Window:
    """A window at whose rim the subject's centre lies, on the side that leaves the largest picture."""
    margin = 0.22 - 0.16 * strength
    options = []
    for low_across in (False, True):
        for low_down in (None, False, True):
            options.append(_pushed_to(subject, margin, low_across, low_down))
            options.append(_pushed_to(subject, margin, low_down, low_across))
    options.sort(key=lambda window: -window.side)
    return options[int(generator.integers(0, 4))]


def _pushed_to(subject: Subject, margin: float, low_across: bool | None, low_down: bool | None) -> _Window:
    """The largest window in which the centre lies at ``margin`` from the low or high rim; None leaves an axis free."""
    wanted = [None if low is None else margin if low else 1 - margin for low in (low_across, low_down)]
    side = 0.85
    for place, target in zip(subject.centre, wanted, strict=True):
        if target is not None:
            side = min(side, place / max(target, 1e-6), (1 - place) / max(1 - target, 1e-6))
    side = max(side, 0.4)
    left, top = (
        place - (0.5 if target is None else target) * side for place, target in zip(subject.centre, wanted, strict=True)
    )
    return _inside(left, top, side)


def _inside(left: float, top: float, side: float) -> _Window:
    return _Window(float(np.clip(left, 0, 1 - side)), float(np.clip(top, 0, 1 - side)), side)


def _cropped(pixels: Pixels, window: _Window) -> Pair:
    height, width = pixels.shape[:2]
    wide, high = max(32, round(width * window.side)), max(32, round(height * window.side))
    left = min(round(width * window.left), width - wide)
    top = min(round(height * window.top), height - high)
    spoilt = pixels[top : top + high, left : left + wide]
    return Pair(_reduced(pixels, (wide, high)), np.ascontiguousarray(spoilt))


def _reduced(pixels: Pixels, size: tuple[int, int]) -> Pixels:
    return np.asarray(Image.fromarray(pixels).resize(size, Image.Resampling.BICUBIC))


def _turned(pixels: Pixels, angle: float, widest: float) -> Pixels:
    """The picture turned by ``angle`` degrees, cropped to what stays whole when turned by ``widest``."""
    height, width = pixels.shape[:2]
    side = inner_share(width, height, widest)
    wide, high = int(width * side) - 1, int(height * side) - 1
    turn = math.radians(angle)
    c, s = math.cos(turn), math.sin(turn)
    # Half a pixel off, so that the level partner is interpolated as well.
    across, down = width / 2 + 0.5, height / 2 + 0.5
    data = (c, s, across - c * wide / 2 - s * high / 2, -s, c, down + s * wide / 2 - c * high / 2)
    turned = Image.fromarray(pixels).transform((wide, high), Image.Transform.AFFINE, data, Image.Resampling.BICUBIC)
    return np.asarray(turned)
