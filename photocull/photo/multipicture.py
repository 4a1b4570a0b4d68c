"""The smaller pictures that cameras append to a JPEG and list in it (CIPA DC-007, "Multi-Picture Format")."""

from collections.abc import Iterator
from typing import Final, Literal

_Order = Literal["little", "big"]
_MARK: Final = b"MPF\x00"
_APP2, _SCAN = 0xE2, 0xDA
_MOST_SEGMENTS: Final = 200
_MOST_ENTRIES: Final = 32
_ENTRIES_TAG: Final = 0xB002
_ENTRY_BYTES: Final = 16
_LARGE_THUMBNAIL: Final = 0x01
"""Upper byte of an entry's type; other pictures of a file are views of their own (panorama, stereo, gain map)."""


def large_thumbnails(data: bytes) -> Iterator[memoryview]:
    """The bytes of each large thumbnail of a JPEG, in the file's order; nothing in a broken index.

    Args:
        data: the whole file.
    """
    start = _index_start(data)
    if start is None or data[start : start + 4] not in (b"II*\x00", b"MM\x00*"):
        return
    order: _Order = "little" if data[start : start + 2] == b"II" else "big"
    whole = memoryview(data)
    for place in _entries(data, start, order):
        attribute, size, offset = (int.from_bytes(data[place + 4 * k : place + 4 * k + 4], order) for k in range(3))
        begin = start + offset
        if attribute >> 16 & 0xFF == _LARGE_THUMBNAIL and offset and data[begin : begin + 2] == b"\xff\xd8":
            yield whole[begin : begin + size]


def _index_start(data: bytes) -> int | None:
    """Where the index's TIFF header lies, from which its offsets count."""
    position = 2
    for _ in range(_MOST_SEGMENTS):
        if data[position : position + 1] != b"\xff" or len(data) < position + 8 or data[position + 1] == _SCAN:
            return None
        if data[position + 1] == _APP2 and data[position + 4 : position + 8] == _MARK:
            return position + 8
        position += 2 + max(2, int.from_bytes(data[position + 2 : position + 4]))
    return None


def _entries(data: bytes, start: int, order: _Order) -> Iterator[int]:
    """Where each entry of the list of pictures begins."""

    def number(place: int, count: int) -> int:
        return int.from_bytes(data[place : place + count], order)

    directory = start + number(start + 4, 4)
    for k in range(min(number(directory, 2), _MOST_ENTRIES)):
        tag = directory + 2 + 12 * k
        if number(tag, 2) == _ENTRIES_TAG:
            first, count = start + number(tag + 8, 4), number(tag + 4, 4) // _ENTRY_BYTES
            yield from (first + _ENTRY_BYTES * i for i in range(min(count, _MOST_ENTRIES)))
