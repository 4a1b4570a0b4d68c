"""Any picture mode to 8-bit sRGB: deep and palette modes, transparency, ICC profiles."""

import io
from functools import lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

from photocull.core.types import Pixels

BACKDROP: Final = (128, 128, 128)
"""What shows behind transparency: mid-grey, so that it counts neither as blown out nor as black."""
BROKEN_PROFILE: Final = "The colour profile is damaged; colours are shown as sRGB."

_MODES_OF_SPACE: Final = {"RGB": "RGB", "GRAY": "L", "CMYK": "CMYK", "Lab": "LAB"}
BLACK_POINT: Final = ImageCms.Flags.BLACKPOINTCOMPENSATION
"""Black to black, as viewers do."""


def to_8bit(image: Image.Image, bits: int = 0) -> Image.Image:
    """A loaded picture of any mode as 8-bit L, RGB, CMYK or LAB, in its own colour space, without transparency.

    Args:
        bits: bits a sample that the file states (12 in a 16-bit container), 0 if unknown.
    """
    if image.mode in ("L", "RGB", "CMYK", "LAB"):
        return _over_backdrop(image) if "transparency" in image.info else image
    if image.mode in ("F", "I") or image.mode.startswith("I;16"):
        return Image.fromarray(scaled_to_8bit(np.asarray(image), bits))
    if image.mode == "1":
        return image.convert("L")
    if image.mode in ("YCbCr", "HSV", "RGBX"):
        return image.convert("RGB")
    return _over_backdrop(image)


def _over_backdrop(image: Image.Image) -> Image.Image:
    if image.mode in ("P", "PA") and "transparency" not in image.info and image.mode == "P":
        return image.convert("RGB")
    picture = image.convert("RGBA")
    backdrop = Image.new("RGBA", picture.size, (*BACKDROP, 255))
    return Image.alpha_composite(backdrop, picture).convert("RGB")


def scaled_to_8bit(values: NDArray[Any], bits: int = 0) -> Pixels:
    """Deep numbers by scaling alone, see `share_of_white`."""
    numbers = share_of_white(values, bits)
    numbers *= 255.0
    return (numbers + 0.5).astype(np.uint8)


def share_of_white(values: NDArray[Any], bits: int = 0) -> NDArray[np.float32]:
    """Deep numbers of any shape as 0..1, by the stated depth; without one by the smallest usual range that holds them.

    Of floats a few lights may lie above white, as in pictures of more range than a screen has.
    """
    numbers = np.nan_to_num(values.astype(np.float32), nan=0.0, posinf=0.0, neginf=0.0)
    if values.dtype.kind == "f":
        white = 1.0 if _usual_top(numbers) <= 1.5 else _range_above(float(numbers.max(initial=0.0)))
    else:
        top = float(numbers.max(initial=0.0))
        white = float((1 << bits) - 1) if 8 < bits <= 16 else _range_above(top)
    # In place: the picture may have 250 megapixels.
    numbers *= 1.0 / white
    return np.clip(numbers, 0.0, 1.0, out=numbers)


def _usual_top(numbers: NDArray[np.float32]) -> float:
    """What all but one in a hundred numbers stay below, judged by a million of them at most."""
    some = numbers.reshape(-1)[:: max(1, numbers.size // 1_000_000)]
    return float(np.quantile(some, 0.99)) if some.size else 0.0


def _range_above(top: float) -> float:
    for white in (255.0, 65535.0, 4294967295.0):
        if top <= white:
            return white
    return top


def to_srgb(image: Image.Image, icc: bytes | None) -> tuple[Image.Image, bool]:
    """The picture as RGB in sRGB, and whether its profile was usable (True without any).

    Colours are mapped relative to the media white with black point compensation, as viewers do. A profile that
    does not fit the picture (a grey one on RGB) is used where the picture can be brought into its space.

    Args:
        image: 8-bit L, RGB, CMYK or LAB.
    """
    if image.mode == "LAB":
        return _apply(image, _lab_to_srgb()), True
    if not icc:
        return (image if image.mode == "RGB" else image.convert("RGB")), True
    try:
        mode, transform = _transform(icc)
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return image.convert("RGB"), False
    if (mode == "CMYK") != (image.mode == "CMYK"):
        return image.convert("RGB"), False
    return _apply(image if image.mode == mode else image.convert(mode), transform), True


def _apply(image: Image.Image, transform: ImageCms.ImageCmsTransform | None) -> Image.Image:
    if transform is None:
        return image
    shown = ImageCms.applyTransform(image, transform)
    return image.convert("RGB") if shown is None else shown


@lru_cache(maxsize=16)
def _transform(icc: bytes) -> tuple[str, ImageCms.ImageCmsTransform | None]:
    """The mode that a profile speaks of and its way to sRGB; None where that changes nothing.

    Raises:
        ImageCms.PyCMSError, OSError, ValueError, TypeError: the profile is unusable.
    """
    source = ImageCms.ImageCmsProfile(io.BytesIO(icc))
    space = source.profile.xcolor_space.strip()
    if space not in _MODES_OF_SPACE:
        raise ValueError(f"a profile of the space {space!r}")
    mode = _MODES_OF_SPACE[space]
    transform = _to_srgb_from(source, mode)
    return mode, None if mode == "RGB" and _changes_nothing(transform) else transform


def _to_srgb_from(source: ImageCms.ImageCmsProfile, mode: str) -> ImageCms.ImageCmsTransform:
    target = ImageCms.createProfile("sRGB")
    intent = ImageCms.Intent.RELATIVE_COLORIMETRIC
    transform = ImageCms.buildTransform(source, target, mode, "RGB", intent, BLACK_POINT)
    if not isinstance(transform, ImageCms.ImageCmsTransform):
        raise TypeError("no transform to sRGB")
    return transform


@lru_cache(maxsize=1)
def _lab_to_srgb() -> ImageCms.ImageCmsTransform:
    return _to_srgb_from(ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")), "LAB")


def _changes_nothing(transform: ImageCms.ImageCmsTransform) -> bool:
    """Whether a probe of the RGB cube comes out as it went in, as with the many spellings of sRGB itself."""
    levels = np.linspace(0, 255, 6).round().astype(np.uint8)
    probe = np.stack(np.meshgrid(levels, levels, levels), axis=-1).reshape(-1, 6, 3)
    shown = _apply(Image.fromarray(probe), transform)
    return int(np.abs(np.asarray(shown).astype(int) - probe).max()) <= 1
