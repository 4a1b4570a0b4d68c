"""Makes real photos for every test: deterministic pictures that look like photographs, saved with EXIF and profiles."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image, ImageFilter, TiffImagePlugin

from photocull.core.types import Exif, Pixels

Canvas = NDArray[np.float32]
"""(H, W, 3), 0..1, while a picture is drawn."""
Colour = tuple[float, float, float]

_FORMATS = {".jpg": "JPEG", ".jpeg": "JPEG", ".png": "PNG", ".tif": "TIFF", ".tiff": "TIFF", ".webp": "WEBP",
            ".avif": "AVIF"}  # fmt: skip
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
"""What turns an upright picture into the pixels that a camera stores under this EXIF orientation."""


def make_photo(
    path: Path,
    *,
    size: tuple[int, int] = (640, 480),
    seed: int = 0,
    format: str | None = None,
    exif: Exif | None = None,
    icc: bytes | None = None,
    orientation: int | None = None,
    subject: str | None = None,
    blur: float = 0.0,
    stops: float = 0.0,
    quality: int = 90,
) -> Path:
    """Save a drawn picture and return its path; folders on the way are made.

    Args:
        size: width and height as shown; with an orientation the stored pixels are turned to match.
        format: as Pillow names it; by the suffix where None.
        subject: one of `SUBJECTS`; chosen by the seed where None.
        blur: radius of a Gaussian blur over the whole picture, in pixels.
        stops: exposure, +1 doubles the light.
    """
    picture = Image.fromarray(draw(size, seed=seed, subject=subject, blur=blur, stops=stops))
    turned = orientation or (exif.orientation if exif else None) or 1
    if turned in TURNS:
        picture = picture.transpose(TURNS[turned])
    tags = _tags(exif or Exif(), orientation or (exif.orientation if exif else None))
    path.parent.mkdir(parents=True, exist_ok=True)
    kind = format or _FORMATS[path.suffix.lower()]
    extras = {"quality": quality} if kind in {"JPEG", "WEBP", "AVIF"} else {}
    # bytes: of an Image.Exif, TIFF would leave the camera facts out
    picture.save(path, kind, exif=tags.tobytes(), icc_profile=icc, **extras)
    return path


def make_folder(
    path: Path,
    count: int,
    *,
    size: tuple[int, int] = (320, 240),
    seed: int = 0,
    suffix: str = ".jpg",
    exif: Exif | None = None,
    subject: str | None = None,
    start: datetime | None = None,
    step: timedelta = timedelta(minutes=1),
) -> list[Path]:
    """``count`` different photos ``IMG_0001`` and on, in order; with ``start``, one is taken every ``step``."""
    path.mkdir(parents=True, exist_ok=True)
    made = []
    for index in range(count):
        facts = exif or Exif()
        taken = facts.taken if start is None else start + index * step
        facts = Exif(taken, facts.camera, facts.lens, facts.exposure_time, facts.f_number, facts.iso,
                     facts.focal_length, facts.flash, facts.orientation)  # fmt: skip
        name = path / f"IMG_{index + 1:04}{suffix}"
        made.append(make_photo(name, size=size, seed=seed + index, exif=facts, subject=subject))
    return made


def draw(
    size: tuple[int, int] = (640, 480),
    *,
    seed: int = 0,
    subject: str | None = None,
    blur: float = 0.0,
    stops: float = 0.0,
) -> Pixels:
    """The picture itself: (H, W, 3) uint8 sRGB for a width and height, the same for the same arguments."""
    random = np.random.default_rng(seed)
    name = subject or list(SUBJECTS)[seed % len(SUBJECTS)]
    canvas = SUBJECTS[name](size, random).astype(np.float32)
    canvas = canvas * 2.0 ** (stops / 2.2)  # canvas values carry the display's gamma
    canvas += 0.008 * random.standard_normal(canvas.shape, dtype=np.float32)
    pixels = (np.clip(canvas, 0, 1) * 255).round().astype(np.uint8)
    if not blur:
        return pixels
    return np.asarray(Image.fromarray(pixels).filter(ImageFilter.GaussianBlur(blur)))


def _sunset(size: tuple[int, int], random: np.random.Generator) -> Canvas:
    sky = _gradient(size, (0.16, 0.13, 0.38), (1.0, 0.55, 0.18))
    sky += 0.25 * (_texture(size, random, 3)[..., None] - 0.5) * _vector([1.0, 0.6, 0.4])
    sun = _disc(size, (random.uniform(0.3, 0.7), 0.58), 0.07, softness=0.02)
    sky = _over(sky, (1.0, 0.93, 0.7), sun)
    return _ground(sky, random, (0.07, 0.05, 0.09), horizon=0.68)


def _meadow(size: tuple[int, int], random: np.random.Generator) -> Canvas:
    sky = _gradient(size, (0.30, 0.55, 0.88), (0.75, 0.87, 0.96))
    clouds = np.clip(_texture(size, random, 2) * 2 - 0.9, 0, 1)
    return _ground(_over(sky, (0.97, 0.97, 0.98), clouds), random, (0.28, 0.52, 0.16), horizon=0.5)


def _sea(size: tuple[int, int], random: np.random.Generator) -> Canvas:
    sky = _gradient(size, (0.42, 0.66, 0.90), (0.83, 0.91, 0.95))
    return _ground(sky, random, (0.06, 0.33, 0.46), horizon=0.45)


def _flower(size: tuple[int, int], random: np.random.Generator) -> Canvas:
    soft = _texture(size, random, 2)[..., None]
    canvas = 0.12 + soft * _vector([0.18, 0.42, 0.14])
    colour = ((0.86, 0.12, 0.22), (0.95, 0.76, 0.10), (0.68, 0.30, 0.80))[int(random.integers(3))]
    middle = _vector([random.uniform(0.4, 0.6), random.uniform(0.4, 0.6)])
    for angle in np.linspace(0, 2 * np.pi, 8, endpoint=False):
        x, y = middle + 0.13 * _vector([np.cos(angle), np.sin(angle)])
        petal = _disc(size, (x, y), 0.10, softness=0.01) * (0.8 + 0.2 * _texture(size, random, 24))
        canvas = _over(canvas, colour, petal)
    return _over(canvas, (0.98, 0.86, 0.3), _disc(size, (middle[0], middle[1]), 0.07, softness=0.01))


def _street(size: tuple[int, int], random: np.random.Generator) -> Canvas:
    canvas = _gradient(size, (0.66, 0.69, 0.73), (0.45, 0.44, 0.43))
    height, width = canvas.shape[:2]
    edges = np.sort(random.uniform(0, width, 7)).astype(int)
    for left, right in pairwise(edges):
        top = int(height * random.uniform(0.1, 0.5))
        canvas[top : int(height * 0.85), left:right] = random.uniform(0.25, 0.75) * _vector([1.0, 0.92, 0.84])
        step = max(4, height // 24)
        canvas[top + step : int(height * 0.8) : step, left:right:2] *= 0.6
    return canvas * (0.85 + 0.3 * _texture(size, random, 40)[..., None])


def _night(size: tuple[int, int], random: np.random.Generator) -> Canvas:
    canvas = _gradient(size, (0.01, 0.02, 0.06), (0.05, 0.05, 0.12))
    for _ in range(40):
        place = (random.uniform(0, 1), random.uniform(0.45, 0.95))
        lamp = _disc(size, place, random.uniform(0.004, 0.015), softness=0.008)
        canvas = _over(canvas, (1.0, random.uniform(0.6, 0.95), 0.45), lamp)
    return canvas


def _snow(size: tuple[int, int], random: np.random.Generator) -> Canvas:
    canvas = _ground(_gradient(size, (0.62, 0.72, 0.84), (0.86, 0.89, 0.93)), random, (0.90, 0.92, 0.96), horizon=0.4)
    for _ in range(12):
        trunk = _disc(size, (random.uniform(0, 1), 0.5), random.uniform(0.02, 0.05), softness=0.02)
        canvas = _over(canvas, (0.16, 0.18, 0.17), trunk * (_texture(size, random, 30) > 0.45))
    return canvas


def _grey(size: tuple[int, int], random: np.random.Generator) -> Canvas:
    tone = 0.15 + 0.5 * _texture(size, random, 4) + 0.2 * _texture(size, random, 30)
    return np.repeat(tone[..., None], 3, axis=2)


SUBJECTS: dict[str, Callable[[tuple[int, int], np.random.Generator], Canvas]] = {
    "sunset": _sunset,
    "meadow": _meadow,
    "sea": _sea,
    "flower": _flower,
    "street": _street,
    "night": _night,
    "snow": _snow,
    "grey": _grey,
}


def _vector(values: Sequence[float]) -> NDArray[np.float32]:
    return np.asarray(values, np.float32)


def _gradient(size: tuple[int, int], top: Colour, bottom: Colour) -> Canvas:
    share = np.linspace(0, 1, size[1], dtype=np.float32)[:, None, None]
    rows = (1 - share) * _vector(top) + share * _vector(bottom)
    return np.repeat(rows, size[0], axis=1)


def _texture(size: tuple[int, int], random: np.random.Generator, cells: int) -> NDArray[np.float32]:
    """Fractal value noise, (H, W) in 0..1, with about ``cells`` features along the picture in its coarsest layer."""
    total = np.zeros((size[1], size[0]), np.float32)
    weight = 1.0
    while cells <= max(size) and weight > 0.1:
        noise = Image.fromarray(random.random((cells + 1, cells + 1), dtype=np.float32))
        total += weight * np.asarray(noise.resize(size, Image.Resampling.BICUBIC))
        cells, weight = cells * 2, weight / 2
    spread = float(np.ptp(total)) or 1.0
    return (total - total.min()) / spread


def _disc(size: tuple[int, int], middle: tuple[float, float], radius: float, *, softness: float) -> NDArray[np.float32]:
    """Coverage 0..1 of a disc; lengths as shares of the longer side, its middle as shares of width and height."""
    side = max(size)
    x = np.arange(size[0], dtype=np.float32)[None, :] - middle[0] * size[0]
    y = np.arange(size[1], dtype=np.float32)[:, None] - middle[1] * size[1]
    distance = np.hypot(x, y) / side
    return np.clip((radius - distance) / softness + 0.5, 0, 1)


def _over(canvas: Canvas, colour: Colour, coverage: NDArray[np.float32]) -> Canvas:
    return canvas * (1 - coverage[..., None]) + _vector(colour) * coverage[..., None]


def _ground(canvas: Canvas, random: np.random.Generator, colour: Colour, *, horizon: float) -> Canvas:
    """Fill everything below a slightly uneven horizon with a textured colour."""
    height, width = canvas.shape[:2]
    line = horizon * height + 0.05 * height * (_texture((width, 1), random, 4)[0] - 0.5)
    below = (np.arange(height)[:, None] >= line[None, :]).astype(np.float32)
    light = 0.6 + 0.8 * _texture((width, height), random, 48)
    return canvas * (1 - below[..., None]) + below[..., None] * light[..., None] * _vector(colour)


def _tags(facts: Exif, orientation: int | None) -> Image.Exif:
    tags = Image.Exif()
    base = ExifTags.Base
    camera = (facts.camera or "").split(" ", 1)
    main: dict[int, object] = {base.Orientation: orientation, base.Make: camera[0], base.Model: facts.camera}
    detail: dict[int, object] = {
        base.LensModel: facts.lens,
        base.ExposureTime: _ratio(facts.exposure_time),
        base.FNumber: _ratio(facts.f_number),
        base.ISOSpeedRatings: facts.iso,
        base.FocalLength: _ratio(facts.focal_length),
        base.Flash: None if facts.flash is None else int(facts.flash),
        **_times(facts.taken),
    }
    tags.update({tag: value for tag, value in main.items() if value})
    tags.get_ifd(ExifTags.IFD.Exif).update({tag: value for tag, value in detail.items() if value is not None})
    return tags


def _times(taken: datetime | None) -> dict[int, object]:
    if taken is None:
        return {}
    base = ExifTags.Base
    times: dict[int, object] = {base.DateTimeOriginal: f"{taken:%Y:%m:%d %H:%M:%S}"}
    if taken.microsecond:
        times[base.SubsecTimeOriginal] = f"{taken.microsecond:06}"
    zone = f"{taken:%z}"
    return times | ({base.OffsetTimeOriginal: f"{zone[:3]}:{zone[3:5]}"} if zone else {})


def _ratio(value: float | None) -> TiffImagePlugin.IFDRational | None:
    if value is None:
        return None
    share = Fraction(value).limit_denominator(10000)
    return TiffImagePlugin.IFDRational(share.numerator, share.denominator)
