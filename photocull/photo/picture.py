"""One picture file of any format but RAW: header first, pixels when asked for, what is left of a cut-off file."""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Final

import numpy as np
from PIL import (
    GifImagePlugin,
    Image,
    ImageFile,
    JpegImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
)

from photocull.core.errors import PhotocullError, UnreadablePhotoError
from photocull.core.types import Exif
from photocull.photo import jpeg
from photocull.photo.avif import open_avif
from photocull.photo.cutoff import ends_early
from photocull.photo.facts import exif_of
from photocull.photo.formats import Kind, stated_size
from photocull.photo.heif import open_heif
from photocull.photo.jp2 import open_jp2
from photocull.photo.jxl.image import JpegXlFile
from photocull.photo.orientation import sane, shown_size
from photocull.photo.profile import BACKDROP, to_8bit
from photocull.photo.quiet import quiet
from photocull.photo.source import CUT_OFF, CUT_SHORT, NOTHING_LEFT, PULSE, WHOLE_LIMIT, Source, is_passing
from photocull.photo.tiff import is_dng, open_tiff
from photocull.photo.webp import open_webp

MOST_PIXELS: Final = 250_000_000
_TURNED: Final[tuple[Kind, ...]] = ("heif", "tiff", "jxl")
"""Formats that come upright: libheif and libjxl turn theirs; Pillow turns TIFF and states its size so at once."""
_LEAST_SHOWN: Final = 0.1
"""Share of a cut-off picture's rows that must be there to show it."""


# The plug-ins' own classes rather than `Image.open`: its guard against large pictures is a global number below
# what medium-format cameras write, and it would try forty formats that nobody photographs in.
_READERS: Final[dict[Kind, Callable[[BinaryIO], Image.Image]]] = {
    "jpeg": JpegImagePlugin.JpegImageFile,
    "png": PngImagePlugin.PngImageFile,
    "gif": GifImagePlugin.GifImageFile,
    "tiff": open_tiff,
    "webp": open_webp,
    "avif": open_avif,
    "jpeg2000": open_jp2,
    "heif": open_heif,
    "jxl": JpegXlFile,
}


@dataclass(slots=True)
class Picture:
    """A picture whose header is read.

    Attributes:
        path: for errors. kind: its format. image: header only until `load`.
        data: the JPEG's bytes, so that it can be decoded at another scale; None for other formats.
        width, height: as shown, at full size. orientation: 1..8, still to be applied.
        icc: the colour profile. exif: camera facts.
        native: whether its own pixels are the photo's own (not those of a reduced preview).
        coding: of a JPEG. cut_off: its file ends before its structure does. notes: remarks for the list of problems.
    """

    path: Path
    kind: Kind
    image: Image.Image
    data: bytes | None
    width: int
    height: int
    orientation: int
    icc: bytes | None
    exif: Exif
    native: bool = True
    coding: jpeg.Coding | None = None
    cut_off: bool = False
    notes: list[str] = field(default_factory=list)


def open_picture(source: Source) -> Picture:
    """Read the header of a file that is no RAW.

    Raises:
        UnreadablePhotoError: too many pixels, or a format without decoder. Others: see `source.failures_of`.
    """
    if source.kind == "jpeg":
        return open_jpeg(source.data(), source.path)
    if (size := stated_size(source.head, source.kind)) is not None:
        _check_size(*size, source.path)
    file = source.file if source.kind == "tiff" and not _read_ahead(source) else io.BytesIO(source.data())
    file.seek(0)
    cut_off = source.kind != "tiff" and ends_early(source.data(), source.kind)
    with quiet(), _named(source.path, cut_off=cut_off):
        image = _READERS[source.kind](file)
    _check_size(*image.size, source.path)
    metadata = source.file if source.kind == "tiff" else image.info.get("exif")
    picture = _picture(source.path, source.kind, image, None, _exif(image, source.kind, metadata))
    picture.cut_off = cut_off
    return picture


@contextmanager
def _named(path: Path, *, cut_off: bool) -> Iterator[None]:
    """A file that fails and ends too early is cut off, not damaged."""
    try:
        yield
    except PhotocullError:
        raise
    except Exception as error:
        if not cut_off or is_passing(error):
            raise
        raise UnreadablePhotoError(CUT_SHORT, path=path) from error


def _read_ahead(source: Source) -> bool:
    """Whether a TIFF, too, is to lie in memory before it is decoded: libtiff would read it where nobody hears of it."""
    return PULSE.get() is not None and source.size <= WHOLE_LIMIT


def is_raw_inside(picture: Picture) -> bool:
    """Whether a TIFF is in truth a DNG under another name."""
    return is_dng(picture.image)


def open_jpeg(data: bytes, path: Path) -> Picture:
    """Read the header of a JPEG that is in memory, a RAW's preview for one.

    Raises:
        UnreadablePhotoError: cut off before the picture, or too many pixels or scans.
    """
    frame = jpeg.frame_of(data)
    if frame is None or not jpeg.has_scan(data):
        raise UnreadablePhotoError(NOTHING_LEFT, path=path)
    _check_size(frame.width, frame.height, path)
    if frame.coding == "progressive" and jpeg.too_many_scans(data):
        raise UnreadablePhotoError("The file is built to take very long to decode; it was left alone.", path=path)
    image = _reopened(data)
    picture = _picture(path, "jpeg", image, data, _exif(image, "jpeg", image.info.get("exif")))
    picture.coding = frame.coding
    return picture


def _exif(image: Image.Image, kind: Kind, metadata: bytes | BinaryIO | None) -> Exif:
    """The facts in a file's EXIF and XMP; who turned the picture knows how, of others EXIF says it."""
    xmp = image.info.get("xmp")
    packet = xmp if isinstance(xmp, bytes | str) else None
    turned = image.info.get("orientation") if kind in ("heif", "jxl") else None
    return exif_of(metadata, packet, size=image.size, upright=kind in _TURNED, orientation=turned)


def _picture(path: Path, kind: Kind, image: Image.Image, data: bytes | None, exif: Exif) -> Picture:
    orientation = 1 if kind in _TURNED else sane(exif.orientation)
    width, height = shown_size(image.size, orientation)
    return Picture(path, kind, image, data, width, height, orientation, _profile_of(image), exif)


def _profile_of(image: Image.Image) -> bytes | None:
    icc = image.info.get("icc_profile")
    return icc if isinstance(icc, bytes) else None


def _check_size(width: int, height: int, path: Path) -> None:
    if width * height > MOST_PIXELS:
        raise too_large(width, height, path)


def too_large(width: int, height: int, path: Path) -> UnreadablePhotoError:
    """The error for a picture that would take more memory than any photo should."""
    sentence = f"The picture has {width * height / 1e6:,.0f} megapixels; more than 250 are not opened."
    return UnreadablePhotoError(sentence, path=path)


def _reopened(data: bytes) -> JpegImagePlugin.JpegImageFile:
    with quiet():
        image = JpegImagePlugin.JpegImageFile(io.BytesIO(data))
    # In one piece: by default Pillow comes back to Python, and to its lock, for every 64 KiB.
    image.decodermaxblock = len(data) + 2
    return image


def load(picture: Picture, *, size: tuple[int, int] | None = None) -> Image.Image:
    """The pixels as stored, 8-bit L, RGB, CMYK or LAB; of a JPEG as often as wanted, of other formats once.

    Args:
        size: a JPEG may come smaller, by 1/2, 1/4 or 1/8, but not below this (as stored).

    Raises:
        UnreadablePhotoError: less than a tenth of a cut-off picture is there.
    """
    with quiet():
        image = picture.image
        if picture.data is not None:
            image = _load_jpeg(picture, picture.data, size)
        else:
            with _named(picture.path, cut_off=picture.cut_off):
                _load_other(picture)
            image = picture.image
        return to_8bit(image, _stated_bits(image))


def _stated_bits(image: Image.Image) -> int:
    tags = image.tag_v2.get(258) if isinstance(image, TiffImagePlugin.TiffImageFile) else None
    return int(tags[0]) if isinstance(tags, tuple) and tags else 0


def _load_jpeg(picture: Picture, data: bytes, size: tuple[int, int] | None) -> Image.Image:
    if picture.coding == "lossless":
        size = None  # libjpeg cannot scale it
    sound = jpeg.lost_tail(data)
    image = _drafted(data if sound is None else sound + b"\xff\xd9", size)
    try:
        image.load()
    except OSError:
        sound = data
        # libjpeg fills what is missing with mid-grey when it meets an end mark.
        image = _drafted(data + b"\xff\xd9", size)
        image.load()
    if sound is not None:
        _note_cut(picture, image)
    return image


def _drafted(data: bytes, size: tuple[int, int] | None) -> JpegImagePlugin.JpegImageFile:
    image = _reopened(data)
    if size is not None:
        image.draft(None, size)
    return image


def _load_other(picture: Picture) -> None:
    image = picture.image
    try:
        image.load()
    except (OSError, EOFError):
        if not isinstance(image, ImageFile.ImageFile) or not image.tile or picture.kind not in ("png", "gif", "tiff"):
            raise
        image.tile = []  # Pillow keeps the rows that it has; without open tiles it lets them be used
        image.load()
        _note_cut(picture, image)
    if picture.kind == "heif" and isinstance(image, ImageFile.ImageFile) and getattr(image, "is_animated", False):
        # One of many would be copied from the library anew by whoever touches it.
        picture.image = image = image.copy()
    for box in image.info.get("missing", ()):
        image.paste(BACKDROP[: len(image.getbands())], box)
    if picture.cut_off or (isinstance(image, JpegXlFile) and image.cut_off):
        _note_cut(picture, image)
    if picture.kind == "png":
        # A PNG may carry its EXIF behind the pixels.
        picture.exif = _exif(image, "png", image.info.get("exif"))
        picture.orientation = sane(picture.exif.orientation)
    if picture.kind == "tiff":
        picture.icc = _profile_of(image)  # floats come in sRGB
        picture.orientation = sane(image.getexif().get(0x0112))
    if picture.kind in ("png", "tiff", "heif"):
        picture.width, picture.height = shown_size(image.size, picture.orientation)


def _note_cut(picture: Picture, image: Image.Image) -> None:
    if _shown_share(image) < _LEAST_SHOWN:
        raise UnreadablePhotoError(NOTHING_LEFT, path=picture.path)
    if CUT_OFF not in picture.notes:
        picture.notes.append(CUT_OFF)


def _shown_share(image: Image.Image) -> float:
    """Share of rows above the even filling at the lower end."""
    small = np.asarray(image.convert("RGB").resize((64, min(512, image.height)), Image.Resampling.BOX))
    # Decoders pad blocks, so a row counts as filling if it is the same all along within rounding.
    even = (np.ptp(small.astype(np.int16), axis=1) <= 2).all(axis=1)
    rows = np.flatnonzero(~even)
    return 0.0 if rows.size == 0 else float(rows[-1] + 1) / len(even)
