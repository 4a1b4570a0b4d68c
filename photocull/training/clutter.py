"""Puts things into a photo's rim that draw the eye from its subject: signs, bright patches, blurred things in front."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from photocull.core.types import Pixels

Mask = NDArray[np.float32]
Colour = tuple[int, int, int]
Frame = tuple[int, int]
"""Width and height in pixels."""

_VIVID: Final[tuple[Colour, ...]] = (
    (214, 40, 40),
    (247, 200, 30),
    (30, 110, 200),
    (240, 240, 235),
    (20, 150, 90),
    (235, 120, 25),
    (200, 40, 140),
)
_DARK: Final[tuple[Colour, ...]] = ((35, 30, 28), (60, 50, 42), (25, 35, 25), (150, 105, 85), (90, 90, 95))


def cluttered(pixels: Pixels, strength: float, generator: Generator, donors: Sequence[Pixels] = ()) -> Pixels:
    """Two to four distracting things along the rim.

    Args:
        pixels: (H, W, 3) uint8 sRGB. strength: 0..1, size and number. generator: decides kind, place and colour.
        donors: other photos; where there are any, some of the things are pieces of them.
    """
    picture = np.asarray(pixels, dtype=np.float32)
    frame = (pixels.shape[1], pixels.shape[0])
    for _ in range(2 + round(2 * strength)):
        kind = generator.integers(0, 4 if donors else 3)
        if kind == 0:
            layer, mask = _sign(frame, strength, generator)
        elif kind == 1:
            layer, mask = _blurred_thing(frame, strength, generator)
        elif kind == 2:
            layer, mask = _bright_patch(frame, strength, generator)
        else:
            layer, mask = _piece(frame, strength, generator, donors[int(generator.integers(0, len(donors)))])
        picture = picture + mask[..., None] * (layer - picture)
    return np.asarray(np.round(picture), dtype=np.uint8)


def _at_rim(frame: Frame, size: float, generator: Generator) -> tuple[float, float]:
    """A centre across and down, in pixels, so that a thing of this size reaches over or up to the rim."""
    width, height = frame
    along, inward = float(generator.uniform(0.05, 0.95)), float(generator.uniform(-0.1, 0.55)) * size
    edge = int(generator.integers(0, 4))
    if edge < 2:
        return (inward if edge == 0 else width - inward), along * height
    return along * width, (inward if edge == 2 else height - inward)


def _size(frame: Frame, strength: float, generator: Generator) -> float:
    return float(min(frame) * (0.14 + 0.16 * strength) * generator.uniform(0.7, 1.3))


def _sign(frame: Frame, strength: float, generator: Generator) -> tuple[Mask, Mask]:
    """A board with bars like writing, with sharp edges, a little askew."""
    size = _size(frame, strength, generator)
    x, y = _at_rim(frame, size, generator)
    wide, high = size * generator.uniform(0.7, 1.5) / 2, size * generator.uniform(0.5, 1.0) / 2
    ground, ink = (_VIVID[int(k)] for k in generator.permutation(len(_VIVID))[:2])
    layer, mask = Image.new("RGB", frame, ground), Image.new("L", frame)
    skew = generator.uniform(-0.12, 0.12, size=4) * size
    corners = [
        (x - wide, y - high + skew[0]),
        (x + wide, y - high + skew[1]),
        (x + wide, y + high + skew[1]),
        (x - wide, y + high + skew[0]),
    ]
    ImageDraw.Draw(mask).polygon(corners, fill=255)
    draw = ImageDraw.Draw(layer)
    for row in np.linspace(y - 0.6 * high, y + 0.6 * high, int(generator.integers(2, 5))):
        start = x - 0.8 * wide
        while start < x + 0.8 * wide:
            end = min(start + wide * generator.uniform(0.15, 0.6), x + 0.8 * wide)
            draw.rectangle((start, row - 0.1 * high, end, row + 0.1 * high), fill=ink)
            start = end + 0.12 * wide
    return _shaded(layer, generator), _soft(mask, 0.6)


def _blurred_thing(frame: Frame, strength: float, generator: Generator) -> tuple[Mask, Mask]:
    """A dark shape close before the lens, out of focus: a finger, a head, a leaf."""
    size = 1.5 * _size(frame, strength, generator)
    x, y = _at_rim(frame, 0.6 * size, generator)
    mask = Image.new("L", frame)
    ImageDraw.Draw(mask).polygon(_outline(x, y, size / 2, generator), fill=255)
    layer = Image.new("RGB", frame, _DARK[int(generator.integers(0, len(_DARK)))])
    return _shaded(layer, generator), _soft(mask, 0.03 * min(frame) * generator.uniform(0.3, 1.2))


def _bright_patch(frame: Frame, strength: float, generator: Generator) -> tuple[Mask, Mask]:
    """A glaring spot: a lamp, a white bag, a reflection."""
    size = 0.8 * _size(frame, strength, generator)
    x, y = _at_rim(frame, size, generator)
    mask = Image.new("L", frame)
    ImageDraw.Draw(mask).polygon(_outline(x, y, size / 2, generator), fill=255)
    vivid = _VIVID[int(generator.integers(0, len(_VIVID)))]
    colour = vivid if generator.random() < 0.5 else (252, 250, 240)
    return _shaded(Image.new("RGB", frame, colour), generator), _soft(mask, generator.uniform(0.5, 4))


def _piece(frame: Frame, strength: float, generator: Generator, donor: Pixels) -> tuple[Mask, Mask]:
    """A piece of another photo in a rounded outline."""
    size = 1.3 * _size(frame, strength, generator)
    x, y = _at_rim(frame, size, generator)
    mask = Image.new("L", frame)
    ImageDraw.Draw(mask).polygon(_outline(x, y, size / 2, generator), fill=255)
    layer = Image.fromarray(donor).resize(frame, Image.Resampling.BICUBIC)
    return np.asarray(layer, dtype=np.float32), _soft(mask, generator.uniform(0.5, 3))


def _outline(x: float, y: float, radius: float, generator: Generator) -> list[tuple[float, float]]:
    """A rounded shape from four waves around a circle, drawn out along a random axis."""
    angles = np.linspace(0, 2 * np.pi, 72, endpoint=False)
    waves = sum(
        generator.uniform(0, 0.28 / k) * np.cos(k * angles + generator.uniform(0, 2 * np.pi)) for k in range(2, 6)
    )
    lengths = radius * (1 + waves)
    stretch, turn = generator.uniform(0.55, 1.0), generator.uniform(0, np.pi)
    long, short = lengths * np.cos(angles), stretch * lengths * np.sin(angles)
    across, down = long * np.cos(turn) - short * np.sin(turn), long * np.sin(turn) + short * np.cos(turn)
    return [(float(x + a), float(y + d)) for a, d in zip(across, down, strict=True)]


def _shaded(layer: Image.Image, generator: Generator) -> Mask:
    """Light that falls off across the thing and a little grain, so that it is no flat cut-out."""
    values = np.asarray(layer, dtype=np.float32)
    height, width = values.shape[:2]
    turn = generator.uniform(0, 2 * np.pi)
    slope = np.linspace(-1, 1, width)[None, :] * np.cos(turn) + np.linspace(-1, 1, height)[:, None] * np.sin(turn)
    light = 1 + 0.25 * slope + generator.normal(0, 0.015, (height, width))
    return np.asarray(np.clip(values * light[..., None], 0, 255), dtype=np.float32)


def _soft(mask: Image.Image, radius: float) -> Mask:
    return np.asarray(mask.filter(ImageFilter.GaussianBlur(radius)), dtype=np.float32) / np.float32(255)
