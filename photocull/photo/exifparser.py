"""exifread's parser within bounds: broken, huge or circular directories cost nothing but themselves."""

import io
import struct
from contextlib import suppress
from typing import Any, BinaryIO, Final, cast

from exifread.core.exif_header import ExifHeader
from exifread.utils import Ratio

_MOST_READS: Final = 50_000
_MOST_BYTES: Final = 4 << 20
_MOST_BEYOND: Final = 5000
"""Reads behind the end of the file: room for some broken tags, not for a directory of them."""
_MOST_ENTRIES: Final = 1000
_MOST_OF_A_FIELD: Final = 1 << 14
_ENDIANS: Final = {b"II": "I", b"MM": "M"}
_FORMATS: Final = {1: "B", 3: "H", 4: "I", 5: "II", 6: "b", 7: "B", 8: "h", 9: "i", 10: "ii", 11: "f", 12: "d", 13: "I"}

Place = tuple[int, int]
"""Offset from the TIFF header and length, bytes."""


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


class Parser(ExifHeader):
    """exifread's parser, in which a broken tag costs itself alone instead of all that follow.

    Attributes:
        offset: where the TIFF header lies that offsets count from. endian: "I" or "M".
        only: the tags to read, each in one piece; all are read where it is empty.
    """

    only: frozenset[int] = frozenset()

    def block(self, place: Place) -> bytes:
        """Up to 64 KiB at a place."""
        start, length = place
        self.file_handle.seek(self.offset + start)
        return bytes(self.file_handle.read(length))

    def place_of(self, directory: int, tag: int) -> Place | None:
        """Where the bytes of a directory's tag lie, without reading them; None where there is no such tag."""
        for i in range(min(self.s2n(directory, 2), _MOST_ENTRIES)):
            entry = directory + 2 + 12 * i
            if self.s2n(entry, 2) == tag:
                length = self.s2n(entry + 4, 4) * struct.calcsize(f"={_FORMATS.get(self.s2n(entry + 2, 2), 'B')}")
                return (entry + 8 if length <= 4 else self.s2n(entry + 8, 4), length)
        return None

    def _process_tag(self, *entry: Any) -> None:
        if self.only and entry[4] not in self.only:
            return
        # Hostile bytes make it raise nearly anything: struct.error, OverflowError, IndexError, AttributeError ...
        with suppress(Exception):
            super()._process_tag(*entry)

    def _process_field(self, tag_name: str, count: int, field_type: int, type_length: int, offset: int) -> list[Any]:
        if not self.only:
            return list(super()._process_field(tag_name, count, field_type, type_length, offset))
        # exifread reads value by value, and long fields not at all.
        data = self.block((offset, min(count * type_length, _MOST_OF_A_FIELD)))
        order = "<" if self.endian == "I" else ">"
        values = struct.iter_unpack(order + _FORMATS[field_type], data[: len(data) - len(data) % type_length])
        return [Ratio(*value) if len(value) > 1 else value[0] for value in values]


def parser_of(metadata: bytes | BinaryIO) -> Parser | None:
    """A parser of an EXIF block or a TIFF-like file; None for what does not begin like one."""
    file = io.BytesIO(metadata.removeprefix(b"Exif\x00\x00")) if isinstance(metadata, bytes) else metadata
    file.seek(0)
    start = file.read(8)
    if len(start) < 8 or start[:2] not in _ENDIANS:
        return None
    return Parser(cast(BinaryIO, _Bounded(file)), _ENDIANS[start[:2]], 0, 0, False, detailed=False)
