"""RAW files: the largest preview inside, developed only where there is none; never a black picture of missing data."""

import io
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from PIL import Image

from photocull.core.errors import UnreadablePhotoError
from photocull.core.types import PREVIEW_SIDE, Exif
from photocull.photo import jpeg
from photocull.photo.facts import exif_of
from photocull.photo.orientation import sane, shown_size
from photocull.photo.picture import MOST_PIXELS, Picture, open_jpeg, too_large
from photocull.photo.source import CUT_OFF, Source
from photocull.photo.tifftree import data_end

if TYPE_CHECKING:
    import rawpy

_LEAST_FILE: Final = 64 * 1024
"""No sensor's data fit in less."""
_SLACK: Final = 1.01
"""Some makers round the sizes up that they promise."""
_GOOD_SIDE: Final = 1000
_POOR_SIDE: Final = 320
_ORIENTATION_OF_FLIP: Final = {0: 1, 1: 2, 2: 4, 3: 3, 4: 5, 5: 8, 6: 6, 7: 7}
"""LibRaw's turn (bits: mirror, mirror, transpose) to EXIF's."""
_CUT: Final = "The RAW file is cut off, and no preview is left in it; copy it again."
_UNKNOWN: Final = "This RAW file is damaged or of a camera that this version cannot read, and it holds no preview."
_SMALL: Final = "Only a small preview could be read from the RAW file."


def open_raw(source: Source, *, develop: bool = False) -> Picture:
    """The best picture that a RAW file gives: its own preview, else the developed sensor data.

    Crops at native resolution come from a preview only where it has the sensor's size; a smaller preview gives none
    (developing costs a second, and says less about focus than the camera's own sharpening).

    Args:
        develop: full-size pixels are wanted, so a preview that is smaller than the sensor's picture does not do.

    Raises:
        UnreadablePhotoError: neither preview nor sensor data can be used.
    """
    data = source.data()
    if len(data) < _LEAST_FILE or data_end(data) > len(data) * _SLACK:
        # LibRaw would fill what is missing with zeros or with whatever is in memory, and print on the terminal.
        return _preview_without_libraw(source, data, _CUT)
    import rawpy  # half a second of libraries that folders without RAW never need

    try:
        raw = rawpy.imread(io.BytesIO(data))
    except rawpy.LibRawError:
        return _preview_without_libraw(source, data, _UNKNOWN)
    with raw:
        return _read(raw, source, develop)


def _read(raw: "rawpy.RawPy", source: Source, develop: bool) -> Picture:
    sizes = raw.sizes
    if sizes.raw_width * sizes.raw_height > MOST_PIXELS:
        raise too_large(sizes.raw_width, sizes.raw_height, source.path)
    preview = _preview(raw, source.path)
    exif = _facts(source, preview, raw)
    full = shown_size((sizes.width, sizes.height), _ORIENTATION_OF_FLIP.get(sizes.flip, 1))
    if preview is not None:
        preview = _as_of_raw(preview, full, exif, sizes.flip)
    if preview is not None and _good(preview, full, develop):
        return preview
    return _developed(raw, source, exif, preview, whole=develop)


def _preview(raw: "rawpy.RawPy", path: Path) -> Picture | None:
    import rawpy

    try:
        thumbnail = raw.extract_thumb()
        if thumbnail.format == rawpy.ThumbFormat.JPEG and isinstance(thumbnail.data, bytes):
            return open_jpeg(thumbnail.data, path)
        if thumbnail.format == rawpy.ThumbFormat.BITMAP:
            image = Image.fromarray(np.ascontiguousarray(thumbnail.data))
            return Picture(path, "raw", image, None, image.width, image.height, 1, None, Exif())
    except (rawpy.LibRawError, rawpy.NotSupportedError, UnreadablePhotoError, SyntaxError, ValueError, OSError):
        pass
    return None


def _as_of_raw(preview: Picture, full: tuple[int, int], exif: Exif, flip: int) -> Picture:
    """The preview with the photo's own size and facts, and with the turn that it needs.

    A preview's own EXIF orientation holds; without one it lies as the sensor does, unless it has the shown shape.
    """
    orientation = _ORIENTATION_OF_FLIP.get(flip, 1)
    width, height = preview.image.size
    turned = (width > height) == (full[0] > full[1])
    if preview.exif.orientation is None and not (orientation >= 5 and turned):
        preview.orientation = orientation
    preview.native = max(width, height) >= 0.95 * max(full)
    if not preview.native:
        preview.width, preview.height = full
    else:
        preview.width, preview.height = shown_size((width, height), preview.orientation)
    preview.exif = exif
    return preview


def _good(preview: Picture, full: tuple[int, int], develop: bool) -> bool:
    side = max(preview.image.size)
    return preview.native if develop else side >= min(_GOOD_SIDE, 0.6 * max(full))


def _developed(raw: "rawpy.RawPy", source: Source, exif: Exif, preview: Picture | None, *, whole: bool) -> Picture:
    """Sensor data to a picture; the small preview where the data are missing or LibRaw fails.

    Raises:
        UnreadablePhotoError: there is no preview either.
    """
    import rawpy

    try:
        share = _share_of_data(raw)
        if share < 0.1:
            return _fallback(preview, source.path, _CUT)
        half = not whole and max(raw.sizes.width, raw.sizes.height) >= 2 * PREVIEW_SIDE
        pixels = raw.postprocess(use_camera_wb=True, half_size=half, gamma=(2.4, 12.92), auto_bright_thr=0.001)
    except (rawpy.LibRawError, rawpy.NotSupportedError):
        return _fallback(preview, source.path, _UNKNOWN)
    image = Image.fromarray(pixels)
    width, height = (image.width * 2, image.height * 2) if half else image.size
    notes = [CUT_OFF] if share < 0.995 else []
    return Picture(source.path, "raw", image, None, width, height, 1, None, exif, native=not half, notes=notes)


def _share_of_data(raw: "rawpy.RawPy") -> float:
    """Share of the sensor's rows above the empty ones at the lower end; LibRaw fills what is missing with zeros."""
    values = raw.raw_image_visible
    filled = np.flatnonzero(values.reshape(values.shape[0], -1).any(axis=1))
    return 0.0 if filled.size == 0 else float(filled[-1] + 1) / values.shape[0]


def _fallback(preview: Picture | None, path: Path, sentence: str) -> Picture:
    side = 0 if preview is None else max(preview.image.size)
    if preview is None or side < _POOR_SIDE:
        raise UnreadablePhotoError(sentence, path=path)
    if side < _GOOD_SIDE:
        preview.notes.append(_SMALL)
    return preview


def _preview_without_libraw(source: Source, data: bytes, sentence: str) -> Picture:
    """A new camera's RAW, or one that is cut off, may still hold a whole JPEG.

    Raises:
        UnreadablePhotoError: with this sentence, there is none of use.
    """
    found = jpeg.largest_inside(data)
    if found is None:
        raise UnreadablePhotoError(sentence, path=source.path)
    try:
        preview = open_jpeg(found, source.path)
        own = preview.exif.orientation
        preview.exif = _facts(source, preview, None)
        preview.orientation = sane(own or preview.exif.orientation)
        preview.width, preview.height = shown_size(preview.image.size, preview.orientation)
    except (UnreadablePhotoError, SyntaxError, OSError) as error:
        raise UnreadablePhotoError(sentence, path=source.path) from error
    preview.native = False
    return _fallback(preview, source.path, sentence)


def _facts(source: Source, preview: Picture | None, raw: "rawpy.RawPy | None") -> Exif:
    """The RAW's own EXIF, completed from its preview's and from what LibRaw read in the maker's format."""
    facts = [exif_of(source.file)] + ([] if preview is None else [preview.exif])
    if raw is not None:
        facts.append(_facts_of_libraw(raw))
    merged: dict[str, Any] = {}
    for exif in facts:
        for name in Exif.__slots__:
            merged[name] = getattr(exif, name) if merged.get(name) is None else merged[name]
    return Exif(**merged)


def _facts_of_libraw(raw: "rawpy.RawPy") -> Exif:
    other = raw.other
    taken = other.timestamp if other.timestamp.year > 1980 else None
    return replace(
        Exif(),
        taken=taken,
        lens=(raw.lens.model or "").strip() or None,
        exposure_time=other.shutter_speed if 0 < other.shutter_speed < 1e6 else None,
        f_number=other.aperture if 0 < other.aperture < 1e3 else None,
        iso=round(other.iso_speed) if 1 <= other.iso_speed < 1e7 else None,
        focal_length=other.focal_length if 0 < other.focal_length < 2e4 else None,
    )
