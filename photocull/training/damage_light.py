"""What sensors, exposure and encoders do to light and colour; part of `damage`.

All of it happens to light before a camera bends it into sRGB's codes, but for JPEG's blocks.
"""

from io import BytesIO
from typing import Final

import numpy as np
from PIL import Image

from photocull.core.types import Pixels
from photocull.judge.spaces import LUMINANCE, Floats, linear_light, srgb_of

_ELECTRONS: Final = (900.0, 260.0, 90.0, 30.0)
"""Electrons that white stands for: the fewer, the higher the sensitivity and the coarser the noise."""
_READ: Final = 0.9
"""Electrons of noise that reading a pixel adds."""
_GRAIN_SIDE: Final = 1024
"""Longer side at which noise and blocks are made for larger photos, so that they show where the whole is looked at."""
_SIDE: Final = 512
_QUALITIES: Final = (34, 22, 13, 8)
_STOPS: Final = (0.5, 1.0, 1.5, 2.0)
_BLOWN: Final = (0.04, 0.09, 0.17, 0.28)
_ENDS: Final = ((0.5, 0.85), (0.35, 0.7), (0.25, 0.55), (0.18, 0.42))
"""Lowest and highest luminance from which a picture is blown, for dark and for pale ones; a row for every strength."""
_LEAN: Final = (0.3, 0.6, 1.1, 1.6)
_CASTS: Final = ((1.0, 0.0, -1.0), (-1.0, 0.0, 1.0), (-0.7, 0.7, -0.7), (0.7, -0.7, 0.7))
"""Warm, cool, green and magenta, in half stops of red, green and blue for a lean of 1."""
_SHOULDER: Final = 0.7
_STEPS: Final = 1 << 14
_CODES: Final = srgb_of(np.arange(_STEPS + 1) / _STEPS)
"""`srgb_of` at so many steps: looked up, millions of pixels are bent in a tenth of the time."""


def quick_srgb_of(light: Floats) -> Pixels:
    """`spaces.srgb_of` by the nearest of the steps."""
    return np.asarray(_CODES[(np.clip(light, 0, 1) * _STEPS + 0.5).astype(np.uint16)])


def noisy(pixels: Pixels, strength: int, generator: np.random.Generator) -> Pixels:
    """Shot and read noise of a high sensitivity: 4 to 25 codes in a middle grey of a 512 px picture."""
    height, width = pixels.shape[:2]
    shrink = min(1.0, _GRAIN_SIDE / max(height, width))
    grain = generator.standard_normal((round(height * shrink), round(width * shrink), 3), dtype=np.float32)
    if shrink < 1:
        planes = [Image.fromarray(np.ascontiguousarray(grain[..., channel])) for channel in range(3)]
        grain = np.stack([np.asarray(plane.resize((width, height), Image.Resampling.NEAREST)) for plane in planes], -1)
    # Looking at it small averages noise away: a larger picture needs more of it to look alike.
    seen = np.float32(max(height, width) * shrink / _SIDE)
    light = linear_light(pixels)
    electrons = np.float32(_ELECTRONS[strength - 1])
    deviation = np.sqrt(light * electrons + np.float32(_READ**2)) / electrons
    return quick_srgb_of(light + grain * deviation * seen)


def blocky(pixels: Pixels, strength: int, generator: np.random.Generator) -> Pixels:
    """Encoded again as JPEG of quality 34 to 8; large photos as messengers do it, at 1,024 pixels and back."""
    image = Image.fromarray(pixels)
    factor = min(1.0, _GRAIN_SIDE / max(image.size))
    size = (max(1, round(image.width * factor)), max(1, round(image.height * factor)))
    buffer = BytesIO()
    small = image if size == image.size else image.resize(size, Image.Resampling.BOX)
    small.save(buffer, "JPEG", quality=_QUALITIES[strength - 1])
    decoded = Image.open(buffer).convert("RGB")
    if size != image.size:
        decoded = decoded.resize(image.size, Image.Resampling.BILINEAR)
    return np.asarray(decoded).copy()


def overexposed(pixels: Pixels, strength: int, generator: np.random.Generator) -> Pixels:
    """Half a stop to two stops too much light, ending at once or, as often, in a camera's shoulder."""
    return exposed(pixels, _STOPS[strength - 1], shoulder=bool(generator.random() < 0.5))


def underexposed(pixels: Pixels, strength: int, generator: np.random.Generator) -> Pixels:
    """Half a stop to two stops too little light."""
    return exposed(pixels, -_STOPS[strength - 1], shoulder=False)


def exposed(pixels: Pixels, stops: float, *, shoulder: bool) -> Pixels:
    """Light times two to the power of ``stops``; ``shoulder``: highlights are compressed before they clip."""
    light = linear_light(np.arange(256, dtype=np.uint8)).astype(np.float32) * np.float32(2.0**stops)
    if shoulder:
        room = 1 - _SHOULDER
        light = np.where(light > _SHOULDER, 1 - room * np.exp(-(light - _SHOULDER) / room), light).astype(np.float32)
    return np.asarray(quick_srgb_of(light)[pixels])


def clipped(pixels: Pixels, strength: int, generator: np.random.Generator) -> Pixels:
    """The brightest 4 to 28 % of the picture blown out while the rest keeps its light: contrast that is too hard."""
    light = linear_light(pixels)
    luminance = light @ LUMINANCE
    start = float(np.clip(np.quantile(luminance[::4, ::4], 1 - _BLOWN[strength - 1]), *_ENDS[strength - 1]))
    ramp = np.clip((luminance / start - 0.45) / 0.55, 0, 1)
    # A quarter more than luminance needs, so that all channels reach the end there and not the brightest alone.
    lift = 1 + (1.25 / start - 1) * ramp * ramp * (3 - 2 * ramp)
    return quick_srgb_of(light * lift[..., None])


def cast(pixels: Pixels, strength: int, generator: np.random.Generator) -> Pixels:
    """White balance that is off to warm, cool, green or magenta, by 0.3 to 1.6 stops; the luminance of grey stays."""
    lean = np.array(_CASTS[int(generator.integers(len(_CASTS)))]) + generator.uniform(-0.15, 0.15, 3)
    gains = (2.0 ** (_LEAN[strength - 1] * lean / 2)).astype(np.float32)
    gains /= gains @ LUMINANCE
    light = linear_light(np.arange(256, dtype=np.uint8))
    codes = [quick_srgb_of(light * gain) for gain in gains]
    return np.stack([codes[channel][pixels[..., channel]] for channel in range(3)], axis=-1)
