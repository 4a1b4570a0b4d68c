"""Pictures drawn for the judge's tests, and what goes wrong with photos: blur, movement, noise, exposure."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from photocull.core.types import DecodedPhoto, Exif, NativeCrop, Photo, Pixels
from photocull.judge.spaces import linear_light


def flat(colour: tuple[int, int, int], height: int = 240, width: int = 360) -> Pixels:
    return np.broadcast_to(np.array(colour, np.uint8), (height, width, 3)).copy()


def halves(top: tuple[int, int, int], bottom: tuple[int, int, int]) -> Pixels:
    picture = flat(top)
    picture[120:] = bottom
    return picture


def stripes(*colours: tuple[int, int, int]) -> Pixels:
    return np.hstack([flat(colour, width=120) for colour in colours])


def scene(seed: int = 0, height: int = 480, width: int = 640) -> Pixels:
    """A crisp scene of many shapes with deep shadows and bright lights on a mild ramp."""
    random = np.random.default_rng(seed)
    ramp = np.linspace(70, 190, height)[:, None, None] + np.zeros((1, width, 3))
    picture = Image.fromarray(ramp.round().astype(np.uint8))
    draw = ImageDraw.Draw(picture)
    for _ in range(120):
        x, y, size = random.integers(0, width), random.integers(0, height), random.integers(15, 70)
        colour = tuple(int(c) for c in random.integers(5, 250, 3))
        shape = draw.ellipse if random.random() < 0.5 else draw.rectangle
        shape((x, y, x + size, y + size * random.uniform(0.5, 1.5)), fill=colour)
    return np.asarray(picture.filter(ImageFilter.GaussianBlur(0.4)))


def forms(height: int = 480, width: int = 640) -> Pixels:
    """A few large things, light and dark, with crisp detail in them, as photos have."""
    shares = [
        (0.1, 0.2, 0.3, 0.9, 0.2),
        (0.45, 0.1, 0.6, 0.7, 2.2),
        (0.7, 0.5, 0.95, 1.0, 0.3),
        (0.6, 0.0, 0.9, 0.3, 1.8),
    ]
    picture = scene(height=height, width=width) * 0.4 + 60
    for left, top, right, bottom, light in shares:
        rows, columns = slice(int(top * height), int(bottom * height)), slice(int(left * width), int(right * width))
        picture[rows, columns] *= light
    return picture.clip(0, 255).astype(np.uint8)


def blurred(pixels: Pixels, sigma: float) -> Pixels:
    return np.asarray(Image.fromarray(pixels).filter(ImageFilter.GaussianBlur(sigma)))


def moved(pixels: Pixels, length: int = 15, degrees: float = 0.0) -> Pixels:
    picture = Image.fromarray(pixels)
    total = np.zeros(pixels.shape)
    steps = np.linspace(-length / 2, length / 2, 2 * length + 1)
    for step in steps:
        x, y = step * np.cos(np.radians(degrees)), -step * np.sin(np.radians(degrees))
        moved_by = picture.transform(
            picture.size, Image.Transform.AFFINE, (1, 0, x, 0, 1, y), Image.Resampling.BILINEAR
        )
        total += np.asarray(moved_by)
    edge = length // 2 + 1
    return (total / len(steps)).round().astype(np.uint8)[edge:-edge, edge:-edge]


def noisy(pixels: Pixels, deviation: float) -> Pixels:
    noise = np.random.default_rng(0).normal(0, deviation, pixels.shape)
    return np.clip(pixels + noise, 0, 255).round().astype(np.uint8)


def exposed(pixels: Pixels, stops: float) -> Pixels:
    return lit(pixels, (2.0**stops,) * 3)


def lit(pixels: Pixels, gains: tuple[float, float, float]) -> Pixels:
    """The picture under light of another strength or colour."""
    light: NDArray[np.float64] = np.clip(linear_light(pixels) * np.array(gains), 0, 1)
    codes = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    return (255 * codes).round().astype(np.uint8)


def soft_middle(pixels: Pixels, sigma: float = 4) -> Pixels:
    height, width = pixels.shape[:2]
    y, x = np.mgrid[:height, :width]
    inside = (np.maximum(abs(x / width - 0.5), abs(y / height - 0.5)) < 0.38)[..., None]
    return np.where(inside, blurred(pixels, sigma), pixels)


def decoded(preview: Pixels, native: Pixels | None = None) -> DecodedPhoto:
    """As the decoder hands it on, with nine native crops spread over the picture."""
    source = preview if native is None else native
    height, width = source.shape[:2]
    side = min(256, height, width)
    corners = [(int(x * (width - side)), int(y * (height - side))) for y in (0.1, 0.5, 0.9) for x in (0.1, 0.5, 0.9)]
    crops = tuple(
        NativeCrop(x / width, y / height, side / width, side / height, source[y : y + side, x : x + side])
        for x, y in corners
    )
    return DecodedPhoto(Photo(Path("drawn.png"), 1, 1), width, height, preview, crops, Exif(), "00")
