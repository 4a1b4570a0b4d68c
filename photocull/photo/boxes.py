"""Boxes, in which HEIF, JPEG XL and CR3 files keep everything (ISO/IEC 14496-12, 4.2)."""

from collections.abc import Iterator
from typing import Final

_MOST_BOXES: Final = 10_000


def boxes_in(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Type and content of each box, one after the other; one that claims more than there is ends with the data."""
    position, count = 0, 0
    while position + 8 <= len(data) and count < _MOST_BOXES:
        size, header = int.from_bytes(data[position : position + 4]), 8
        if size == 1:
            size, header = int.from_bytes(data[position + 8 : position + 16]), 16
        end = len(data) if size == 0 else position + size
        if end < position + header:
            return
        yield data[position + 4 : position + 8], data[position + header : end]
        position, count = end, count + 1
