"""What a converted picture says beside its pixels: all that its original said, only what harms nobody, or nothing.

"Private" is made anew from a list of what may be told, so that what nobody thought of is gone as well: place, serial
numbers, names of people, notes of the camera's maker and of other programs.
"""

import re
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any, Final, Literal

from PIL import ExifTags, Image

from photocull.core.errors import UnreadablePhotoError
from photocull.core.types import Exif, GpsPosition
from photocull.photo.exif import read_exif
from photocull.photo.guard import guarded
from photocull.photo.source import open_source
from photocull.photo.view import open_view

Metadata = Literal["keep", "private", "strip"]

_MOST: Final = 65_000
"""Bytes of one segment of a JPEG."""
_CARRIED: Final = ("jpeg", "png", "webp")
"""Formats whose own EXIF is carried over whole; of others the camera facts are."""
_KEPT_BASE: Final = frozenset((270, 271, 272, 305, 306, 315, 316, 18246, 18249, 33432)) | frozenset(
    range(0x9C9B, 0x9CA0)
)
"""Tags of the first directory that speak of the photo rather than of how a file holds it (EXIF 2.32, TIFF 6.0)."""
_DROPPED: Final = frozenset((40961, 40962, 40963, 40965))
"""Of the second: what is written anew."""
_BASE, _GPS, _MAKER_NOTE, _IPTC_BLOCK = 0x8769, 0x8825, 37500, 0x0404
_TURNED: Final = re.compile(rb"""(tiff:Orientation(?:\s*=\s*["']|>))[1-8]""")


@dataclass(frozen=True, slots=True)
class Written:
    """The segments of a JPEG beside its pixels: EXIF and XMP as they are, IPTC as a whole segment; empty where none."""

    exif: bytes = b""
    xmp: bytes = b""
    iptc: bytes = b""


class _Text(str):
    """Text that goes into EXIF in these very bytes; Pillow alone would write ``?`` for all that is not ASCII."""

    coding: str

    def encode(self, encoding: str = "", errors: str = "strict") -> bytes:
        """The bytes, whatever coding Pillow asks for."""
        return super().encode(self.coding)


def metadata_of(path: Path, size: tuple[int, int], wish: Metadata) -> Written:
    """What is to be written with an upright picture of this size in sRGB.

    Raises:
        UnreadablePhotoError: the photo cannot be opened.
    """
    if wish == "strip":
        return Written()
    facts = read_exif(path)
    if wish == "private":
        return Written(_encoded(_of_facts(replace(facts, gps=None)), size))
    carried = None if guarded(path) else _carried(path)
    if carried is None:
        return Written(_encoded(_of_facts(facts), size))
    tags, xmp, iptc = carried
    return Written(_encoded(tags or _of_facts(facts), size), xmp, iptc)


def _carried(path: Path) -> tuple[dict[int, Any], bytes, bytes] | None:
    with open_source(path) as source:
        if source.kind not in _CARRIED:
            return None
        picture = open_view(source)
        if picture.kind not in _CARRIED:
            return None
        found = picture.image.getexif()
        # Pillow reads a byte a character, so that this gives back whatever coding the bytes were in.
        tags: dict[int, Any] = {tag: _in(value, "latin-1") for tag, value in found.items() if tag in _KEPT_BASE}
        for directory in (_BASE, _GPS):
            own = found.get_ifd(directory)
            inner = {tag: _in(value, "latin-1") for tag, value in own.items() if tag not in _DROPPED}
            if inner:
                tags[directory] = inner
        return tags, _xmp(picture.image.info.get("xmp")), _iptc(picture.image.info.get("photoshop"))


def _xmp(packet: object) -> bytes:
    data = packet.encode() if isinstance(packet, str) else packet if isinstance(packet, bytes) else b""
    # The picture is turned already; a program that believes this would turn it once more.
    return _TURNED.sub(rb"\g<1>1", data) if len(data) < _MOST else b""


def _iptc(blocks: object) -> bytes:
    """The caption, credit and keywords of the press, as the segment that other programs look for."""
    data = blocks.get(_IPTC_BLOCK) if isinstance(blocks, dict) else None
    if not isinstance(data, bytes) or not data or len(data) > _MOST:
        return b""
    block = b"8BIM\x04\x04\x00\x00" + len(data).to_bytes(4) + data + b"\0" * (len(data) % 2)
    content = b"Photoshop 3.0\0" + block
    return b"\xff\xed" + (len(content) + 2).to_bytes(2) + content


def _of_facts(facts: Exif) -> dict[int, Any]:
    """EXIF from camera facts alone; what is not known is left out."""
    tag = ExifTags.Base
    base: dict[int, Any] = {tag.Model: facts.camera}
    inner: dict[int, Any] = {
        tag.ExposureTime: facts.exposure_time,
        tag.FNumber: facts.f_number,
        tag.ISOSpeedRatings: facts.iso,
        tag.FocalLength: facts.focal_length,
        tag.FocalLengthIn35mmFilm: None if facts.focal_length_35mm is None else round(facts.focal_length_35mm),
        tag.ExposureBiasValue: facts.exposure_bias,
        tag.LensModel: facts.lens,
        tag.Flash: None if facts.flash is None else int(facts.flash),
    }
    if facts.taken is not None:
        base[tag.DateTime] = inner[tag.DateTimeOriginal] = facts.taken.strftime("%Y:%m:%d %H:%M:%S")
        zone = facts.taken.strftime("%z")
        inner[tag.OffsetTimeOriginal] = f"{zone[:3]}:{zone[3:5]}" if zone else None
    base[_BASE] = {number: _in(value, "utf-8") for number, value in inner.items() if value is not None}
    if facts.gps is not None:
        base[_GPS] = _position(facts.gps)
    return {number: _in(value, "utf-8") for number, value in base.items() if value not in (None, {})}


def _in(value: Any, coding: str) -> Any:
    if not isinstance(value, str) or value.isascii():
        return value
    text = _Text(value)
    text.coding = coding
    return text


def _position(gps: GpsPosition) -> dict[int, Any]:
    tag = ExifTags.GPS
    found: dict[int, Any] = {
        tag.GPSLatitudeRef: "N" if gps.latitude >= 0 else "S",
        tag.GPSLatitude: _degrees(gps.latitude),
        tag.GPSLongitudeRef: "E" if gps.longitude >= 0 else "W",
        tag.GPSLongitude: _degrees(gps.longitude),
    }
    if gps.altitude is not None:
        found |= {tag.GPSAltitudeRef: b"\1" if gps.altitude < 0 else b"\0", tag.GPSAltitude: abs(gps.altitude)}
    return found


def _degrees(value: float) -> tuple[Fraction, Fraction, Fraction]:
    minutes, seconds = divmod(round(abs(value) * 3_600_000), 60_000)
    return Fraction(minutes // 60), Fraction(minutes % 60), Fraction(seconds, 1000)


def _encoded(tags: dict[int, Any], size: tuple[int, int]) -> bytes:
    """EXIF as a segment holds it; where it is too long, without the maker's notes, at last with the size alone."""
    own = {ExifTags.Base.ColorSpace: 1, ExifTags.Base.ExifImageWidth: size[0], ExifTags.Base.ExifImageHeight: size[1]}
    inner = dict(tags.get(_BASE, {}))
    slim = {tag: value for tag, value in inner.items() if tag != _MAKER_NOTE}
    for base, second in ((tags, inner), (tags, slim), ({}, {})):
        made = Image.Exif()
        for tag, value in base.items():
            made[tag] = value
        made[ExifTags.Base.Orientation] = 1
        made[_BASE] = {**second, **own}
        try:
            data = made.tobytes()
        except (ValueError, TypeError, OverflowError, ZeroDivisionError, KeyError, AttributeError):
            continue  # values that their own file holds in a form that cannot be written again
        if len(data) < _MOST:
            return bytes(data)
    raise UnreadablePhotoError("Its metadata cannot be written.")
