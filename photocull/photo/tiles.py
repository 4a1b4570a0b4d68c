"""Which pieces of a HEIF's main picture lie behind the end of a file that was cut off: libheif paints them green.

Format: ISO/IEC 14496-12, 8.11.3 (iloc), ISO/IEC 23008-12, 6.6.2.3.2 (grid).
"""

from dataclasses import dataclass
from typing import Final

from photocull.photo.items import index_of, part_properties, parts_of
from photocull.photo.orientation import Box

_MOST_PIECES: Final = 10_000
_IN_FILE: Final = 0
_IN_INDEX: Final = 1
_Extents = tuple[int, list[tuple[int, int]]]
"""How an item's content is found, and offsets and lengths of its parts."""


@dataclass(slots=True)
class _Numbers:
    """Reads big-endian numbers one behind the other; behind the end there are zeros."""

    data: bytes
    position: int = 0

    def next(self, size: int) -> int:
        start, self.position = self.position, self.position + size
        return int.from_bytes(self.data[start : self.position])


@dataclass(frozen=True, slots=True)
class Missing:
    """What a cut-off file does not hold.

    Attributes:
        boxes: where its main picture is missing, as stored; None where that is not known.
        bytes: how many the items should have behind the end.
    """

    boxes: tuple[Box, ...] | None
    bytes: int


def missing_of(data: bytes) -> Missing | None:
    """What of its items a file does not hold; None where all are there. Never raises."""
    inside = index_of(data)
    main = int.from_bytes(inside.get(b"pitm", b"")[4:8])
    places = places_of(inside.get(b"iloc", b""))
    lacking = max(map(_ends, places.values()), default=0) - len(data)
    if lacking <= 0:
        return None
    parts = parts_of(main, inside)
    gone = [number for number, item in enumerate(parts or [main]) if _ends(places.get(item)) > len(data)]
    if not gone:
        return Missing((), lacking)
    tile = next((content for kind, content in part_properties(data) if kind == b"ispe"), b"")
    return Missing(_boxes(gone, len(parts), _content(places.get(main), data, inside), tile), lacking)


def _ends(extents: _Extents | None) -> int:
    """Where an item's last byte lies in the file; 0 where it lies elsewhere."""
    if extents is None or extents[0] != _IN_FILE:
        return 0
    return max((offset + length for offset, length in extents[1]), default=0)


def _content(extents: _Extents | None, data: bytes, inside: dict[bytes, bytes]) -> bytes:
    if extents is None or extents[0] not in (_IN_FILE, _IN_INDEX):
        return b""
    source = data if extents[0] == _IN_FILE else inside.get(b"idat", b"")
    return b"".join(source[offset : offset + min(length, 16)] for offset, length in extents[1][:1])


def _boxes(gone: list[int], count: int, grid: bytes, tile: bytes) -> tuple[Box, ...] | None:
    """The rectangles of these tiles, which lie row by row; None for what is no grid.

    Args:
        grid: content of the item that puts them together. tile: of its size.
    """
    numbers = _Numbers(grid, 1)
    wide = 4 if numbers.next(1) & 1 else 2
    rows, columns = numbers.next(1) + 1, numbers.next(1) + 1
    width, height = numbers.next(wide), numbers.next(wide)
    across, down = int.from_bytes(tile[4:8]), int.from_bytes(tile[8:12])
    if rows * columns != count or not (width and height and across and down):
        return None
    places = [divmod(number, columns) for number in gone]
    return tuple((x * across, y * down, min(width, (x + 1) * across), min(height, (y + 1) * down)) for y, x in places)


def places_of(table: bytes) -> dict[int, _Extents]:
    """Where the content of each item lies."""
    version = table[0] if table else 0
    sizes = table[4:6].ljust(2, b"\0")
    offset_size, length_size, base_size = sizes[0] >> 4, sizes[0] & 15, sizes[1] >> 4
    index_size = sizes[1] & 15 if version in (1, 2) else 0
    numbers = _Numbers(table, 6)
    found: dict[int, _Extents] = {}
    wide = 4 if version == 2 else 2
    left = _MOST_PIECES
    for _ in range(min(numbers.next(wide), left)):
        item = numbers.next(wide)
        method = numbers.next(2) & 15 if version in (1, 2) else _IN_FILE
        numbers.next(2)
        base, count = numbers.next(base_size), numbers.next(2)
        if numbers.position > len(table) or count > left:
            break
        left -= count
        extents = []
        for _ in range(count):
            numbers.next(index_size)
            offset = base + numbers.next(offset_size)
            extents.append((offset, numbers.next(length_size)))
        found[item] = (method, extents)
    return found
