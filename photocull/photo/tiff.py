"""TIFF by Pillow; what that library refuses or gets wrong by imagecodecs: colours in floats, 16 bits plane by plane."""

from typing import Any, BinaryIO, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms, TiffImagePlugin

from photocull.core.types import Pixels
from photocull.photo.orientation import sane, shown_size, upright
from photocull.photo.profile import BLACK_POINT, scaled_to_8bit, share_of_white

_KIND, _WIDTH, _HEIGHT, _BITS, _PHOTOMETRIC, _ORIENTATION = 254, 256, 257, 258, 262, 274
_SAMPLES, _PLANAR, _EXTRA, _FORMAT, _PROFILE, _DNG = 277, 284, 338, 339, 34675, 50706
_COLOURS: Final = {0: 1, 1: 1, 2: 3, 5: 4}
"""Photometric interpretation (TIFF 6.0, section 8) -> channels of it: grey from white, from black, RGB, four inks."""
_FROM_WHITE: Final = 0
_MOSAIC: Final = 32803
"""Of a RAW's sensor."""
_FLOAT: Final = 3
_MULTIPLIED: Final = 1
_MOST_PAGES: Final = 8
_MODES: Final = {1: "L", 3: "RGB", 4: "CMYK"}

Tags = TiffImagePlugin.ImageFileDirectory_v2


class DeepTiff(Image.Image):
    """The first picture of a TIFF whose samples Pillow has no mode for, upright, 8 bits a sample.

    Attributes:
        directory: its tags.
    """

    def __init__(self, file: BinaryIO, tags: Tags) -> None:
        super().__init__()
        self._file: BinaryIO | None = file
        self.directory = tags
        self._turn = sane(_number(tags, _ORIENTATION, 1))
        size = _number(tags, _WIDTH, 0), _number(tags, _HEIGHT, 0)
        if min(size) <= 0:
            raise ValueError("a TIFF without a size")
        self._size, self._mode = shown_size(size, self._turn), _MODES[_COLOURS.get(_number(tags, _PHOTOMETRIC, 1), 1)]
        profile = tags.get(_PROFILE)
        self.info = {"icc_profile": profile} if isinstance(profile, bytes) else {}

    def load(self) -> Any:
        """Decode the picture, once.

        Raises:
            ValueError, imagecodecs.TiffError: it is damaged.
        """
        if self._file is not None:
            samples = _samples(self._file, self.directory)
            if samples.shape[:2] != shown_size(self._size, self._turn)[::-1]:
                raise ValueError("the picture has another size than its directory says")
            shown = upright(_image_of(samples, self.directory, self.info), self._turn)
            self.im, self._mode, self._size = shown.im, shown.mode, shown.size
            self._file = None
        return super().load()


def open_tiff(file: BinaryIO) -> Image.Image:
    """Read the directory of a TIFF; the picture comes upright. Of many pages the first that is no thumbnail.

    Args:
        file: stays open until the pixels are loaded.

    Raises:
        ValueError, SyntaxError, OSError, KeyError: the file is damaged.
    """
    tags = _directory(file)
    if _is_deep(tags):
        return DeepTiff(file, tags)
    file.seek(0)
    image = TiffImagePlugin.TiffImageFile(file)
    for page in range(1, _MOST_PAGES if _is_thumbnail(image.tag_v2) else 1):
        try:
            image.seek(page)
        except EOFError:
            image.seek(0)
            break
        if not _is_thumbnail(image.tag_v2):
            break
    return image


def is_dng(image: Image.Image) -> bool:
    """Whether a TIFF is in truth a RAW."""
    if isinstance(image, DeepTiff):
        return _DNG in image.directory
    return isinstance(image, TiffImagePlugin.TiffImageFile) and _DNG in image.tag_v2


def _directory(file: BinaryIO) -> Tags:
    """The tags of the first picture."""
    file.seek(0)
    head = file.read(8)
    tags = Tags(head + file.read(8) if head[2:3] == b"\x2b" or head[3:4] == b"\x2b" else head)
    file.seek(tags.next)
    tags.load(file)
    return tags


def _is_thumbnail(tags: Tags) -> bool:
    return bool(_number(tags, _KIND, 0) & 1) and _DNG not in tags


def _is_deep(tags: Tags) -> bool:
    """Whether samples are of a kind that Pillow refuses, or reads as something else."""
    bits, count = _number(tags, _BITS, 1), _number(tags, _SAMPLES, 1)
    kind, photometric = _number(tags, _FORMAT, 1), _number(tags, _PHOTOMETRIC, -1)
    if photometric not in _COLOURS or count < _COLOURS[photometric] or bits < 16:
        return photometric == _MOSAIC and _DNG in tags
    if kind == _FLOAT and bits == 32 and count == 1 and photometric != _FROM_WHITE:
        return False
    planes = count > 1 and _number(tags, _PLANAR, 1) == 2
    return kind != 1 or bits > 16 or planes or photometric == _FROM_WHITE or (photometric == 1 and count > 1)


def _number(tags: Tags, tag: int, default: int) -> int:
    """The first value of a tag, if it is a whole number."""
    value = tags.get(tag, default)
    first = value[0] if isinstance(value, tuple) and value else value
    return first if isinstance(first, int) else default


def _samples(file: BinaryIO, tags: Tags) -> NDArray[Any]:
    """(H, W) or (H, W, C) samples as they are in the file."""
    from imagecodecs import tiff_decode  # libraries that most folders never need

    file.seek(0)
    samples: NDArray[Any] = tiff_decode(file.read(), index=0)
    if samples.ndim == 3 and _number(tags, _PLANAR, 1) == 2:
        samples = np.moveaxis(samples, 0, 2)
    return samples if samples.ndim == 3 else samples[..., None]


def _image_of(samples: NDArray[Any], tags: Tags, info: dict[Any, Any]) -> Image.Image:
    photometric = _number(tags, _PHOTOMETRIC, 1)
    count = _COLOURS[photometric]
    if samples.dtype.kind == "i":
        samples = np.maximum(samples, 0).view(f"u{samples.itemsize}") << 1
    colours, extra = samples[..., :count], samples[..., count:]
    shown = None
    if samples.dtype.kind == "f" and count == 3 and "icc_profile" in info:
        shown = _in_srgb(colours, info["icc_profile"])
    if shown is None:
        shown = scaled_to_8bit(colours, _number(tags, _BITS, 16))
    else:
        del info["icc_profile"]
    if photometric == _FROM_WHITE:
        shown = 255 - shown
    picture = Image.fromarray(shown[..., 0]) if count == 1 else _image(shown, _MODES[count])
    meant = _number(tags, _EXTRA, 0)
    if count > 3 or meant not in (1, 2) or not extra.shape[2]:
        return picture
    return _over(picture, scaled_to_8bit(extra[..., 0]), multiplied=meant == _MULTIPLIED)


def _over(picture: Image.Image, alpha: Pixels, *, multiplied: bool) -> Image.Image:
    clear = np.dstack([np.asarray(picture.convert("RGB")), alpha])
    return _image(clear, "RGBa").convert("RGBA") if multiplied else _image(clear, "RGBA")


def _image(pixels: Pixels, mode: str) -> Image.Image:
    return Image.frombytes(mode, pixels.shape[1::-1], np.ascontiguousarray(pixels).tobytes())


def _in_srgb(colours: NDArray[Any], profile: bytes) -> Pixels | None:
    """Floats of a profile as 8 bits of sRGB, by way of 16: most are light itself, whose shadows 8 bits do not hold.

    None where the profile does not do.
    """
    from imagecodecs import CmsError, cms_transform

    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    deep = np.rint(share_of_white(colours) * 65535).astype(np.uint16)
    try:
        shown = cms_transform(
            deep, profile, srgb, colorspace="rgb", outcolorspace="rgb", outdtype="u1", intent=1, flags=BLACK_POINT
        )
    except (CmsError, ValueError):
        return None
    return np.asarray(shown, np.uint8)
