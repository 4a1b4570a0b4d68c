"""EXIF directories to tags by exifread, within bounds: broken, huge or circular ones cost nothing but themselves."""

import io
import math
from collections.abc import Mapping
from contextlib import suppress
from fractions import Fraction
from typing import Any, BinaryIO, Final, cast

from exifread.core.exif_header import ExifHeader

from photocull.photo.quiet import quiet

_MOST_READS: Final = 50_000
_MOST_BYTES: Final = 4 << 20
_MOST_BEYOND: Final = 5000
"""Reads behind the end of the file: room for some broken tags, not for a directory of them."""
_TEXT_LIMIT: Final = 120
_ENDIANS: Final = {b"II": "I", b"MM": "M"}

Tags = Mapping[str, Any]
"""exifread's names ("EXIF FNumber") to its values."""


class _Bounded:
    """The part of a file that exifread uses; ends a parse which reads more than any honest one; long values are cut."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._reads = 0
        self._bytes = 0
        self._beyond = 0

    def seek(self, position: int) -> None:
        self._file.seek(position)

    def read(self, count: int) -> bytes:
        data = self._file.read(min(count, 1 << 16))
        self._reads += 1
        self._bytes += len(data)
        self._beyond += not data
        if self._reads > _MOST_READS or self._bytes > _MOST_BYTES or self._beyond > _MOST_BEYOND:
            raise ValueError("the metadata lead in circles or away")
        return data


class _Header(ExifHeader):
    """exifread's parser, in which a broken tag costs itself alone instead of all that follow."""

    def _process_tag(self, *entry: Any) -> None:
        # Hostile bytes make it raise nearly anything: struct.error, OverflowError, IndexError, AttributeError ...
        with suppress(Exception):
            super()._process_tag(*entry)


def tags_of(metadata: bytes | BinaryIO | None) -> Tags:
    """The tags of the main and the EXIF directory of an EXIF block or a TIFF-like file; never raises for its content.

    What was read before a fault is kept; maker notes and thumbnails are left out.
    """
    if not metadata:
        return {}
    file = io.BytesIO(metadata.removeprefix(b"Exif\x00\x00")) if isinstance(metadata, bytes) else metadata
    file.seek(0)
    start = file.read(8)
    if len(start) < 8 or start[:2] not in _ENDIANS:
        return {}
    header = _Header(cast(BinaryIO, _Bounded(file)), _ENDIANS[start[:2]], 0, 0, False, detailed=False)
    with quiet(), suppress(Exception):
        header.dump_ifd(header.s2n(4, 4), "Image")
    with quiet(), suppress(Exception):
        header.dump_ifd(header.tags["Image ExifOffset"].values[0], "EXIF")
    tags: Tags = header.tags
    return tags


def _values(tags: Tags, name: str) -> list[Any]:
    values = getattr(tags.get(name), "values", None)
    return values if isinstance(values, list) else []


def text(tags: Tags, name: str) -> str | None:
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
    return [_number(value) for value in _values(tags, name)]


def within(tags: Tags, name: str, most: float) -> float | None:
    number = next(iter(numbers(tags, name)), None)
    return number if number is not None and 0 < number <= most else None
