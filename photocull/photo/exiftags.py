"""EXIF directories to tags, maker's notes included, and tags to plain values; never raises for what a file holds."""

import math
from collections.abc import Mapping
from contextlib import suppress
from fractions import Fraction
from typing import Any, BinaryIO, Final

from exifread.tags.exif import GPS_TAGS

from photocull.photo import cr3
from photocull.photo.exifparser import Parser, parser_of
from photocull.photo.makernotes import CANON, read_directory, read_notes
from photocull.photo.quiet import quiet

_TEXT_LIMIT: Final = 120
_NOTES: Final = 0x927C
_XMP: Final = 0x02BC
XMP: Final = "Image XMLPacket"
"""The name under which a TIFF-like file's XMP is kept, as bytes."""

Tags = Mapping[str, Any]
"""exifread's names ("EXIF FNumber") to its values."""


def tags_of(metadata: bytes | BinaryIO | None) -> Tags:
    """The tags of the main, EXIF, GPS and maker's directories of an EXIF block or a TIFF-like file or CR3.

    Never raises for its content: what was read before a fault is kept; thumbnails are left out.
    """
    if not metadata:
        return {}
    if not isinstance(metadata, bytes) and _is_cr3(metadata):
        return _of_cr3(cr3.read_blocks(metadata))
    parser = parser_of(metadata)
    if parser is None:
        return {}
    with quiet(), suppress(Exception):
        parser.dump_ifd(parser.s2n(4, 4), "Image")
    with quiet(), suppress(Exception):
        parser.dump_ifd(parser.tags["Image ExifOffset"].values[0], "EXIF")
    if not isinstance(metadata, bytes):
        with suppress(Exception):
            _keep_xmp(parser)
    with quiet(), suppress(Exception):
        _add_notes(parser)
    tags: Tags = parser.tags
    return tags


def _is_cr3(file: BinaryIO) -> bool:
    file.seek(0)
    return cr3.is_cr3(file.read(16))


def _keep_xmp(parser: Parser) -> None:
    place = parser.place_of(parser.s2n(4, 4), _XMP)
    if place is not None:
        parser.tags[XMP] = parser.block(place)


def _add_notes(parser: Parser) -> None:
    place = parser.place_of(parser.tags["Image ExifOffset"].values[0], _NOTES)
    if place is not None:
        read_notes(parser, place, text(parser.tags, "Image Make") or "")


def _of_cr3(blocks: cr3.Blocks) -> Tags:
    tags: dict[str, Any] = {XMP: blocks.xmp} if blocks.xmp else {}
    for name, block in blocks.directories.items():
        parser = parser_of(block)
        if parser is None:
            continue
        with quiet(), suppress(Exception):
            first = parser.s2n(4, 4)
            if name == "MakerNote":
                read_directory(parser, name, first, CANON)
            else:
                parser.dump_ifd(first, name, tag_dict=GPS_TAGS if name == "GPS" else None)
        tags |= parser.tags
    return tags


def _values(tags: Tags, name: str) -> list[Any]:
    values = getattr(tags.get(name), "values", None)
    return values if isinstance(values, list) else []


def text(tags: Tags, name: str) -> str | None:
    """A tag's text on one line, None for none."""
    values = getattr(tags.get(name), "values", None)
    if isinstance(values, bytes):
        values = values.decode("latin-1")
    if not isinstance(values, str):
        return None
    text = " ".join("".join(c if c.isprintable() else " " for c in values[:1000]).split())
    return text[:_TEXT_LIMIT] or None


def _number(value: object) -> float | None:
    """A tag's value as a finite number; exifread gives integers, ratios (0 below the line included) and 1-tuples."""
    if isinstance(value, tuple):
        value = value[0] if value else None
    if not isinstance(value, int | float | Fraction):
        return None
    with suppress(ArithmeticError):
        number = float(value)
        return number if math.isfinite(number) else None
    return None


def numbers(tags: Tags, name: str) -> list[float | None]:
    """A tag's numbers; None for each that is none."""
    return [_number(value) for value in _values(tags, name)]


def whole(tags: Tags, name: str) -> list[int]:
    """A tag's whole numbers; empty where it has others."""
    values = _values(tags, name)
    return values if all(isinstance(value, int) for value in values) else []


def signed(values: list[int]) -> list[int]:
    """Numbers of 16 bits as they are meant where the file has them without a sign."""
    return [value - 65536 if value > 32767 else value for value in values]


def first(tags: Tags, name: str) -> int | None:
    """A tag's first whole number."""
    return next(iter(whole(tags, name)), None)


def within(tags: Tags, name: str, most: float) -> float | None:
    """A tag's first number if it is above 0 and not above ``most``."""
    number = next(iter(numbers(tags, name)), None)
    return number if number is not None and 0 < number <= most else None
